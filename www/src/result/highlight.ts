/** Cuts a text into the stretches that are evidence and those that are not. */
import type { Assessment, Polarity } from '../engine/contract';

export interface Mark {
  readonly competency: string;
  readonly polarity: Polarity;
  readonly weight: number;
}

export interface Segment {
  readonly start: number;
  readonly text: string;
  /** Empty where the text is not evidence. */
  readonly marks: readonly Mark[];
}

/**
 * Cuts a text wherever evidence begins or ends. The segments, joined, are the text.
 * @param only a competency whose evidence alone counts; null for all
 */
export function segments(text: string, assessment: Assessment, only: string | null = null): Segment[] {
  const wanted = assessment.competencies.filter(({ id }) => only === null || id === only);
  const spans = wanted.flatMap(({ id, evidence }) =>
    evidence.map(({ start, end, polarity, weight }) => ({
      start,
      end,
      mark: { competency: id, polarity, weight },
    })),
  );
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1] ?? text.length;
    const marks = spans.filter((span) => span.start <= start && end <= span.end).map(({ mark }) => mark);
    return { start, text: text.slice(start, end), marks };
  });
}

/** Tells polarity by shape as well as by colour. */
export function sign(polarity: Polarity): string {
  return polarity === 'positive' ? '＋' : '－';
}
