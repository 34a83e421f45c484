import { expect, test } from 'vitest';
import { result, rubric } from '../testing/fixtures';
import { asExport, readExport } from './export';

test('an export is read as it was written', () => {
  const entries = [result('He signed.', { growth: { level: 3 } }, 'a.txt')];
  expect(readExport(asExport(entries), rubric, 'a.json')).toEqual(entries);
});

test.each([
  ['no JSON', 'x'],
  ['nothing', 'null'],
  ['another file', '{"format":"salesmirror-assessment","version":1,"entries":[]}'],
  ['a later version', '{"format":"salesmirror-history","version":9,"entries":[]}'],
  ['a broken entry', '{"format":"salesmirror-history","version":1,"entries":[{}]}'],
])('%s is refused', (_, json) => {
  expect(() => readExport(json, rubric, 'a.json')).toThrow(
    expect.objectContaining({ code: 'history_invalid', about: 'a.json' }) as Error,
  );
});
