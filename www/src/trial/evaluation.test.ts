import { expect, test } from 'vitest';
import type { Assessment } from '../engine/contract';
import { seeded } from '../component/seeded';
import { assessment, refusal, rubric, type Shown } from '../testing/fixtures';
import { evaluate, languageOf, MINIMUM, worst, type Judged } from './evaluation';
import type { Marks } from './marks';

/** Few resamples, as their number is not what is tested. */
const FEW = 50;

const judged = (
  id: string,
  raters: Readonly<Record<string, Marks>>,
  said: Assessment,
  rest: Partial<Judged['text']> = {},
): Judged => ({
  text: {
    ...{ key: id, id, text: 'x'.repeat(10), language: '', group: '', date: '' },
    ...rest,
    raters: new Map(Object.entries(raters)),
  },
  assessment: said,
});

const says = (planning: Shown | null, growth: Shown | null = null): Assessment =>
  assessment({ ...(planning ? { planning } : {}), ...(growth ? { growth } : {}) });

test('levels are compared where both sides give one, and all else is presence', async () => {
  // Twelve texts: the model is half a level above the mark in all, misses planning in one, and refuses another.
  const texts = Array.from({ length: 12 }, (_, i) => {
    const mark = 1 + (i % 4);
    const marks: Marks = { planning: mark, growth: i === 0 ? null : 2 };
    if (i === 10)
      return judged(`${i}`, { A: { ...marks, planning: null } }, says({ level: 3 }, { level: 2 }));
    if (i === 11) return judged(`${i}`, { A: marks }, refusal());
    return judged(`${i}`, { A: marks }, says({ level: mark + 0.5 }, i === 0 ? { level: 5 } : { level: 2 }));
  });
  const found = await evaluate(texts, rubric, undefined, FEW);
  expect([found.texts, found.refused, found.raters, found.grid]).toEqual([12, 1, ['A'], 1]);
  const all = found.slices[0];
  // Ten levels of planning, half a level too high, and ten of growth, all right.
  expect([all?.levels, all?.textsWithLevels]).toEqual([20, 11]);
  expect(all?.figures.mae?.value).toBeCloseTo(0.25, 12);
  expect(all?.figures.signed_error?.value).toBeCloseTo(0.25, 12);
  expect(all?.figures.coverage?.value).toBe(1);
  expect(all?.figures.accounts_refused?.value).toBeCloseTo(1 / 12, 12);
  // Planning: 10 of both, one of the model alone, one missed. Growth: 10 of both, one of the model alone, one missed.
  expect(all?.figures.presence_precision?.value).toBeCloseTo(20 / 22, 12);
  expect(all?.figures.presence_recall?.value).toBeCloseTo(20 / 22, 12);
  expect(worst(texts, rubric, 'missed').map(({ judged: { text } }) => text.id)).toEqual(['11', '11']);
  expect(
    worst(texts, rubric, 'only_model')
      .map(({ competency }) => competency)
      .sort(),
  ).toEqual(['growth', 'planning']);
  expect(worst(texts, rubric, 'levels')[0]).toMatchObject({ competency: 'planning', error: 0.5 });
});

test('no figure is given of fewer than ten texts', async () => {
  const texts = Array.from({ length: MINIMUM - 1 }, (_, i) =>
    judged(`${i}`, { A: { planning: 3 } }, says({ level: 3 })),
  );
  expect(
    (await evaluate(texts, rubric, undefined, FEW)).slices.map(({ figures }) => Object.keys(figures)),
  ).toEqual(expect.arrayContaining([[]]));
  const { slices } = await evaluate(
    [...texts, judged('last', { A: { planning: 4 } }, says({ level: 4 }), { group: 'few' })],
    rubric,
    undefined,
    FEW,
  );
  const of = (field: string, value: string) =>
    slices.find((slice) => slice.field === field && slice.value === value);
  expect(of('all', '')?.figures.mae?.value).toBe(0);
  expect(of('competency', 'planning')?.figures.mae?.value).toBe(0);
  expect(of('competency', 'growth')?.figures).toEqual({});
  expect(of('group', 'few')).toMatchObject({ texts: 1, figures: {}, atEqualMarks: null });
});

test('raters are compared with each other and with the model, on the same resamples', async () => {
  const random = seeded(5);
  const near = (mark: number, by: number) =>
    Math.min(5, Math.max(1, mark + Math.round((random() - 0.5) * by)));
  const texts = Array.from({ length: 60 }, (_, i) => {
    const mark = 1 + (i % 5);
    const raters = { A: { planning: near(mark, 2) }, B: { planning: near(mark, 2) } };
    // The model says nothing that has to do with the text.
    return judged(`${i}`, raters, says({ level: 1 + 4 * random() }));
  });
  const { agreements, comparisons, ...rest } = await evaluate(texts, rubric, undefined, 200);
  expect(agreements.map(({ rater, other }) => [rater, other])).toEqual([
    ['A', 'B'],
    ['A', null],
    ['B', null],
  ]);
  const kappa = comparisons.find(({ measure }) => measure === 'kappa');
  const [people, first, second] = agreements.map(({ figures }) => figures.kappa?.value ?? NaN);
  expect(kappa?.raters.value).toBeCloseTo(people ?? NaN, 12);
  expect(kappa?.model.value).toBeCloseTo(((first ?? NaN) + (second ?? NaN)) / 2, 12);
  expect(kappa?.difference.value).toBeCloseTo((kappa?.model.value ?? NaN) - (kappa?.raters.value ?? NaN), 12);
  expect(kappa?.difference.high).toBeLessThan(0);
  // Marks that both gave lie on halves once they are united.
  expect(rest.grid).toBe(0.5);
  expect(await evaluate(texts, rubric, undefined, 200)).toEqual({ agreements, comparisons, ...rest });
});

test('kindness to a group is seen at equal marks', async () => {
  const texts = Array.from({ length: 40 }, (_, i) => {
    const mark = 2 + (i % 3);
    const kind = i % 2 === 0;
    return judged(`${i}`, { A: { planning: mark } }, says({ level: mark + (kind ? 0.6 : -0.2) }), {
      group: kind ? 'field' : 'inside',
    });
  });
  const { slices } = await evaluate(texts, rubric, undefined, 200);
  const of = (value: string) =>
    slices.find((slice) => slice.field === 'group' && slice.value === value)?.atEqualMarks;
  expect(of('field')?.value).toBeCloseTo(0.4, 1);
  expect(of('field')?.low).toBeGreaterThan(0);
  expect(of('inside')?.high).toBeLessThan(0);
});

test('the language of the table counts, and lengths are compared within a language', async () => {
  const one = judged('1', { A: { planning: 3 } }, says({ level: 3 }), { language: '中文' });
  expect([languageOf(one), languageOf({ ...one, text: { ...one.text, language: '' } })]).toEqual([
    'zh',
    'en',
  ]);
  const texts = Array.from({ length: 40 }, (_, i) =>
    judged(`${i}`, { A: { planning: 3 } }, says({ level: 3 }), {
      language: i < 20 ? 'zh' : 'en',
      // Chinese texts are all shorter than English ones.
      text: 'x'.repeat(i < 20 ? 10 + i : 100 + i),
    }),
  );
  const { slices } = await evaluate(texts, rubric, undefined, FEW);
  expect(
    slices.filter(({ field }) => field === 'length').map(({ value, texts: count }) => [value, count]),
  ).toEqual([
    ['1 shortest', 10],
    ['2', 10],
    ['3', 10],
    ['4 longest', 10],
  ]);
});
