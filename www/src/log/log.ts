/**
 * Whether a log of use is kept in this browser, and the one way to write to it. It is off until a person or their company
 * turns it on. All elements of a page share it, and other tabs hear of changes. What is in an entry is left to entry.ts,
 * the database to log-store.ts. Nothing here rejects but reading and erasing: what the log is about goes on whether or not
 * it can be written.
 */
import type { Lock } from '../sales-mirror/locks';
import type { Activity } from './activity';
import { entryOf, type LogEntry } from './entry';
import { isKept, NAME } from './kept';
import { LogStore } from './log-store';

/** `failed`: it is to be kept, but could not be. */
export type State = 'off' | 'on' | 'failed';

/**
 * Who decides whether it is kept: the person, or the company. Where it is `required`, it goes on when it is erased; where it
 * is `forbidden`, nothing is added, and what is there can be read and erased.
 */
export type Rule = 'free' | 'required' | 'forbidden';

/** How long after an entry about levels that were updated while a person typed there is no other one. */
const LIVE_MS = 60_000;

export class Log {
  private readonly store = new LogStore();
  /** What each element of the page says. */
  private readonly rules = new Map<object, Rule>();
  private decided: Rule | undefined;
  private current: State = 'off';
  private readonly listeners = new Set<() => void>();
  /** Ends when everything before it has been done: entries are written in order, the first ones after the log is turned on. */
  private last: Promise<unknown> = Promise.resolve();
  /** When the last entry about levels that were updated while a person typed was made, in milliseconds since 1970. */
  private lastLive = 0;
  private tabs: BroadcastChannel | undefined;

  get state(): State {
    return this.current;
  }

  get rule(): Rule {
    return this.decided ?? 'free';
  }

  get required(): boolean {
    return this.rule === 'required';
  }

  /** Calls a listener after every change, until the function that is returned is called. */
  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /**
   * Takes over what the company has decided, and finds out whether a log is kept. Where the elements of a page differ, it is
   * forbidden if one of them forbids it, and otherwise required if one of them requires it.
   */
  obey(element: object, locks: ReadonlySet<Lock>): void {
    this.rules.set(element, locks.has('log') ? 'forbidden' : locks.has('log-on') ? 'required' : 'free');
    this.decide();
  }

  /** An element has left the page. */
  forget(element: object): void {
    this.rules.delete(element);
    this.decide();
  }

  private decide(): void {
    const rules = new Set(this.rules.values());
    const rule = rules.has('forbidden') ? 'forbidden' : rules.has('required') ? 'required' : 'free';
    if (rule === this.decided) return;
    this.decided = rule;
    void this.resume();
  }

  /** Finds out whether a log is kept. Creates none unless the company requires it. */
  resume(): Promise<void> {
    return this.attempt(async () => {
      if (typeof BroadcastChannel !== 'undefined' && !this.tabs) {
        this.tabs = new BroadcastChannel(NAME);
        this.tabs.onmessage = () => void this.resume();
      }
      if (this.required) await this.store.begin();
      else if (!(await isKept())) return 'off';
      // What is too old is removed, and it shows whether the log can be used.
      await this.store.entries();
      return 'on';
    });
  }

  /** Turns it on, which creates its database. */
  begin(): Promise<void> {
    return this.attempt(async () => {
      await this.store.begin();
      this.tell();
      return 'on';
    });
  }

  /**
   * Adds an entry, if the log is on and not forbidden.
   * @param at when it was done
   */
  write(activity: Activity, at = new Date()): Promise<void> {
    return this.attempt(async () => {
      if (this.rule === 'forbidden' || (this.current === 'off' && !this.required)) return this.current;
      if (activity.live) {
        if (Math.abs(at.getTime() - this.lastLive) < LIVE_MS) return this.current;
        this.lastLive = at.getTime();
      }
      // Another tab may have erased it.
      if (this.required) await this.store.begin();
      const written = await this.store.add(entryOf(activity, at));
      this.tell();
      return written ? 'on' : 'off';
    });
  }

  /** All entries, oldest first. */
  entries(): Promise<LogEntry[]> {
    return this.next(() => this.store.entries());
  }

  /** Erases all entries, and turns it off unless the company requires it; then the first entry says that it was erased. */
  erase(): Promise<void> {
    return this.next(async () => {
      await this.store.erase(this.required);
      if (this.required) await this.store.add(entryOf({ what: 'log_erased', results: [] }, new Date()));
      else this.current = 'off';
      this.tell();
      this.changed();
    });
  }

  /** Lets go of the database, and hears no other tab any more. */
  close(): void {
    this.store.close();
    this.tabs?.close();
    this.tabs = undefined;
  }

  /** Does what changes the state, and notes it as failed if that fails. */
  private attempt(step: () => Promise<State>): Promise<void> {
    return this.next(async () => {
      this.current = await step().catch(() => 'failed' as const);
      this.changed();
    });
  }

  private next<T>(step: () => Promise<T>): Promise<T> {
    const done = this.last.then(step);
    this.last = done.catch(() => undefined);
    return done;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private tell(): void {
    this.tabs?.postMessage('changed');
  }
}

/** The log of this browser. */
export const log = new Log();
