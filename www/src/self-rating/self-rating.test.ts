import { expect, test } from 'vitest';
import { rubric } from '../testing/fixtures';
import { find, findAll, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import './self-rating';

const button = (subject: Element) => textOf(find(subject, 'button[type=submit]'));
const submit = (subject: Element) => {
  find(subject, 'button[type=submit]').click();
};

test('levels are chosen, and what is not rated stays out', async () => {
  const subject = await mount('sales-mirror-self-rating', { rubric });
  const rated = heard(subject, 'rated');
  expect(findAll(subject, 'fieldset')).toHaveLength(rubric.competencies.length);
  expect(button(subject)).toBe('Skip to the result');
  findAll<HTMLInputElement>(subject, '[data-rate=growth] input')[3]?.click();
  await rendered(subject);
  expect(button(subject)).toBe('Show result');
  submit(subject);
  expect(rated).toEqual([{ rating: { growth: 4 }, ask: true }]);
});

test('without an answer there is no rating, and the question can be turned off', async () => {
  const subject = await mount('sales-mirror-self-rating', { rubric, language: 'zh' });
  const rated = heard(subject, 'rated');
  submit(subject);
  find(subject, 'button:not([type=submit])').click();
  expect(rated).toEqual([
    { rating: null, ask: true },
    { rating: null, ask: false },
  ]);
});
