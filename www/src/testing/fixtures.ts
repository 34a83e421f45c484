/** For tests: the shipped rubric and data, and results made of levels. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assessment, CompetencyAssessment, Evidence, Interval, Rubric } from '../engine/contract';
import { newReport, type Result } from '../report/report';
import type { Stored } from '../report/stored';

/** Reads a JSON file of the repository's data folder. */
export function data(path: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../data', path), 'utf8'));
}

export const rubric = data('rubric.json') as Rubric;

export function evidence(start: number, end: number, polarity: Evidence['polarity'] = 'positive'): Evidence {
  return { start, end, polarity, probability: 0.9, weight: 0.5, without: null };
}

/** What an assessment says of one competency; without a level it is not shown. */
export interface Shown {
  readonly level: number;
  readonly interval?: Interval;
  readonly evidence?: readonly Evidence[];
}

/** An assessment that shows the given competencies and no others. */
export function assessment(shown: Readonly<Record<string, Shown>> = {}): Assessment {
  const competencies = rubric.competencies.map(({ id }): CompetencyAssessment => {
    const found = shown[id];
    if (!found) {
      return {
        id,
        presence: 0.1,
        level: null,
        likely: null,
        interval: null,
        distribution: null,
        evidence: [],
      };
    }
    const { level, interval = [level - 0.5, level + 0.5], evidence = [] } = found;
    return {
      id,
      presence: 0.9,
      level,
      likely: Math.round(level),
      interval,
      distribution: [0.2, 0.2, 0.2, 0.2, 0.2],
      evidence,
    };
  });
  const levels = Object.values(shown).map(({ level }) => level);
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  return {
    schema: 4,
    model: { id: 'test', sha256: '' },
    rubric: { id: rubric.id, version: rubric.version },
    language: 'en',
    offsets: 'utf16',
    length: { characters: 0, sentences: 0, tokens: 0, windows: 1 },
    coverage: 1,
    account: { probability: 0.95, accepted: true },
    left_out: [],
    speakers: [],
    objections: [],
    competencies,
    overall: levels.length ? { level: mean, interval: [mean, mean], shown: levels.length } : null,
    warnings: [],
    timings: { text_ms: 0, encode_ms: 0, score_ms: 0, total_ms: 0 },
  };
}

/** An assessment that refuses the text, as it is no account of the writer's own work. */
export function refusal(): Assessment {
  return {
    ...assessment(),
    account: { probability: 0.04, accepted: false },
    warnings: [{ code: 'not_an_account' }],
  };
}

/** An assessment as an earlier schema wrote it. */
export function older(assessment: Assessment, schema: 1 | 2 | 3): Stored {
  const unknown = { account: undefined, left_out: undefined, speakers: undefined };
  const before = { ...assessment, schema, objections: undefined, ...(schema < 3 ? unknown : {}) };
  return JSON.parse(JSON.stringify(before)) as Stored;
}

export function refused(text: string, name = ''): Result {
  return { ...result(text, {}, name), assessment: refusal() };
}

export function result(text: string, shown: Readonly<Record<string, Shown>> = {}, name = ''): Result {
  return {
    report: newReport(text, 'other', name),
    assessment: assessment(shown),
    self: null,
    corrections: [],
  };
}
