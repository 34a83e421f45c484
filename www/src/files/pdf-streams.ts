/**
 * Measures what the compressed streams of a PDF hold before pdf.js reads them: it unpacks each as a whole, and a small
 * stream can hold gigabytes.
 */
import { LIMITS, LimitExceeded } from './limits';

/** Compressed bytes that are unpacked at once. */
const PIECE = 16_384;

/** Pictures are not read, but a page may say that its text is one; they are larger than any text. */
const PICTURES = 20;

/** How far before a stream its dictionary can begin, in bytes. */
const DICTIONARY = 2_000;

/** Rejects with a LimitExceeded if the streams hold too much. */
export async function measureStreams(bytes: Uint8Array): Promise<void> {
  const left = { text: LIMITS.unpacked, pictures: PICTURES * LIMITS.unpacked };
  for (const start of streams(bytes)) {
    const dictionary = String.fromCharCode(...bytes.subarray(Math.max(0, start - DICTIONARY), start));
    const picture = /\/Subtype\s*\/Image\b/.test(dictionary.slice(dictionary.lastIndexOf(' obj')));
    const kind = picture ? 'pictures' : 'text';
    left[kind] -= await unpackedSize(bytes.subarray(start), left[kind]);
    if (left[kind] < 0) throw new LimitExceeded('unpacked');
  }
}

/** Where the content of each stream begins that is compressed as in zlib. */
function* streams(bytes: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(S); at >= 0; at = bytes.indexOf(S, at + 1)) {
    if (bytes[at - 1] === D || !STREAM.every((byte, i) => bytes[at + i] === byte)) continue;
    let start = at + STREAM.length;
    if (bytes[start] === 0x0d) start++;
    if (bytes[start] === 0x0a) start++;
    const [method = 0, flags = 0] = bytes.subarray(start, start + 2);
    if ((method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0) yield start;
  }
}

const STREAM = Array.from('stream', (letter) => letter.charCodeAt(0));
const S = 's'.charCodeAt(0);
/** The last letter before "stream" in "endstream". */
const D = 'd'.charCodeAt(0);

/** The size of what begins with a zlib stream, or a size above the most if it is larger. */
async function unpackedSize(bytes: Uint8Array, most: number): Promise<number> {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let size = 0;
  const write = async () => {
    for (let at = 0; at < bytes.length; at += PIECE) await writer.write(bytes.slice(at, at + PIECE));
    await writer.close();
  };
  // What follows the stream is no part of it, and is refused; so is the rest once there is too much.
  const written = write().catch(() => undefined);
  try {
    for (let piece = await reader.read(); !piece.done && size <= most; piece = await reader.read())
      size += piece.value.length;
  } catch {
    // A damaged stream holds as much as came out of it.
  }
  await reader.cancel().catch(() => undefined);
  await written;
  return size;
}
