import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Assessment, Failure, Whose } from '../engine/contract';
import { newReport, type Report } from '../report/report';
import { assessment, refusal, result } from '../testing/fixtures';
import { FakeHost, heard } from '../testing/host';
import { AssessmentController } from './assessment-controller';
import { FailureController } from './failure-controller';
import type { Counting } from '../report/counting';
import type { Assessor } from './loading-controller';

const failure = (code: Failure['code']): Failure => ({ code, message: code, detail: null });
const report = (text: string): Report => newReport(text, 'email');
const LONG = 'He asked for a discount, and I offered something else';

interface Pending {
  readonly text: string;
  readonly whose: Whose | undefined;
  readonly progress: (done: number, total: number) => void;
  readonly answer: (answer: Assessment) => void;
  readonly fail: (thrown: unknown) => void;
}

/** What is answered for a text among several: one that begins with "Advice" is refused. */
const answered = (text: string) =>
  text.startsWith('Advice') ? refusal() : text ? assessment() : failure('empty_text');

/** An engine whose answers the test gives, and the controller over it. */
function setUp() {
  const host = Object.assign(new FakeHost(), { text: '' });
  const pending: Pending[] = [];
  const engine = {
    assess: ({ text, whose }, onProgress) =>
      new Promise((answer, fail) => {
        pending.push({ text, whose, answer, fail, progress: (done, total) => onProgress?.({ done, total }) });
      }),
    assessAll: (texts) => Promise.resolve(texts.map(({ text }) => answered(text))),
    cancel: vi.fn(),
    load: () => Promise.reject(new Error('the controller loads through the loading controller')),
    dispose: () => undefined,
  } satisfies Assessor;
  const model = {
    engine: engine as Assessor | undefined,
    counting: undefined as Counting | undefined,
    loading: false,
    load: vi.fn(() => Promise.resolve()),
    cancel: () => {
      engine.cancel();
    },
  };
  const failures = new FailureController(host);
  return { host, pending, engine, model, failures, subject: new AssessmentController(host, model, failures) };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a report is assessed, counted and shown', async () => {
  const { host, pending, subject } = setUp();
  const assessed = heard(host, 'sales-mirror-assessed');
  const run = subject.run([report('a')]);
  await settled();
  expect(subject.assessing).toBe(true);
  pending[0]?.progress(1, 3);
  expect(subject.progress).toEqual({ done: 1, total: 3, several: false });
  const answer = assessment({ growth: { level: 3 } });
  pending[0]?.answer(answer);
  expect(await run).toEqual([answer]);
  expect(subject.result).toMatchObject({ assessment: answer, report: { text: 'a' }, self: null });
  expect([subject.assessing, subject.progress]).toEqual([false, undefined]);
  expect(assessed).toEqual([answer]);
});

test('the newest assessment wins, and the older one is rejected', async () => {
  const { pending, subject, model } = setUp();
  let load: () => void = () => undefined;
  model.load.mockReturnValueOnce(new Promise<void>((done) => (load = done)));
  const first = subject.run([report('a')]);
  const second = subject.run([report('b')]);
  load();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  pending[0]?.answer(assessment());
  await second;
  expect(pending.map(({ text }) => text)).toEqual(['b']);
  expect(subject.result?.report.text).toBe('b');
});

test('an older assessment that fails late shows nothing', async () => {
  const { pending, subject, failures } = setUp();
  const first = subject.run([report('a')]);
  await settled();
  const second = subject.run([report('b')]);
  await settled();
  pending[0]?.progress(1, 2);
  pending[0]?.fail(failure('cancelled'));
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect([subject.assessing, subject.progress, failures.shown]).toEqual([true, undefined, undefined]);
  pending[1]?.answer(assessment());
  await second;
});

test('a failure is shown and told, and leaves the results there are', async () => {
  const { host, pending, subject, failures } = setUp();
  const errors = heard(host, 'sales-mirror-error');
  const first = subject.run([report('a')]);
  await settled();
  pending[0]?.answer(assessment());
  await first;
  const second = subject.run([report('')]);
  await settled();
  pending[1]?.fail(failure('empty_text'));
  await expect(second).rejects.toMatchObject({ code: 'empty_text' });
  expect(failures.shown).toMatchObject({ code: 'empty_text' });
  expect(errors).toHaveLength(1);
  expect([subject.assessing, subject.results.length]).toEqual([false, 1]);
});

test('anything else that is thrown becomes a failure', async () => {
  const { pending, subject } = setUp();
  const run = subject.run([report('a')]);
  await settled();
  pending[0]?.fail(new TypeError('x'));
  await expect(run).rejects.toMatchObject({ code: 'internal' });
});

