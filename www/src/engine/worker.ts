/**
 * The worker in which the wasm lives: one model, one task at a time. Owns the cancel signals and reads and scores texts;
 * leaves being restarted after a crash to engine.ts, and sharing the encoding with other workers to pool.ts.
 */
import { expose } from 'comlink';
import type { Assessor, Reading } from '../../pkg/simd128.js';
import { fetchAhead } from './ahead';
import { build } from './build';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Failure,
  type LoadProgress,
  type ModelInfo,
  type Rubric,
} from './contract';
import { Pool, type Task } from './pool';

export interface Loaded {
  readonly rubric: Rubric;
  readonly model: ModelInfo;
}

/** The bindings of the build that this browser runs; both builds have the same. */
type Bindings = typeof import('../../pkg/simd128.js');

let bindings: Promise<Bindings> | undefined;
let assessor: Assessor | undefined;
let pool: Pool | undefined;
/** Gives the pool's helpers what they need, when there is work for more than one worker. */
let loadHelpers: () => void = () => undefined;
let task = new AbortController();

/** Cancels what runs and gives the signal of the task that takes its place. */
function next(): AbortSignal {
  task.abort();
  task = new AbortController();
  return task.signal;
}

/** Milliseconds between two messages of progress; each takes its time on the main thread. */
const PACE = 50;

/** Passes on the newest value at most once in a while, and always the last one. */
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

/** Compiles the wasm while it streams in. Rejects with a Failure. */
async function compile(): Promise<Bindings> {
  const { glue, wasm } = build();
  try {
    // Asked for at once, and not only when the bindings are there.
    const response = fetch(wasm);
    const [module] = await Promise.all([glue(), response]);
    await module.default({ module_or_path: response });
    return module;
  } catch (error) {
    // A browser without SIMD refuses to compile; everything else is a download that failed.
    const code = error instanceof WebAssembly.CompileError ? 'browser_unsupported' : 'network';
    throw { code, message: String(error), detail: { url: wasm.pathname } } satisfies Failure;
  }
}

/** The compiled wasm; compiled once, and again where that failed. */
function compiled(): Promise<Bindings> {
  bindings ??= compile().catch((failure: unknown) => {
    bindings = undefined;
    throw failure;
  });
  return bindings;
}

/** The model's bytes for other workers: where the page is isolated, in memory that they share. */
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

/** The windows of a reading that are to be encoded; what is done is remembered at once, for it may be cancelled. */
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

/** Encodes tasks in all workers, until they are done or cancelled. */
async function encode(assessor: Assessor, tasks: Iterable<Task>, signal: AbortSignal): Promise<void> {
  await pool?.run(tasks, ({ ids, lengths }) => assessor.encode(ids, lengths), signal);
  if (signal.aborted) throw { code: 'cancelled', message: 'cancelled', detail: null } satisfies Failure;
}

const service = {
  /** Compiles the wasm and loads the model, with at most so many workers to encode. Rejects with a Failure. */
  async load(
    manifest: string,
    workers: number,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<Loaded> {
    const signal = next();
    const report = throttled(onProgress);
    const open = fetchAhead(manifest, signal);
    pool ??= new Pool(workers - 1);
    const { Assessor, compiled_module } = await compiled();
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

  /** Assesses a text; `onProgress` hears of its windows. Rejects with a Failure. */
  async assess(text: string, onProgress: (progress: AssessProgress) => void): Promise<Assessment> {
    const signal = next();
    const assessor = ready();
    const reading = assessor.begin(text);
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
   * Assesses several texts; `onProgress` hears of texts. Gives an assessment or a Failure for each; rejects with a
   * Failure that concerns them all, as when they are cancelled.
   */
  async assessAll(
    texts: readonly string[],
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
        // A trap leaves nothing to go on with.
        if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
        results[i] = asFailure(thrown);
      }
      report({ done: ++done, total: texts.length });
    };
    function* tasks(): Generator<Task> {
      for (const [i, text] of texts.entries()) {
        let reading: Reading;
        try {
          reading = assessor.begin(text);
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
