/** A text with what is known of it, and what came of assessing it. Everything here can be written as JSON. */
import type { Assessment, Rubric } from '../engine/contract';

/** Kinds of text; the same as doc_type in labelled reports. */
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
  /** File name, or empty for what was typed. */
  readonly name: string;
  readonly kind: Kind;
  readonly text: string;
  /** The day it is of, as YYYY-MM-DD. */
  readonly date: string;
}

/** A person's own levels; null where they cannot say. Competencies by id. */
export type SelfRating = Readonly<Record<string, number | null>>;

/** A level that a reviewer put in the place of the model's, and why. */
export interface Correction {
  readonly competency: string;
  /** Null: the text does not show it. */
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

export function newReport(text: string, kind: Kind, name = ''): Report {
  return { id: newId(), name, kind, text, date: isoDay() };
}

/** The level that counts: a reviewer's last correction, or the model's. */
export function levelOf(
  result: Pick<Result, 'assessment' | 'corrections'>,
  competency: string,
): number | null {
  const correction = result.corrections.findLast((entry) => entry.competency === competency);
  if (correction) return correction.level;
  return result.assessment.competencies.find(({ id }) => id === competency)?.level ?? null;
}

/** Every level of a rubric's scale, lowest first. */
export function levels({ scale }: Pick<Rubric, 'scale'>): number[] {
  return Array.from({ length: scale.max - scale.min + 1 }, (_, i) => scale.min + i);
}
