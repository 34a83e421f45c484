import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CompetencyAssessment, Evidence, Rubric } from '../engine/contract';
import type { Result } from '../report/report';
import { Trouble } from '../failure/trouble';
import { calendar, folded } from './calendar';
import { readsAnything } from '../testing/json';
import { asPlan } from './checked';
import { asDevelopment } from './development';
import { markdown } from './markdown';
import {
  dayAfter,
  goalFor,
  joined,
  MOST,
  planFor,
  quoted,
  ranked,
  withFirst,
  withoutQuotes,
  withQuote,
  type Goal,
  type Plan,
} from './plan';

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
    assessment: {
      competencies,
      model: { id: 'test', sha256: '' },
      rubric: { id: rubric.id, version: rubric.version },
    } as unknown as Result['assessment'],
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
  for (const [change, message] of [
    [{ rubric: { toString: null } }, 'made for rubric {"toString":null}'],
    [{ language: { toString: null } }, 'its language is {"toString":null}'],
    [{ competencies: [null] }, 'competency expertise is missing'],
    [{ competencies: [{ id: 'expertise', levels: [null] }] }, 'level 1 of expertise is missing'],
  ] as const)
    expect(() => asDevelopment({ ...file, ...change }, rubric, 'en', 'x')).toThrow(message);
  expect(() => asDevelopment(json('development/zh.json'), rubric, 'en', 'x')).toThrow('its language is "zh"');
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
  const file = calendar(
    plan,
    'zh',
    (id, days) => `${name(id)}, ${days}`,
    [],
    new Date('2026-12-15T10:00:00Z'),
  );
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

const english = asDevelopment(json('development/en.json'), rubric, 'en', 'file');
const low = result({ negotiation: [1.6, 1], growth: [2, 1], planning: [2.4, 1] });

/** A goal, with its first task ticked if `done` is given. */
function goal(competency: string, done: string | null = null): Goal {
  const made = goalFor(competency, low, english, rubric);
  if (!made) throw new Error(`no advice for ${competency}`);
  return { ...made, practice: made.practice.map((task, i) => (i === 0 ? { ...task, done } : task)) };
}

const planOf = (...goals: Goal[]): Plan => ({ start: '2026-03-02', goals });
const ids = (plan: Plan | null) => plan?.goals.map(({ competency }) => competency);

test('a goal remembers the exact level at which it began, and the day of the text', () => {
  expect(goal('planning').began).toMatchObject({ report: '1', date: '2026-03-02', level: 2.4 });
  expect(goal('collaboration').began.level).toBeNull();
});

test('a goal that is put first takes the place of one without ticks, never of one with', () => {
  const [ticked, other] = [goal('growth', '2026-03-05'), goal('planning')];
  expect(ids(withFirst(planOf(ticked), goal('negotiation'), 2))).toEqual(['negotiation', 'growth']);
  expect(ids(withFirst(planOf(other, ticked), goal('negotiation'), 2))).toEqual(['negotiation', 'growth']);
  expect(ids(withFirst(planOf(other, ticked), goal('negotiation'), MOST))).toHaveLength(3);
  expect(withFirst(planOf(ticked), goal('negotiation'), 1)).toBeNull();
});

test('a plan made before the kept one could be read adds its goals, and loses no tick', () => {
  const kept = planOf(goal('growth', '2026-03-05'), goal('planning'));
  const made = planOf(goal('growth'), goal('planning', '2026-03-06'), goal('negotiation'));
  const both = joined(kept, made);
  expect(ids(both)).toEqual(['growth', 'planning', 'negotiation']);
  expect(both.goals.map(({ practice }) => practice[0]?.done)).toEqual(['2026-03-05', '2026-03-06', null]);
  expect(ids(joined(both, planOf(goal('collaboration'))))).toHaveLength(3);
  expect(ids(joined(both, planOf(goal('collaboration', '2026-03-07'))))).toHaveLength(4);
});

test('without quotes, no sentence of the text is left', () => {
  const plan = planOf(goal('negotiation'));
  expect(JSON.stringify(plan)).toContain('I gave 20% at once.');
  expect(JSON.stringify(withoutQuotes(plan))).not.toContain('20%');
});

test('a plan is read as it was written, and one that is spoilt is refused', () => {
  const plan = planOf(goal('negotiation', '2026-03-05'), goal('collaboration'));
  const check = (change: (copy: Record<string, never>) => void) => {
    const copy = JSON.parse(JSON.stringify(plan)) as Record<string, never>;
    change(copy);
    return () => asPlan(copy, rubric, (problem) => new Trouble('history_invalid', problem));
  };
  expect(check(() => undefined)()).toEqual(plan);
  const spoilt: [string, unknown][] = [
    ['start', '1 March'],
    ['goals', []],
    ['goals.1.competency', 'negotiation'],
    ['goals.0.competency', 'juggling'],
    ['goals.0.level', 9],
    ['goals.0.keep', 1],
    ['goals.0.studyKind', 'film'],
    ['goals.0.schedule.60', null],
    ['goals.0.practice.0.done', '2026-99-99'],
    ['goals.0.practice.0', 'a task'],
    ['goals.0.began', null],
    ['goals.0.began.level', '2'],
  ];
  for (const [path, value] of spoilt) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const spoil = check((copy) => {
      const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
      parent[last] = value;
    });
    expect(spoil, path).toThrow(Trouble);
  }
});

test('anything has the texts of plans or is refused', async () => {
  await readsAnything(json('development/en.json'), (value) => {
    const development = asDevelopment(value, rubric, 'en', 'file');
    return rubric.competencies.map(({ id }) => goalFor(id, result({ [id]: [2, 1] }), development, rubric));
  });
});
