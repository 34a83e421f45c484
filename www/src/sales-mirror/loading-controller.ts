/**
 * Loads everything that the widget needs: the model by the engine, the rest of the page, and the data that comes with
 * the model. Owns the element's share in the engine, from when the element is connected until it is removed, and loads
 * again what depends on an attribute that changed.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import { unless } from '../component/unless';
import { asFailure, type Failure, type LoadProgress, type ModelInfo } from '../engine/contract';
import { share, type Assessor } from '../engine/shared';
import { diagnose, Violations } from '../failure/diagnosis';
import { Trouble } from '../failure/trouble';
import type { Counting } from '../report/counting';
import type { DataController, DataHost } from './data-controller';
import type { FailureController } from './failure-controller';
import later from './later?chunk';
import laterInterview from './later-interview?chunk';
import laterTeam from './later-team?chunk';

export type { Assessor };

export interface LoadingHost extends DataHost, ReactiveControllerHost, EventTarget {
  /** URL of the model directory; empty for the default model. */
  readonly model: string;
  readonly workers: number | undefined;
  /** The public key with which the model's manifest has to be signed; empty if it need not be. */
  readonly modelKey: string;
}

/** The code that is fetched while the model loads; tests replace it. */
export interface Parts {
  readonly engine: (manifest: string, workers: number | undefined, key: string) => Assessor;
  readonly page: () => Promise<unknown>;
  readonly team: () => Promise<unknown>;
  readonly interview: () => Promise<unknown>;
}

const PARTS: Parts = {
  engine: share,
  page: later,
  team: laterTeam,
  interview: laterInterview,
};

/** What an element can be asked for, as it was when a loading began. */
type Setup = Pick<
  LoadingHost,
  'mode' | 'model' | 'modelKey' | 'workers' | 'rubric' | 'profile' | 'questions' | 'development'
>;

/** One loading of everything. */
interface Attempt {
  readonly setup: Setup;
  readonly done: Promise<void>;
  readonly cancel: () => void;
  over: boolean;
}

const same = (a: Setup, b: Setup, keys = Object.keys(a) as (keyof Setup)[]): boolean =>
  keys.every((key) => Object.is(a[key], b[key]));

export class LoadingController implements ReactiveController {
  engine: Assessor | undefined;
  loading = false;
  progress: LoadProgress | undefined;
  private info: ModelInfo | undefined;
  /** The newest loading; undefined while the element is not in a page. */
  private attempt: Attempt | undefined;
  /** What the engine and the data were asked for. */
  private setup: Setup | undefined;
  /** Set while the element is out of the page, perhaps only to be moved. */
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private readonly violations = new Violations();

  /** @param home URL of the folder that the script and the default model lie in */
  constructor(
    private readonly host: LoadingHost,
    private readonly home: string,
    private readonly data: DataController,
    private readonly failures: FailureController,
    private readonly parts: Parts = PARTS,
  ) {
    host.addController(this);
  }

  /** What leaves out of assessments what the rubric in use does not count, if anything. */
  get counting(): Counting | undefined {
    return this.data.counting;
  }

  hostConnected(): void {
    clearTimeout(this.leaving);
    this.violations.start();
    if (!this.attempt) void this.load().catch(() => undefined);
  }

  /** An element that is moved is removed and added again in one task; then everything goes on. */
  hostDisconnected(): void {
    this.violations.stop();
    this.leaving = setTimeout(() => {
      this.leave();
    });
  }

  hostUpdate(): void {
    if (this.attempt && !same(this.attempt.setup, this.asked)) void this.load().catch(() => undefined);
  }

  /**
   * Loads everything that is not loaded. Rejects with a Failure or a Trouble, which is then shown. If something else is
   * asked for meanwhile, that is waited for.
   */
  async load(): Promise<void> {
    let attempt = this.current();
    for (;;) {
      try {
        await attempt.done;
      } catch (thrown) {
        // After the element was removed, or if nothing newer was asked for.
        if (!this.attempt || this.attempt === attempt) throw thrown;
      }
      if (!this.attempt || this.attempt === attempt) return;
      ({ attempt } = this);
    }
  }

  /** Stops loading or assessing. */
  cancel(): void {
    this.attempt?.cancel();
    this.engine?.cancel();
  }

