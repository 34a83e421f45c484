/** The file with which a person hands over their assessments: what it contains, and how it is checked when it is opened. */
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
import { Trouble } from '../failure/trouble';
import { asKind, withoutWords, type Correction, type Result, type SelfRating } from '../report/report';
import { present, SCHEMAS, type Stored } from '../report/stored';
import { replaceNames } from './names';

const FORMAT = 'salesmirror-assessment';
const VERSION = 1;

export interface HandOver {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** ISO time. */
  readonly exported: string;
  /** A name or a code, as the person chose. */
  readonly person: string;
  readonly rubric: { readonly id: string; readonly version: number };
  /** Whether the texts are included, and whether names were replaced in them. */
  readonly texts: 'kept' | 'names_replaced' | 'left_out';
  readonly results: readonly Result[];
}

export interface Choices {
  readonly person: string;
  readonly withText: boolean;
  readonly withSelf: boolean;
  /** Names to replace in the texts. */
  readonly names: readonly string[];
}

export function handOver(
  results: readonly Result[],
  rubric: Rubric,
  { person, withText, withSelf, names }: Choices,
): HandOver {
  return {
    format: FORMAT,
    version: VERSION,
    exported: new Date().toISOString(),
    person,
    rubric: { id: rubric.id, version: rubric.version },
    texts: withText ? (names.length ? 'names_replaced' : 'kept') : 'left_out',
    results: results.map((result) => {
      const self = withSelf ? result.self : null;
      // Whose words count names a speaker, and is of no use to the reader. The assessment has the objections.
      const report = { ...result.report, whose: undefined, objections: undefined };
      const own = { ...result, self, report };
      if (!withText) {
        return {
          ...own,
          report: { ...report, text: '', name: '' },
          assessment: withoutWords(result.assessment),
        };
      }
      return names.length ? withoutNames(own, names) : own;
    }),
  };
}

/** Replaces names in a result; the offsets in its assessment follow the text. */
function withoutNames(result: Result, names: readonly string[]): Result {
  const { text, moved } = replaceNames(result.report.text, names);
  const follow = <S extends Span>(span: S): S => ({
    ...span,
    start: moved(span.start),
    end: moved(span.end),
  });
  const competencies = result.assessment.competencies.map((competency) => ({
    ...competency,
    evidence: competency.evidence.map(follow),
  }));
  const left_out = result.assessment.left_out.map(follow);
  const objections = result.assessment.objections.map(follow);
  const speakers = result.assessment.speakers.map((speaker) => ({
    ...speaker,
    name: replaceNames(speaker.name, names).text,
  }));
  const { text: name } = replaceNames(result.report.name, names);
  return {
    ...result,
    report: { ...result.report, text, name },
    assessment: { ...result.assessment, competencies, left_out, objections, speakers },
  };
}

/**
 * Checks what was read from a file that somebody handed over. Nothing in it is trusted.
 * @throws Trouble handover_invalid or handover_other_rubric
 */
export function asHandOver(value: unknown, rubric: Rubric, about: string): HandOver {
  const fail = (problem: string) => new Trouble('handover_invalid', problem, about);
  const file = record(value);
  if (file?.format !== FORMAT || file.version !== VERSION)
    throw fail(`expected format ${FORMAT}, version ${VERSION}`);
  const own = record(file.rubric);
  if (own?.id !== rubric.id) throw new Trouble('handover_other_rubric', `rubric ${String(own?.id)}`, about);
  if (typeof file.person !== 'string' || !Array.isArray(file.results) || file.results.length === 0)
    throw fail('person or results are missing');
  const texts = file.texts === 'kept' || file.texts === 'names_replaced' ? file.texts : 'left_out';
  const results = file.results.map((entry: unknown, i) =>
    asResult(entry, rubric, (problem) => fail(`result ${i + 1}: ${problem}`)),
  );
  const exported = typeof file.exported === 'string' ? file.exported : '';
  const version = typeof own.version === 'number' ? own.version : 0;
  return {
    format: FORMAT,
    version: VERSION,
    exported,
    person: file.person.trim() || about,
    rubric: { id: rubric.id, version },
    texts,
    results,
  };
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
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
    report: { id, name, text, date, kind: asKind(report.kind) },
    assessment: {
      ...stored,
      account,
      left_out: asLeftOut(stored.left_out, text.length).filter(
        ({ reason }) => accepted || reason !== 'not_an_account',
      ),
      speakers: asSpeakers(stored.speakers),
      objections: asObjections(stored.objections, rubric, text.length),
      competencies,
      overall: accepted ? asOverall(assessment.overall) : null,
      warnings: asWarnings(assessment.warnings),
    },
    self: asSelf(result.self, rubric),
    corrections:
      accepted && Array.isArray(result.corrections)
        ? result.corrections.flatMap((entry) => asCorrection(entry, rubric))
        : [],
  };
}

