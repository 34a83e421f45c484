import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asQuestionSet } from '../interview/questions';
import { asDevelopment, STUDY_KINDS } from '../plan/development';
import { asProfile } from '../profile/profile';
import { KINDS } from '../report/report';
import { data, rubric } from '../testing/fixtures';
import { part, problems, refusesAsMuch, SCHEMAS } from './validator';

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

test('the schemas refuse whatever the readers refuse', async () => {
  const check = (schema: string, file: string, read: (value: unknown) => unknown) =>
    refusesAsMuch(schema, data(file), read, BEYOND_SCHEMA);
  await check('profile-1', 'profiles/inside-sales.json', (value) => asProfile(value, rubric, 'x'));
  await check('questions-1', 'questions/inside-sales.json', (value) => asQuestionSet(value, rubric, 'x'));
  await check('development-1', 'development/en.json', (value) => asDevelopment(value, rubric, 'en', 'x'));
});

test('the kinds of text are those of the code', () => {
  expect(part('rubric-1', 'properties/counts/propertyNames/enum')).toEqual(KINDS);
});

test('the kinds of study are those of the code', () => {
  expect(part('development-1', '$defs/advice/properties/study/properties/kind/enum')).toEqual(STUDY_KINDS);
});
