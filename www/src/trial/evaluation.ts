/**
 * Judges the model's levels by raters' marks: every figure with its interval, for all texts and for slices of them, and the
 * raters by each other. measures.ts has the definitions. In one respect a trial differs from `trainer evaluate`: it sees of
 * the model what a person sees, which is no level where the model shows none. So levels are compared where both the raters and
 * the model give one, and all other differences are counted as presence.
 */
import type { Assessment, Rubric } from '../engine/contract';
import { figure, paced, resample, RESAMPLES, type Figure } from './bootstrap';
import { ratersOf, together, type TrialText } from './marks';
import {
  gridStep,
  MEASURES,
  reliabilityOf,
  valuesOf,
  type Bin,
  type Grid,
  type LevelPair,
  type Measure,
  type PresencePair,
  type Sample,
  type Values,
} from './measures';

/** The fewest texts of which a figure is given. */
export const MINIMUM = 10;

/** Text and what the model said of it. */
export interface Judged {
  readonly text: TrialText;
  readonly assessment: Assessment;
}

export type Figures = Readonly<Partial<Record<Measure, Figure>>>;

/** What slices are made by. */
export const FIELDS = ['all', 'competency', 'language', 'length', 'group'] as const;

export type Field = (typeof FIELDS)[number];

/** Figures over some of the texts and competencies. */
export interface Slice {
  readonly field: Field;
  /** Id of a competency, code of a language, a part of the texts by length, or a group as the table names it. */
  readonly value: string;
  /** Texts in the slice. */
  readonly texts: number;
  /** Texts with a level that both sides gave, and the number of these levels. */
  readonly textsWithLevels: number;
  readonly levels: number;
  /** Only of {@link MINIMUM} texts or more; figures of levels need as many texts with levels. */
  readonly figures: Figures;
  /**
   * Mean error of levels compared at equal marks: by how much it is above that of all texts with the same mark for the same
   * competency. As in the trainer, for fields of texts only.
   */
  readonly atEqualMarks: Figure | null;
}

/** Two sides compared; the second is a rater or the model. */
export interface Agreement {
  readonly rater: string;
  /** Null for the model. */
  readonly other: string | null;
  /** Texts that both marked. */
  readonly texts: number;
  readonly levels: number;
  readonly figures: Figures;
}

/** How well raters agree with each other, and with the model: means over the pairs, on the same resamples. */
export interface Comparison {
  readonly measure: 'kappa' | 'presence_f1';
  readonly raters: Figure;
  readonly model: Figure;
  /** The model's minus the raters'. */
  readonly difference: Figure;
}

export interface Evaluation {
  /** Texts that were assessed and marked. */
  readonly texts: number;
  readonly refused: number;
  readonly raters: readonly string[];
  readonly resamples: number;
  /** Step of the grid on which levels are compared. */
  readonly grid: number;
  /** All texts first. */
  readonly slices: readonly Slice[];
  readonly reliability: { readonly level: readonly Bin[]; readonly presence: readonly Bin[] };
  /** Pairs of raters, and each rater with the model. */
  readonly agreements: readonly Agreement[];
  /** Empty unless several raters marked enough of the same texts. */
  readonly comparisons: readonly Comparison[];
}

/** What one side says of a competency of a text: a level, null for "not shown", undefined for nothing at all. */
type Side = number | null | undefined;

/** Measures that are about levels. */
const OF_LEVELS: readonly Measure[] = [
  'kappa',
  'mae',
  'signed_error',
  'level_accuracy',
  'level_ece',
  'coverage',
];
/** Measures that mean something between two people. */
const OF_RATERS: readonly Measure[] = ['kappa', 'mae', 'signed_error', 'level_accuracy', 'presence_f1'];

interface Open {
  readonly sample: Sample;
  readonly resampled: Record<Measure, number[]>;
}

const open = (sample: Sample): Open => ({
  sample,
  resampled: Object.fromEntries(MEASURES.map((measure) => [measure, []])) as unknown as Open['resampled'],
});

