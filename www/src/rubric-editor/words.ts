import type { Table } from '../languages/text';
import type { Reason } from './file';
import type { Problem } from './problems';

interface Words {
  readonly lead: string;
  readonly privacy: string;
  readonly languageSwitch: string;
  readonly open: string;
  readonly openHint: string;
  readonly shipped: string;
  readonly undo: string;
  readonly redo: string;
  readonly source: (name: string) => string;
  readonly saved: string;
  readonly unsaved: (count: number) => string;
  readonly faults: (count: number) => string;
  readonly untranslated: (count: number, language: string) => string;
  readonly tabList: string;
  readonly tabs: Readonly<Record<'words' | 'counts' | 'preview' | 'versions', string>>;
  readonly oneFile: string;
  readonly opened: (name: string) => string;
  readonly refused: (name: string) => string;
  readonly notJson: string;
  readonly kept: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly competencies: string;
  readonly levelNames: string;
  readonly levelNamesLead: string;
  readonly name: string;
  readonly definition: string;
  readonly level: (level: number, name: string) => string;
  readonly levelName: (level: number) => string;
  readonly faultsHere: (count: number) => string;
  readonly problems: Readonly<Record<Exclude<Problem, 'long'>, string>>;
  readonly long: (length: number, most: number) => string;
  readonly changed: string;
  readonly before: (text: string) => string;
  readonly nothing: string;
  readonly takeBack: string;
  readonly takeBackOf: (field: string) => string;
  readonly countsLead: string;
  readonly countsTable: string;
  readonly kind: string;
  readonly all: string;
  readonly allOf: (kind: string) => string;
  readonly weights: string;
  readonly weightsLead: string;
  readonly weight: string;
  readonly competency: string;
  readonly shareTitle: string;
  readonly previewLead: string;
  readonly previewOld: string;
  readonly samples: string;
  readonly noSamples: string;
  readonly saveTitle: string;
  readonly note: string;
  readonly noteHint: string;
  readonly noteMissing: string;
  readonly noteLong: (length: number, most: number) => string;
  readonly save: (number: number) => string;
  readonly same: (number: number) => string;
  readonly sameShipped: string;
  readonly cannotSave: (count: number) => string;
  readonly done: (file: string) => string;
  readonly use: string;
  /** Where the file goes, what is written there, and what to do the next time. */
  readonly giveFile: (file: string) => string;
  readonly giveAttribute: string;
  readonly nextTime: string;
  readonly snippet: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly versions: string;
  readonly noVersions: string;
  readonly version: (number: number) => string;
  readonly date: string;
  readonly actions: string;
  readonly compareOf: (number: number) => string;
  readonly compareThis: string;
  readonly backOf: (number: number) => string;
  readonly tookBack: (number: number) => string;
  readonly compare: string;
  readonly from: string;
  readonly to: string;
  readonly now: string;
  readonly field: string;
  readonly alike: string;
  readonly differ: (count: number) => string;
  readonly wasBefore: string;
}

