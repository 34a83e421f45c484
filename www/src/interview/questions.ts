/** Question sets for interviews, from data/questions. This module checks them; interview.ts asks the questions. */
import type { Rubric, Translations } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { isTranslations } from '../languages/text';

export interface Question {
  readonly id: string;
  /** A few words that name the answer. */
  readonly title: Translations;
  readonly question: Translations;
  /** What a good answer tells, for the candidate. */
  readonly hint: Translations;
  /** One more question that belongs to the same answer. */
  readonly follow_up?: Translations;
  /** Ids of the competencies that the answer is likely to show; nothing is scored by them. */
  readonly competencies: readonly string[];
}

export interface QuestionSet {
  readonly id: string;
  readonly version: number;
  /** The rubric's id. */
  readonly rubric: string;
  readonly name: Translations;
  readonly description: Translations;
  readonly questions: readonly Question[];
}

/** The most questions of a set. */
const MAX_QUESTIONS = 20;

/** The longest name or title, in UTF-16 code units. */
const MAX_NAME = 80;

/** The longest of all other texts, in UTF-16 code units. */
const MAX_TEXT = 600;

/** What is wrong with a text; null if nothing is. */
function problemOf(value: unknown, limit: number): string | null {
  if (!isTranslations(value) || Object.values(value).some((text) => !text.trim())) return 'is missing';
  return Object.values(value).some((text) => text.length > limit)
    ? `has more than ${limit} characters`
    : null;
}

/** What is wrong with a question; null if nothing is. */
function problem(value: unknown, { competencies: known }: Rubric): string | null {
  if (typeof value !== 'object' || value === null) return 'is not an object';
  const { id, title, question, hint, follow_up, competencies } = value as Partial<
    Record<keyof Question, unknown>
  >;
  if (typeof id !== 'string' || !id) return 'has no id';
  const texts = [
    ['title', title, MAX_NAME],
    ['question', question, MAX_TEXT],
    ['hint', hint, MAX_TEXT],
    ...(follow_up === undefined ? [] : [['follow_up', follow_up, MAX_TEXT] as const]),
  ] as const;
  for (const [name, text, limit] of texts) {
    const wrong = problemOf(text, limit);
    if (wrong) return `(${id}): ${name} ${wrong}`;
  }
  if (!Array.isArray(competencies) || competencies.length === 0) return `(${id}): competencies are missing`;
  const unknown = (competencies as unknown[]).find(
    (one) => !known.some((competency) => competency.id === one),
  );
  return unknown === undefined ? null : `(${id}): the rubric has no competency ${JSON.stringify(unknown)}`;
}

/**
 * Checks what was read from a question set against the rubric.
 * @throws Trouble `questions_invalid`, saying what is wrong and in which question
 */
export function asQuestionSet(value: unknown, rubric: Rubric, about: string): QuestionSet {
  const fail = (text: string) => new Trouble('questions_invalid', `${about}: ${text}`, about);
  if (typeof value !== 'object' || value === null) throw fail('expected an object');
  const {
    id,
    rubric: rubricId,
    name,
    description,
    questions,
  } = value as Partial<Record<keyof QuestionSet, unknown>>;
  if (typeof id !== 'string' || !id) throw fail('id is missing');
  if (rubricId !== rubric.id)
    throw fail(`it was made for rubric ${JSON.stringify(rubricId)}, not ${rubric.id}`);
  const wrong = problemOf(name, MAX_NAME);
  if (wrong) throw fail(`name ${wrong}`);
  const unclear = problemOf(description, MAX_TEXT);
  if (unclear) throw fail(`description ${unclear}`);
  if (!Array.isArray(questions) || questions.length === 0) throw fail('questions are missing');
  if (questions.length > MAX_QUESTIONS)
    throw fail(`it has ${questions.length} questions, but at most ${MAX_QUESTIONS} are asked`);
  const ids = new Set<string>();
  for (const [i, question] of questions.entries()) {
    const found = problem(question, rubric);
    if (found) throw fail(`question ${i + 1} ${found}`);
    const { id: own } = question as Question;
    if (ids.has(own)) throw fail(`two questions have the id ${own}`);
    ids.add(own);
  }
  return value as QuestionSet;
}

/** The ids of all competencies that the answers to a set are likely to show, in the order of the rubric. */
export function covered({ questions }: QuestionSet, { competencies }: Rubric): string[] {
  const named = new Set(questions.flatMap((question) => question.competencies));
  return competencies.map(({ id }) => id).filter((id) => named.has(id));
}
