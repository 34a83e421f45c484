/** The words of the history once it is on. */
import type { Table } from '../languages/text';

const en = {
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
  noAccount: 'Not an account of own work, so no levels',
  copy: (date: string) => `Same text as ${date}; it does not count twice.`,
  open: (name: string) => `Show ${name}`,
  remove: (name: string) => `Remove ${name} from the history`,
  nothing: '–',
};

type Words = typeof en;

const zh: Words = {
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
  noAccount: '非本人经历，不评等级',
  copy: (date) => `与 ${date} 的内容相同，不重复计入。`,
  open: (name) => `查看${name}`,
  remove: (name) => `从历史中移除${name}`,
  nothing: '无',
};

export const WORDS: Table<Words> = { en, zh };
