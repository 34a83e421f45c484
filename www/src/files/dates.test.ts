import { expect, test } from 'vitest';
import { orderOf, readDate } from './dates';

test.each([
  '2026-01-05',
  '2026-01-05T08:30:00Z',
  '2026/1/5',
  '2026/1/5 14:30',
  '2026.1.5',
  '20260105',
  '05.01.2026',
  '5.1.26',
  '5 Jan 2026',
  '5th January 2026',
  '05-Jan-26',
  'Jan 5, 2026',
  'Mon, 5 Jan 2026 09:00:00 +0800',
  '2026年1月5日',
  '2026年1月5日 星期一',
  '周一 2026年1月5日',
  '46027',
  '46027.75',
])('%s is read', (written) => {
  expect(readDate(written)).toBe('2026-01-05');
});

test.each(['', 'soon', 'next week', '1月5日', '31.02.2026', '2026-13-01', '5 Foo 2026', '12345', '120000'])(
  '%s is not taken for a date',
  (written) => {
    expect(readDate(written)).toBeUndefined();
  },
);

test('day and month are read in the order that is given', () => {
  expect(readDate('3/4/2026', 'day-first')).toBe('2026-04-03');
  expect(readDate('3/4/2026', 'month-first')).toBe('2026-03-04');
});

test('a single date that can be read one way settles the order of its column', () => {
  expect(orderOf(['3/4/2026', '25/4/2026'])).toBe('day-first');
  expect(orderOf(['3/4/2026', '4/25/2026'])).toBe('month-first');
  expect(orderOf(['3/4/2026', '4/5/2026'])).toBe('open');
  expect(orderOf(['25/4/2026', '4/25/2026'])).toBe('open');
  expect(orderOf(['4/4/2026', '2026-04-03', '05.01.2026'])).toBeUndefined();
});
