/**
 * cmi5: reads what the platform put into the address of the page, gets the token of the session, and sends statements to the
 * learning record store. @xapi/cmi5, the library for it, sends by XMLHttpRequest, which a browser stops when a page is left:
 * the statement "terminated" would be lost. These requests outlive the page (`keepalive`).
 */
import { inTime } from '../component/in-time';
import { record } from '../files/json';
import { note, PlatformError, scaled, type Platform, type SentLevel } from './platform';
import { isoDuration } from './time';

/** Milliseconds until an answer must have come. */
const LIMIT = 30_000;
const XAPI_VERSION = '1.0.3';

const VERBS = {
  initialized: verb('initialized'),
  completed: verb('completed'),
  terminated: verb('terminated'),
  scored: verb('scored'),
};
const CMI5 = category('cmi5');
/** In every statement by which the platform decides whether the activity is done. */
const MOVE_ON = category('moveon');

function verb(name: string) {
  return { id: `http://adlnet.gov/expapi/verbs/${name}`, display: { en: name } };
}

function category(name: string) {
  return { objectType: 'Activity', id: `https://w3id.org/xapi/cmi5/context/categories/${name}` };
}

type Fields = Readonly<Record<string, unknown>>;

/** What the platform puts into the address of the page. */
export interface Launch {
  /** With a slash at its end. */
  readonly endpoint: string;
  readonly fetch: string;
  readonly actor: Fields;
  readonly registration: string;
  readonly activityId: string;
}

const isWeb = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/**
 * @param query of the address of the page
 * @throws PlatformError no_platform where it has none of the parameters, launch_invalid where one is missing or wrong
 */
