import { expect, test } from 'vitest';
import { asProfile } from '../profile/profile';
import { data, evidence, refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import type { EventOf } from '../component/events';
import type { WarningCode } from '../engine/contract';
import { transcript } from '../interview/transcript';
import type { LevelsThatCount } from '../report/counted';
import type { Result } from '../report/report';
import './correction';
import './result';

const TEXT = 'I gave 20% at once. He signed.';
const one = result(TEXT, {
  negotiation: { level: 2.4, interval: [2, 3], evidence: [evidence(0, 19, 'negative'), evidence(20, 30)] },
  growth: { level: 4, interval: [2, 5], evidence: [evidence(0, 19)] },
});
const other = result('Other.', {}, 'other.txt');
const warning = (code: WarningCode) => ({ code });
const profile = asProfile(data('profiles/key-account-manager.json'), rubric, 'file');

/** The row of a competency. */
const row = (subject: Element, id: string) =>
  find(find(subject, 'sales-mirror-levels'), `[data-competency=${id}]`);

async function openRow(subject: Element, id: string): Promise<HTMLElement> {
  row(subject, id).querySelector<HTMLElement>('button.head')?.click();
  await rendered(subject);
  await rendered(find(subject, 'sales-mirror-levels'));
  return row(subject, id);
}

/** The result with all of its elements rendered. */
async function mountWhole(properties: Partial<HTMLElementTagNameMap['sales-mirror-result']> = {}) {
  const subject = await mount('sales-mirror-result', { rubric, results: [one], ...properties });
  await until(() => row(subject, 'negotiation'));
  return subject;
}

test('a closed row says the level, its word, its interval, and what speaks for and against it', async () => {
  const subject = await mountWhole();
  const head = textOf(row(subject, 'negotiation'));
  expect(head).toBe('5 Negotiation and closing 2.4 below 1 sentence speaks for it, 1 against ＋1 －1');
  const bar = row(subject, 'negotiation').querySelector('.bar');
  expect(bar?.getAttribute('aria-label')).toBe('Level 2.4 of 5, 80% interval from 2.0 to 3.0');
  expect(textOf(row(subject, 'planning'))).toContain('Not shown in this text');
  expect(row(subject, 'planning').querySelector('.bar [part=bar], .dot')).toBeNull();
});

test('an open row says how sure the level is, why, and what is next; one is open at a time', async () => {
  const subject = await mountWhole();
  const chosen = heard(subject, 'select-competency');
  const negotiation = textOf(await openRow(subject, 'negotiation'));
  expect(negotiation).toContain('2.4 of 5');
  expect(negotiation).toContain('80% interval 2.0 to 3.0 · Fairly sure');
  expect(negotiation).toContain('One sentence counts against it.');
  expect(negotiation).toContain('Why: 2 sentences of evidence');
  expect(textOf(await openRow(subject, 'growth'))).toContain('Unsure');
  expect(textOf(row(subject, 'negotiation'))).not.toContain('Why:');
  expect(textOf(await openRow(subject, 'planning'))).toContain('This says nothing about how good you are');
  await openRow(subject, 'planning');
  expect(chosen).toEqual(['negotiation', 'growth', 'planning', null]);
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
  expect(textOf(await openRow(subject, 'growth'))).toContain('answer to question 5');
  subject.results = [one];
  await rendered(subject);
  await rendered(find(subject, 'sales-mirror-levels'));
  expect(textOf(row(subject, 'growth'))).not.toContain('answer to question');
});

test('the chart and its table say the same, in the punctuation of the language', async () => {
  const subject = await mountWhole({ language: 'zh', profile, profiles: [profile] });
  const show = async (name: string) => {
    findAll(subject, '.segments button')
      .find((button) => textOf(button) === name)
      ?.click();
    await rendered(subject);
    const overview = find(subject, 'sales-mirror-overview');
    await rendered(overview);
    return overview;
  };
  const chart = await show('图');
  expect(find(chart, '.radar').getAttribute('aria-label')).toMatch(/^等级雷达图：.*谈判成交 2\.4；/);
  expect(textOf(find(chart, '.legend'))).toContain(`岗位目标：${profile.name.zh ?? ''}`);
  const rows = findAll(await show('表'), 'tbody tr').map((row) => textOf(row));
  expect(rows.some((row) => /^谈判成交 ?2\.4 2\.0 – 3\.0/.test(row))).toBe(true);
});

test('where there is no editor, the text is marked for all competencies or for the one that is open', async () => {
  const subject = await mountWhole();
  const marked = find(subject, 'sales-mirror-marked-text');
  const marks = () => findAll(marked, 'mark').map((mark) => mark.dataset.badge);
  const index = (id: string) => rubric.competencies.findIndex((competency) => competency.id === id) + 1;
  const numbers = [`${index('negotiation')}－`, `${index('growth')}＋`].sort();
  expect(marks()[0]?.split(' ').sort()).toEqual(numbers);
  const negotiation = await openRow(subject, 'negotiation');
  await rendered(marked);
  expect(marks()[0]?.split(' ')).toHaveLength(1);
  negotiation.querySelector<HTMLElement>('.quote')?.click();
  await until(() => {
    expect(marked.shadowRoot?.activeElement?.textContent).toContain('I gave 20% at once.');
  });
});

test('where there is an editor, the text is not shown twice, and evidence is shown there', async () => {
  const subject = await mountWhole({ editable: true });
  expect(findAll(subject, 'sales-mirror-marked-text')).toEqual([]);
  const revealed = heard(subject, 'reveal-evidence');
  (await openRow(subject, 'negotiation')).querySelector<HTMLElement>('.quote')?.click();
  expect(revealed).toEqual([{ start: 0, end: 19 }]);
});

test('a sentence is taken out of the evidence, and counted again', async () => {
  const subject = await mountWhole({ editable: true });
  const objections = heard(subject, 'object');
  const link = (name: string) =>
    [...row(subject, 'negotiation').querySelectorAll<HTMLElement>('.link')].find(
      (button) => textOf(button) === name,
    );
  await openRow(subject, 'negotiation');
  link('This is not evidence')?.click();
  const objection = { competency: 'negotiation', start: 0, end: 19 };
  expect(objections).toEqual([objection]);
  subject.results = [{ ...one, assessment: { ...one.assessment, objections: [objection] } }];
  await rendered(subject);
  await rendered(find(subject, 'sales-mirror-levels'));
  expect(textOf(row(subject, 'negotiation'))).toContain(
    'You took one sentence out “I gave 20% at once.”'.replace(/[“”]/g, ''),
  );
  link('Count it again')?.click();
  expect(objections[1]).toEqual({ ...objection, counts: true });
  // Whoever reads the result, but cannot edit the text, sees what the writer said.
  subject.editable = false;
  await rendered(subject);
  await rendered(find(subject, 'sales-mirror-levels'));
  expect(textOf(row(subject, 'negotiation'))).toContain(
    'The writer does not accept one sentence as evidence',
  );
  expect(link('Count it again')).toBeUndefined();
});

test('levels before a rewriting stay beside the new ones until the person lets them go', async () => {
  const before = result(TEXT, { negotiation: { level: 1.9 }, growth: { level: 4 } });
  const subject = await mountWhole({ earlier: before });
  expect(textOf(row(subject, 'negotiation'))).toContain('was 1.9, 2.4');
  expect(row(subject, 'negotiation').querySelector('.bar .before')).not.toBeNull();
  expect(row(subject, 'growth').querySelector('.bar .before')).toBeNull();
  const over = heard(subject, 'start-over');
  find(find(subject, 'sales-mirror-levels'), '.compared button').click();
  expect(over).toHaveLength(1);
});

test('a result of a text that has changed says so', async () => {
  const subject = await mountWhole({ stale: true, editable: true });
  expect(textOf(find(subject, '.stale'))).toMatch(/^You have changed the text\./);
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
  for (const gone of ['sales-mirror-overview', 'sales-mirror-levels', '.views', '.warnings']) {
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
  await until(() => row(subject, 'negotiation'));
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

/** Opens the comparison of a list of reports. */
async function compare(list: HTMLElement): Promise<HTMLElement> {
  const details = find<HTMLDetailsElement>(list, 'details');
  expect(details.querySelector('sales-mirror-comparison')).toBeNull();
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
  await rendered(list);
  const comparison = find(list, 'sales-mirror-comparison');
  await rendered(comparison);
  return comparison;
}

test('several reports are listed with their levels and their means, and one is chosen', async () => {
  const subject = await mountWhole({ results: [one, other] });
  const selected = heard(subject, 'select-result');
  const list = find(subject, 'sales-mirror-report-list');
  await rendered(list);
  expect(find(list, '.mini').getAttribute('aria-label')).toContain('Negotiation and closing 2.4; ');
  expect(textOf(find(await compare(list), 'table'))).toContain('Mean of the levels shown');
  findAll(list, 'li button')[1]?.click();
  expect(selected).toEqual([1]);
});

test('in a list of reports, one that was refused has no levels and does not move the means', async () => {
  const subject = await mountWhole({ results: [one, refused('Five ways.', 'article.txt')] });
  const list = find(subject, 'sales-mirror-report-list');
  await rendered(list);
  const comparison = await compare(list);
  const rows = findAll(comparison, 'tbody tr').map((row) => textOf(row));
  expect(rows[1]).toBe('article.txt Not an account of own work, so no levels');
  expect(textOf(find(comparison, 'tfoot'))).toContain('2.4');
});

test('a role is chosen and compared with the interval', async () => {
  const subject = await mountWhole({ profiles: [profile], profile });
  const changes = heard(subject, 'profile-change');
  const target = profile.targets.negotiation ?? 0;
  expect(target).toBeGreaterThan(3);
  const negotiation = await openRow(subject, 'negotiation');
  expect(negotiation.querySelector<HTMLElement>('[data-fit]')?.dataset.fit).toBe('above');
  fill(find(find(subject, 'sales-mirror-role-select'), 'select'), '', 'change');
  expect(changes).toEqual(['']);
});

test('a reviewer corrects a level and says why; others see corrections only', async () => {
  const subject = await mountWhole({ reviewable: true });
  const corrections = heard(subject, 'correct');
  await openRow(subject, 'negotiation');
  const box = () => find(find(subject, 'sales-mirror-levels'), 'sales-mirror-correction');
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
  await rendered(find(subject, 'sales-mirror-levels'));
  await rendered(box());
  expect(findAll(box(), 'form')).toEqual([]);
  expect(textOf(find(box(), '.corrected'))).toMatch(/^Zoe 于 .* 更正：3，原为 2\.4。 He asked first\.$/);
});

test('the page around hears the levels that count when they are shown and when they change, but not those of others', async () => {
  const correction = {
    competency: 'growth',
    level: 2,
    was: 4,
    reason: 'r',
    reviewer: 'Zoe',
    date: '2026-02-01',
  };
  const told: LevelsThatCount[] = [];
  const hear = ({ detail }: EventOf<'sales-mirror-levels'>) => told.push(detail);
  document.body.addEventListener('sales-mirror-levels', hear);
  const subject = await mountWhole({ editable: true });
  subject.open = 'growth';
  await rendered(subject);
  subject.results = [{ ...one, corrections: [correction] }];
  await rendered(subject);
  await mountWhole();
  document.body.removeEventListener('sales-mirror-levels', hear);
  const counted = (id: string) =>
    told.map(({ competencies }) => competencies.find((entry) => entry.id === id));
  expect(told.map(({ from, accepted, scale }) => [from, accepted, scale])).toEqual(
    Array.from({ length: 2 }, () => ['text', true, { min: 1, max: 5 }]),
  );
  expect(counted('growth')).toMatchObject([
    { level: 4, decided: false },
    { level: 2, decided: true },
  ]);
  expect(counted('planning')).toMatchObject([{ level: null, decided: false }, { level: null }]);
  expect(JSON.stringify(told)).not.toMatch(/I gave|evidence/);
});
