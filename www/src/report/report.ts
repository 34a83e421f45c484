/** A text with what is known about it, and what came of assessing it. Everything here can be written as JSON. */
import type { Assessment, Objection, Rubric, Scale, Span, Whose } from '../engine/contract';

/** Kinds of text, the same as doc_type in labelled reports. */
export const KINDS = [
  'other',
  'weekly_report',
  'visit_note',
  'call_log',
  'email',
  'chat_message',
  'crm_entry',
  'account_plan',
  'win_review',
  'loss_review',
  'complaint',
  'trade_show',
  'monthly_summary',
  'self_review',
  'interview_answer',
] as const;

export type Kind = (typeof KINDS)[number];

export function asKind(value: unknown): Kind {
  return KINDS.find((kind) => kind === value) ?? 'other';
}

export interface Report {
  readonly id: string;
  /** Name of its file; empty if it was typed. */
  readonly name: string;
  readonly kind: Kind;
  readonly text: string;
  /** Its day, as YYYY-MM-DD. */
  readonly date: string;
  /** Whose words count, if the person has said so. */
  readonly whose?: Whose | undefined;
  /** The sentences of which the person said that they are no evidence. Their offsets hold for this text only. */
  readonly objections?: readonly Objection[] | undefined;
}

/** How many characters of a text stand for its name. */
const TITLE_LENGTH = 24;

/** What a report is called among others: its name, or else the beginning of its text. */
export function titleOf({ name, text }: Pick<Report, 'name' | 'text'>): string {
  if (name) return name;
  const [line = ''] = text.trim().split('\n', 1);
  // No more of a long line than can be needed is taken apart.
  const letters = Array.from(line.slice(0, 4 * TITLE_LENGTH).trimEnd());
  return letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH).join('')}…` : letters.join('');
}

/** A person's own levels by the id of the competency; null where they are not sure. */
export type SelfRating = Readonly<Record<string, number | null>>;

/**
 * A level with which a reviewer replaced the model's, or confirmed it, and why. Corrections are only ever added: the
 * newest one counts, and the earlier ones stay visible.
 */
export interface Correction {
  readonly competency: string;
  /** Null if the text does not show it. */
  readonly level: number | null;
  readonly was: number | null;
  readonly reason: string;
  readonly reviewer: string;
  readonly date: string;
  /** ISO time at which it was made; older corrections have only their day. */
  readonly at?: string | undefined;
  /** The mark that the reviewer gave before they saw the model's level; absent if they gave none. */
  readonly own?: number | null;
  /** Whether the reviewer found the level right and kept it. */
  readonly confirmed?: boolean;
  /** What the reviewer answered to the notes of the person who is assessed. */
  readonly answers?: readonly Answer[];
}

/** Settles a note. */
export interface Answer {
  /** Id of the note. */
  readonly note: string;
  readonly answer: string;
}

/** What a note says of a level or of a sentence. */
export const CLAIMS = ['customer_decided', 'wrong', 'context'] as const;

export type Claim = (typeof CLAIMS)[number];

/** What the person who is assessed says about a level, or about a sentence that counts for it. */
export interface Note {
  readonly id: string;
  readonly competency: string;
  /** The sentence; null if it is about the level. */
  readonly sentence: Span | null;
  readonly claim: Claim;
  readonly text: string;
  /** ISO time at which it was written. */
  readonly at: string;
}

export interface Result {
  readonly report: Report;
  readonly assessment: Assessment;
  readonly self: SelfRating | null;
  readonly corrections: readonly Correction[];
  /** Notes of the person who is assessed; absent if there are none. */
  readonly notes?: readonly Note[] | undefined;
}

/** A random id. crypto.randomUUID exists in secure contexts only. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** A local day as YYYY-MM-DD. */
export function isoDay(date: Date = new Date()): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Where a text in the text area came from. */
export type Origin = Pick<Report, 'name' | 'date'>;

export function newReport(text: string, kind: Kind, name = '', date = isoDay()): Report {
  return { id: newId(), name, kind, text, date };
}

/** The notes on a competency that no reviewer has answered. */
export function openNotes(result: Pick<Result, 'notes' | 'corrections'>, competency: string): Note[] {
  return (result.notes ?? []).filter((note) => note.competency === competency && !answerTo(note, result));
}

/** Whether a reviewer departed from the model's level, confirmed it, or gave no decision. */
export type Review = 'departed' | 'confirmed' | 'none';

/** What the newest correction of a competency did. Reviewers mark whole levels, so they are compared with the likeliest one. */
export function reviewOf(
  { assessment, corrections }: Pick<Result, 'assessment' | 'corrections'>,
  competency: string,
): Review {
  const correction = corrections.findLast((entry) => entry.competency === competency);
  if (!correction) return 'none';
  const likely = assessment.competencies.find(({ id }) => id === competency)?.likely ?? null;
  return correction.confirmed || correction.level === likely ? 'confirmed' : 'departed';
}

/** The answer that settled a note; undefined while it is open. */
export function answerTo(
  note: Note,
  { corrections }: Pick<Result, 'corrections'>,
): { readonly answer: string; readonly reviewer: string } | undefined {
  for (const { answers, reviewer } of corrections) {
    const found = answers?.find((entry) => entry.note === note.id);
    if (found) return { answer: found.answer, reviewer };
  }
  return undefined;
}

/** The level that counts: that of a reviewer's last correction, or else the model's. */
export function levelOf(
  result: Pick<Result, 'assessment' | 'corrections'>,
  competency: string,
): number | null {
  const correction = result.corrections.findLast((entry) => entry.competency === competency);
  if (correction) return correction.level;
  return result.assessment.competencies.find(({ id }) => id === competency)?.level ?? null;
}

/** Whether a company lets a competency count for a kind of text. */
export const countsFor = ({ counts }: Pick<Rubric, 'counts'>, kind: Kind, competency: string): boolean =>
  counts?.[kind]?.includes(competency) ?? true;

/** How many competencies count for the text of a result. */
export const countedIn = ({ assessment, report }: Result, rubric: Pick<Rubric, 'counts'> = {}): number =>
  assessment.competencies.filter(({ id }) => countsFor(rubric, report.kind, id)).length;

/** The levels that count, in the order of the rubric. */
export function levelsOf(
  result: Pick<Result, 'assessment' | 'corrections'>,
  { competencies }: Pick<Rubric, 'competencies'>,
): (number | null)[] {
  return competencies.map(({ id }) => levelOf(result, id));
}

/** The results whose texts are accounts of the writer's own work; the others have no levels. */
export function accounts<R extends Pick<Result, 'assessment'>>(results: readonly R[]): R[] {
  return results.filter(({ assessment }) => assessment.account.accepted);
}

/** An assessment without words of its text: the names of speakers become numbers. */
export function withoutWords(assessment: Assessment): Assessment {
  const speakers = assessment.speakers.map((speaker, i) => ({ ...speaker, name: String(i + 1) }));
  return { ...assessment, speakers };
}

/** Every level of a scale, lowest first. */
export function levels({ min, max }: Scale): number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i);
}

/** Null if there are no values. */
export function mean(values: readonly number[]): number | null {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
