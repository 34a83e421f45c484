/** How every failure is worded, in both languages: what went wrong, and what to do about it. */
import type { Failure, FailureCode } from '../engine/contract';
import { colon, type Code, type Table } from '../languages/text';
import { Trouble, type ReadingCode, type TroubleCode } from './trouble';

export interface FailureText {
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

const en: Readonly<Record<Exclude<FailureCode | TroubleCode, ReadingCode>, FailureText>> = (() => {
  const again = 'Try again in a moment. If it keeps happening, contact whoever runs this page.';
  const contact = 'Contact whoever runs this page.';
  const deployment =
    'Contact whoever runs this page: the model files on the server need to be deployed again.';
  return {
    not_found: { title: 'A file of the model is not where it should be.', remedy: deployment },
    server_error: { title: 'The server answered with an error.', remedy: again },
    web_page: {
      title: 'The server answered with a web page in the place of a file.',
      remedy: `It may be asking you to sign in: do so in another tab, then try again. Your text stays here. If it keeps happening, contact whoever runs this page.`,
    },
    network: {
      title: 'The model could not be downloaded.',
      remedy: 'Check your connection, then try again.',
    },
    incomplete: { title: 'The download was interrupted.', remedy: again },
    stalled: { title: 'The server stopped responding.', remedy: again },
    hash_mismatch: {
      title: 'A file of the model was changed or damaged on its way here.',
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
    signature_missing: { title: 'The model is not signed by your company.', remedy: deployment },
    signature_wrong: { title: 'The model does not match your company’s signature.', remedy: deployment },
    signature_unsupported: {
      title: 'This browser cannot check your company’s signature of the model.',
      remedy: 'Use a current version of Chrome, Edge, Firefox or Safari. The page must be served over https.',
    },
    crashed: {
      title: 'The assessment stopped unexpectedly and was restarted.',
      remedy: 'Your text is still here. Try again.',
    },
    file_too_large: {
      title: 'The file is too large.',
      remedy: 'Split it into several files, or paste the text that matters.',
    },
    file_gone: {
      title: 'The file could not be opened.',
      remedy: 'It may have been moved, or another program may be using it. Choose it again.',
    },
    wasm_missing: {
      title: 'WebAssembly is turned off in this browser.',
      remedy:
        'On an iPhone or a Mac, Lockdown Mode does this; allow this site in its settings. Elsewhere, a policy of your IT department may: ask them to allow WebAssembly for this site.',
    },
    policy_wasm: {
      title: 'The Content-Security-Policy of this page forbids WebAssembly.',
      remedy: "Contact whoever runs this page: script-src needs 'wasm-unsafe-eval'.",
    },
    policy_worker: {
      title: 'This page forbids its worker.',
      remedy: "Contact whoever runs this page: worker-src needs 'self'; a sandbox, allow-same-origin.",
    },
    policy_trusted_types: {
      title: 'The Content-Security-Policy of this page does not trust the scripts of this tool.',
      remedy: 'Contact whoever runs this page: trusted-types needs salesmirror and lit-html.',
    },
    signed_out: {
      title: 'Your intranet asks you to sign in again.',
      remedy:
        'Sign in, in another tab if you have typed something here, then try again. Your text stays here.',
    },
    page_updated: {
      title: 'A part of this page could not be loaded; the page was probably updated while it was open.',
      remedy: 'Copy your text, then reload the page.',
    },
    model_invalid: { title: 'The address of the model set for this page cannot be used.', remedy: contact },
    data_missing: {
      title: 'This file could not be fetched from the server.',
      remedy: 'Reload the page to try again. If it keeps happening, contact whoever runs this page.',
    },
    rubric_invalid: { title: 'The rubric set for this page cannot be used.', remedy: contact },
    profile_invalid: { title: 'This role profile cannot be read.', remedy: 'Contact whoever made it.' },
    questions_invalid: {
      title: 'This set of interview questions cannot be read.',
      remedy: 'Contact whoever made it.',
    },
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
    handover_newer: {
      title: 'This file was made by a newer version of this page.',
      remedy: 'Reload the page. If that does not help, contact whoever runs it.',
    },
    handover_expired: {
      title: 'This file was to be deleted by the day given here, and is not opened any more.',
      remedy: 'Delete it, or ask for a new one.',
    },
    storage_unavailable: {
      title: 'This browser does not let the page store anything.',
      remedy: 'Private windows often prevent it; try an ordinary window.',
    },
    storage_damaged: {
      title: 'The history in this browser cannot be read.',
      remedy: 'You can erase it and start again.',
    },
    storage_newer: {
      title: 'The history in this browser was written by a newer version of this page.',
      remedy: 'Close the other tabs with this page, and reload this one.',
    },
    history_invalid: {
      title: 'This is not an exported history, or it is damaged.',
      remedy: 'Nothing was changed. Choose a file that “Export all” saved.',
    },
    passphrase_wrong: { title: 'That is not the right passphrase.', remedy: 'Nothing was changed.' },
    passphrase_wait: {
      title: 'Too many wrong passphrases.',
      remedy: 'Wait a minute, then try again. Nothing was changed.',
    },
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
    server_error: { title: '服务器出错。', remedy: again },
    web_page: {
      title: '服务器返回的是网页，而不是所需的文件。',
      remedy:
        '可能需要重新登录：请在另一个标签页登录后重试，你的文字还在。若仍不行，请联系本页面的维护人员。',
    },
    network: { title: '无法下载模型。', remedy: '请检查网络后重试。' },
    incomplete: { title: '下载中断。', remedy: again },
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
    signature_missing: { title: '模型没有贵公司的签名。', remedy: deployment },
    signature_wrong: { title: '模型与贵公司的签名不符。', remedy: deployment },
    signature_unsupported: {
      title: '此浏览器无法核对贵公司对模型的签名。',
      remedy: '请使用新版 Chrome、Edge、Firefox 或 Safari，并通过 https 打开本页面。',
    },
    crashed: { title: '评估意外中断，已重新启动。', remedy: '你的文字还在，请重试。' },
    file_too_large: { title: '文件太大。', remedy: '请拆成几个文件，或只粘贴需要的文字。' },
    file_gone: { title: '文件打不开。', remedy: '可能已被移动，或正被其他程序占用。请重新选择。' },
    wasm_missing: {
      title: '此浏览器关闭了网页程序功能（WebAssembly）。',
      remedy:
        '在苹果设备上，锁定模式会这样，请在其设置中允许本网站；其他设备可能是公司的策略所致，请联系信息部门为本网站开启。',
    },
    policy_wasm: {
      title: '本页面的内容安全策略不允许运行模型（WebAssembly）。',
      remedy: "请联系本页面的维护人员：script-src 里缺少 'wasm-unsafe-eval'。",
    },
    policy_worker: {
      title: '本页面不允许后台线程。',
      remedy: "请联系本页面的维护人员：worker-src 里缺少 'self'，或沙盒缺少 allow-same-origin。",
    },
    policy_trusted_types: {
      title: '本页面的内容安全策略不信任本工具的脚本。',
      remedy: '请联系本页面的维护人员：trusted-types 里缺少 salesmirror 和 lit-html。',
    },
    signed_out: {
      title: '内网要求你重新登录。',
      remedy: '请登录后重试；如果已在这里写了内容，请在另一个标签页登录。你的文字还在。',
    },
    page_updated: {
      title: '页面有一部分无法载入，可能是打开期间更新过。',
      remedy: '请先复制你的文字，再重新载入页面。',
    },
    model_invalid: { title: '本页面指定的模型地址无法使用。', remedy: contact },
    data_missing: {
      title: '无法从服务器取得这个文件。',
      remedy: '请重新载入页面再试；若仍不行，请联系本页面的维护人员。',
    },
    rubric_invalid: { title: '本页面指定的评分标准无法使用。', remedy: contact },
    profile_invalid: { title: '这份岗位画像无法读取。', remedy: '请联系制作者。' },
    questions_invalid: { title: '这套面试题无法读取。', remedy: '请联系制作者。' },
    development_invalid: { title: '发展计划的内容无法读取。', remedy: contact },
    handover_invalid: { title: '这不是销售镜的移交文件，或文件已损坏。', remedy: '请对方重新导出。' },
    handover_other_rubric: { title: '该文件使用了另一套评分标准。', remedy: '其中的等级无法在此比较。' },
    handover_newer: {
      title: '该文件由较新版本的页面生成。',
      remedy: '请重新载入本页面；若仍不行，请联系维护人员。',
    },
    handover_expired: {
      title: '该文件应在所示日期前删除，已不再打开。',
      remedy: '请删除该文件，或请对方重新移交。',
    },
    storage_unavailable: {
      title: '此浏览器不允许页面保存任何内容。',
      remedy: '无痕窗口常常如此，请换普通窗口再试。',
    },
    storage_damaged: { title: '浏览器里的历史记录无法读取。', remedy: '可以清除后重新开始。' },
    storage_newer: {
      title: '浏览器里的历史记录由较新版本的页面写成。',
      remedy: '请关掉打开本页面的其他标签页，再重新载入。',
    },
    history_invalid: {
      title: '这不是导出的历史记录，或文件已损坏。',
      remedy: '没有任何改动。请选择用“全部导出”存下的文件。',
    },
    passphrase_wrong: { title: '口令不对。', remedy: '没有任何改动。' },
    passphrase_wait: { title: '口令输错的次数太多。', remedy: '请等一分钟再试。没有任何改动。' },
    passphrase_short: { title: '口令太短。', remedy: '请至少输入八个字符。' },
    passphrase_insecure: {
      title: '只有通过 https 打开的页面才能使用口令。',
      remedy: '可以不设口令打开历史记录，或请维护人员改用 https。',
    },
  };
})();

/** The words of the codes that only the reading of files raises: reading-words.ts adds them when it is loaded. */
type Words = typeof en & Partial<Record<ReadingCode, FailureText>>;

export const FAILURES: Readonly<Record<Code, Words>> = { en: { ...en }, zh: { ...zh } };

/** Adds words that a part of the page brings which is loaded later. */
export function addWords(words: Table<Readonly<Record<ReadingCode, FailureText>>>): void {
  Object.assign(FAILURES.en, words.en);
  Object.assign(FAILURES.zh, words.zh);
}

/** What went wrong, after what it concerns (a file, a URL, a report), and what to do about it. */
export function explained(failure: Failure | Trouble, language: Code, about = concern(failure)): FailureText {
  // Whoever raises the code of a file that is read has brought its words.
  const { title, remedy } = FAILURES[language][failure.code] ?? FAILURES[language].internal;
  return { title: about ? about + colon(language) + title : title, remedy };
}

/** What a failure concerns by itself: a file, or the address that answered with a page. */
function concern(failure: Failure | Trouble): string {
  if (failure instanceof Trouble) return failure.about;
  return failure.code === 'web_page' ? String(failure.detail?.url ?? '') : '';
}

/** The same in one line. */
export function worded(failure: Failure | Trouble, language: Code, about?: string): string {
  const { title, remedy } = explained(failure, language, about);
  return language === 'zh' ? title + remedy : `${title} ${remedy}`;
}
