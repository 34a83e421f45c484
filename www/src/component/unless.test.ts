import { expect, test, vi } from 'vitest';
import { unless } from './unless';

const never = () => new Promise<never>(() => undefined);

test('without an abort, work settles as it would', async () => {
  const { signal } = new AbortController();
  await expect(unless(signal, Promise.resolve(1))).resolves.toBe(1);
  await expect(unless(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('all that wait get the first reason, and so does whoever comes later', async () => {
  const ending = new AbortController();
  const waiting = [unless(ending.signal, never()), unless(ending.signal, never())];
  ending.abort('it died');
  ending.abort('it died again');
  for (const work of waiting) await expect(work).rejects.toBe('it died');
  await expect(unless(ending.signal, never())).rejects.toBe('it died');
  await expect(unless(ending.signal, Promise.resolve(1))).rejects.toBe('it died');
});

test('nothing listens to the signal once the work has settled', async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  await unless(signal, Promise.resolve(1));
  await unless(signal, Promise.reject(new Error('no'))).catch(() => undefined);
  expect(added).toHaveBeenCalledTimes(2);
  expect(removed.mock.calls).toEqual(added.mock.calls);
});
