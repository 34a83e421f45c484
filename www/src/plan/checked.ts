/** Checks a plan that was read from a file or from the history. Nothing in it is trusted. */
import type { Rubric } from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import { record } from '../files/json';
import { asMadeWith } from '../report/made-with';
import { DAYS, STUDY_KINDS } from './development';
import type { Beginning, Goal, Plan, Task } from './plan';

/** The most entries that are read of any list within a plan; a real one has about five. */
const MOST_ENTRIES = 100;

const isText = (value: unknown): value is string => typeof value === 'string';
const isDay = (value: unknown): value is string =>
  isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, MOST_ENTRIES) : [];
}

/** A level on the scale; null if it is null, undefined if it is anything else. */
function asLevel(value: unknown, { scale }: Rubric): number | null | undefined {
  if (value === null) return null;
  return typeof value === 'number' && value >= scale.min && value <= scale.max ? value : undefined;
}

/**
 * The plan that a value holds.
 * @param fail makes what is thrown of what is wrong
 */
export function asPlan(value: unknown, rubric: Rubric, fail: (problem: string) => Trouble): Plan {
  const { start, goals } = record(value) ?? {};
  if (!isDay(start)) throw fail('the first day of the plan is not YYYY-MM-DD');
  const read = list(goals).map((goal, i) =>
    asGoal(goal, rubric, (problem) => fail(`goal ${i + 1} of the plan: ${problem}`)),
  );
  const competencies = new Set(read.map(({ competency }) => competency));
  if (read.length === 0 || competencies.size < read.length)
    throw fail('the plan has no goals, or two for one competency');
  return { start, goals: read };
}

function asGoal(value: unknown, rubric: Rubric, fail: (problem: string) => Trouble): Goal {
  const { competency, keep, change, quote, practice, together, study, studyKind, signs, ...rest } =
    record(value) ?? {};
  const known = rubric.competencies.find(({ id }) => id === competency)?.id;
  if (known === undefined) throw fail('its competency is not in the rubric');
  const level = asLevel(rest.level, rubric);
  if (level === undefined || (level !== null && !Number.isInteger(level)))
    throw fail('its level is not on the scale');
  const kind = STUDY_KINDS.find((other) => other === studyKind);
  if (!isText(keep) || !isText(change) || !isText(quote) || !isText(together) || !isText(study) || !kind)
    throw fail('texts are missing');
  const schedule = record(rest.schedule);
  const [first, second, third] = DAYS.map((days) => schedule?.[days]);
  if (!isText(first) || !isText(second) || !isText(third)) throw fail('its schedule is incomplete');
  return {
    ...{ competency: known, level, keep, change, quote, together, study, studyKind: kind },
    practice: list(practice).map((task) => asTask(task, fail)),
    signs: list(signs).filter(isText),
    schedule: { '30': first, '60': second, '90': third },
    began: asBeginning(rest.began, rubric, fail),
  };
}

function asTask(value: unknown, fail: (problem: string) => Trouble): Task {
  const { text, done } = record(value) ?? {};
  if (!isText(text) || !(done === null || isDay(done)))
    throw fail('a task lacks its text, or the day on which it was done');
  return { text, done };
}

function asBeginning(value: unknown, rubric: Rubric, fail: (problem: string) => Trouble): Beginning {
  const { report, date, level } = record(value) ?? {};
  const began = asLevel(level, rubric);
  if (!isText(report) || !isDay(date) || began === undefined)
    throw fail('it does not say with which text and level it began');
  return {
    ...{ report, date, level: began },
    ...asMadeWith(value),
  };
}
