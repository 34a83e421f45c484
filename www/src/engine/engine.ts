/**
 * The page's side of the worker. It starts the worker and starts another after a crash or a silence, loads the model at
 * most once at a time, and lets the newest assessment win.
 */
import { proxy, wrap, type Remote } from 'comlink';
import { startWorker } from '../component/own-script';
import { unless } from '../component/unless';
import { modelSource } from '../package/contents';
import type { ModelSource } from './ahead';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Failure,
  type FailureCode,
  type LoadProgress,
} from './contract';
import { engineFiles, workerScript } from './files';
import { heartbeat, SILENCE_SECONDS } from './heartbeat';
import { poolSize } from './pool';
import signature from './signature?chunk';
import type { Loaded, Passage, Service, Settled } from './worker';

type Listener<T> = (progress: T) => void;

interface Running {
  readonly worker: Worker;
  readonly service: Remote<Service>;
  readonly ending: AbortController;
  /** Whether its script has arrived and answered. */
  heard: boolean;
}

/** How long a worker may take to stop what it is asked to stop, in milliseconds. */
const CANCEL_MILLISECONDS = 1_000;

/** How long to wait for scripts to be fetched anew, in milliseconds. */
const REFRESH_MILLISECONDS = 10_000;

const startOwn = (): Worker => startWorker(workerScript());

const failure = (code: FailureCode, message: string, detail: Failure['detail'] = null): Failure => ({
  code,
  message,
  detail,
});

export class Engine {
  private running: Running | undefined;
  private loading: Promise<Loaded> | undefined;
  /** Who follows the loading that is under way. */
  private readonly listeners = new Set<Listener<LoadProgress>>();
  /** Questions that the worker has not answered. */
  private readonly open = new Set<object>();
  /** Scripts that could not be had, and of which the browser may have kept something else. */
  private readonly doubtful = new Set<string>();

  /**
   * @param manifest URL of the model's manifest.json.
   * @param workers how many may encode at the same time; see {@link poolSize} for the default.
   * @param start creates the worker; tests replace it.
   * @param key the public key with which the manifest has to be signed; empty if it need not be.
   */
  constructor(
    private readonly manifest: string,
    private readonly workers = poolSize(),
    private readonly start: () => Worker = startOwn,
    private readonly key = '',
  ) {}

  /** Loads the model. Calls share one loading unless it failed. Rejects with a Failure. */
  async load(onProgress: Listener<LoadProgress> = () => undefined): Promise<Loaded> {
    this.listeners.add(onProgress);
    this.loading ??= this.begin().catch((thrown: unknown) => {
      this.loading = undefined;
      throw thrown;
    });
    try {
      return await this.loading;
    } finally {
      this.listeners.delete(onProgress);
    }
  }

  /**
   * Assesses a text once the model is loaded, and cancels an assessment that is still under way.
   * Rejects with a Failure.
   */
  async assess(text: Passage, onProgress: Listener<AssessProgress> = () => undefined): Promise<Assessment> {
    await this.load();
    return this.ask((service) => service.assess(text, proxy(onProgress)), 'crashed');
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
    const results = new Array<Assessment | Failure>(texts.length);
    const onSettled = (settled: readonly Settled[], progress: AssessProgress) => {
      for (const { index, result } of settled) results[index] = result;
      onProgress(progress);
    };
    await this.ask((service) => service.assessAll(texts, proxy(onSettled)), 'crashed');
    return results;
  }

  /** Stops assessing to make way for something newer. A slow worker is given the time that it needs. */
  supersede(): void {
    void this.running?.service.cancel().catch(() => undefined);
  }

  /**
   * Stops loading or assessing; its promise rejects with the code `cancelled`. A worker that does not stop is ended, and
   * the next call starts another.
   */
  cancel(): void {
    const { running } = this;
    if (!running || this.open.size === 0) return;
    this.supersede();
    const asked = [...this.open];
    setTimeout(() => {
      if (asked.some((question) => this.open.has(question)))
        this.end(failure('cancelled', 'the worker was ended, because it did not stop'), running);
    }, CANCEL_MILLISECONDS);
  }

  /** Ends the worker; pending promises reject with the code `cancelled`. */
  dispose(): void {
    this.end(failure('cancelled', 'the worker was ended'));
  }

  private async begin(): Promise<Loaded> {
    await this.refresh();
    const onProgress: Listener<LoadProgress> = (progress) => {
      for (const listener of this.listeners) listener(progress);
    };
    return this.ask(async (service, running) => {
      const files = engineFiles();
      service.start(files).catch((thrown: unknown) => {
        const failed = asFailure(thrown);
        if (typeof failed.detail?.url === 'string') this.doubtful.add(failed.detail.url);
        this.end(failed, running);
      });
      return service.load(files, await this.source(), this.workers, proxy(onProgress));
    }, 'stalled');
  }

  private async source(): Promise<ModelSource> {
    if (!this.key) return modelSource(this.manifest);
    const { signedModel } = (await signature()) as typeof import('./signature');
    return signedModel(this.manifest, this.key);
  }

  /** Has the browser ask the server again for scripts of which it may have kept an error or a page for signing in. */
  private async refresh(): Promise<void> {
    const urls = [...this.doubtful];
    this.doubtful.clear();
    const late = AbortSignal.timeout(REFRESH_MILLISECONDS);
    await Promise.allSettled(urls.map((url) => fetch(url, { cache: 'reload', signal: late })));
  }

  /** Ends the worker, unless another one has taken its place. */
  private end(reason: Failure, running = this.running): void {
    running?.worker.terminate();
    running?.ending.abort(reason);
    if (running !== this.running) return;
    this.running = undefined;
    this.loading = undefined;
  }

  /**
   * Asks the worker, which is started if there is none.
   * @param silence what it means if the worker gives no sign of life
   */
  private async ask<T>(
    question: (service: Remote<Service>, running: Running) => Promise<T>,
    silence: FailureCode,
  ): Promise<T> {
    const running = (this.running ??= this.run());
    const { service, ending } = running;
    const ping = async () => {
      await service.alive();
    };
    const stop = heartbeat(ping, () => {
      const message = `the worker gave no sign of life for ${SILENCE_SECONDS} seconds`;
      this.end(failure(silence, message, running.heard ? null : { url: workerScript() }), running);
    });
    const asked = {};
    this.open.add(asked);
    try {
      return await unless(ending.signal, question(service, running));
    } catch (thrown) {
      // A trap leaves the wasm's memory in an undefined state, and so does a lack of memory; the worker must not be used again.
      if (thrown instanceof Error && ['RuntimeError', 'RangeError'].includes(thrown.name)) {
        const crash = failure('crashed', thrown.message);
        this.end(crash, running);
        throw crash;
      }
      throw asFailure(thrown);
    } finally {
      stop();
      this.open.delete(asked);
    }
  }

  private run(): Running {
    const worker = this.start();
    const ending = new AbortController();
    const running: Running = { worker, service: wrap<Service>(worker), ending, heard: false };
    running.service.alive().then(
      () => (running.heard = true),
      () => undefined,
    );
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // Before a worker has answered, its script did not arrive.
      if (!running.heard) this.doubtful.add(workerScript());
      const reason = running.heard
        ? failure('crashed', event.message || 'the worker died')
        : failure('network', event.message || 'the script of the worker could not be run', {
            url: workerScript(),
          });
      this.end(reason, running);
    });
    return running;
  }
}
