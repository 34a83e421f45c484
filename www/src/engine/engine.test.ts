import { afterEach, expect, test, vi } from 'vitest';
import { Engine } from './engine';
import { SILENCE_SECONDS } from './heartbeat';
import { LocalWorker } from './local-worker';
import { until } from '../testing/element';
import type { LoadProgress } from './contract';

const loaded = { rubric: {}, model: {} };

function engine(service: object) {
  const workers: LocalWorker[] = [];
  const start = () => {
    const worker = new LocalWorker({ alive: () => undefined, start: () => undefined, ...service });
    workers.push(worker);
    return worker as unknown as Worker;
  };
  return { engine: new Engine('manifest.json', 1, start), workers };
}

/** A service that never answers, as that of a worker whose script is missing or which has ended. */
const silent = { alive: never, start: never, load: never, assess: never, cancel: never };
function never(): Promise<never> {
  return new Promise(() => undefined);
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the model is loaded once', async () => {
  let loads = 0;
  const { engine: subject, workers } = engine({
    load: () => (loads++, loaded),
    assess: ({ text }: { text: string }) => text,
  });
  await Promise.all([subject.load(), subject.load()]);
  expect(await subject.assess({ text: 'a' })).toBe('a');
  expect([loads, workers.length]).toEqual([1, 1]);
});

test('a failed load can be tried again', async () => {
  let loads = 0;
  const failure = { code: 'network', message: 'offline', detail: null };
  const { engine: subject } = engine({
    load: () => {
      if (loads++ === 0) throw failure;
      return loaded;
    },
  });
  await expect(subject.load()).rejects.toEqual(failure);
  await expect(subject.load()).resolves.toEqual(loaded);
});

test('a crash rejects what waits, and the next call starts a new worker', async () => {
  let hang = true;
  const assess = vi.fn(({ text }: { text: string }) => (hang ? new Promise(() => undefined) : text));
  const { engine: subject, workers } = engine({ load: () => loaded, assess });
  await subject.load();
  const waiting = subject.assess({ text: 'a' });
  await until(() => {
    expect(assess).toHaveBeenCalled();
  });
  workers[0]?.crash();
  await expect(waiting).rejects.toMatchObject({ code: 'crashed' });
  hang = false;
  expect(await subject.assess({ text: 'b' })).toBe('b');
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
});

test('several texts are answered in their order, in whatever pieces the answers come', async () => {
  const { engine: subject } = engine({
    load: () => loaded,
    assessAll: async (
      texts: { text: string }[],
      onSettled: (settled: { index: number; result: string }[], progress: object) => Promise<void>,
    ) => {
      const settled = texts.map(({ text }, index) => ({ index, result: text })).reverse();
      await onSettled(settled.slice(0, 1), { done: 1, total: 3 });
      await onSettled(settled.slice(1), { done: 3, total: 3 });
    },
  });
  const progress = vi.fn();
  const texts = ['a', 'b', 'c'];
  const answers = await subject.assessAll(
    texts.map((text) => ({ text })),
    progress,
  );
  expect(answers).toEqual(texts);
  expect(progress.mock.calls).toEqual([[{ done: 1, total: 3 }], [{ done: 3, total: 3 }]]);
});

test('a trap inside a call ends the worker too', async () => {
  let trap = true;
  const { engine: subject, workers } = engine({
    load: () => loaded,
    assess: ({ text }: { text: string }) => {
      if (trap) throw new WebAssembly.RuntimeError('unreachable');
      return text;
    },
  });
  await expect(subject.assess({ text: 'a' })).rejects.toMatchObject({
    code: 'crashed',
    message: 'unreachable',
  });
  trap = false;
  expect(await subject.assess({ text: 'b' })).toBe('b');
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
});

test('so does a lack of memory', async () => {
  const { engine: subject, workers } = engine({
    load: () => loaded,
    assess: () => {
      throw new RangeError('Array buffer allocation failed');
    },
  });
  await expect(subject.assess({ text: 'a' })).rejects.toMatchObject({ code: 'crashed' });
  expect(workers[0]?.terminated).toBe(true);
});

