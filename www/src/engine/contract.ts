/**
 * What crosses the border between the page and the wasm. It mirrors src/assessment/schema.rs, src/rubric.rs and
 * src/browser. Offsets are UTF-16 code units, so they can be passed to String.slice.
 */

export type Language = 'zh' | 'en' | 'mixed' | 'other';
export type Translations = Readonly<Record<string, string>>;

export interface Rubric {
  readonly id: string;
  readonly version: number;
  readonly languages: readonly string[];
  readonly scale: {
    readonly min: number;
    readonly max: number;
    readonly names: readonly { readonly level: number; readonly name: Translations }[];
  };
  readonly competencies: readonly Competency[];
  /** The competencies that count for a kind of text, by kind; all of them for a kind that is not named. The page alone reads it. */
  readonly counts?: Readonly<Record<string, readonly string[]>>;
  /** How much competencies weigh in the overall level; 1 where a competency is not named. The page alone reads it. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** The lowest and the highest level. */
export type Scale = Pick<Rubric['scale'], 'min' | 'max'>;

export interface Competency {
  readonly id: string;
  readonly name: Translations;
  readonly definition: Translations;
  readonly levels: readonly { readonly level: number; readonly anchor: Translations }[];
}

export interface ModelInfo {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
}

export interface Assessment {
  readonly schema: 4;
  readonly model: { readonly id: string; readonly sha256: string };
  readonly rubric: { readonly id: string; readonly version: number };
  readonly language: Language;
  readonly offsets: 'utf16' | 'byte';
  readonly length: {
    readonly characters: number;
    readonly sentences: number;
    readonly tokens: number;
    readonly windows: number;
  };
  readonly coverage: number;
  readonly account: Account;
  /** Parts of the text that did not count, in text order. A text that was refused has no parts `not_an_account`. */
  readonly left_out: readonly Part[];
  /** The speakers if the text is a conversation, in the order of their first turn. */
  readonly speakers: readonly Speaker[];
  /** The objections that were applied, by competency in the rubric's order, and then in text order. */
  readonly objections: readonly Objection[];
  readonly competencies: readonly CompetencyAssessment[];
  readonly overall: Overall | null;
  readonly warnings: readonly { readonly code: WarningCode }[];
  readonly timings: {
    readonly text_ms: number;
    readonly encode_ms: number;
    readonly score_ms: number;
    readonly total_ms: number;
  };
}

/**
 * Whether the text is an account of the writer's own dealings with customers. A text that is none is refused: no
 * competency has a level or evidence, and there is no overall level.
 */
export interface Account {
  /** Null in assessments made before schema 3, which did not ask. */
  readonly probability: number | null;
  readonly accepted: boolean;
}

/** A part of the text; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Why a part of a text did not count, the same as in src/assessment/schema.rs. */
export const REASONS = ['not_an_account', 'quoted_mail', 'mail_frame', 'other_speaker', 'repeated'] as const;

export type Reason = (typeof REASONS)[number];

export interface Part extends Span {
  readonly reason: Reason;
}

/** A sentence of which the writer says that it is no evidence for a competency. */
export interface Objection extends Span {
  /** Id of the competency. */
  readonly competency: string;
}

export interface Speaker {
  readonly name: string;
  readonly turns: number;
  /** Whether their words count. */
  readonly counts: boolean;
}

/** Whose words count, where that does not follow from the text alone. */
export interface Whose {
  /** The name of the speaker whose words count; null to go by the roles. */
  readonly speaker: string | null;
  /** Whether all of a text is the writer's own that only looks like a conversation. */
  readonly whole: boolean;
  /** Whether quoted mails, headers and signatures count too. */
  readonly quoted: boolean;
  /** Whether the person says that all of a text is an account of their own work, which the gate may not see. */
  readonly account: boolean;
}

/**
 * What a person says of a sentence: that it is no evidence for a competency. The competency is then assessed as if the
 * sentence were not there. The span is that of a piece of evidence; an objection to anything else is ignored.
 */
export interface Objection extends Span {
  /** The id of the competency. */
  readonly competency: string;
}

export type Interval = readonly [number, number];

/** Where the text does not show the competency, level, likely, interval and distribution are null and evidence is empty. */
export interface CompetencyAssessment {
  readonly id: string;
  readonly presence: number;
  readonly level: number | null;
  readonly likely: number | null;
  readonly interval: Interval | null;
  readonly distribution: readonly number[] | null;
  readonly evidence: readonly Evidence[];
}

export type Polarity = 'positive' | 'negative';

export interface Evidence extends Span {
  readonly polarity: Polarity;
  readonly probability: number;
  readonly weight: number;
  /**
   * The competency's level if this sentence were left out; null if the competency would then not be shown. Absent where it
   * was not computed: in a long text it is known for the strongest evidence only, and an objection to the sentence gives it.
   */
  readonly without?: number | null;
}

export interface Overall {
  readonly level: number;
  readonly interval: Interval;
  readonly shown: number;
}

/** Codes of the warnings, the same as in src/assessment/schema.rs. */
export const WARNING_CODES = [
  'short_text',
  'language_unsupported',
  'low_coverage',
  'nothing_shown',
  'not_an_account',
  'parts_left_out',
  'claimed_account',
  'unfamiliar_text',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

export interface LoadProgress {
  readonly stage: 'manifest' | 'download' | 'verify' | 'unpack';
  /** Bytes. */
  readonly loaded: number;
  /** Bytes. */
  readonly total: number;
  readonly cached: boolean;
}

/** Counts the windows of one text, or texts if there are several. */
export interface AssessProgress {
  readonly done: number;
  readonly total: number;
}

/** Codes of the failures that the wasm raises, the same as in src/browser/error.rs. */
export const WASM_FAILURE_CODES = [
  'not_found',
  'server_error',
  'web_page',
  'network',
  'incomplete',
  'stalled',
  'hash_mismatch',
  'manifest_invalid',
  'model_corrupt',
  'model_version',
  'cancelled',
  'empty_text',
  'text_too_long',
  'not_text',
  'internal',
] as const;

/** Those, and the ones that only the page can notice. */
export const FAILURE_CODES = [
  ...WASM_FAILURE_CODES,
  'browser_unsupported',
  'crashed',
  'signature_missing',
  'signature_wrong',
  'signature_unsupported',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** How loading and assessing fail. The message is for developers; failure/words.ts has what a person reads. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number>> | null;
}

/** Returns a Failure as it is, and wraps anything else in one with the code `internal`. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code } = thrown as Failure;
    if (FAILURE_CODES.includes(code)) return thrown as Failure;
  }
  return { code: 'internal', message: String(thrown), detail: null };
}
