import { afterEach, expect, test, vi } from 'vitest';
import { LocalWorker } from './local-worker';
import { Pool, poolSize, type Task } from './pool';

afterEach(() => {
  vi.useRealTimers();
});

const signal = () => new AbortController().signal;
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Windows of one token each, and which of them were delivered with what. */
function windows(count: number) {
  const delivered = new Map<number, number[]>();
  const tasks = Array.from({ length: count }, (_, i): Task => ({
    ids: Uint32Array.of(i),
    lengths: Uint32Array.of(1),
    done: (sums) => {
      delivered.set(i, [...(delivered.get(i) ?? []), sums[0] ?? NaN]);
    },
  }));
  return { tasks, delivered };
}

/** A pool whose helpers answer with `offset + id`; this side answers with the id. */
async function pool(helpers: object[]) {
  const workers: LocalWorker[] = [];
  const services = [...helpers];
  const subject = new Pool(helpers.length, () => {
    const worker = new LocalWorker(services.shift() ?? {});
    workers.push(worker);
    return worker as unknown as Worker;
  });
  await subject.fetched();
  subject.load({}, new Uint8Array());
  await later(20);
  return { subject, workers };
}

const helper = (encode: (ids: Uint32Array) => unknown) => ({
  fetched: () => undefined,
  load: () => undefined,
  encode,
});
const here = ({ ids }: Task) => Float32Array.of(ids[0] ?? NaN);
const once = (count: number) => Array.from({ length: count }, (_, i) => i);

test('every window is encoded once, some of them by helpers', async () => {
  const encoded: number[] = [];
  const record = helper((ids) => {
    encoded.push(ids[0] ?? NaN);
    return Float32Array.of(ids[0] ?? NaN);
  });
  const { subject } = await pool([record, record]);
  const { tasks, delivered } = windows(40);
  await subject.run(tasks, here, signal());
  expect([...delivered.keys()].sort((a, b) => a - b)).toEqual(once(40));
  for (const [i, sums] of delivered) expect(sums).toEqual([i]);
  expect(encoded.length).toBeGreaterThan(0);
  expect(encoded.length).toBeLessThan(40);
});

test('without helpers, and while they load, this worker does it alone', async () => {
  for (const helpers of [[], [{ fetched: () => undefined, load: () => new Promise(() => undefined) }]]) {
    const { subject } = await pool(helpers);
    const { tasks, delivered } = windows(5);
    await subject.run(tasks, here, signal());
    expect(delivered.size).toBe(5);
  }
});

test('a helper that fails gives its windows back and is not asked again', async () => {
  let asked = 0;
  const failing = helper(() => {
    asked++;
    throw new WebAssembly.RuntimeError('unreachable');
  });
  const { subject, workers } = await pool([failing]);
  for (let round = 0; round < 2; round++) {
    const { tasks, delivered } = windows(9);
    await subject.run(tasks, here, signal());
    expect([...delivered.keys()].sort((a, b) => a - b)).toEqual(once(9));
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(2);
  expect(workers[0]?.terminated).toBe(true);
});

test('a helper that dies in the middle gives its windows back', async () => {
  const { subject, workers } = await pool([helper(() => new Promise(() => undefined))]);
  const { tasks, delivered } = windows(6);
  const run = subject.run(tasks, here, signal());
  await later(20);
  expect(delivered.size).toBeLessThan(6);
  workers[0]?.crash();
  await run;
  expect([...delivered.keys()].sort((a, b) => a - b)).toEqual(once(6));
});

test('the windows of a helper that falls silent are done here', async () => {
  const { subject, workers } = await pool([helper(() => new Promise(() => undefined))]);
  const { tasks, delivered } = windows(6);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const run = subject.run(tasks, here, signal());
  while (delivered.size < 6) {
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(100);
  }
  await run;
  expect([...delivered.keys()].sort((a, b) => a - b)).toEqual(once(6));
  expect([workers[0]?.terminated, subject.size]).toEqual([true, 1]);
});

test('a helper whose script does not arrive is left out', async () => {
  vi.useFakeTimers();
  const worker = new LocalWorker({ fetched: () => new Promise(() => undefined) });
  const subject = new Pool(1, () => worker as unknown as Worker);
  const fetched = subject.fetched();
  await vi.advanceTimersByTimeAsync(60_000);
  await fetched;
  expect([worker.terminated, subject.size]).toEqual([true, 1]);
});

test('when cancelled, nothing more is begun', async () => {
  const { subject } = await pool([]);
  const controller = new AbortController();
  const { tasks, delivered } = windows(50);
  const encode = (task: Task) => {
    if (task.ids[0] === 3) controller.abort();
    return here(task);
  };
  await subject.run(tasks, encode, controller.signal);
  expect(delivered.size).toBe(4);
});

test('what goes wrong here, or in delivering, rejects', async () => {
  const { subject } = await pool([helper((ids) => Float32Array.of(ids[0] ?? NaN))]);
  const trap = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  await expect(subject.run(windows(3).tasks, trap, signal())).rejects.toThrow('unreachable');
  const refused = windows(3).tasks.map((task) => ({ ...task, done: trap }));
  await expect(subject.run(refused, here, signal())).rejects.toThrow('unreachable');
});

test('as many workers as help, one on small machines', () => {
  expect([1, 2, 3, 4, 8, 64].map((cores) => poolSize(cores, 8))).toEqual([1, 1, 2, 3, 4, 4]);
  expect(poolSize(8, 2)).toBe(1);
});
