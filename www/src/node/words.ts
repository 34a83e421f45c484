import type { Table } from '../languages/text';

const en = {
  help: `usage: salesmirror [OPTION]... FILE...

Assesses which sales competencies the texts in FILEs show, and prints levels with the sentences that they rest on. Reads
.txt, .md, .csv, .docx, .odt, .xlsx, .eml, .msg, .pdf, .vtt and .srt; "-" is plain text from the standard input. No text
leaves the machine.

  --json        print one line of JSON for each text: {"file", "name", "assessment"}
  --model DIR   use the model in this folder; by default the package @salesmirror/model-default
  --lang LANG   print in en (default) or zh; texts may be in either language
  --account     the texts are accounts of their writers' own work with customers, even where they do not read so
  --help        print this

The status is 0 if every text was assessed, with or without levels; 1 if a file could not be read or a text not be
assessed; 2 if the arguments are wrong.`,
  undecided:
    'The file does not say how it is meant to be read, such as in which column the texts are. Open it in the page, which asks.',
};

type Words = typeof en;

const zh: Words = {
  help: `用法：salesmirror [选项]... 文件...

评估文件中的文字体现了哪些销售能力，并列出等级及其依据的句子。可读取 .txt、.md、.csv、.docx、.odt、.xlsx、.eml、.msg、.pdf、.vtt
和 .srt；“-”表示从标准输入读取纯文本。文字不会离开本机。

  --json        每份文字输出一行 JSON：{"file", "name", "assessment"}
  --model DIR   使用该文件夹中的模型；默认使用 @salesmirror/model-default 包
  --lang LANG   输出语言：en（默认）或 zh；中英文的文字都能评估
  --account     文字讲的就是作者自己与客户打交道的经历，即使读起来不像
  --help        显示本说明

退出码：0 表示所有文字都已评估（不论有没有等级）；1 表示有文件无法读取或有文字无法评估；2 表示参数有误。`,
  undecided: '文件没有注明该怎样读取，例如正文在哪一列。请在网页中打开它，网页会询问。',
};

export const WORDS: Table<Words> = { en, zh };
