import { type Table } from '../languages/text';
import type { FileType } from './file-type';
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

const en = {
  title: 'What was read from the files',
  reading: (name: string) => `Reading ${name}`,
  page: (name: string, page: number, pages: number) => `Reading ${name}: page ${page} of ${pages}`,
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

const zh: Words = {
  title: '文件读取情况',
  reading: (name) => `正在读取 ${name}`,
  page: (name, page, pages) => `正在读取 ${name}：第 ${page} 页，共 ${pages} 页`,
  notes: {
    renamed: (_, about) => `从内容看，这个文件是${zhTypes[about] ?? about}，与文件名不符，已按内容读取。`,
    foreign_text: (_, about) => `看起来是日文或韩文（${about}），模型读不了。如果不是，请选择它的编码。`,
    bad_bytes: (count) => `有 ${count} 个字符已损坏，无法读取。`,
    rows_read: (count) => `读取了 ${count} 行，每行一份文字。`,
    rows_without_text: (count) => `有 ${count} 行的正文列是空的，已略去。`,
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