const en: Words = {
  lead: 'Put the rubric into your company’s own words: edit what it says, choose what counts, look at it on a real text, and save it as a file for your page.',
  privacy: 'What you write stays in this browser until you save it as a file. Nothing is sent anywhere.',
  languageSwitch: 'Language',
  open: 'Open a rubric file',
  openHint: 'or drop it here (.json)',
  shipped: 'Start from the words that ship',
  undo: 'Undo',
  redo: 'Redo',
  source: (name) => (name ? `File: ${name}` : 'The words that ship'),
  saved: 'no changes that are not saved',
  unsaved: (count) => `${count} ${count === 1 ? 'change' : 'changes'} not saved`,
  faults: (count) => `${count} ${count === 1 ? 'field has' : 'fields have'} to be put right`,
  untranslated: (count, language) => `${count} not translated into ${language}`,
  tabList: 'Steps',
  tabs: { words: 'Words', counts: 'What counts', preview: 'Preview', versions: 'Versions and saving' },
  oneFile: 'Only the first of these files was opened.',
  opened: (name) => `${name} is open. Undo brings back what was there before.`,
  refused: (name) => `${name} was not opened.`,
  notJson: 'It is no JSON file, or it is damaged.',
  kept: 'What you were editing is still here.',
  reasons: {
    no_rubric: 'It is a JSON file but no rubric.',
    other_id: 'It is the rubric of another model.',
    other_competencies:
      'Its competencies are not those of the model, or in another order. They cannot be added, taken out or moved without a new model.',
    other_scale:
      'Its levels are not those of the model, each once. They cannot be added or taken out without a new model.',
    texts: 'A text in it is no text, or longer than 20,000 characters.',
    languages: 'It names a language by no language code, or more than 12 of them.',
    counts:
      'What it counts cannot be used: a kind of text or a competency that there is not, an empty list, or a weight that is not from 0.1 to 10.',
    editions: 'Its earlier versions are damaged.',
  },
  competencies: 'What is edited',
  levelNames: 'Names of the levels',
  levelNamesLead:
    'All competencies share these names. What a level means stays the same: the model has learnt it.',
  name: 'Name',
  definition: 'Definition',
  level: (level, name) => `What level ${level} looks like${name ? ` (${name})` : ''}`,
  levelName: (level) => `Name of level ${level}`,
  faultsHere: (count) => `${count} to be put right`,
  problems: {
    empty: 'This text is missing in every language. Give it in at least one.',
    incomplete: 'This text is missing, and no language has all texts. Complete at least one language.',
    missing: 'Not translated: people see the text of the other language.',
    unseen: 'It has characters that cannot be seen. Type the text anew.',
    twice: 'Another one has this name already. Give each its own.',
    weight: 'Give a number from 0.1 to 10.',
    none_counts: 'At least one competency has to count.',
  },
  long: (length, most) => `Too long: ${length} characters, at most ${most} fit.`,
  changed: 'Changed.',
  before: (text) => `Before: ${text}`,
  nothing: '(nothing)',
  takeBack: 'Take back',
  takeBackOf: (field) => `Take back: ${field}`,
  countsLead:
    'A competency that does not count for a kind of text gets no level there: it is not shown, not handed over and not kept.',
  countsTable: 'Which competencies count for which kind of text',
  kind: 'Kind of text',
  all: 'All',
  allOf: (kind) => `All for: ${kind}`,
  weights: 'Weights in the overall level',
  weightsLead:
    'The overall level of a text is the mean of the levels that it shows. A competency with weight 2 counts twice in it. Levels themselves do not change, and people are never ranked by the overall level.',
  weight: 'Weight',
  competency: 'Competency',
  shareTitle: 'Share, where a text shows all',
  previewLead:
    'This is the widget itself with your words. It assesses the text in this browser. Choose the kind of text to see what counts for it.',
  previewOld: 'Some fields have to be put right first. Until then the preview shows the words from before.',
  samples: 'Sample:',
  noSamples: 'Paste a text of your own.',
  saveTitle: 'Save a version',
  note: 'What changed, in a few words',
  noteHint: 'It is kept in the file with the day and the number of the version.',
  noteMissing: 'Say in a few words what changed, so that others understand the version later.',
  noteLong: (length, most) => `Too long: ${length} characters, at most ${most} fit.`,
  save: (number) => `Save as version ${number}`,
  same: (number) => `Nothing has changed since version ${number}.`,
  sameShipped: 'Nothing has changed yet.',
  cannotSave: (count) =>
    `It can be saved once ${count === 1 ? 'this field is' : `these ${count} fields are`} put right:`,
  done: (file) => `${file} was handed to your browser, which saves it as it saves downloads.`,
  use: 'Put it on your page',
  giveFile: (file) =>
    `Give ${file} to whoever runs your page. It belongs beside the page in which the widget stands, on the same server.`,
  giveAttribute:
    'They write its name into the attribute rubric of the widget, as below. Nothing is built anew.',
  nextTime: 'The next time, open this file here: it has all versions.',
  snippet: 'Line for your page',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'Copy it by hand: it is selected.',
  versions: 'Versions',
  noVersions: 'No version has been saved yet.',
  version: (number) => `Version ${number}`,
  date: 'Day',
  actions: 'What to do',
  compareOf: (number) => `Compare version ${number} with now`,
  compareThis: 'Compare',
  backOf: (number) => `Go back to version ${number}`,
  tookBack: (number) => `This is version ${number} again. Undo brings back what was there before.`,
  compare: 'Compare two versions',
  from: 'Version',
  to: 'with',
  now: 'What is edited now',
  field: 'Field',
  alike: 'These two do not differ.',
  differ: (count) => `They differ in ${count} ${count === 1 ? 'field' : 'fields'}.`,
  wasBefore: 'As it was before this editor was used',
};

