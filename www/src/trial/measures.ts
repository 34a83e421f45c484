/**
 * The measures of a trial: kappa, errors, presence, calibration. Definitions and names are those of the trainer
 * (trainer/src/evaluation/metrics.rs, measures.rs and samples.rs), so that figures can be put beside the model card's.
 * Every measure takes a weight for each text, so a bootstrap resample is a vector of weights; weights of 1 give the textbook
 * definition. NaN stands for a value that the data do not define. What is compared with what is left to evaluation.ts.
 */

/** Names as in the trainer's evaluation.json. */
export const MEASURES = [
  /** Quadratic weighted kappa between the level, rounded to the grid, and the mark. */
  'kappa',
  /** Mean absolute error of the level. */
  'mae',
  /** Mean of level minus mark: the bias. */
  'signed_error',
  /** Exact agreement on the grid. */
  'level_accuracy',
  /** Expected calibration error of the most likely level's probability. */
  'level_ece',
  /** Share of marks inside the interval of the level. */
  'coverage',
  'presence_precision',
  'presence_recall',
  'presence_f1',
  'presence_ece',
  /** Share of the texts that the gate refuses. */
  'accounts_refused',
] as const;

export type Measure = (typeof MEASURES)[number];

export type Values = Readonly<Record<Measure, number>>;

/** A level that both sides gave for a competency of a text. */
export interface LevelPair {
  /** Number of the text. */
  readonly text: number;
  /** Number of the competency. */
  readonly competency: number;
  /** The mark. */
  readonly truth: number;
  readonly level: number;
  /** 1 if the mark is inside the level's interval, 0 if not; NaN where there is no interval. */
  readonly covered: number;
  /** Probability of the most likely level; NaN where there is none. */
  readonly confidence: number;
  /** How far the most likely level is right, from 0 to 1. */
  readonly right: number;
}

/** Whether a text shows a competency, by both sides. */
export interface PresencePair {
  /** Number of the text. */
  readonly text: number;
  readonly actual: boolean;
  readonly predicted: boolean;
  /** NaN where there is none. */
  readonly probability: number;
}

/** What is judged together. */
export interface Sample {
  readonly levels: readonly LevelPair[];
  readonly presence: readonly PresencePair[];
  /** The texts, and whether the gate accepted them. */
  readonly gate: readonly { readonly text: number; readonly accepted: boolean }[];
}

/** The levels on which marks can lie. */
export interface Grid {
  readonly lowest: number;
  readonly highest: number;
  readonly step: number;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : NaN);

/** The class of a level on the grid. */
const classOf = (level: number, { lowest, step }: Grid): number => Math.round((level - lowest) / step);

const classesOf = ({ lowest, highest, step }: Grid): number => Math.round((highest - lowest) / step) + 1;

/**
 * Cohen's kappa with quadratic weights (Cohen 1968) of a confusion matrix, `[true · classes + predicted]`; 0 where both
 * sides gave one and the same class only, so that chance cannot be beaten.
 */
export function quadraticKappa(counts: Readonly<ArrayLike<number>>, classes: number): number {
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let all = 0;
  let observed = 0;
  for (let a = 0; a < classes; a++) {
    for (let p = 0; p < classes; p++) {
      const count = counts[a * classes + p] ?? 0;
      actual[a] = (actual[a] ?? 0) + count;
      predicted[p] = (predicted[p] ?? 0) + count;
      all += count;
      observed += (a - p) ** 2 * count;
    }
  }
  let expected = 0;
  for (let a = 0; a < classes; a++)
    for (let p = 0; p < classes; p++) expected += (a - p) ** 2 * (actual[a] ?? 0) * (predicted[p] ?? 0);
  if (all === 0) return NaN;
  return expected > 0 ? 1 - (observed * all) / expected : 0;
}

/** Number of bins of a reliability diagram. */
const BINS = 10;

/** A bin of a reliability diagram. */
export interface Bin {
  /** Weight of what is in it. */
  readonly count: number;
  /** Mean of the probabilities. */
  readonly confidence: number;
  /** Share that was right. */
  readonly right: number;
}

/** Probabilities against how often they were right, in ten bins of equal width. */
class Reliability {
  private readonly counts = new Float64Array(BINS);
  private readonly sums = new Float64Array(BINS);
  private readonly hits = new Float64Array(BINS);

