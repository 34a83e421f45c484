/**
 * Reads JSON files that people chose: hand-over files and exported histories. It refuses what is too large or too deep
 * before anything else looks at it; what the content means is checked by its module.
 */
import { Trouble, type TroubleCode } from '../failure/trouble';

/** The largest file that is read, in bytes; a file with a hundred reports has about one million. */
const LARGEST = 20_000_000;

/** The deepest nesting of arrays and objects; our own files have less than ten. */
const DEEPEST = 40;

/**
 * Reads a file as JSON.
 * @throws Trouble `file_too_large`, `file_gone`, or the given code if it is no JSON
 */
export async function readJson(file: File, code: TroubleCode): Promise<unknown> {
  if (file.size > LARGEST)
    throw new Trouble('file_too_large', `${file.size} bytes, the limit is ${LARGEST}`, file.name);
  let text: string;
  try {
    text = await file.text();
  } catch (thrown) {
    throw new Trouble('file_gone', String(thrown), file.name);
  }
  return parseJson(text, code, file.name);
}

/**
 * Parses JSON.
 * @throws Trouble of the given code if it is none, or nested too deep
 */
export function parseJson(text: string, code: TroubleCode, about: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new Trouble(code, String(thrown), about);
  }
  if (isTooDeep(value)) throw new Trouble(code, `nested deeper than ${DEEPEST} levels`, about);
  return value;
}

function isTooDeep(value: unknown): boolean {
  // Level by level, as a recursion into what is too deep would exhaust the stack.
  let level: unknown[] = [value];
  for (let depth = 0; level.length; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? (Object.values(entry) as unknown[]) : [],
    );
  }
  return false;
}
