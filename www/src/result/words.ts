import type { Polarity, Reason } from '../engine/contract';
import type { Fit } from '../profile/profile';
import type { Table } from '../languages/text';

const en = {
  result: 'What this text shows',
  overall: (level: string, low: string, high: string, shown: number, total: number) =>
    `The text shows ${shown} of ${total} competencies. Overall level: ${level} (80% interval ${low} to ${high}).`,
  refusal: {
    title: 'No levels for this text',
    lead: {
      own: 'This does not read as an account of your own work with customers, so no levels are given.',
      reviewed:
        'This does not read as an account of the writer’s own work with customers, so no levels are given.',
    },
    why: 'Levels describe what someone did with customers. A text that does not tell of it shows neither strengths nor weaknesses.',
    fits: 'Texts that can be assessed',
    fitting: [
      'a visit note, call log or CRM entry',
      'an email thread or chat with a customer',
      'the transcript of a call with a customer',
      'a weekly report, or the review of a deal that was won or lost',
      'an interview answer with a first-hand example',
    ],
    unfit: 'Texts that get no levels',
    unfitting: [
      'advice and articles about selling',
      'adverts, brochures and product descriptions',
      'job descriptions and assessment criteria',
      'accounts of what other people did',
    ],
    more: {
      own: 'If it is such an account, tell us more of what you did yourself: with which customer, how you went about it, and what came of it.',
      reviewed:
        'If it is such an account, ask for more of what the writer did: with which customer, how they went about it, and what came of it.',
    },
    edit: 'Edit the text',
    text: 'Show the text',
  },
  leftOut: (count: number) =>
    count === 1
      ? 'One part of the text did not count, because it does not read as a first-hand account of work with customers.'
      : `${count} parts of the text did not count, because they do not read as a first-hand account of work with customers.`,
  leftOutHint: 'Parts that did not count are greyed out in a labelled dashed frame.',
  reasons: {
    not_an_account: 'not an account',
    quoted_mail: 'quoted email',
    mail_frame: 'header or signature',
    other_speaker: 'said by others',
    repeated: 'repeated',
  } satisfies Record<Reason, string>,
  repeated: (count: number) =>
    count === 1
      ? 'One passage appears twice and was counted once.'
      : `${count} repeated passages were counted once.`,
  whose: {
    speakers: 'This reads like a conversation. Which of the speakers are you?',
    speakersReviewed: 'This reads like a conversation. Which of the speakers is assessed?',
    turns: (count: number) => (count === 1 ? '(1 turn)' : `(${count} turns)`),
    whole: 'None of them: all of it is my own text',
    wholeReviewed: 'None of them: all of it is one person’s text',
    guessed: (names: string) => `Until you choose, these count: ${names}.`,
    counted: (name: string) =>
      `${name} counts. What the others said is shown but does not count as evidence.`,
    all: 'All of it counts.',
    separator: ', ',
    quoted: 'Count quoted emails, headers and signatures too',
    account: 'This is about my own work with customers: assess all of it',
    accountReviewed: 'This is about the writer’s own work with customers: assess all of it',
  },
  leftOutStart: 'start of a part that did not count',
  leftOutEnd: 'end of the part that did not count',
  reports: 'All reports',
  reportsHint: 'Choose a report to see the evidence for its levels.',
  report: 'Report',
  mean: 'Mean of the levels shown',
  noAccount: 'Not an account of own work, so no levels',
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
  answerTo: (question: number) => `answer to question ${question}`,
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
  refusal: {
    title: '这段文字不评等级',
    lead: {
      own: '这段文字看起来不是在讲你自己与客户打交道的经历，因此不给出等级。',
      reviewed: '这段文字看起来不是在讲作者自己与客户打交道的经历，因此不给出等级。',
    },
    why: '等级说明的是一个人面对客户时做了什么。文中没有讲到，就既看不出长处，也看不出短处。',
    fits: '可以评估的文字',
    fitting: [
      '拜访记录、通话记录或客户系统记录',
      '与客户的往来邮件或聊天记录',
      '与客户通话的文字稿',
      '周报、赢单或丢单复盘',
      '讲亲身经历的面试回答',
    ],
    unfit: '不评等级的文字',
    unfitting: ['销售技巧和经验文章', '广告、宣传册和产品介绍', '职位说明和评分标准', '别人做的事'],
    more: {
      own: '如果讲的确实是你自己的经历，请多写写你自己做了什么：对哪位客户、怎么做的、结果如何。',
      reviewed: '如果讲的确实是作者自己的经历，请对方多讲讲自己做了什么：对哪位客户、怎么做的、结果如何。',
    },
    edit: '修改文字',
    text: '查看文字',
  },
  leftOut: (count) => `文中有 ${count} 处没有计入，因为看起来不是亲身与客户打交道的经历。`,
  leftOutHint: '未计入的部分以灰色和虚线框显示，并注明原因。',
  reasons: {
    not_an_account: '非亲身经历',
    quoted_mail: '引用的邮件',
    mail_frame: '邮件头或签名',
    other_speaker: '他人的话',
    repeated: '重复',
  },
  repeated: (count) => `文中有 ${count} 处重复的内容，只计一次。`,
  whose: {
    speakers: '这像是一段对话。哪一位是你？',
    speakersReviewed: '这像是一段对话。要评估的是哪一位？',
    turns: (count) => `（${count} 次发言）`,
    whole: '都不是：全文都是我自己写的',
    wholeReviewed: '都不是：全文出自一人之手',
    guessed: (names) => `选择之前，以下各位的话都计入：${names}。`,
    counted: (name) => `计入的是${name}的话。其他人的话照常显示，但不作为依据。`,
    all: '全文计入。',
    separator: '、',
    quoted: '引用的邮件、邮件头和签名也计入评估',
    account: '这讲的就是我自己与客户打交道的经历，请评估全文',
    accountReviewed: '这讲的就是作者自己与客户打交道的经历，请评估全文',
  },
  leftOutStart: '以下部分未计入',
  leftOutEnd: '未计入的部分到此为止',
  reports: '全部报告',
  reportsHint: '选择一份报告，查看等级的依据。',
  report: '报告',
  mean: '已体现部分的平均',
  noAccount: '非本人经历，不评等级',
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
  answerTo: (question) => `第 ${question} 题的回答`,
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
