/**
 * Where a result comes from and what it is for, in a few lines that stand on the screen, in print and in every export:
 * the purpose, who sees it, the model, the rubric, the day, and that an AI system made it.
 */
import type { Assessment } from '../engine/contract';
import { day, semicolon, type Code, type Table } from '../languages/text';
import { isoDay } from './report';

const en = {
  purpose: (purpose: string) => `Purpose: ${purpose}`,
  audience: (audience: string) => `Who sees it: ${audience}`,
  ownPurpose: 'to reflect on one’s own work with customers, and to talk about it.',
  ownAudience: 'only the people whom the writer shows it to.',
  model: (models: string) => `Model: ${models}`,
  hash: (hash: string) => `(SHA-256 ${hash})`,
  rubric: (rubrics: string) => `Rubric: ${rubrics}`,
  version: (id: string, version: number) => `${id}, version ${version}`,
  date: (date: string) => `Date: ${date}`,
  made: 'Made by an AI system from this text; may be wrong.',
  unknown: 'unknown',
};

const zh: typeof en = {
  purpose: (purpose) => `用途：${purpose}`,
  audience: (audience) => `谁能看到：${audience}`,
  ownPurpose: '回顾自己与客户打交道的工作，并用于交流。',
  ownAudience: '只有作者愿意出示的人。',
  model: (models) => `模型：${models}`,
  hash: (hash) => `（校验值 ${hash}）`,
  rubric: (rubrics) => `评分标准：${rubrics}`,
  version: (id, version) => `${id}，第 ${version} 版`,
  date: (date) => `日期：${date}`,
  made: '由人工智能系统根据这段文字得出，可能有误。',
  unknown: '未知',
};

const WORDS: Table<typeof en> = { en, zh };

/** What people who handed something over said about it; empty where they said nothing. */
export interface Intent {
  readonly purpose: string;
  readonly audience: string;
}

/** The models that made assessments, each once, as they are written in provenance lines. */
export function models(assessments: readonly Assessment[], language: Code): string[] {
  const words = WORDS[language];
  const named = assessments.map(({ model }) =>
    model.id || model.sha256 ? `${model.id} ${words.hash(model.sha256)}` : words.unknown,
  );
  return [...new Set(named)];
}

/** The rubrics and their versions, each once. */
export function rubrics(assessments: readonly Assessment[], language: Code): string[] {
  const words = WORDS[language];
  const named = assessments.map(({ rubric }) =>
    rubric.id ? words.version(rubric.id, rubric.version) : words.unknown,
  );
  return [...new Set(named)];
}

/** The lines. @param date the day on which what they stand in was made, as YYYY-MM-DD */
export function provenance(
  assessments: readonly Assessment[],
  language: Code,
  { purpose, audience }: Intent = { purpose: '', audience: '' },
  date = isoDay(),
): string[] {
  const words = WORDS[language];
  const listed = (names: readonly string[]) => names.join(semicolon(language));
  return [
    words.purpose(purpose || words.ownPurpose),
    words.audience(audience || words.ownAudience),
    words.model(listed(models(assessments, language))),
    words.rubric(listed(rubrics(assessments, language))),
    words.date(day(date, language)),
    words.made,
  ];
}