  /** The loading under way, if it is of what the element asks for; otherwise a new one. */
  private current(): Attempt {
    const setup = this.asked;
    if (this.attempt && !this.attempt.over && same(this.attempt.setup, setup)) return this.attempt;
    const abort = new AbortController();
    const { signal } = abort;
    const isNewest = () => this.attempt === attempt;
    const loadAll = () => unless(signal, this.loadAll(setup, isNewest));
    const done = Promise.resolve()
      .then(loadAll)
      // The browser may have kept what was answered for a script at an earlier visit; the second time the server is asked.
      .catch((thrown: unknown) => {
        if (!isNewest() || !isOfScript(thrown)) throw thrown;
        return loadAll();
      })
      .catch(async (thrown: unknown) => {
        const failure = thrown instanceof Trouble ? thrown : asFailure(thrown);
        if (!isNewest()) throw failure;
        const diagnosed = await diagnose(failure, manifest(setup.model, this.home) ?? '', this.violations);
        throw isNewest() ? this.failures.show(diagnosed) : diagnosed;
      })
      .finally(() => {
        attempt.over = true;
        if (!isNewest()) return;
        this.loading = false;
        this.host.requestUpdate();
      });
    const attempt: Attempt = {
      setup,
      done,
      cancel: () => {
        abort.abort({
          code: 'cancelled',
          message: 'the loading was cancelled',
          detail: null,
        } satisfies Failure);
      },
      over: false,
    };
    // Whoever loads sees the error.
    done.catch(() => undefined);
    this.attempt = attempt;
    this.loading = true;
    this.progress = undefined;
    this.host.requestUpdate();
    return attempt;
  }

  private async loadAll(setup: Setup, isNewest: () => boolean): Promise<void> {
    const engine = this.adopt(setup);
    const [{ rubric, model }] = await Promise.all([
      engine.load((progress) => {
        if (!isNewest()) return;
        this.progress = progress;
        this.host.requestUpdate();
        emit(this.host, 'sales-mirror-progress', progress);
      }),
      this.loadPage(setup),
    ]);
    await this.data.load(rubric);
    if (!isNewest()) return;
    // An empty text stays told: the person asked for its assessment while the model was loading.
    if (this.failures.shown?.code !== 'empty_text') this.failures.clear();
    const another = !this.info || this.info.sha256 !== model.sha256;
    this.info = model;
    if (another) emit(this.host, 'sales-mirror-ready', model);
  }

  /** Takes a share in the engine for the model, unless it has it, and has data loaded anew that was asked for otherwise. */
  private adopt(setup: Setup): Assessor {
    const before = this.setup;
    if (before && !same(before, setup)) this.data.reset();
    if (!before || !this.engine || !same(before, setup, ['model', 'modelKey', 'workers'])) {
      const url = manifest(setup.model, this.home);
      if (url === undefined) {
        const problem = 'the attribute model is to be the URL of a folder on the server of this page';
        throw new Trouble('model_invalid', `${setup.model}: ${problem}`, setup.model);
      }
      const old = this.engine;
      this.engine = this.parts.engine(url, setup.workers, setup.modelKey);
      old?.dispose();
    }
    this.setup = setup;
    return this.engine;
  }

  private leave(): void {
    this.attempt?.cancel();
    this.attempt = undefined;
    this.loading = false;
    this.engine?.dispose();
    this.engine = undefined;
  }

  private get asked(): Setup {
    const { mode, model, modelKey, workers, rubric, profile, questions, development } = this.host;
    return { mode, model, modelKey, workers, rubric, profile, questions, development };
  }

  /** The rest of the page; nothing is fetched after the model is ready. */
  private async loadPage({ mode }: Setup): Promise<void> {
    if (mode === 'headless') return;
    await Promise.all([
      this.parts.page(),
      mode === 'team' ? this.parts.team() : undefined,
      mode === 'candidate' ? this.parts.interview() : undefined,
    ]);
  }
}

/** URL of the manifest in a model directory; undefined if it is none, or lies on another server. */
function manifest(model: string, home: string): string | undefined {
  if (!model) return new URL('models/default/manifest.json', home).href;
  try {
    const directory = new URL(model, document.baseURI);
    if (directory.origin !== new URL(document.baseURI).origin) return undefined;
    return new URL('manifest.json', directory.href.replace(/\/?$/, '/')).href;
  } catch {
    return undefined;
  }
}

/** Whether a script did not arrive, or something else in its place. */
function isOfScript(thrown: unknown): boolean {
  const { code, detail } = asFailure(thrown);
  return code === 'network' && /\.js(\?|$)/.test(String(detail?.url));
}
