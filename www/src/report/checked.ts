/** Checks results that were read from files, which people may have edited or made up. Nothing in them is trusted. */
import {
  REASONS,
  WARNING_CODES,
  type Account,
  type Assessment,
  type CompetencyAssessment,
  type Evidence,
  type Interval,
  type Objection,
  type Part,
  type Rubric,
  type Span,
  type Speaker,
} from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import {
  asKind,
  CLAIMS,
  type Answer,
  type Correction,
  type Note,
  type Result,
  type SelfRating,
} from './report';
import { record } from '../files/json';
import { asMadeWith } from './made-with';
import { present, SCHEMAS, type Stored } from './stored';

/** The most entries that are read of any list within a result; a real one has a few dozen. */
const MOST = 1000;

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, MOST) : [];
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A span of a text; offsets can only be checked against a text that is included. */
function asSpan(value: unknown, length: number): Span | null {
  const { start, end } = record(value) ?? {};
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (!whole || !isNumber(start) || !isNumber(end)) return null;
  return start >= 0 && start < end && (length === 0 || end <= length) ? { start, end } : null;
}

/** Checks a result that was read from a file. @param fail makes what is thrown of what is wrong */
export function asResult(value: unknown, rubric: Rubric, fail: (problem: string) => Trouble): Result {
  const result = record(value);
  const report = record(result?.report);
  const assessment = record(result?.assessment);
  if (!result || !report || !assessment) throw fail('report or assessment is missing');
  const { id, name, text, date } = report;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string')
    throw fail('the report lacks an id, a name or a text');
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw fail('the date of the report is not YYYY-MM-DD');
  if (
    !SCHEMAS.has(assessment.schema) ||
    assessment.offsets !== 'utf16' ||
    !Array.isArray(assessment.competencies)
  )
    throw fail('the assessment has an unknown schema or no UTF-16 offsets');
  const stored = present(assessment as unknown as Stored);
  const account = asAccount(stored.account);
  if (!account) throw fail('the assessment does not say whether the text is an account of own work');
  const { accepted } = account;
  const known = assessment.competencies as unknown[];
  const competencies = rubric.competencies.map(({ id: competency }) => {
    const found = known.map(record).find((entry) => entry?.id === competency);
    if (!found) throw fail(`competency ${competency} is missing`);
    // A text that was refused has no levels, whatever the file says.
    return asCompetency(accepted ? found : { ...found, level: null }, competency, rubric, text.length, fail);
  });
  return {
    report: {
      ...{ id, name, text, date },
      kind: asKind(report.kind),
      ...optional('objections', asObjections(report.objections, rubric, text.length)),
    },
    assessment: {
      ...stored,
      ...asMadeWith(assessment),
      length: asLength(assessment.length),
      objections: asObjections(stored.objections, rubric, text.length),
      account,
      left_out: asLeftOut(stored.left_out, text.length).filter(
        ({ reason }) => accepted || reason !== 'not_an_account',
      ),
      speakers: asSpeakers(stored.speakers),
      competencies,
      overall: accepted ? asOverall(assessment.overall) : null,
      warnings: asWarnings(assessment.warnings),
    },
    self: asSelf(result.self, rubric),
    corrections: accepted ? list(result.corrections).flatMap((entry) => asCorrection(entry, rubric)) : [],
    ...optional('notes', accepted ? asNotes(result.notes, rubric, text.length) : []),
  };
}

/** A field for a list, or none if it is empty. */
function optional<Name extends string, T>(
  name: Name,
  entries: readonly T[],
): Partial<Record<Name, readonly T[]>> {
  return entries.length ? ({ [name]: entries } as Record<Name, readonly T[]>) : {};
}

/** Of how much text an assessment was made; zeros where it does not say. */
function asLength(value: unknown): Assessment['length'] {
  const length = record(value);
  const count = (value: unknown) => (isNumber(value) ? value : 0);
  return {
    characters: count(length?.characters),
    sentences: count(length?.sentences),
    tokens: count(length?.tokens),
    windows: count(length?.windows),
  };
}

function asObjections(value: unknown, { competencies }: Rubric, length: number): Objection[] {
  return list(value).flatMap((entry): Objection[] => {
    const span = asSpan(entry, length);
    const competency = competencies.find(({ id }) => id === record(entry)?.competency)?.id;
    return span && competency !== undefined ? [{ competency, ...span }] : [];
  });
}

function asNotes(value: unknown, { competencies }: Rubric, length: number): Note[] {
  return list(value).flatMap((entry): Note[] => {
    const { id, competency, sentence, claim, text, at } = record(entry) ?? {};
    const known = competencies.find((other) => other.id === competency)?.id;
    const claimed = CLAIMS.find((other) => other === claim);
    if (!isText(id) || !isText(text) || !isTime(at) || known === undefined || !claimed) return [];
    return [{ id, competency: known, sentence: asSpan(sentence, length), claim: claimed, text, at }];
  });
}

