/** Reads parts of zip archives, which most office documents are, within the limits on entries and unpacked size. */
import { Unzip, UnzipInflate, zipSync } from 'fflate';
import { withinLimit } from './limits';

/** Compressed bytes that are unpacked at once: a thousand times as many can come out before they are counted. */
const PIECE = 4096;

/** The parts of an archive by name, unpacked. */
export type Parts = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/**
 * The parts whose names match. Unpacks piece by piece and counts what comes out, whatever the archive says of itself.
 * Throws a LimitExceeded, or an Error if the archive is damaged.
 */
export function unzip(bytes: Uint8Array, wanted: RegExp): Parts {
  const parts = new Map<string, Uint8Array<ArrayBuffer>>();
  let entries = 0;
  let size = 0;
  const archive = new Unzip((entry) => {
    withinLimit('entries', ++entries);
    if (!wanted.test(entry.name)) return;
    const pieces: Uint8Array[] = [];
    entry.ondata = (error, piece, final) => {
      if (error) throw error;
      size += piece.length;
      withinLimit('unpacked', size);
      pieces.push(piece);
      if (final) parts.set(entry.name, joined(pieces));
    };
    entry.start();
  });
  archive.register(UnzipInflate);
  for (let at = 0; at < bytes.length; at += PIECE)
    archive.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  return parts;
}

/** Parts as an archive without compression, for libraries that take nothing else. */
export function stored(parts: Parts): ArrayBuffer {
  return zipSync(Object.fromEntries(parts), { level: 0 }).slice().buffer;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
