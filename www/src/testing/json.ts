/** For tests: JSON as anybody may put it into a file that people choose. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { Trouble } from '../failure/trouble';

/** Far more than reading a small file takes, in milliseconds: only a loop that does not end reaches it. */
const LIMIT = 2000;

/** Values that readers have been misled by: keys of prototypes, numbers that JSON cannot hold, days, ids. */
const ODD = [
  ...['{"__proto__":{"level":5}}', '{"constructor":1}', '{"toString":null}', '[null]', '[[[]]]', '1e999'],
  ...['"\\u0000"', '"2026-01-01"', '"2026-02-31"', '[{"start":0}]', '{"start":0,"end":3}', '"growth"'],
];

/** Any JSON value. */
const json = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD).map((text) => JSON.parse(text) as unknown) },
);

/** Up to three values, each with the steps that lead to the place where it is put. */
const changes = fc.array(fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 10, size: 'max' }), json), {
  minLength: 1,
  maxLength: 3,
});

/** Replaces the value to which steps through keys, each counted modulo their number, lead. */
function put(value: unknown, steps: readonly number[], other: unknown): void {
  let at = value as Record<string, unknown>;
  for (const [i, step] of steps.entries()) {
    const keys = Object.keys(at);
    const key = keys[step % keys.length];
    if (key === undefined) return;
    const next = at[key];
    if (i + 1 === steps.length || typeof next !== 'object' || next === null) {
      at[key] = other;
      return;
    }
    at = next as Record<string, unknown>;
  }
}

/**
 * Checks of any JSON value, and of a good one in which values at any depth were replaced by others, that reading it either succeeds or throws a Trouble, which has
 * words for people. Some of the changed ones must be used, and some be refused.
 * @param use reads the value, and does with the result what the page does
 */
export async function readsAnything(good: unknown, use: (value: unknown) => unknown): Promise<void> {
  const counts = { used: 0, refused: 0 };
  const attempt = async (value: unknown): Promise<void> => {
    const start = performance.now();
    try {
      await use(value);
      counts.used++;
    } catch (thrown) {
      if (!(thrown instanceof Trouble)) throw thrown;
      counts.refused++;
    }
    expect(performance.now() - start).toBeLessThan(LIMIT);
  };
  await attempt(good);
  expect(counts).toEqual({ used: 1, refused: 0 });
  await fc.assert(fc.asyncProperty(json, attempt), { numRuns: 100 });
  Object.assign(counts, { used: 0, refused: 0 });
  const text = JSON.stringify(good);
  const spoil = fc.asyncProperty(changes, async (changes) => {
    const value: unknown = JSON.parse(text);
    for (const [steps, other] of changes) put(value, steps, other);
    await attempt(value);
  });
  await fc.assert(spoil, { numRuns: 300 });
  expect(Math.min(counts.used, counts.refused)).toBeGreaterThan(0);
  expect(({} as { level?: number }).level).toBeUndefined();
}
