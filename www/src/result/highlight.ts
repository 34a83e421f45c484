/** Cuts a text into the stretches that are evidence, those that did not count, and all others. */
import type { Assessment, Polarity, Reason, Span } from '../engine/contract';

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
  /** Why it did not count; null where it did. */
  readonly leftOut: Reason | null;
}

/**
 * Cuts a text wherever evidence begins or ends, and a part that did not count. The segments, joined, are the text; each
 * part that did not count is one of them, and without marks.
 * @param only a competency whose evidence alone counts; null for all
 */
export function segments(text: string, assessment: Assessment, only: string | null = null): Segment[] {
  const wanted = assessment.competencies.filter(({ id }) => only === null || id === only);
  const { left_out } = assessment;
  const counts = ({ start, end }: Span) => left_out.every((part) => end <= part.start || part.end <= start);
  const spans = wanted.flatMap(({ id, evidence }) =>
    evidence.filter(counts).map(({ start, end, polarity, weight }) => ({
      start,
      end,
      mark: { competency: id, polarity, weight },
    })),
  );
  const borders = [...spans, ...left_out].flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, text.length, ...borders])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1] ?? text.length;
    const marks = spans.filter((span) => span.start <= start && end <= span.end).map(({ mark }) => mark);
    const leftOut = left_out.find((part) => part.start === start)?.reason ?? null;
    return { start, text: text.slice(start, end), marks, leftOut };
  });
}

/** Tells polarity by shape as well as by colour. */
export function sign(polarity: Polarity): string {
  return polarity === 'positive' ? '＋' : '－';
}
