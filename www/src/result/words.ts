import type { Polarity } from '../engine/contract';
import type { Fit } from '../profile/profile';
import type { Table } from '../languages/text';

const en = {
  result: 'What this text shows',
  overall: (level: string, low: string, high: string, shown: number, total: number) =>
    `The text shows ${shown} of ${total} competencies. Overall level: ${level} (80% interval ${low} to ${high}).`,
  reports: 'All reports',
  reportsHint: 'Choose a report to see the evidence for its levels.',
  report: 'Report',
  mean: 'Mean of the levels shown',
  open: (name: string) => `Show ${name}`,
  untitled: 'Typed text',
  radar: 'All competencies at a glance',
  radarLabel: 'Radar chart of the levels',
  radarNone: 'not shown',
  legend: {
    level: 'This text, with its 80% interval',
    self: 'Your own rating',
    target: 'Target of the role',
  },
  asTable: 'As a table',
  columns: {
    competency: 'Competency',
    level: 'Level',
    interval: '80% interval',
    likely: 'Most likely',
    sureness: 'Certainty',
    self: 'Your rating',
    difference: 'Difference',
    target: 'Target',
  },
  none: '–',
  competencies: 'Competency by competency',
  notShown: 'Not shown in this text',
  notShownWhy: 'This says nothing about how good you are at it, only that the text does not mention it.',
  notShownHow: (anchor: string) =>
    `To show it, describe what you did. An example from the middle of the scale: ${anchor}`,
  levelOf: (level: string, max: number, name: string) => `${level} of ${max} · most likely “${name}”`,
  barLabel: (level: string, max: number, low: string, high: string) =>
    `Level ${level} of ${max}, 80% interval from ${low} to ${high}`,
  interval: (low: string, high: string) => `80% interval ${low} to ${high}`,
  sureness: { high: 'fairly sure', medium: 'approximate', low: 'unsure' },
  surenessWhy: {
    high: 'Fairly sure: the true level is most likely within one level of this.',
    medium: 'Approximate: it may well be a level higher or lower.',
    low: 'Unsure: the text says too little, or has examples of both kinds. Take it as a hint only.',
  },
  next: (name: string) => `The next level, “${name}”:`,
  missing: (count: number) =>
    count === 0
      ? 'Still missing: sentences that show this. Nothing in the text counts against it.'
      : count === 1
        ? 'Still missing: sentences that show this. One sentence counts against it:'
        : `Still missing: sentences that show this. ${count} sentences count against it:`,
  highest: 'This is the highest level on the scale.',
  selfSame: (own: number) => `You rated yourself ${own}, which is within the range that this text shows.`,
  selfDiffers: (own: number, difference: string) =>
    `You rated yourself ${own}, which is ${difference} away from what this text shows. Which examples did you have in mind? Could you put them in a report?`,
  selfOnly: (own: number) =>
    `You rated yourself ${own}. This text does not show it, so there is nothing to compare.`,
  target: (level: number, role: string) => `${role} asks for level ${level}:`,
  fit: {
    above: 'above the interval that this text shows.',
    within: 'within the interval that this text shows.',
    below: 'below the interval: this text shows more.',
    unknown: 'this text does not show it, so ask.',
  } satisfies Record<Fit, string>,
  fitNote:
    'A target is a starting point for a conversation, not a pass mark, and one text is a small sample.',
  evidence: (count: number) => `Why: ${count} ${count === 1 ? 'sentence' : 'sentences'} of evidence`,
  polarity: { positive: 'good example', negative: 'poor example' } satisfies Record<Polarity, string>,
  weight: (percent: number) => `${percent}% of the weight`,
  without: (level: string) => `without this sentence the level would be ${level}`,
  withoutNone: 'without this sentence the competency would not be shown',
  showInText: 'Show in the text',
  yourText: 'The text, with its evidence',
  yourTextHint:
    'The number is that of the competency. A solid underline and ＋ mark a good example, a dashed underline and － a poor one.',
  noText: 'The text was not included with this assessment, so its sentences cannot be shown.',
  highlight: 'Highlight evidence for',
  all: 'All',
  correct: 'Correct this level',
  correctHint:
    'People decide. A correction is labelled as such and is included when the assessment is exported.',
  correctLevel: 'The level you see',
  reason: 'Reason (what in the text shows it?)',
  reviewer: 'Your name',
  saveCorrection: 'Save correction',
  corrected: (reviewer: string, date: string) => `Corrected by ${reviewer} on ${date}`,
  correctedTo: (level: string, was: string) => `${level} instead of ${was}.`,
};

