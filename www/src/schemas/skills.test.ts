import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { data, rubric } from '../testing/fixtures';
import { problems } from './validator';

const root = join(import.meta.dirname, '../../..');
const example = join(root, 'examples/hr-open');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Skills {
  readonly rubric: { readonly id: string; readonly version: number };
  readonly sources: Readonly<Record<'esco' | 'onet', { readonly notice: string; readonly readOn: string }>>;
  readonly competencies: readonly {
    readonly id: string;
    readonly esco: readonly { readonly uri: string; readonly label: string }[];
    readonly onet: readonly { readonly id: string; readonly name: string }[];
  }[];
}

interface Report {
  readonly assessmentResult: {
    readonly assessmentDetailedResults: readonly {
      readonly ID: string;
      readonly score?: { readonly scoresNumeric: readonly { readonly value: number }[] };
      readonly descriptions: readonly string[];
    }[];
    readonly assessmentStatus: { readonly assessmentStatusCode: string };
  };
}

const skills = data('skills.json') as Skills;

test('every competency of the rubric is mapped, and the document names every id', () => {
  expect(skills.rubric).toEqual({ id: rubric.id, version: rubric.version });
  expect(skills.competencies.map(({ id }) => id)).toEqual(rubric.competencies.map(({ id }) => id));
  const table = read('docs/hr-systems.md').split('\n');
  for (const { id, esco, onet } of skills.competencies) {
    const row = table.find((line) => line.startsWith(`| \`${id}\` |`)) ?? '';
    for (const { uri, label } of esco) {
      expect(uri).toMatch(
        /^http:\/\/data\.europa\.eu\/esco\/skill\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      );
      expect(row).toContain(`[${label}](${uri})`);
    }
    for (const element of onet) {
      expect(element.id).toMatch(/^\d\.[A-C](\.\d)(\.[a-z])(\.\d)?$/);
      expect(row).toContain(`${element.id} ${element.name}`);
    }
  }
});

test('the sources are named where the ids go', () => {
  for (const { notice } of Object.values(skills.sources))
    expect(read('NOTICE').replace(/\s+/g, ' ')).toContain(notice);
});

const made = execFileSync(process.execPath, [join(example, 'report.mjs'), join(example, 'hand-over.json')], {
  encoding: 'utf8',
});

test('the example follows the schema of hand-over files, and its reports are those that the script makes', () => {
  expect(problems('hand-over-2', JSON.parse(read('examples/hr-open/hand-over.json')))).toEqual([]);
  expect(made).toBe(read('examples/hr-open/reports.json'));
});

test('reports have only fields of HR Open Standards', () => {
  const fields = JSON.parse(read('examples/hr-open/assessment-report.schema.json')) as Record<
    string,
    unknown
  >;
  expect(problems(fields, JSON.parse(made))).toEqual([]);
  expect(problems(fields, [{ verdict: 1 }])).not.toEqual([]);
});

test('what is not shown has no score, a correction counts, and a refused text has no results', () => {
  const [report, refused] = JSON.parse(made) as Report[];
  const results = report?.assessmentResult.assessmentDetailedResults ?? [];
  const score = (id: string) => results.find(({ ID }) => ID === id)?.score?.scoresNumeric[0]?.value;
  expect(score('negotiation')).toBe(5);
  expect(score('growth')).toBeUndefined();
  expect(results.map(({ ID }) => ID)).toEqual(rubric.competencies.map(({ id }) => id));
  expect(report?.assessmentResult.assessmentStatus.assessmentStatusCode).toBe('ScoredTestPendingReview');
  expect(refused?.assessmentResult.assessmentDetailedResults).toEqual([]);
  expect(refused?.assessmentResult.assessmentStatus.assessmentStatusCode).toBe('OrderReviewRequired');
  expect(made).not.toContain('passedIndicator');
});

test('a file of another rubric is refused', () => {
  const profile = join(root, 'data/profiles/inside-sales.json');
  const { status, stderr } = spawnSync(process.execPath, [join(example, 'report.mjs'), profile], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('was made for rubric');
});
