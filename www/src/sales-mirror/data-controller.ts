/**
 * Owns the data that comes with the model: the rubric in use, the role profiles with the one that is chosen, the questions
 * of interviews, and the texts of development plans. What cannot be read of these leaves the rest working.
 */
import type { ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble, type TroubleCode } from '../failure/trouble';
import type { QuestionSet } from '../interview/questions';
import { LANGUAGES } from '../languages';
import type { Code } from '../languages/text';
import type { Development } from '../plan/development';
import type { Profile } from '../profile/profile';
import type { Counting } from '../report/counting';
import type { OwnRubric } from '../report/own-rubric';
import { SHIPPED_RUBRIC } from '../samples/samples';
import { fetchDevelopment, fetchProfile, fetchQuestions, fetchRubric } from './data';
import type { Mode } from './mode';

export interface DataHost extends ReactiveControllerHost, EventTarget {
  readonly mode: Mode;
  /** A rubric or its URL; empty for the model's own. */
  readonly rubric: string | Rubric;
  /** URLs of role profiles, separated by spaces; empty for the shipped ones. */
  readonly profile: string;
  /** URLs of question sets, separated by spaces; empty for the shipped ones. */
  readonly questions: string;
  /** URL of a folder with the texts of development plans; empty for the shipped ones. */
  readonly development: string;
}

const SHIPPED_PROFILES = ['inside-sales', 'key-account-manager', 'sales-team-lead'];
const SHIPPED_QUESTIONS = ['field-sales', 'inside-sales', 'key-account'];

/** Throws a Trouble of the given code if what was set is no URL. */
function absolute(url: string, code: TroubleCode): string {
  try {
    return new URL(url, document.baseURI).href;
  } catch (thrown) {
    throw asTrouble(thrown, code, url);
  }
}

/** The files that were asked for. */
interface Listed<T> {
  readonly found: readonly T[];
  /** Why the others could not be read. */
  readonly troubles: readonly Trouble[];
  /** Whether the company set a single one. */
  readonly only: boolean;
}

export class DataController {
  /** The rubric in use, once everything is loaded. */
  rubric: Rubric | undefined;
  /** What leaves out of assessments what the rubric does not count, if anything. */
  counting: Counting | undefined;
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
  /** Counts what was asked for. */
  private turn = 0;

  /** @param home URL of the folder that the script and the shipped data lie in */
  constructor(
    private readonly host: DataHost,
    private readonly home: string,
  ) {}

  /** Fetches the data unless it is there. Rejects with a Trouble if the rubric cannot be used. */
  load(model: Rubric): Promise<void> {
    const loaded = (this.loaded ??= this.fetch(model).catch((trouble: unknown) => {
      if (this.loaded === loaded) this.loaded = undefined;
      throw trouble;
    }));
    return loaded;
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
    const turn = ++this.turn;
    const { mode } = this.host;
    const own = this.host.rubric;
    const { rubric, counting }: OwnRubric = own
      ? await fetchRubric(typeof own === 'string' ? absolute(own, 'rubric_invalid') : own, model)
      : { rubric: model };
    const [profiles, questions, advice] = await Promise.all([
      mode === 'headless'
        ? undefined
        : this.fetchListed('profile', SHIPPED_PROFILES, 'profile_invalid', rubric, fetchProfile),
      mode === 'candidate'
        ? this.fetchListed('questions', SHIPPED_QUESTIONS, 'questions_invalid', rubric, fetchQuestions)
        : undefined,
      mode === 'self' ? this.fetchAdvice(rubric) : undefined,
    ]);
    // What was asked for before something else was is of no use any more.
    if (turn !== this.turn) return;
    if (profiles) this.adopt(profiles);
    this.questions = questions?.found ?? [];
    if (advice) this.advice = advice;
    this.troubles = [...(profiles?.troubles ?? []), ...(questions?.troubles ?? [])];
    for (const trouble of this.troubles) emit(this.host, 'sales-mirror-error', trouble);
    this.rubric = rubric;
    this.counting = counting;
    this.host.requestUpdate();
  }

  /** Fetches the files that an attribute lists, or the shipped ones where it lists none. */
  private async fetchListed<T>(
    attribute: 'profile' | 'questions',
    shipped: readonly string[],
    code: TroubleCode,
    rubric: Rubric,
    fetchOne: (url: string, rubric: Rubric) => Promise<T>,
  ): Promise<Listed<T>> {
    const own = this.host[attribute].split(/\s+/).filter(Boolean);
    const folder = attribute === 'profile' ? 'profiles' : 'questions';
    const names = own.length ? own : shipped.map((id) => `${this.home}${folder}/${id}.json`);
    const answers = await Promise.allSettled(
      names.map(async (name) => fetchOne(absolute(name, code), rubric)),
    );
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const failed = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as Trouble] : [],
    );
    // With a rubric of another kind, the shipped files cannot be used, and nobody asked for them.
    const troubles = own.length || rubric.id === SHIPPED_RUBRIC ? failed : [];
    return { found, troubles, only: own.length === 1 };
  }

  private adopt({ found, only }: Listed<Profile>): void {
    const chosen = this.profile?.id;
    this.profiles = found;
    this.profile = (only ? found[0] : found.find(({ id }) => id === chosen)) ?? null;
  }

  /** Fetches the plans of all languages: the person may switch later, when nothing is fetched any more. */
  private async fetchAdvice(rubric: Rubric): Promise<DataController['advice']> {
    const { development } = this.host;
    const folder = development ? development.replace(/\/?$/, '/') : `${this.home}development/`;
    const codes = Object.keys(LANGUAGES) as Code[];
    const found = codes.map(async (code) => {
      const fetched = async () =>
        fetchDevelopment(absolute(`${folder}${code}.json`, 'development_invalid'), rubric, code);
      return [code, await fetched().catch((trouble: unknown) => trouble as Trouble)] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }
}
