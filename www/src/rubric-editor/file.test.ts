import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import { problems as schemaProblems, refusesAsMuch } from '../schemas/validator';
import { data, rubric } from '../testing/fixtures';
import { readsAnything } from '../testing/json';
import { differences, placeOf, rubricOf, valuesOf, withValues, type Values } from './fields';
import { asFile, asOpened, RubricRefused, type Edition } from './file';

const LANGUAGES = ['en', 'zh'];
const values = valuesOf(rubric, LANGUAGES);

const edition = (number: number, held: Values): Edition => ({
  ...{ number, date: `2026-11-0${number}`, note: `Note ${number}.` },
  values: held,
});

const open = (text: string) => asOpened(JSON.parse(text), rubric, 'rubric.json');

/** A file with three versions, of which each changed something else. */
const second = withValues(values, [['name/4/en', 'Getting to yes']]);
const third = withValues(second, [
  ['counts/email', '0 1'],
  ['weight/4', '2.5'],
]);
const FILE = asFile(rubric, LANGUAGES, [edition(1, values), edition(2, second), edition(3, third)]);

test('the fields of the shipped rubric make the shipped rubric', () => {
  expect(rubricOf(values, rubric, LANGUAGES)).toEqual(data('rubric.json'));
});

test('a file has its versions, and the last one is the file itself', () => {
  const { editions, values: current, languages } = open(FILE);
  expect(languages).toEqual(LANGUAGES);
  expect(editions.map(({ number, date, note }) => [number, date, note])).toEqual([
    [1, '2026-11-01', 'Note 1.'],
    [2, '2026-11-02', 'Note 2.'],
    [3, '2026-11-03', 'Note 3.'],
  ]);
  expect(editions.map(({ values: held }) => differences(held, current))).toEqual([
    ['name/4/en', 'weight/4', 'counts/email'],
    ['weight/4', 'counts/email'],
    [],
  ]);
  const written = JSON.parse(FILE) as Rubric;
  expect([written.weights, written.counts]).toEqual([
    { negotiation: 2.5 },
    { email: ['expertise', 'communication'] },
  ]);
  expect(schemaProblems('rubric-1', written)).toEqual([]);
});

test('a rubric without versions, as companies have them, is opened, and one in other languages too', () => {
  const own = JSON.parse(JSON.stringify(rubric).replaceAll('"zh"', '"de"')) as Rubric;
  const opened = asOpened(own, rubric, 'own.json');
  expect([opened.languages, opened.editions]).toEqual([['en', 'zh', 'de'], []]);
  expect(opened.values.get('name/4/zh')).toBe('');
  const written = rubricOf(opened.values, rubric, opened.languages);
  expect(written).toEqual({ ...own, languages: ['en', 'de'] });
});

test.each<[string, object]>([
  ['other_id', { id: 'service-desk' }],
  ['other_competencies', { competencies: rubric.competencies.slice(1) }],
  ['other_competencies', { competencies: rubric.competencies.toReversed() }],
  ['other_scale', { scale: { ...rubric.scale, max: 4 } }],
  ['other_scale', { scale: { ...rubric.scale, names: rubric.scale.names.slice(1) } }],
  ['texts', { competencies: rubric.competencies.map((entry) => ({ ...entry, name: 'Growth' })) }],
  [
    'texts',
    { scale: { ...rubric.scale, names: rubric.scale.names.map((entry) => ({ ...entry, name: { en: 3 } })) } },
  ],
  [
    'languages',
    {
      scale: {
        ...rubric.scale,
        names: rubric.scale.names.map((entry) => ({
          ...entry,
          name: JSON.parse('{"__proto__":"x"}') as object,
        })),
      },
    },
  ],
  ['counts', { counts: { letter: ['growth'] } }],
  ['counts', { weights: { growth: -1 } }],
  ['editions', { editions: {} }],
  ['editions', { editions: [{ number: 1, date: 'today', note: '' }] }],
  [
    'editions',
    {
      editions: [
        { number: 1, date: '2026-11-01', note: '' },
        { number: 1, date: '2026-11-01', note: '' },
      ],
    },
  ],
])('a file is refused for %s', (reason, change) => {
  const attempt = () => asOpened({ ...rubric, ...change }, rubric, 'x.json');
  expect(attempt).toThrow(RubricRefused);
  try {
    attempt();
  } catch (thrown) {
    expect((thrown as RubricRefused).reason).toBe(reason);
  }
});

test('anything is a file or refused with a reason', async () => {
  await readsAnything(JSON.parse(FILE), (value) => {
    const { values: held, languages, editions } = asOpened(value, rubric, 'x.json');
    return asFile(rubric, languages, [...editions.slice(0, -1), edition(900, held)]);
  });
});

test('the schema refuses whatever the editor refuses', async () => {
  /** What no schema can know: the model's rubric, and what is said of each edition together. */
  const beyond =
    /its id is|its competencies are not|its scale is not|a list (does not have|lacks)|has no number after|lacks its rubric|is no language|which is no competency|of the rubric, each once|a text is none, or too long|it has \d+ languages|lacks a day or a note/;
  await refusesAsMuch('rubric-1', JSON.parse(FILE), (value) => asOpened(value, rubric, 'x.json'), beyond);
});

const texts = [...values.keys()].filter((field) => !['weight', 'counts'].includes(placeOf(field).part));
const changes = fc.array(
  fc.tuple(
    fc.constantFrom(...texts),
    fc.string({ minLength: 1, unit: 'binary' }).map((text) => `x${text}x`),
  ),
);

test('what is saved is opened as it was', () => {
  fc.assert(
    fc.property(changes, changes, (before, after) => {
      const [first, last] = [withValues(values, before), withValues(values, after)];
      const opened = open(asFile(rubric, LANGUAGES, [edition(1, first), edition(2, last)]));
      expect(differences(opened.values, last)).toEqual([]);
      expect(differences(opened.editions[0]?.values ?? values, first)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('taking back every difference gives the other version, and no field differs that was not changed', () => {
  fc.assert(
    fc.property(changes, (some) => {
      const changed = withValues(values, some);
      const fields = differences(values, changed);
      expect(fields).toEqual(differences(changed, values));
      expect(fields.every((field) => some.some(([other]) => other === field))).toBe(true);
      const back = withValues(
        changed,
        fields.map((field) => [field, values.get(field) ?? ''] as const),
      );
      expect(differences(back, values)).toEqual([]);
    }),
  );
});
