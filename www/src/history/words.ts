import type { Table } from '../languages/text';

const en = {
  title: 'My history',
  offLead: 'The history is off. Nothing you write is kept when you close this page.',
  offMore:
    'Turn it on to see how your levels change over time. It is kept only in this browser on this device. Anyone who uses your account here could read it, unless you set a passphrase.',
  consent: 'Keep my assessments and their texts in this browser',
  withText: 'Keep the texts too, and what I have not finished',
  passphrase: 'Passphrase (optional)',
  passphraseHint:
    'At least eight characters. It is not stored anywhere: without it, nobody can read the history, not even you.',
  begin: 'Turn the history on',
  beginning: 'Turning it on',
  locked: 'The history is locked.',
  unlock: 'Unlock',
  yours: 'Your passphrase',
  lock: 'Lock',
  exportAll: 'Export all',
  importAll: 'Add an export',
  added: (count: number) => `${count} ${count === 1 ? 'text was' : 'texts were'} added.`,
  eraseAll: 'Erase all and turn off',
  eraseSure: 'This erases everything in the history, and the log of use if one is kept. It cannot be undone.',
  erase: 'Erase',
  keep: 'Keep it',
  file: 'sales-mirror-history',
  opening: 'Opening your history',
  stopped: 'Nothing is added to the history any more. What is in it can still be read, exported and erased.',
};

type Words = typeof en;

const zh: Words = {
  title: '我的历史',
  offLead: '历史记录没有打开。关掉页面后，你写的内容不会留下。',
  offMore:
    '打开后可以看到等级随时间的变化。记录只存在这台电脑的这个浏览器里；使用你账户的人可能看到它，设置口令即可防止。',
  consent: '把我的评估和文字保存在这个浏览器里',
  withText: '同时保存文字和没写完的草稿',
  passphrase: '口令（可不填）',
  passphraseHint: '至少八个字符。口令不会保存在任何地方：没有它，谁也无法读取历史，包括你自己。',
  begin: '打开历史记录',
  beginning: '正在打开',
  locked: '历史记录已锁定。',
  unlock: '解锁',
  yours: '你的口令',
  lock: '锁定',
  exportAll: '全部导出',
  importAll: '导入以前的导出',
  added: (count) => `已添加 ${count} 份文字。`,
  eraseAll: '全部清除并关闭',
  eraseSure: '历史中的全部内容都会清除，使用日志如已保存也会清除，无法恢复。',
  erase: '清除',
  keep: '保留',
  file: '销售镜历史',
  opening: '正在打开历史记录',
  stopped: '历史记录不再增加内容；已有的内容仍可查看、导出和清除。',
};

export const WORDS: Table<Words> = { en, zh };
