import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import { Engine } from '../engine/engine';
import { assessment, data, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './sales-mirror';
import './later';

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
    .mockImplementation((text) =>
      text.trim()
        ? Promise.resolve(assessment({ growth: { level: 3 } }))
        : Promise.reject(Object.assign(new Error('empty'), { code: 'empty_text' })),
    );
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(Response.json(data(/(profiles|development)\/.*$/.exec(url)?.[0] ?? ''))),
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

test('the language is switched in the element, and its attribute follows', async () => {
  const subject = await ready();
  find(subject, '[lang=zh]').click();
  await rendered(subject);
  expect(subject.getAttribute('lang')).toBe('zh');
  expect(textOf(find(subject, '[role=status]'))).toBe('就绪');
});
