/**
 * The worker in which the wasm lives: one model, one task at a time. Owns the cancel signals; leaves being restarted
 * after a crash to engine.ts.
 */
import { expose } from 'comlink';
import type { Assessor } from '../../pkg/simd128.js';
import { build } from './build';
import type { AssessProgress, Assessment, Failure, LoadProgress, ModelInfo, Rubric } from './contract';

export interface Loaded {
  readonly rubric: Rubric;
  readonly model: ModelInfo;
}

/** The bindings of the build that this browser runs; both builds have the same. */
type Bindings = typeof import('../../pkg/simd128.js');

let bindings: Promise<Bindings> | undefined;
let assessor: Assessor | undefined;
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

const service = {
  /** Compiles the wasm and loads the model. */
  async load(manifest: string, onProgress: (progress: LoadProgress) => void): Promise<Loaded> {
    const signal = next();
    const report = throttled(onProgress);
    const { Assessor } = await compiled();
    const loaded = await Assessor.load(manifest, report, signal);
    assessor?.free();
    assessor = loaded;
    return { rubric: assessor.rubric() as Rubric, model: assessor.model() as ModelInfo };
  },

  async assess(text: string, onProgress: (progress: AssessProgress) => void): Promise<Assessment> {
    const signal = next();
    if (!assessor) throw { code: 'internal', message: 'no model is loaded', detail: null } satisfies Failure;
    return (await assessor.assess(text, onProgress, signal)) as Assessment;
  },

  cancel(): void {
    next();
  },

  async forget(): Promise<void> {
    await (await compiled()).forget_models();
  },
};

export type Service = typeof service;

expose(service);
