import { expect, test } from 'vitest';
import { rubric } from '../testing/fixtures';
import { find, findAll, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import { ordered } from './blind-marks';
import type { TrialText } from './marks';

const texts = Array.from({ length: 8 }, (_, i): TrialText => ({
  ...{ key: `${i}`, id: `T${i}`, text: `Words of ${i}`, language: '', group: '', date: '' },
  raters: new Map([['Other', { planning: 5 }]]),
}));

test('every rater has an order of their own, which has every text', () => {
  const [anna, ben] = ['Anna', 'Ben'].map((rater) => ordered(texts, rater).map(({ key }) => key));
  expect(ordered(texts, 'Anna').map(({ key }) => key)).toEqual(anna);
  expect(anna).not.toEqual(ben);
  expect([...(anna ?? [])].sort()).toEqual(texts.map(({ key }) => key));
});

test('a rater marks, leaves out, and goes on where they stopped', async () => {
  const rater = 'Anna';
  const [first, second] = ordered(texts, rater);
  const whole = Object.fromEntries(rubric.competencies.map(({ id }) => [id, null]));
  const subject = await mount('sales-mirror-blind-marks', {
    ...{ language: 'en', rubric, texts, rater },
    given: new Map([[first?.key ?? '', whole]]),
  });
  expect(textOf(find(subject, '#text'))).toBe('Text 2 of 8');
  expect(find(subject, '.document').textContent).toBe(second?.text);
  expect(textOf(subject)).not.toContain('Other');
  const marks = heard(subject, 'own-marks');
  find<HTMLInputElement>(subject, '[data-mark=planning] [value="4"]').click();
  find<HTMLInputElement>(subject, '[data-mark=growth] [value=unmarked]').click();
  await rendered(subject);
  expect(marks.at(-1)?.get(second?.key ?? '')).toEqual({ planning: 4 });
  const [rest] = findAll<HTMLButtonElement>(subject, 'form button');
  rest?.click();
  await rendered(subject);
  const others = Object.entries(whole).filter(([id]) => id !== 'growth');
  expect(marks.at(-1)?.get(second?.key ?? '')).toEqual({ ...Object.fromEntries(others), planning: 4 });
  expect(textOf(subject)).toContain('2 of 8 marked.');
  findAll<HTMLButtonElement>(subject, 'form button').at(-1)?.click();
  await rendered(subject);
  expect(findAll(subject, 'input:checked')).toEqual([]);
});
