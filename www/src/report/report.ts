/** A text with what is known about it, and what came of assessing it. Everything here can be written as JSON. */
import type { Assessment, Objection, Scale, Whose } from '../engine/contract';

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

/** A person's own levels by the id of the competency; null where they are not sure. */
export type SelfRating = Readonly<Record<string, number | null>>;

/** A level with which a reviewer replaced the model's, and why. */
export interface Correction {
  readonly competency: string;
  /** Null if the text does not show it. */
  readonly level: number | null;
  readonly was: number | null;
  readonly reason: string;
  readonly reviewer: string;
  readonly date: string;
}

export interface Result {
  readonly report: Report;
  readonly assessment: Assessment;
  readonly self: SelfRating | null;
  readonly corrections: readonly Correction[];
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

/** The level that counts: that of a reviewer's last correction, or else the model's. */
export function levelOf(
  result: Pick<Result, 'assessment' | 'corrections'>,
  competency: string,
): number | null {
  const correction = result.corrections.findLast((entry) => entry.competency === competency);
  if (correction) return correction.level;
  return result.assessment.competencies.find(({ id }) => id === competency)?.level ?? null;
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
