/**
 * Lets the elements of a page that use the same model share one engine: one worker, one download, one copy of the weights.
 * Their questions wait for one another. The newest question of an element takes the place of its own older ones only.
 */
import { unless } from '../component/unless';
import type { AssessProgress, Assessment, Failure, LoadProgress } from './contract';
import { Engine } from './engine';
import type { Loaded, Passage } from './worker';

/** What the elements need of an engine. */
export type Assessor = Pick<Engine, 'load' | 'assess' | 'assessAll' | 'cancel' | 'dispose'>;

interface Shared {
  readonly engine: Assessor & Pick<Engine, 'supersede'>;
  readonly users: Set<object>;
  /** Who waits for the loading. */
  readonly waiting: Set<object>;
  /** Whose question is being answered. */
  asking: object | undefined;
  /** Settles when the last question in the queue is answered. */
  queue: Promise<unknown>;
}

const engines = new Map<string, Shared>();

const cancelled = (message: string): Failure => ({ code: 'cancelled', message, detail: null });

/**
 * Returns a share in the engine for a model, which is created for the first one and ended after the last.
 * @param workers how many may encode at the same time
 * @param key the public key with which the manifest has to be signed; empty if it need not be
 * @param create makes the engine; tests replace it
 */
export function share(
  manifest: string,
  workers: number | undefined,
  key = '',
  create: (manifest: string, workers: number | undefined, key: string) => Shared['engine'] = (
    manifest,
    workers,
    key,
  ) => new Engine(manifest, workers, undefined, key),
): Assessor {
  const name = `${manifest} ${workers ?? ''} ${key}`;
  let shared = engines.get(name);
  if (!shared) {
    const engine = create(manifest, workers, key);
    shared = { engine, users: new Set(), waiting: new Set(), asking: undefined, queue: Promise.resolve() };
    engines.set(name, shared);
  }
  return new Share(shared, () => engines.delete(name));
}

/** One element's part in an engine. */
class Share implements Assessor {
  /** Aborted when the newest question is given up. */
  private question = new AbortController();
  /** Aborted when the loading is given up. */
  private loading = new AbortController();

  /** @param forget called when the last user has left */
  constructor(
    private readonly shared: Shared,
    private readonly forget: () => void,
  ) {
    shared.users.add(this);
  }

  async load(onProgress?: (progress: LoadProgress) => void): Promise<Loaded> {
    const { engine, waiting } = this.shared;
    waiting.add(this);
    try {
      return await unless(this.loading.signal, engine.load(onProgress));
    } finally {
      waiting.delete(this);
    }
  }

  assess(text: Passage, onProgress?: (progress: AssessProgress) => void): Promise<Assessment> {
    return this.ask(() => this.shared.engine.assess(text, onProgress));
  }

  assessAll(
    texts: readonly Passage[],
    onProgress?: (progress: AssessProgress) => void,
  ): Promise<readonly (Assessment | Failure)[]> {
    return this.ask(() => this.shared.engine.assessAll(texts, onProgress));
  }

  /** Gives up what this element waits for; what others wait for goes on. */
  cancel(): void {
    const { engine, waiting, asking } = this.shared;
    const alone = waiting.has(this) && waiting.size === 1;
    const reason = cancelled('the work was cancelled');
    this.question.abort(reason);
    this.loading.abort(reason);
    this.loading = new AbortController();
    if (asking === this || (asking === undefined && alone)) engine.cancel();
  }

  dispose(): void {
    const { engine, users } = this.shared;
    this.cancel();
    if (!users.delete(this) || users.size > 0) return;
    this.forget();
    engine.dispose();
  }

  /** Asks a question when those before it are answered. */
  private ask<T>(question: () => Promise<T>): Promise<T> {
    const { shared } = this;
    this.question.abort(cancelled('another assessment took its place'));
    if (shared.asking === this) shared.engine.supersede();
    this.question = new AbortController();
    const { signal } = this.question;
    const answer = shared.queue.then(async () => {
      signal.throwIfAborted();
      shared.asking = this;
      try {
        return await question();
      } finally {
        shared.asking = undefined;
      }
    });
    shared.queue = answer.catch(() => undefined);
    return unless(signal, answer);
  }
}
