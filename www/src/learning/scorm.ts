/**
 * SCORM 1.2 and SCORM 2004 (4th edition): finds the API of the platform in the windows around this one, and speaks its run-time
 * data model. There is no typed client among the npm packages that is kept up; what the page needs of it is little.
 */
import type { Code } from '../languages/text';
import { note, PlatformError, scaled, type Platform, type SentLevel, type Standard } from './platform';
import { isoDuration, timespan } from './time';

/** How many windows up SCORM 2004 has content look; SCORM 1.2 has seven, and an endless loop is excluded either way. */
const MOST_PARENTS = 500;

type ScormStandard = Exclude<Standard, 'cmi5'>;

/** What differs between the two versions. */
interface Version {
  /** The name of the API in its window. */
  readonly api: string;
  readonly functions: Readonly<
    Record<'initialize' | 'terminate' | 'get' | 'set' | 'commit' | 'error' | 'errorText', string>
  >;
  readonly status: string;
  readonly language: string;
  readonly mode: string;
  readonly exit: string;
  readonly sessionTime: string;
  readonly duration: (milliseconds: number) => string;
  /** How a session ends whose activity is completed. */
  readonly finished: string;
  /** Whether an objective has a scaled score and a description. */
  readonly rich: boolean;
}

const VERSIONS: Readonly<Record<ScormStandard, Version>> = {
  scorm12: {
    api: 'API',
    functions: {
      ...{ initialize: 'LMSInitialize', terminate: 'LMSFinish', get: 'LMSGetValue', set: 'LMSSetValue' },
      ...{ commit: 'LMSCommit', error: 'LMSGetLastError', errorText: 'LMSGetErrorString' },
    },
    status: 'cmi.core.lesson_status',
    language: 'cmi.student_preference.language',
    mode: 'cmi.core.lesson_mode',
    exit: 'cmi.core.exit',
    sessionTime: 'cmi.core.session_time',
    duration: timespan,
    finished: '',
    rich: false,
  },
  scorm2004: {
    api: 'API_1484_11',
    functions: {
      ...{ initialize: 'Initialize', terminate: 'Terminate', get: 'GetValue', set: 'SetValue' },
      ...{ commit: 'Commit', error: 'GetLastError', errorText: 'GetErrorString' },
    },
    status: 'cmi.completion_status',
    language: 'cmi.learner_preference.language',
    mode: 'cmi.mode',
    exit: 'cmi.exit',
    sessionTime: 'cmi.session_time',
    duration: isoDuration,
    finished: 'normal',
    rich: true,
  },
};

/** An API as JavaScript sees it: some platforms answer with booleans and numbers where the standard has strings. */
type Api = Readonly<Record<string, (...values: string[]) => string | number | boolean | null | undefined>>;

interface Found {
  readonly api: Api;
  readonly home: Window;
}

/** A window of another origin does not say what it has. */
function apiOf(home: Window, name: string): Api | undefined {
  try {
    return (home as unknown as Record<string, Api | undefined>)[name] ?? undefined;
  } catch {
    return undefined;
  }
}

function amongParents(from: Window | null, name: string): Found | undefined {
  for (let home = from, i = 0; home && i <= MOST_PARENTS; i++) {
    const api = apiOf(home, name);
    if (api) return { api, home };
    if (home.parent === home) return undefined;
    home = home.parent;
  }
  return undefined;
}

/** The API in this window, those around it, or else those around the one that opened it. */
export function findApi(own: Window, standard: ScormStandard): Found | undefined {
  const { api } = VERSIONS[standard];
  return amongParents(own, api) ?? amongParents(own.opener as Window | null, api);
}

/** Calls an API, and makes of its answers what the standard says they are. */
class Runtime {
  constructor(
    private readonly api: Api,
    private readonly version: Version,
  ) {}

  call(name: keyof Version['functions'], ...values: string[]): string {
    // A method: platforms use `this`.
    return String(this.api[this.version.functions[name]]?.(...values) ?? '');
  }

  /** Empty where the platform does not have the element. */
  get(element: string): string {
    return this.call('get', element);
  }

  set(element: string, value: string): void {
    this.must('set', element, value);
  }

