/** Writes what came of a trial as tables: all marks beside the model's levels, all figures, a rater's own marks, and a template. */
import type { Rubric } from '../engine/contract';
import { asCsv } from '../files/csv';
import type { Code } from '../languages/text';
import { translated } from '../languages/text';
import { isoDay } from '../report/report';
import type { Figure } from './bootstrap';
import type { Evaluation, Judged } from './evaluation';
import { languageOf } from './evaluation';
import { together, WRITTEN, type Marks, type TrialText } from './marks';
import { MEASURES } from './measures';

/** What a text is called in tables; its words are left out. */
export const nameOf = ({ id }: Pick<TrialText, 'id'>, index: number): string => id || `#${index + 1}`;

const decimal = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? ''
    : String(Math.round(1_000 * value) / 1_000);

const written = (mark: number | null | undefined): string => {
  if (mark === undefined) return WRITTEN.unmarked;
  return mark === null ? WRITTEN.notShown : decimal(mark);
};

/** One row for each text and competency: every rater's mark, theirs together, and the model's level. */
export function marksTable(
  judged: readonly Judged[],
  rubric: Rubric,
  raters: readonly string[],
  about: readonly string[],
): string {
  const head = [
    ...['text', 'language', 'characters', 'author_group', 'date', 'competency'],
    ...raters.map((rater) => `mark: ${rater}`),
    ...['marks_together', 'model_level', 'interval_low', 'interval_high', 'model_likely', 'model_presence'],
    ...[
      'error',
      'in_interval',
      'accepted',
      'model',
      'model_sha256',
      'rubric',
      'rubric_version',
      'saved_on',
      'about',
    ],
  ];
  const rows = judged.flatMap((one, i) => {
    const { text, assessment } = one;
    const { model, account } = assessment;
    return rubric.competencies.map(({ id }) => {
      const found = assessment.competencies.find((other) => other.id === id);
      const mark = together(text, id);
      const level = found?.level ?? null;
      const [low, high] = found?.interval ?? [null, null];
      const both = typeof mark === 'number' && level !== null;
      return [
        ...[nameOf(text, i), languageOf(one), String(text.text.length), text.group, text.date, id],
        ...raters.map((rater) => {
          const own = text.raters.get(rater);
          return own ? written(own[id]) : '';
        }),
        ...[mark === undefined ? '' : written(mark), level === null ? WRITTEN.notShown : decimal(level)],
        ...[decimal(low), decimal(high), decimal(found?.likely), decimal(found?.presence)],
        both ? decimal(level - mark) : '',
        both && low !== null ? String(low <= mark && mark <= high) : '',
        ...[String(account.accepted), model.id, model.sha256],
        ...[assessment.rubric.id, String(assessment.rubric.version), isoDay(), about.join(' ')],
      ];
    });
  });
  return asCsv([head, ...rows]);
}

/** One row for each figure, under the names that the trainer uses. */
export function figuresTable(evaluation: Evaluation, about: readonly string[]): string {
  const head = [
    ...[
      'compared',
      'with',
      'field',
      'value',
      'texts',
      'levels',
      'measure',
      'figure',
      'low',
      'high',
      'saved_on',
      'about',
    ],
  ];
  const ends = (figure: Figure) => [decimal(figure.value), decimal(figure.low), decimal(figure.high)];
  const end = [isoDay(), about.join(' ')];
  const slices = evaluation.slices.flatMap(({ field, value, texts, levels, figures, atEqualMarks }) => {
    const start = ['model', 'raters together', field, value, String(texts), String(levels)];
    const rows = MEASURES.flatMap((measure) => {
      const found = figures[measure];
      return found ? [[...start, measure, ...ends(found), ...end]] : [];
    });
    return atEqualMarks
      ? [...rows, [...start, 'signed_error_at_equal_marks', ...ends(atEqualMarks), ...end]]
      : rows;
  });
  const agreements = evaluation.agreements.flatMap(({ rater, other, texts, levels, figures }) =>
    MEASURES.flatMap((measure) => {
      const found = figures[measure];
      const start = [other ?? 'model', rater, 'all', '', String(texts), String(levels), measure];
      return found ? [[...start, ...ends(found), ...end]] : [];
    }),
  );
  const comparisons = evaluation.comparisons.flatMap(({ measure, raters, model, difference }) => {
    const row = (compared: string, other: string, figure: Figure) => [
      ...[compared, other, 'all', '', String(evaluation.texts), '', `${measure}_mean_of_pairs`],
      ...[...ends(figure), ...end],
    ];
    return [
      row('rater', 'rater', raters),
      row('model', 'rater', model),
      row('model minus rater', 'rater', difference),
    ];
  });
  return asCsv([head, ...slices, ...agreements, ...comparisons]);
}

const COLUMNS: Readonly<Record<Code, readonly string[]>> = {
  en: ['id', 'text', 'rater', 'author group', 'language', 'date'],
  zh: ['编号', '正文', '评分人', '作者组别', '语言', '日期'],
};

const headings = ({ competencies }: Rubric, language: Code) => [
  ...COLUMNS[language],
  ...competencies.map(({ name }) => translated(name, language)),
];

/** An empty table with the headings that are recognised. */
export const template = (rubric: Rubric, language: Code): string => asCsv([headings(rubric, language)]);

/** The marks of one rater, in the columns of the template, to be united with those of others. */
export function ownMarks(
  texts: readonly TrialText[],
  marks: ReadonlyMap<string, Marks>,
  rater: string,
  rubric: Rubric,
  language: Code,
): string {
  const rows = texts.flatMap((text) => {
    const own = marks.get(text.key);
    if (!own) return [];
    const about = [text.id, text.text, rater, text.group, text.language, text.date];
    return [[...about, ...rubric.competencies.map(({ id }) => written(own[id]))]];
  });
  return asCsv([headings(rubric, language), ...rows]);
}
