/**
 * Loads everything that the widget needs: the model by the engine, the rest of the page, and the data that comes with
 * the model. Owns the engine, from when the element is connected until it is removed.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import { asFailure, type Failure, type LoadProgress, type ModelInfo } from '../engine/contract';
import { Engine } from '../engine/engine';
import { diagnose, Violations } from '../failure/diagnosis';
import { Trouble } from '../failure/trouble';
import type { DataController } from './data-controller';
import type { FailureController } from './failure-controller';
import type { Mode } from './mode';

export interface LoadingHost extends ReactiveControllerHost, EventTarget {
  readonly mode: Mode;
  /** URL of the model directory; empty for the default model. */
  readonly model: string;
  readonly workers: number | undefined;
}

/** What the controllers ask of the engine. */
export type Assessor = Pick<Engine, 'load' | 'assess' | 'assessAll' | 'cancel' | 'dispose'>;

/** The code that is fetched while the model loads; tests replace it. */
export interface Parts {
  readonly engine: (manifest: string, workers: number | undefined) => Assessor;
  readonly page: () => Promise<unknown>;
  readonly team: () => Promise<unknown>;
  readonly interview: () => Promise<unknown>;
}

const PARTS: Parts = {
  engine: (manifest, workers) => new Engine(manifest, workers),
  page: () => import('./later'),
  team: () => import('./later-team'),
  interview: () => import('./later-interview'),
};

export class LoadingController implements ReactiveController {
  engine: Assessor | undefined;
  loading = false;
  progress: LoadProgress | undefined;
  private info: ModelInfo | undefined;
  private page: Promise<unknown> | undefined;
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

  hostConnected(): void {
    this.violations.start();
    void this.load().catch(() => undefined);
  }

  hostDisconnected(): void {
    this.violations.stop();
    this.engine?.dispose();
    this.engine = undefined;
  }

  /** Loads everything that is not loaded. Rejects with a Failure or a Trouble, which is then shown. */
  async load(): Promise<void> {
    const engine = (this.engine ??= this.parts.engine(this.manifest, this.host.workers));
    this.loading = true;
    this.progress = undefined;
    this.host.requestUpdate();
    try {
      const [{ rubric, model }] = await Promise.all([
        engine.load((progress) => {
          this.progress = progress;
          this.host.requestUpdate();
          emit(this.host, 'sales-mirror-progress', progress);
        }),
        this.loadPage(),
      ]);
      await this.data.load(rubric);
      // An empty text stays told: the person asked for its assessment while the model was loading.
      if (this.failures.shown?.code !== 'empty_text') this.failures.clear();
      const first = this.info === undefined;
      this.info = model;
      if (first) emit(this.host, 'sales-mirror-ready', model);
    } catch (thrown) {
      const failure = thrown instanceof Trouble ? thrown : asFailure(thrown);
      throw this.failures.show(await diagnose(failure, this.manifest, this.violations));
    } finally {
      this.loading = false;
      this.host.requestUpdate();
    }
  }

  /** Loads what another mode needs, once something is loaded at all. */
  changeMode(): void {
    if (!this.data.rubric) return;
    this.page = undefined;
    this.data.reset();
    void this.load().catch(() => undefined);
  }

  private get manifest(): string {
    const { model } = this.host;
    const directory = model ? new URL(model, document.baseURI) : new URL('models/default/', this.home);
    return new URL('manifest.json', directory.href.replace(/\/?$/, '/')).href;
  }

  /** The rest of the page; nothing is fetched after the model is ready. */
  private loadPage(): Promise<unknown> {
    const { mode } = this.host;
    if (mode === 'headless') return Promise.resolve();
    const team = mode === 'team' ? this.parts.team() : undefined;
    const interview = mode === 'candidate' ? this.parts.interview() : undefined;
    this.page ??= Promise.all([this.parts.page(), team, interview]).catch((thrown: unknown) => {
      this.page = undefined;
      throw { code: 'network', message: String(thrown), detail: null } satisfies Failure;
    });
    return this.page;
  }
}
