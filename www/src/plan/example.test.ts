/** The example of another field, examples/service-desk: the page's readers take its files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import type { Code } from '../languages/text';
import { asProfile } from '../profile/profile';
import { asDevelopment } from './development';

const example = join(import.meta.dirname, '../../../examples/service-desk');
const json = (path: string): unknown => JSON.parse(readFileSync(join(example, path), 'utf8'));
const rubric = json('rubric.json') as Rubric;

test.each<Code>(['en', 'zh'])('the texts of plans go with its rubric: %s', (language) => {
  const { advice, examples } = asDevelopment(json(`development/${language}.json`), rubric, language, 'file');
  expect(advice.size).toBe(rubric.competencies.length);
  expect(examples.size).toBe(rubric.competencies.length);
  const longest = language === 'en' ? 220 : 90;
  for (const levels of advice.values())
    for (const { keep, change, practice, together, study, signs, schedule } of levels.values())
      for (const text of [
        ...[keep, change, together, study.what],
        ...[...practice, ...signs, ...Object.values(schedule)],
      ])
        expect(text.length, text).toBeLessThanOrEqual(longest);
});

test.each(readdirSync(join(example, 'profiles')))('the profile %s goes with its rubric', (name) => {
  const { id, targets } = asProfile(json(`profiles/${name}`), rubric, name);
  expect(`${id}.json`).toBe(name);
  expect(Object.keys(targets)).toEqual(rubric.competencies.map((competency) => competency.id));
});
