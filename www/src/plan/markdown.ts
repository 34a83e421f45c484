/** Writes a plan as Markdown, for notes and emails. */
import { colon, day, type Code } from '../languages/text';
import { DAYS } from './development';
import { dayAfter, type Plan } from './plan';
import { WORDS } from './words';

/** Escapes the characters that have a meaning in Markdown, and joins lines. */
const escaped = (text: string) => text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_[\]<>#]/g, '\\$&');

export function markdown(plan: Plan, language: Code, name: (competency: string) => string): string {
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
  ].join('\n');
}
