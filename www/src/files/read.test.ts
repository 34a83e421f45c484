import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Request } from './document-worker';
import { LIMITS } from './limits';
import { readFile } from './read';
import type { Reading } from './reading';

vi.mock('./document-worker.ts?worker&url', () => ({ default: 'document-worker.js' }));

const reading: Reading = { texts: [{ name: 'a.txt', text: 'He signed.' }], notes: [], questions: [] };

/** A worker that answers as a test says. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static answer: Answer | undefined;
  readonly asked: Request[] = [];
  ended = false;

  constructor() {
    super();
    FakeWorker.all.push(this);
  }

  postMessage(request: Request): void {
    this.asked.push(request);
    if (FakeWorker.answer) this.say(FakeWorker.answer);
  }

  say(answer: Answer): void {
    this.dispatchEvent(new MessageEvent('message', { data: answer }));
  }

  terminate(): void {
    this.ended = true;
  }
}

const progress = vi.fn();
const read = (name = 'a.txt', signal = new AbortController().signal, size = 1) =>
  readFile(new File([new Uint8Array(size)], name), {}, progress, signal);

/** The worker that a file was given to. */
const worker = () =>
  vi.waitFor(() => {
    const last = FakeWorker.all.at(-1);
    if (!last?.asked.length) throw new Error('no worker was asked');
    return last;
  });

beforeEach(() => {
  FakeWorker.all = [];
  FakeWorker.answer = undefined;
  vi.stubGlobal('Worker', FakeWorker);
  vi.useFakeTimers();
});

afterEach(() => {
  // No worker waits for the next test.
  vi.runAllTimers();
  vi.useRealTimers();
});

test('small files are read by one worker, which ends a while after the last', async () => {
  FakeWorker.answer = { reading };
  for (const name of ['a.txt', 'b.txt', 'c.txt']) expect(await read(name)).toBe(reading);
  expect(FakeWorker.all.map(({ asked, ended }) => [asked.length, ended])).toEqual([[3, false]]);
  vi.runAllTimers();
  expect(FakeWorker.all[0]?.ended).toBe(true);
});

test('a worker that read a large file is not used again', async () => {
  FakeWorker.answer = { reading };
  await read('a.txt', undefined, 2_000_000);
  expect(FakeWorker.all.map(({ ended }) => ended)).toEqual([true]);
});

test('a file that is larger than the limit is not even opened', async () => {
  await expect(read('a.txt', undefined, LIMITS.bytes + 1)).rejects.toMatchObject({
    limit: 'bytes',
    about: 'a.txt',
  });
  expect(FakeWorker.all).toEqual([]);
});

test('the limit that the worker found is told, and the worker is ended', async () => {
  FakeWorker.answer = { code: 'file_too_large', message: 'too deep', limit: 'depth' };
  await expect(read()).rejects.toMatchObject({ code: 'file_too_large', limit: 'depth', about: 'a.txt' });
  expect(FakeWorker.all.map(({ ended }) => ended)).toEqual([true]);
});

test('a worker that says nothing is ended', async () => {
  const answer = expect(read()).rejects.toMatchObject({ limit: 'silence' });
  const { ended } = await worker();
  expect(ended).toBe(false);
  vi.advanceTimersByTime(1000 * LIMITS.silence);
  await answer;
  expect((await worker()).ended).toBe(true);
});

test('a worker that never comes to an end is ended, although it goes on', async () => {
  const answer = expect(read()).rejects.toMatchObject({ limit: 'seconds' });
  const asked = await worker();
  for (let second = 0; second < LIMITS.seconds; second += 10) {
    asked.say({ done: second, total: 1000 });
    vi.advanceTimersByTime(10_000);
  }
  await answer;
  expect(asked.ended).toBe(true);
  expect(progress).toHaveBeenLastCalledWith(LIMITS.seconds - 10, 1000);
});

test('a person who cancels ends the worker at once', async () => {
  const stop = new AbortController();
  const answer = expect(read('a.txt', stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  const asked = await worker();
  stop.abort();
  await answer;
  expect(asked.ended).toBe(true);
  await expect(read('b.txt', stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(FakeWorker.all).toHaveLength(1);
});
