/** The words of the failures that only the reading of files raises. They are loaded with it, as few people open a file. */
import { addWords, type FailureText } from './words';
import type { ReadingCode } from './trouble';

type Words = Readonly<Record<ReadingCode, FailureText>>;

const en: Words = {
  file_unknown: {
    title: 'This kind of file cannot be read.',
    remedy: 'Save it as .docx, .xlsx, .pdf or .txt, or paste the text.',
  },
  file_not_allowed: {
    title: 'Your company does not allow files of this kind here.',
    remedy: 'Choose a file of another kind, or paste the text.',
  },
  file_unreadable: {
    title: 'The file cannot be read.',
    remedy: 'It may be damaged. Open it in the program that made it, and copy the text.',
  },
  file_empty: {
    title: 'There is no text in this file.',
    remedy: 'Check that you chose the right one, or paste the text.',
  },
  file_protected: {
    title: 'The file is protected by a password.',
    remedy: 'Open it, save a copy without the password, or copy the text.',
  },
  file_picture: {
    title: 'This is a picture, and text in pictures is not read.',
    remedy: 'Type what it says, or paste the text.',
  },
  file_binary: {
    title: 'This is not a text file, although its name says so.',
    remedy: 'It holds a program, a recording or other data. Choose the file that has the text.',
  },
  file_scan: {
    title: 'This PDF has pictures of pages but no text; it seems to be a scan.',
    remedy: 'Type what it says, or have a program recognise the text first.',
  },
  file_team_table: {
    title: 'This is a table of levels that the team view saved, not a report.',
    remedy: 'Choose the reports themselves; to see a team, open its hand-over files in the team view.',
  },
  save_as_docx: {
    title: 'Documents of this kind cannot be read here.',
    remedy: 'Open the file, save it as .docx and choose that, or paste the text.',
  },
  save_as_xlsx: {
    title: 'Spreadsheets of this kind cannot be read here.',
    remedy: 'Open the file, save it as .xlsx or .csv and choose that, or paste the text.',
  },
  mail_unsaved: {
    title: 'The mail program handed over no file.',
    remedy: 'Save the mail first (as .eml or .msg) and choose that file, or copy its text.',
  },
  reader_missing: {
    title: 'The reader for this kind of file could not be downloaded.',
    remedy: 'Check your connection, or paste the text.',
  },
};

const zh: Words = {
  file_unknown: {
    title: '无法读取这种文件。',
    remedy: '请另存为 .docx、.xlsx、.pdf 或 .txt，或直接粘贴文字。',
  },
  file_not_allowed: {
    title: '贵公司不允许在这里打开这类文件。',
    remedy: '请选择其他类型的文件，或直接粘贴文字。',
  },
  file_unreadable: {
    title: '无法读取文件。',
    remedy: '文件可能已损坏。请用原来的程序打开，复制其中的文字。',
  },
  file_empty: { title: '文件里没有文字。', remedy: '请确认是否选对了文件，或直接粘贴文字。' },
  file_protected: { title: '文件设有密码。', remedy: '请打开后另存一份不带密码的，或复制其中的文字。' },
  file_picture: { title: '这是图片，图片里的文字读不了。', remedy: '请把内容输入或粘贴进来。' },
  file_binary: {
    title: '这不是文字文件，与文件名不符。',
    remedy: '里面是程序、录音或其他数据。请选择有文字的那个文件。',
  },
  file_scan: {
    title: '这份 PDF 只有页面图像，没有文字，像是扫描件。',
    remedy: '请把内容输入进来，或先用其他程序识别文字。',
  },
  file_team_table: {
    title: '这是团队视图存出的等级表格，不是报告。',
    remedy: '请选择报告本身；要看团队，请在团队视图里打开移交文件。',
  },
  save_as_docx: {
    title: '这类文档在这里读不了。',
    remedy: '请打开它，另存为 .docx 后再选，或直接粘贴文字。',
  },
  save_as_xlsx: {
    title: '这类表格在这里读不了。',
    remedy: '请打开它，另存为 .xlsx 或 .csv 后再选，或直接粘贴文字。',
  },
  mail_unsaved: {
    title: '邮件程序没有交来文件。',
    remedy: '请先把邮件存成文件（.eml 或 .msg）再选，或复制其中的文字。',
  },
  reader_missing: { title: '读取这类文件的组件下载失败。', remedy: '请检查网络，或直接粘贴文字。' },
};

addWords({ en, zh });
