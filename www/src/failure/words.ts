/** How every failure is worded, in both languages: what went wrong, and what to do about it. */
import type { Failure, FailureCode } from '../engine/contract';
import { colon, type Code, type Table } from '../languages/text';
import { Trouble, type TroubleCode } from './trouble';

export interface FailureText {
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

const en: Readonly<Record<FailureCode | TroubleCode, FailureText>> = (() => {
  const again = 'Try again in a moment. If it keeps happening, contact whoever runs this page.';
  const contact = 'Contact whoever runs this page.';
  const deployment =
    'Contact whoever runs this page: the model files on the server need to be deployed again.';
  return {
    not_found: { title: 'The model is not where it should be.', remedy: deployment },
    network: {
      title: 'The model could not be downloaded.',
      remedy: 'Check your connection, then try again.',
    },
    incomplete: { title: 'The download was interrupted.', remedy: 'Check your connection, then try again.' },
    stalled: { title: 'The server stopped responding.', remedy: again },
    hash_mismatch: {
      title: 'The model file was changed or damaged on its way here.',
      remedy: `It was not used. ${deployment}`,
    },
    manifest_invalid: { title: 'The description of the model cannot be read.', remedy: deployment },
    model_corrupt: { title: 'The model file is damaged.', remedy: deployment },
    model_version: { title: 'The model file does not match the version of this page.', remedy: deployment },
    cancelled: { title: 'Cancelled.', remedy: 'Your text is still here.' },
    empty_text: { title: 'There is no text yet.', remedy: 'Paste or type a report, or choose a sample.' },
    text_too_long: {
      title: 'The text is too long.',
      remedy: 'The limit is about 30,000 words. Paste one report at a time.',
    },
    not_text: {
      title: 'This does not look like text.',
      remedy: 'It seems to be the raw content of a file. Open the file and copy the text itself.',
    },
    internal: { title: 'Something went wrong.', remedy: `Your text is still here. ${again}` },
    browser_unsupported: {
      title: 'This browser cannot run the model.',
      remedy: 'Use a current version of Chrome, Edge or Firefox, or Safari 17.5 or later.',
    },
    crashed: {
      title: 'The assessment stopped unexpectedly and was restarted.',
      remedy: 'Your text is still here. Try again.',
    },
    file_unknown: {
      title: 'This kind of file cannot be read.',
      remedy: 'Use .txt, .md, .csv, .docx or .pdf, or paste the text.',
    },
    file_too_large: { title: 'The file is too large.', remedy: 'The limit is 20 MB.' },
    file_unreadable: {
      title: 'The file cannot be read.',
      remedy: 'It may be damaged or password-protected. Open it and copy the text.',
    },
    file_empty: {
      title: 'There is no text in this file.',
      remedy: 'If it is a scan, type or paste what it says.',
    },
    reader_missing: {
      title: 'The reader for this kind of file could not be downloaded.',
      remedy: 'Check your connection, or paste the text.',
    },
    rubric_invalid: { title: 'The rubric set for this page cannot be used.', remedy: contact },
    profile_invalid: { title: 'This role profile cannot be read.', remedy: 'Contact whoever made it.' },
    development_invalid: {
      title: 'The texts for the development plan cannot be read.',
      remedy: contact,
    },
    handover_invalid: {
      title: 'This is not a SalesMirror hand-over file, or it is damaged.',
      remedy: 'Ask for it to be exported again.',
    },
    handover_other_rubric: {
      title: 'This file was made with a different rubric.',
      remedy: 'Its levels cannot be compared here.',
    },
    storage_unavailable: {
      title: 'This browser does not let the page store anything.',
      remedy: 'Private windows often prevent it; try an ordinary window.',
    },
    storage_damaged: {
      title: 'The history in this browser cannot be read.',
      remedy: 'You can erase it and start again.',
    },
    passphrase_wrong: { title: 'That is not the right passphrase.', remedy: 'Nothing was changed.' },
    passphrase_short: { title: 'The passphrase is too short.', remedy: 'Use at least eight characters.' },
    passphrase_insecure: {
      title: 'A passphrase can only be used on a page served over https.',
      remedy: 'Turn the history on without one, or ask for the page to be served over https.',
    },
  };
})();

const zh: typeof en = (() => {
  const again = '请稍后重试；若仍不行，请联系本页面的维护人员。';
  const contact = '请联系本页面的维护人员。';
  const deployment = '请联系本页面的维护人员：服务器上的模型文件需要重新部署。';
  return {
    not_found: { title: '找不到模型文件。', remedy: deployment },
    network: { title: '无法下载模型。', remedy: '请检查网络后重试。' },
    incomplete: { title: '下载中断。', remedy: '请检查网络后重试。' },
    stalled: { title: '服务器停止响应。', remedy: again },
    hash_mismatch: { title: '模型文件在传输途中被改动或损坏。', remedy: `该文件未被使用。${deployment}` },
    manifest_invalid: { title: '模型说明文件无法读取。', remedy: deployment },
    model_corrupt: { title: '模型文件已损坏。', remedy: deployment },
    model_version: { title: '模型文件与本页面版本不符。', remedy: deployment },
    cancelled: { title: '已取消。', remedy: '你的文字还在。' },
    empty_text: { title: '还没有文字。', remedy: '请粘贴或输入报告，或选择一个示例。' },
    text_too_long: { title: '文字太长。', remedy: '一次最多可读约六万字，请每次粘贴一份报告。' },
    not_text: { title: '这看起来不是文字。', remedy: '像是文件的原始内容。请打开文件，复制其中的文字。' },
    internal: { title: '出错了。', remedy: `你的文字还在。${again}` },
    browser_unsupported: {
      title: '此浏览器无法运行模型。',
      remedy: '请使用新版 Chrome、Edge 或 Firefox，或 Safari 17.5 以上版本。',
    },
    crashed: { title: '评估意外中断，已重新启动。', remedy: '你的文字还在，请重试。' },
    file_unknown: {
      title: '无法读取这种文件。',
      remedy: '请使用 .txt、.md、.csv、.docx 或 .pdf，或直接粘贴文字。',
    },
    file_too_large: { title: '文件太大。', remedy: '最大可读 20 MB。' },
    file_unreadable: {
      title: '无法读取文件。',
      remedy: '文件可能已损坏或设有密码。请打开文件，复制其中的文字。',
    },
    file_empty: { title: '文件里没有文字。', remedy: '若是扫描件，请把内容输入或粘贴进来。' },
    reader_missing: { title: '读取这类文件的组件下载失败。', remedy: '请检查网络，或直接粘贴文字。' },
    rubric_invalid: { title: '本页面指定的评分标准无法使用。', remedy: contact },
    profile_invalid: { title: '这份岗位画像无法读取。', remedy: '请联系制作者。' },
    development_invalid: { title: '发展计划的内容无法读取。', remedy: contact },
    handover_invalid: { title: '这不是销售镜的移交文件，或文件已损坏。', remedy: '请对方重新导出。' },
    handover_other_rubric: { title: '该文件使用了另一套评分标准。', remedy: '其中的等级无法在此比较。' },
    storage_unavailable: {
      title: '此浏览器不允许页面保存任何内容。',
      remedy: '无痕窗口常常如此，请换普通窗口再试。',
    },
    storage_damaged: { title: '浏览器里的历史记录无法读取。', remedy: '可以清除后重新开始。' },
    passphrase_wrong: { title: '口令不对。', remedy: '没有任何改动。' },
    passphrase_short: { title: '口令太短。', remedy: '请至少输入八个字符。' },
    passphrase_insecure: {
      title: '只有通过 https 打开的页面才能使用口令。',
      remedy: '可以不设口令打开历史记录，或请维护人员改用 https。',
    },
  };
})();

export const FAILURES: Table<typeof en> = { en, zh };

/** What went wrong, after what it concerns (a file, a URL, a report), and what to do about it. */
export function explained(
  failure: Failure | Trouble,
  language: Code,
  about = failure instanceof Trouble ? failure.about : '',
): FailureText {
  const { title, remedy } = FAILURES[language][failure.code];
  return { title: about ? about + colon(language) + title : title, remedy };
}

/** The same in one line. */
export function worded(failure: Failure | Trouble, language: Code, about?: string): string {
  const { title, remedy } = explained(failure, language, about);
  return language === 'zh' ? title + remedy : `${title} ${remedy}`;
}
