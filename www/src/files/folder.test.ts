import { expect, test } from 'vitest';
import { ACCEPT } from './accept';
import { dropped, hasFolder, texts } from './folder';

const fileEntry = (name: string) => ({
  ...{ isFile: true, isDirectory: false, name },
  file: (done: (file: File) => void) => {
    done(new File(['x'], name));
  },
});

/** A folder whose entries come in parts of two, as browsers may hand them over. */
const folderEntry = (name: string, entries: readonly object[]) => ({
  ...{ isFile: false, isDirectory: true, name },
  createReader: () => {
    let at = 0;
    return {
      readEntries: (done: (part: readonly object[]) => void) => {
        done(entries.slice(at, (at += 2)));
      },
    };
  },
});

const transfer = (...entries: object[]) =>
  ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) }) as unknown as DataTransfer;

test('all files of a folder are found, in folders of it too', async () => {
  const inner = folderEntry('inner', [fileEntry('d.txt')]);
  const folder = folderEntry('folder', [fileEntry('a.docx'), fileEntry('b.eml'), inner, fileEntry('c.csv')]);
  expect([hasFolder(transfer(folder)), hasFolder(transfer(fileEntry('a.txt'))), hasFolder(null)]).toEqual([
    true,
    false,
    false,
  ]);
  const found = await dropped(transfer(folder, fileEntry('e.txt')));
  expect(found.map(({ name }) => name)).toEqual(['a.docx', 'b.eml', 'd.txt', 'c.csv', 'e.txt']);
});

test('what programs leave in folders is no text', () => {
  const names = ['a.docx', '~$a.docx', '.DS_Store', '._a.docx', 'Thumbs.db', 'B.TXT'];
  const found = texts(
    names.map((name) => new File([], name)),
    ACCEPT,
  );
  expect(found.map(({ name }) => name)).toEqual(['a.docx', 'B.TXT']);
});
