import { expect, test } from 'vitest';
import { assessment, result } from '../testing/fixtures';
import type { Correction, Note, Result } from './report';
import { unite, type Dated } from './unite';

const correction = (level: number, at: string, more: Partial<Correction> = {}): Correction => ({
  ...{ competency: 'growth', level, was: 2.4, reason: 'r', reviewer: 'R', date: at.slice(0, 10), at },
  ...more,
});
const note = (id: string): Note => ({
  ...{ id, competency: 'growth', sentence: null, claim: 'wrong', text: 'No.', at: '2026-01-02T00:00:00Z' },
});
const dated = (exported: string, entry: Result): Dated => ({ exported, result: entry });

/** Every order of a list. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, i) => orders(list.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

const original = result('I called the plant.', { growth: { level: 2.4 } });

test('no correction is lost and the newest one comes last, whatever is opened first', () => {
  const first = correction(3, '2026-03-01T10:00:00Z');
  const second = correction(4, '2026-03-02T10:00:00Z', { reviewer: 'S' });
  const older: Correction = { ...first, level: 1, date: '2026-02-01', at: undefined };
  const files = [
    dated('2026-01-01T00:00:00Z', { ...original, notes: [note('a')] }),
    dated('2026-03-03T00:00:00Z', { ...original, corrections: [older, first] }),
    dated('2026-03-02T12:00:00Z', { ...original, corrections: [older, second], notes: [note('b')] }),
  ];
  for (const order of orders(files)) {
    const { results, repeated } = unite(order);
    expect(results.map(({ corrections }) => corrections)).toEqual([[older, first, second]]);
    expect(results[0]?.notes?.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(repeated).toBe(0);
  }
});

test('a text that was assessed anew counts once, with the newest assessment and every correction', () => {
  const made = correction(5, '2026-03-01T10:00:00Z');
  const anew = {
    ...result('I called the plant!', { growth: { level: 3 } }),
    assessment: { ...assessment({ growth: { level: 3 } }), model: { id: 'newer', sha256: 'f00' } },
  };
  const files = [
    dated('2026-01-01T00:00:00Z', original),
    dated('2026-02-01T00:00:00Z', anew),
    // The old assessment, which was corrected after the new one was made.
    dated('2026-03-02T00:00:00Z', { ...original, corrections: [made] }),
  ];
  for (const order of orders(files)) {
    const { results, repeated } = unite(order);
    expect(results.map(({ assessment: { model } }) => model.id)).toEqual(['newer']);
    expect(results[0]?.corrections).toEqual([made]);
    expect(repeated).toBe(1);
  }
});

test('the same numbers of one model tell that a text without its words is the same', () => {
  const model = { id: 'm', sha256: 'abc' };
  const whole = { ...original, assessment: { ...original.assessment, model } };
  const bare = { ...whole, report: { ...whole.report, id: 'other', text: '', name: '' } };
  const { results } = unite([dated('2026-01-02T00:00:00Z', bare), dated('2026-01-01T00:00:00Z', whole)]);
  expect(results.map(({ report }) => report.text)).toEqual(['I called the plant.']);
  const elsewhere = { ...bare, assessment: { ...bare.assessment, model: { id: 'm', sha256: 'def' } } };
  expect(unite([dated('', whole), dated('', elsewhere)]).results).toHaveLength(2);
});

test('a result that links two others unites all three', () => {
  const other = result('I visited the plant.', { growth: { level: 4 } });
  const link = { ...other, report: { ...other.report, text: original.report.text } };
  expect(unite([dated('', original), dated('', other), dated('', link)]).results).toHaveLength(1);
  expect(unite([dated('', original), dated('', other)]).results).toHaveLength(2);
});
