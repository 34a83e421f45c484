/**
 * Owns the data that comes with the model: the rubric in use, the role profiles with the one that is chosen, the questions
 * of interviews, and the texts of development plans. What cannot be read of these leaves the rest working.
 */
import type { ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import type { QuestionSet } from '../interview/questions';
import { LANGUAGES } from '../languages';
import type { Code } from '../languages/text';
import type { Development } from '../plan/development';
import type { Profile } from '../profile/profile';
import { fetchDevelopment, fetchProfile, fetchQuestions, fetchRubric } from './data';
import type { Mode } from './mode';

export interface DataHost extends ReactiveControllerHost, EventTarget {
  readonly mode: Mode;
  /** URL of a rubric; empty for the model's own. */
  readonly rubric: string;
  /** URLs of role profiles, separated by spaces; empty for the shipped ones. */
  readonly profile: string;
  /** URLs of question sets, separated by spaces; empty for the shipped ones. */
  readonly questions: string;
  /** URL of a folder with the texts of development plans; empty for the shipped ones. */
  readonly development: string;
}

/** The rubric that the shipped profiles and questions are made for. */
const SHIPPED_RUBRIC = 'sales-competency';
const SHIPPED_PROFILES = ['inside-sales', 'key-account-manager', 'sales-team-lead'];
const SHIPPED_QUESTIONS = ['field-sales', 'inside-sales', 'key-account'];

const absolute = (url: string) => new URL(url, document.baseURI).href;

export class DataController {
  /** The rubric in use, once everything is loaded. */
  rubric: Rubric | undefined;
  profiles: readonly Profile[] = [];
  /** The profile to compare with. */
  profile: Profile | null = null;
  /** The sets of questions that an interviewer can choose from. */
  questions: readonly QuestionSet[] = [];
  /** The texts of development plans by language, or why there are none. */
  advice: Partial<Record<Code, Development | Trouble>> = {};
  /** Why profiles or questions could not be read. */
  troubles: readonly Trouble[] = [];
  private loaded: Promise<void> | undefined;

  /** @param home URL of the folder that the script and the shipped data lie in */
  constructor(
    private readonly host: DataHost,
    private readonly home: string,
  ) {}

  /** Fetches the data unless it is there. Rejects with a Trouble if the rubric cannot be used. */
  load(model: Rubric): Promise<void> {
    this.loaded ??= this.fetch(model).catch((trouble: unknown) => {
      this.loaded = undefined;
      throw trouble;
    });
    return this.loaded;
  }

  /** Has the next {@link load} fetch the data again. */
  reset(): void {
    this.loaded = undefined;
  }

  /** Chooses a profile by its id; an empty id chooses none. */
  choose(id: string): void {
    this.profile = this.profiles.find((profile) => profile.id === id) ?? null;
    this.host.requestUpdate();
  }

  private async fetch(model: Rubric): Promise<void> {
    const { mode } = this.host;
    const rubric = this.host.rubric ? await fetchRubric(absolute(this.host.rubric), model) : model;
    if (mode !== 'headless') {
      const [profiles, questions] = await Promise.all([
        this.fetchListed(this.host.profile, 'profiles', SHIPPED_PROFILES, rubric, fetchProfile),
        mode === 'candidate'
          ? this.fetchListed(this.host.questions, 'questions', SHIPPED_QUESTIONS, rubric, fetchQuestions)
          : undefined,
        mode === 'self' ? this.fetchAdvice(rubric) : undefined,
      ]);
      this.profiles = profiles.found;
      if (profiles.own === 1) this.profile = profiles.found[0] ?? null;
      this.questions = questions?.found ?? [];
      this.troubles = [...profiles.troubles, ...(questions?.troubles ?? [])];
      for (const trouble of this.troubles) emit(this.host, 'sales-mirror-error', trouble);
    }
    this.rubric = rubric;
    this.host.requestUpdate();
  }

  /**
   * Fetches the files that an attribute lists, or the shipped ones where it lists none.
   * @param listed URLs, separated by spaces
   */
  private async fetchListed<T>(
    listed: string,
    folder: string,
    shipped: readonly string[],
    rubric: Rubric,
    fetchOne: (url: string, rubric: Rubric) => Promise<T>,
  ): Promise<{ readonly found: readonly T[]; readonly troubles: readonly Trouble[]; readonly own: number }> {
    const own = listed.split(/\s+/).filter(Boolean).map(absolute);
    const urls = own.length ? own : shipped.map((id) => `${this.home}${folder}/${id}.json`);
    const answers = await Promise.allSettled(urls.map((url) => fetchOne(url, rubric)));
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const failed = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as Trouble] : [],
    );
    // With a rubric of another kind, the shipped files cannot be used, and nobody asked for them.
    const troubles = own.length || rubric.id === SHIPPED_RUBRIC ? failed : [];
    return { found, troubles, own: own.length };
  }

  /** Fetches the plans of all languages: the person may switch later, when nothing is fetched any more. */
  private async fetchAdvice(rubric: Rubric): Promise<void> {
    const { development } = this.host;
    const folder = development ? absolute(development.replace(/\/?$/, '/')) : `${this.home}development/`;
    const codes = Object.keys(LANGUAGES) as Code[];
    const found = codes.map(async (code) => {
      const advice = fetchDevelopment(`${folder}${code}.json`, rubric, code);
      return [code, await advice.catch((trouble: unknown) => trouble as Trouble)] as const;
    });
    this.advice = Object.fromEntries(await Promise.all(found));
  }
}
