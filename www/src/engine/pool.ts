/**
 * Shares the windows of texts among the workers that encode: the one in which this runs, and its helpers. It does not
 * need cross-origin isolation; with it, the helpers read the model from one shared buffer. When a helper dies or falls
 * silent, its windows are returned and the others go on without it.
 */
import { wrap, type Remote } from 'comlink';
import { inTime } from '../component/in-time';
import { unless } from '../component/unless';
import type { EncoderService } from './encoder-service';

/** A window to be encoded. */
export interface Task {
  readonly ids: Uint32Array;
  readonly lengths: Uint32Array;
  /** Takes the sums of the token vectors of its pieces. */
  readonly done: (sums: Float32Array) => void;
}

/** With more workers than this, encoding is limited by memory bandwidth. */
const MOST_WORKERS = 4;

/** How long the scripts of a helper may take, in milliseconds. */
const FETCH_MILLISECONDS = 30_000;

/** How long windows that are with helpers are waited for when nothing else is left, in milliseconds. */
const PATIENCE_MILLISECONDS = 10_000;

/** How many windows a helper has at a time. The second one waits there while this worker is busy and cannot send another. */
const DEPTH = 2;

/**
 * How many workers to use on this machine. One core is left to the page, and a machine with little memory gets one worker.
 * @param memory in GiB, where the browser tells it
 */
export function poolSize(
  cores = navigator.hardwareConcurrency,
  memory = (navigator as { deviceMemory?: number }).deviceMemory,
): number {
  return memory !== undefined && memory < 4 ? 1 : Math.min(Math.max(cores - 1, 1), MOST_WORKERS);
}

interface Helper {
  readonly worker: Worker;
  readonly service: Remote<EncoderService>;
  readonly ending: AbortController;
  /** How many windows it has. */
  tasks: number;
  /** Settles once it has the encoder; undefined until it is asked to load it. */
  loaded?: Promise<void>;
}

export class Pool {
  private helpers: Helper[] = [];

  /**
   * @param helpers how many workers to start beside this one; {@link load} loads their encoders.
   * @param start creates a worker with the service of encoder-service.ts.
   */
  constructor(helpers: number, start: () => Worker) {
    for (let i = 0; i < helpers; i++) {
      const worker = start();
      const helper: Helper = {
        worker,
        service: wrap<EncoderService>(worker),
        ending: new AbortController(),
        tasks: 0,
      };
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        this.drop(helper, new Error(event.message || 'the worker died'));
      });
      this.helpers.push(helper);
    }
  }

  /** The number of workers, this one included. */
  get size(): number {
    return this.helpers.length + 1;
  }

  /** Resolves when all helpers have fetched their scripts, without those that cannot or take too long. */
  async fetched(): Promise<void> {
    const late = new Error('the scripts of the worker did not arrive');
    await Promise.all(
      this.helpers.map(async (helper) => {
        const fetched = unless(helper.ending.signal, helper.service.fetched());
        await inTime(fetched, FETCH_MILLISECONDS, late).catch((why: unknown) => {
          this.drop(helper, why);
        });
      }),
    );
  }

  /** Has the helpers load the encoder unless they have it; each one joins in when it is ready. */
  load(module: WebAssembly.Module, file: Uint8Array): void {
    for (const helper of this.helpers) {
      helper.loaded ??= unless(helper.ending.signal, helper.service.load(module, file));
      helper.loaded.catch((why: unknown) => {
        this.drop(helper, why);
      });
    }
  }

  /**
   * Runs all tasks, here with `encode` and in the helpers. Resolves early when `signal` is aborted; windows that are under
   * way then are still delivered. Rejects with whatever `encode` or a task throws.
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
        helper.tasks++;
        const answer = unless(helper.ending.signal, helper.service.encode(task.ids, task.lengths));
        const sums = await answer.catch((why: unknown) => {
          this.drop(helper, why);
        });
        away--;
        helper.tasks--;
        if (!sums) {
          returned.push(task);
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
          const woken = new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener(
              'abort',
              () => {
                resolve();
              },
              { once: true },
            );
          });
          const late = new Error('the worker fell silent');
          await inTime(woken, PATIENCE_MILLISECONDS, late).catch(() => {
            for (const helper of this.helpers) if (helper.tasks > 0) this.drop(helper, late);
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

  /** Ends a helper; what it was asked for is rejected. */
  private drop(helper: Helper, why: unknown): void {
    helper.worker.terminate();
    helper.ending.abort(why);
    this.helpers = this.helpers.filter((other) => other !== helper);
  }
}

/** Lets this worker receive its messages. Nested timeouts would wait for 4 ms each time. */
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
