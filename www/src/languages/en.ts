import type { FailureCode, WarningCode } from '../engine/contract';
import type { Kind } from '../report/report';
import type { Code } from './component';

export interface FailureText {
  readonly title: string;
  /** What to do. */
  readonly remedy: string;
}

/** The words of the first paint; the other components bring theirs. A language that lacks one does not compile. */
export interface Strings {
  readonly code: Code;
  readonly title: string;
  readonly lead: string;
  readonly privacy: string;
  readonly languageSwitch: string;
  readonly reportLabel: string;
  readonly reportHint: string;
  readonly placeholder: string;
  readonly characters: (count: number) => string;
  readonly samples: string;
  readonly kindLabel: string;
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly chooseFiles: string;
  readonly dropHint: string;
  readonly dropHere: string;
  readonly reading: string;
  readonly reports: (count: number) => string;
  readonly remove: (name: string) => string;
  readonly removeAll: string;
  readonly typed: string;
  readonly addReport: string;
  readonly assessSeveral: (count: number) => string;
  readonly live: string;
  readonly liveHint: string;
  readonly pauseLive: string;
  readonly resumeLive: string;
  readonly ask: string;
  readonly several: (done: number, total: number) => string;
  readonly tabs: Readonly<Record<'report' | 'plan' | 'history', string>>;
  readonly tabList: string;
  readonly planEmpty: string;
  readonly candidateLead: string;
  readonly teamLead: string;
  readonly candidateHint: string;
  readonly assess: string;
  readonly cancel: string;
  readonly print: string;
  readonly retry: string;
  readonly shortcut: string;
  readonly starting: string;
  readonly downloading: (loaded: number, total: number, percent: number) => string;
  readonly verifying: string;
  readonly unpacking: string;
  readonly ready: string;
  readonly assessing: (done: number, total: number) => string;
  readonly done: (shown: number, total: number) => string;
  readonly doneRating: string;
  readonly noticeTitle: string;
  /** The first line is always visible. */
  readonly notice: readonly string[];
  readonly noticeMore: string;
  readonly warnings: Readonly<Record<WarningCode, string>>;
  /** What can go wrong with data beside the model. */
  readonly troubles: Readonly<Record<'rubric_invalid' | 'profile_invalid' | 'development_invalid', string>>;
  readonly failures: Readonly<Record<FailureCode, FailureText>>;
}

const again = 'Try again in a moment. If it stays, tell whoever runs this page.';
const deployment = 'Tell whoever runs this page: the model files on the server need to be put there again.';

