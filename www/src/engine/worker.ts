/**
 * The worker in which the wasm lives: one model, one task at a time. Owns the cancel signals; leaves being restarted
 * after a crash to engine.ts.
 */
import { expose } from 'comlink';
import init, { Assessor, forget_models } from '../../pkg/salesmirror.js';
import wasm from '../../pkg/salesmirror_bg.wasm?url';
import type { AssessProgress, Assessment, Failure, LoadProgress, ModelInfo, Rubric } from './contract';

export interface Loaded {
  readonly rubric: Rubric;
  readonly model: ModelInfo;
}

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

const service = {
  /** Compiles the wasm while it streams in, and loads the model. */
  async load(manifest: string, onProgress: (progress: LoadProgress) => void): Promise<Loaded> {
    const signal = next();
    const report = throttled(onProgress);
    try {
      await init({ module_or_path: new URL(wasm, import.meta.url) });
    } catch (error) {
      // A browser without SIMD refuses to compile; everything else is a download that failed.
      const code = error instanceof WebAssembly.CompileError ? 'browser_unsupported' : 'network';
      throw { code, message: String(error), detail: { url: wasm } } satisfies Failure;
    }
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
    await forget_models();
  },
};

export type Service = typeof service;

expose(service);
