import { type Table } from '../languages/text';
import type { FileType } from './file-type';
import { LIMITS, type Limit } from './limits';
import type { NoteCode } from './reading';

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const types: Readonly<Partial<Record<string, string>>> = {
  text: 'plain text',
  table: 'a table',
  captions: 'a captions file',
  mail: 'an email',
  outlook: 'an Outlook message',
  docx: 'a Word document (.docx)',
  odt: 'an OpenDocument text (.odt)',
  xlsx: 'an Excel workbook (.xlsx)',
  pdf: 'a PDF',
} satisfies Record<FileType, string>;

/** What is being read, and how far. */
export interface Progress {
  readonly name: string;
  /** The number of the file among those that were chosen, and their number. */
  readonly file: number;
  readonly files: number;
  /** Pages that have been read, and their number. */
  readonly done?: number;
  readonly total?: number;
}

type Sentence = (count: number, about: string) => string;

const notes: Readonly<Record<NoteCode, Sentence>> = {
  renamed: (_, about) =>
    `The file is ${types[about] ?? about}, although its name says otherwise. It was read as what it is.`,
  foreign_text: (_, about) =>
    `This seems to be Japanese or Korean text (${about}), which the model does not read. If it is not, choose its encoding.`,
  bad_bytes: (count) => `${plural(count, 'character was', 'characters were')} damaged and could not be read.`,
  rows_read: (count) => `${plural(count, 'row was', 'rows were')} read as a text each.`,
  rows_without_text: (count) =>
    `${plural(count, 'row was', 'rows were')} left out because the text column is empty there.`,
  media_left_out: (count) =>
    `${plural(count, 'line', 'lines')} in the place of pictures, recordings and other media of a WhatsApp chat ${count === 1 ? 'was' : 'were'} left out.`,
  dates_missing: () => 'No column has dates, so today’s date is used.',
  dates_unread: (count, about) =>
    `${plural(count, 'date', 'dates')} could not be read (“${about}”), so today’s date is used there.`,
  rows_without_date: (count) => `${plural(count, 'row has', 'rows have')} no date; today’s is used there.`,
  sheets_left_out: (count) => `${plural(count, 'other sheet was', 'other sheets were')} left out.`,
  changes_accepted: (count) =>
    `The document has ${plural(count, 'tracked change', 'tracked changes')}, and was read as if all were accepted.`,
  comments_left_out: (count) => `${plural(count, 'comment was', 'comments were')} left out.`,
  margins_left_out: () => 'Headers, footers and page numbers were left out.',
  attachments_left_out: (count) =>
    `${plural(count, 'attachment was', 'attachments were')} left out. Choose them as files if they matter.`,
  pages_without_text: (count) =>
    `${plural(count, 'page has', 'pages have')} no text, perhaps because of a scan. What it says was not read.`,
};

const figure = (count: number) => count.toLocaleString('en');
const megabytes = (bytes: number) => `${bytes / 1_000_000} MB`;

/** What was too large, the limit, and what to do. */
const limits: Readonly<Record<Limit, string>> = (() => {
  const split = 'Split it into several files, or paste the text that matters.';
  const hostile = 'Open it in the program that made it, and copy the text.';
  return {
    bytes: `The file is larger than ${megabytes(LIMITS.bytes)}, which is the limit. ${split}`,
    files: `Only the first ${figure(LIMITS.files)} files were read, which is the limit for one go. Add the others afterwards.`,
    reports: `The limit is ${figure(LIMITS.reports)} texts in one go, and this file has more than are left. Split it into several files, or choose fewer files at once.`,
    characters: `The file has a text of more than ${figure(LIMITS.characters)} characters, which is the limit. Split it into single reports, or paste the text that matters.`,
    allCharacters: `The limit is ${figure(LIMITS.allCharacters)} characters in one go, and this file has more than are left. Split it into several files, or choose fewer files at once.`,
    rows: `The table has more than ${figure(LIMITS.rows)} rows, which is the limit. Split it into several files, or delete the rows that are empty.`,
    columns: `The table has more than ${figure(LIMITS.columns)} columns, which is the limit. Keep only the columns that matter.`,
    cells: `The tables in the file have more than ${figure(LIMITS.cells)} cells, which is the limit. Save only the sheet, the rows and the columns that matter.`,
    pages: `The document has more than ${figure(LIMITS.pages)} pages, which is the limit. ${split}`,
    unpacked: `The content of the file unpacks to more than ${megabytes(LIMITS.unpacked)}, which is the limit. ${split}`,
    entries: `The file is an archive with more than ${figure(LIMITS.entries)} parts, which is the limit. ${hostile}`,
    elements: `The document has more than ${figure(LIMITS.elements)} elements, which is the limit. ${split}`,
    depth: `More than ${figure(LIMITS.depth)} elements of the document lie in each other, which is the limit. ${hostile}`,
    silence: `Nothing came of the file for ${LIMITS.silence} seconds, which is the limit, so reading it was stopped. ${hostile}`,
    seconds: `Reading the file took more than ${LIMITS.seconds} seconds, which is the limit, so it was stopped. ${split}`,
  };
})();

