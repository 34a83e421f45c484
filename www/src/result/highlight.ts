/** Cuts a text into the stretches that are evidence, those that did not count, and all others, and says how evidence looks. */
import type { Assessment, Part, Polarity, Reason, Rubric, Span } from '../engine/contract';
import { hue } from './hues';

export interface Mark {
  readonly competency: string;
  readonly polarity: Polarity;
  readonly weight: number;
}

export interface Segment<M = Mark> {
  readonly start: number;
  readonly text: string;
  /** Empty where the text is not evidence. */
  readonly marks: readonly M[];
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
  const marks = wanted.flatMap(({ id, evidence }) =>
    evidence.map(({ start, end, polarity, weight }) => ({ start, end, competency: id, polarity, weight })),
  );
  return cut(text, marks, assessment.left_out);
}

/** The same for marks that are already gathered. */
export function cut<M extends Span>(
  text: string,
  marks: readonly M[],
  leftOut: readonly Part[],
): Segment<M>[] {
  const counts = ({ start, end }: Span) => leftOut.every((part) => end <= part.start || part.end <= start);
  const spans = marks.filter(counts).sort((a, b) => a.start - b.start);
  const parts = new Map(leftOut.map(({ start, reason }) => [start, reason]));
  const borders = [...spans, ...leftOut].flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, text.length, ...borders])].sort((a, b) => a - b);
  let begun = 0;
  let open: M[] = [];
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1] ?? text.length;
    const before = begun;
    while ((spans[begun]?.start ?? Infinity) <= start) begun++;
    open = [...open, ...spans.slice(before, begun)].filter((span) => end <= span.end);
    return { start, text: text.slice(start, end), marks: open, leftOut: parts.get(start) ?? null };
  });
}

/** Tells polarity by shape as well as by colour. */
export function sign(polarity: Polarity): string {
  return polarity === 'positive' ? '＋' : '－';
}

/** How evidence looks: the hue of its strongest competency, its polarity, and its numbers and signs in words. */
export interface Look {
  readonly hue: string;
  readonly polarity: Polarity;
  readonly badge: string;
}

export function look(marks: readonly Mark[], { competencies }: Pick<Rubric, 'competencies'>): Look {
  const index = (competency: string) => competencies.findIndex(({ id }) => id === competency);
  const strongest = marks.reduce<Mark | undefined>(
    (best, mark) => (best && best.weight >= mark.weight ? best : mark),
    undefined,
  );
  return {
    hue: hue(index(strongest?.competency ?? '')),
    polarity: marks.some(({ polarity }) => polarity === 'negative') ? 'negative' : 'positive',
    badge: marks.map(({ competency, polarity }) => `${index(competency) + 1}${sign(polarity)}`).join(' '),
  };
}
