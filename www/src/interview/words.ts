import type { Table } from '../languages/text';

const en = {
  notice: {
    title: 'Before the interview begins',
    lead: 'This is for the candidate. Please read it, or have it read to you.',
    points: [
      {
        what: 'What is assessed:',
        text: 'what your answers show of the competencies that are listed below.',
      },
      {
        what: 'Who sees it:',
        text: 'the people who interview you. They see your answers and the result on this device and decide whom to show them to.',
      },
      {
        what: 'An AI system makes the levels',
        text: 'from what you write, and it can be wrong. Every level comes with an interval and the sentences that it is based on. You may ask to see them and say where you disagree.',
      },
      {
        what: 'No decision rests on it alone.',
        text: 'It must not be the sole basis of a decision about you. People decide.',
      },
      {
        what: 'Nothing leaves this device.',
        text: 'Your answers are sent nowhere. They are kept in memory until the page is closed, unless somebody prints or saves the result.',
      },
      {
        what: 'You can stop at any time,',
        text: 'go back, or skip a question. A question without an answer does not count against you.',
      },
    ],
    competencies: (names: string) => `Competencies: ${names}.`,
    confirm: 'I have read this and want to begin',
    confirmForOther: 'I have read it to the candidate, who wants to begin',
  },
  none: 'There are no questions to ask. Paste a transcript instead.',
  sets: {
    title: 'Which questions?',
    questions: (count: number) => `${count} ${count === 1 ? 'question' : 'questions'}`,
    competencies: (names: string) => `About: ${names}`,
    choose: (name: string) => `Begin with “${name}”`,
    begun: (answered: number, total: number) => `${answered} of ${total} answered`,
  },
  progress: (number: number, total: number) => `Question ${number} of ${total}`,
  followUp: 'If your answer does not say so already:',
  answer: 'Your answer',
  back: 'Back',
  next: 'Next',
  last: 'Read over the answers',
  skip: 'Skip this question',
  stop: 'Stop here',
  shortcut: 'Ctrl + Enter for the next question',
  overview: {
    title: 'Your answers',
    lead: (answered: number, total: number) =>
      `${answered} of ${total} questions are answered. Read them over, change what you like, then have them assessed together.`,
    noAnswers: 'No question is answered yet, so there is nothing to assess.',
    confirmed: {
      candidate: (date: string) => `The candidate read the notice and chose to begin on ${date}.`,
      interviewer: (date: string) =>
        `The interviewer read the notice to the candidate, who chose to begin, on ${date}.`,
    },
    skipped: 'Skipped',
    draft: 'Skipped: this does not count',
    unanswered: 'No answer',
    likely: (names: string) => `It might have shown: ${names}`,
    edit: (number: number) => `Edit answer ${number}`,
    answerIt: (number: number) => `Answer question ${number}`,
    assess: 'Assess the answers',
    cancel: 'Cancel',
    continue: 'Back to the questions',
    otherSet: 'Other questions',
    restart: 'Delete the answers and start over',
  },
  deleted: 'The answers are deleted.',
  undo: 'Bring them back',
  report: (number: number, title: string) => `${number}. ${title}`,
};

type Words = typeof en;

const zh: Words = {
  notice: {
    title: '面试开始之前',
    lead: '以下内容请应聘者阅读，或由面试官读给应聘者听。',
    points: [
      { what: '评估什么：', text: '你的回答体现了下列各项能力中的哪些、程度如何。' },
      {
        what: '谁会看到：',
        text: '面试你的人。他们在这台设备上看到你的回答和结果，并决定再给谁看。',
      },
      {
        what: '等级由人工智能系统给出，',
        text: '依据是你写的内容，可能出错。每个等级都附有区间和所依据的句子，你可以要求查看，也可以提出不同意见。',
      },
      { what: '不会只凭它做决定。', text: '结果不得作为对你作出决定的唯一依据，决定由人来做。' },
      {
        what: '内容不会离开这台设备。',
        text: '你的回答不会发往任何地方，只留在内存里，关闭页面即消失，除非有人打印或保存结果。',
      },
      { what: '随时可以停下，', text: '也可以返回或跳过任何一题。没有回答的题目不会对你不利。' },
    ],
    competencies: (names) => `所涉能力：${names}。`,
    confirm: '我已阅读，愿意开始',
    confirmForOther: '我已读给应聘者听，对方愿意开始',
  },
  none: '没有可用的题目，请改为粘贴文字稿。',
  sets: {
    title: '选择题目',
    questions: (count) => `共 ${count} 题`,
    competencies: (names) => `涉及：${names}`,
    choose: (name) => `用“${name}”开始`,
    begun: (answered, total) => `已答 ${answered} / ${total} 题`,
  },
  progress: (number, total) => `第 ${number} 题，共 ${total} 题`,
  followUp: '如果回答里还没有提到：',
  answer: '你的回答',
  back: '返回',
  next: '下一题',
  last: '查看全部回答',
  skip: '跳过这题',
  stop: '到此为止',
  shortcut: 'Ctrl + 回车进入下一题',
  overview: {
    title: '你的回答',
    lead: (answered, total) => `已答 ${answered} 题，共 ${total} 题。请通读一遍，想改就改，然后一并评估。`,
    noAnswers: '还没有回答任何题目，没有可评估的内容。',
    confirmed: {
      candidate: (date) => `应聘者已于 ${date} 阅读告知内容，并选择开始。`,
      interviewer: (date) => `面试官已于 ${date} 将告知内容读给应聘者听，应聘者选择开始。`,
    },
    skipped: '已跳过',
    draft: '已跳过：以下内容不计入',
    unanswered: '未回答',
    likely: (names) => `这题本可体现：${names}`,
    edit: (number) => `修改第 ${number} 题的回答`,
    answerIt: (number) => `回答第 ${number} 题`,
    assess: '评估这些回答',
    cancel: '取消',
    continue: '返回题目',
    otherSet: '换一套题目',
    restart: '删除回答，重新开始',
  },
  deleted: '回答已删除。',
  undo: '恢复回答',
  report: (number, title) => `第 ${number} 题：${title}`,
};

export const WORDS: Table<Words> = { en, zh };
