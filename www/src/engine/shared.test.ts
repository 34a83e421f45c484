import { expect, test, vi } from 'vitest';
import type { Failure } from './contract';
import { share } from './shared';

const loaded = { rubric: {}, model: {} };
const cancelled: Failure = { code: 'cancelled', message: '', detail: null };
const settled = () => new Promise((resolve) => setTimeout(resolve));
let models = 0;

interface Pending {
  readonly text: string;
  readonly answer: () => void;
  readonly fail: (failure: Failure) => void;
}

/** An engine whose answers the test gives, and two elements that share it. */
function setUp() {
  const pending: Pending[] = [];
  const stop = vi.fn(() => pending.at(-1)?.fail(cancelled));
  const engine = {
    load: vi.fn(() => Promise.resolve(loaded)),
    assess: ({ text }: { text: string }) =>
      new Promise((resolve, fail) => {
        pending.push({
          text,
          fail,
          answer: () => {
            resolve(text);
          },
        });
      }),
    assessAll: vi.fn(() => Promise.resolve([])),
    supersede: stop,
    cancel: vi.fn(),
    dispose: vi.fn(),
  };
  const create = vi.fn(() => engine as never);
  const manifest = `https://mirror.example/${models++}/manifest.json`;
  const enter = (workers?: number, key = '') => share(manifest, workers, key, create);
  return { pending, engine, create, enter, a: enter(), b: enter() };
}

test('elements with the same model share an engine, which ends after the last of them', () => {
  const { engine, create, enter, a, b } = setUp();
  expect(create).toHaveBeenCalledOnce();
  a.dispose();
  a.dispose();
  expect(engine.dispose).not.toHaveBeenCalled();
  b.dispose();
  expect(engine.dispose).toHaveBeenCalledOnce();
  enter();
  expect(create).toHaveBeenCalledTimes(2);
  enter(1);
  expect(create).toHaveBeenCalledTimes(3);
  // A model that was loaded without its signature is not one that was checked.
  enter(1, 'key');
  expect(create).toHaveBeenCalledTimes(4);
});

test('the questions of two elements wait for one another', async () => {
  const { pending, engine, a, b } = setUp();
  const first = a.assess({ text: 'a' });
  const second = b.assess({ text: 'b' });
  await settled();
  expect(pending.map(({ text }) => text)).toEqual(['a']);
  pending[0]?.answer();
  expect(await first).toBe('a');
  await settled();
  pending[1]?.answer();
  expect(await second).toBe('b');
  expect(engine.supersede).not.toHaveBeenCalled();
});

test('the newest question of an element takes the place of its own, and of no other', async () => {
  const { pending, engine, a, b } = setUp();
  const older = expect(a.assess({ text: 'a1' })).rejects.toMatchObject({ code: 'cancelled' });
  await settled();
  const other = b.assess({ text: 'b' });
  const waiting = expect(a.assess({ text: 'a2' })).rejects.toMatchObject({ code: 'cancelled' });
  expect(engine.supersede).toHaveBeenCalledOnce();
  const newest = a.assess({ text: 'a3' });
  await Promise.all([older, waiting]);
  await settled();
  pending[1]?.answer();
  expect(await other).toBe('b');
  await settled();
  pending[2]?.answer();
  expect(await newest).toBe('a3');
  expect(pending.map(({ text }) => text)).toEqual(['a1', 'b', 'a3']);
});

test('cancelling ends what the element itself waits for', async () => {
  const { pending, engine, a, b } = setUp();
  const running = a.assess({ text: 'a' });
  const waiting = expect(b.assess({ text: 'b' })).rejects.toMatchObject({ code: 'cancelled' });
  await settled();
  b.cancel();
  await waiting;
  expect(engine.cancel).not.toHaveBeenCalled();
  const stopped = expect(running).rejects.toMatchObject({ code: 'cancelled' });
  a.cancel();
  await stopped;
  expect(engine.cancel).toHaveBeenCalledOnce();
  pending[0]?.fail(cancelled);
  const next = b.assessAll([]);
  expect(await next).toEqual([]);
});

test('a loading that another element waits for goes on', async () => {
  const { engine, a, b } = setUp();
  let finish: (value: typeof loaded) => void = () => undefined;
  const loading = new Promise<typeof loaded>((resolve) => (finish = resolve));
  engine.load.mockReturnValue(loading);
  const given = expect(a.load()).rejects.toMatchObject({ code: 'cancelled' });
  const kept = b.load();
  a.cancel();
  await given;
  expect(engine.cancel).not.toHaveBeenCalled();
  finish(loaded);
  expect(await kept).toBe(loaded);
  engine.load.mockReturnValue(new Promise(() => undefined));
  const alone = expect(b.load()).rejects.toMatchObject({ code: 'cancelled' });
  b.cancel();
  await alone;
  expect(engine.cancel).toHaveBeenCalledOnce();
});
