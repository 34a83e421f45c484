import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heartbeat, SILENCE_SECONDS } from './heartbeat';

const silence = SILENCE_SECONDS * 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a worker that answers, be it with an error, is alive', async () => {
  const onSilence = vi.fn();
  const ping = vi.fn<() => Promise<unknown>>(() => Promise.resolve());
  ping.mockRejectedValueOnce(new Error('not asked for'));
  const stop = heartbeat(ping, onSilence);
  await vi.advanceTimersByTimeAsync(10 * silence);
  expect(onSilence).not.toHaveBeenCalled();
  stop();
  ping.mockClear();
  await vi.advanceTimersByTimeAsync(silence);
  expect(ping).not.toHaveBeenCalled();
});

test('silence is told once, and not before its time', async () => {
  const onSilence = vi.fn();
  heartbeat(() => new Promise(() => undefined), onSilence);
  await vi.advanceTimersByTimeAsync(silence);
  expect(onSilence).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10 * silence);
  expect(onSilence).toHaveBeenCalledOnce();
});
