import type { FailureCode, Polarity, WarningCode } from '../engine/contract';

export interface FailureText {
  readonly title: string;
  /** What to do. */
  readonly remedy: string;
}

/** Every word of the widget. A language that lacks one does not compile. */
export interface Strings {
  readonly code: 'en' | 'zh';
  readonly title: string;
  readonly lead: string;
  readonly privacy: string;
  readonly languageSwitch: string;
  readonly reportLabel: string;
  readonly reportHint: string;
  readonly placeholder: string;
  readonly characters: (count: number) => string;
  readonly samples: string;
  readonly assess: string;
  readonly cancel: string;
  readonly retry: string;
  readonly shortcut: string;
  readonly starting: string;
  readonly downloading: (loaded: number, total: number, percent: number) => string;
  readonly verifying: string;
  readonly unpacking: string;
  readonly ready: string;
  readonly assessing: (done: number, total: number) => string;
  readonly done: (shown: number, total: number) => string;
  readonly result: string;
  readonly overall: (level: string, low: string, high: string, shown: number, total: number) => string;
  readonly notShown: string;
  readonly notShownWhy: string;
  readonly levelOf: (level: string, max: number, name: string) => string;
  readonly barLabel: (level: string, max: number, low: string, high: string) => string;
  readonly interval: (low: string, high: string) => string;
  readonly sureness: { readonly high: string; readonly medium: string; readonly low: string };
  readonly evidence: (count: number) => string;
  readonly polarity: Readonly<Record<Polarity, string>>;
  readonly weight: (percent: number) => string;
  readonly showInText: string;
  readonly yourText: string;
  readonly yourTextHint: string;
  readonly noticeTitle: string;
  readonly notice: readonly string[];
  readonly warnings: Readonly<Record<WarningCode, string>>;
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
  reportHint: 'A weekly report, visit note, loss review or interview answer, in English or Chinese.',
  placeholder: 'Paste or type a report here',
  characters: (count) => `${count.toLocaleString('en')} ${count === 1 ? 'character' : 'characters'}`,
  samples: 'Or try a sample:',
  assess: 'Assess',
  cancel: 'Cancel',
  retry: 'Try again',
  shortcut: 'Ctrl + Enter',
  starting: 'Starting',
  downloading: (loaded, total, percent) => `Model: ${loaded.toFixed(1)} of ${total.toFixed(1)} MB (${percent} %)`,
  verifying: 'Checking the model',
  unpacking: 'Unpacking the model',
  ready: 'Ready',
  assessing: (done, total) => (total > 1 ? `Reading: part ${Math.min(done + 1, total)} of ${total}` : 'Reading'),
  done: (shown, total) => `Done. The text shows ${shown} of ${total} competencies.`,
  result: 'What this text shows',
  overall: (level, low, high, shown, total) =>
    `Over the ${shown} of ${total} competencies that are shown: level ${level} (80 % interval ${low} to ${high}).`,
  notShown: 'Not shown in this text',
  notShownWhy: 'That says nothing about the skill, only about this text.',
  levelOf: (level, max, name) => `${level} of ${max} · most likely “${name}”`,
  barLabel: (level, max, low, high) => `Level ${level} of ${max}, 80 % interval ${low} to ${high}`,
  interval: (low, high) => `80 % interval ${low} to ${high}`,
  sureness: { high: 'fairly sure', medium: 'roughly', low: 'quite unsure' },
  evidence: (count) => (count === 1 ? '1 sentence is evidence' : `${count} sentences are evidence`),
  polarity: { positive: 'Good example', negative: 'Poor example' },
  weight: (percent) => `${percent} % of the weight`,
  showInText: 'Show in the text',
  yourText: 'Your text, with its evidence',
  yourTextHint: 'Solid underline: good example. Dashed underline: poor example.',
  noticeTitle: 'What this is not',
  notice: [
    'It reads one text. It does not measure a person.',
    'It must not be the sole basis of a decision on anyone. People decide.',
    'It was trained on invented reports and can be wrong; every level comes with an interval and its evidence so that you can check.',
  ],
  warnings: {
    short_text: 'The text is short. A few more sentences on what you did would tell more.',
    language_unsupported: 'This seems to be neither English nor Chinese. The model has learned to read only those two.',
    low_coverage: 'The model does not know many of the characters in this text, so it may have missed much.',
    nothing_shown: 'No sentence in this text shows sales behaviour. Tell what you did, with whom, and what came of it.',
  },
  failures: {
    not_found: { title: 'The model is not where it should be.', remedy: deployment },
    network: { title: 'The model could not be fetched.', remedy: 'Check your connection, then try again.' },
    incomplete: { title: 'The download broke off.', remedy: 'Check your connection, then try again.' },
    stalled: { title: 'The server stopped answering.', remedy: again },
    hash_mismatch: { title: 'The model file was changed or damaged on its way.', remedy: `It was not used. ${deployment}` },
    manifest_invalid: { title: 'The description of the model cannot be read.', remedy: deployment },
    model_corrupt: { title: 'The model file is damaged.', remedy: deployment },
    model_version: { title: 'The model file is of another version than this page.', remedy: deployment },
    cancelled: { title: 'Cancelled.', remedy: 'Your text is still here.' },
    empty_text: { title: 'There is no text yet.', remedy: 'Paste or type a report, or choose a sample.' },
    text_too_long: { title: 'The text is too long.', remedy: 'Up to about 30,000 words are read at once. Paste one report at a time.' },
    not_text: { title: 'This does not look like text.', remedy: 'It seems to be the content of a file. Open the file and copy the text itself.' },
    internal: { title: 'Something went wrong inside.', remedy: `Your text is still here. ${again}` },
    browser_unsupported: { title: 'This browser cannot run the model.', remedy: 'Use a current Chrome, Edge or Firefox, or Safari 17.5 or newer.' },
    crashed: { title: 'The reader stopped unexpectedly and was restarted.', remedy: 'Your text is still here. Try again.' },
  },
};