const zh: Words = {
  lead: '把评分标准换成公司自己的说法：修改措辞，决定哪些能力计入，用真实文字预览效果，再存成文件放到页面上。',
  privacy: '在你另存为文件之前，所写内容只留在这个浏览器里，不会发送到任何地方。',
  languageSwitch: '语言',
  open: '打开评分标准文件',
  openHint: '或拖到这里（.json）',
  shipped: '从自带的措辞开始',
  undo: '撤销',
  redo: '重做',
  source: (name) => (name ? `文件：${name}` : '自带的措辞'),
  saved: '没有未保存的修改',
  unsaved: (count) => `${count} 处修改未保存`,
  faults: (count) => `${count} 处需要改正`,
  untranslated: (count, language) => `${language}缺 ${count} 处译文`,
  tabList: '步骤',
  tabs: { words: '措辞', counts: '计入范围', preview: '预览', versions: '版本与保存' },
  oneFile: '只打开了其中第一个文件。',
  opened: (name) => `已打开 ${name}。撤销可恢复之前的内容。`,
  refused: (name) => `未能打开 ${name}。`,
  notJson: '它不是 JSON 文件，或者已损坏。',
  kept: '你正在编辑的内容还在。',
  reasons: {
    no_rubric: '它是 JSON 文件，但不是评分标准。',
    other_id: '它是另一个模型的评分标准。',
    other_competencies: '其中的能力与模型的不一致，或顺序不同。不训练新模型，就不能增删能力或调整顺序。',
    other_scale: '其中的等级与模型的不一致，或有重复。不训练新模型，就不能增删等级。',
    texts: '其中有一处不是文字，或超过 20,000 个字符。',
    languages: '其中有无法识别的语言代码，或语言超过 12 种。',
    counts: '其中的计入范围无法使用：有不存在的文字类型或能力、空列表，或者权重不在 0.1 到 10 之间。',
    editions: '其中的历史版本已损坏。',
  },
  competencies: '编辑哪一部分',
  levelNames: '等级名称',
  levelNamesLead: '所有能力共用这些名称。等级的含义不变，那是模型学到的。',
  name: '名称',
  definition: '定义',
  level: (level, name) => `${level} 级的表现${name ? `（${name}）` : ''}`,
  levelName: (level) => `${level} 级的名称`,
  faultsHere: (count) => `${count} 处需要改正`,
  problems: {
    empty: '所有语言都缺这段文字，请至少填写一种语言。',
    incomplete: '缺这段文字，而且没有一种语言是齐全的。请至少补齐一种语言。',
    missing: '没有译文：读者会看到另一种语言的文字。',
    unseen: '其中有看不见的字符，请重新输入。',
    twice: '已有同样的名称，请取不同的名称。',
    weight: '请填 0.1 到 10 之间的数。',
    none_counts: '至少要有一项能力计入。',
  },
  long: (length, most) => `太长：有 ${length} 个字符，最多 ${most} 个。`,
  changed: '已修改。',
  before: (text) => `原文：${text}`,
  nothing: '（空）',
  takeBack: '改回去',
  takeBackOf: (field) => `改回去：${field}`,
  countsLead: '某项能力不计入某类文字时，这类文字就不评这一项：不显示，不移交，也不保存。',
  countsTable: '每类文字计入哪些能力',
  kind: '文字类型',
  all: '全部',
  allOf: (kind) => `全部计入：${kind}`,
  weights: '综合等级中的权重',
  weightsLead:
    '一段文字的综合等级，是它所体现的各项等级的平均值。权重为 2 的能力在其中算两次。各项等级本身不变，也绝不按综合等级给人排名。',
  weight: '权重',
  competency: '能力',
  shareTitle: '占比（文字体现全部能力时）',
  previewLead: '这就是组件本身，用的是你的措辞，评估在这个浏览器里进行。选择文字类型，可以看到哪些能力计入。',
  previewOld: '有几处需要先改正。在此之前，预览显示的是之前的措辞。',
  samples: '示例：',
  noSamples: '请粘贴一段自己的文字。',
  saveTitle: '保存为一个版本',
  note: '用几句话说明改了什么',
  noteHint: '它会与日期和版本号一起保存在文件里。',
  noteMissing: '请用几句话说明改了什么，方便别人以后看懂这个版本。',
  noteLong: (length, most) => `太长：有 ${length} 个字符，最多 ${most} 个。`,
  save: (number) => `保存为第 ${number} 版`,
  same: (number) => `自第 ${number} 版以来没有修改。`,
  sameShipped: '还没有修改。',
  cannotSave: (count) => `改正以下 ${count} 处之后才能保存：`,
  done: (file) => `已把 ${file} 交给浏览器，它会像下载文件一样保存。`,
  use: '放到页面上',
  giveFile: (file) => `把 ${file} 交给维护页面的同事，放在组件所在页面的旁边，同一台服务器上。`,
  giveAttribute: '由他们把文件名写进组件的 rubric 属性，写法如下。不需要重新构建。',
  nextTime: '下次在这里打开这个文件即可，所有版本都在里面。',
  snippet: '写进页面的一行',
  copy: '复制',
  copied: '已复制。',
  copyFailed: '已选中，请手动复制。',
  versions: '版本',
  noVersions: '还没有保存过版本。',
  version: (number) => `第 ${number} 版`,
  date: '日期',
  actions: '操作',
  compareOf: (number) => `将第 ${number} 版与当前内容对比`,
  compareThis: '对比',
  backOf: (number) => `回到第 ${number} 版`,
  tookBack: (number) => `现在又是第 ${number} 版的内容。撤销可恢复之前的内容。`,
  compare: '对比两个版本',
  from: '版本',
  to: '对比',
  now: '当前编辑的内容',
  field: '位置',
  alike: '两者没有差别。',
  differ: (count) => `有 ${count} 处不同。`,
  wasBefore: '使用本编辑器之前的内容',
};

export const WORDS: Table<Words> = { en, zh };
