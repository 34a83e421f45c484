/**
 * The worker in which the wasm runs: one model, one task at a time. It reads and scores texts and owns the cancel
 * signals. engine.ts restarts it after a crash; pool.ts shares the encoding with other workers.
 */
import { expose } from 'comlink';
import type { Assessor, Reading } from '../../pkg/simd128.js';
import { startWorker } from '../component/own-script';
import { fetchAhead, type ModelSource } from './ahead';
import { bindings as glue } from './build';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Failure,
  type LoadProgress,
  type ModelInfo,
  type Rubric,
  type Whose,
} from './contract';
import type { EngineFiles } from './files';
import { Pool, type Task } from './pool';

/** A text to assess, and whose words count if the person has said so. */
export interface Passage {
  readonly text: string;
  readonly whose?: Whose | undefined;
}

export interface Loaded {
  readonly rubric: Rubric;
  readonly model: ModelInfo;
}

/** The bindings of the build for this browser; both builds have the same interface. */
type Bindings = typeof import('../../pkg/simd128.js');

let bindings: Promise<Bindings> | undefined;
let assessor: Assessor | undefined;
let pool: Pool | undefined;
/** Loads the encoder in the pool's helpers; called when there is work for more than one worker. */
let loadHelpers: () => void = () => undefined;
let task = new AbortController();

/** Cancels the running task and returns the signal of the next one. */
function next(): AbortSignal {
  task.abort();
  task = new AbortController();
  return task.signal;
}

/** Milliseconds between two progress messages: each one takes time on the main thread. */
const PACE = 50;

/** Passes on the newest value at most once per PACE, and always the last one. */
function throttled<T>(listener: (value: T) => void): (value: T) => void {
  let newest: T;
  let waiting = false;
  return (value) => {
    newest = value;
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      listener(newest);
    }, PACE);
  };
}

/** Compiles the wasm while it is being downloaded. Rejects with a Failure. */
async function compile(wasm: string): Promise<Bindings> {
  try {
    // Requested at once, in parallel with the bindings.
    const response = fetch(wasm);
    const [module] = await Promise.all([glue(), response]);
    await module.default({ module_or_path: response });
    return module;
  } catch (error) {
    // A browser without SIMD cannot compile the module; any other error is a failed download.
    const code = error instanceof WebAssembly.CompileError ? 'browser_unsupported' : 'network';
    throw { code, message: String(error), detail: { url: new URL(wasm).pathname } } satisfies Failure;
  }
}

/** The bindings over the compiled wasm. It is compiled once, and again if that failed. */
function compiled(wasm: string): Promise<Bindings> {
  bindings ??= compile(wasm).catch((failure: unknown) => {
    bindings = undefined;
    throw failure;
  });
  return bindings;
}

/** The model's bytes for other workers, in shared memory if the page is cross-origin isolated. */
function shareable(file: Uint8Array): Uint8Array {
  if (!globalThis.crossOriginIsolated) return file;
  const shared = new Uint8Array(new SharedArrayBuffer(file.length));
  shared.set(file);
  return shared;
}

function ready(): Assessor {
  if (assessor) return assessor;
  throw { code: 'internal', message: 'no model is loaded', detail: null } satisfies Failure;
}

/** The windows of a reading that must be encoded. Each result is remembered at once, so that cancelling does not lose it. */
function* missing(assessor: Assessor, reading: Reading, onDone: () => void): Generator<Task> {
  for (const window of reading.missing()) {
    const done = (sums: Float32Array) => {
      reading.fill(window, sums);
      assessor.keep(reading);
      onDone();
    };
    yield { ids: reading.ids(window), lengths: reading.lengths(window), done };
  }
}

/** Encodes tasks in all workers. Rejects with the Failure `cancelled` if the signal is aborted. */
async function encode(assessor: Assessor, tasks: Iterable<Task>, signal: AbortSignal): Promise<void> {
  await pool?.run(tasks, ({ ids, lengths }) => assessor.encode(ids, lengths), signal);
  if (signal.aborted) throw { code: 'cancelled', message: 'cancelled', detail: null } satisfies Failure;
}

const service = {
  /**
   * Compiles the wasm and loads the model. Rejects with a Failure.
   * @param workers the most workers that encode, this one included
   */
  async load(
    files: EngineFiles,
    model: ModelSource,
    workers: number,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<Loaded> {
    const signal = next();
    const report = throttled(onProgress);
    const { manifest, open } = fetchAhead(model, signal);
    pool ??= new Pool(workers - 1, () => startWorker(files.encoder));
    const { Assessor, compiled_module } = await compiled(files.wasm);
    const [loaded] = await Promise.all([Assessor.load(manifest, open, report, signal), pool.fetched()]);
    assessor?.free();
    assessor = loaded;
    const file = assessor.take_file();
    if (file && pool.size > 1) {
      const bytes = shareable(file);
      loadHelpers = () => pool?.load(compiled_module() as WebAssembly.Module, bytes);
    }
    return { rubric: assessor.rubric() as Rubric, model: assessor.model() as ModelInfo };
  },

  /** Assesses a text; `onProgress` counts its windows. Rejects with a Failure. */
  async assess(
    { text, whose }: Passage,
    onProgress: (progress: AssessProgress) => void,
  ): Promise<Assessment> {
    const signal = next();
    const assessor = ready();
    const reading = assessor.begin(text, whose);
    const total = reading.windows;
    let left = reading.missing().length;
    const report = () => {
      onProgress({ done: total - left, total });
    };
    report();
    if (left > 1) loadHelpers();
    await encode(
      assessor,
      missing(assessor, reading, () => {
        left--;
        report();
      }),
      signal,
    );
    const assessment = assessor.finish(reading) as Assessment;
    reading.free();
    return assessment;
  },

  /**
   * Assesses several texts; `onProgress` counts texts. Resolves to an assessment or a Failure for each text, and rejects
   * with a Failure that concerns them all, such as `cancelled`.
   */
  async assessAll(
    texts: readonly Passage[],
    onProgress: (progress: AssessProgress) => void,
  ): Promise<readonly (Assessment | Failure)[]> {
    const signal = next();
    const assessor = ready();
    const results = new Array<Assessment | Failure>(texts.length);
    let done = 0;
    const report = throttled(onProgress);
    const settle = (i: number, result: () => Assessment) => {
      try {
        results[i] = result();
      } catch (thrown) {
        // After a trap the wasm cannot be used any more.
        if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
        results[i] = asFailure(thrown);
      }
      report({ done: ++done, total: texts.length });
    };
    function* tasks(): Generator<Task> {
      for (const [i, { text, whose }] of texts.entries()) {
        let reading: Reading;
        try {
          reading = assessor.begin(text, whose);
        } catch (thrown) {
          settle(i, () => {
            throw thrown;
          });
          continue;
        }
        let left = reading.missing().length;
        const finish = () => {
          if (left > 0) return;
          settle(i, () => assessor.finish(reading) as Assessment);
          reading.free();
        };
        finish();
        yield* missing(assessor, reading, () => {
          left--;
          finish();
        });
      }
    }
    if (texts.length > 1) loadHelpers();
    await encode(assessor, tasks(), signal);
    return results;
  },

  cancel(): void {
    next();
  },
};

export type Service = typeof service;

expose(service);
