/** Decodes text files and says which encoding was assumed; the person may choose another. */
import { decode, detect, ENCODINGS } from './encoding';
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
  const bad = text.split('\ufffd').length - 1;
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

export function readText(bytes: Uint8Array, name: string, choices: Choices): Reading {
  const { text, notes, questions } = decodeText(bytes, choices);
  return { texts: isOpen(questions) ? [] : [{ name, text }], notes, questions };
}