export function readLaunch(query: string): Launch {
  const parameters = new URLSearchParams(query);
  const names = ['endpoint', 'fetch', 'actor', 'registration', 'activityId'];
  if (!names.some((name) => parameters.has(name)))
    throw new PlatformError('no_platform', 'the address has none of the parameters of a cmi5 launch');
  const take = (name: string) => {
    const value = parameters.get(name);
    if (value) return value;
    throw new PlatformError('launch_invalid', `the parameter ${name} is missing`);
  };
  const [endpoint, token] = [take('endpoint'), take('fetch')];
  if (!isWeb(endpoint) || !isWeb(token))
    throw new PlatformError('launch_invalid', 'endpoint and fetch have to be addresses with http or https');
  const actor = record(parsed(take('actor')));
  if (!record(actor?.account)) throw new PlatformError('launch_invalid', 'the actor has no account');
  return {
    endpoint: endpoint.endsWith('/') ? endpoint : `${endpoint}/`,
    fetch: token,
    actor: actor ?? {},
    registration: take('registration'),
    activityId: take('activityId'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a request. @throws PlatformError unreachable, refused; a status in `allowed` is none */
async function ask(url: string, options: RequestInit, allowed: readonly number[] = []): Promise<Response> {
  const name = `${options.method ?? 'GET'} ${url}`;
  const late = new PlatformError('unreachable', `${name}: no answer in ${LIMIT} ms`);
  let answer: Response;
  try {
    answer = await inTime(fetch(url, { ...options, cache: 'no-store', credentials: 'omit' }), LIMIT, late);
  } catch (thrown) {
    throw thrown instanceof PlatformError
      ? thrown
      : new PlatformError('unreachable', `${name}: ${String(thrown)}`);
  }
  if (answer.ok || allowed.includes(answer.status)) return answer;
  throw new PlatformError('refused', `${name}: status ${answer.status}`);
}

async function json(answer: Response): Promise<Fields> {
  return record(parsed(await answer.text())) ?? {};
}

/**
 * Opens a session with the platform: the token, the launch data, the person's preferences, and the statement "initialized".
 * @throws PlatformError
 */
export async function connectCmi5(query: string = location.search): Promise<Platform> {
  const launch = readLaunch(query);
  const answer = await json(await ask(launch.fetch, { method: 'POST' }));
  const token = answer['auth-token'];
  if (typeof token !== 'string') {
    const code = answer['error-code'] === '1' ? 'session_over' : 'refused';
    throw new PlatformError(code, `no token: ${JSON.stringify(answer)}`);
  }
  const store = new Store(launch, token);
  const data = await store.get('activities/state', {
    ...{ activityId: launch.activityId, agent: JSON.stringify(launch.actor) },
    ...{ registration: launch.registration, stateId: 'LMS.LaunchData' },
  });
  if (!data) throw new PlatformError('launch_invalid', 'the store has no LMS.LaunchData');
  const preferences = await store.preferences();
  const records = data.launchMode !== 'Browse' && data.launchMode !== 'Review';
  const platform = new Cmi5Platform(store, launch, data, records, preferences, await store.hasCompleted());
  await platform.begin();
  return platform;
}

/** The learning record store, for one session. */
class Store {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly launch: Launch,
    token: string,
  ) {
    this.headers = { Authorization: `Basic ${token}`, 'X-Experience-API-Version': XAPI_VERSION };
  }

  /** Undefined if there is no such document. */
  async get(path: string, parameters: Readonly<Record<string, string>>): Promise<Fields | undefined> {
    const url = `${this.launch.endpoint}${path}?${new URLSearchParams(parameters).toString()}`;
    const answer = await ask(url, { headers: this.headers }, [404]);
    return answer.ok ? json(answer) : undefined;
  }

  /** The languages that the person prefers. A platform may keep them to itself. */
  async preferences(): Promise<string> {
    const found = await this.get('agents/profile', {
      ...{ agent: JSON.stringify(this.launch.actor), profileId: 'cmi5LearnerPreferences' },
    }).catch(() => undefined);
    const languages = found?.languagePreference;
    return typeof languages === 'string' ? (languages.split(',')[0]?.trim() ?? '') : '';
  }

  /** Whether "completed" was sent in an earlier session: it must not be sent twice. A platform may keep that to itself. */
  async hasCompleted(): Promise<boolean> {
    const found = await this.get('statements', {
      ...{ agent: JSON.stringify(this.launch.actor), registration: this.launch.registration },
      ...{ activity: this.launch.activityId, verb: VERBS.completed.id, limit: '1' },
    }).catch(() => undefined);
    return Array.isArray(found?.statements) && found.statements.length > 0;
  }

  async add(statements: readonly Fields[]): Promise<void> {
    await ask(`${this.launch.endpoint}statements`, {
      method: 'POST',
      headers: { ...this.headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(statements.length === 1 ? statements[0] : statements),
      keepalive: true,
    });
  }
}

class Cmi5Platform implements Platform {
  readonly recipient: string;
  readonly notes = true;
  readonly returnTo: string | undefined;
  private readonly began = performance.now();
  private ended = false;

  constructor(
    private readonly store: Store,
    private readonly launch: Launch,
    private readonly data: Fields,
    readonly records: boolean,
    readonly language: string,
    public completed: boolean,
  ) {
    this.recipient = new URL(launch.endpoint).host;
    const { returnURL } = data;
    // Never a script: the address comes from outside.
    this.returnTo = typeof returnURL === 'string' && isWeb(returnURL) ? returnURL : undefined;
  }

  begin(): Promise<void> {
    return this.store.add([this.defined('initialized')]);
  }

  async complete(): Promise<void> {
    this.mustGoOn();
    await this.store.add([
      this.defined('completed', { completion: true, duration: this.duration }, [MOVE_ON]),
    ]);
    this.completed = true;
  }

  async send(levels: readonly SentLevel[]): Promise<void> {
    this.mustGoOn();
    await this.store.add(levels.map((level) => this.levelOf(level)));
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    // Nobody is there any more to be told that it failed.
    void this.store.add([this.defined('terminated', { duration: this.duration })]).catch(() => undefined);
  }

  private mustGoOn(): void {
    if (this.ended) throw new PlatformError('session_over', 'the session was ended');
  }

  private get duration(): string {
    return isoDuration(performance.now() - this.began);
  }

  /** A statement of which cmi5 says what it means. */
  private defined(name: keyof typeof VERBS, result?: Fields, categories: readonly Fields[] = []): Fields {
    const object = { objectType: 'Activity', id: this.launch.activityId };
    return this.statement(name, object, result, [CMI5, ...categories]);
  }

  /** One level: a statement that cmi5 allows, and by which no platform decides anything. */
  private levelOf(level: SentLevel): Fields {
    const { activityId } = this.launch;
    const object = {
      objectType: 'Activity',
      id: `${activityId}${activityId.includes('#') ? '/' : '#'}${level.id}`,
      definition: {
        type: 'http://adlnet.gov/expapi/activities/objective',
        name: level.name,
        description: note,
      },
    };
    const score = { scaled: scaled(level), raw: level.level, min: level.min, max: level.max };
    return this.statement('scored', object, { score }, [], {
      parent: [{ objectType: 'Activity', id: activityId }],
    });
  }

  private statement(
    name: keyof typeof VERBS,
    object: Fields,
    result: Fields | undefined,
    categories: readonly Fields[],
    activities: Fields = {},
  ): Fields {
    const template = record(this.data.contextTemplate) ?? {};
    const given = record(template.contextActivities) ?? {};
    const before = Array.isArray(given.category) ? (given.category as unknown[]) : [];
    const category = [...before, ...categories];
    return {
      id: uuid(),
      timestamp: new Date().toISOString(),
      actor: this.launch.actor,
      verb: VERBS[name],
      object,
      ...(result ? { result } : {}),
      context: {
        ...template,
        registration: this.launch.registration,
        contextActivities: { ...given, ...activities, ...(category.length ? { category } : {}) },
      },
    };
  }
}

/** A random UUID. crypto.randomUUID exists in secure contexts only. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (byte, i) => {
    const marked = i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
