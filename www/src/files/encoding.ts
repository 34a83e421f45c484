/**
 * Finds the encoding of a text file and decodes it. The bytes alone do not always tell, so the result says how
 * sure it is.
 */
import { analyse } from 'chardet';

/** Encodings that a person can choose, by the labels of the Encoding Standard. */
export const ENCODINGS = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** Not in the Encoding Standard, and read only with a byte order mark. */
export type Utf32 = 'utf-32le' | 'utf-32be';

export interface Detected {
  readonly encoding: Encoding | Utf32;
  /** Whether a byte order mark or valid UTF-8 proves it; anything else is an assumption. */
  readonly certain: boolean;
  /** The Japanese or Korean encoding that the file seems to have; the model reads neither language. */
  readonly foreign?: string;
}

/** As much of a file as is looked at; what comes later is in the same encoding. */
const SAMPLE = 1 << 18;

/** UTF-8 with up to one bad byte for this many good sequences is UTF-8; other encodings rarely look like it by chance. */
const GOOD_PER_BAD = 2;

/** Below this confidence, chardet has seen too few characters to tell. */
const WEAK = 30;

const CANDIDATES: Readonly<Record<string, Encoding>> = {
  GB18030: 'gb18030',
  Big5: 'big5',
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
};

const FOREIGN = ['Shift_JIS', 'EUC-JP', 'EUC-KR'];

/** Finds the encoding of a text. */
export function detect(bytes: Uint8Array): Detected {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0)
    return { encoding: 'utf-32le', certain: true };
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff)
    return { encoding: 'utf-32be', certain: true };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', certain: true };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', certain: true };
  const sample = bytes.subarray(0, SAMPLE);
  const wide = detectUtf16(sample);
  if (wide) return { encoding: wide, certain: false };
  const { good, bad } = utf8Sequences(sample);
  if (bad === 0) return { encoding: 'utf-8', certain: utf8Sequences(bytes).bad === 0 };
  if (good >= GOOD_PER_BAD * bad) return { encoding: 'utf-8', certain: false };
  const matches = analyse(sample).filter(({ name }) => name in CANDIDATES || FOREIGN.includes(name));
  const [best] = matches;
  if (!best || best.confidence < WEAK) {
    return { encoding: commonCharacters(sample) ?? 'windows-1252', certain: false };
  }
  const encoding = CANDIDATES[best.name];
  return encoding
    ? { encoding, certain: false }
    : { encoding: 'windows-1252', certain: false, foreign: best.name };
}

/**
 * The Chinese encoding in which nearly all characters of a few are common ones: both standards put those first. GB 18030
 * is the more frequent of the two.
 */
function commonCharacters(bytes: Uint8Array): 'gb18030' | 'big5' | undefined {
  let pairs = 0;
  let gb = 0;
  let big5 = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[++at] ?? 0;
    pairs++;
    if ((lead < 0xa4 || lead >= 0xb0) && lead > 0xa0 && lead < 0xd8 && trail > 0xa0) gb++;
    if (lead > 0xa0 && lead < 0xc7 && trail >= 0x40) big5++;
  }
  if (Math.max(gb, big5) < 0.8 * pairs || pairs === 0) return undefined;
  return gb >= big5 ? 'gb18030' : 'big5';
}

/** Decodes a text; bytes that the encoding does not have become U+FFFD. */
export function decode(bytes: Uint8Array, encoding: Encoding | Utf32): string {
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return decodeUtf32(bytes, encoding === 'utf-32le');
  return new TextDecoder(encoding).decode(bytes);
}

/** Code points that are decoded at once: a function takes only so many arguments. */
const POINTS = 4096;

function decodeUtf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  // The byte order mark is no part of the text.
  for (let at = 4; at < bytes.length; at += 4 * POINTS) {
    const points: number[] = [];
    for (let next = at; next < Math.min(at + 4 * POINTS, bytes.length); next += 4) {
      const point = next + 4 > bytes.length ? Infinity : view.getUint32(next, little);
      points.push(point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point);
    }
    parts.push(String.fromCodePoint(...points));
  }
  return parts.join('');
}

/** In a text, at most this share of the characters are controls, which is what other files consist of. */
const CONTROLS = 0.02;

/** Whether bytes are no text in any encoding that can be read: no text has NUL characters, or many other controls. */
export function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  const { encoding } = detect(sample);
  // Half a character at the end of the sample is no control.
  const text = decode(sample.subarray(0, sample.length & ~3), encoding);
  let controls = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0) return true;
    if (unit < 0x20 && !WHITE.has(unit)) controls++;
  }
  return controls > CONTROLS * text.length;
}

/** Tab, line feed, vertical tab, form feed, carriage return, and the end of a file in DOS. */
const WHITE = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a]);

/** The number of multi-byte sequences that are UTF-8, and of bytes that are not. */
function utf8Sequences(bytes: Uint8Array): { readonly good: number; readonly bad: number } {
  let good = 0;
  let bad = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    let end = at + 1;
    while (end < at + length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    // A sequence that the end of the sample cuts is neither.
    if (at + length > bytes.length && end === bytes.length) break;
    if (end - at !== length) bad++;
    else if (length > 1) good++;
    at = end;
  }
  return { good, bad };
}

/**
 * UTF-16 without a byte order mark. Nearly all of its code units must be characters of Chinese or Latin text, and some of
 * them must be ASCII or common Chinese punctuation: these have a zero or a control byte that no other encoding writes.
 */
function detectUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const units = Math.floor(bytes.length / 2);
  if (units < 2 || bytes.length % 2 !== 0) return undefined;
  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    const high = encoding === 'utf-16le' ? 1 : 0;
    let plausible = 0;
    let telling = 0;
    for (let at = 0; at < 2 * units; at += 2) {
      const unit = ((bytes[at + high] ?? 0) << 8) | (bytes[at + 1 - high] ?? 0);
      if (isTelling(unit)) telling++;
      if (isPlausible(unit)) plausible++;
    }
    if (plausible >= 0.95 * units && telling >= 0.02 * units) return encoding;
  }
  return undefined;
}

function isTelling(unit: number): boolean {
  const ascii = (unit >= 0x20 && unit < 0x7f) || unit === 0x09 || unit === 0x0a || unit === 0x0d;
  return ascii || unit === 0x3001 || unit === 0x3002 || (unit > 0xff00 && unit < 0xff5f);
}

function isPlausible(unit: number): boolean {
  return (
    isTelling(unit) ||
    (unit >= 0xa0 && unit < 0x250) ||
    (unit >= 0x2010 && unit < 0x2300) ||
    (unit >= 0x3000 && unit < 0x3040) ||
    (unit >= 0x4e00 && unit < 0xa000)
  );
}