/** Judges the texts that have marks. Takes a moment, during which the page works; rejects when the signal is aborted. */
export async function evaluate(
  all: readonly Judged[],
  rubric: Rubric,
  signal?: AbortSignal,
  resamples = RESAMPLES,
): Promise<Evaluation> {
  const judged = all.filter(({ text }) => text.raters.size > 0);
  const raters = ratersOf(judged.map(({ text }) => text));
  const { scale, competencies } = rubric;
  const truths = judged.map(({ text }) => competencies.map(({ id }) => together(text, id)));
  const marks = judged.flatMap(({ text }) =>
    [...text.raters.values()].flatMap((own) => Object.values(own).filter((mark) => mark !== null)),
  );
  const known = truths.flat().filter((mark) => typeof mark === 'number');
  const step = gridStep([...marks, ...known]);
  const grid: Grid = { lowest: scale.min, highest: scale.max, step };
  // As in the trainer, a competency that all texts show, or none, says nothing about presence.
  const varies = competencies.map((_, c) => {
    const shown = truths.flatMap((own) => (own[c] === undefined ? [] : [own[c] !== null]));
    return shown.includes(true) && shown.includes(false);
  });
  const ofModel = (
    members: readonly number[],
    wanted: readonly number[],
    truth: (text: number, c: number) => Side,
  ) => sampleOf(judged, rubric, members, wanted, varies, truth);
  const everyText = judged.map((_, i) => i);
  const everyCompetency = competencies.map((_, c) => c);
  const agreed = (text: number, c: number) => truths[text]?.[c];

  const slices = slicesOf(judged, rubric).map((slice) => ({
    ...slice,
    ...open(ofModel(slice.members, slice.competencies, agreed)),
  }));
  const relative = relativeErrors(slices[0]?.sample.levels ?? []);
  const relativeOf = slices.map(({ field, members }) => {
    const own = new Set(members);
    return field === 'all' || field === 'competency' ? [] : relative.filter(({ text }) => own.has(text));
  });
  const relativeResampled = slices.map((): number[] => []);

  const markOf = (rater: string) => (text: number, c: number) =>
    judged[text]?.text.raters.get(rater)?.[competencies[c]?.id ?? ''];
  const pairs = raters.flatMap((rater, i) => [
    ...raters.slice(i + 1).map((other) => ({
      rater,
      other,
      ...open(raterSample(everyText, competencies.length, varies, markOf(rater), markOf(other))),
    })),
    { rater, other: null, ...open(ofModel(everyText, everyCompetency, markOf(rater))) },
  ]);

  await resample(
    judged.length,
    resamples,
    (weights) => {
      for (const { sample, resampled } of [...slices, ...pairs])
        push(resampled, valuesOf(sample, grid, weights));
      for (const [i, errors] of relativeOf.entries()) relativeResampled[i]?.push(weighted(errors, weights));
    },
    signal,
  );

  const ones = new Float64Array(judged.length).fill(1);
  const rest = paced(signal);
  const closed: Slice[] = [];
  for (const [i, { field, value, members, sample, resampled }] of slices.entries()) {
    const textsWithLevels = new Set(sample.levels.map(({ text }) => text)).size;
    const atEqualMarks =
      textsWithLevels >= MINIMUM
        ? figure(weighted(relativeOf[i] ?? [], ones), relativeResampled[i] ?? [])
        : null;
    const figures = close({ sample, resampled }, grid, ones, MEASURES);
    const counts = { texts: members.length, textsWithLevels, levels: sample.levels.length };
    closed.push({ field, value, ...counts, figures, atEqualMarks });
    await rest();
  }
  const agreements: Agreement[] = [];
  for (const { rater, other, sample, resampled } of pairs) {
    const figures = close({ sample, resampled }, grid, ones, OF_RATERS);
    agreements.push({ rater, other, texts: sample.gate.length, levels: sample.levels.length, figures });
    await rest();
  }
  return {
    texts: judged.length,
    refused: judged.filter(({ assessment }) => !assessment.account.accepted).length,
    ...{ raters, resamples, grid: step, slices: closed, agreements },
    reliability: reliabilityOf(slices[0]?.sample ?? { levels: [], presence: [], gate: [] }),
    comparisons: compare(pairs, grid, ones),
  };
}

function push(resampled: Open['resampled'], values: Values): void {
  for (const measure of MEASURES) resampled[measure].push(values[measure]);
}

/** The figures of what has enough texts. */
function close(
  { sample, resampled }: Open,
  grid: Grid,
  ones: Float64Array,
  wanted: readonly Measure[],
): Figures {
  const textsWithLevels = new Set(sample.levels.map(({ text }) => text)).size;
  const values = valuesOf(sample, grid, ones);
  return Object.fromEntries(
    wanted.flatMap((measure) => {
      const texts = OF_LEVELS.includes(measure) ? textsWithLevels : sample.gate.length;
      const found = texts >= MINIMUM ? figure(values[measure], resampled[measure]) : null;
      return found ? [[measure, found] as const] : [];
    }),
  );
}

