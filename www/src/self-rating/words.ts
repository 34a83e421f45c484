import type { Table } from '../languages/text';

const en = {
  title: 'First, how do you see yourself?',
  lead: 'Rate how you usually work; then you see what the text shows beside it. Neither is the right one. Leave out what you like: “?” means not sure.',
  reviewed: {
    title: 'First, what do you see in this text?',
    lead: 'Give your own marks before the model’s levels are shown. You can leave out any of them.',
  },
  cannotSay: 'Not sure',
  show: 'Show result',
  skip: 'Skip to the result',
  never: 'Do not ask again',
};

type Words = typeof en;

const zh: Words = {
  title: '先看看你怎么评价自己',
  lead: '先按你平时的做法给自己打分，再看文字体现了什么。两者并列，不分对错；不想评的可以空着，“?”表示说不好。',
  reviewed: {
    title: '先看看你怎么评这段文字',
    lead: '在显示模型等级之前，先给出你自己的等级，哪一项都可以不评。',
  },
  cannotSay: '说不好',
  show: '查看结果',
  skip: '跳过，直接看结果',
  never: '以后不再询问',
};

export const WORDS: Table<Words> = { en, zh };