function asAccount(value: unknown): Account | null {
  const { probability, accepted } = record(value) ?? {};
  const likely = probability === null || typeof probability === 'number' ? probability : undefined;
  return likely === undefined || typeof accepted !== 'boolean' ? null : { probability: likely, accepted };
}

/** Whether two values are offsets of a part of the text. They can only be checked against a text that is included. */
function isSpan(start: unknown, end: unknown, length: number): boolean {
  if (typeof start !== 'number' || typeof end !== 'number') return false;
  const whole = Number.isInteger(start) && Number.isInteger(end);
  return whole && start >= 0 && start < end && (length === 0 || end <= length);
}

/** The parts that did not count, in text order and without those that overlap or lie outside the text. */
function asLeftOut(value: unknown, length: number): Part[] {
  const spans = list(value).flatMap((entry): Part[] => {
    const { start, end, reason: given } = record(entry) ?? {};
    const reason = REASONS.find((known) => known === given);
    return reason && isSpan(start, end, length)
      ? [{ start: start as number, end: end as number, reason }]
      : [];
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

/** The objections to sentences that lie in the text, as far as it is included. */
function asObjections(value: unknown, rubric: Rubric, length: number): Objection[] {
  return list(value).flatMap((entry): Objection[] => {
    const { competency, start, end } = record(entry) ?? {};
    const known = rubric.competencies.find(({ id }) => id === competency);
    return known && isSpan(start, end, length)
      ? [{ competency: known.id, start: start as number, end: end as number }]
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
  const distribution = Array.isArray(value.distribution)
    ? value.distribution.filter((share) => typeof share === 'number')
    : null;
  const evidence = Array.isArray(value.evidence)
    ? value.evidence.flatMap((entry) => asEvidence(entry, length))
    : [];
  return { id, presence, level: value.level, likely: value.likely, interval, distribution, evidence };
}

function asEvidence(value: unknown, length: number): Evidence[] {
  const { start, end, polarity, probability, weight, without } = record(value) ?? {};
  const valid = [start, end, probability, weight].every(
    (number) => typeof number === 'number' && Number.isFinite(number),
  );
  if (!valid || (polarity !== 'positive' && polarity !== 'negative')) return [];
  const entry = value as Evidence;
  // Offsets can only be checked against a text that is included.
  if (length > 0 && (entry.start < 0 || entry.end > length || entry.start > entry.end)) return [];
  const level = typeof without === 'number' || without === null ? { without } : {};
  return [
    {
      start: entry.start,
      end: entry.end,
      polarity,
      probability: entry.probability,
      weight: entry.weight,
      ...level,
    } as Evidence,
  ];
}

function asOverall(value: unknown): Assessment['overall'] {
  const { level, interval, shown } = record(value) ?? {};
  const valid =
    typeof level === 'number' &&
    typeof shown === 'number' &&
    Array.isArray(interval) &&
    interval.length === 2;
  return valid && interval.every((end) => typeof end === 'number') ? (value as Assessment['overall']) : null;
}

function asSelf(value: unknown, rubric: Rubric): SelfRating | null {
  const rating = record(value);
  if (!rating) return null;
  const pairs = rubric.competencies.map(
    ({ id }) => [id, isLevel(rating[id], rubric) ? rating[id] : null] as const,
  );
  return Object.fromEntries(pairs);
}

function asCorrection(value: unknown, rubric: Rubric): Correction[] {
  const { competency, level, was, reason, reviewer, date } = record(value) ?? {};
  const known = rubric.competencies.some(({ id }) => id === competency);
  const fits = [level, was].every((number) => number === null || isLevel(number, rubric));
  const worded = [reason, reviewer, date].every((text) => typeof text === 'string');
  return known && fits && worded ? [value as Correction] : [];
}
