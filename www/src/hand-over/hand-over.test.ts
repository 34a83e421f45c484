import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import type { Result } from '../report/report';
import { assessment, older } from '../testing/fixtures';
import { codePoints, labelledReports } from '../review/labelled';
import { asHandOver, handOver } from './hand-over';
import { replaceNames, suggestNames } from './names';

const rubric = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../data/rubric.json'), 'utf8'),
) as Rubric;
const text = '👍 Mr Whitcombe asked; Bex helped. 小龚认了门。';

const result: Result = {
  report: { id: 'r1', name: 'Visit to Whitcombe', kind: 'visit_note', text, date: '2026-03-02' },
  assessment: {
    ...assessment(),
    schema: 4,
    offsets: 'utf16',
    account: { probability: 0.9, accepted: true },
    left_out: [],
    speakers: [],
    objections: [],
    language: 'mixed',
    overall: { level: 3, interval: [2, 4], shown: 1 },
    warnings: [],
    competencies: rubric.competencies.map(({ id }) => {
      if (id !== 'collaboration')
        return {
          id,
          presence: 0,
          level: null,
          likely: null,
          interval: null,
          distribution: null,
          evidence: [],
        };
      const start = text.indexOf('Bex');
      const evidence = [
        { start, end: start + 11, polarity: 'positive', probability: 0.9, weight: 1, without: null },
      ];
      return { id, presence: 1, level: 3, likely: 3, interval: [2, 4], distribution: null, evidence };
    }),
  } as unknown as Result['assessment'],
  self: { collaboration: 4 },
  corrections: [],
};
const choices = {
  ...{ person: 'P-7', writer: 'w1', purpose: 'A talk', audience: 'Zoe', deleteBy: null },
  ...{ withText: true, withSelf: true, names: [] as string[] },
};
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('what is handed over is what is opened', () => {
  const file = handOver([result], rubric, choices, 'en');
  const opened = asHandOver(written(file), rubric, 'file.json');
  expect(opened.results[0]?.assessment.competencies).toEqual(result.assessment.competencies);
  expect([
    opened.person,
    opened.texts,
    opened.results[0]?.report,
    opened.results[0]?.self?.collaboration,
  ]).toEqual(['P-7', 'kept', result.report, 4]);
});

test('the text and the own rating stay behind where a person wants that', () => {
  const file = written(handOver([result], rubric, { ...choices, withText: false, withSelf: false }, 'en'));
  expect(JSON.stringify(file)).not.toMatch(/Whitcombe|Bex|小龚/);
  const opened = asHandOver(file, rubric, 'x');
  expect([opened.texts, opened.results[0]?.self, opened.results[0]?.report.text]).toEqual([
    'left_out',
    null,
    '',
  ]);
});

test('names are found, replaced, and evidence moves along', () => {
  expect(suggestNames(text)).toEqual(['Whitcombe', 'Bex', '小龚']);
  const file = handOver([result], rubric, { ...choices, names: ['Whitcombe', 'Bex', '小龚'] }, 'en');
  const { report, assessment } = file.results[0] ?? result;
  expect(report.text).toBe('👍 Mr [A] asked; [B] helped. [C]认了门。');
  expect(report.name).toBe('Visit to [A]');
  const [evidence] = assessment.competencies.find(({ id }) => id === 'collaboration')?.evidence ?? [];
  expect(report.text.slice(evidence?.start, evidence?.end)).toBe('[B] helped.');
  expect(replaceNames('Annabel met Ann. Ann left.', ['Ann', 'Annabel']).text).toBe('[B] met [A]. [A] left.');
  expect(replaceNames('a (b', ['(b', '']).text).toBe('a [A]');
});

test('what did not count is handed over, moves with the text, and is checked', () => {
  const start = text.indexOf('小龚');
  const left_out = [{ start, end: text.length, reason: 'other_speaker' as const }];
  const speakers = [{ name: 'Rep', turns: 3, counts: true }];
  const warnings = [{ code: 'parts_left_out' }] as const;
  const mixed = { ...result, assessment: { ...result.assessment, left_out, speakers, warnings } };
  const file = handOver([mixed], rubric, { ...choices, names: ['Whitcombe', '小龚'] }, 'en');
  const opened = asHandOver(written(file), rubric, 'x').results[0] ?? result;
  const [part] = opened.assessment.left_out;
  expect(opened.report.text.slice(part?.start, part?.end)).toBe('[B]认了门。');
  expect(part?.reason).toBe('other_speaker');
  expect(opened.assessment.speakers).toEqual(speakers);
  expect(opened.assessment.warnings).toEqual(warnings);
  const odd = [
    { start: 9, end: 5, reason: 'repeated' },
    'x',
    { start: 3, end: 1e9, reason: 'repeated' },
    { start: 8, end: 12, reason: 'repeated' },
    { start: 2, end: 9, reason: 'repeated' },
    { start: 0, end: 1, reason: 'nonsense' },
  ];
  const told = [{ code: 'unfamiliar_text' }, { code: 'nonsense' }, null];
  const forged = { ...mixed, assessment: { ...mixed.assessment, left_out: odd, warnings: told } };
  const read = asHandOver(
    written(handOver([forged as unknown as Result], rubric, choices, 'en')),
    rubric,
    'x',
  ).results[0];
  expect(read?.assessment.left_out).toEqual([{ start: 2, end: 9, reason: 'repeated' }]);
  expect(read?.assessment.warnings).toEqual([{ code: 'unfamiliar_text' }]);
});

