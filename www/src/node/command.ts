/** The command `salesmirror`: reads documents, assesses what they say, and prints levels with their evidence. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text as all } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { WORDS as FILES } from '../files/words';
import { readDocument } from '../files/documents';
import { isOpen, type Reading } from '../files/reading';
import { asTrouble, Trouble } from '../failure/trouble';
import '../failure/reading-words';
import { worded } from '../failure/words';
import { colon, type Code } from '../languages/text';
import { load, type Mirror } from './index';
import { written } from './written';
import { WORDS } from './words';

/** What the command ends with. */
const STATUS = { done: 0, failed: 1, usage: 2 };

const OPTIONS = {
  json: { type: 'boolean' },
  model: { type: 'string' },
  lang: { type: 'string', default: 'en' },
  account: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Arguments {
  readonly lang: Code;
  readonly files: readonly string[];
  readonly json?: boolean | undefined;
  readonly model?: string | undefined;
  readonly account?: boolean | undefined;
  readonly help?: boolean | undefined;
}

/** Reads the arguments. Throws a TypeError that says what is wrong with them. */
function parse(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { lang } = values;
  if (lang !== 'en' && lang !== 'zh') throw new TypeError(`--lang is en or zh, not ${lang}`);
  if (positionals.length === 0 && !values.help) throw new TypeError('no file is named');
  return { ...values, lang, files: positionals };
}

/** The texts of a file; "-" is the standard input. Rejects with a Trouble. */
async function read(file: string): Promise<Reading> {
  if (file === '-')
    return { texts: [{ name: file, text: await all(process.stdin) }], notes: [], questions: [] };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    throw asTrouble(error, 'file_gone');
  }
  if (String.fromCharCode(...bytes.subarray(0, 4)) === '%PDF') await preparePdf();
  return readDocument(bytes, basename(file), {}, () => undefined);
}

/** Has pdf.js work in this thread. Its code is large, so it is loaded only for a PDF. */
async function preparePdf(): Promise<void> {
  // pdf.js makes a matrix when it is loaded, with which it would draw; texts need none of these, so any class does.
  Object.assign(globalThis, { DOMMatrix: Object, ImageData: Object, Path2D: Object });
  await import('../files/pdf-worker');
}

/** Assesses the texts of a file and prints what they show. Rejects with a Trouble or a SalesMirrorError. */
async function assess(file: string, mirror: Mirror, { lang, json, account }: Arguments): Promise<void> {
  const { texts, notes, questions } = await read(file);
  for (const { code, count, about } of notes)
    complain(file, FILES[lang].notes[code](count ?? 1, about ?? ''), lang);
  if (isOpen(questions)) throw new Error(WORDS[lang].undecided);
  for (const { name, text } of texts) {
    const assessment = await mirror.assess(text, account ? { account } : undefined);
    console.log(
      json
        ? JSON.stringify({ file, name, assessment })
        : written(name, text, assessment, mirror.rubric, lang),
    );
  }
}

function complain(about: string, problem: string, lang: Code): void {
  console.error(about + colon(lang) + problem);
}

/** Does what the arguments say, and returns the status with which the process should end. */
async function run(args: readonly string[]): Promise<number> {
  let options: Arguments;
  try {
    options = parse(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${WORDS.en.help}`);
    return STATUS.usage;
  }
  const { lang, files, model } = options;
  if (options.help) {
    console.log(WORDS[lang].help);
    return STATUS.done;
  }
  let mirror: Mirror;
  try {
    mirror = await load(model === undefined ? {} : { model });
  } catch (error) {
    complain('salesmirror', (error as Error).message, lang);
    return STATUS.failed;
  }
  let status = STATUS.done;
  for (const file of files) {
    try {
      await assess(file, mirror, options);
    } catch (error) {
      status = STATUS.failed;
      complain(file, error instanceof Trouble ? worded(error, lang, '') : (error as Error).message, lang);
    }
  }
  await mirror.close();
  return status;
}

process.exitCode = await run(process.argv.slice(2));
