import { expect, test } from 'vitest';
import { withoutMedia } from './chat';

test.each([
  ['<Media omitted>'],
  ['\u200eimage omitted'],
  ['\u200eaudio omitted'],
  ['\u200e<attached: 00000012-PHOTO-2025-03-05.jpg>'],
  ['IMG-20250305-WA0001.jpg (file attached)'],
  ['\u200eOffer.pdf • \u200e2 pages \u200edocument omitted'],
  ['圖片已略去'],
  ['图片已忽略'],
  ['<已省略多媒體檔案>'],
  ['<省略影音内容>'],
])('%s is nobody’s words', (line) => {
  const chat = [
    '[05/03/2025, 10:14:33] Ann: Can you send the offer?',
    `\u200e[05/03/2025, 10:15:01] Bo Li: ${line}`,
    '[05/03/2025, 10:15:20] Bo Li: Here it is.\r',
    'It has two pages.',
  ];
  expect(withoutMedia(chat.join('\n'))).toEqual({
    text: [chat[0], chat[2], chat[3]].join('\n'),
    count: 1,
  });
});

test.each([
  ['05/03/2025, 10:14 - Ann: Hello', '05/03/2025, 10:15 - Bo: <Media omitted>'],
  ['3/5/25, 10:14\u202fAM - Ann: Hello', '3/5/25, 10:15\u202fPM - Bo: <Media omitted>'],
  ['2025/3/5 上午10:14 - 安：你好', '2025/3/5 下午10:15 - 博：<省略多媒體檔案>'],
  ['[2025/3/5 10:14:33] 安: 你好', '[2025/3/5 10:15:33] 博: 图片已忽略'],
])('chats are recognised as phones write them: %s', (said, media) => {
  expect(withoutMedia(`${said}\n${media}`)).toEqual({ text: said, count: 1 });
});

test('what people say of pictures stays, and so does a text that is no chat', () => {
  const chat = '05/03/2025, 10:14 - Ann: The image omitted the price.\n05/03/2025, 10:15 - Bo: Yes.';
  expect(withoutMedia(chat)).toEqual({ text: chat, count: 0 });
  const report = 'Bo: <Media omitted>\nimage omitted\nHe signed.';
  expect(withoutMedia(report)).toEqual({ text: report, count: 0 });
});
