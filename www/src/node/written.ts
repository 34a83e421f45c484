/** Writes an assessment as text, for a terminal. */
import type { Assessment, CompetencyAssessment, Evidence, Rubric } from '../engine/contract';
import { strings } from '../languages';
import { colon, competencyName, levelName, number, type Code } from '../languages/text';
import { range } from '../result/interval';
import { WORDS as RESULT } from '../result/words';

/** The assessment of a text, with its evidence quoted. */
export function written(
  name: string,
  text: string,
  assessment: Assessment,
  rubric: Rubric,
  code: Code,
): string {
  const words = RESULT[code];
  const { competencies, overall, account } = assessment;
  const lines = [name];
  if (!account.accepted) lines.push(words.refusal.lead.reviewed, words.refusal.why);
  if (overall) {
    const [low, high] = range(overall.interval);
    lines.push(words.overall(number(overall.level), low, high, overall.shown, competencies.length));
  }
  for (const competency of account.accepted ? competencies : [])
    lines.push('', ...shown(competency, text, rubric, code));
  const said = strings(code).warnings;
  const warnings = assessment.warnings.flatMap(({ code }) =>
    code in said ? [said[code as keyof typeof said]] : [],
  );
  const parts = assessment.left_out.filter(({ reason }) => reason === 'not_an_account').length;
  if (parts > 0) warnings.push(words.leftOut(parts));
  if (warnings.length > 0) lines.push('', ...warnings);
  return `${lines.join('\n')}\n`;
}

/** A competency, and the sentences that its level rests on. */
function shown(
  { id, level, likely, interval, evidence }: CompetencyAssessment,
  text: string,
  rubric: Rubric,
  code: Code,
): string[] {
  const words = RESULT[code];
  const name = competencyName(rubric, id, code) + colon(code);
  if (level === null || !interval) return [name + words.notShown];
  const [low, high] = range(interval);
  const most = words.levelOf(number(level), rubric.scale.max, levelName(rubric, likely, code));
  return [`${name}${most} · ${words.interval(low, high)}`, ...evidence.map((one) => quoted(one, text))];
}

/** The signs are those of the page. */
function quoted({ start, end, polarity }: Evidence, text: string): string {
  const sentence = text.slice(start, end).trim().replace(/\s+/g, ' ');
  return `  ${polarity === 'positive' ? '＋' : '－'} ${sentence}`;
}
