import { expect, test } from 'vitest';
import type { Note } from '../report/report';
import { evidence, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import './correction';

const TEXT = 'I gave 20% at once. He signed.';
const made = result(TEXT, { growth: { level: 2.4, evidence: [evidence(0, 19, 'negative')] } });
const note: Note = {
  ...{ id: 'n1', competency: 'growth', sentence: { start: 0, end: 19 }, claim: 'customer_decided' },
  ...{ text: 'His board had fixed it.', at: '2026-01-02T00:00:00.000Z' },
};
const open = (properties: Partial<HTMLElementTagNameMap['sales-mirror-correction']> = {}) =>
  mount('sales-mirror-correction', {
    ...{ rubric, competency: 'growth', result: made, reviewable: true },
    ...properties,
  });
const submit = (subject: Element) =>
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));

test('a level is confirmed with a reason as it is corrected with one', async () => {
  const subject = await open();
  const decisions = heard(subject, 'correct');
  for (const id of ['#level', '#reason', '#reviewer'])
    expect(find(subject, id).hasAttribute('required'), id).toBe(true);
  fill(find(subject, '#level'), 'confirm', 'change');
  fill(find(subject, '#reason'), 'The offer shows it.');
  fill(find(subject, '#reviewer'), 'Zoe');
  submit(subject);
  expect(decisions).toMatchObject([{ level: 2.4, was: 2.4, confirmed: true, reason: 'The offer shows it.' }]);
  expect(decisions[0]?.at).toMatch(/^\d{4}-.*Z$/);
  subject.result = { ...made, corrections: decisions };
  await rendered(subject);
  expect(textOf(find(subject, '.corrected'))).toMatch(
    /^Confirmed by Zoe on .*: 2\.4\. The offer shows it\.$/,
  );
});

test('that the text does not show it is a choice of its own', async () => {
  const subject = await open();
  const decisions = heard(subject, 'correct');
  fill(find(subject, '#level'), 'none', 'change');
  submit(subject);
  expect(decisions).toMatchObject([{ level: null, was: 2.4 }]);
});

test('an open note must be answered with the decision, which settles it', async () => {
  const subject = await open({ result: { ...made, notes: [note] } });
  const decisions = heard(subject, 'correct');
  const shown = find(subject, '[data-note=open]');
  expect(textOf(shown)).toBe(
    'Note from the writer: This was the customer’s decision. Open I gave 20% at once. His board had fixed it.',
  );
  expect(find(subject, '#answer-n1').hasAttribute('required')).toBe(true);
  fill(find(subject, '#level'), '3', 'change');
  fill(find(subject, '#answer-n1'), 'I see.');
  fill(find(subject, '#reviewer'), 'Zoe');
  submit(subject);
  expect(decisions[0]?.answers).toEqual([{ note: 'n1', answer: 'I see.' }]);
  subject.result = { ...made, notes: [note], corrections: decisions };
  await rendered(subject);
  expect(textOf(find(subject, '[data-note=settled]'))).toMatch(/Settled.*Answer of Zoe: I see\.$/);
  expect(findAll(subject, '#answer-n1')).toEqual([]);
});

test('of several decisions the newest counts, and the others say so', async () => {
  const entry = { competency: 'growth', level: 3, was: 2.4, reason: 'r', reviewer: 'Z', date: '2026-01-01' };
  const subject = await open({ result: { ...made, corrections: [entry, { ...entry, level: 4, was: 3 }] } });
  const told = findAll(subject, '.corrected').map((found) => textOf(found));
  expect(told[0]).toContain('A newer correction counts in its place.');
  expect(told[1]).not.toContain('A newer correction');
});