test('of several reports, those that cannot be read are skipped; if none can, that is a failure', async () => {
  const { subject } = setUp();
  expect(await subject.run([report('a'), report(''), report('b')])).toHaveLength(2);
  expect(subject.results.map((result) => result.report.text)).toEqual(['a', 'b']);
  expect(subject.skipped.map((entry) => entry.failure.code)).toEqual(['empty_text']);
  await expect(subject.run([report(''), report('')])).rejects.toMatchObject({ code: 'empty_text' });
  subject.clear();
  expect([subject.results, subject.skipped]).toEqual([[], []]);
});

test('a text that is refused is a result without levels; of several, one with levels is shown first', async () => {
  const { host, subject } = setUp();
  const assessed = heard(host, 'sales-mirror-assessed');
  await subject.run([report('Advice 1'), report('Advice 2')]);
  expect([subject.accepted, subject.selected, subject.skipped]).toEqual([false, 0, []]);
  await subject.run([report('Advice 1'), report('a')]);
  expect([subject.accepted, subject.result?.report.text]).toEqual([true, 'a']);
  expect(assessed.map(({ account }) => account.accepted)).toEqual([false, false, false, true]);
});

test('a result is stale while its text is not the one in the text area', async () => {
  const { host, pending, subject } = setUp();
  expect(subject.stale).toBe(false);
  host.text = 'a';
  const run = subject.run([report('a')]);
  await settled();
  // Edited while the assessment is under way.
  host.text = 'ab';
  pending[0]?.answer(assessment());
  await run;
  expect(subject.stale).toBe(true);
  host.text = 'a';
  expect(subject.stale).toBe(false);
  host.text = '';
  expect(subject.stale).toBe(true);
  subject.clear();
  expect(subject.stale).toBe(false);
});

test('a result that did not come from the text area is never stale', async () => {
  const { host, subject } = setUp();
  host.text = 'a';
  await subject.run([report('a'), report('b')]);
  host.text = 'changed';
  expect(subject.stale).toBe(true);
  subject.select(1);
  expect(subject.stale).toBe(false);
  subject.show([result('from the history')]);
  expect(subject.stale).toBe(false);
});

test('an older text, opened again, is not that of the text area until it is moved there', async () => {
  const { host, pending, subject } = setUp();
  host.text = 'a';
  const run = subject.run([report('a')]);
  await settled();
  pending[0]?.answer(assessment());
  await run;
  expect(subject.inField).toBe(true);
  host.text = 'b';
  subject.show([result('b')]);
  expect(subject.inField).toBe(true);
  const opened = result('c');
  subject.show([opened]);
  expect([subject.inField, subject.stale]).toEqual([false, false]);
  subject.moveToField(opened.report);
  expect([subject.inField, subject.stale]).toEqual([true, true]);
  host.text = 'c';
  expect([subject.inField, subject.stale]).toEqual([true, false]);
});

test('without an engine, as after removal, an assessment is cancelled', async () => {
  const { subject, model } = setUp();
  model.engine = undefined;
  await expect(subject.run([report('a')])).rejects.toMatchObject({ code: 'cancelled' });
});

test('clearing cancels, and the assessment under way is not shown', async () => {
  const { engine, pending, subject } = setUp();
  const run = subject.run([report('a')]);
  await settled();
  subject.clear();
  expect([subject.assessing, engine.cancel.mock.calls.length]).toEqual([false, 1]);
  pending[0]?.answer(assessment());
  await run;
  expect(subject.result).toBeUndefined();
});

test('results that are opened take the place of an assessment under way', async () => {
  const { pending, subject } = setUp();
  const run = subject.run([report('a')]);
  await settled();
  subject.show([result('from the history')]);
  expect(subject.assessing).toBe(false);
  pending[0]?.answer(assessment());
  await run;
  expect(subject.results.map((entry) => entry.report.text)).toEqual(['from the history']);
});

test('a rating goes beside the results there are and those to come; a correction to the one shown', async () => {
  const { subject } = setUp();
  await subject.run([report('a'), report('b')]);
  subject.rate({ growth: 4 });
  subject.select(1);
  const correction = {
    competency: 'growth',
    level: 2,
    was: null,
    reason: 'r',
    reviewer: 'Z',
    date: '2026-01-01',
  };
  subject.correct(correction);
  expect(subject.results.map(({ self }) => self)).toEqual([{ growth: 4 }, { growth: 4 }]);
  expect(subject.results.map(({ corrections }) => corrections)).toEqual([[], [correction]]);
  await subject.run([report('c'), report('d')]);
  expect([subject.selected, subject.result?.self]).toEqual([0, { growth: 4 }]);
});

