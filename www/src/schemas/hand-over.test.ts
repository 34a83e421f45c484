import { expect, test } from 'vitest';
import { FORMAT, handOver, VERSION, type Choices } from '../hand-over/hand-over';
import { sealed } from '../hand-over/chain';
import { asHandOver, corrected, openHandOver } from '../hand-over/open';
import { asExport, FORMAT as HISTORY, VERSION as HISTORY_VERSION } from '../history/export';
import { readExport, readPlan } from '../history/import';
import { STUDY_KINDS } from '../plan/development';
import { CLAIMS, KINDS, type Result } from '../report/report';
import { evidence, refused, result, rubric, tickedPlan } from '../testing/fixtures';
import { part, problems, refusesAsMuch } from './validator';

const made = result('I called the plant.', { growth: { level: 3, evidence: [evidence(0, 8)] } });
const correction = {
  ...{ competency: 'growth', level: 2, was: 3, reason: 'r', reviewer: 'Zoe', date: '2026-02-01', own: 1 },
  ...{ at: '2026-02-01T00:00:00.000Z', confirmed: true, answers: [{ note: 'n', answer: 'a' }] },
};
const note = {
  ...{ id: 'n', competency: 'growth', sentence: { start: 0, end: 3 }, claim: 'wrong' as const, text: 'No.' },
  at: '2026-01-02T00:00:00.000Z',
};
const objections = [{ competency: 'growth', start: 0, end: 8 }];
const whose = { speaker: 'Ada', whole: false, quoted: true, account: false };
const full: Result = {
  ...made,
  report: { ...made.report, whose, objections },
  assessment: { ...made.assessment, objections },
  self: { growth: 3, planning: null },
  corrections: [correction],
  notes: [note, { ...note, id: 'm', sentence: null }],
};
const results = [full, refused('Buy our pump.')];
const choices: Choices = {
  ...{ person: 'Ada', writer: 'w', purpose: 'a talk', audience: 'Zoe', deleteBy: '2999-01-01' },
  ...{ withText: true, withSelf: true, names: [] },
};
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('hand-over files that the page writes follow the schema', async () => {
  const variants: Partial<Choices>[] = [
    {},
    { withText: false, withSelf: false, deleteBy: null },
    { names: ['plant'], purpose: '', audience: '' },
  ];
  for (const variant of variants) {
    const file = await sealed(handOver(results, rubric, { ...choices, ...variant }, 'en'));
    expect(problems('hand-over-2', written(file))).toEqual([]);
  }
  expect(problems('hand-over-2', written(handOver(results, rubric, choices, 'zh')))).toEqual([]);
});

test('so do files that were opened, corrected and saved again', async () => {
  const file = { ...handOver(results, rubric, choices, 'en'), altered: true };
  const opened = await openHandOver(new File([JSON.stringify(file)], 'a.json'), rubric);
  const anew = await sealed(corrected([opened], opened.results));
  expect(anew.altered).toBe(true);
  expect(problems('hand-over-2', written(anew))).toEqual([]);
});

test('exported histories follow the schema, with a plan and without', () => {
  for (const plan of [null, tickedPlan(made, '2026-01-02')])
    expect(problems('history-1', JSON.parse(asExport(results, 'en', plan)))).toEqual([]);
});

test('whose words count stays in the history, and is not handed over', () => {
  const file = handOver(results, rubric, choices, 'en');
  const leaking = { ...file, results };
  expect(problems('hand-over-2', written(leaking)).join()).toContain('whose');
});

test('the schemas have the names, versions and lists of the code', () => {
  expect(part('hand-over-2', '$id')).toBe(`urn:salesmirror:schema:hand-over:${VERSION}`);
  expect(part('hand-over-2', 'properties/version/const')).toBe(VERSION);
  expect(part('hand-over-2', 'properties/format/const')).toBe(FORMAT);
  expect(part('history-1', '$id')).toBe(`urn:salesmirror:schema:history:${HISTORY_VERSION}`);
  expect(part('history-1', 'properties/version/const')).toBe(HISTORY_VERSION);
  expect(part('history-1', 'properties/format/const')).toBe(HISTORY);
  expect(part('hand-over-2', '$defs/report/properties/kind/enum')).toEqual(KINDS);
  expect(part('hand-over-2', '$defs/note/properties/claim/enum')).toEqual(CLAIMS);
  expect(part('history-1', '$defs/goal/properties/studyKind/enum')).toEqual(STUDY_KINDS);
});

/** What a schema cannot know: the rubric of the page, and the day. */
const BEYOND_SCHEMA =
  /rubric|on the scale|with which text and level|competency \w+ is missing|two for one competency|to be deleted by/;

test('the schemas refuse whatever the readers refuse', async () => {
  const file = await sealed(handOver(results, rubric, choices, 'en'));
  await refusesAsMuch('hand-over-2', file, (value) => asHandOver(value, rubric, 'x.json'), BEYOND_SCHEMA);
  const history: unknown = JSON.parse(asExport(results, 'en', tickedPlan(made, '2026-01-02')));
  const read = (value: unknown) => [readExport(value, rubric, 'x.json'), readPlan(value, rubric, 'x.json')];
  await refusesAsMuch('history-1', history, read, BEYOND_SCHEMA);
});

test.each<[string, (file: Record<string, unknown>) => void]>([
  ['another format', (file) => (file.format = 'x')],
  ['a later version', (file) => (file.version = VERSION + 1)],
  ['nobody', (file) => delete file.person],
  ['no results', (file) => (file.results = [])],
  [
    'more results than are read',
    (file) => (file.results = Array.from({ length: 1001 }, () => (file.results as unknown[])[0])),
  ],
  ['a day that is none', (file) => (file.deleteBy = 'soon')],
  ['an unknown field', (file) => (file.extra = 1)],
  ['a chain without a seal', (file) => (file.chain = { algorithm: 'SHA-256', head: '', results: [] })],
])('a hand-over file with %s is refused', (_, change) => {
  const file = written(handOver(results, rubric, choices, 'en')) as Record<string, unknown>;
  change(file);
  expect(problems('hand-over-2', file)).not.toEqual([]);
});
