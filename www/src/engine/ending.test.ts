import { expect, test } from 'vitest';
import { Ending } from './ending';

const never = () => new Promise<never>(() => undefined);

test('before the end, work settles as it would without it', async () => {
  const ending = new Ending();
  await expect(ending.before(Promise.resolve(1))).resolves.toBe(1);
  await expect(ending.before(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('all that wait are told of the end, and so is whoever comes later', async () => {
  const ending = new Ending();
  const waiting = [ending.before(never()), ending.before(never())];
  ending.now('it died');
  ending.now('it died again');
  for (const work of waiting) await expect(work).rejects.toBe('it died');
  await expect(ending.before(never())).rejects.toBe('it died');
  await expect(ending.before(Promise.resolve(1))).rejects.toBe('it died');
});

test('what has settled is not kept', async () => {
  const ending = new Ending();
  await ending.before(Promise.resolve(1));
  await ending.before(Promise.reject(new Error('no'))).catch(() => undefined);
  expect((ending as unknown as { waiting: Set<unknown> }).waiting.size).toBe(0);
});