const en = {
  title: 'What was read from the files',
  progress: ({ name, file, files, done = 0, total }: Progress) =>
    `Reading ${name}${total ? `: page ${done + 1} of ${total}` : ''}${files > 1 ? ` (file ${file} of ${files})` : ''}`,
  cancel: 'Cancel',
  cancelled: (count: number) =>
    `Cancelled. ${plural(count, 'file was', 'files were')} not read; what was read before is in the list.`,
  moreTroubles: (count: number) => `${plural(count, 'more file', 'more files')} could not be read either.`,
  limits,
  notes,
  encoding: 'Encoding',
  encodingHint: 'The file does not say its encoding. It begins like this:',
  encodings: {
    'utf-8': 'Unicode (UTF-8)',
    gb18030: 'Simplified Chinese (GB 18030)',
    big5: 'Traditional Chinese (Big5)',
    'utf-16le': 'Unicode (UTF-16, little-endian)',
    'utf-16be': 'Unicode (UTF-16, big-endian)',
    'windows-1252': 'Western European (Windows-1252)',
  },
  column: 'Column that holds the text',
  columnHint: 'Which column holds the text? The first row has, for example:',
  whole: 'None: the whole file is one text',
  dates: 'Dates are written',
  datesHint: 'It is not clear which number is the day. One of the dates is:',
  orders: { 'day-first': 'day first', 'month-first': 'month first' },
  choose: 'Choose',
  waiting: 'Nothing was taken from this file yet: it needs your answer.',
  dismiss: (name: string) => `Dismiss the notes on ${name}`,
};

type Words = typeof en;

const zhTypes: typeof types = {
  text: '纯文本',
  table: '表格',
  captions: '字幕文件',
  mail: '邮件',
  outlook: 'Outlook 邮件',
  docx: 'Word 文档（.docx）',
  odt: 'OpenDocument 文档（.odt）',
  xlsx: 'Excel 工作簿（.xlsx）',
  pdf: 'PDF',
} satisfies Record<FileType, string>;

const zhLimits: typeof limits = (() => {
  const split = '请拆成几个文件，或只粘贴需要的文字。';
  const hostile = '请用原来的程序打开，再复制其中的文字。';
  return {
    bytes: `文件超过了 ${megabytes(LIMITS.bytes)} 的上限。${split}`,
    files: `一次最多读取 ${figure(LIMITS.files)} 个文件，只读取了前面这些。其余的请稍后再添加。`,
    reports: `一次最多读取 ${figure(LIMITS.reports)} 份文字，加上这个文件就超出了。请把它拆成几个文件，或每次少选几个文件。`,
    characters: `文件里有一份文字超过了 ${figure(LIMITS.characters)} 字的上限。请拆成单份报告，或只粘贴需要的文字。`,
    allCharacters: `一次最多读取 ${figure(LIMITS.allCharacters)} 字，加上这个文件就超出了。请把它拆成几个文件，或每次少选几个文件。`,
    rows: `表格超过了 ${figure(LIMITS.rows)} 行的上限。请拆成几个文件，或删去空行。`,
    columns: `表格超过了 ${figure(LIMITS.columns)} 列的上限。请只保留需要的列。`,
    cells: `文件里的表格合计超过了 ${figure(LIMITS.cells)} 个单元格的上限。请只保存需要的工作表、行和列。`,
    pages: `文档超过了 ${figure(LIMITS.pages)} 页的上限。${split}`,
    unpacked: `文件解压后的内容超过了 ${megabytes(LIMITS.unpacked)} 的上限。${split}`,
    entries: `这个文件是压缩包，其中的部件超过了 ${figure(LIMITS.entries)} 个的上限。${hostile}`,
    elements: `文档超过了 ${figure(LIMITS.elements)} 个元素的上限。${split}`,
    depth: `文档的元素嵌套超过了 ${figure(LIMITS.depth)} 层的上限。${hostile}`,
    silence: `读取文件时，超过 ${LIMITS.silence} 秒的上限仍没有进展，已停止。${hostile}`,
    seconds: `读取文件超过了 ${LIMITS.seconds} 秒的上限，已停止。${split}`,
  };
})();

