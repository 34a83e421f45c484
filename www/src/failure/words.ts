import type { Table } from '../languages/component';
import { strings, type Strings } from '../languages';
import type { Trouble, TroubleCode } from './trouble';

/** The troubles that the first paint words itself, as the model's rubric and profiles load before the rest. */
type Early = keyof Strings['troubles'];

const en: Record<Exclude<TroubleCode, Early>, string> = {
  file_unknown: 'This kind of file cannot be read. Use .txt, .md, .csv, .docx or .pdf, or paste the text.',
  file_too_large: 'The file is too large. Up to 20 MB can be read.',
  file_unreadable:
    'The file cannot be read. It may be damaged or protected by a password. Open it and copy the text.',
  file_empty: 'There is no text in this file. If it is a scan, type or paste what it says.',
  reader_missing:
    'The part that reads this kind of file could not be fetched. Check your connection, or paste the text.',
  handover_invalid:
    'This is not a hand-over file of SalesMirror, or it is damaged. Ask for it to be exported again.',
  handover_other_rubric: 'This file was made with another rubric, so its levels cannot be compared here.',
  storage_unavailable: 'This browser does not let the page store anything. Private windows often forbid it.',
  storage_damaged: 'The history in this browser cannot be read. You can erase it and begin anew.',
  passphrase_wrong: 'That is not the passphrase. Nothing was changed.',
  passphrase_insecure: 'A passphrase needs a page that is served over https.',
};

const zh: typeof en = {
  file_unknown: '读不了这种文件。请用 .txt、.md、.csv、.docx 或 .pdf，或直接粘贴文字。',
  file_too_large: '文件太大，最多可读 20 MB。',
  file_unreadable: '文件读不出来，可能已损坏或有密码。请打开文件，复制其中的文字。',
  file_empty: '文件里没有文字。若是扫描件，请把内容输入或粘贴进来。',
  reader_missing: '读取这类文件的组件没有取到。请检查网络，或直接粘贴文字。',
  handover_invalid: '这不是销售镜的移交文件，或文件已损坏，请对方重新导出。',
  handover_other_rubric: '该文件用的是另一套评分标准，等级无法在此比较。',
  storage_unavailable: '此浏览器不允许页面保存任何内容，无痕窗口常常如此。',
  storage_damaged: '浏览器里的历史记录读不出来，可以清除后重新开始。',
  passphrase_wrong: '口令不对，什么也没有改动。',
  passphrase_insecure: '口令保护需要通过 https 打开本页面。',
};

export const TROUBLES: Table<typeof en> = { en, zh };

/** What is wrong and what to do, with the name of what it is about. */
export function worded(trouble: Trouble, language: 'en' | 'zh'): string {
  const text: string = { ...TROUBLES[language], ...strings(language).troubles }[trouble.code];
  if (!trouble.about) return text;
  return language === 'zh' ? `${trouble.about}：${text}` : `${trouble.about}: ${text}`;
}
