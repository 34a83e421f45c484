import { expect, test } from 'vitest';
import { asProfile } from '../profile/profile';
import { data, evidence, refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import type { WarningCode } from '../engine/contract';
import { transcript } from '../interview/transcript';
import type { Result } from '../report/report';
import './result';

const TEXT = 'I gave 20% at once. He signed.';
const one = result(TEXT, {
  negotiation: { level: 2.4, interval: [2, 3], evidence: [evidence(0, 19, 'negative'), evidence(20, 30)] },
  growth: { level: 4, interval: [2, 5], evidence: [evidence(0, 19)] },
});
const other = result('Other.', {}, 'other.txt');
const warning = (code: WarningCode) => ({ code });
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

test('evidence from an interview says which answer it is from', async () => {
  const { text } = transcript(
    [
      { number: 2, question: 'What did you lose?', text: 'I lost Anneke.' },
      { number: 5, question: 'Why?', text: 'I talked too much.' },
    ],
    'en',
  );
  const quote = 'I talked too much.';
  const [start, end] = [text.indexOf(quote), text.indexOf(quote) + quote.length];
  const subject = await mountWhole({
    results: [result(text, { growth: { level: 3, evidence: [evidence(start, end)] } })],
  });
  expect(textOf(find(subject, '.evidence li'))).toContain('answer to question 5');
  subject.results = [one];
  await rendered(subject);
  expect(textOf(find(subject, '.evidence li'))).not.toContain('answer to question');
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

test.each([
  ['en', 'No levels for this text', 'This does not read as an account of your own work with customers'],
  ['zh', '这段文字不评等级', '这段文字看起来不是在讲你自己与客户打交道的经历'],
] as const)('a text that was refused has no levels, and a reason, in %s', async (language, title, lead) => {
  const article = refused('Five ways to close faster.');
  const subject = await mountWhole({ profile, profiles: [profile] });
  subject.results = [article];
  subject.editable = true;
  subject.language = language;
  await rendered(subject);
  expect(textOf(find(subject, '#result'))).toBe(title);
  for (const gone of ['sales-mirror-overview', '[data-competency]', '.columns', '[data-fit]', '.warnings']) {
    expect(findAll(subject, gone), gone).toEqual([]);
  }
  const refusal = find(subject, 'sales-mirror-refusal');
  await rendered(refusal);
  expect(textOf(refusal)).toContain(lead);
  expect(findAll(refusal, '.kinds li').length).toBeGreaterThan(6);
  const edited = heard(subject, 'edit-report');
  find(refusal, 'button').click();
  expect(edited).toEqual([article.report]);
  const document = find(find(refusal, 'sales-mirror-marked-text'), '.document');
  expect(document.textContent).toBe(article.report.text);
});

test('whoever reviews a text that was refused is told so of its writer, and cannot edit it', async () => {
  const subject = await mount('sales-mirror-result', {
    rubric,
    results: [refused('Five ways.')],
    reviewable: true,
  });
  const refusal = find(subject, 'sales-mirror-refusal');
  await rendered(refusal);
  expect(textOf(refusal)).toContain('an account of the writer’s own work with customers');
  expect(textOf(refusal)).not.toMatch(/\byou/i);
  expect(findAll(refusal, 'button')).toEqual([]);
  expect(findAll(subject, 'sales-mirror-correction')).toEqual([]);
});

test('levels come back when a text that was refused is followed by one that was not', async () => {
  const subject = await mount('sales-mirror-result', { rubric, results: [refused('Five ways.')] });
  subject.results = [one];
  await until(() => find(subject, '[data-competency=negotiation]'));
  expect(textOf(find(subject, '#result'))).toBe('What this text shows');
  expect(findAll(subject, 'sales-mirror-refusal')).toEqual([]);
});

test('parts that did not count are counted, framed and labelled, and the text stays as it is', async () => {
  const brochure = {
    ...one,
    assessment: {
      ...one.assessment,
      left_out: [{ start: 20, end: 30, reason: 'not_an_account' as const }],
      warnings: [warning('parts_left_out')],
    },
  };
  const subject = await mountWhole({ results: [brochure] });
  expect(textOf(find(subject, '.warnings'))).toBe(
    'One part of the text did not count, because it does not read as a first-hand account of work with customers.',
  );
  const marked = find(subject, 'sales-mirror-marked-text');
  const part = find(marked, '.left-out');
  expect(part.dataset.badge).toBe('not an account');
  expect(textOf(part)).toBe(
    '(start of a part that did not count: not an account) He signed. (end of the part that did not count)',
  );
  expect(findAll(marked, 'mark')).toHaveLength(1);
  const document = find(marked, '.document');
  for (const label of document.querySelectorAll('.hidden')) label.remove();
  expect(document.textContent).toBe(TEXT);
});

test('a text unlike what the model has learnt from is told with its levels, not without them', async () => {
  const unfamiliar = ({ assessment, ...rest }: Result) => ({
    ...rest,
    assessment: { ...assessment, warnings: [warning('unfamiliar_text'), warning('short_text')] },
  });
  const subject = await mountWhole({ results: [unfamiliar(one)] });
  const lines = () => findAll(subject, '.warnings li').map((line) => textOf(line));
  expect(lines()[0]).toMatch(/unlike those that the model has learnt from.*intervals wider/);
  subject.results = [unfamiliar(refused('Five ways.'))];
  await rendered(subject);
  expect(lines()).toEqual([expect.stringMatching(/^The text is short\./)]);
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

test('in a list of reports, one that was refused has no levels and does not move the means', async () => {
  const subject = await mountWhole({ results: [one, refused('Five ways.', 'article.txt')] });
  const rows = findAll(subject, 'tbody tr').map((row) => textOf(row));
  expect(rows[1]).toBe('article.txt Not an account of own work, so no levels');
  expect(textOf(find(subject, 'tfoot'))).toContain('2.4');
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
