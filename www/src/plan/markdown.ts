/**
 * Writes a plan as Markdown, for notes and emails. It is the one place where Markdown is written: every text passes
 * through it, so that none becomes a link, markup or HTML.
 */
import { colon, day, type Code } from '../languages/text';
import { DAYS } from './development';
import { dayAfter, type Plan } from './plan';
import { WORDS } from './words';

/**
 * A text as it reads, in one line: characters that have a meaning in Markdown are escaped, and so are those that would
 * make a list, a heading or a rule of the line, and a link of an address.
 */
export function escaped(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/\p{Cc}|[\u2028\u2029]/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~&]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** @param about where the plan comes from, as in report/provenance.ts */
export function markdown(
  plan: Plan,
  language: Code,
  name: (competency: string) => string,
  about: readonly string[] = [],
): string {
  const words = WORDS[language];
  const list = (texts: readonly string[]) => texts.map((text) => `- [ ] ${escaped(text)}`);
  const section = (title: string, lines: readonly string[]) => [`### ${title}`, '', ...lines, ''];
  const goals = plan.goals.flatMap((goal, i) => [
    `## ${words.focus(i + 1)}${colon(language)}${escaped(name(goal.competency))}`,
    '',
    ...section(words.keep, [escaped(goal.keep)]),
    ...section(words.change, [escaped(goal.change)]),
    ...section(words.practice, list(goal.practice)),
    ...section(words.together, list([goal.together])),
    ...section(words.study, list([`${words.kinds[goal.studyKind]}${colon(language)}${goal.study}`])),
    ...section(
      words.signs,
      goal.signs.map((text) => `- ${escaped(text)}`),
    ),
    ...section(
      words.schedule,
      DAYS.map(
        (days) =>
          `- **${words.day(Number(days), day(dayAfter(plan.start, Number(days)), language))}** ${escaped(goal.schedule[days])}`,
      ),
    ),
  ]);
  return [
    `# ${words.title}`,
    '',
    words.from(day(plan.start, language)),
    '',
    ...goals,
    '---',
    '',
    words.footer,
    '',
    ...about.map((line) => `- ${escaped(line)}`),
    '',
  ].join('\n');
}
