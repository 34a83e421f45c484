import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { labelledReport, place, textOf } from './public-texts.mjs';

test('an origin names a repository and a path', () => {
  assert.deepEqual(place('a/b:docs/call.md'), { repository: 'a/b', path: 'docs/call.md' });
  assert.deepEqual(place('a/b:docs/c#/call: one.md#12'), { repository: 'a/b', path: 'docs/c#/call: one.md' });
  assert.throws(() => place('a/b'), /names no file/);
});

const files = { 'c.md': Buffer.from('😀 one\r\ntwo\r\nthree'), 'd.md': Buffer.from([0xbf, 0xcd]) };
const read = (path) => files[path];

test('ranges count code points and line ends of one character', () => {
  const pieces = [[2, 5], '\n', 'Seller: ', [10, 15]];
  assert.equal(textOf({ origin: 'a/b:c.md', pieces }, read), 'one\nSeller: three');
  assert.equal(textOf({ origin: 'a/b:c#2', encoding: 'gb18030', pieces: [[0, 1, 'd.md']] }, read), '客');
});

test('a text that is not the one that was rated is refused', () => {
  const rating = { id: 'x', origin: 'a/b:c.md', commit: 'f00', pieces: [[2, 5]], sales: true };
  const sha256 = createHash('sha256').update('one').digest('hex');
  const report = { id: 'x', origin: 'a/b:c.md', sales: true, text: 'one', source: 'public', writer: 'a/b' };
  assert.deepEqual(labelledReport({ ...rating, sha256 }, read), report);
  assert.throws(() => labelledReport({ ...rating, pieces: [[6, 9]], sha256 }, read), /other text/);
});
