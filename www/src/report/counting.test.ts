import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Assessment, Rubric } from '../engine/contract';
import { assessment, refusal, rubric } from '../testing/fixtures';
import { mean } from './counting';
import { asOwnRubric } from './own-rubric';
import { KINDS } from './report';

const own = (change: object) => asOwnRubric({ ...rubric, ...change }, rubric, 'own.json');

const shown = { planning: { level: 2 }, negotiation: { level: 4 }, growth: { level: 3 } };

test('a rubric that counts everything alike leaves assessments as the engine made them', () => {
  expect(own({}).counting).toBeUndefined();
  const made = assessment(shown);
  const { counting } = own({ counts: { email: ['planning'] }, weights: {} });
  expect(counting?.(made, 'visit_note')).toBe(made);
  const doubled = own({ weights: Object.fromEntries(rubric.competencies.map(({ id }) => [id, 2])) });
  expect(doubled.counting?.(made, 'email')).toBe(made);
});

test('what does not count for a kind of text leaves the assessment, and the overall level follows', () => {
  const made = {
    ...assessment(shown),
    objections: [
      { competency: 'negotiation', start: 0, end: 4 },
      { competency: 'planning', start: 0, end: 4 },
    ],
  };
  const { counting } = own({ counts: { email: ['planning', 'growth'] } });
  const counted = counting?.(made, 'email');
  expect(counted?.competencies.map(({ id, level, evidence }) => [id, level, evidence.length])).toEqual(
    rubric.competencies.map(({ id }) => [id, { planning: 2, growth: 3 }[id] ?? null, 0]),
  );
  expect(counted?.overall).toMatchObject({ level: 2.5, shown: 2 });
  expect(counted?.objections.map(({ competency }) => competency)).toEqual(['planning']);
  expect(counted?.warnings).toEqual([]);
});

test('a text that shows only what does not count shows nothing, and one that was refused stays refused', () => {
  const { counting } = own({ counts: { email: ['expertise'] } });
  const nothing = counting?.(assessment(shown), 'email');
  expect([nothing?.overall, nothing?.warnings]).toEqual([null, [{ code: 'nothing_shown' }]]);
  expect(counting?.(refusal(), 'email').warnings).toEqual(refusal().warnings);
});

test('weights move the overall level and nothing else', () => {
  const made = assessment(shown);
  const counted = own({ weights: { negotiation: 3 } }).counting?.(made, 'other');
  expect(counted?.overall).toMatchObject({ level: (2 + 3 * 4 + 3) / 5, shown: 3 });
  expect({ ...counted, overall: null }).toEqual({ ...made, overall: null });
});

test('with equal weights the level and its interval are those of the engine', () => {
  const path = join(import.meta.dirname, '../../../examples/hr-open/hand-over.json');
  const { results } = JSON.parse(readFileSync(path, 'utf8')) as { results: { assessment: Assessment }[] };
  const several = results.filter(({ assessment }) => (assessment.overall?.shown ?? 0) > 1);
  expect(several).not.toEqual([]);
  for (const { assessment: real } of several) {
    const computed = mean(real.competencies, () => 2, rubric.scale);
    expect(computed?.shown).toBe(real.overall?.shown);
    expect(computed?.level).toBeCloseTo(real.overall?.level ?? 0, 4);
    for (const i of [0, 1] as const)
      expect(computed?.interval[i]).toBeCloseTo(real.overall?.interval[i] ?? 0, 4);
  }
});

test('the overall level lies between the levels, and its interval on the scale', () => {
  const level = fc.record({ level: fc.double({ min: 1, max: 5, noNaN: true }) });
  const some = fc.dictionary(fc.constantFrom(...rubric.competencies.map(({ id }) => id)), level, {
    minKeys: 1,
  });
  const weights = fc.dictionary(
    fc.constantFrom(...rubric.competencies.map(({ id }) => id)),
    fc.double({ min: 0.1, max: 10, noNaN: true }),
  );
  fc.assert(
    fc.property(some, weights, fc.constantFrom(...KINDS), (levels, weights, kind) => {
      const overall = own({ weights }).counting?.(assessment(levels), kind).overall;
      const values = Object.values(levels).map((entry) => entry.level);
      expect(overall?.level).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
      expect(overall?.level).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      const [low = 0, high = 9] = overall?.interval ?? [];
      expect(low >= 1 && high <= 5).toBe(true);
    }),
  );
});

test.each<[string, Partial<Record<'counts' | 'weights', unknown>>]>([
  ['counts and weights are to be objects', { counts: ['planning'] }],
  ['no kind of text', { counts: { letter: ['planning'] } }],
  ['counts.email is to list', { counts: { email: [] } }],
  ['counts.email is to name', { counts: { email: ['charm'] } }],
  ['counts.email is to name', { counts: { email: ['planning', 'planning'] } }],
  ['no competency of the rubric', { weights: { charm: 1 } }],
  ['no competency of the rubric', { weights: JSON.parse('{"__proto__":1}') as unknown }],
  ['the weight of planning', { weights: { planning: 0 } }],
  ['the weight of planning', { weights: { planning: '2' } }],
])('a rubric is refused: %s', (message, change) => {
  expect(() => own(change satisfies Partial<Record<keyof Rubric, unknown>>)).toThrow(message);
});
