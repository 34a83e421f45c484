/**
 * What crosses the border between the page and the wasm: the other side of src/assessment/schema.rs, src/rubric.rs and
 * src/browser. Offsets are UTF-16 code units, so String.slice works with them.
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
}

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
  readonly schema: 2;
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

export type Interval = readonly [number, number];

/** level, likely, interval and distribution are null, and evidence is empty, where the text does not show it. */
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

export interface Evidence {
  readonly start: number;
  readonly end: number;
  readonly polarity: Polarity;
  readonly probability: number;
  readonly weight: number;
  /** The competency's level if the model did not see this sentence; null where it would not be shown then. */
  readonly without: number | null;
}

export interface Overall {
  readonly level: number;
  readonly interval: Interval;
  readonly shown: number;
}

export type WarningCode = 'short_text' | 'language_unsupported' | 'low_coverage' | 'nothing_shown';

export interface LoadProgress {
  readonly stage: 'manifest' | 'download' | 'verify' | 'unpack';
  /** Bytes. */
  readonly loaded: number;
  /** Bytes. */
  readonly total: number;
  readonly cached: boolean;
}

/** Windows of a text, or of several texts those that are done. */
export interface AssessProgress {
  readonly done: number;
  readonly total: number;
}

export const FAILURE_CODES = [
  'not_found',
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
  'browser_unsupported',
  'crashed',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** How everything fails; the message is for developers, the page words the code. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number>> | null;
}

/** Whatever was thrown, as a Failure. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code } = thrown as Failure;
    if (FAILURE_CODES.includes(code)) return thrown as Failure;
  }
  return { code: 'internal', message: String(thrown), detail: null };
}
