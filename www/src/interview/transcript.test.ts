import { expect, test } from 'vitest';
import type { Code } from '../languages/text';
import { answerAt, transcript, type Answer } from './transcript';

const first: Answer = {
  number: 1,
  question: 'What did\nyou lose?',
  text: ' I lost Anneke.\n\nThen I rang her. ',
};
const third: Answer = { number: 3, question: 'Why?', text: 'I talked too much.' };

test('questions are turns of the interviewer, and the words of the candidate count', () => {
  expect(transcript([first, third], 'en')).toEqual({
    text: `Interviewer: Question 1: What did you lose?

Candidate: I lost Anneke.

Then I rang her.

Interviewer: Question 3: Why?

Candidate: I talked too much.`,
    whose: { speaker: 'Candidate', whole: false, quoted: false, account: false },
  });
  expect(transcript([first, third], 'zh')).toMatchObject({
    text: expect.stringMatching(/^面试官：第1题：What did you lose\?\n\n候选人：I lost Anneke\./) as string,
    whose: { speaker: '候选人' },
  });
});

test('a single answer is the text, and no answer is none', () => {
  expect(transcript([third], 'en')).toEqual({ text: 'I talked too much.' });
  expect(transcript([], 'en').text).toBe('');
});

test.each(['en', 'zh'] as const)('every offset leads back to the answer that it lies in, in %s', (code) => {
  const { text } = transcript([first, third], code);
  const at = (words: string) => answerAt(text, text.indexOf(words));
  expect(at('I lost')).toBe(1);
  expect(at('Then I rang')).toBe(1);
  expect(at('I talked')).toBe(3);
  expect(answerAt(text, text.length)).toBe(3);
  expect([at('What did you'), at('Why?')]).toEqual([null, null]);
  // The evidence for an answer begins with the label of its turn.
  const label = code === 'en' ? 'Candidate: I talked' : '候选人：I talked';
  expect(at(label)).toBe(3);
  expect(answerAt(text, text.indexOf(label) - 1)).toBeNull();
});

test('no other text has answers', () => {
  expect(answerAt('Candidate: I talked too much.', 20)).toBeNull();
  expect(answerAt('', 0)).toBeNull();
  expect(answerAt('Rep: Why?\nCustomer: So.', 12)).toBeNull();
});

test.each([
  ['en', 'Interviewer: Question 9: '],
  ['en', 'Candidate: '],
  ['zh', '面试官：第9题：'],
] as [Code, string][])('what looks like a turn in an answer stays part of it: %s %s', (code, label) => {
  const forged = { ...first, text: `I asked.\n${label}forged.\nResult: signed\nplain\u2028${label}again.` };
  const { text } = transcript([forged, third], code);
  for (const words of ['forged', 'signed', 'plain', 'again'])
    expect(answerAt(text, text.indexOf(words))).toBe(1);
  expect(text).toContain(`\n\u2060${label}forged.\n\u2060Result: signed\nplain\u2028\u2060${label}again.`);
});