test('a live assessment begins at the end of a sentence, or after a pause within one', async () => {
  const { pending, subject } = setUp();
  subject.follow(LONG, `${LONG}.`, () => report('sentence'));
  await settled();
  expect(pending.map(({ text }) => text)).toEqual(['sentence']);
  pending[0]?.answer(assessment());
  await settled();
  subject.follow(LONG, `${LONG} a`, () => report('never'));
  await vi.advanceTimersByTimeAsync(599);
  subject.follow(`${LONG} a`, `${LONG} as`, () => report('pause'));
  await vi.advanceTimersByTimeAsync(599);
  expect(pending).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(pending.map(({ text }) => text)).toEqual(['sentence', 'pause']);
});

test('a live assessment leaves the status and the failure alone', async () => {
  const { pending, subject, failures } = setUp();
  failures.show(failure('empty_text'));
  subject.follow(LONG, `${LONG}.`, () => report('a'));
  await settled();
  pending[0]?.progress(1, 2);
  expect([subject.assessing, subject.progress, failures.shown?.code]).toEqual([
    false,
    undefined,
    'empty_text',
  ]);
  pending[0]?.fail(failure('text_too_long'));
  await settled();
  expect(failures.shown?.code).toBe('empty_text');
});

test('nothing is assessed live while the text is short, the model loads, or after the element is removed', async () => {
  const { host, pending, subject, model } = setUp();
  subject.follow('', 'Short.', () => report('short'));
  await vi.advanceTimersByTimeAsync(1_000);
  model.loading = true;
  subject.follow(LONG, `${LONG}.`, () => report('loading'));
  await vi.advanceTimersByTimeAsync(1_000);
  model.loading = false;
  subject.follow(LONG, `${LONG}.`, () => report('removed'));
  host.disconnect();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(pending).toEqual([]);
});

test('when other words count, the report that is shown is assessed anew in its place', async () => {
  const { host, pending, subject } = setUp();
  const first = result('Rep: a', { growth: { level: 3 } });
  const second = result('Rep: b', { growth: { level: 4 } });
  subject.show([first, second]);
  subject.select(1);
  const assessed = heard(host, 'sales-mirror-assessed');
  const whose = { speaker: 'Rep', whole: false, quoted: false, account: false };
  const done = subject.reassess({ whose });
  expect(pending).toMatchObject([{ text: 'Rep: b', whose }]);
  const answer = assessment({ growth: { level: 2 } });
  pending[0]?.answer(answer);
  await done;
  expect(subject.results[0]).toBe(first);
  expect(subject.result).toMatchObject({ report: { id: second.report.id, whose }, assessment: answer });
  expect([subject.selected, assessed]).toEqual([1, [answer]]);
});

test('words that came to count for an older result change nothing', async () => {
  const { pending, subject } = setUp();
  subject.show([result('Rep: a', {})]);
  const done = subject.reassess({
    whose: { speaker: 'Rep', whole: false, quoted: true, account: false },
  });
  const newer = result('b', {});
  subject.show([newer]);
  pending[0]?.answer(assessment());
  await done;
  expect(subject.results).toEqual([newer]);
});

test('the log of use is told what was assessed, also live and anew, corrected and objected to', async () => {
  const { host, pending, subject } = setUp();
  const told = heard(host, 'activity');
  const run = subject.run([report('a')]);
  await settled();
  pending[0]?.answer(refusal());
  await run;
  await subject.run([report('b'), report('Advice'), report('')]);
  const live = subject.run([report('c')], true);
  await settled();
  pending[1]?.answer(assessment());
  await live;
  for (const what of ['assessed', 'objected'] as const) {
    const anew = subject.reassess({ objections: [] }, what);
    pending.at(-1)?.answer(assessment({ growth: { level: 2 } }));
    await anew;
  }
  const correction = {
    competency: 'growth',
    level: 1,
    was: 2,
    reason: '',
    reviewer: 'Z',
    date: '2026-01-01',
  };
  subject.correct(correction);
  subject.correct({ ...correction, confirmed: true });
  expect(
    told.map(({ what, results, live }) => [what, results.map(({ report }) => report.text), live]),
  ).toEqual([
    ['assessed', ['a'], false],
    ['assessed', ['b', 'Advice'], false],
    ['assessed', ['c'], true],
    ['assessed', ['c'], false],
    ['objected', ['c'], false],
    ['corrected', ['c'], false],
    ['confirmed', ['c'], false],
  ]);
});

test('an assessment that fails, or is not shown any more, is none for the log', async () => {
  const { host, pending, subject } = setUp();
  const told = heard(host, 'activity');
  const first = subject.run([report('a')]);
  await settled();
  pending[0]?.fail(failure('internal'));
  await expect(first).rejects.toMatchObject({ code: 'internal' });
  const second = subject.run([report('b')]);
  await settled();
  subject.show([]);
  pending[1]?.answer(assessment());
  await second;
  expect(told).toEqual([]);
});
