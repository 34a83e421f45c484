/** Fetches and checks what comes with the model: a rubric in the company's own words, role profiles, questions, and texts of plans. */
import { fetchFile, isPage } from '../component/fetch-file';
import { inTime } from '../component/in-time';
import type { Rubric } from '../engine/contract';
import { asTrouble, Trouble, type TroubleCode } from '../failure/trouble';
import type { QuestionSet } from '../interview/questions';
import questions from '../interview/questions?chunk';
import type { Code } from '../languages/text';
import { packagedData, PACKAGE } from '../package/contents';
import { asDevelopment, type Development } from '../plan/development';
import { asProfile, type Profile } from '../profile/profile';
import type { OwnRubric } from '../report/own-rubric';
import ownRubric from '../report/own-rubric?chunk';

/** How long a server may take for such a file, in milliseconds. */
const LIMIT_MILLISECONDS = 30_000;

/** Fetches a JSON file. Rejects with a Trouble of the given code, or `data_missing` if the server does not deliver it. */
export async function fetchJson(url: string, code: TroubleCode): Promise<unknown> {
  const about = new URL(url).pathname.split('/').pop() ?? url;
  const missing = (problem: string) => new Trouble('data_missing', `${url}: ${problem}`, about);
  let text: string;
  try {
    if (url.startsWith(PACKAGE)) {
      const content = await inTime(packagedData(url), LIMIT_MILLISECONDS, missing('it did not arrive'));
      if (!content) throw new Trouble(code, `${url}: the package has no such file`, about);
      return content;
    }
    const response = await fetchFile(url, { signal: AbortSignal.timeout(LIMIT_MILLISECONDS) });
    if (response.status === 404) throw new Trouble(code, `${url}: status 404`, about);
    if (!response.ok) throw missing(`status ${response.status}`);
    if (isPage(response)) throw missing('the server answered with a web page');
    text = await response.text();
  } catch (thrown) {
    throw thrown instanceof Trouble ? thrown : missing(String(thrown));
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw asTrouble(thrown, code, about);
  }
}

/** Takes a rubric, or fetches it, that replaces the model's: other words, but the same competencies and levels. */
export async function fetchRubric(from: string | Rubric, model: Rubric): Promise<OwnRubric> {
  const value = typeof from === 'string' ? await fetchJson(from, 'rubric_invalid') : from;
  const { asOwnRubric } = (await ownRubric()) as typeof import('../report/own-rubric');
  return asOwnRubric(value, model, typeof from === 'string' ? from : from.id);
}

export async function fetchProfile(url: string, rubric: Rubric): Promise<Profile> {
  return asProfile(await fetchJson(url, 'profile_invalid'), rubric, url.split('/').pop() ?? url);
}

export async function fetchQuestions(url: string, rubric: Rubric): Promise<QuestionSet> {
  const value = await fetchJson(url, 'questions_invalid');
  const { asQuestionSet } = (await questions()) as typeof import('../interview/questions');
  return asQuestionSet(value, rubric, url.split('/').pop() ?? url);
}

export async function fetchDevelopment(url: string, rubric: Rubric, language: Code): Promise<Development> {
  const value = await fetchJson(url, 'development_invalid');
  return asDevelopment(value, rubric, language, url.split('/').pop() ?? url);
}
