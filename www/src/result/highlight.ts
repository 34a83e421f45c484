/** Which stretches of a text are evidence for what. */
import type { Assessment, Polarity } from '../engine/contract';

export interface Mark {
  readonly competency: string;
  readonly polarity: Polarity;
  readonly weight: number;
}

export interface Segment {
  readonly start: number;
  readonly text: string;
  /** Empty where the text is no evidence. */
  readonly marks: readonly Mark[];
}

/** Cuts a text where evidence (for one competency, or for all) begins or ends; the segments joined are the text. */
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