/** What the model says beside marks. */
function sampleOf(
  judged: readonly Judged[],
  { competencies }: Rubric,
  members: readonly number[],
  wanted: readonly number[],
  varies: readonly boolean[],
  truth: (text: number, competency: number) => Side,
): Sample {
  const levels: LevelPair[] = [];
  const presence: PresencePair[] = [];
  const gate: { text: number; accepted: boolean }[] = [];
  for (const text of members) {
    const assessment = judged[text]?.assessment;
    if (!assessment) continue;
    const { accepted } = assessment.account;
    const own = wanted.map((c) => [c, truth(text, c)] as const).filter(([, mark]) => mark !== undefined);
    if (own.length === 0) continue;
    gate.push({ text, accepted });
    for (const [c, mark] of own) {
      const found = assessment.competencies.find(({ id }) => id === competencies[c]?.id);
      if (!found) continue;
      const { level, likely, interval, distribution } = found;
      if (typeof mark === 'number' && level !== null)
        levels.push({
          ...{ text, competency: c, truth: mark, level },
          covered: interval ? Number(interval[0] <= mark && mark <= interval[1]) : NaN,
          confidence: likely === null ? NaN : Math.max(...(distribution ?? [NaN])),
          // A mark between two levels counts for each by its share.
          right: likely === null ? NaN : Math.max(0, 1 - Math.abs(likely - mark)),
        });
      if (varies[c])
        presence.push({
          ...{ text, actual: mark !== null, predicted: level !== null },
          probability: found.presence,
        });
    }
  }
  return { levels, presence, gate };
}

/** What one rater says beside another. */
function raterSample(
  members: readonly number[],
  competencies: number,
  varies: readonly boolean[],
  first: (text: number, competency: number) => Side,
  second: (text: number, competency: number) => Side,
): Sample {
  const levels: LevelPair[] = [];
  const presence: PresencePair[] = [];
  const gate: { text: number; accepted: boolean }[] = [];
  for (const text of members) {
    let both = false;
    for (let c = 0; c < competencies; c++) {
      const [a, b] = [first(text, c), second(text, c)];
      if (a === undefined || b === undefined) continue;
      both = true;
      if (a !== null && b !== null)
        levels.push({ text, competency: c, truth: a, level: b, covered: NaN, confidence: NaN, right: NaN });
      if (varies[c]) presence.push({ text, actual: a !== null, predicted: b !== null, probability: NaN });
    }
    if (both) gate.push({ text, accepted: true });
  }
  return { levels, presence, gate };
}

/** The error of a level, less the mean error of all texts with the same mark for the same competency. */
interface RelativeError {
  readonly text: number;
  readonly error: number;
}

/** As `level_errors` of trainer/src/evaluation/bias.rs. */
function relativeErrors(levels: readonly LevelPair[]): RelativeError[] {
  const cells = groupedBy(levels, ({ competency, truth }) => `${competency} ${Math.round(1_000 * truth)}`);
  return [...cells.values()].flatMap((cell) => {
    const mean = cell.reduce((sum, { level, truth }) => sum + level - truth, 0) / cell.length;
    return cell.map(({ text, level, truth }) => ({ text, error: level - truth - mean }));
  });
}

function weighted(errors: readonly RelativeError[], weights: Float64Array): number {
  let sum = 0;
  let all = 0;
  for (const { text, error } of errors) {
    sum += (weights[text] ?? 0) * error;
    all += weights[text] ?? 0;
  }
  return all > 0 ? sum / all : NaN;
}

/** Means over pairs of raters, and over raters with the model, of what enough texts support. */
function compare(
  pairs: readonly (Open & { readonly other: string | null })[],
  grid: Grid,
  ones: Float64Array,
): Comparison[] {
  return (['kappa', 'presence_f1'] as const).flatMap((measure): Comparison[] => {
    const usable = pairs.filter(({ sample }) => {
      const of = measure === 'kappa' ? sample.levels : sample.presence;
      return new Set(of.map(({ text }) => text)).size >= MINIMUM;
    });
    const people = usable.filter(({ other }) => other !== null);
    const model = usable.filter(({ other }) => other === null);
    if (people.length === 0 || model.length === 0) return [];
    const value = (of: readonly Open[]) =>
      mean(of.map(({ sample }) => valuesOf(sample, grid, ones)[measure]));
    const inResample = (of: readonly Open[], i: number) =>
      mean(of.map(({ resampled }) => resampled[measure][i] ?? NaN));
    const numbers = people[0]?.resampled[measure].map((_, i) => i) ?? [];
    const found = {
      raters: figure(
        value(people),
        numbers.map((i) => inResample(people, i)),
      ),
      model: figure(
        value(model),
        numbers.map((i) => inResample(model, i)),
      ),
      difference: figure(
        value(model) - value(people),
        numbers.map((i) => inResample(model, i) - inResample(people, i)),
      ),
    };
    const { raters, model: own, difference } = found;
    return raters && own && difference ? [{ measure, raters, model: own, difference }] : [];
  });
}

