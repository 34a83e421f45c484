import { expect, test, vi } from 'vitest';
import { Engine } from './engine';
import { LocalWorker } from './local-worker';
import { until } from '../testing/element';

const loaded = { rubric: {}, model: {} };

function engine(service: object) {
  const workers: LocalWorker[] = [];
  const start = () => {
    const worker = new LocalWorker(service);
    workers.push(worker);
    return worker as unknown as Worker;
  };
  return { engine: new Engine('manifest.json', 1, start), workers };
}

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
