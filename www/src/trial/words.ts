import type { Table } from '../languages/text';
import type { CaseKind, Field } from './evaluation';
import type { ProblemCode, Role } from './marks';
import type { Measure } from './measures';
import type { Conclusion } from './verdict';

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const en = {
  lead: 'Does the model agree with your own people, on your own texts? Find out here before you decide to use it.',
  title: 'Trial',
  privacyMore:
    'Texts and marks stay in the memory of this page. Nothing is stored, and closing the page discards everything that you have not saved.',

  filesTitle: '1. Texts and marks',
  filesLead:
    'You need texts like those that you want to use the tool for, and marks that people gave them without seeing the model.',
  choose: 'Choose files',
  chooseHint:
    'or drop them here: tables with texts and marks (.csv, .xlsx), texts (.docx, .eml, .txt), or a folder',
  chooseFolder: 'Choose a folder',
  folderHint: 'with a text in each file; a table of marks may lie in it',
  howTitle: 'What the table looks like',
  howRows: 'A text in each row. Several raters have a row each for the same text, or a table each.',
  howMarks: (lowest: number, highest: number) =>
    `A column for each competency, with marks from ${lowest} to ${highest}; halves are fine. Empty, or “none”, means that the text does not show it. “?” means that the rater gave no mark.`,
  howFiles:
    'Texts in files: a table without texts has the name of the file in each row. A rater who is not named in the table has the name of the table’s file.',
  howRest:
    'Author group, language and date are optional. Do not use names of authors: “field sales” will do.',
  exampleText: 'Asked what an hour of downtime costs him …',
  exampleGroup: 'field sales',
  template: 'Save a template (.csv)',
  templateFile: 'trial-template',
  removeAll: 'Remove all',

  columnsTitle: (file: string, rows: number) => `Columns of ${file}: ${plural(rows, 'row', 'rows')}`,
  columnsUnknown: (file: string) => `Which columns of ${file} hold the texts and the marks?`,
  headings: 'Row with the headings',
  roles: {
    text: 'Text',
    id: 'Id or name of the file',
    rater: 'Rater',
    group: 'Author group',
    language: 'Language',
    date: 'Date',
  } satisfies Record<Role, string>,
  marksOf: (competency: string) => `Marks: ${competency}`,
  noColumn: 'none',
  columnsHint:
    'Choose where the texts are, or by which name they are found, and at least one column of marks. Nothing is taken from the table before.',
  preview: 'The first rows',

  counts: (texts: number, marked: number) =>
    `${plural(texts, 'text', 'texts')}, of which ${marked} ${marked === 1 ? 'has' : 'have'} marks`,
  raterCount: (rater: string, texts: number) => `${rater}: ${plural(texts, 'text', 'texts')}`,
  noTexts: 'There is no text yet.',
  noMarks: 'No text has marks yet. Open a table with marks, or mark the texts here.',
  problems: (count: number) =>
    count === 1 ? 'One row or cell was not used' : `${count} rows or cells were not used`,
  problemAt: (file: string, row: number) => `${file}, row ${row}`,
  moreProblems: (count: number) => `${count} more are not listed.`,
  problem: {
    mark_unread: (about: string, column: string) =>
      `“${about}” in the column “${column}” is no mark. The cell was left out.`,
    row_without_text: () => 'The row has neither a text nor a name. It was left out.',
    text_unknown: (about: string) => `No text is called “${about}”. Open its file too, or correct the name.`,
    text_differs: (about: string) =>
      `Another text is called “${about}” already. The row was left out; give it a name of its own.`,
    marked_twice: (about: string) => `“${about}” has marked this text before. The first marks count.`,
    nothing_marked: () =>
      'The row has no mark at all, so it counts as not marked. If the text shows nothing, write “none” into one of the cells.',
    too_many_texts: () => 'There are more texts than a trial takes. The text was left out.',
  } satisfies Record<ProblemCode, (about: string, column: string) => string>,

  blindTitle: '2. Mark texts blind',
  blindLead:
    'Mark the texts one by one, without the model’s levels and without anybody else’s marks. Save your marks as a table; whoever compares them opens the tables of all raters.',
  rater: 'Your name or code',
  raterMissing: 'Enter your name or a code first.',
  begin: 'Mark the texts here',
  leave: 'Back to the trial',
  textOf: (number: number, all: number) => `Text ${number} of ${all}`,
  completeOf: (complete: number, all: number) => `${complete} of ${all} marked.`,
  orderHint: 'The order is another one for each rater.',
  notShown: 'not shown',
  cannotSay: 'cannot say',
  rest: 'The rest is not shown',
  meanings: 'What the levels mean',
  previous: 'Previous text',
  next: 'Next text',
  saveMarks: 'Save my marks (.csv)',
  marksFile: 'marks',
  saveMarksHint: 'The table has the texts and your marks. It is the only copy: the page keeps none.',
  unsaved: 'You have marks that are not saved yet.',

  compareTitle: '3. Compare with the model',
  enough: 'Kappa that would be enough',
  enoughHint:
    'Decide this before you see the figures. 0.6 is a common choice; what two of your own raters reach is a better one.',
  compare: 'Compare with the model',
  computing: 'Computing the intervals',
  cancelled: (read: number, all: number) =>
    `Cancelled. ${read} of ${plural(all, 'text', 'texts')} were read; compare again to go on from there.`,

  resultTitle: 'Result of the trial',
  conclusions: {
    too_few: 'There are too few texts with marks to say anything.',
    enough: 'On these texts the model agrees with the raters at least as well as you asked for.',
    not_enough: 'On these texts the model agrees with the raters less than you asked for.',
    undecided: 'These texts do not decide it: the interval holds the figure that you asked for.',
  } satisfies Record<Conclusion, string>,
  asked: (enough: number) => `Asked for: kappa ${enough.toFixed(2)}.`,
  saidKappa: (figure: string) => `Agreement of levels (quadratic weighted kappa): ${figure}.`,
  statements: {
    more: (texts: number, more: number) =>
      `With ${plural(texts, 'text', 'texts')} the interval is wide. Mark at least ${more} more.`,
    like_raters: (difference: string) =>
      `The model agrees with a rater about as well as the raters agree with each other (difference of kappa ${difference}).`,
    below_raters: (difference: string) =>
      `The model agrees with a rater less than the raters agree with each other (difference of kappa ${difference}).`,
    raters_undecided: (difference: string) =>
      `Whether the model agrees with a rater as well as another rater does is not decided (difference of kappa ${difference}).`,
    raters_differ: (kappa: string) =>
      `The raters hardly agree with each other (kappa ${kappa}). Talk about what the levels mean, and mark anew, before you judge the model.`,
    one_rater:
      'One rater marked the texts. How far two people would agree is not known, and it is what the model should be compared with.',
    too_high: (figure: string) =>
      `The model’s levels are higher than the marks: ${figure} levels on average.`,
    too_low: (figure: string) => `The model’s levels are lower than the marks: ${figure} levels on average.`,
    missed: (figure: string) =>
      `The model misses much of what the raters see: it shows a share of ${figure} of it.`,
    only_model: (figure: string) =>
      `Much of what the model shows is not there for the raters: a share of ${figure} of it is.`,
    intervals: (figure: string) =>
      `The 80% intervals are too narrow on these texts: they hold a share of ${figure} of the marks.`,
    refused: (refused: number, texts: number) =>
      `The model refused ${refused} of ${plural(texts, 'text', 'texts')} as no account of own work with customers.`,
    slices_differ: (field: string, higher: string, lower: string) =>
      `At equal marks, the model’s levels are higher for “${higher}” than for “${lower}” (${field}). Find out why before you use it.`,
  },
  notSaid:
    'This says how far the model agrees with these raters on these texts. It does not say that the raters are right, that a level says anything about a person, or that it foretells sales.',

  overall: 'All texts',
  about: (texts: number, levels: number) =>
    `${plural(texts, 'text', 'texts')}; ${plural(levels, 'level', 'levels')} that both the raters and the model gave`,
  measure: 'Measure',
  figure: 'Figure',
  interval: '95% interval',
  meaning: 'What it says',
  measures: {
    kappa: 'Quadratic weighted kappa',
    mae: 'Mean absolute error (MAE)',
    signed_error: 'Bias',
    level_accuracy: 'Exact agreement',
    level_ece: 'Calibration error of levels',
    coverage: 'In the 80% interval',
    presence_precision: 'Shown: precision',
    presence_recall: 'Shown: recall',
    presence_f1: 'Shown: F1',
    presence_ece: 'Calibration error of presence',
    accounts_refused: 'Refused',
  } satisfies Record<Measure, string>,
  meanings_of: {
    kappa: 'Agreement beyond chance, where large differences weigh more; 1 is perfect, 0 is chance.',
    mae: 'By how many levels the model is off on average.',
    signed_error: 'Level minus mark, on average. Above 0 the model is too kind.',
    level_accuracy: 'Share of marks that the rounded level meets.',
    level_ece: 'How far the probability of the likeliest level is from how often it is right.',
    coverage: 'Share of marks inside the model’s interval; it is made to be 80%.',
    presence_precision: 'Of what the model shows, the share that the raters see too.',
    presence_recall: 'Of what the raters see, the share that the model shows.',
    presence_f1: 'Both in one figure: their harmonic mean.',
    presence_ece: 'How far the probability that something is shown is from how often it is.',
    accounts_refused: 'Share of texts that the model takes for no account of own work.',
  } satisfies Record<Measure, string>,
  definitions:
    'Names and definitions are those of the model card, with one difference: levels are compared only where the model shows one. What one side shows and the other does not is counted under “Shown”. Intervals hold the middle 95% of 1,000 resamples of whole texts.',
  several:
    'Of several raters, a competency counts as shown if at least half of them see it; the mark is the mean of those who gave one.',

  ratersTitle: 'Raters and the model',
  ratersEach: (figure: string) => `The raters with each other: kappa ${figure}`,
  ratersModel: (figure: string) => `The model with a rater: kappa ${figure}`,
  ratersDifference: (figure: string) => `Difference: ${figure}`,
  shownEach: (figure: string) => `What is shown, the raters with each other: F1 ${figure}`,
  shownModel: (figure: string) => `What is shown, the model with a rater: F1 ${figure}`,
  pair: 'Pair',
  model: 'model',
  pairOf: (one: string, other: string) => `${one} and ${other}`,

  slices: {
    all: 'All texts',
    competency: 'By competency',
    language: 'By language',
    length: 'By length',
    group: 'By author group',
  } satisfies Record<Field, string>,
  slice: {
    all: 'all',
    competency: 'competency',
    language: 'language',
    length: 'length',
    group: 'author group',
  } satisfies Record<Field, string>,
  texts: 'Texts',
  levels: 'Levels',
  equalMarks: 'Bias at equal marks',
  equalMarksHint:
    'The bias at equal marks compares with all texts that have the same mark for the same competency, as groups with other marks have another bias anyway.',
  lengthHint: 'Texts are sorted by length within their language.',
  tooFew: 'too few',
  minimum: (minimum: number) => `No figure is given of fewer than ${minimum} texts.`,
  lengths: {
    shorter: 'shorter half',
    longer: 'longer half',
    '1 shortest': 'shortest quarter',
    '2': 'second quarter',
    '3': 'third quarter',
    '4 longest': 'longest quarter',
  } as Readonly<Record<string, string>>,
  languages: { zh: 'Chinese', en: 'English', mixed: 'mixed', other: 'other' } as Readonly<
    Record<string, string>
  >,

  calibration: 'Calibration',
  calibrationHint:
    'If the probabilities were right, all dots would lie on the dotted diagonal. A larger dot stands for more predictions.',
  calibrationOf: {
    level: 'Probability of the likeliest level',
    presence: 'Probability that a competency is shown',
  },
  across: 'predicted',
  up: 'observed',
  asTable: 'As a table',
  predictions: 'Predictions',
  predicted: 'Predicted',
  observed: 'Observed',

  worst: 'Where they differ most',
  worstHint:
    'Read these before you decide: the raters may have seen what the model missed, or the other way round. Open cases are printed, with their texts.',
  kind: 'Show',
  kinds: {
    levels: 'levels that are furthest apart',
    missed: 'what only the raters see',
    only_model: 'what only the model shows',
  } satisfies Record<CaseKind, string>,
  noCase: 'There is none.',
  caseOf: (text: string, competency: string) => `${text}: ${competency}`,
  caseMark: (mark: string, level: string) => `raters ${mark}, model ${level}`,
  marksTitle: 'Marks and levels of this text',
  competency: 'Competency',
  levelLabel: (level: string, low: string, high: string) => `Level ${level}, interval ${low} to ${high}`,
  refusedText: 'The model refused this text.',
  textNumber: (number: number) => `Text ${number}`,

  aboutTitle: 'About this trial',
  aboutModel: (models: string) => `Model: ${models}`,
  aboutRubric: (rubrics: string) => `Rubric: ${rubrics}`,
  aboutDate: (date: string) => `Date: ${date}`,
  aboutTexts: (texts: number, raters: number) =>
    `${plural(texts, 'text', 'texts')}, ${plural(raters, 'rater', 'raters')}`,
  aboutEnough: (enough: number) => `Kappa that was to be enough: ${enough.toFixed(2)}`,
  saveRows: 'Save all marks and levels (.csv)',
  saveFigures: 'Save all figures (.csv)',
  rowsFile: 'trial-marks',
  figuresFile: 'trial-figures',
  print: 'Print or save as PDF',
  saveHint: 'The tables have no texts, but the names of texts and raters. Treat them as personal data.',
};

