/**
 * What the figures of a trial allow to be said, as statements that words.ts puts into sentences. Nothing is said that an
 * interval does not support: where it holds the figure that would be enough, the trial has not decided.
 */
import type { Figure } from './bootstrap';
import { MINIMUM, type Evaluation, type Field } from './evaluation';

/** The kappa that is enough unless the person set another one; a convention, as docs/trial.md says. */
export const ENOUGH = 0.6;

/** A trial of fewer texts is small, whatever its figures. */
export const SMALL = 30;

/** The width of an interval of kappa that tells something. */
const NARROW = 0.2;

/** By how much the model may agree less with the raters than they do with each other to be like one of them. */
export const MARGIN = 0.1;

/** Raters who agree less than this do not mean the same by a level (Landis and Koch 1977: no more than fair agreement). */
const FAIR = 0.4;

/** A bias is named from this size on, in levels. */
const BIAS = 0.25;

/** What the intervals of levels are made to hold. */
const INTERVAL_SHARE = 0.8;

/** Misses, and findings that no rater had, are named where they are more than this share. */
const MANY = 0.4;

export type Conclusion = 'too_few' | 'enough' | 'not_enough' | 'undecided';

export type Statement =
  | { readonly code: 'more'; readonly texts: number; readonly more: number; readonly kappa: Figure | null }
  | { readonly code: 'like_raters' | 'below_raters' | 'raters_undecided'; readonly difference: Figure }
  | { readonly code: 'raters_differ'; readonly kappa: Figure }
  | { readonly code: 'one_rater' }
  | { readonly code: 'too_high' | 'too_low' | 'missed' | 'only_model' | 'intervals'; readonly figure: Figure }
  | { readonly code: 'refused'; readonly refused: number; readonly texts: number }
  | { readonly code: 'slices_differ'; readonly field: Field; readonly values: readonly [string, string] };

export interface Verdict {
  readonly conclusion: Conclusion;
  /** The kappa that was to be enough. */
  readonly enough: number;
  readonly kappa: Figure | null;
  readonly statements: readonly Statement[];
}

/** @param enough the kappa that is to be enough */
export function verdictOf(evaluation: Evaluation, enough: number): Verdict {
  const { texts, refused, raters } = evaluation;
  const figures = evaluation.slices[0]?.figures ?? {};
  const kappa = figures.kappa ?? null;
  const statements: Statement[] = [];
  const more = moreTexts(texts, kappa);
  if (more > 0) statements.push({ code: 'more', texts, more, kappa });

  const compared = evaluation.comparisons.find(({ measure }) => measure === 'kappa');
  if (compared) {
    const { difference, raters: theirs } = compared;
    if (theirs.value < FAIR) statements.push({ code: 'raters_differ', kappa: theirs });
    if ((difference.low ?? -1) >= -MARGIN) statements.push({ code: 'like_raters', difference });
    else if ((difference.high ?? 1) < 0) statements.push({ code: 'below_raters', difference });
    else statements.push({ code: 'raters_undecided', difference });
  } else if (raters.length === 1) statements.push({ code: 'one_rater' });

  const bias = figures.signed_error;
  if (bias && bias.value >= BIAS && (bias.low ?? 0) > 0) statements.push({ code: 'too_high', figure: bias });
  if (bias && bias.value <= -BIAS && (bias.high ?? 0) < 0) statements.push({ code: 'too_low', figure: bias });
  const { presence_recall: recall, presence_precision: precision, coverage } = figures;
  if (recall && 1 - recall.value > MANY) statements.push({ code: 'missed', figure: recall });
  if (precision && 1 - precision.value > MANY) statements.push({ code: 'only_model', figure: precision });
  if (coverage && (coverage.high ?? 1) < INTERVAL_SHARE)
    statements.push({ code: 'intervals', figure: coverage });
  if (refused > 0) statements.push({ code: 'refused', refused, texts });
  statements.push(...differences(evaluation));
  return { conclusion: conclusionOf(kappa, enough), enough, kappa, statements };
}

function conclusionOf(kappa: Figure | null, enough: number): Conclusion {
  if (!kappa || kappa.low === null || kappa.high === null) return 'too_few';
  if (kappa.low >= enough) return 'enough';
  return kappa.high < enough ? 'not_enough' : 'undecided';
}

/**
 * How many more texts would make the interval of kappa narrow, as its width falls with the square root of their number; 0 if it
 * is narrow already. A small trial needs more in any case.
 */
export function moreTexts(texts: number, kappa: Figure | null): number {
  const width = kappa?.low != null && kappa.high !== null ? kappa.high - kappa.low : null;
  const wanted = width === null ? SMALL : Math.max(SMALL, texts * (width / NARROW) ** 2);
  const missing = wanted - texts;
  // Less than a text is a matter of rounding.
  return missing < 1 ? 0 : Math.max(10, Math.ceil(missing / 10) * 10);
}

/** Fields of which two values have errors, compared at equal marks, whose intervals do not overlap. */
function differences({ slices }: Evaluation): Statement[] {
  return (['language', 'length', 'group'] as const).flatMap((field): Statement[] => {
    const known = slices.flatMap(({ field: of, value, atEqualMarks, textsWithLevels }) => {
      if (of !== field || textsWithLevels < MINIMUM) return [];
      const { low, high } = atEqualMarks ?? { low: null, high: null };
      return low === null || high === null ? [] : [{ value, low, high }];
    });
    const highest = known.reduce<(typeof known)[number] | undefined>(
      (a, b) => (a && a.low >= b.low ? a : b),
      undefined,
    );
    const lowest = known.reduce<(typeof known)[number] | undefined>(
      (a, b) => (a && a.high <= b.high ? a : b),
      undefined,
    );
    if (!highest || !lowest || lowest.high >= highest.low) return [];
    return [{ code: 'slices_differ', field, values: [highest.value, lowest.value] }];
  });
}