test('a text that was refused is handed over as such, and has no levels whatever the file says', () => {
  const account = { probability: 0.1, accepted: false };
  const corrections = [
    { competency: 'growth', level: 5, was: null, reason: 'r', reviewer: 'R', date: '2026-03-03' },
  ];
  const forged = { ...result, corrections, assessment: { ...result.assessment, account } };
  const file = written(handOver([forged], rubric, choices, 'en'));
  expect(file).toMatchObject({ results: [{ assessment: { schema: 4, account, left_out: [] } }] });
  const [opened] = asHandOver(file, rubric, 'x').results;
  expect(opened?.assessment).toMatchObject({ account, overall: null, left_out: [] });
  expect(opened?.assessment.competencies.map(({ level, evidence }) => [level, evidence])).toEqual(
    rubric.competencies.map(() => [null, []]),
  );
  expect(opened?.corrections).toEqual([]);
});

test('a file from before texts could be refused is accepted, with nothing left out', () => {
  const fileWith = (assessment: unknown) =>
    written({ ...handOver([result], rubric, choices, 'en'), results: [{ ...result, assessment }] });
  for (const schema of [1, 2] as const) {
    const [opened] = asHandOver(fileWith(older(result.assessment, schema)), rubric, 'x').results;
    expect(opened?.assessment).toMatchObject({
      schema: 4,
      account: { probability: null, accepted: true },
      left_out: [],
      speakers: [],
      objections: [],
      overall: result.assessment.overall,
    });
  }
  const incomplete = { ...older(result.assessment, 2), schema: 3 };
  expect(() => asHandOver(fileWith(incomplete), rubric, 'x')).toThrow(
    'does not say whether the text is an account',
  );
});

test('objections are handed over, follow names that were replaced, and are left out where they are odd', () => {
  const start = text.indexOf('小龚');
  const objections = [{ competency: 'growth', start, end: text.length }];
  const objected = { ...result, assessment: { ...result.assessment, objections } };
  const open = (file: unknown) => asHandOver(written(file), rubric, 'x').results[0]?.assessment.objections;
  expect(open(handOver([objected], rubric, { ...choices, names: [] }, 'en'))).toEqual(objections);
  const shorter = handOver([objected], rubric, { ...choices, names: ['Whitcombe'] }, 'en');
  const [moved] = open(shorter) ?? [];
  expect(shorter.results[0]?.report.text.slice(moved?.start, moved?.end)).toBe('小龚认了门。');
  const odd = [
    null,
    { competency: 'nonsense', start: 0, end: 2 },
    { competency: 'growth', start: 2, end: 2 },
    { competency: 'growth', start: 0.5, end: 2 },
    { competency: 'growth', start: 0, end: 1000 },
    { competency: 'growth', start: '0', end: 2 },
  ] as unknown as typeof objections;
  const forged = { ...result, assessment: { ...result.assessment, objections: odd } };
  expect(open(handOver([forged], rubric, { ...choices, names: [] }, 'en'))).toEqual([]);
});

test('a file that is none is told, and what is odd in one is left out', () => {
  const good = written(handOver([result], rubric, choices, 'en')) as {
    results: { assessment: { competencies: Record<string, unknown>[] } }[];
  };
  for (const [value, code] of [
    [null, 'handover_invalid'],
    [{ format: 'other' }, 'handover_invalid'],
    [{ ...good, version: 'x' }, 'handover_invalid'],
    [{ ...good, version: 99 }, 'handover_newer'],
    [{ ...good, deleteBy: 'soon' }, 'handover_invalid'],
    [{ ...good, deleteBy: '2026-03-01' }, 'handover_expired'],
    [{ ...good, results: Array.from({ length: 1001 }, () => ({})) }, 'handover_invalid'],
    [JSON.parse('{"format":"salesmirror-assessment","__proto__":{"version":1}}'), 'handover_invalid'],
    [{ ...good, rubric: { id: 'other' } }, 'handover_other_rubric'],
    [{ ...good, results: [] }, 'handover_invalid'],
    [{ ...good, results: [{ report: {} }] }, 'handover_invalid'],
  ] as const) {
    expect(() => asHandOver(value, rubric, 'x')).toThrow(expect.objectContaining({ code }) as Error);
  }
  const shown = good.results[0]?.assessment.competencies[2] ?? {};
  shown.evidence = [{ start: -1, end: 1e9, polarity: 'positive', probability: 1, weight: 1 }, 'x', null];
  expect(asHandOver(good, rubric, 'x').results[0]?.assessment.competencies[2]?.evidence).toEqual([]);
  shown.level = 99;
  expect(() => asHandOver(good, rubric, 'x')).toThrow('not on the scale from 1 to 5');
});

test('corrections become labelled reports with code points', () => {
  expect(codePoints(text, text.indexOf('Mr'))).toBe(2);
  expect(labelledReports([result], rubric)).toBe('');
  const corrections = [
    { competency: 'collaboration', level: 4, was: 3, reason: 'r', reviewer: 'R', date: '2026-03-03' },
  ];
  const line = JSON.parse(labelledReports([{ ...result, corrections }], rubric)) as {
    id: string;
    lang: string;
    evidence: { start: number; end: number; tags: string[] }[];
    scores: Record<string, number | null>;
  };
  expect([line.lang, line.scores.collaboration, line.scores.growth]).toEqual(['zh', 4, null]);
  const [span] = line.evidence;
  expect(Array.from(text).slice(span?.start, span?.end).join('')).toBe('Bex helped.');
  expect(span?.tags).toEqual(['collaboration+']);
  expect(line.id).toMatch(/^reviewed[0-9a-f]{8}-00$/);
});
