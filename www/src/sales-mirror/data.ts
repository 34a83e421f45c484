/** Fetches and checks what comes with the model: a rubric in the company's own words, role profiles, and texts of plans. */
import type { Competency, Rubric } from '../engine/contract';
import { asTrouble, Trouble, type TroubleCode } from '../failure/trouble';
import type { Code } from '../languages/text';
import { packagedData, PACKAGE } from '../package/contents';
import { asDevelopment, type Development } from '../plan/development';
import { asProfile, type Profile } from '../profile/profile';

/** Fetches a JSON file. Rejects with a Trouble of the given code. */
export async function fetchJson(url: string, code: TroubleCode): Promise<unknown> {
  const about = new URL(url).pathname.split('/').pop() ?? url;
  try {
    if (url.startsWith(PACKAGE)) return await packagedData(url);
    const response = await fetch(url);
    if (!response.ok) throw new Trouble(code, `${url}: status ${response.status}`, about);
    return await response.json();
  } catch (thrown) {
    throw asTrouble(thrown, code, about);
  }
}

/** Fetches a rubric that replaces the model's: other words, but the same competencies and levels. */
export async function fetchRubric(url: string, model: Rubric): Promise<Rubric> {
  const rubric = (await fetchJson(url, 'rubric_invalid')) as Partial<Rubric> | null;
  const fail = (problem: string) => new Trouble('rubric_invalid', `${url}: ${problem}`);
  if (!rubric || !Array.isArray(rubric.competencies) || !rubric.scale)
    throw fail('expected a rubric with a scale and competencies');
  const ids = (of: Pick<Rubric, 'competencies'>) => of.competencies.map(({ id }) => id).join(', ');
  const own = rubric as Rubric;
  if (own.id !== model.id) throw fail(`its id is ${own.id}, the model was trained with ${model.id}`);
  if (ids(own) !== ids(model)) throw fail(`its competencies are ${ids(own)}, the model's are ${ids(model)}`);
  if (own.scale.min !== model.scale.min || own.scale.max !== model.scale.max)
    throw fail(
      `its scale is ${own.scale.min} to ${own.scale.max}, the model's is ${model.scale.min} to ${model.scale.max}`,
    );
  for (const competency of own.competencies) {
    const { name, levels } = competency as Partial<Competency>;
    if (!name || !Array.isArray(levels)) throw fail(`competency ${competency.id} lacks a name or levels`);
  }
  return own;
}

export async function fetchProfile(url: string, rubric: Rubric): Promise<Profile> {
  return asProfile(await fetchJson(url, 'profile_invalid'), rubric, url.split('/').pop() ?? url);
}

export async function fetchDevelopment(url: string, rubric: Rubric, language: Code): Promise<Development> {
  return asDevelopment(
    await fetchJson(url, 'development_invalid'),
    rubric,
    language,
    url.split('/').pop() ?? url,
  );
}
