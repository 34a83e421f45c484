import type { Table } from '../languages/text';

const en = {
  title: 'Hand over as a file',
  lead: 'You decide what to include and who gets the file. Nothing is sent.',
  refused: (count: number) =>
    count === 1
      ? 'One text is no account of your own work with customers. The file says so, and has no levels for it.'
      : `${count} texts are no account of your own work with customers. The file says so, and has no levels for them.`,
  person: 'Name or code for the file',
  withText: 'Include the texts',
  withSelf: 'Include my own rating',
  replace: 'Replace names in the texts',
  names: 'Names to replace, separated by commas',
  namesHint:
    'These are guesses, so please check them: some names may be missing. Each one is replaced by a letter in brackets.',
  save: 'Save file',
  labelled: 'Save as labelled reports',
  labelledHint:
    'The corrected texts, for training a model. Names stay in the texts: if the model must not learn them, replace them first.',
  file: 'assessment',
  labelledFile: 'labelled-reports',
};

type Words = typeof en;

const zh: Words = {
  title: '存为文件移交',
  lead: '附上什么、交给谁，都由你决定。这里不会发送任何内容。',
  refused: (count) => `有 ${count} 份文字不是在讲你自己与客户打交道的经历。文件中会注明，并且没有等级。`,
  person: '文件上的姓名或代号',
  withText: '附上文字',
  withSelf: '附上我的自评',
  replace: '替换文字中的人名',
  names: '要替换的名字，用逗号隔开',
  namesHint: '这是猜测，请核对：可能有遗漏。每个名字会换成方括号里的字母。',
  save: '保存文件',
  labelled: '存为标注报告',
  labelledHint: '已更正的文字，用于训练模型。文中的人名会保留；若不希望模型学到，请先替换。',
  file: '评估',
  labelledFile: '标注报告',
};

export const WORDS: Table<Words> = { en, zh };
