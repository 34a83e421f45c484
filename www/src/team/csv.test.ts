import { csvParse, csvParseRows } from 'd3-dsv';
import { expect, test } from 'vitest';
import { opened } from '../testing/files/hand-over';
import { refused, result, rubric } from '../testing/fixtures';
import { csv } from './csv';
import { people } from './people';

const choices = { profile: null, language: 'en', pseudonyms: false } as const;

test('a row has the level that counts, the model’s beside it, who decided, and where it comes from', () => {
  const correction = {
    ...{ competency: 'growth', level: 5, was: 2, reason: 'He led.', reviewer: 'Zoe', date: '2026-03-01' },
    own: 4,
  };
  const corrected = { ...result('a', { growth: { level: 2 } }), corrections: [correction] };
  const team = people([
    opened({ person: 'Ada', results: [corrected], seal: 'altered', purpose: 'A talk' }),
    opened({ person: 'Cem', results: [refused('Five ways to close.')] }),
  ]);
  const rows = csvParse(csv(team, rubric, choices).slice(1));
  const growth = rows.filter(({ competency }) => competency === 'growth');
  expect(growth).toMatchObject([
    {
      ...{ person: 'Ada', level: '5', model_level: '2', interval_low: '1.5', decision: 'departed' },
      ...{ own_mark_first: '4', corrected_by: 'Zoe', corrected_on: '2026-03-01', reason: 'He led.' },
      ...{ accepted: 'true', file: 'altered', model: 'test', rubric_version: String(rubric.version) },
    },
    { person: 'Cem', level: '', model_level: '', decision: '', accepted: 'false' },
  ]);
  expect(growth[0]?.about).toContain('Purpose: A talk');
  expect(growth[0]?.about).toContain('Made by an AI system from this text; may be wrong.');
});

test('with pseudonyms neither names nor the names of texts are in the table', () => {
  const named = result('a', {}, 'Visit by Ada.txt');
  const team = people([opened({ person: 'Ada', results: [named] })], { pseudonym: (n) => `Person ${n}` });
  const table = csv(team, rubric, { ...choices, pseudonyms: true });
  expect(table).not.toContain('Ada');
  expect(table).toContain('Person 1,');
});

test('a table with such texts has as many cells as without', () => {
  const text = '",=1+1\r\n;@A\t';
  const team = people([opened({ person: text, results: [result('a', {}, text)] })]);
  const rows = csvParseRows(csv(team, rubric, choices).slice(1));
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  expect(rows).toHaveLength(1 + rubric.competencies.length);
});
