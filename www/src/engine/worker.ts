/**
 * The worker in which the wasm runs: one model, one task at a time. It reads and scores texts and owns the cancel
 * signals. engine.ts restarts it after a crash; pool.ts shares the encoding with other workers, which are this same script
 * in another role, so that a visitor downloads one.
 */
import { expose } from 'comlink';
import type { Assessor, Reading } from '../../pkg/simd128.js';
import { fetchFile } from '../component/fetch-file';
import { inTime } from '../component/in-time';
import { startWorker } from '../component/own-script';
import { sha256 } from '../component/sha256';
import { fetchAhead, type ModelSource } from './ahead';
import { bindings as glue, build } from './build';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Failure,
  type FailureCode,
  type LoadProgress,
  type ModelInfo,
  type Objection,
  type Rubric,
  type Whose,
} from './contract';
import { encoderService } from './encoder-service';
import type { EngineFiles, PinnedFile } from './files';
import { Pool, type Task } from './pool';
import { refusal } from './refusal';
import { hasSimd } from './simd';

/** A text to assess, with whose words count and what is no evidence, if the person has said so. */
export interface Passage {
  readonly text: string;
  readonly whose?: Whose | undefined;
  readonly objections?: readonly Objection[] | undefined;
}

/** What became of one of several texts. */
export interface Settled {
  /** The text's place among them. */
  readonly index: number;
  readonly result: Assessment | Failure;
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

/** The fragment of the script's URL in a helper, which encodes and does nothing else. */
const HELPER = '#encoder';

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

/** How long a server may be silent while it sends the wasm or the bindings. */
const SILENCE_MILLISECONDS = 30_000;

/** A response that is left to be compiled as it arrives, and a copy of its content, to be hashed. */
interface Watched {
  readonly response: Response;
  readonly copy: Promise<ArrayBuffer>;
}

/** Fetches the wasm, and gives it up when the server falls silent. */
function watchedFetch(url: string): {
  readonly answer: Promise<Watched>;
  readonly stalled: () => boolean;
} {
  const silence = new AbortController();
  const abort = () => {
    silence.abort();
  };
  let timer = setTimeout(abort, SILENCE_MILLISECONDS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, SILENCE_MILLISECONDS);
  };
  const watch = async (copy: Response) => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reader = copy.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      heard();
      pieces.push(read.value);
    }
    return new Blob(pieces).arrayBuffer();
  };
  const answer = fetchFile(url, { signal: silence.signal }).then((response) => {
    heard();
    const copy = watch(response.clone()).finally(() => {
      clearTimeout(timer);
    });
    // Whoever compiles the response sees the error too.
    copy.catch(() => undefined);
    return { response, copy };
  });
  return { answer, stalled: () => silence.signal.aborted };
}

/**
 * Compiles the wasm while it is being downloaded, and runs it only if it is the file of this build. Rejects with a Failure.
 */