const zh: Words = {
  title: '文件读取情况',
  progress: ({ name, file, files, done = 0, total }) =>
    `正在读取 ${name}${total ? `：第 ${done + 1} 页，共 ${total} 页` : ''}${files > 1 ? `（第 ${file} 个文件，共 ${files} 个）` : ''}`,
  cancel: '取消',
  cancelled: (count) => `已取消。有 ${count} 个文件没有读取；之前读取的都在列表里。`,
  moreTroubles: (count) => `另有 ${count} 个文件也无法读取。`,
  limits: zhLimits,
  notes: {
    renamed: (_, about) => `从内容看，这个文件是${zhTypes[about] ?? about}，与文件名不符，已按内容读取。`,
    foreign_text: (_, about) => `看起来是日文或韩文（${about}），模型读不了。如果不是，请选择它的编码。`,
    bad_bytes: (count) => `有 ${count} 个字符已损坏，无法读取。`,
    rows_read: (count) => `读取了 ${count} 行，每行一份文字。`,
    rows_without_text: (count) => `有 ${count} 行的正文列是空的，已略去。`,
    media_left_out: (count) => `略去了 WhatsApp 聊天中 ${count} 行图片、语音等媒体的占位文字。`,
    dates_missing: () => '表中没有日期列，日期按今天算。',
    dates_unread: (count, about) => `有 ${count} 个日期读不懂（“${about}”），按今天算。`,
    rows_without_date: (count) => `有 ${count} 行没有日期，按今天算。`,
    sheets_left_out: (count) => `另有 ${count} 张工作表未读取。`,
    changes_accepted: (count) => `文档里有 ${count} 处修订，已按全部接受来读。`,
    comments_left_out: (count) => `略去了 ${count} 条批注。`,
    margins_left_out: () => '略去了页眉、页脚和页码。',
    attachments_left_out: (count) => `有 ${count} 个附件未读取；如有需要，请另选这些文件。`,
    pages_without_text: (count) => `有 ${count} 页没有文字，可能是扫描页，其内容未读取。`,
  },
  encoding: '编码',
  encodingHint: '文件没有注明编码，按下面的编码读出来开头是：',
  encodings: {
    'utf-8': '统一码（UTF-8）',
    gb18030: '简体中文（GB 18030）',
    big5: '繁体中文（Big5）',
    'utf-16le': '统一码（UTF-16 小端）',
    'utf-16be': '统一码（UTF-16 大端）',
    'windows-1252': '西欧（Windows-1252）',
  },
  column: '正文所在的列',
  columnHint: '哪一列是正文？第一行里有：',
  whole: '没有这样的列，整个文件是一份文字',
  dates: '日期的写法',
  datesHint: '看不出哪个数字是日。其中一个日期是：',
  orders: { 'day-first': '日在前', 'month-first': '月在前' },
  choose: '请选择',
  waiting: '还没有从这个文件里取出文字，请先回答上面的问题。',
  dismiss: (name) => `关闭关于 ${name} 的说明`,
};

export const WORDS: Table<Words> = { en, zh };
