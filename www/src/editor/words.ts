import type { Table } from '../languages/text';

const en = {
  previous: 'Previous evidence',
  next: 'Next evidence',
  stale: 'The marks are of the text before your last change.',
  position: (i: number, count: number) => `${i} of ${count}`,
  announced: (what: string, position: string, sentence: string) => `${what}, ${position}: ${sentence}`,
  example: (name: string, polarity: string) => `${name}, ${polarity}`,
  close: 'Close',
  object: 'This is not evidence',
  of: (name: string) => `of ${name}`,
  rewrite: 'Rewrite and compare',
  without: (level: string, now: string) => `Without this sentence the level would be ${level} (now ${now}).`,
  withoutNone: 'Without this sentence the competency would not be shown.',
  leftOut: (reason: string) => `This part did not count: ${reason}.`,
};

type Words = typeof en;

const zh: Words = {
  previous: '上一处依据',
  next: '下一处依据',
  stale: '标记对应的是上次修改之前的文字。',
  position: (i, count) => `第 ${i} 处，共 ${count} 处`,
  announced: (what, position, sentence) => `${what}，${position}：${sentence}`,
  example: (name, polarity) => `${name}，${polarity}`,
  close: '关闭',
  object: '这不算依据',
  of: (name) => `（${name}）`,
  rewrite: '改写并对比',
  without: (level, now) => `去掉这句，等级为 ${level}（现为 ${now}）。`,
  withoutNone: '去掉这句，就看不出这项能力。',
  leftOut: (reason) => `这部分没有计入：${reason}。`,
};

export const WORDS: Table<Words> = { en, zh };