async function compile({ url, sha256: expected }: PinnedFile): Promise<Bindings> {
  // Requested at once, in parallel with the bindings.
  const { answer, stalled } = watchedFetch(url);
  const late = { code: 'stalled', message: 'the bindings of the wasm did not arrive', detail: null };
  const bindings = inTime(glue(), SILENCE_MILLISECONDS, late).catch((error: unknown) => {
    // Most browsers name the script.
    const script = /https?:\/\/[^\s'"]+/.exec(String(error))?.[0];
    if (!(error instanceof Error)) throw error;
    throw {
      code: 'network',
      message: String(error),
      detail: script ? { url: script } : null,
    } satisfies Failure;
  });
  try {
    const [module, { response, copy }] = await Promise.all([bindings, answer]);
    const failure = refusal(response, url);
    if (failure) throw failure;
    // A server may send it as another type than application/wasm.
    const compiled = WebAssembly.compileStreaming(response).catch(async () =>
      WebAssembly.compile(await copy),
    );
    // If the hash is wrong, nobody waits for it.
    compiled.catch(() => undefined);
    // Without a secure context there is no SubtleCrypto, and whoever is on the way could change the scripts as well.
    if (isSecureContext && (await sha256(await copy)) !== expected)
      throw {
        code: 'hash_mismatch',
        message: `${url} is not the file of this build`,
        detail: { url },
      } satisfies Failure;
    await module.default({ module_or_path: await compiled });
    return module;
  } catch (error) {
    if (stalled())
      throw { code: 'stalled', message: `${url} sent nothing`, detail: { url } } satisfies Failure;
    const failure = asFailure(error);
    if (failure.code !== 'internal') throw failure;
    throw { code: compileFailure(error), message: String(error), detail: { url } } satisfies Failure;
  }
}

/** A browser without SIMD cannot compile the module; another one can, unless it was damaged. The rest are failed downloads. */
function compileFailure(error: unknown): FailureCode {
  if (!(error instanceof WebAssembly.CompileError)) return 'network';
  // A policy that forbids wasm is told by the message, which failure/diagnosis.ts knows.
  return hasSimd() && !/content.security.policy|unsafe-eval/i.test(error.message)
    ? 'hash_mismatch'
    : 'browser_unsupported';
}

/** The bindings over the compiled wasm, which is compiled once. */
function compiled({ wasm }: EngineFiles): Promise<Bindings> {
  return (bindings ??= compile(wasm[build]));
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
      assessor.keep(reading, window);
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
  /** A sign of life. */
  alive(): void {
    return undefined;
  },

  /** Compiles the wasm. Rejects with a Failure, after which only a new worker can try again: imports are remembered. */
  async start(files: EngineFiles): Promise<void> {
    await compiled(files);
  },

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
    const { manifest, open, claim, release } = fetchAhead(model, signal);
    pool ??= new Pool(workers - 1, () => startWorker(location.href + HELPER));
    try {
      const { Assessor, compiled_module } = await compiled(files);
      const loading = Assessor.load(manifest, open, claim, report, signal);
      const [loaded] = await Promise.all([loading, pool.fetched()]);
      assessor?.free();
      assessor = loaded;
      void assessor.keep_file().finally(release);
      const file = assessor.take_file();
      if (file && pool.size > 1) {
        const bytes = shareable(file);
        loadHelpers = () => pool?.load(compiled_module() as WebAssembly.Module, bytes);
      }
      return { rubric: assessor.rubric() as Rubric, model: assessor.model() as ModelInfo };
    } catch (failure) {
      release();
      throw failure;
    }
  },

  /** Assesses a text; `onProgress` counts its windows. Rejects with a Failure. */
  async assess(
    { text, whose, objections }: Passage,
    onProgress: (progress: AssessProgress) => void,
  ): Promise<Assessment> {
    const signal = next();
    const assessor = ready();
    const reading = assessor.begin(text, whose, objections);
    const read = async (left: number) => {
      const total = reading.windows;
      const report = () => {
        onProgress({ done: total - left, total });
      };
      report();
      if (left > 1) loadHelpers();
      const windows = missing(assessor, reading, () => {
        left--;
        report();
      });
      await encode(assessor, windows, signal);
    };
    await read(reading.missing().length);
    for (let left; (left = assessor.reread(reading)) > 0;) await read(left);
    const assessment = assessor.finish(reading) as Assessment;
    reading.free();
    return assessment;
  },

  /**
   * Assesses several texts; `onSettled` counts them and takes an assessment or a Failure for each. It takes a few at a time:
   * hundreds in one message would block the main thread while they are unpacked. Rejects with a Failure that concerns all
   * texts, such as `cancelled`.
   */
  async assessAll(
    texts: readonly Passage[],
    onSettled: (settled: readonly Settled[], progress: AssessProgress) => Promise<void> | void,
  ): Promise<void> {
    const signal = next();
    const assessor = ready();
    const settled: Settled[] = [];
    let done = 0;
    const send = (progress: AssessProgress) => onSettled(settled.splice(0), progress);
    const report = throttled((progress: AssessProgress) => {
      void send(progress);
    });
    const settle = (index: number, assess: () => Assessment) => {
      let result: Assessment | Failure;
      try {
        result = assess();
      } catch (thrown) {
        // After a trap the wasm cannot be used any more.
        if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
        result = asFailure(thrown);
      }
      settled.push({ index, result });
      report({ done: ++done, total: texts.length });
    };
    // Windows of texts of which parts must be read once more.
    const again: Task[] = [];
    /** The windows of a text that must be encoded. The text goes on once they are, or at once where all are remembered. */
    function* windows(index: number, reading: Reading): Generator<Task> {
      let left = reading.missing().length;
      if (left === 0) goOn(index, reading);
      else
        yield* missing(assessor, reading, () => {
          if (--left === 0) goOn(index, reading);
        });
    }
    /** Goes on with a text whose windows are all encoded. */
    const goOn = (index: number, reading: Reading) => {
      if (assessor.reread(reading) > 0) again.push(...windows(index, reading));
      else {
        settle(index, () => assessor.finish(reading) as Assessment);
        reading.free();
      }
    };
    function* tasks(): Generator<Task> {
      for (const [i, { text, whose, objections }] of texts.entries()) {
        yield* again.splice(0);
        let reading: Reading;
        try {
          reading = assessor.begin(text, whose, objections);
        } catch (thrown) {
          settle(i, () => {
            throw thrown;
          });
          continue;
        }
        yield* windows(i, reading);
      }
    }
    if (texts.length > 1) loadHelpers();
    await encode(assessor, tasks(), signal);
    // Those of the last texts.
    while (again.length > 0) await encode(assessor, again.splice(0), signal);
    // The answer to this call must not overtake the last results.
    await send({ done, total: texts.length });
  },

  cancel(): void {
    next();
  },
};

export type Service = typeof service;

expose(location.hash === HELPER ? encoderService : service);
