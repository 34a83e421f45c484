import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { data, rubric } from '../testing/fixtures';
import { readsAnything } from '../testing/json';
import { asQuestionSet, covered } from './questions';

const FOLDER = join(import.meta.dirname, '../../../data/questions');
const shipped = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test.each(shipped)('%s is complete in both languages, and its answers can show every competency', (name) => {
  const set = asQuestionSet(data(`questions/${name}`), rubric, name);
  expect(`${set.id}.json`).toBe(name);
  expect(set.questions.length).toBeGreaterThanOrEqual(5);
  expect(set.questions.length).toBeLessThanOrEqual(7);
  expect(covered(set, rubric)).toEqual(rubric.competencies.map(({ id }) => id));
  const texts = [set, ...set.questions].flatMap((part) =>
    Object.values(part).filter((value): value is Record<string, string> => 'en' in Object(value)),
  );
  expect(texts.length).toBeGreaterThan(15);
  for (const { en, zh } of texts) {
    expect(en).toMatch(/^[^\u4e00-\u9fff]+$/);
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(zh).not.toMatch(/您|[A-Za-z]/);
  }
});

test('a mistake is told, with its place', () => {
  const good = data('questions/field-sales.json') as { questions: Record<string, unknown>[] };
  const [first, second] = good.questions;
  const texts = { en: 'x'.repeat(601) };
  for (const [change, message] of [
    [{ rubric: 'other' }, 'made for rubric "other"'],
    [{ rubric: { toString: null } }, 'made for rubric {"toString":null}'],
    [{ id: '' }, 'id is missing'],
    [{ name: 'x' }, 'name is missing'],
    [{ description: {} }, 'description is missing'],
    [{ questions: [] }, 'questions are missing'],
    [{ questions: Array(21).fill(first) }, '21 questions, but at most 20'],
    [{ questions: [first, null] }, 'question 2 is not an object'],
    [{ questions: [{ ...first, id: 1 }] }, 'question 1 has no id'],
    [{ questions: [{ ...first, hint: { en: ' ' } }] }, 'question 1 (lost-deal): hint is missing'],
    [{ questions: [{ ...first, question: texts }] }, 'question has more than 600 characters'],
    [{ questions: [{ ...first, title: texts }] }, 'title has more than 80 characters'],
    [{ questions: [{ ...first, follow_up: 'x' }] }, 'follow_up is missing'],
    [{ questions: [{ ...first, competencies: [] }] }, 'competencies are missing'],
    [{ questions: [{ ...first, competencies: ['charm'] }] }, 'no competency "charm"'],
    [{ questions: [first, { ...second, id: 'lost-deal' }] }, 'two questions have the id lost-deal'],
  ] as const) {
    expect(() => asQuestionSet({ ...good, ...change }, rubric, 'own.json')).toThrow(message);
  }
  expect(() => asQuestionSet(null, rubric, 'own.json')).toThrow('own.json: expected an object');
  expect(() => asQuestionSet([], rubric, 'own.json')).toThrow('id is missing');
});

test('one language is enough', () => {
  const good = data('questions/field-sales.json') as { questions: Record<string, unknown>[] };
  const own = { ...good, name: { de: 'Außendienst' } };
  expect(asQuestionSet(own, rubric, 'own.json').name).toEqual({ de: 'Außendienst' });
});

test('anything is a question set or refused', async () => {
  await readsAnything(data('questions/field-sales.json'), (value) =>
    covered(asQuestionSet(value, rubric, 'file'), rubric),
  );
});
