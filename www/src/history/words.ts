import type { Table } from '../languages/text';

const en = {
  title: 'My history',
  offLead: 'The history is off. Nothing you write is kept when you close this page.',
  offMore:
    'Turn it on to see how your levels change over time. It is kept only in this browser on this device. Anyone who uses your account here could read it, unless you set a passphrase.',
  consent: 'Keep my assessments and their texts in this browser',
  withText: 'Keep the texts too',
  passphrase: 'Passphrase (optional)',
  passphraseHint:
    'At least eight characters. It is not stored anywhere: without it, nobody can read the history, not even you.',
  begin: 'Turn the history on',
  beginning: 'Turning it on',
  locked: 'The history is locked.',
  unlock: 'Unlock',
  yours: 'Your passphrase',
  lock: 'Lock',
  empty: 'The history is on. Every report that you assess from now on will be added.',
  count: (count: number) => `${count} ${count === 1 ? 'text' : 'texts'}`,
  trend: (name: string, first: string, last: string, count: number) =>
    `${name}: from ${first} to ${last} in ${count} texts`,
  one: (name: string, level: string) => `${name}: ${level} in one text`,
  none: 'Not shown yet',
  dropping: (name: string) =>
    `${name} has gone down three texts in a row. This may be due to what the texts were about. It could be worth looking at your plan, or talking to someone you trust.`,
  entries: 'All texts',
  date: 'Date',
  report: 'Text',
  overall: 'Overall',
  untitled: 'Typed text',
  open: (name: string) => `Show ${name}`,
  remove: (name: string) => `Remove ${name} from the history`,
  exportAll: 'Export all',
  eraseAll: 'Erase all and turn off',
  eraseSure: 'This erases everything in the history. It cannot be undone.',
  erase: 'Erase',
  keep: 'Keep it',
  file: 'sales-mirror-history',
  nothing: '–',
};

type Words = typeof en;

const zh: Words = {
  title: '我的历史',
  offLead: '历史记录没有打开。关掉页面后，你写的内容不会留下。',
  offMore:
    '打开后可以看到等级随时间的变化。记录只存在这台电脑的这个浏览器里；使用你账户的人可能看到它，设置口令即可防止。',
  consent: '把我的评估和文字保存在这个浏览器里',
  withText: '同时保存文字',
  passphrase: '口令（可不填）',
  passphraseHint: '至少八个字符。口令不会保存在任何地方：没有它，谁也无法读取历史，包括你自己。',
  begin: '打开历史记录',
  beginning: '正在打开',
  locked: '历史记录已锁定。',
  unlock: '解锁',
  yours: '你的口令',
  lock: '锁定',
  empty: '历史记录已打开，之后评估的每份报告都会加进来。',
  count: (count) => `${count} 份文字`,
  trend: (name, first, last, count) => `${name}：${count} 份文字，从 ${first} 到 ${last}`,
  one: (name, level) => `${name}：一份文字，${level}`,
  none: '目前未体现',
  dropping: (name) =>
    `“${name}”连续三份文字下降。这可能与文字的内容有关。不妨看看你的计划，或找信任的人聊聊。`,
  entries: '全部文字',
  date: '日期',
  report: '文字',
  overall: '综合',
  untitled: '输入的文字',
  open: (name) => `查看${name}`,
  remove: (name) => `从历史中移除${name}`,
  exportAll: '全部导出',
  eraseAll: '全部清除并关闭',
  eraseSure: '历史中的全部内容都会清除，无法恢复。',
  erase: '清除',
  keep: '保留',
  file: '销售镜历史',
  nothing: '无',
};

export const WORDS: Table<Words> = { en, zh };