  /** @throws PlatformError refused */
  must(name: keyof Version['functions'], ...values: string[]): void {
    const answer = this.call(name, ...values);
    if (answer !== 'true')
      throw new PlatformError('refused', `${name}(${values.join(', ')}): ${this.error()}`);
  }

  error(): string {
    const code = this.call('error');
    return `error ${code}, ${this.call('errorText', code)}`;
  }
}

/**
 * Opens a session with the platform.
 * @throws PlatformError no_platform, session_over
 */
export function connectScorm(standard: ScormStandard, own: Window = window): Platform {
  const found = findApi(own, standard);
  if (!found)
    throw new PlatformError('no_platform', `no window around this one has ${VERSIONS[standard].api}`);
  return new ScormPlatform(new Runtime(found.api, VERSIONS[standard]), VERSIONS[standard], found.home);
}

class ScormPlatform implements Platform {
  readonly recipient: string;
  readonly language: string;
  readonly records: boolean;
  readonly notes: boolean;
  readonly returnTo = undefined;
  completed: boolean;
  private readonly began = performance.now();
  private ended = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly version: Version,
    home: Window,
  ) {
    if (runtime.call('initialize', '') !== 'true') throw new PlatformError('session_over', runtime.error());
    this.recipient = home.location.host;
    this.language = runtime.get(version.language);
    this.records = !['browse', 'review'].includes(runtime.get(version.mode));
    this.notes = version.rich;
    const status = runtime.get(version.status);
    // `passed` and `failed` are those of SCORM 1.2, where a platform may have made them of an earlier `completed`.
    this.completed = ['completed', 'passed', 'failed'].includes(status);
    // A platform that is told nothing takes what was merely opened for completed.
    if (this.records && !this.completed) this.attempt(version.status, 'incomplete');
  }

  complete(): Promise<void> {
    return this.report(() => {
      this.runtime.set(this.version.status, 'completed');
      this.completed = true;
    });
  }

  send(levels: readonly SentLevel[], language: Code): Promise<void> {
    return this.report(() => {
      const count = Number(this.runtime.get('cmi.objectives._count'));
      const ids = Array.from({ length: count || 0 }, (_, i) => this.runtime.get(`cmi.objectives.${i}.id`));
      for (const level of levels) {
        if (!ids.includes(level.id)) this.begin(ids.push(level.id) - 1, level.id);
        this.write(`cmi.objectives.${ids.indexOf(level.id)}`, level, language);
      }
    });
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    const { runtime, version } = this;
    if (this.records) {
      this.attempt(version.sessionTime, version.duration(performance.now() - this.began));
      // Suspended, the same attempt goes on the next time, and does not count as another one.
      this.attempt(version.exit, this.completed ? version.finished : 'suspend');
    }
    runtime.call('terminate', '');
  }

  private begin(index: number, id: string): void {
    try {
      this.runtime.set(`cmi.objectives.${index}.id`, id);
    } catch (thrown) {
      throw new PlatformError('levels_unsupported', String(thrown));
    }
  }

  private write(objective: string, level: SentLevel, language: Code): void {
    const { runtime, version } = this;
    runtime.set(`${objective}.score.min`, String(level.min));
    runtime.set(`${objective}.score.max`, String(level.max));
    runtime.set(`${objective}.score.raw`, String(level.level));
    if (!version.rich) return;
    runtime.set(`${objective}.score.scaled`, String(scaled(level)));
    runtime.set(`${objective}.description`, `{lang=${language}}${note[language]}`);
  }

  /** Reports something and has the platform store it. The API answers at once; what is thrown here rejects. */
  private report(work: () => void): Promise<void> {
    return new Promise((done) => {
      if (this.ended) throw new PlatformError('session_over', 'the session was ended');
      work();
      this.runtime.must('commit', '');
      done();
    });
  }

  /** Sets what may fail without anybody having to know: the session goes on without it. */
  private attempt(element: string, value: string): void {
    try {
      this.runtime.set(element, value);
    } catch (thrown) {
      console.warn(`the learning platform did not take ${element}`, thrown);
    }
  }
}
