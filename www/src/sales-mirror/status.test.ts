import { nothing, render } from 'lit';
import { expect, test, vi } from 'vitest';
import { Trouble } from '../failure/trouble';
import { strings } from '../languages';
import { refused, result, rubric } from '../testing/fixtures';
import { status, statusOf, type Going } from './status';

const idle: Going = {
  loading: { loading: false, progress: undefined },
  assessment: { assessing: false, progress: undefined, result: undefined, skipped: [] },
  rating: { asking: false },
  data: { rubric: undefined, troubles: [] },
  failures: { shown: undefined },
};
const en = strings('en');
const loading = (stage: 'manifest' | 'download' | 'verify' | 'unpack', loaded = 0, total = 0): Going => ({
  ...idle,
  loading: { loading: true, progress: { stage, loaded, total, cached: false } },
});
const assessing = (progress: Going['assessment']['progress']): Going => ({
  ...idle,
  assessment: { ...idle.assessment, assessing: true, progress },
});

test.each([
  ['nothing is loaded', idle, '', undefined],
  ['ready', { ...idle, data: { rubric, troubles: [] } }, 'Ready', undefined],
  ['starting', loading('manifest'), 'Starting', undefined],
  ['an unknown size', loading('download', 1e6), 'Starting', undefined],
  ['downloading', loading('download', 1e6, 4e6), 'Model: 1.0 of 4.0 MB (25%)', 0.25],
  ['verifying', loading('verify'), 'Checking the model', 1],
  ['unpacking', loading('unpack'), 'Unpacking the model', 1],
  ['assessing', assessing(undefined), 'Reading', undefined],
  ['one window', assessing({ done: 0, total: 1, several: false }), 'Reading', undefined],
  ['windows', assessing({ done: 1, total: 4, several: false }), 'Reading: part 2 of 4', 0.25],
  ['reports', assessing({ done: 2, total: 4, several: true }), 'Reading report 3 of 4', 0.5],
])('%s', (_, going, text, share) => {
  expect(statusOf(going, en)).toEqual(share === undefined ? { text } : { text, share });
});

test('a result says how much it shows, or that a self-rating comes first', () => {
  const going = { ...idle, assessment: { ...idle.assessment, result: result('', { growth: { level: 3 } }) } };
  expect(statusOf(going, en).text).toBe('Done. The text shows 1 of 7 competencies.');
  expect(statusOf({ ...going, rating: { asking: true } }, en).text).toBe(en.doneRating);
});

test.each(['en', 'zh'])('a text that was refused is announced as such, in %s', (language) => {
  const going = { ...idle, assessment: { ...idle.assessment, result: refused('Five ways.') } };
  const words = strings(language);
  expect(statusOf(going, words).text).toBe(words.refused);
});

test.each([
  [
    'en',
    'a.txt: There is no text yet. Paste or type a report, or choose a sample.',
    'role.json: This role profile',
  ],
  ['zh', 'a.txt：还没有文字。请粘贴或输入报告，或选择一个示例。', 'role.json：这份岗位画像'],
])('what went wrong is told with its name, in %s', (language, skipped, trouble) => {
  const failure = { code: 'empty_text', message: '', detail: null } as const;
  const root = document.createElement('div');
  const retry = vi.fn();
  const going: Going = {
    ...idle,
    assessment: { ...idle.assessment, skipped: [{ report: result('', {}, 'a.txt').report, failure }] },
    data: { rubric, troubles: [new Trouble('profile_invalid', '', 'role.json')] },
    failures: { shown: failure },
  };
  render(status(going, strings(language), retry), root);
  const told = [...root.querySelectorAll('[role=alert] > p')].map((line) => line.textContent.trim());
  expect(told[0]).toBe(skipped);
  expect(told[1]).toContain(trouble);
  root.querySelector<HTMLElement>('.failure button')?.click();
  expect(retry).toHaveBeenCalledOnce();
  render(nothing, root);
});
