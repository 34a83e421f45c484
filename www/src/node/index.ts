/**
 * `salesmirror/node`: assesses texts in Node by the same wasm as in a browser, in a thread of its own. Reading documents is
 * left to command.ts.
 */
import { wrap, type Remote } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  asFailure,
  type Assessment,
  type Failure,
  type FailureCode,
  type ModelInfo,
  type Rubric,
  type Whose,
} from '../engine/contract';
import { unless } from '../component/unless';
import type { NodeService } from './worker';

export type { Assessment, FailureCode, ModelInfo, Rubric, Whose };

export interface LoadOptions {
  /** The folder of a model, with its manifest.json; by default the package `@salesmirror/model-default`. */
  readonly model?: string | URL;
}

/** Why a model could not be loaded, or a text not be assessed. The message says what to do. */
export class SalesMirrorError extends Error {
  override readonly name = 'SalesMirrorError';
  /** Tells failures apart. */
  readonly code: FailureCode;
  /** What it concerns, such as a URL or a number of bytes. */
  readonly detail: Failure['detail'];

  constructor({ code, message, detail }: Failure) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** A loaded model, in a thread that ends with {@link Mirror.close} or with the process. It keeps no process alive. */
export interface Mirror {
  /** Competencies and levels, with their names. */
  readonly rubric: Rubric;
  readonly model: ModelInfo;

  /**
   * Assesses a text as the element does in a browser. Texts are assessed one after the other. A text that is no account of
   * the writer's own work with customers has an assessment too, without levels. Rejects with a {@link SalesMirrorError}.
   * @param whose whose words count, where the text alone does not tell
   */
  assess(text: string, whose?: Partial<Whose>): Promise<Assessment>;

  /** Ends the thread and frees its memory; assessments that are under way reject with the code `cancelled`. */
  close(): Promise<void>;
}

/** Loads a model, by default that of the package `@salesmirror/model-default`. Rejects with a {@link SalesMirrorError}. */
export async function load({ model }: LoadOptions = {}): Promise<Mirror> {
  const thread = new Thread();
  try {
    const wasm = new URL(/* @vite-ignore */ '../assets/', import.meta.url).href;
    const loaded = await thread.ask((service) => service.load(wasm, manifestUrl(model)));
    return {
      ...loaded,
      assess: (text, whose) =>
        thread.ask((service) => service.assess(text, whose && { ...NOBODY, ...whose })),
      close: () => thread.close(),
    };
  } catch (error) {
    await thread.close();
    throw error;
  }
}

/** Nothing is said about whose words count. */
const NOBODY: Whose = { speaker: null, whole: false, quoted: false, account: false };

/** The URL of the manifest in a folder, which may be a path. Throws a SalesMirrorError if the default model is missing. */
function manifestUrl(model: string | URL | undefined): string {
  if (model === undefined) {
    try {
      return pathToFileURL(createRequire(import.meta.url).resolve('@salesmirror/model-default/manifest.json'))
        .href;
    } catch (error) {
      const message = `the default model is missing: ${String(error)}; install the package, or name another model`;
      throw new SalesMirrorError({ code: 'not_found', message, detail: null });
    }
  }
  const folder =
    model instanceof URL || /^file:/.test(model)
      ? new URL(model).href
      : pathToFileURL(resolve(model) + sep).href;
  return new URL('manifest.json', folder.replace(/\/?$/, '/')).href;
}

/** The thread, which keeps the process alive only while it has something to do. */
class Thread {
  private readonly worker = new Worker(new URL(/* @vite-ignore */ './worker.js', import.meta.url));
  private readonly service: Remote<NodeService> = wrap<NodeService>(nodeEndpoint(this.worker));
  private readonly ending = new AbortController();
  private waiting = 0;

  constructor() {
    this.worker.unref();
    this.worker.once('error', (error) => {
      this.ending.abort(new SalesMirrorError({ code: 'crashed', message: error.message, detail: null }));
    });
    this.worker.once('exit', () => {
      this.ending.abort(
        new SalesMirrorError({ code: 'cancelled', message: 'the thread was ended', detail: null }),
      );
    });
  }

  /** Rejects with a SalesMirrorError. */
  async ask<T>(question: (service: Remote<NodeService>) => Promise<T>): Promise<T> {
    if (this.waiting++ === 0) this.worker.ref();
    try {
      return await unless(this.ending.signal, question(this.service));
    } catch (thrown) {
      if (thrown instanceof SalesMirrorError) throw thrown;
      // A trap leaves the wasm's memory in an undefined state, so the thread must not be used again.
      const trapped = thrown instanceof Error && thrown.name === 'RuntimeError';
      if (trapped) await this.close();
      throw new SalesMirrorError(
        trapped ? { code: 'crashed', message: thrown.message, detail: null } : asFailure(thrown),
      );
    } finally {
      if (--this.waiting === 0) this.worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
