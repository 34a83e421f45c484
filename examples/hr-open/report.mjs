#!/usr/bin/env node
// Turns a hand-over file into AssessmentReports as HR Open Standards describes them, one for each text, and prints them as
// a JSON list. docs/hr-systems.md has the mapping, its sources, and what it leaves out.
// usage: report.mjs hand-over.json > reports.json    --rubric and --skills name other files than those of the repository
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const data = join(import.meta.dirname, '../../data');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Two decimals: the model knows no more. */
const rounded = (level) => Math.round(level * 100) / 100;

/** The ids of a competency: its own, and those of the skills of ESCO and the elements of O*NET that come near. */
function competencyIds(id, { rubric, sources, competencies }) {
  const { esco = [], onet = [] } = competencies.find((competency) => competency.id === id) ?? {};
  const of = ({ version, scheme }) => ({ schemeVersionId: version, schemeLink: scheme });
  return [
    { value: id, schemeId: rubric.id, schemeVersionId: String(rubric.version) },
    ...esco.map(({ uri }) => ({ value: uri, schemeId: 'ESCO', ...of(sources.esco) })),
    ...onet.map((element) => ({ value: element.id, schemeId: 'O*NET', ...of(sources.onet) })),
  ];
}

/** The score of one competency; without a score where the text does not show it, which is not a low score. */
function detailedResult(competency, corrections, rubric, skills) {
  const { id, interval } = competency;
  const correction = corrections.findLast((entry) => entry.competency === id);
  const level = correction ? correction.level : competency.level;
  const { name } = rubric.competencies.find((other) => other.id === id);
  const described = { ID: id, assessedCompetency: { competencyIds: competencyIds(id, skills), competencyName: name.en } };
  if (level === null) return { ...described, descriptions: ['Not shown in this text. This is not a low score.'] };
  const { min, max, names } = rubric.scale;
  const nearest = names.find((entry) => entry.level === Math.round(level));
  const ends = interval?.map(rounded);
  return {
    ...described,
    score: {
      scoresNumeric: [{ value: rounded(level), minimum: min, maximum: max }],
      scoresText: [{ value: nearest.name.en }],
    },
    descriptions: correction
      ? [`Decided by a person on ${correction.date}.`]
      : [`80 % interval: ${ends[0]} to ${ends[1]}. Made by an AI system from one text; may be wrong.`],
    // HR Open has no field for the ends of an interval.
    ...(correction ? {} : { additionalItem: ['low', 'high'].map((end, i) => ({ name: `interval80.${end}`, content: String(ends[i]) })) }),
  };
}

/** The report of one result of a hand-over file. */
function assessmentReport({ person, exported }, { report, assessment, corrections }, rubric, skills) {
  const { model, language, account } = assessment;
  const details = account.accepted ? assessment.competencies.map((competency) => detailedResult(competency, corrections, rubric, skills)) : [];
  const decided = assessment.competencies.every(({ id, level }) => level === null || corrections.some(({ competency }) => competency === id));
  return {
    documentId: report.id,
    assessmentSubject: { subjectId: { value: person, schemeId: 'as the person chose' } },
    assessmentResult: {
      ID: report.id,
      packageId: `${assessment.rubric.id}/${assessment.rubric.version}`,
      // No overall result: a mean over what one text happens to show is no measure of a person.
      assessmentDetailedResults: details,
      testInstance: {
        versionId: { value: model.sha256, schemeId: 'SHA-256 of the model', description: model.id },
        ...(language === 'zh' || language === 'en' ? { assessmentLanguageCode: language } : {}),
        testDate: report.date,
        testScoreIssuedDate: exported.slice(0, 10),
      },
      // Complete once a person has decided on every level; a text that the model refused has none.
      assessmentStatus: { assessmentStatusCode: !account.accepted ? 'OrderReviewRequired' : decided ? 'OrderComplete' : 'ScoredTestPendingReview' },
    },
  };
}

const { values, positionals } = parseArgs({ options: { rubric: { type: 'string' }, skills: { type: 'string' } }, allowPositionals: true });
if (positionals.length !== 1) {
  console.error('error: name one hand-over file; usage: report.mjs hand-over.json > reports.json');
  process.exit(2);
}
const rubric = readJson(values.rubric ?? join(data, 'rubric.json'));
const skills = readJson(values.skills ?? join(data, 'skills.json'));
const file = readJson(positionals[0]);
for (const [what, found] of [['hand-over file', file.rubric?.id], ['mapping', skills.rubric.id]]) {
  if (found === rubric.id) continue;
  console.error(`error: the ${what} was made for rubric ${JSON.stringify(found)}, not ${rubric.id}`);
  process.exit(1);
}
console.log(JSON.stringify(file.results.map((result) => assessmentReport(file, result, rubric, skills)), null, 2));
