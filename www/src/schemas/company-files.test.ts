import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Trouble } from '../failure/trouble';
import { asQuestionSet } from '../interview/questions';
import type { Code } from '../languages/text';
import { asDevelopment, STUDY_KINDS } from '../plan/development';
import { asProfile } from '../profile/profile';
import { data, rubric } from '../testing/fixtures';
import { readsAnything } from '../testing/json';
import { part, problems, SCHEMAS } from './validator';

/** The files of a folder of data that the page reads. */
const files = (folder: string) =>
  readdirSync(join(import.meta.dirname, '../../../data', folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}/${name}`);

test('every schema says its format and version in its name', () => {
  for (const [name, { $id }] of SCHEMAS)
    expect($id).toBe(`urn:salesmirror:schema:${name.replace(/-(\d+)$/, ':$1')}`);
});

test('the shipped files follow their schemas', () => {
  expect(problems('rubric-1', rubric)).toEqual([]);
  for (const folder of ['profiles', 'questions', 'development']) {
    expect(files(folder)).not.toEqual([]);
    const schema = `${folder === 'profiles' ? 'profile' : folder}-1`;
    for (const file of files(folder)) expect([file, problems(schema, data(file))]).toEqual([file, []]);
  }
});

test.each<[string, object]>([
  ['no id', { id: '' }],
  ['a version in words', { version: 'one' }],
  ['a version below 0', { version: -1 }],
  ['no language', { languages: [] }],
  ['no competency', { competencies: [] }],
  ['a scale that is a list', { scale: [1, 5] }],
  ['half a level', { scale: { ...rubric.scale, max: 4.5 } }],
  ['a level without a name', { scale: { ...rubric.scale, names: [{ level: 1 }, { level: 2 }] } }],
  ['a competency without levels', { competencies: [{ ...rubric.competencies[0], levels: undefined }] }],
  ['a name that is no translations', { competencies: [{ ...rubric.competencies[0], name: 'Growth' }] }],
])('a rubric with %s is refused, as src/rubric.rs does', (_, change) => {
  expect(problems('rubric-1', JSON.parse(JSON.stringify({ ...rubric, ...change })))).not.toEqual([]);
});

/** What a schema cannot know or say: the rubric of the page, and that an id occurs once. */
const BEYOND_SCHEMA =
  /made for rubric|the rubric has no competency|is not a level from|two questions have the id|(competency|level) .* is missing|its language is/;

/** Checks that the schema refuses whatever the reader refuses, of which it can know. */
async function agree(schema: string, good: unknown, read: (value: unknown) => unknown): Promise<void> {
  await readsAnything(good, (value) => {
    try {
      read(value);
    } catch (thrown) {
      const known = thrown instanceof Trouble && BEYOND_SCHEMA.test(thrown.message);
      if (!known && problems(schema, value).length === 0)
        throw new Error(`only the reader refuses it: ${String(thrown)}`);
      throw thrown;
    }
  });
}

test('the schemas refuse whatever the readers refuse', async () => {
  await agree('profile-1', data('profiles/inside-sales.json'), (value) => asProfile(value, rubric, 'x'));
  await agree('questions-1', data('questions/inside-sales.json'), (value) =>
    asQuestionSet(value, rubric, 'x'),
  );
  const code: Code = 'en';
  await agree('development-1', data('development/en.json'), (value) =>
    asDevelopment(value, rubric, code, 'x'),
  );
});

test('the kinds of study are those of the code', () => {
  expect(part('development-1', '$defs/advice/properties/study/properties/kind/enum')).toEqual(STUDY_KINDS);
});
