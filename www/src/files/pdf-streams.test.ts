import { strToU8, zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { bigPdf } from '../testing/files/hostile';
import { pdfDocument } from '../testing/files/pdf';
import { LIMITS } from './limits';
import { measureStreams } from './pdf-streams';

const MORE = LIMITS.unpacked + 1_000_000;

/** An object with a stream, as in a PDF. */
function object(dictionary: string, content: Uint8Array): Uint8Array {
  return Uint8Array.from([
    ...strToU8(`%PDF-1.7\n1 0 obj\n<< ${dictionary} >>\nstream\r\n`),
    ...content,
    ...strToU8('\nendstream\nendobj\n'),
  ]);
}

const large = zlibSync(new Uint8Array(MORE), { level: 1 });

test('a document whose streams hold too much is refused', async () => {
  const refused = { code: 'file_too_large', limit: 'unpacked' };
  await expect(measureStreams(object('/Filter /FlateDecode', large))).rejects.toMatchObject(refused);
  // What a dictionary says of the length, and where the stream seems to end, is not taken for true.
  const ends = Uint8Array.from([...object('/Length 1', strToU8('endstream ')), ...object('', large)]);
  await expect(measureStreams(ends)).rejects.toMatchObject(refused);
});

test('pictures are larger than text, and are not read', async () => {
  await measureStreams(object('/Type /XObject /Subtype /Image', large));
});

test('ordinary documents, damaged streams and streams in other forms pass', async () => {
  await measureStreams(bigPdf(1_000_000));
  await measureStreams(pdfDocument([[{ text: 'He signed.', x: 50, y: 700 }]]));
  await measureStreams(object('/Filter /FlateDecode', large.slice(0, 1_000)));
  await measureStreams(object('/Filter /FlateDecode', strToU8('\u0078\u0001 no zlib stream')));
});
