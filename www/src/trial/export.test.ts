import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../files/table';
import { assessment, rubric } from '../testing/fixtures';
import { evaluate, type Judged } from './evaluation';
import { figuresTable, marksTable, ownMarks, template } from './export';
import { guessColumns, unite, type Marks, type TrialText } from './marks';

const text = (rest: Partial<TrialText> = {}): TrialText => ({
  ...{ key: 'k', id: '', text: 'We met.', language: '', group: '', date: '', raters: new Map() },
  ...rest,
});

/** The rows of a table, as the page reads it again. */
const read = (csv: string) => parse(csv.replace(/^\ufeff/, '').trim());

test.each(['en', 'zh'] as const)('every column of the template is recognised in %s', (language) => {
  const { roles, marks } = guessColumns(read(template(rubric, language)), rubric);
  expect(Object.keys(roles)).toHaveLength(6);
  expect(Object.keys(marks)).toEqual(rubric.competencies.map(({ id }) => id));
});

test('marks that were saved come back with their text', () => {
  const part = fc.constantFrom('- gave 5 %', '=1+1', '"quoted"', 'a,b', '\n', ' ', '；', '漢字', 'x');
  const words = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const mark = fc.constantFrom(null, undefined, 1, 2, 3, 4, 5, 2.5);
  fc.assert(
    fc.property(words, fc.array(mark, { minLength: 7, maxLength: 7 }), (own, given) => {
      fc.pre(own.trim() !== '' && given.some((one) => one !== undefined));
      const marks: Marks = Object.fromEntries(
        rubric.competencies.flatMap(({ id }, i) => (given[i] === undefined ? [] : [[id, given[i]]])),
      );
      const saved = ownMarks([text({ text: own.trim() })], new Map([['k', marks]]), 'R=1', rubric, 'en');
      const cells = read(saved);
      const table = { file: new File([], 'r.csv'), cells, columns: guessColumns(cells, rubric) };
      const { texts, problems } = unite([], [table], rubric);
      expect(problems).toEqual([]);
      expect(texts.map((one) => one.text)).toEqual([own.trim()]);
      expect(texts[0]?.raters.get('R=1')).toEqual(marks);
    }),
  );
});

test('tables of results have no texts, and no formula', async () => {
  const judged = Array.from({ length: 12 }, (_, i): Judged => ({
    text: text({
      ...{ key: `${i}`, id: `=cmd|${i}`, text: 'SECRET', group: '@sum' },
      raters: new Map([['+A', { planning: i === 11 ? null : 1 + (i % 5), growth: null }]]),
    }),
    assessment: assessment({ planning: { level: 2.25 } }),
  }));
  const evaluation = await evaluate(judged, rubric, undefined, 20);
  const marks = marksTable(judged, rubric, evaluation.raters, ['-about']);
  const figures = figuresTable(evaluation, ['-about']);
  for (const csv of [marks, figures]) {
    expect(csv).not.toContain('SECRET');
    for (const cell of read(csv).flat()) expect(cell).not.toMatch(/^[=+@]|^-(?!\d+(\.\d+)?$)/);
  }
  const [head = [], ...rows] = read(marks);
  const planning = rows.find((row) => row[head.indexOf('competency')] === 'planning') ?? [];
  expect(planning[head.indexOf('mark: +A')]).toBe('1');
  expect(planning[head.indexOf('model_level')]).toBe('2.25');
  expect(planning[head.indexOf('error')]).toBe('1.25');
  expect(rows).toHaveLength(12 * rubric.competencies.length);
  const names = read(figures).map((row) => row[6]);
  expect(names).toEqual(expect.arrayContaining(['kappa', 'mae', 'signed_error', 'coverage', 'presence_f1']));
});
