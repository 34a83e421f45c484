/** Decodes text files and says which encoding was assumed; the person may choose another. Chats lose what stands for media. */
import { withoutMedia } from './chat';
import { decode, detect, ENCODINGS } from './encoding';
import { LimitExceeded, LIMITS } from './limits';
import { isOpen, preview, type Choices, type Note, type Question, type Reading } from './reading';

export interface DecodedText {
  readonly text: string;
  readonly notes: readonly Note[];
  /** The question of the encoding, unless it is certain; without a value if the text seems to be Japanese or Korean. */
  readonly questions: readonly Question[];
}

export function decodeText(bytes: Uint8Array, { encoding: chosen }: Choices): DecodedText {
  const detected = detect(bytes);
  const encoding = chosen ?? detected.encoding;
  const text = decode(bytes, encoding).trim();
  const notes: Note[] = [];
  const bad = countDamaged(text);
  const foreign = chosen === undefined && detected.foreign;
  if (foreign) notes.push({ code: 'foreign_text', about: foreign });
  else if (bad) notes.push({ code: 'bad_bytes', count: bad });
  const question: Question = {
    ask: 'encoding',
    value: foreign ? undefined : encoding,
    options: ENCODINGS.map((value) => ({ value })),
    preview: preview(text),
  };
  return { text, notes, questions: detected.certain && !chosen ? [] : [question] };
}

/** The number of characters that could not be decoded. */
function countDamaged(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count++;
  return count;
}

/** No encoding takes more bytes for a character. */
const WIDEST = 4;

/** Reads a text file. Throws a LimitExceeded, without decoding it, if it is too long in any encoding. */
export function readText(bytes: Uint8Array, name: string, choices: Choices): Reading {
  if (bytes.length > WIDEST * LIMITS.characters) throw new LimitExceeded('characters', name);
  const { text, notes, questions } = decodeText(bytes, choices);
  if (isOpen(questions)) return { texts: [], notes, questions };
  const chat = withoutMedia(text);
  return {
    texts: [{ name, text: chat.text }],
    notes: chat.count ? [...notes, { code: 'media_left_out', count: chat.count }] : notes,
    questions,
  };
}
