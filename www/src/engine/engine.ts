/**
 * The page's side of the worker. It starts the worker and restarts it after a crash, loads the model at most once at a
 * time, and lets the newest assessment win.
 */
import { proxy, wrap, type Remote } from 'comlink';
import { startWorker } from '../component/own-script';
import { modelSource } from '../package/contents';
import { asFailure, type AssessProgress, type Assessment, type Failure, type LoadProgress } from './contract';
import { engineFiles, workerScript } from './files';
import { poolSize } from './pool';
import type { Loaded, Passage, Service } from './worker';

type Listener<T> = (progress: T) => void;

interface Running {
  readonly worker: Worker;
  readonly service: Remote<Service>;
  /** Rejects when the worker ends; its pending calls would otherwise never settle. */
  readonly end: Promise<never>;
  readonly fail: (failure: Failure) => void;
}

const startOwn = () => startWorker(workerScript());

export class Engine {
  private running: Running | undefined;
  private loading: Promise<Loaded> | undefined;

  /**
   * @param manifest URL of the model's manifest.json.
   * @param workers how many may encode at the same time; see {@link poolSize} for the default.
   * @param start creates the worker; tests replace it.
   */
  constructor(
    private readonly manifest: string,
    private readonly workers = poolSize(),
    private readonly start: () => Worker = startOwn,
  ) {}

  /** Loads the model. Later calls share the first one's result unless it failed. Rejects with a Failure. */
  load(onProgress: Listener<LoadProgress> = () => undefined): Promise<Loaded> {
    this.loading ??= this.ask(async (service) =>
      service.load(engineFiles(), await modelSource(this.manifest), this.workers, proxy(onProgress)),
    ).catch((failure: unknown) => {
      this.loading = undefined;
      throw failure;
    });
    return this.loading;
  }

  /**
   * Assesses a text once the model is loaded, and cancels an assessment that is still under way.
   * Rejects with a Failure.
   */
  async assess(text: Passage, onProgress: Listener<AssessProgress> = () => undefined): Promise<Assessment> {
    await this.load();
    return this.ask((service) => service.assess(text, proxy(onProgress)));
  }

  /**
   * Assesses several texts as {@link assess} does one; the progress counts texts. Resolves to an assessment or a Failure
   * for each.
   */
  async assessAll(
    texts: readonly Passage[],
    onProgress: Listener<AssessProgress> = () => undefined,
  ): Promise<readonly (Assessment | Failure)[]> {
    await this.load();
    return this.ask((service) => service.assessAll(texts, proxy(onProgress)));
  }

  /** Stops loading or assessing; its promise rejects with the code `cancelled`. */
  cancel(): void {
    void this.running?.service.cancel();
  }

  /** Ends the worker; pending promises reject with the code `cancelled`. */
  dispose(): void {
    this.end({ code: 'cancelled', message: 'the worker was ended', detail: null });
  }

  private end(failure: Failure): void {
    this.running?.worker.terminate();
    this.running?.fail(failure);
    this.running = undefined;
    this.loading = undefined;
  }

  private async ask<T>(question: (service: Remote<Service>) => Promise<T>): Promise<T> {
    const { service, end } = (this.running ??= this.run());
    try {
      return await Promise.race([question(service), end]);
    } catch (thrown) {
      // A trap leaves the wasm's memory in an undefined state, so the worker must not be used again.
      if (thrown instanceof Error && thrown.name === 'RuntimeError') throw this.crash(thrown.message);
      throw asFailure(thrown);
    }
  }

  private crash(message: string): Failure {
    const failure: Failure = { code: 'crashed', message, detail: null };
    this.end(failure);
    return failure;
  }

  private run(): Running {
    const worker = this.start();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.crash(event.message || 'the worker died');
    });
    let fail: Running['fail'] = () => undefined;
    const end = new Promise<never>((_, reject) => {
      fail = reject;
    });
    // Suppresses `unhandledrejection`; awaiting callers still see the error.
    end.catch(() => undefined);
    return { worker, service: wrap<Service>(worker), end, fail };
  }
}
