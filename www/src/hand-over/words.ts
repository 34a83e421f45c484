import type { Table } from '../languages/text';
import type { Claim } from '../report/report';

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
  purpose: 'What it is for (optional)',
  audience: 'Who may see it (optional)',
  deleteBy: 'To be deleted by',
  deleteByHint:
    'After this day the team view does not open the file any more. Leave it empty for no such day.',
  notes: 'Your notes on the levels',
  addNote: 'Add a note',
  noteHint:
    'Say what the text alone does not tell. The note goes into the file, and a reviewer must answer it before they can correct that level.',
  noteText: 'Text',
  noteAbout: 'Competency',
  choose: 'Choose …',
  noteSentence: 'Sentence',
  wholeLevel: 'The level as a whole',
  noteClaim: 'What you say about it',
  noteWords: 'In your own words',
  noteAdd: 'Add note',
  noteOpen: 'Not answered yet.',
  settled: (reviewer: string, answer: string) => `Answer of ${reviewer}: ${answer}`,
  claims: {
    customer_decided: 'This was the customer’s decision',
    wrong: 'This is wrong',
    context: 'Something is missing',
  } satisfies Record<Claim, string>,
  answerTitle: 'Answer a file that came back',
  answerLead: 'Open the file with the corrections of a reviewer, add your notes, and give it back.',
  answerChoose: 'Open corrected file',
  answerNone: 'There is no correction in this file.',
  answerSave: 'Save with my notes',
  answeredFile: 'answered',
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
  purpose: '用途（可不填）',
  audience: '谁可以看（可不填）',
  deleteBy: '应在此日前删除',
  deleteByHint: '过了这一天，团队视图不再打开该文件。留空表示不设期限。',
  notes: '你对等级的说明',
  addNote: '添加说明',
  noteHint: '写下文字本身没有讲到的情况。说明会写入文件，审阅者答复之后才能更正该等级。',
  noteText: '文字',
  noteAbout: '能力',
  choose: '请选择',
  noteSentence: '句子',
  wholeLevel: '整个等级',
  noteClaim: '你要说明的是',
  noteWords: '用你自己的话',
  noteAdd: '添加',
  noteOpen: '尚未答复。',
  settled: (reviewer, answer) => `${reviewer} 的答复：${answer}`,
  claims: { customer_decided: '这是客户的决定', wrong: '这不对', context: '缺少背景' },
  answerTitle: '答复退回的文件',
  answerLead: '打开审阅者更正过的文件，加上你的说明，再交回去。',
  answerChoose: '打开更正过的文件',
  answerNone: '这份文件里没有更正。',
  answerSave: '连同我的说明一起保存',
  answeredFile: '已答复',
  save: '保存文件',
  labelled: '存为标注报告',
  labelledHint: '已更正的文字，用于训练模型。文中的人名会保留；若不希望模型学到，请先替换。',
  file: '评估',
  labelledFile: '标注报告',
};

export const WORDS: Table<Words> = { en, zh };
