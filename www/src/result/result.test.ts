import { expect, test } from 'vitest';
import { asProfile } from '../profile/profile';
import { data, evidence, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './result';

const TEXT = 'I gave 20% at once. He signed.';
const one = result(TEXT, {
  negotiation: { level: 2.4, interval: [2, 3], evidence: [evidence(0, 19, 'negative'), evidence(20, 30)] },
  growth: { level: 4, interval: [2, 5], evidence: [evidence(0, 19)] },
});
const other = result('Other.', {}, 'other.txt');
const profile = asProfile(data('profiles/key-account-manager.json'), rubric, 'file');

/** The result with everything that comes a frame later. */
async function mountWhole(properties: Partial<HTMLElementTagNameMap['sales-mirror-result']> = {}) {
  const subject = await mount('sales-mirror-result', { rubric, results: [one], ...properties });
  await until(() => find(subject, '.columns'));
  return subject;
}

test('every competency says its level, how sure that is, why, and what is next', async () => {
  const subject = await mountWhole();
  const negotiation = textOf(find(subject, '[data-competency=negotiation]'));
  expect(negotiation).toContain('2.4 of 5');
  expect(negotiation).toContain('80% interval 2.0 to 3.0 · Fairly sure');
  expect(negotiation).toContain('One sentence counts against it: I gave 20% at once.');
  expect(negotiation).toContain('Why: 2 sentences of evidence');
  expect(textOf(find(subject, '[data-competency=growth]'))).toContain('Unsure');
  expect(textOf(find(subject, '[data-competency=planning]'))).toContain('Not shown in this text');
});

test('the chart and its table say the same, in the punctuation of the language', async () => {
  const subject = await mountWhole({ language: 'zh', profile, profiles: [profile] });
  const overview = find(subject, 'sales-mirror-overview');
  expect(find(overview, '.radar').getAttribute('aria-label')).toMatch(/^等级雷达图：.*谈判成交 2\.4；/);
  expect(textOf(find(overview, '.legend'))).toContain(`岗位目标：${profile.name.zh ?? ''}`);
  const rows = findAll(overview, 'tbody tr').map((row) => textOf(row));
  expect(rows.some((row) => /^谈判成交 ?2\.4 2\.0 – 3\.0/.test(row))).toBe(true);
});

test('the text is marked for all competencies or for one, and evidence leads to its sentence', async () => {
  const subject = await mountWhole();
  const marked = find(subject, 'sales-mirror-marked-text');
  const marks = () => findAll(marked, 'mark').map((mark) => mark.dataset.badge);
  const index = (id: string) => rubric.competencies.findIndex((competency) => competency.id === id) + 1;
  const numbers = [`${index('negotiation')}－`, `${index('growth')}＋`].sort();
  expect(marks()[0]?.split(' ').sort()).toEqual(numbers);
  findAll(marked, '.filter button')[1]?.click();
  await rendered(marked);
  expect(marks()[0]?.split(' ')).toHaveLength(1);
  const [first] = findAll<HTMLButtonElement>(subject, '[data-competency=negotiation] .evidence button');
  first?.click();
  await until(() => {
    expect(marked.shadowRoot?.activeElement?.textContent).toContain('I gave 20% at once.');
  });
  expect(marks()[0]?.split(' ')).toHaveLength(2);
});

test('the text is shown as it is, with all of its white space', async () => {
  const text = '  One.\n\n\tTwo. ';
  const subject = await mountWhole({
    results: [result(text, { growth: { level: 3, evidence: [evidence(2, 6)] } })],
  });
  const document = find(find(subject, 'sales-mirror-marked-text'), '.document');
  for (const label of document.querySelectorAll('.hidden')) label.remove();
  expect(document.textContent).toBe(text);
});

test('a filter is forgotten with its result, and kept by a correction', async () => {
  const subject = await mountWhole({ results: [one, other] });
  const marked = find(subject, 'sales-mirror-marked-text');
  const pressed = () => findAll(marked, '.filter [aria-pressed=true]').map((button) => textOf(button));
  findAll(marked, '.filter button')[1]?.click();
  await rendered(marked);
  const chosen = pressed();
  subject.results = [{ ...one, corrections: [] }, other];
  await rendered(subject);
  await rendered(marked);
  expect(pressed()).toEqual(chosen);
  subject.selected = 1;
  await rendered(subject);
  subject.selected = 0;
  await rendered(subject);
  await rendered(marked);
  expect(pressed()).toEqual(['All']);
});

test('several reports are listed with their means, and one is chosen', async () => {
  const subject = await mountWhole({ results: [one, other] });
  const selected = heard(subject, 'select-result');
  const [table] = findAll(subject, 'table');
  expect(table && textOf(table)).toContain('Mean of the levels shown');
  find(subject, '[aria-label="Show other.txt"]').click();
  expect(selected).toEqual([1]);
});

test('a role is chosen and compared with the interval', async () => {
  const subject = await mountWhole({ profiles: [profile], profile });
  const changes = heard(subject, 'profile-change');
  const target = profile.targets.negotiation ?? 0;
  expect(target).toBeGreaterThan(3);
  expect(find(subject, '[data-competency=negotiation] [data-fit]').dataset.fit).toBe('above');
  fill(
    find(find(find(subject, 'sales-mirror-overview'), 'sales-mirror-role-select'), 'select'),
    '',
    'change',
  );
  expect(changes).toEqual(['']);
});

test('a reviewer corrects a level and says why; others see corrections only', async () => {
  const subject = await mountWhole({ reviewable: true });
  const corrections = heard(subject, 'correct');
  const box = () => find(subject, '[data-competency=negotiation] sales-mirror-correction');
  fill(find(box(), '#level'), '3', 'change');
  fill(find(box(), '#reason'), ' He asked first. ');
  fill(find(box(), '#reviewer'), 'Zoe');
  find(box(), 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  expect(corrections).toMatchObject([
    { competency: 'negotiation', level: 3, was: 2.4, reason: 'He asked first.', reviewer: 'Zoe' },
  ]);
  subject.results = [{ ...one, corrections }];
  subject.reviewable = false;
  subject.language = 'zh';
  await rendered(subject);
  await rendered(box());
  expect(findAll(box(), 'form')).toEqual([]);
  expect(textOf(find(box(), '.corrected'))).toMatch(/^Zoe 于 .* 更正：3，原为 2\.4。 He asked first\.$/);
});
