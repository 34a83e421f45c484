// Importing the element on a server must do no harm.
import 'salesmirror';
import { load, type Assessment } from 'salesmirror/node';
import schema from 'salesmirror/schemas/assessment-4.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { text } from 'node:stream/consumers';

const mirror = await load();
const assessment: Assessment = await mirror.assess(await text(process.stdin));
const follows = new Ajv2020({ strictTypes: false }).compile(schema);
if (!follows(assessment)) throw new Error(`the assessment does not follow its schema: ${JSON.stringify(follows.errors)}`);
console.log(JSON.stringify({ assessment }));