function asAccount(value: unknown): Account | null {
  const { probability, accepted } = record(value) ?? {};
  const likely = probability === null || typeof probability === 'number' ? probability : undefined;
  return likely === undefined || typeof accepted !== 'boolean' ? null : { probability: likely, accepted };
}

/** The parts that did not count, in text order and without those that overlap or lie outside the text. */
function asLeftOut(value: unknown, length: number): Part[] {
  const spans = list(value).flatMap((entry): Part[] => {
    const span = asSpan(entry, length);
    const reason = REASONS.find((known) => known === record(entry)?.reason);
    return span && reason ? [{ ...span, reason }] : [];
  });
  const apart: Part[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start))
    if (span.start >= (apart.at(-1)?.end ?? 0)) apart.push(span);
  return apart;
}

function asSpeakers(value: unknown): Speaker[] {
  return list(value).flatMap((entry): Speaker[] => {
    const { name, turns, counts } = record(entry) ?? {};
    return typeof name === 'string' && typeof turns === 'number' && typeof counts === 'boolean'
      ? [{ name, turns, counts }]
      : [];
  });
}

function asWarnings(value: unknown): Assessment['warnings'] {
  const codes = list(value).map((entry) => record(entry)?.code);
  return WARNING_CODES.filter((code) => codes.includes(code)).map((code) => ({ code }));
}

const isLevel = (value: unknown, { scale }: Rubric): value is number =>
  typeof value === 'number' && value >= scale.min && value <= scale.max;

function asInterval(value: unknown, rubric: Rubric): Interval | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = value as unknown[];
  return isLevel(low, rubric) && isLevel(high, rubric) && low <= high ? [low, high] : null;
}

function asCompetency(
  value: Record<string, unknown>,
  id: string,
  rubric: Rubric,
  length: number,
  fail: (problem: string) => Trouble,
): CompetencyAssessment {
  const presence = typeof value.presence === 'number' ? value.presence : 0;
  if (value.level === null)
    return { id, presence, level: null, likely: null, interval: null, distribution: null, evidence: [] };
  const interval = asInterval(value.interval, rubric);
  if (!isLevel(value.level, rubric) || !isLevel(value.likely, rubric) || !interval)
    throw fail(`the level of ${id} is not on the scale from ${rubric.scale.min} to ${rubric.scale.max}`);
  const distribution = Array.isArray(value.distribution) ? list(value.distribution).filter(isNumber) : null;
  const evidence = list(value.evidence).flatMap((entry) => asEvidence(entry, length));
  return { id, presence, level: value.level, likely: value.likely, interval, distribution, evidence };
}

function asEvidence(value: unknown, length: number): Evidence[] {
  const { polarity, probability, weight, without } = record(value) ?? {};
  const span = asSpan(value, length);
  if (!span || !isNumber(probability) || !isNumber(weight)) return [];
  if (polarity !== 'positive' && polarity !== 'negative') return [];
  const level = typeof without === 'number' || without === null ? { without } : {};
  return [{ ...span, polarity, probability, weight, ...level }];
}

function asOverall(value: unknown): Assessment['overall'] {
  const { level, interval, shown } = record(value) ?? {};
  const [low, high] = list(interval);
  return isNumber(level) && isNumber(shown) && isNumber(low) && isNumber(high)
    ? { level, interval: [low, high], shown }
    : null;
}

function asSelf(value: unknown, rubric: Rubric): SelfRating | null {
  const rating = record(value);
  if (!rating) return null;
  const pairs = rubric.competencies.map(
    ({ id }) => [id, isLevel(rating[id], rubric) ? rating[id] : null] as const,
  );
  return Object.fromEntries(pairs);
}

const isTime = (value: unknown): value is string =>
  isText(value) && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value);

function asCorrection(value: unknown, rubric: Rubric): Correction[] {
  const { competency, level, was, reason, reviewer, date, at, own, confirmed, answers } = record(value) ?? {};
  const known = rubric.competencies.find(({ id }) => id === competency)?.id;
  const fits = (mark: unknown): mark is number | null => mark === null || isLevel(mark, rubric);
  if (known === undefined || !fits(level) || !fits(was)) return [];
  if (!isText(reason) || !isText(reviewer) || !isText(date)) return [];
  return [
    {
      ...{ competency: known, level, was, reason, reviewer, date },
      ...(isTime(at) ? { at } : {}),
      ...(fits(own) ? { own } : {}),
      ...(confirmed === true ? { confirmed } : {}),
      ...optional('answers', asAnswers(answers)),
    },
  ];
}

function asAnswers(value: unknown): Answer[] {
  return list(value).flatMap((entry): Answer[] => {
    const { note, answer } = record(entry) ?? {};
    return isText(note) && isText(answer) ? [{ note, answer }] : [];
  });
}
