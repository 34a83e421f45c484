/** Writes corrected assessments as labelled reports, which the trainer reads; data/reports/README.md has the format. */
import type { Rubric } from '../engine/contract';
import { newId, type Result } from '../report/report';

/**
 * The results that were corrected and have their text, as JSONL. Levels that were not corrected are the model's most
 * likely ones; offsets count code points. The writer's id is random, so that no name gets into training data.
 */
export function labelledReports(results: readonly Result[], rubric: Rubric): string {
  const writer = newId().slice(0, 8);
  const wanted = results.filter(({ corrections, report }) => corrections.length > 0 && report.text);
  return wanted
    .map(
      (result, i) =>
        `${JSON.stringify(labelled(result, rubric, `reviewed${writer}-${String(i).padStart(2, '0')}`))}\n`,
    )
    .join('');
}

function labelled({ report, assessment, corrections }: Result, rubric: Rubric, id: string): object {
  const corrected = new Map(corrections.map(({ competency, level }) => [competency, level]));
  const scores = rubric.competencies.map(({ id: competency }) => {
    const likely = assessment.competencies.find((entry) => entry.id === competency)?.likely ?? null;
    const level = corrected.get(competency);
    return [competency, level === undefined ? likely : level] as const;
  });
  const shown = new Map(scores);
  const tags = new Map<string, { start: number; end: number; tags: string[] }>();
  for (const competency of assessment.competencies) {
    if (shown.get(competency.id) === null) continue;
    for (const { start, end, polarity } of competency.evidence) {
      const span = tags.get(`${start} ${end}`) ?? {
        start: codePoints(report.text, start),
        end: codePoints(report.text, end),
        tags: [],
      };
      span.tags.push(`${competency.id}${polarity === 'positive' ? '+' : '-'}`);
      tags.set(`${start} ${end}`, span);
    }
  }
  return {
    id,
    lang: language(assessment.language, report.text),
    doc_type: report.kind,
    industry: '',
    style: '',
    seniority: '',
    text: report.text,
    evidence: [...tags.values()].sort((a, b) => a.start - b.start),
    scores: Object.fromEntries(scores),
  };
}

/** The number of code points before a UTF-16 offset. */
export function codePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}

function language(found: string, text: string): string {
  if (found === 'zh' || found === 'en') return found;
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}
