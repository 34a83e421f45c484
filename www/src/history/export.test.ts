import { expect, test } from 'vitest';
import { result, rubric, tickedPlan } from '../testing/fixtures';
import { asExport } from './export';
import { readExport, readPlan } from './import';

test('an export is read as it was written', () => {
  const entries = [result('He signed.', { growth: { level: 3 } }, 'a.txt')];
  const written: unknown = JSON.parse(asExport(entries, 'en'));
  expect(readExport(written, rubric, 'a.json')).toEqual(entries);
  expect(written).toMatchObject({ about: expect.arrayContaining(['Model: test (SHA-256 )']) as unknown });
});

test('the plan is exported with its ticks; exports without one are read too', () => {
  const plan = tickedPlan(result('He signed.', { growth: { level: 3 } }), '2026-12-03');
  const written: unknown = JSON.parse(asExport([], 'en', plan));
  expect(readPlan(written, rubric, 'a.json')).toEqual(plan);
  expect(readPlan(JSON.parse(asExport([], 'en')), rubric, 'a.json')).toBeNull();
  for (const plan of [{ start: 'soon' }, false, '', 0])
    expect(() => readPlan({ plan }, rubric, 'a.json')).toThrow(
      expect.objectContaining({ code: 'history_invalid', about: 'a.json' }) as Error,
    );
});

test.each([
  ['a list', '[]'],
  ['nothing', 'null'],
  ['another file', '{"format":"salesmirror-assessment","version":1,"entries":[]}'],
  ['a later version', '{"format":"salesmirror-history","version":9,"entries":[]}'],
  ['only a prototype', '{"__proto__":{"format":"salesmirror-history","version":1,"entries":[]}}'],
  ['too many entries', `{"format":"salesmirror-history","version":1,"entries":[${'1,'.repeat(10_000)}1]}`],
  ['a broken entry', '{"format":"salesmirror-history","version":1,"entries":[{}]}'],
])('%s is refused', (_, json) => {
  expect(() => readExport(JSON.parse(json), rubric, 'a.json')).toThrow(
    expect.objectContaining({ code: 'history_invalid', about: 'a.json' }) as Error,
  );
});
