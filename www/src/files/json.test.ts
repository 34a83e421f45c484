import { expect, test } from 'vitest';
import { parseJson, readJson } from './json';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['what is no JSON', '{'],
  ['what is nested too deep', nested(100_000)],
  ['what is nested too deep further in', `{"a":{"b":[1,${nested(41)}]}}`],
])('%s is refused with a reason', (_, text) => {
  expect(() => parseJson(text, 'handover_invalid', 'a.json')).toThrow(
    expect.objectContaining({ code: 'handover_invalid', about: 'a.json' }) as Error,
  );
});

test('what is deep but not too deep is read, and a key of the prototype changes nothing', () => {
  expect(parseJson(nested(40), 'handover_invalid', '')).toBeDefined();
  parseJson('{"__proto__":{"polluted":true}}', 'handover_invalid', '');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a file of 50 MB is refused before it is read', async () => {
  const file = new File(['{}'], 'a.json');
  Object.defineProperty(file, 'size', { value: 50_000_000 });
  file.text = () => Promise.reject(new Error('it was read'));
  await expect(readJson(file, 'handover_invalid')).rejects.toMatchObject({ code: 'file_too_large' });
});

test('a file that is gone is told', async () => {
  const file = new File(['{}'], 'a.json');
  file.text = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  await expect(readJson(file, 'handover_invalid')).rejects.toMatchObject({ code: 'file_gone' });
});