type Words = typeof en;

const zh: Words = {
  lead: '模型和你们自己人的判断一致吗？在决定使用之前，先用你们自己的文字在这里验证。',
  title: '试评',
  privacyMore: '文字和评分只在本页面的内存里，什么都不会保存；关掉页面，没有另存的就都没有了。',

  filesTitle: '1. 文字和评分',
  filesLead: '需要两样东西：与将来要评的相近的文字，以及评分人在看不到模型结果时给出的评分。',
  choose: '选择文件',
  chooseHint: '或拖放到这里：含文字和评分的表格（.csv、.xlsx）、文字（.docx、.eml、.txt），或整个文件夹',
  chooseFolder: '选择文件夹',
  folderHint: '每个文件一份文字；评分表也可以放在里面',
  howTitle: '表格的样子',
  howRows: '每行一份文字。有几位评分人时，同一份文字每人一行，或每人一张表。',
  howMarks: (lowest, highest) =>
    `每项能力一列，填 ${lowest} 至 ${highest} 的评分，可以有半级。空着或写“无”表示文中没有体现；写“?”表示评分人没有评。`,
  howFiles:
    '文字在单独的文件里时，表格不含正文，每行写文件名。表中没有写评分人的，以表格的文件名作为评分人。',
  howRest: '作者组别、语言和日期可以不填。请不要写作者姓名，写“外勤销售”这样的组别即可。',
  exampleText: '先问他停机一小时损失多少……',
  exampleGroup: '外勤销售',
  template: '保存模板（.csv）',
  templateFile: '试评模板',
  removeAll: '全部移除',

  columnsTitle: (file, rows) => `${file} 的列：共 ${rows} 行`,
  columnsUnknown: (file) => `${file} 的哪些列是正文和评分？`,
  headings: '标题所在的行',
  roles: {
    text: '正文',
    id: '编号或文件名',
    rater: '评分人',
    group: '作者组别',
    language: '语言',
    date: '日期',
  },
  marksOf: (competency) => `评分：${competency}`,
  noColumn: '没有',
  columnsHint: '请选择正文所在的列（或用来找到正文的名称），以及至少一列评分。在此之前不会从表中取任何内容。',
  preview: '开头几行',

  counts: (texts, marked) => `${texts} 份文字，其中 ${marked} 份有评分`,
  raterCount: (rater, texts) => `${rater}：${texts} 份`,
  noTexts: '还没有文字。',
  noMarks: '还没有评分。请打开含评分的表格，或在这里给文字评分。',
  problems: (count) => `有 ${count} 行或单元格未采用`,
  problemAt: (file, row) => `${file}，第 ${row} 行`,
  moreProblems: (count) => `另有 ${count} 条未列出。`,
  problem: {
    mark_unread: (about, column) => `“${column}”列中的“${about}”不是评分，该单元格未采用。`,
    row_without_text: () => '这一行既没有正文也没有名称，未采用。',
    text_unknown: (about) => `没有名为“${about}”的文字。请同时打开它的文件，或更正名称。`,
    text_differs: (about) => `已有另一份文字名为“${about}”。这一行未采用，请给它另起名称。`,
    marked_twice: (about) => `“${about}”已给这份文字评过分，以先前的为准。`,
    nothing_marked: () => '这一行没有任何评分，按没有评处理。如果文中什么都没有体现，请在其中一格写“无”。',
    too_many_texts: () => '文字数量超出了试评的上限，这份文字未采用。',
  },

  blindTitle: '2. 盲评',
  blindLead:
    '逐份评分，看不到模型的等级，也看不到别人的评分。评完请把评分存为表格，由负责比较的人打开所有人的表格。',
  rater: '你的姓名或代号',
  raterMissing: '请先填写姓名或代号。',
  begin: '在这里评分',
  leave: '返回试评',
  textOf: (number, all) => `第 ${number} 份，共 ${all} 份`,
  completeOf: (complete, all) => `已评 ${complete} 份，共 ${all} 份。`,
  orderHint: '每位评分人的顺序不同。',
  notShown: '未体现',
  cannotSay: '说不好',
  rest: '其余均未体现',
  meanings: '等级的含义',
  previous: '上一份',
  next: '下一份',
  saveMarks: '保存我的评分（.csv）',
  marksFile: '评分',
  saveMarksHint: '表格里有正文和你的评分。页面不留底，这是唯一的一份。',
  unsaved: '你有评分还没有保存。',

  compareTitle: '3. 与模型比较',
  enough: '多大的卡帕系数算够',
  enoughHint: '请在看到结果之前定下来。常用 0.6；更好的标准是你们自己两位评分人之间能达到的数值。',
  compare: '与模型比较',
  computing: '正在计算区间',
  cancelled: (read, all) => `已取消。${all} 份文字中已读 ${read} 份，再次比较会接着进行。`,

  resultTitle: '试评结果',
  conclusions: {
    too_few: '有评分的文字太少，还说明不了什么。',
    enough: '在这些文字上，模型与评分人的一致程度不低于你的要求。',
    not_enough: '在这些文字上，模型与评分人的一致程度低于你的要求。',
    undecided: '这些文字还不能下结论：你要求的数值落在区间之内。',
  },
  asked: (enough) => `要求：卡帕系数 ${enough.toFixed(2)}。`,
  saidKappa: (figure) => `等级一致性（二次加权卡帕系数）：${figure}。`,
  statements: {
    more: (texts, more) => `只有 ${texts} 份文字，区间较宽。请至少再评 ${more} 份。`,
    like_raters: (difference) =>
      `模型与一位评分人的一致程度，和评分人彼此之间差不多（卡帕系数相差 ${difference}）。`,
    below_raters: (difference) =>
      `模型与评分人的一致程度，低于评分人彼此之间（卡帕系数相差 ${difference}）。`,
    raters_undecided: (difference) =>
      `模型能否像另一位评分人那样与评分人一致，还不能下结论（卡帕系数相差 ${difference}）。`,
    raters_differ: (kappa) =>
      `评分人之间就不太一致（卡帕系数 ${kappa}）。请先讨论各等级的含义并重新评分，再来评判模型。`,
    one_rater: '只有一位评分人。两个人之间能有多一致还不知道，而模型应当与之比较的正是这一点。',
    too_high: (figure) => `模型的等级比评分高：平均 ${figure} 级。`,
    too_low: (figure) => `模型的等级比评分低：平均 ${figure} 级。`,
    missed: (figure) => `评分人看到的，模型漏掉不少：它体现出的比例为 ${figure}。`,
    only_model: (figure) => `模型给出的，有不少评分人并没有看到：两者都看到的比例为 ${figure}。`,
    intervals: (figure) => `在这些文字上，80% 区间偏窄：评分落在其中的比例为 ${figure}。`,
    refused: (refused, texts) =>
      `${texts} 份文字中，有 ${refused} 份被模型认为不是自己与客户打交道的经历，没有评级。`,
    slices_differ: (field, higher, lower) =>
      `评分相同时，模型给“${higher}”的等级高于“${lower}”（按${field}）。使用之前请先弄清原因。`,
  },
  notSaid:
    '这里只说明模型与这些评分人在这些文字上有多一致，并不说明评分人是对的，不说明等级代表一个人的能力，也不说明它能预测业绩。',

  overall: '全部文字',
  about: (texts, levels) => `${texts} 份文字；评分人和模型都给出的等级共 ${levels} 个`,
  measure: '指标',
  figure: '数值',
  interval: '95% 区间',
  meaning: '含义',
  measures: {
    kappa: '二次加权卡帕系数',
    mae: '平均绝对误差',
    signed_error: '偏差',
    level_accuracy: '完全一致',
    level_ece: '等级的校准误差',
    coverage: '落在 80% 区间内',
    presence_precision: '体现：精确率',
    presence_recall: '体现：召回率',
    presence_f1: '体现：F1 值',
    presence_ece: '体现的校准误差',
    accounts_refused: '未评级',
  },
  meanings_of: {
    kappa: '去除偶然因素后的一致程度，相差越大扣分越多；1 为完全一致，0 为碰巧。',
    mae: '模型平均差多少级。',
    signed_error: '等级减评分的平均值。大于 0 表示模型偏宽松。',
    level_accuracy: '取整后的等级与评分相同的比例。',
    level_ece: '最可能等级的概率与实际正确比例相差多少。',
    coverage: '评分落在模型区间内的比例，设计值为 80%。',
    presence_precision: '模型给出的能力中，评分人也看到的比例。',
    presence_recall: '评分人看到的能力中，模型也给出的比例。',
    presence_f1: '以上两项合成一个数：调和平均。',
    presence_ece: '体现的概率与实际体现的比例相差多少。',
    accounts_refused: '被模型认为不是自身经历的文字所占的比例。',
  },
  definitions:
    '名称和定义与模型卡相同，只有一点区别：只在模型给出等级的地方比较等级；一方体现而另一方没有的，计入“体现”各项。区间取整份文字重抽样 1,000 次所得结果的中间 95%。',
  several: '有几位评分人时，至少一半的人看到才算体现；评分取给出者的平均。',

  ratersTitle: '评分人与模型',
  ratersEach: (figure) => `评分人彼此之间：卡帕系数 ${figure}`,
  ratersModel: (figure) => `模型与一位评分人：卡帕系数 ${figure}`,
  ratersDifference: (figure) => `相差：${figure}`,
  shownEach: (figure) => `是否体现，评分人彼此之间：F1 值 ${figure}`,
  shownModel: (figure) => `是否体现，模型与一位评分人：F1 值 ${figure}`,
  pair: '双方',
  model: '模型',
  pairOf: (one, other) => `${one}与${other}`,

  slices: {
    all: '全部文字',
    competency: '按能力',
    language: '按语言',
    length: '按长度',
    group: '按作者组别',
  },
  slice: { all: '全部', competency: '能力', language: '语言', length: '长度', group: '作者组别' },
  texts: '文字',
  levels: '等级',
  equalMarks: '评分相同时的偏差',
  equalMarksHint:
    '评分相同时的偏差，是与同一能力、同一评分的全部文字相比；各组评分本来就不同，直接比较偏差并不公平。',
  lengthHint: '长度在各自语言内排序。',
  tooFew: '太少',
  minimum: (minimum) => `不足 ${minimum} 份文字时不给出数字。`,
  lengths: {
    shorter: '较短的一半',
    longer: '较长的一半',
    '1 shortest': '最短的四分之一',
    '2': '第二个四分之一',
    '3': '第三个四分之一',
    '4 longest': '最长的四分之一',
  },
  languages: { zh: '中文', en: '英文', mixed: '混合', other: '其他' },

  calibration: '校准',
  calibrationHint: '如果概率都准确，所有的点都会落在虚线对角线上。点越大，代表的预测越多。',
  calibrationOf: { level: '最可能等级的概率', presence: '能力有所体现的概率' },
  across: '预测',
  up: '实际',
  asTable: '以表格查看',
  predictions: '预测数',
  predicted: '预测概率',
  observed: '实际比例',

  worst: '分歧最大之处',
  worstHint:
    '做决定之前请先看看这些：可能是评分人看到了模型漏掉的，也可能相反。打开的条目会连同文字一起打印。',
  kind: '显示',
  kinds: {
    levels: '等级相差最大的',
    missed: '只有评分人看到的',
    only_model: '只有模型给出的',
  },
  noCase: '没有这样的情况。',
  caseOf: (text, competency) => `${text}：${competency}`,
  caseMark: (mark, level) => `评分人 ${mark}，模型 ${level}`,
  marksTitle: '这份文字的评分和等级',
  competency: '能力',
  levelLabel: (level, low, high) => `等级 ${level}，区间 ${low} 至 ${high}`,
  refusedText: '模型没有给这份文字评级。',
  textNumber: (number) => `文字 ${number}`,

  aboutTitle: '关于这次试评',
  aboutModel: (models) => `模型：${models}`,
  aboutRubric: (rubrics) => `评分标准：${rubrics}`,
  aboutDate: (date) => `日期：${date}`,
  aboutTexts: (texts, raters) => `${texts} 份文字，${raters} 位评分人`,
  aboutEnough: (enough) => `事先定下的卡帕系数要求：${enough.toFixed(2)}`,
  saveRows: '保存全部评分和等级（.csv）',
  saveFigures: '保存全部数字（.csv）',
  rowsFile: '试评明细',
  figuresFile: '试评数字',
  print: '打印或存为 PDF',
  saveHint: '表格不含正文，但有文字和评分人的名称，请按个人信息对待。',
};

export const WORDS: Table<Words> = { en, zh };
