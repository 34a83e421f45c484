/**
 * The names and details of all events of the widget's elements, and the one way to dispatch them. Events of
 * `<sales-mirror>` itself leave its shadow root and bubble; all others end at the parent that listens for them.
 */
import type { Assessment, Failure, LoadProgress, ModelInfo, Whose } from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import type { Correction, Kind, Note, Origin, Report, Result, SelfRating } from '../report/report';

/** Event names and the types of their details. */
export interface EventDetails {
  'sales-mirror-progress': LoadProgress;
  'sales-mirror-ready': ModelInfo;
  'sales-mirror-assessed': Assessment;
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
  'files-chosen': readonly File[];
  /** Files were read into reports; `replaces` are those that an earlier reading of the same file gave. */
  'files-read': { readonly reports: readonly Report[]; readonly replaces: readonly Report[] };

  /** Index of the result to show. */
  'select-result': number;
  /** Id of the role profile to compare with, or an empty string for none. */
  'profile-change': string;
  correct: Correction;
  /** The person who is assessed wrote a note on the text with this id. */
  'note-added': { readonly report: string; readonly note: Note };
  /** The person says whose words count in the text that is shown. */
  'whose-change': Whose;
  /** The person wants to edit a text that was refused. */
  'edit-report': Report;
  /** The person rated themselves, or chose not to; `ask` says whether to ask again next time. */
  rated: { readonly rating: SelfRating | null; readonly ask: boolean };
  'history-on': undefined;
  /** The history has what was typed before the page was left. */
  'draft-found': Pick<Report, 'text' | 'kind'>;
  'open-entry': Result;
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
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: outward, composed: outward }));
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- how an event map is augmented
  interface HTMLElementEventMap extends Events {}
}
