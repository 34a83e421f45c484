import type { Table } from '../languages/text';

const en = {
  title: 'My history',
  offLead: 'The history is off. Nothing you wrote is kept when you close this page.',
  offMore:
    'Turn it on to see how your levels move over time. It is then kept in this browser, on this machine only, and whoever uses your account here could read it: a passphrase prevents that.',
  consent: 'Keep my assessments and their texts in this browser',
  withText: 'Keep the texts too',
  passphrase: 'Passphrase (optional)',
  passphraseHint:
    'Eight characters or more. It is kept nowhere: without it, nobody can read the history, not even you.',
  begin: 'Turn the history on',
  beginning: 'Turning it on',
  locked: 'The history is locked.',
  unlock: 'Unlock',
  yours: 'Your passphrase',
  lock: 'Lock',
  empty: 'The history is on. Each report that you assess from now on is added.',
  count: (count: number) => `${count} ${count === 1 ? 'text' : 'texts'}`,
  trend: (name: string, first: string, last: string, count: number) =>
    `${name}: from ${first} to ${last} in ${count} texts`,
  one: (name: string, level: string) => `${name}: ${level} in one text`,
  none: 'Not shown so far',
  dropping: (name: string) =>
    `${name} has gone down in three texts in a row. That can come from what the texts were about. It may be worth a look at your plan, or a talk with somebody you trust.`,
  entries: 'All texts',
  date: 'Day',
  report: 'Text',
  overall: 'Overall',
  untitled: 'Typed text',
  open: (name: string) => `Show ${name}`,
  remove: (name: string) => `Remove ${name} from the history`,
  exportAll: 'Export all',
  eraseAll: 'Erase all and turn off',
  eraseSure: 'Everything in the history is erased. There is no way back.',
  erase: 'Erase',
  keep: 'Keep it',
  file: 'sales-mirror-history',
  nothing: '–',
};

type Words = typeof en;

const zh: Words = {
  title: '我的历史',
  offLead: '历史记录没有打开。关掉页面后，您写的内容不会留下。',
  offMore:
    '打开后可以看到等级随时间的变化。记录只存在这台电脑的这个浏览器里；能用您账户的人可能看到它，设一个口令就能防止。',
  consent: '把我的评估和文字保存在这个浏览器里',
  withText: '同时保存文字',
  passphrase: '口令（可不填）',
  passphraseHint: '至少八个字符。口令不会保存在任何地方：没有它，谁也读不了历史，包括您自己。',
  begin: '打开历史记录',
  beginning: '正在打开',
  locked: '历史记录已锁定。',
  unlock: '解锁',
  yours: '您的口令',
  lock: '锁定',
  empty: '历史记录已打开，之后评估的每份报告都会加进来。',
  count: (count) => `${count} 份文字`,
  trend: (name, first, last, count) => `${name}：${count} 份文字，从 ${first} 到 ${last}`,
  one: (name, level) => `${name}：一份文字，${level}`,
  none: '目前未体现',
  dropping: (name) =>
    `“${name}”连续三份文字下降。这可能与文字的内容有关。不妨看看您的计划，或找信任的人聊聊。`,
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
