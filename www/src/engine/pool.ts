/**
 * Shares the windows of texts among workers that encode: the one this runs in, and others beside it. Needs no
 * cross-origin isolation; where the page is isolated, the others read the model from one shared buffer. A worker that
 * dies gives its windows back, and the rest goes on without it.
 */
import { wrap, type Remote } from 'comlink';
import type { EncoderService } from './encoder-worker';

/** A window to be encoded. */
export interface Task {
  readonly ids: Uint32Array;
  readonly lengths: Uint32Array;
  /** Takes the sums of the token vectors of its pieces. */
  readonly done: (sums: Float32Array) => void;
}

/** More workers than this wait for memory, not for each other. */
const MOST_WORKERS = 4;

/** Windows that a helper has at a time: the next one waits there while this worker is busy and hears nothing. */
const DEPTH = 2;

/** How many workers help on this machine: a core is left to the page, and little memory (GiB) is left alone. */
export function poolSize(
  cores = navigator.hardwareConcurrency,
  memory = (navigator as { deviceMemory?: number }).deviceMemory,
): number {
  return memory !== undefined && memory < 4 ? 1 : Math.min(Math.max(cores - 1, 1), MOST_WORKERS);
}

interface Helper {
  readonly worker: Worker;
  readonly service: Remote<EncoderService>;
  /** Rejects when the worker dies; what it was doing would otherwise never settle. */
  readonly death: Promise<never>;
  /** Settles once it has the encoder; undefined until it is asked to load it. */
  loaded?: Promise<void>;
}

const startWorker = () => new Worker(new URL('./encoder-worker.ts', import.meta.url), { type: 'module' });

export class Pool {
  private helpers: Helper[] = [];

  /**
   * @param helpers workers beside this one; their scripts are fetched at once, the encoder is loaded by {@link load}.
   * @param start makes a worker; tests put another in its place.
   */
  constructor(helpers: number, start: () => Worker = startWorker) {
    for (let i = 0; i < helpers; i++) {
      const worker = start();
      const death = new Promise<never>((_, reject) => {
        worker.addEventListener('error', (event) => {
          event.preventDefault();
          reject(new Error(event.message || 'the worker died'));
        });
      });
      const helper: Helper = { worker, service: wrap<EncoderService>(worker), death };
      death.catch(() => {
        this.drop(helper);
      });
      this.helpers.push(helper);
    }
  }

  /** Workers, this one included. */
  get size(): number {
    return this.helpers.length + 1;
  }

  /** Resolves when the scripts of all helpers that live are there. */
  async fetched(): Promise<void> {
    await Promise.allSettled(
      this.helpers.map(({ service, death }) => Promise.race([service.fetched(), death])),
    );
  }

  /** Has the helpers load the encoder, if they have not; they join in when they have it. */
  load(module: WebAssembly.Module, file: Uint8Array): void {
    for (const helper of this.helpers) {
      helper.loaded ??= Promise.race([helper.service.load(module, file), helper.death]);
      helper.loaded.catch(() => {
        this.drop(helper);
      });
    }
  }

  /**
   * Has all tasks done, by `encode` here and by the helpers. Resolves early when `signal` is aborted; what is under way
   * then is still delivered. Rejects with what `encode` or a task throws.
   */
  async run(tasks: Iterable<Task>, encode: (task: Task) => Float32Array, signal: AbortSignal): Promise<void> {
    const queue = tasks[Symbol.iterator]();
    const returned: Task[] = [];
    let away = 0;
    let wake: () => void = () => undefined;
    let over = false;
    const take = (): Task | undefined => {
      if (over || signal.aborted) return undefined;
      return returned.pop() ?? (queue.next().value as Task | undefined);
    };
    const share = async (helper: Helper) => {
      for (let task = take(); task; task = take()) {
        away++;
        const answer = Promise.race([helper.service.encode(task.ids, task.lengths), helper.death]);
        const sums = await answer.catch(() => undefined);
        away--;
        if (!sums) {
          returned.push(task);
          this.drop(helper);
          return;
        }
        task.done(sums);
        wake();
      }
    };
    let failure: { readonly error: unknown } | undefined;
    const begin = (helper: Helper) => {
      const sharing = helper.loaded?.then(
        () => share(helper),
        () => undefined,
      );
      sharing
        ?.catch((error: unknown) => (failure = { error }))
        .finally(() => {
          wake();
        });
    };

    try {
      let task = take();
      for (const helper of this.helpers) {
        for (let i = 0; i < DEPTH; i++) begin(helper);
      }
      for (;;) {
        await turn();
        if (signal.aborted) return;
        if (failure) throw failure.error;
        task ??= take();
        if (task) {
          task.done(encode(task));
          task = undefined;
        } else if (away > 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener(
              'abort',
              () => {
                resolve();
              },
              { once: true },
            );
          });
        } else {
          return;
        }
      }
    } finally {
      over = true;
    }
  }

  /** Ends all helpers. */
  dispose(): void {
    for (const { worker } of this.helpers) worker.terminate();
    this.helpers = [];
  }

  private drop(helper: Helper): void {
    helper.worker.terminate();
    this.helpers = this.helpers.filter((other) => other !== helper);
  }
}

/** Lets this worker hear its messages. Not a timeout: those wait for 4 ms when they follow each other. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