/** The items with each key, in the order in which the keys come. */
function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Members {
  readonly field: Field;
  readonly value: string;
  /** Numbers of the texts. */
  readonly members: readonly number[];
  /** Indices of the competencies. */
  readonly competencies: readonly number[];
}

/** The parts of the texts by length within their language, shortest first. */
export const LENGTHS = { 2: ['shorter', 'longer'], 4: ['1 shortest', '2', '3', '4 longest'] } as const;

/** Everything, each competency, each language, parts by length, each group. */
function slicesOf(judged: readonly Judged[], { competencies }: Rubric): Members[] {
  const everyText = judged.map((_, i) => i);
  const every = competencies.map((_, c) => c);
  const by = (field: Field, valueOf: (judged: Judged) => string): Members[] => {
    const groups = groupedBy(everyText, (i) => {
      const one = judged[i];
      return one ? valueOf(one) : '';
    });
    return [...groups]
      .filter(([value]) => value !== '')
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([value, members]) => ({ field, value, members, competencies: every }));
  };
  const languages = by('language', languageOf);
  return [
    { field: 'all', value: '', members: everyText, competencies: every },
    ...competencies.map(({ id }, c): Members => ({
      ...{ field: 'competency', value: id, members: everyText, competencies: [c] },
    })),
    ...languages,
    ...byLength(
      judged,
      languages.map(({ members }) => members),
      every,
    ),
    ...by('group', ({ text }) => text.group),
  ];
}

/** Parts by length: quarters as in the trainer, or halves where quarters would be too small for figures. */
function byLength(
  judged: readonly Judged[],
  languages: readonly (readonly number[])[],
  competencies: readonly number[],
): Members[] {
  const names = LENGTHS[judged.length >= 4 * MINIMUM ? 4 : 2];
  const parts = names.map((): number[] => []);
  for (const members of languages) {
    const length = (i: number) => judged[i]?.text.text.length ?? 0;
    const sorted = [...members].sort((a, b) => length(a) - length(b));
    for (const [i, member] of sorted.entries())
      parts[Math.floor((i * names.length) / members.length)]?.push(member);
  }
  return names.map((value, i) => ({ field: 'length', value, members: parts[i] ?? [], competencies }));
}

/** The language that a table names, or else the one that the model found. */
export function languageOf({ text, assessment }: Judged): string {
  const named = text.language.trim().toLowerCase();
  if (/^(zh|cn|chinese|中文|汉语|简体中文)/.test(named)) return 'zh';
  if (/^(en|english|英文|英语)/.test(named)) return 'en';
  return named || assessment.language;
}

/** A competency of a text on which the raters and the model differ. */
export interface Case {
  readonly judged: Judged;
  readonly competency: string;
  /** The raters' mark together; null for "not shown". */
  readonly mark: number | null;
  readonly level: number | null;
  /** Level minus mark; null where one side has none. */
  readonly error: number | null;
}

/** Which kind of difference a case is. */
export const KINDS = ['levels', 'missed', 'only_model'] as const;

export type CaseKind = (typeof KINDS)[number];

/** The cases of a kind, worst first: the largest error, the marks furthest from the middle, the most certain levels. */
export function worst(judged: readonly Judged[], { competencies, scale }: Rubric, kind: CaseKind): Case[] {
  const middle = (scale.min + scale.max) / 2;
  const cases = judged.flatMap((one) =>
    competencies.flatMap(({ id }): (Case & { size: number })[] => {
      const mark = together(one.text, id);
      const found = one.assessment.competencies.find((other) => other.id === id);
      if (mark === undefined || !found) return [];
      const { level } = found;
      const both = mark !== null && level !== null;
      const error = both ? level - mark : null;
      const here = { judged: one, competency: id, mark, level, error };
      if (kind === 'levels') return error === null ? [] : [{ ...here, size: Math.abs(error) }];
      if (kind === 'missed')
        return mark !== null && level === null ? [{ ...here, size: Math.abs(mark - middle) }] : [];
      return mark === null && level !== null ? [{ ...here, size: found.presence }] : [];
    }),
  );
  return cases.sort((a, b) => b.size - a.size);
}
