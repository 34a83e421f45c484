import type { Table } from '../languages/text';

const en = {
  title: 'Hand over as a file',
  lead: 'You decide what goes along, and to whom you give the file. Nothing is sent.',
  person: 'Name or code for the file',
  withText: 'The texts go along',
  withSelf: 'My own rating goes along',
  replace: 'Replace names in the texts',
  names: 'Names to replace, separated by commas',
  namesHint: 'A guess, please check: some may be missing. Each becomes a letter in brackets.',
  save: 'Save the file',
  labelled: 'Save as labelled reports',
  labelledHint:
    'Corrected texts for the trainer. Names in the texts stay: replace them first if they must not be learned.',
  file: 'assessment',
  labelledFile: 'labelled-reports',
};

type Words = typeof en;

const zh: Words = {
  title: '存为文件移交',
  lead: '附上什么、交给谁，都由您决定。这里不会发送任何内容。',
  person: '文件上的姓名或代号',
  withText: '附上文字',
  withSelf: '附上我的自评',
  replace: '替换文字中的人名',
  names: '要替换的名字，用逗号隔开',
  namesHint: '这是猜测，请核对：可能有遗漏。每个名字会换成方括号里的字母。',
  save: '保存文件',
  labelled: '存为标注报告',
  labelledHint: '供训练用的已更正文字。文中的名字会保留，若不应学到，请先替换。',
  file: '评估',
  labelledFile: '标注报告',
};

export const WORDS: Table<Words> = { en, zh };
