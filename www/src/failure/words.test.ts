import { expect, test } from 'vitest';
import { FAILURE_CODES, type Failure } from '../engine/contract';
import { Trouble, TROUBLE_CODES } from './trouble';
import './reading-words';
import { FAILURES, worded } from './words';

test.each([...FAILURE_CODES, ...TROUBLE_CODES])('%s says what went wrong and what to do', (code) => {
  for (const language of ['en', 'zh'] as const) {
    const { title, remedy } = FAILURES[language][code] ?? {};
    expect(title).toMatch(/[.。]$/);
    expect(remedy).toMatch(/[.。]$/);
  }
});

test('what a failure concerns comes first, after the colon of the language', () => {
  const trouble = new Trouble('file_empty', 'no text', 'a.txt');
  expect(worded(trouble, 'en')).toBe(
    'a.txt: There is no text in this file. Check that you chose the right one, or paste the text.',
  );
  expect(worded(trouble, 'zh')).toBe('a.txt：文件里没有文字。请确认是否选对了文件，或直接粘贴文字。');
  const failure: Failure = { code: 'cancelled', message: '', detail: null };
  expect(worded(failure, 'zh', '周报')).toBe('周报：已取消。你的文字还在。');
  expect(worded(failure, 'en')).toBe('Cancelled. Your text is still here.');
});