type Words = typeof en;

const zh: Words = {
  result: '这段文字体现了什么',
  overall: (level, low, high, shown, total) =>
    `${total} 项能力中体现了 ${shown} 项，综合等级 ${level}（80% 区间 ${low} 至 ${high}）。`,
  reports: '全部报告',
  reportsHint: '选择一份报告，查看等级的依据。',
  report: '报告',
  mean: '已体现部分的平均',
  open: (name) => `查看${name}`,
  untitled: '输入的文字',
  radar: '各项能力一览',
  radarLabel: '等级雷达图',
  radarNone: '未体现',
  legend: { level: '这段文字及其 80% 区间', self: '你的自评', target: '岗位目标' },
  asTable: '以表格查看',
  columns: {
    competency: '能力',
    level: '等级',
    interval: '80% 区间',
    likely: '最可能',
    sureness: '把握',
    self: '自评',
    difference: '差异',
    target: '目标',
  },
  none: '无',
  competencies: '逐项查看',
  notShown: '文中未体现',
  notShownWhy: '这只说明这段文字没有写到，不说明能力高低。',
  notShownHow: (anchor) => `想让它体现出来，请写明你做了什么。以中间等级为例：${anchor}`,
  levelOf: (level, max, name) => `${level} / ${max} · 最可能为“${name}”`,
  barLabel: (level, max, low, high) => `等级 ${level}，满分 ${max}，80% 区间 ${low} 至 ${high}`,
  interval: (low, high) => `80% 区间 ${low} 至 ${high}`,
  sureness: { high: '比较确定', medium: '大致如此', low: '不太确定' },
  surenessWhy: {
    high: '比较确定：真实等级很可能与此相差不到一级。',
    medium: '大致如此：高一级或低一级都有可能。',
    low: '不太确定：文字写得太少，或正反例子都有，仅供提示。',
  },
  next: (name) => `下一等级“${name}”：`,
  missing: (count) =>
    count === 0
      ? '目前还缺：能体现这一点的句子。文中没有与之相反的内容。'
      : `目前还缺：能体现这一点的句子。有 ${count} 句与之相反：`,
  highest: '这已是最高等级。',
  selfSame: (own) => `你自评 ${own}，在这段文字体现的范围之内。`,
  selfDiffers: (own, difference) =>
    `你自评 ${own}，与这段文字相差 ${difference}。你当时想到的是哪些例子？能写进报告吗？`,
  selfOnly: (own) => `你自评 ${own}。文中未体现，无从比较。`,
  target: (level, role) => `${role}要求等级 ${level}：`,
  fit: {
    above: '高于这段文字所体现的区间。',
    within: '在这段文字所体现的区间之内。',
    below: '低于区间，这段文字体现得更多。',
    unknown: '文中未体现，请当面了解。',
  },
  fitNote: '目标是沟通的起点，不是及格线；一段文字也只是很小的样本。',
  evidence: (count) => `为什么：${count} 句依据`,
  polarity: { positive: '正面例子', negative: '反面例子' },
  weight: (percent) => `占权重 ${percent}%`,
  without: (level) => `去掉这句，等级为 ${level}`,
  withoutNone: '去掉这句，就看不出这项能力',
  showInText: '在文中查看',
  yourText: '文字与依据',
  yourTextHint: '数字是能力的编号。实线下划线和＋：正面例子；虚线下划线和－：反面例子。',
  noText: '移交时没有附上文字，无法显示句子。',
  highlight: '标出依据',
  all: '全部',
  correct: '更正这个等级',
  correctHint: '决定由人来做。更正会注明，并随评估一起导出。',
  correctLevel: '你认为的等级',
  reason: '理由（文中哪里看得出来？）',
  reviewer: '你的姓名',
  saveCorrection: '保存更正',
  corrected: (reviewer, date) => `${reviewer} 于 ${date} 更正`,
  correctedTo: (level, was) => `${level}，原为 ${was}。`,
};

export const WORDS: Table<Words> = { en, zh };
