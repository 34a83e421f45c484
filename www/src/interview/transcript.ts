/**
 * The answers of an interview as one text, so that there is one result over all of them, and the way back from an offset in
 * it to the answer. Each question comes before its answer as a turn of the interviewer, in the form that
 * src/text/authorship/conversation.rs takes for a conversation: questions are read as context and never count as evidence.
 */
import type { Code, Table } from '../languages/text';
import type { Report } from '../report/report';

export interface Answer {
  /** Which question of the set it answers, from 1. */
  readonly number: number;
  readonly question: string;
  readonly text: string;
}

interface Labels {
  /** What a question begins with. */
  readonly question: (number: number) => string;
  /** What an answer begins with. */
  readonly answer: string;
  /** The speaker whose words count. */
  readonly candidate: string;
}

const LABELS: Table<Labels> = {
  en: {
    question: (number) => `Interviewer: Question ${number}: `,
    answer: 'Candidate: ',
    candidate: 'Candidate',
  },
  zh: { question: (number) => `面试官：第${number}题：`, answer: '候选人：', candidate: '候选人' },
};

/** The beginnings of turns, as LABELS writes them in either language. */
const TURN = /^(?:(?:Interviewer: Question |面试官：第)(?<number>\d+)(?:: |题：)|Candidate: |候选人：)/gm;

/**
 * A word joiner, which is invisible and which the model does not read. Before a line with a colon it says that the line goes
 * on with the answer: without it, "Result: signed" would be taken for a turn of somebody else.
 */
const JOINER = '\u2060';

/** The lines of an answer after the first that have a colon, and could be taken for turns. */
const LIKE_A_TURN = /(?<=[\n\r\u2028\u2029])(?=.*[:：])/g;

/**
 * Joins answers to one text, and says whose words count in it. A single answer stays as it is: one question and one answer
 * are too few to be recognised as a conversation, and there is nothing to tell apart.
 * @param language of the labels
 */
export function transcript(answers: readonly Answer[], language: Code): Pick<Report, 'text' | 'whose'> {
  const [only] = answers;
  if (only && answers.length === 1) return { text: only.text.trim() };
  const labels = LABELS[language];
  const turns = answers.map(({ number, question, text }) => {
    // A turn of the interviewer ends with its line.
    const asked = question.replace(/\s+/g, ' ').trim();
    const told = text.trim().replace(LIKE_A_TURN, JOINER);
    return `${labels.question(number)}${asked}\n\n${labels.answer}${told}`;
  });
  return {
    text: turns.join('\n\n'),
    whose: { speaker: labels.candidate, whole: false, quoted: false, account: false },
  };
}

/**
 * The number of the question whose answer an offset lies in; null within a question, and in any other text.
 * @param text as {@link transcript} joined it
 * @param offset in UTF-16 code units
 */
export function answerAt(text: string, offset: number): number | null {
  let asked: number | null = null;
  let answered: number | null = null;
  for (const { index, groups } of text.matchAll(TURN)) {
    if (index > offset) break;
    const number = groups?.number;
    if (number === undefined) {
      answered = asked;
    } else {
      asked = Number(number);
      answered = null;
    }
  }
  return answered;
}
