/**
 * The thread in which the wasm runs in Node: one model, one text at a time. index.ts starts it and speaks to it over
 * comlink, as engine/engine.ts does with engine/worker.ts in a browser. Files are read here; nothing is fetched.
 */
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import type { Assessor } from '../../pkg/simd128.js';
import { bindings, build } from '../engine/build';
import type { Assessment, Failure, ModelInfo, Rubric, Whose } from '../engine/contract';

// src/browser asks for the address of its worker, against which it resolves URLs; threads of Node have none.
Object.defineProperty(globalThis, 'location', { value: new URL(import.meta.url) });

let assessor: Assessor | undefined;

/** Answers as a server would. */
async function open(url: string): Promise<Response> {
  try {
    return new Response(await readFile(new URL(url)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Response(null, { status: 404 });
    throw error;
  }
}

const service = {
  /**
   * Compiles the wasm and loads a model. Rejects with a Failure.
   * @param wasm URL of the folder that holds both builds
   * @param manifest URL of the model's manifest
   */
  async load(wasm: string, manifest: string): Promise<{ rubric: Rubric; model: ModelInfo }> {
    const [{ initSync, Assessor }, module] = await Promise.all([
      bindings(),
      readFile(new URL(`${build}_bg.wasm`, wasm)),
    ]);
    initSync({ module });
    const { signal } = new AbortController();
    const nothing = () => undefined;
    // Nothing else reads the file at the same time, so there is nothing to wait for.
    assessor = await Assessor.load(manifest, open, nothing, nothing, signal);
    // The file is for other workers and for the next visit, of which there are none here: its memory is freed.
    assessor.take_file();
    await assessor.keep_file();
    return { rubric: assessor.rubric() as Rubric, model: assessor.model() as ModelInfo };
  },

  /** Assesses a text. Throws a Failure. */
  assess(text: string, whose: Whose | undefined): Assessment {
    if (!assessor) throw { code: 'internal', message: 'no model is loaded', detail: null } satisfies Failure;
    const reading = assessor.begin(text, whose, undefined);
    try {
      do
        for (const window of reading.missing())
          reading.fill(window, assessor.encode(reading.ids(window), reading.lengths(window)));
      while (assessor.reread(reading) > 0);
      return assessor.finish(reading) as Assessment;
    } finally {
      reading.free();
    }
  },
};

export type NodeService = typeof service;

if (!parentPort) throw new Error('this script is the thread of salesmirror/node; import that instead');
expose(service, nodeEndpoint(parentPort));
