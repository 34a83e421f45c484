import { expect, test } from 'vitest';
import { refused, result } from '../testing/fixtures';
import { TextsSeen } from './texts-seen';
import type { Result } from '../report/report';

const dated = (text: string, date: string): Result => {
  const made = result(text, { growth: { level: 3 } });
  return { ...made, report: { ...made.report, date } };
};
const goalOf = ({ report, assessment: { model, rubric } }: Result, quote = '') => ({
  began: { report: report.id, date: report.date, level: 2, model, rubric },
  quote,
});

const first = dated('I called the plant and asked for the order.', '2026-03-02');
const second = dated('We lost the tender because nobody had met the buyer.', '2026-03-09');

test('another text, which is not older, is later', () => {
  const seen = new TextsSeen();
  seen.see(first);
  expect(seen.since(goalOf(first))).toBeNull();
  seen.see(second);
  expect(seen.since(goalOf(first))).toBe(second);
  expect(seen.since(goalOf(dated('x', '2026-03-10')))).toBeNull();
});

test('a version of the same text is not another one', () => {
  const seen = new TextsSeen();
  seen.see(first);
  seen.see(dated(`${first.report.text} He agreed.`, '2026-03-02'));
  expect(seen.since(goalOf(first))).toBeNull();
});

test('the same text at a later visit is known by the sentence that the goal quotes', () => {
  const seen = new TextsSeen();
  seen.see(dated(first.report.text, '2026-03-03'));
  expect(seen.since(goalOf(first))).not.toBeNull();
  expect(seen.since(goalOf(first, 'asked for the order'))).toBeNull();
});

test('an older text that is opened again, and one that was refused, are not the latest', () => {
  const seen = new TextsSeen();
  seen.see(second);
  seen.see(dated('The trade show in January was quiet.', '2026-01-20'));
  seen.see(refused('Five ways to close faster.'));
  expect(seen.since(goalOf(first))).toBe(second);
});

test('without a result nothing is remembered', () => {
  const seen = new TextsSeen();
  seen.see(second);
  seen.see(undefined);
  expect(seen.since(goalOf(first))).toBeNull();
});
