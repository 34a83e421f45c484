import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import { Engine } from '../engine/engine';
import { assessment, data, refusal, refused, result, rubric, tickedPlan } from '../testing/fixtures';
import { newReport, type Report } from '../report/report';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './sales-mirror';
import './later';
import './later-interview';

let assess: MockInstance<Engine['assess']>;

beforeEach(() => {
  // happy-dom has no form-associated elements.
  HTMLElement.prototype.attachInternals = () =>
    ({
      form: null,
      setFormValue: () => undefined,
      setValidity: () => undefined,
    }) as unknown as ElementInternals;
  vi.spyOn(Engine.prototype, 'load').mockResolvedValue({ rubric, model: { id: 'test' } as never });
  assess = vi
    .spyOn(Engine.prototype, 'assess')
    .mockImplementation(({ text }) =>
      text.trim()
        ? Promise.resolve(assessment({ growth: { level: 3 } }))
        : Promise.reject(Object.assign(new Error('empty'), { code: 'empty_text' })),
    );
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(Response.json(data(/(profiles|questions|development)\/.*$/.exec(url)?.[0] ?? ''))),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function ready(properties: Partial<HTMLElementTagNameMap['sales-mirror']> = {}) {
  const subject = await mount('sales-mirror', { lang: 'en', selfRating: 'off', ...properties });
  await subject.load();
  await rendered(subject);
  return subject;
}

const start = (subject: Element) =>
  find(subject, 'sales-mirror-input').dispatchEvent(new CustomEvent('start'));

test('a page assesses a text and gets the assessment, in the element, the event and the value', async () => {
  const subject = await ready();
  const assessed = heard(document.body, 'sales-mirror-assessed');
  const answer = await subject.assess('He signed.');
  expect([assessed, subject.assessment, subject.text]).toEqual([[answer], answer, 'He signed.']);
  expect(JSON.parse(subject.value)).toEqual(answer);
  await rendered(subject);
  find(subject, 'sales-mirror-result');
  subject.clear();
  await rendered(subject);
  expect([subject.assessment, subject.value, subject.text]).toEqual([null, '', '']);
});

test('a failure is shown, told and rejected', async () => {
  const subject = await ready();
  const errors = heard(subject, 'sales-mirror-error');
  await expect(subject.assess(' ')).rejects.toMatchObject({ code: 'empty_text' });
  await rendered(subject);
  expect(find(subject, '.failure').dataset.code).toBe('empty_text');
  expect(errors).toHaveLength(1);
});

test('a writer rates themselves before the first result, and sees both', async () => {
  const subject = await ready({ selfRating: 'on', text: 'He signed.' });
  start(subject);
  await until(() => find(subject, 'sales-mirror-self-rating'));
  find(subject, 'sales-mirror-self-rating').dispatchEvent(
    new CustomEvent('rated', { detail: { rating: { growth: 5 }, ask: false } }),
  );
  await until(() => find(subject, 'sales-mirror-result'));
  expect(find(subject, 'sales-mirror-result')).toMatchObject({ results: [{ self: { growth: 5 } }] });
  expect(subject.selfRating).toBe('off');
});

test('a text that is refused comes without the question for a self-rating, which waits for the next one', async () => {
  assess.mockResolvedValueOnce(refusal());
  const subject = await ready({ selfRating: 'on', text: 'Five ways to close faster.' });
  start(subject);
  await until(() => find(subject, 'sales-mirror-result'));
  expect(textOf(find(subject, '[role=status]'))).toContain('no levels are given');
  expect(findAll(subject, 'sales-mirror-self-rating')).toEqual([]);
  start(subject);
  await until(() => find(subject, 'sales-mirror-self-rating'));
});

test('a page gets the assessment of a text that is refused, and nothing is planned from it', async () => {
  assess.mockResolvedValueOnce(refusal());
  const subject = await ready({ required: true });
  const assessed = heard(subject, 'sales-mirror-assessed');
  const answer = await subject.assess('Five ways to close faster.');
  expect(answer).toMatchObject({ account: { accepted: false }, overall: null });
  expect([assessed, JSON.parse(subject.value)]).toEqual([[answer], answer]);
  find(subject, '#tab-plan').click();
  await until(() => find(subject, 'sales-mirror-plan'));
  await rendered(find(subject, 'sales-mirror-plan'));
  expect(textOf(find(subject, 'sales-mirror-plan'))).toMatch(/^There is nothing to plan yet/);
});

test('a text that was refused is edited in the text area, and nothing that is there is lost', async () => {
  const subject = await ready({ text: 'He signed.' });
  const { report } = refused('Five ways to close faster.', 'article.txt');
  const open = find(subject, 'sales-mirror-history');
  open.dispatchEvent(new CustomEvent('open-entry', { detail: { ...refused(''), report } }));
  await until(() => find(subject, 'sales-mirror-result'));
  const edit = () =>
    find(subject, 'sales-mirror-result').dispatchEvent(new CustomEvent('edit-report', { detail: report }));
  edit();
  await rendered(subject);
  const input = find<HTMLElementTagNameMap['sales-mirror-input']>(subject, 'sales-mirror-input');
  await until(() => {
    expect(input.shadowRoot?.activeElement?.localName).toBe('textarea');
  });
  expect([subject.text, input.reports.map(({ text }) => text)]).toEqual([report.text, ['He signed.']]);
  // The text is in the text area now, where the person goes on with it.
  subject.text = `${report.text} I tried two.`;
  edit();
  await rendered(subject);
  expect([subject.text, input.reports.length]).toEqual([`${report.text} I tried two.`, 1]);
});

test('levels follow what is typed, unless that is paused', async () => {
  const subject = await ready();
  const input = find(subject, 'sales-mirror-input');
  await until(() => {
    find(input, 'textarea');
  });
  const type = (text: string) => {
    fill(find(input, 'textarea'), text);
  };
  subject.live = 'off';
  type('He asked for a discount, and I offered 5% instead.');
  await new Promise((done) => setTimeout(done));
  expect(assess).not.toHaveBeenCalled();
  subject.live = 'on';
  type('He asked for a discount, and I offered 5% instead. He signed.');
  await until(() => {
    expect(subject.assessment).not.toBeNull();
  });
});

test('each mode shows its own parts', async () => {
  const subject = await ready();
  expect(findAll(subject, '[role=tab]')).toHaveLength(3);
  find(subject, '#tab-plan').click();
  await rendered(subject);
  expect(textOf(subject)).toContain('Your plan is based on an assessment.');
  subject.mode = 'candidate';
  await rendered(subject);
  expect(findAll(subject, '[role=tab]')).toEqual([]);
  subject.mode = 'headless';
  await rendered(subject);
  expect(findAll(subject, '*').filter(({ localName }) => localName !== 'style')).toEqual([]);
});

test('an interview is assessed as one text, and what was typed in either place stays', async () => {
  const subject = await ready({ mode: 'candidate', text: 'Pasted.' });
  const interview = () => find(subject, 'sales-mirror-interview');
  const hidden = () =>
    ['sales-mirror-input', 'sales-mirror-interview'].map((name) => find(subject, name).parentElement?.hidden);
  expect(hidden()).toEqual([false, true]);
  findAll<HTMLInputElement>(subject, '[name=entry]')[1]?.click();
  await rendered(subject);
  expect(hidden()).toEqual([true, false]);
  expect(interview()).toMatchObject({
    sets: [{ id: 'field-sales' }, { id: 'inside-sales' }, { id: 'key-account' }],
  });
  const whole = newReport('Interviewer: Question 1: Why?', 'interview_answer', 'Field sales');
  const done = () =>
    interview().dispatchEvent(new CustomEvent('interview-done', { detail: { answers: [], whole } }));
  done();
  await until(() => find(subject, 'sales-mirror-result'));
  expect(assess.mock.calls.map(([report]) => report)).toEqual([whole]);
  expect(subject.text).toBe('Pasted.');
  interview().dispatchEvent(new CustomEvent('interview-cleared'));
  await rendered(subject);
  expect(subject.assessment).toBeNull();
  // A failure is tried again with the same answers, not with the pasted text.
  assess.mockRejectedValueOnce({ code: 'crashed', message: '', detail: null });
  done();
  await until(() => find(subject, '.failure button'));
  find(subject, '.failure button').click();
  await until(() => find(subject, 'sales-mirror-result'));
  expect(assess.mock.calls.map(([{ text }]) => text)).toEqual(Array(3).fill(whole.text));
});

test('the browser asks before a page with answers is left', async () => {
  const subject = await ready({ mode: 'candidate' });
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(leave()).toBe(false);
  const interview = find<HTMLElementTagNameMap['sales-mirror-interview']>(subject, 'sales-mirror-interview');
  vi.spyOn(interview, 'hasAnswers', 'get').mockReturnValue(true);
  expect(leave()).toBe(true);
});

test('a text of an interview that was refused is edited where it was typed', async () => {
  const subject = await ready({ mode: 'candidate' });
  const interview = find<HTMLElementTagNameMap['sales-mirror-interview']>(subject, 'sales-mirror-interview');
  const announce = vi.spyOn(interview, 'announce').mockResolvedValue();
  const whole = newReport('Interviewer: Question 1: Why?', 'interview_answer', 'Field sales');
  interview.dispatchEvent(new CustomEvent('interview-done', { detail: { answers: [], whole } }));
  await until(() => find(subject, 'sales-mirror-result'));
  const edit = (report: Report) =>
    find(subject, 'sales-mirror-result').dispatchEvent(new CustomEvent('edit-report', { detail: report }));
  edit(whole);
  await until(() => {
    expect(announce).toHaveBeenCalledTimes(1);
  });
  expect(find(subject, 'sales-mirror-input').parentElement?.hidden).toBe(true);
  edit(newReport('Pasted.', 'other'));
  await rendered(subject);
  expect(find(subject, 'sales-mirror-input').parentElement?.hidden).toBe(false);
});

test('the language is switched in the element, and its attribute follows', async () => {
  const subject = await ready();
  find(subject, '[lang=zh]').click();
  await rendered(subject);
  expect(subject.getAttribute('lang')).toBe('zh');
  expect(textOf(find(subject, '[role=status]'))).toBe('就绪');
});

test('what was typed before the page was left comes back, unless something else is there', async () => {
  const subject = await ready();
  const restore = (text: string) =>
    find(subject, 'sales-mirror-history').dispatchEvent(
      new CustomEvent('draft-found', { detail: { text, kind: 'email' } }),
    );
  restore('He signed.');
  await rendered(subject);
  const input = find(subject, 'sales-mirror-input');
  expect(input).toMatchObject({ text: 'He signed.', kind: 'email', restored: true });
  const leave = new Event('beforeunload', { cancelable: true });
  dispatchEvent(leave);
  expect(leave.defaultPrevented).toBe(true);
  restore('Something older.');
  expect(subject.text).toBe('He signed.');
});

test('the plan of the person stays while results come and go, and is handed to the history', async () => {
  const subject = await ready();
  const history = find<HTMLElementTagNameMap['sales-mirror-history']>(subject, 'sales-mirror-history');
  const kept = vi.spyOn(history, 'keepPlan');
  const plan = tickedPlan(result('He signed.', { growth: { level: 2 } }), '2026-12-03');
  find(subject, '#tab-plan').click();
  history.dispatchEvent(new CustomEvent('plan-found', { detail: plan }));
  await until(() => find(subject, 'sales-mirror-plan'));
  const shown = () => find<HTMLElementTagNameMap['sales-mirror-plan']>(subject, 'sales-mirror-plan');
  expect(shown()).toMatchObject({ own: plan, result: undefined });
  await subject.assess('He signed.');
  await rendered(subject);
  expect(shown().own).toBe(plan);
  shown().dispatchEvent(new CustomEvent('plan-change', { detail: null }));
  expect(kept).toHaveBeenCalledWith(null);
  await rendered(subject);
  expect(shown().own).toBeNull();
  history.dispatchEvent(new CustomEvent('plan-found', { detail: plan }));
  subject.clear();
  await rendered(subject);
  expect(findAll(subject, 'sales-mirror-plan')).toEqual([]);
});

test('page translators are kept out unless the page allows them', async () => {
  const subject = await ready();
  expect(subject.translate).toBe(false);
  subject.writingAids = 'on';
  await rendered(subject);
  expect(subject.translate).toBe(true);
});

test('what the company has locked is off, and a person is told who decided', async () => {
  const subject = await ready({ locked: 'live team history' });
  const input = find(subject, 'sales-mirror-input');
  expect(input).toMatchObject({ live: undefined });
  expect(find(subject, 'sales-mirror-history')).toMatchObject({ off: true });
  const typed = 'I called the customer back on the same day, and he signed. ';
  input.dispatchEvent(new CustomEvent('text-change', { detail: typed }));
  await new Promise((done) => setTimeout(done, 50));
  expect(assess).not.toHaveBeenCalled();
  subject.mode = 'team';
  await rendered(subject);
  expect(findAll(subject, 'sales-mirror-team')).toHaveLength(0);
  expect(textOf(subject)).toContain('The team view is turned off. Set by your company.');
  subject.lang = 'zh';
  await rendered(subject);
  expect(textOf(subject)).toContain('团队视图已关闭。由贵公司设定。');
});
