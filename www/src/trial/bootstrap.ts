/**
 * Intervals by the bootstrap (Efron 1979), as the trainer has them (trainer/src/evaluation/bootstrap.rs, measures.rs): a
 * resample draws whole texts, with all their marks, as often as there are texts, and the interval holds the middle 95 % of
 * the values in 1,000 resamples. The seed is fixed, so the same marks give the same intervals.
 */
import { nextTask } from '../component/motion';
import { seeded } from '../component/seeded';

export const RESAMPLES = 1_000;
export const SEED = 1;
/** Share of resamples inside an interval. */
export const CONFIDENCE = 0.95;

/** How long the page may be kept from answering, in milliseconds. */
const SLICE = 12;

/** A value with its interval; there is none where fewer than half of the resamples define the value. */
export interface Figure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** How often a resample has each of so many texts; the same number gives the same resample. */
export function drawn(texts: number, resample: number, seed = SEED): Float64Array {
  const random = seeded(seed ^ Math.imul(resample + 1, 0x9e3779b9));
  const times = new Float64Array(texts);
  for (let i = 0; i < texts; i++) {
    const at = Math.floor(random() * texts);
    times[at] = (times[at] ?? 0) + 1;
  }
  return times;
}

/**
 * Returns a function to be awaited between two pieces of work: it lets the page work when that has been kept waiting.
 * @param signal ends the work; then it rejects with the signal's reason
 */
export function paced(signal?: AbortSignal): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < SLICE) return;
    await nextTask();
    signal?.throwIfAborted();
    begun = performance.now();
  };
}

/**
 * Calls a function with the weights of every text in each resample. The page works in between.
 * @param signal ends it; then it rejects with the signal's reason
 */
export async function resample(
  texts: number,
  count: number,
  take: (weights: Float64Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const rest = paced(signal);
  for (let i = 0; i < count; i++) {
    take(drawn(texts, i));
    await rest();
  }
}

/**
 * The ends of the interval that holds the middle `share` of the values, by linear interpolation between them; null for fewer
 * than two values.
 */
export function percentiles(values: readonly number[], share: number): readonly [number, number] | null {
  if (values.length < 2) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (q: number) => {
    const place = q * (sorted.length - 1);
    const below = Math.floor(place);
    const [a = NaN, b = a] = [sorted[below], sorted[below + 1]];
    return a + (place - below) * (b - a);
  };
  return [at((1 - share) / 2), at((1 + share) / 2)];
}

/** A figure of the value on all texts and the values in resamples; null if it is not defined. */
export function figure(value: number, resampled: readonly number[]): Figure | null {
  if (!Number.isFinite(value)) return null;
  const defined = resampled.filter((other) => Number.isFinite(other));
  const [low, high] = (2 * defined.length > resampled.length && percentiles(defined, CONFIDENCE)) || [];
  return { value, low: low ?? null, high: high ?? null };
}
