/** Reads single parts of zip archives, which most office documents are. */
import { unzipSync } from 'fflate';

/** The most that the parts may hold once they are unpacked: a small file can claim any size. */
const LARGEST = 200_000_000;

/** The parts whose names match. Throws if the archive is damaged or too large when unpacked. */
export function unzip(bytes: Uint8Array, wanted: RegExp): Record<string, Uint8Array> {
  let size = 0;
  return unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (!wanted.test(name)) return false;
      size += originalSize;
      if (size > LARGEST) throw new Error(`more than ${LARGEST} bytes when unpacked`);
      return true;
    },
  });
}
