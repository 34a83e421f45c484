import type { WarningCode } from '../engine/contract';
import type { Kind } from '../report/report';
import type { Code } from './text';

/** The words of the first paint; every other component has its own. A language that lacks one does not compile. */
export interface Strings {
  readonly code: Code;
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
  /** Where the page allows only files with these extensions. */
  readonly dropOnly: (extensions: string) => string;
  readonly dropHere: string;
  readonly reports: (count: number) => string;
  readonly remove: (name: string) => string;
  readonly removeAll: string;
  readonly typed: string;
  readonly addReport: string;
  readonly undo: string;
  readonly restored: string;
  readonly assessSeveral: (count: number) => string;
  readonly liveHint: string;
  readonly pauseLive: string;
  readonly resumeLive: string;
  readonly liveOff: string;
  readonly teamOff: string;
  /** What a company has decided for everybody, and that it did. */
  readonly setByCompany: (decided: string) => string;
  readonly ask: string;
  readonly several: (done: number, total: number) => string;
  readonly tabs: Readonly<Record<'report' | 'plan' | 'history', string>>;
  readonly tabList: string;
  readonly planEmpty: string;
  readonly candidateLead: string;
  readonly teamLead: string;
  readonly candidateHint: string;
  /** How the answers of an interview come in. */
  readonly entry: string;
  readonly entries: Readonly<Record<'paste' | 'interview', string>>;
  readonly assess: string;
  readonly cancel: string;
  readonly print: string;
  readonly retry: string;
  readonly shortcut: string;
  readonly panel: string;
  readonly panelEmpty: string;
  readonly example: string;
  readonly edit: string;
  readonly starting: string;
  /** Megabytes. */
  readonly downloading: (loaded: number, total: number, percent: number) => string;
  readonly verifying: string;
  readonly unpacking: string;
  readonly ready: string;
  readonly assessing: (done: number, total: number) => string;
  readonly done: (shown: number, total: number) => string;
  readonly refused: string;
  readonly doneRating: string;
  readonly noticeTitle: string;
  /** The first line is always visible. */
  readonly notice: readonly string[];
  readonly noticeMore: string;
  /** What a text is refused for, and which parts of it did not count, is said where the result is shown. */
  readonly warnings: Readonly<Record<Exclude<WarningCode, 'not_an_account' | 'parts_left_out'>, string>>;
}

export const en: Strings = {
  code: 'en',
  lead: 'What does your report show about your sales skills? Paste it in and see the evidence, sentence by sentence.',
  privacy: 'Your text stays in this browser. Nothing you write is sent anywhere.',
  languageSwitch: 'Language',
  reportLabel: 'Your report',
  reportHint:
    'A weekly report, visit note, loss review or interview answer, in English or Chinese. It stays in memory and is not saved.',
  placeholder: 'Paste or type a report here',
  characters: (count) => `${count.toLocaleString('en')} ${count === 1 ? 'character' : 'characters'}`,
  samples: 'Or try a sample:',
  kindLabel: 'Type of text',
  kinds: {
    other: 'Any text',
    weekly_report: 'Weekly report',
    visit_note: 'Visit note',
    call_log: 'Call log',
    email: 'Email',
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
  dropHint: 'or drop them here: Word, Excel, PDF, mails, .txt, .csv',
  dropOnly: (extensions) => `or drop them here: ${extensions}.`,
  dropHere: 'Drop the files here',
  reports: (count) => `${count} ${count === 1 ? 'report' : 'reports'} to assess`,
  remove: (name) => `Remove ${name}`,
  removeAll: 'Remove all',
  typed: 'Text in the box',
  addReport: 'Add as another report',
  undo: 'Bring back what was there before',
  restored: 'This is what you had typed when the page was last left.',
  assessSeveral: (count) => `Assess ${count} reports`,
  liveHint: 'Levels update as you type.',
  pauseLive: 'Pause live assessment',
  resumeLive: 'Resume live assessment',
  liveOff: 'Levels are not updated as you type.',
  teamOff: 'The team view is turned off.',
  setByCompany: (decided) => `${decided} Set by your company.`,
  ask: 'Let me rate myself first',
  several: (done, total) => `Reading report ${Math.min(done + 1, total)} of ${total}`,
  tabs: { report: 'Report', plan: 'Plan', history: 'History' },
  tabList: 'Views',
  planEmpty: 'Your plan is based on an assessment. Assess a report first.',
  candidateLead:
    'What does an answer show about sales skills? Paste it in, see the evidence sentence by sentence, and compare it with the role.',
  teamLead: 'Open the assessments that people have chosen to share, and see the team’s strengths and gaps.',
  candidateHint:
    'An interview answer or a work sample, in English or Chinese. Tell the candidate that you are using this tool.',
  entry: 'How do the answers come in?',
  entries: { paste: 'Paste a transcript', interview: 'Interview, question by question' },
  assess: 'Assess',
  cancel: 'Cancel',
  print: 'Print',
  retry: 'Try again',
  shortcut: 'Ctrl + Enter',
  panel: 'What it shows',
  panelEmpty:
    'The levels appear here, each with the sentences that speak for it. You can start writing at any time.',
  example: 'Show me an example',
  edit: 'Edit this text',
  starting: 'Starting',
  downloading: (loaded, total, percent) =>
    `Model: ${loaded.toFixed(1)} of ${total.toFixed(1)} MB (${percent}%)`,
  verifying: 'Checking the model',
  unpacking: 'Unpacking the model',
  ready: 'Ready',
  assessing: (done, total) =>
    total > 1 ? `Reading: part ${Math.min(done + 1, total)} of ${total}` : 'Reading',
  done: (shown, total) => `Done. The text shows ${shown} of ${total} competencies.`,
  refused: 'Done. This does not read as an account of one’s own work with customers, so no levels are given.',
  doneRating: 'Your report has been read. Rate yourself first, then see what it shows.',
  noticeTitle: 'What this is not',
  notice: [
    'It reads one text. It does not measure a person and must not be the sole basis for a decision about anyone: people decide.',
    'Whatever a text does not show is marked “not shown”. It never counts as a low level.',
    'Only accounts of one’s own work with customers get levels. Advice, adverts, job descriptions and accounts of what other people did get none.',
    'It was trained on fictional reports and can be wrong. Every level comes with an interval and its evidence, so that you can check it.',
  ],
  noticeMore: 'See its limits',
  warnings: {
    short_text: 'The text is short. A few more sentences about what you did would show more.',
    language_unsupported:
      'This does not seem to be English or Chinese, the only two languages that the model reads.',
    low_coverage: 'The model does not know many of the characters in this text, so it may have missed a lot.',
    nothing_shown:
      'No sentence in this text shows any of these competencies. Describe what you did, with whom, and what came of it.',
    claimed_account:
      'The model does not take this for an account of own work with customers. It has levels because someone said that it is one.',
    unfamiliar_text:
      'This text is unlike those that the model has learnt from, so its levels are less certain and their intervals wider.',
  },
};
