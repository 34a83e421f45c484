/**
 * What the page in a content package needs of a learning platform, whichever standard it speaks, and how talking to one
 * fails. scorm.ts and cmi5.ts speak the standards; what may be reported, and when, is decided in learning.ts.
 */
import type { Translations } from '../engine/contract';
import type { Code, Table } from '../languages/text';

/** The standards that a content package can be made for. */
export const STANDARDS = ['scorm12', 'scorm2004', 'cmi5'] as const;

export type Standard = (typeof STANDARDS)[number];

/** A level that the person agreed to send. */
export interface SentLevel {
  /** The id of the rubric and that of the competency. */
  readonly id: string;
  readonly name: Translations;
  /** With one decimal, as it is shown. */
  readonly level: number;
  readonly min: number;
  readonly max: number;
}

export interface Platform {
  /** The host to which everything is sent. */
  readonly recipient: string;
  /** The language that the person chose on the platform, as a BCP 47 tag; empty if none is known. */
  readonly language: string;
  /** Whether anything may be reported. It may not where somebody only looks at the course, or reviews it. */
  readonly records: boolean;
  /** Whether this activity was completed before, in an earlier session. */
  readonly completed: boolean;
  /** Whether {@link note} goes with each level. */
  readonly notes: boolean;
  /** The page to go to when the person leaves; undefined where the platform itself shows something to leave by. */
  readonly returnTo: string | undefined;
  /** Reports that the activity is completed. Rejects with a PlatformError. */
  complete(): Promise<void>;
  /**
   * Sends levels; with SCORM they take the place of those that were sent before. Rejects with a PlatformError.
   * @param language of the note, where it can have only one
   */
  send(levels: readonly SentLevel[], language: Code): Promise<void>;
  /** Reports the time and ends the session, while the page is being left. Nothing can be sent afterwards. */
  end(): void;
}

/** What a level is, for whoever sees it on the platform: at most 250 characters with SCORM. */
export const note: Table<string> = {
  en: 'A level from 1 to 5 that an AI system gave to one text, or that a person gave who corrected it. Not the score of a test.',
  zh: 'AI 系统针对一段文字给出的等级（1 至 5），或由人工更正后的等级。不是考试成绩。',
};

export type PlatformErrorCode =
  /** There is no platform: the page was opened by itself. */
  | 'no_platform'
  /** The session is over, or the address was used before. */
  | 'session_over'
  /** The platform opened the page in a way that the standard does not allow. */
  | 'launch_invalid'
  | 'unreachable'
  /** The platform answered with an error. */
  | 'refused'
  /** The platform has no place for levels, which SCORM 1.2 leaves to it. */
  | 'levels_unsupported';

/** The message is for developers and names what the platform said; words.ts has what a person reads. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  constructor(
    readonly code: PlatformErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Wraps anything that is no PlatformError in one with the code `refused`. */
export const asPlatformError = (thrown: unknown): PlatformError =>
  thrown instanceof PlatformError ? thrown : new PlatformError('refused', String(thrown));

/** How much of a scale lies below a level, from 0 to 1. */
export const scaled = ({ level, min, max }: SentLevel): number =>
  Math.round(((level - min) / (max - min)) * 1e4) / 1e4;
