import { expect, test } from 'vitest';
import { spoken } from './captions';

test('WebVTT becomes turns, without times, notes, styles and tags', () => {
  const captions = `WEBVTT - call

NOTE a note

STYLE
::cue { color: red }

1
00:00:01.000 --> 00:00:04.000 align:start
<v Anna Li>Good <b>morning</b>, R&amp;D&#39;s
team.</v>

00:00:04.000 --> 00:00:06.000
<v Anna Li>What changed?</v>

00:00:06.000 --> 00:00:09.000
<v Tom>The budget.</v>
`;
  expect(spoken(captions)).toBe("Anna Li: Good morning, R&D's team. What changed?\nTom: The budget.");
});

test('SubRip with names before the words, and captions without names', () => {
  const captions =
    '1\r\n00:00:01,000 --> 00:00:04,000\r\n张伟：您最担心\r\n哪一点？\r\n\r\n2\r\n00:00:05,000 --> 00:00:06,000\r\n李娜：交期。\r\n';
  expect(spoken(captions)).toBe('张伟: 您最担心哪一点？\n李娜: 交期。');
  expect(spoken('1\n00:01 --> 00:02\nHello\nthere.\n\n2\n00:03 --> 00:04\nAgain.')).toBe(
    'Hello there. Again.',
  );
  expect(spoken('WEBVTT\n\nno cue here')).toBe('');
});
