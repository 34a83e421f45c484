import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Figure } from './bootstrap';
import type { Comparison, Evaluation, Figures, Slice } from './evaluation';
import { moreTexts, verdictOf } from './verdict';

const figure = (value: number, low: number, high: number): Figure => ({ value, low, high });

const slice = (figures: Figures, rest: Partial<Slice> = {}): Slice => ({
  ...{ field: 'all', value: '', texts: 60, textsWithLevels: 60, levels: 200, figures, atEqualMarks: null },
  ...rest,
});

const evaluation = (
  figures: Figures,
  rest: Partial<Evaluation> = {},
  difference?: Figure,
  theirs = figure(0.7, 0.6, 0.8),
): Evaluation => ({
  ...{ texts: 60, refused: 0, raters: ['A', 'B'], resamples: 1_000, grid: 1, agreements: [] },
  slices: [slice(figures)],
  reliability: { level: [], presence: [] },
  comparisons: difference
    ? [{ measure: 'kappa', raters: theirs, model: theirs, difference } satisfies Comparison]
    : [],
  ...rest,
});

const codes = (of: Evaluation, enough = 0.6) => verdictOf(of, enough).statements.map(({ code }) => code);

test('nothing is concluded that the interval does not support', () => {
  const at = (kappa: Figure | undefined) => verdictOf(evaluation(kappa ? { kappa } : {}), 0.6).conclusion;
  expect(at(figure(0.7, 0.62, 0.78))).toBe('enough');
  expect(at(figure(0.7, 0.58, 0.78))).toBe('undecided');
  expect(at(figure(0.4, 0.3, 0.62))).toBe('undecided');
  expect(at(figure(0.4, 0.3, 0.5))).toBe('not_enough');
  expect(at(undefined)).toBe('too_few');
  expect(at({ value: 0.9, low: null, high: null })).toBe('too_few');
});

test('a wide interval asks for more texts, by the square of its width', () => {
  expect(moreTexts(60, figure(0.7, 0.6, 0.8))).toBe(0);
  // Twice as wide as wanted: four times as many texts.
  expect(moreTexts(60, figure(0.6, 0.4, 0.8))).toBe(180);
  expect(moreTexts(20, figure(0.6, 0.55, 0.65))).toBe(10);
  expect(moreTexts(4, null)).toBe(30);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (texts, width) => {
        const more = moreTexts(texts, figure(0.5, 0.5 - width / 2, 0.5 + width / 2));
        expect(more % 10).toBe(0);
        expect(texts + more).toBeGreaterThanOrEqual(30);
      },
    ),
  );
});

test('the model is like a rater only if it is surely not much worse', () => {
  const kappa = figure(0.7, 0.65, 0.75);
  expect(codes(evaluation({ kappa }, {}, figure(0, -0.08, 0.08)))).toContain('like_raters');
  expect(codes(evaluation({ kappa }, {}, figure(-0.05, -0.2, 0.1)))).toContain('raters_undecided');
  expect(codes(evaluation({ kappa }, {}, figure(-0.3, -0.4, -0.2)))).toContain('below_raters');
  expect(codes(evaluation({ kappa }, {}, figure(0, -0.05, 0.05), figure(0.2, 0.1, 0.3)))).toContain(
    'raters_differ',
  );
  expect(codes(evaluation({ kappa }, { raters: ['A'] }))).toContain('one_rater');
});

test('what is off is named, and what may be chance is not', () => {
  const off: Figures = {
    signed_error: figure(-0.4, -0.5, -0.3),
    presence_recall: figure(0.5, 0.4, 0.6),
    presence_precision: figure(0.5, 0.4, 0.6),
    coverage: figure(0.6, 0.5, 0.7),
  };
  expect(codes(evaluation(off, { refused: 3 }))).toEqual(
    expect.arrayContaining(['too_low', 'missed', 'only_model', 'intervals', 'refused']),
  );
  const fine: Figures = {
    kappa: figure(0.7, 0.62, 0.78),
    signed_error: figure(0.4, -0.1, 0.9),
    presence_recall: figure(0.7, 0.6, 0.8),
    presence_precision: figure(0.7, 0.6, 0.8),
    coverage: figure(0.75, 0.68, 0.83),
  };
  expect(codes(evaluation(fine))).toEqual([]);
});

test('groups differ only where their intervals do not overlap', () => {
  const group = (value: string, atEqualMarks: Figure) => slice({}, { field: 'group', value, atEqualMarks });
  const differ = evaluation({});
  const apart = [group('a', figure(0.3, 0.2, 0.4)), group('b', figure(-0.3, -0.4, -0.2))];
  expect(verdictOf({ ...differ, slices: [slice({}), ...apart] }, 0.6).statements).toContainEqual({
    ...{ code: 'slices_differ', field: 'group', values: ['a', 'b'] },
  });
  const near = [group('a', figure(0.3, -0.1, 0.7)), group('b', figure(-0.3, -0.4, -0.05))];
  expect(codes({ ...differ, slices: [slice({}), ...near] })).not.toContain('slices_differ');
});
