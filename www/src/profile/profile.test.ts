import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import { readsAnything } from '../testing/json';
import { asProfile, fit } from './profile';

const data = join(import.meta.dirname, '../../../data');
const json = (path: string): unknown => JSON.parse(readFileSync(join(data, path), 'utf8'));
const rubric = json('rubric.json') as Rubric;

test.each(readdirSync(join(data, 'profiles')))('%s goes with the rubric', (name) => {
  const profile = asProfile(json(`profiles/${name}`), rubric, name);
  expect(`${profile.id}.json`).toBe(name);
  for (const language of rubric.languages)
    expect([profile.name[language], profile.description[language]].every(Boolean)).toBe(true);
});

test('a mistake is told', () => {
  const good = json('profiles/inside-sales.json') as Record<string, unknown>;
  for (const [change, message] of [
    [{ rubric: 'other' }, 'made for rubric "other"'],
    [{ targets: { charm: 3 } }, 'no competency charm'],
    [{ targets: { growth: 9 } }, 'not a level from 1 to 5'],
    [{ name: 'x' }, 'name is missing'],
    [{ rubric: [] }, 'made for rubric []'],
    [{ targets: [3] }, 'no competency 0'],
    [{ targets: JSON.parse('{"__proto__":3}') as unknown }, 'no competency __proto__'],
  ] as const) {
    expect(() => asProfile({ ...good, ...change }, rubric, 'file')).toThrow(message);
  }
  expect(() => asProfile(null, rubric, 'file')).toThrow('expected an object');
});

test('anything is a profile or refused', async () => {
  await readsAnything(json('profiles/inside-sales.json'), (value) => {
    const { targets } = asProfile(value, rubric, 'file');
    return Object.values(targets).map((target) => fit([2, 3], target));
  });
});

test('a target is compared with the interval', () => {
  expect([fit([2, 3], 4), fit([2, 3], 3), fit([2, 3], 1), fit(null, 3)]).toEqual([
    'above',
    'within',
    'below',
    'unknown',
  ]);
});

test('fields that nobody checked stay out of a profile', () => {
  const good = json('profiles/inside-sales.json') as Record<string, unknown>;
  const hostile = { ...good, ...(JSON.parse('{"__proto__":{"id":"x"},"more":1}') as object) };
  expect(asProfile(hostile, rubric, 'file')).toEqual(asProfile(good, rubric, 'file'));
});