  add(confidence: number, right: number, weight: number): void {
    if (Number.isNaN(confidence)) return;
    const bin = Math.min(Math.floor(confidence * BINS), BINS - 1);
    this.counts[bin] = (this.counts[bin] ?? 0) + weight;
    this.sums[bin] = (this.sums[bin] ?? 0) + weight * confidence;
    this.hits[bin] = (this.hits[bin] ?? 0) + weight * right;
  }

  /** Expected calibration error (Naeini et al. 2015). */
  error(): number {
    let gaps = 0;
    let all = 0;
    for (let bin = 0; bin < BINS; bin++) {
      gaps += Math.abs((this.sums[bin] ?? 0) - (this.hits[bin] ?? 0));
      all += this.counts[bin] ?? 0;
    }
    return ratio(gaps, all);
  }

  /** The bins that hold something. */
  filled(): Bin[] {
    return Array.from(this.counts, (count, bin) => ({
      count,
      confidence: (this.sums[bin] ?? 0) / count,
      right: (this.hits[bin] ?? 0) / count,
    })).filter(({ count }) => count > 0);
  }
}

/** The value of every measure. @param weights one a text */
export function valuesOf(sample: Sample, grid: Grid, weights: Readonly<ArrayLike<number>>): Values {
  const classes = classesOf(grid);
  const confusion = new Float64Array(classes * classes);
  const level = new Reliability();
  const presence = new Reliability();
  let all = 0;
  let absolute = 0;
  let signed = 0;
  let exact = 0;
  let covered = 0;
  for (const pair of sample.levels) {
    const weight = weights[pair.text] ?? 0;
    const [a, p] = [classOf(pair.truth, grid), classOf(pair.level, grid)];
    confusion[a * classes + p] = (confusion[a * classes + p] ?? 0) + weight;
    all += weight;
    absolute += weight * Math.abs(pair.level - pair.truth);
    signed += weight * (pair.level - pair.truth);
    exact += a === p ? weight : 0;
    covered += weight * pair.covered;
    level.add(pair.confidence, pair.right, weight);
  }
  let both = 0;
  let predicted = 0;
  let actual = 0;
  for (const pair of sample.presence) {
    const weight = weights[pair.text] ?? 0;
    both += pair.predicted && pair.actual ? weight : 0;
    predicted += pair.predicted ? weight : 0;
    actual += pair.actual ? weight : 0;
    presence.add(pair.probability, pair.actual ? 1 : 0, weight);
  }
  let texts = 0;
  let refused = 0;
  for (const { text, accepted } of sample.gate) {
    const weight = weights[text] ?? 0;
    texts += weight;
    refused += accepted ? 0 : weight;
  }
  return {
    kappa: quadraticKappa(confusion, classes),
    mae: ratio(absolute, all),
    signed_error: ratio(signed, all),
    level_accuracy: ratio(exact, all),
    level_ece: level.error(),
    coverage: ratio(covered, all),
    presence_precision: ratio(both, predicted),
    presence_recall: ratio(both, actual),
    presence_f1: ratio(2 * both, predicted + actual),
    presence_ece: presence.error(),
    accounts_refused: ratio(refused, texts),
  };
}

/** The reliability diagrams of a sample. */
export function reliabilityOf(sample: Sample): { readonly level: Bin[]; readonly presence: Bin[] } {
  const level = new Reliability();
  const presence = new Reliability();
  for (const pair of sample.levels) level.add(pair.confidence, pair.right, 1);
  for (const pair of sample.presence) presence.add(pair.probability, pair.actual ? 1 : 0, 1);
  return { level: level.filled(), presence: presence.filled() };
}

/**
 * The step of the coarsest grid on which all levels lie: 1 for whole levels, 0.5 for halves, and so on down to 0.01. Kappa and
 * exact agreement are computed on that grid, to which levels are rounded.
 */
export function gridStep(levels: readonly number[]): number {
  const fits = (parts: number) =>
    levels.every((level) => Math.abs(level * parts - Math.round(level * parts)) < 1e-3);
  const parts = [1, 2, 3, 4, 5, 10, 20].find(fits);
  return parts === undefined ? 0.01 : 1 / parts;
}
