/**
 * The names and details of all events of the widget's elements, and the one way to dispatch them. Events of
 * `<sales-mirror>` itself leave its shadow root and bubble; all others end at the parent that listens for them, except
 * for what the log of use has entries about, which rises to the shadow root and ends there.
 */
import type {
  Assessment,
  Failure,
  LoadProgress,
  ModelInfo,
  Objection,
  Span,
  Whose,
} from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import type { Cells } from '../files/reading';
import type { Activity } from '../log/activity';
import type { Plan } from '../plan/plan';
import type { LevelsThatCount } from '../report/counted';
import type { Correction, Kind, Note, Origin, Report, Result, SelfRating } from '../report/report';
import type { Marks } from '../trial/marks';

/** What was read from a file: texts, or the cells of a table where those are wanted. */
export interface FileRead {
  readonly file: File;
  readonly reports: readonly Report[];
  readonly cells: Cells | undefined;
}

/** Event names and the types of their details. */
export interface EventDetails {
  'sales-mirror-progress': LoadProgress;
  'sales-mirror-ready': ModelInfo;
  'sales-mirror-assessed': Assessment;
  'sales-mirror-levels': LevelsThatCount;
  'sales-mirror-error': Failure | Trouble;

  /** The text in the text area changed. */
  'text-change': string;
  /** The text in the text area was read from a file; null if it no longer is. */
  'origin-change': Origin | null;
  'kind-change': Kind;
  'reports-change': readonly Report[];
  'live-change': boolean;
  /** The choice of whether to be asked for a self-rating changed. */
  'asks-change': boolean;
  /** The person wants an assessment. */
  start: undefined;
  /** The person wants loading or assessing to stop. */
  stop: undefined;
  /** The person is about to rewrite a sentence, which is selected. Offsets are of the text in the text area. */
  rewrite: Span;
  /** A part of the page that is loaded only when it is needed could not be. */
  'part-missing': Failure;
  'files-chosen': readonly File[];
  /** Files were read into reports; `replaces` are those that an earlier reading of the same file gave. */
  'files-read': {
    readonly reports: readonly Report[];
    readonly replaces: readonly Report[];
    /** The same by file, each of which takes the place of an earlier reading of it. */
    readonly files: readonly FileRead[];
  };

  /** Index of the result to show. */
  'select-result': number;
  /** Id of the role profile to compare with, or an empty string for none. */
  'profile-change': string;
  correct: Correction;
  /** Id of the competency whose row opens, and whose evidence alone is marked; null for none. */
  'select-competency': string | null;
  /** The person wants to see this sentence in the text. */
  'reveal-evidence': Span;
  /**
   * The person says that a sentence is no evidence for a competency; with `counts`, that it is after all. Offsets are of the
   * text that was assessed.
   */
  object: Objection & { readonly counts?: boolean };
  /** Id of the competency that the person wants to work on. */
  'work-on': string;
  /** The person takes the present levels for the beginning of what follows. */
  'start-over': undefined;
  /** The person who is assessed wrote a note on the text with this id. */
  'note-added': { readonly report: string; readonly note: Note };
  /** The person says whose words count in the text that is shown. */
  'whose-change': Whose;
  /** The person wants to edit a text that was refused. */
  'edit-report': Report;
  /** The person rated themselves, or chose not to; `ask` says whether to ask again next time. */
  rated: { readonly rating: SelfRating | null; readonly ask: boolean };
  /** The candidate wants the answers assessed: each by itself, and all of them as the one text to assess. */
  'interview-done': { readonly answers: readonly Report[]; readonly whole: Report };
  /** The answers of an interview were deleted, so what came of them goes too. */
  'interview-cleared': undefined;
  'history-on': undefined;
  /** The history has what was typed before the page was left. */
  'draft-found': Pick<Report, 'text' | 'kind'>;
  /** The person changed their plan, or ticked a task; null if they want a plan proposed again. */
  'plan-change': Plan | null;
  /** The person wants what is shown on paper. */
  print: undefined;
  /** The plan that the history keeps; null if another tab has taken it out. */
  'plan-found': Plan | null;
  'open-entry': Result;
  /** A rater marked a text of a trial: all marks that they gave, by the key of the text. */
  'own-marks': ReadonlyMap<string, Marks>;
  /** Something was done that the log of use has an entry about, where one is kept. */
  activity: Activity;
}

export type EventOf<Name extends keyof EventDetails> = CustomEvent<EventDetails[Name]>;

type Events = { [Name in keyof EventDetails]: EventOf<Name> };

/** Dispatches an event with its detail; an event without a detail takes none. */
export function emit<Name extends keyof EventDetails>(
  target: EventTarget,
  name: Name,
  ...[detail]: EventDetails[Name] extends undefined ? [] : [detail: EventDetails[Name]]
): void {
  const outward = name.startsWith('sales-mirror-');
  const bubbles = outward || name === 'activity';
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles, composed: outward }));
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- how an event map is augmented
  interface HTMLElementEventMap extends Events {}
}