test('a worker that falls silent is given up, and the next call starts a new one', async () => {
  let alive = true;
  const gone = () => (alive ? undefined : never());
  const { engine: subject, workers } = engine({
    alive: gone,
    load: () => loaded,
    assess: ({ text }: { text: string }) => (alive ? text : never()),
  });
  await subject.load();
  await subject.assess({ text: 'a' });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  alive = false;
  const waiting = subject.assess({ text: 'b' });
  const told = expect(waiting).rejects.toMatchObject({ code: 'crashed' });
  for (let second = 0; second <= 2 * SILENCE_SECONDS; second++) {
    await new Promise((resolve) => setTimeout(resolve));
    vi.advanceTimersByTime(1_000);
  }
  await told;
  alive = true;
  expect(await subject.assess({ text: 'c' })).toBe('c');
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
});

test('a worker whose script never arrives is told as a server that fell silent', async () => {
  const { engine: subject } = engine(silent);
  vi.useFakeTimers();
  const told = expect(subject.load()).rejects.toMatchObject({ code: 'stalled' });
  await vi.advanceTimersByTimeAsync(2_000 * SILENCE_SECONDS);
  await told;
});

test('a script that cannot be run is a failed download, and the browser is to forget what it kept of it', async () => {
  const { engine: subject, workers } = engine(silent);
  const fetched = vi.fn(() => Promise.resolve(new Response('')));
  vi.stubGlobal('fetch', fetched);
  const failing = subject.load();
  await until(() => {
    expect(workers).toHaveLength(1);
  });
  workers[0]?.crash();
  await expect(failing).rejects.toMatchObject({
    code: 'network',
    detail: { url: expect.stringContaining('worker') as string },
  });
  void subject.load().catch(() => undefined);
  await until(() => {
    expect(workers).toHaveLength(2);
  });
  expect(fetched).toHaveBeenCalledWith(
    expect.stringContaining('worker'),
    expect.objectContaining({ cache: 'reload' }),
  );
});

test('after the wasm could not be compiled, a new worker tries again', async () => {
  const failure = { code: 'web_page', message: 'a page', detail: null };
  let broken = true;
  const { engine: subject, workers } = engine({
    start: () => {
      if (broken) throw failure;
    },
    load: () => (broken ? never() : loaded),
  });
  await expect(subject.load()).rejects.toEqual(failure);
  broken = false;
  await expect(subject.load()).resolves.toEqual(loaded);
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
});

test('everyone who waits for the loading hears of its progress', async () => {
  const progress = { stage: 'unpack', loaded: 1, total: 1, cached: true } as const;
  let report: (progress: LoadProgress) => void = () => undefined;
  let finish: (answer: typeof loaded) => void = () => undefined;
  const { engine: subject } = engine({
    load: (_files: object, _model: string, _workers: number, listener: typeof report) => {
      report = listener;
      return new Promise((resolve) => (finish = resolve));
    },
  });
  const heard = [vi.fn(), vi.fn()];
  const loads = heard.map((listener) => subject.load(listener));
  await until(() => {
    report(progress);
    for (const listener of heard) expect(listener).toHaveBeenCalledWith(progress);
  });
  finish(loaded);
  await Promise.all(loads);
});

test('a worker that does not stop when it is asked to is ended', async () => {
  const assess = vi.fn(never);
  const { engine: subject, workers } = engine({ load: () => loaded, assess, cancel: never });
  await subject.load();
  const waiting = subject.assess({ text: 'a' });
  await until(() => {
    expect(assess).toHaveBeenCalled();
  });
  subject.cancel();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  expect(workers[0]?.terminated).toBe(true);
});

test('what is under way when the engine is disposed is cancelled', async () => {
  const assess = vi.fn(() => new Promise(() => undefined));
  const { engine: subject } = engine({ load: () => loaded, assess });
  await subject.load();
  const waiting = subject.assess({ text: 'a' });
  await until(() => {
    expect(assess).toHaveBeenCalled();
  });
  subject.dispose();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});
