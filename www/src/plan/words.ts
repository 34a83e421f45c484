import type { Table } from '../languages/text';
import type { Advice } from './development';

const en = {
  title: 'My development plan',
  lead: 'A proposal based on this text and on your own rating. It is yours: change any word, and leave out whatever does not fit.',
  refused:
    'There is nothing to plan yet: the text that was assessed last is no account of your own work with customers. Assess one that is.',
  from: (date: string) => `Starts on ${date}`,
  start: 'First day',
  focus: (n: number) => `Focus ${n}`,
  notShown:
    'The text does not show this, so the plan starts at your own rating, or in the middle of the scale.',
  level: (level: number, name: string) => `Starting from level ${level}, “${name}”`,
  keep: 'Keep',
  change: 'Change',
  practice: 'Practise on the job',
  together: 'With a colleague',
  study: 'To read or watch',
  kinds: {
    book: 'Book',
    video: 'Video',
    course: 'Course',
    document: 'Document',
    recording: 'Recording',
  } satisfies Record<Advice['study']['kind'], string>,
  doneOn: (date: string) => `done on ${date}`,
  began: (level: string, date: string) => `When you began: ${level} (${date}).`,
  beganNotShown: (date: string) => `When you began, your text did not show this (${date}).`,
  latest: (level: string, date: string) => `In your latest text: ${level} (${date}).`,
  latestNotShown: (date: string) => `Your latest text does not show this (${date}).`,
  smallSample:
    'One text is a small sample: what it was about can move a level as much as what you have learnt. Look at several texts before you draw a conclusion.',
  bar: (level: string, max: number, before: string | null) =>
    `Latest text: level ${level} of ${max}${before === null ? '' : `, ${before} when you began`}`,
  full: (name: string) =>
    `You have ticked tasks of every goal, so none was taken out for ${name}. To work on it, choose “Edit” and select it in the place of another goal.`,
  signs: 'Signs of progress',
  schedule: 'The next 90 days',
  day: (days: number, date: string) => `Day ${days} (${date})`,
  dayTitle: (days: number, name: string) => `Day ${days}: ${name}`,
  edit: 'Edit',
  done: 'Done editing',
  reset: 'Start over',
  resetSure: 'This removes your changes and all ticks. It cannot be undone.',
  resetKeep: 'Keep my plan',
  markdown: 'Save as Markdown',
  print: 'Print or save as PDF',
  calendar: 'Save to calendar (.ics)',
  task: (n: number) => `Task ${n}`,
  sign: (n: number) => `Sign ${n}`,
  footer:
    'Made by SalesMirror from one text. It does not measure a person, and it must not be the sole basis for a decision about anyone.',
  file: 'development-plan',
};

type Words = typeof en;

const zh: Words = {
  title: '我的发展计划',
  lead: '根据这段文字和你的自评提出的建议。计划是你的：每个字都可以改，不合适的就删掉。',
  refused: '还没有可以计划的内容：上次评估的文字不是在讲你自己与客户打交道的经历。请换一段再评估。',
  from: (date) => `${date} 开始`,
  start: '开始日期',
  focus: (n) => `重点 ${n}`,
  notShown: '文中没有体现这一项，计划从你的自评或中间等级开始。',
  level: (level, name) => `从等级 ${level}“${name}”出发`,
  keep: '继续保持',
  change: '需要改变',
  practice: '在工作中练',
  together: '和同事一起',
  study: '读或看',
  kinds: { book: '书', video: '视频', course: '课程', document: '资料', recording: '录音' },
  doneOn: (date) => `${date} 完成`,
  began: (level, date) => `开始时：${level}（${date}）。`,
  beganNotShown: (date) => `开始时，文中没有体现这一项（${date}）。`,
  latest: (level, date) => `最近一份文字：${level}（${date}）。`,
  latestNotShown: (date) => `最近一份文字没有体现这一项（${date}）。`,
  smallSample: '一份文字只是很小的样本：内容不同，等级也会随之变化，不一定是能力变了。多看几份再下结论。',
  bar: (level, max, before) =>
    `最近一份文字：等级 ${level}，满分 ${max}${before === null ? '' : `，开始时 ${before}`}`,
  full: (name) =>
    `每个重点都已有完成的任务，因此没有为“${name}”去掉任何一个。想着手这一项，请点“修改”，用它替换其中一个重点。`,
  signs: '怎样看出进步',
  schedule: '接下来的九十天',
  day: (days, date) => `第 ${days} 天（${date}）`,
  dayTitle: (days, name) => `第 ${days} 天：${name}`,
  edit: '修改',
  done: '改好了',
  reset: '恢复原样',
  resetSure: '你的修改和所有已完成的标记都会去掉，无法恢复。',
  resetKeep: '保留我的计划',
  markdown: '存为标记文本',
  print: '打印或存为文档',
  calendar: '存入日历',
  task: (n) => `任务 ${n}`,
  sign: (n) => `迹象 ${n}`,
  footer: '由销售镜根据一段文字生成。它不衡量一个人，也不是对任何人作出决定的唯一依据。',
  file: '发展计划',
};

export const WORDS: Table<Words> = { en, zh };