export const en: Strings = {
  code: 'en',
  title: 'SalesMirror',
  lead: 'What does your report show of your sales skills? Paste it and see, sentence by sentence.',
  privacy: 'Your text stays in this browser. Nothing you write is sent anywhere.',
  languageSwitch: 'Language',
  reportLabel: 'Your report',
  reportHint:
    'A weekly report, visit note, loss review or interview answer, in English or Chinese. It is kept in memory only.',
  placeholder: 'Paste or type a report here',
  characters: (count) => `${count.toLocaleString('en')} ${count === 1 ? 'character' : 'characters'}`,
  samples: 'Or try a sample:',
  kindLabel: 'Kind of text',
  kinds: {
    other: 'Any text',
    weekly_report: 'Weekly report',
    visit_note: 'Visit note',
    call_log: 'Call log',
    email: 'E-mail',
    chat_message: 'Chat messages',
    crm_entry: 'CRM entry',
    account_plan: 'Account plan',
    win_review: 'Win review',
    loss_review: 'Loss review',
    complaint: 'Complaint',
    trade_show: 'Trade show',
    monthly_summary: 'Monthly summary',
    self_review: 'Self-review',
    interview_answer: 'Interview answer',
  },
  chooseFiles: 'Choose files',
  dropHint: 'or drop them here: .txt, .md, .csv, .docx, .pdf',
  dropHere: 'Drop the files here',
  reading: 'Reading the file',
  reports: (count) => `${count} ${count === 1 ? 'report' : 'reports'} to assess`,
  remove: (name) => `Remove ${name}`,
  removeAll: 'Remove all',
  typed: 'What is in the field',
  addReport: 'Add as one more report',
  assessSeveral: (count) => `Assess ${count} reports`,
  live: 'Live',
  liveHint: 'The levels follow while you type.',
  pauseLive: 'Pause live assessment',
  resumeLive: 'Resume live assessment',
  ask: 'Let me rate myself first',
  several: (done, total) => `Reading report ${Math.min(done + 1, total)} of ${total}`,
  tabs: { report: 'Report', plan: 'Plan', history: 'History' },
  tabList: 'Views',
  planEmpty: 'A plan needs a result. Assess a report first.',
  candidateLead:
    'What does an answer show of sales skills? Paste it and see, sentence by sentence, beside the role.',
  teamLead:
    'Open the assessments that people chose to hand over, and see where a team is strong and what it lacks.',
  candidateHint:
    'An interview answer or a work sample, in English or Chinese. Tell the candidate that you use this.',
  assess: 'Assess',
  cancel: 'Cancel',
  print: 'Print',
  retry: 'Try again',
  shortcut: 'Ctrl + Enter',
  starting: 'Starting',
  downloading: (loaded, total, percent) =>
    `Model: ${loaded.toFixed(1)} of ${total.toFixed(1)} MB (${percent} %)`,
  verifying: 'Checking the model',
  unpacking: 'Unpacking the model',
  ready: 'Ready',
  assessing: (done, total) =>
    total > 1 ? `Reading: part ${Math.min(done + 1, total)} of ${total}` : 'Reading',
  done: (shown, total) => `Done. The text shows ${shown} of ${total} competencies.`,
  doneRating: 'Your report is read. Rate yourself below, then see what it shows.',
  noticeTitle: 'What this is not',
  notice: [
    'It reads one text. It is not a measure of a person, and not the sole basis of a decision on anyone: people decide.',
    'What a text does not show is “not shown”, never a low level.',
    'It was trained on invented reports and can be wrong; every level comes with an interval and its evidence so that you can check.',
  ],
  noticeMore: 'More on what this is not',
  warnings: {
    short_text: 'The text is short. A few more sentences on what you did would tell more.',
    language_unsupported:
      'This seems to be neither English nor Chinese. The model has learned to read only those two.',
    low_coverage: 'The model does not know many of the characters in this text, so it may have missed much.',
    nothing_shown:
      'No sentence in this text shows sales behaviour. Tell what you did, with whom, and what came of it.',
  },
  troubles: {
    rubric_invalid: 'The rubric that this page names cannot be used. Tell whoever runs this page.',
    profile_invalid: 'This role profile cannot be read. Tell whoever made it.',
    development_invalid: 'The texts for the development plan cannot be read. Tell whoever runs this page.',
  },
  failures: {
    not_found: { title: 'The model is not where it should be.', remedy: deployment },
    network: { title: 'The model could not be fetched.', remedy: 'Check your connection, then try again.' },
    incomplete: { title: 'The download broke off.', remedy: 'Check your connection, then try again.' },
    stalled: { title: 'The server stopped answering.', remedy: again },
    hash_mismatch: {
      title: 'The model file was changed or damaged on its way.',
      remedy: `It was not used. ${deployment}`,
    },
    manifest_invalid: { title: 'The description of the model cannot be read.', remedy: deployment },
    model_corrupt: { title: 'The model file is damaged.', remedy: deployment },
    model_version: { title: 'The model file is of another version than this page.', remedy: deployment },
    cancelled: { title: 'Cancelled.', remedy: 'Your text is still here.' },
    empty_text: { title: 'There is no text yet.', remedy: 'Paste or type a report, or choose a sample.' },
    text_too_long: {
      title: 'The text is too long.',
      remedy: 'Up to about 30,000 words are read at once. Paste one report at a time.',
    },
    not_text: {
      title: 'This does not look like text.',
      remedy: 'It seems to be the content of a file. Open the file and copy the text itself.',
    },
    internal: { title: 'Something went wrong inside.', remedy: `Your text is still here. ${again}` },
    browser_unsupported: {
      title: 'This browser cannot run the model.',
      remedy: 'Use a current Chrome, Edge or Firefox, or Safari 17.5 or newer.',
    },
    crashed: {
      title: 'The reader stopped unexpectedly and was restarted.',
      remedy: 'Your text is still here. Try again.',
    },
  },
};
