// Importing the element on a server must do no harm.
import 'salesmirror';
import { load, type Assessment } from 'salesmirror/node';
import { text } from 'node:stream/consumers';

const mirror = await load();
const assessment: Assessment = await mirror.assess(await text(process.stdin));
console.log(JSON.stringify({ assessment }));
