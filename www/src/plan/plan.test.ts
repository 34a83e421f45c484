import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CompetencyAssessment, Evidence, Rubric } from '../engine/contract';
import type { Result } from '../report/report';
import { calendar, folded } from './calendar';
import { asDevelopment } from './development';
import { markdown } from './markdown';
import { dayAfter, planFor, quoted, ranked, withQuote } from './plan';

const data = join(import.meta.dirname, '../../../data');
const json = (path: string): unknown => JSON.parse(readFileSync(join(data, path), 'utf8'));
const rubric = json('rubric.json') as Rubric;
const text = 'I gave 20% at once. He signed.';

const evidence = (start: number, end: number, polarity: Evidence['polarity'], weight: number): Evidence => ({
  start,
  end,
  polarity,
  probability: 0.9,
  weight,
  without: null,
});

function result(levels: Record<string, [number, number] | null>, self: Result['self'] = null): Result {
  const competencies = rubric.competencies.map(({ id }): CompetencyAssessment => {
    const [level, width] = levels[id] ?? [null, 0];
    if (level === null)
      return { id, presence: 0.1, level, likely: null, interval: null, distribution: null, evidence: [] };
    const found =
      id === 'negotiation' ? [evidence(0, 19, 'negative', 0.4), evidence(20, 30, 'positive', 0.6)] : [];
    return {
      id,
      presence: 0.9,
      level,
      likely: Math.round(level),
      interval: [level - width / 2, level + width / 2],
      distribution: null,
      evidence: found,
    };
  });
  return {
    report: { id: '1', name: '', kind: 'other', text, date: '2026-03-02' },
    assessment: { competencies } as unknown as Result['assessment'],
    self,
    corrections: [],
  };
}

test.each(['en', 'zh'] as const)('the texts in %s are complete', (language) => {
  const development = asDevelopment(json(`development/${language}.json`), rubric, language, 'file');
  expect(development.advice.size).toBe(rubric.competencies.length);
  expect(development.examples.size).toBe(rubric.competencies.length);
});

test('a missing level is told with its place', () => {
  const file = json('development/en.json') as {
    competencies: { id: string; levels: { level: number; change: string }[] }[];
  };
  file.competencies[2]?.levels.splice(3, 1);
  expect(() => asDevelopment(file, rubric, 'en', 'en.json')).toThrow(
    'en.json: level 4 of collaboration is missing',
  );
  expect(() => asDevelopment(null, rubric, 'en', 'x')).toThrow('made for rubric undefined');
  expect(() => asDevelopment(json('development/zh.json'), rubric, 'en', 'x')).toThrow('its language is zh');
});

test('the focus is what is surely low, then what one overrates; what is not shown comes last', () => {
  const low = result({ negotiation: [1.5, 1], planning: [1.5, 4], growth: [4.5, 1] });
  expect(ranked(low.assessment, null, rubric, null).slice(0, 3)).toEqual([
    'negotiation',
    'planning',
    'growth',
  ]);
  const same = result({ planning: [3, 1], growth: [3, 1] });
  expect(ranked(same.assessment, { growth: 5 }, rubric, null)[0]).toBe('growth');
  const profile = {
    id: 'p',
    version: 1,
    rubric: rubric.id,
    name: {},
    description: {},
    targets: { planning: 5, growth: 2 },
  };
  expect(ranked(same.assessment, { growth: 5 }, rubric, profile)[0]).toBe('planning');
});

test('a poor example is quoted first; without a sentence nothing is quoted', () => {
  expect(quoted(result({ negotiation: [2, 1] }), 'negotiation')).toBe('I gave 20% at once.');
  for (const language of ['en', 'zh'] as const) {
    const development = asDevelopment(json(`development/${language}.json`), rubric, language, 'file');
    for (const levels of development.advice.values()) {
      for (const { change } of levels.values()) {
        const bare = withQuote(change, '');
        expect(bare).not.toMatch(/quote|“[^”]*$|^[^“]*”/);
        expect(bare.length).toBeGreaterThan(10);
        expect(change.endsWith(bare)).toBe(true);
      }
    }
  }
});

test('a plan goes into Markdown and a calendar', () => {
  const development = asDevelopment(json('development/zh.json'), rubric, 'zh', 'file');
  const plan = {
    ...planFor(result({ negotiation: [2, 1], growth: [2, 1] }), development, rubric, null),
    start: '2026-12-15',
  };
  expect(plan.goals.map(({ competency }) => competency)).toEqual(['negotiation', 'growth']);
  const name = (id: string) => rubric.competencies.find((entry) => entry.id === id)?.name.zh ?? '';
  const notes = markdown(plan, 'zh', name);
  expect(notes).toContain('## 重点 1：谈判成交');
  expect(notes).toContain('“I gave 20% at once.”');
  const file = calendar(plan, (id, days) => `${name(id)}, ${days}`, [], new Date('2026-12-15T10:00:00Z'));
  expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(6);
  expect(file).toContain('DTSTART;VALUE=DATE:20270114\r\nDTEND;VALUE=DATE:20270115\r\n');
  expect(file).toContain('SUMMARY:谈判成交\\, 30');
  for (const line of file.split('\r\n'))
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(folded('短'.repeat(60)).replaceAll('\r\n ', '')).toBe('短'.repeat(60));
});

test('days are counted across months and clock changes', () => {
  expect([dayAfter('2026-03-01', 30), dayAfter('2026-10-01', 90)]).toEqual(['2026-03-31', '2026-12-30']);
});
