import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import type { Result } from '../report/report';
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
    schema: 2,
    offsets: 'utf16',
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
const choices = { person: 'P-7', withText: true, withSelf: true, names: [] };
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('what is handed over is what is opened', () => {
  const file = handOver([result], rubric, choices);
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
  const file = written(handOver([result], rubric, { ...choices, withText: false, withSelf: false }));
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
  const file = handOver([result], rubric, { ...choices, names: ['Whitcombe', 'Bex', '小龚'] });
  const { report, assessment } = file.results[0] ?? result;
  expect(report.text).toBe('👍 Mr [A] asked; [B] helped. [C]认了门。');
  expect(report.name).toBe('Visit to [A]');
  const [evidence] = assessment.competencies.find(({ id }) => id === 'collaboration')?.evidence ?? [];
  expect(report.text.slice(evidence?.start, evidence?.end)).toBe('[B] helped.');
  expect(replaceNames('Annabel met Ann. Ann left.', ['Ann', 'Annabel']).text).toBe('[B] met [A]. [A] left.');
  expect(replaceNames('a (b', ['(b', '']).text).toBe('a [A]');
});

test('a file that is none is told, and what is odd in one is left out', () => {
  const good = written(handOver([result], rubric, choices)) as {
    results: { assessment: { competencies: Record<string, unknown>[] } }[];
  };
  for (const [value, code] of [
    [null, 'handover_invalid'],
    [{ format: 'other' }, 'handover_invalid'],
    [{ ...good, version: 2 }, 'handover_invalid'],
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
