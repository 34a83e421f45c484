/**
 * A person's own history in IndexedDB. Nothing is stored before they turn it on, and all of it can be exported and erased.
 * With a passphrase, entries are encrypted with AES-GCM under a key derived by PBKDF2; neither the passphrase nor the key
 * is ever stored, and the key cannot be exported, so another page of the same origin reads nothing of them but their
 * number and when each was stored.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { openExisting } from '../component/existing-database';
import { asTrouble, Trouble } from '../failure/trouble';
import { withoutQuotes, type Plan } from '../plan/plan';
import { withoutWords, type Report, type Result } from '../report/report';
import { present, type Stored } from '../report/stored';

/** The minimum that OWASP has recommended for PBKDF2-HMAC-SHA256 since 2023. Histories with fewer get it when they are unlocked. */
export const ITERATIONS = 600_000;

/** How many wrong passphrases may be tried at once, and how long each one after them keeps the history locked at least. */
const TRIES = 3;
const PENALTY_MS = 5_000;
const LONGEST_PENALTY_MS = 60_000;
const NAME = 'salesmirror';
/** Version 2 added the draft and the setting of whether texts are kept, version 3 the plan. */
const VERSION = 3;
const STORES = ['settings', 'entries', 'draft', 'plan'] as const;

/** A result as it is stored; its text is empty if the person did not want texts kept. */
export type Entry = Result;

/** What was typed and not yet finished. */
export type Draft = Pick<Report, 'text' | 'kind'>;

/** An entry as the widget of its day wrote it. */
type Written = Omit<Entry, 'assessment'> & { readonly assessment: Stored };

interface Lock {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  /** A known value, encrypted: it decrypts only with the right passphrase. */
  readonly check: Sealed;
}

/** Wrong passphrases since the last right one. */
interface Tries {
  readonly wrong: number;
  /** Until when no passphrase is tried, in milliseconds since 1970. */
  readonly until: number;
}

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

interface Row {
  readonly id: string;
  /** When it was stored, in milliseconds since 1970; orders texts of the same day. */
  readonly at: number;
  readonly content: Written | Sealed;
}

interface Schema extends DBSchema {
  settings: { key: 'lock' | 'texts' | 'tries'; value: Lock | Tries | boolean };
  entries: { key: string; value: Row };
  draft: { key: 'draft'; value: Draft | Sealed };
  plan: { key: 'plan'; value: Plan | Sealed };
}

/** `off`: nothing is stored. `locked`: the passphrase is needed to read what is stored. */
export type State = 'off' | 'locked' | 'on';

export class History {
  private database: IDBPDatabase<Schema> | undefined;
  private key: CryptoKey | undefined;
  private lock: Lock | undefined;
  /** Whether texts are kept; undefined until it is known. */
  private texts: boolean | undefined;
  /** Tells the other tabs of changes, and hears of theirs. */
  private tabs: BroadcastChannel | undefined;

  /** Whether a passphrase can be used: browsers offer SubtleCrypto in secure contexts only. */
  static readonly canLock = 'subtle' in crypto;

  get state(): State {
    if (!this.database) return 'off';
    return this.lock && !this.key ? 'locked' : 'on';
  }

  get locked(): boolean {
    return this.lock !== undefined;
  }

  /** Calls a listener whenever another tab has changed the history, until the history is closed. */
  follow(listener: () => void): void {
    if (typeof BroadcastChannel === 'undefined') return;
    this.tabs ??= new BroadcastChannel(NAME);
    this.tabs.onmessage = listener;
  }

  private tell(): void {
    this.tabs?.postMessage('changed');
  }

  /** Opens the history if it was turned on before, and never creates one. Rejects with a Trouble. */
  async resume(): Promise<State> {
    if (this.database) return this.state;
    try {
      this.database = await openExisting<Schema>(NAME, VERSION, {
        upgrade,
        blocking: () => {
          this.closeDatabase();
        },
      });
      this.lock = (await this.database?.get('settings', 'lock')) as Lock | undefined;
      this.texts = (await this.database?.get('settings', 'texts')) as boolean | undefined;
    } catch (thrown) {
      throw asStorageTrouble(thrown);
    }
    // Another tab may have erased the history that this key belonged to.
    if (!this.database) this.key = undefined;
    return this.state;
  }

  /**
   * Turns the history on, which creates the database. Rejects with a Trouble.
   * @param texts whether texts are kept, and with them what was not finished
   */
  async begin(passphrase: string, texts: boolean): Promise<void> {
    if (passphrase && !History.canLock)
      throw new Trouble('passphrase_insecure', 'SubtleCrypto needs a secure context');
    try {
      this.database = await openDB<Schema>(NAME, VERSION, {
        upgrade,
        blocking: () => {
          this.closeDatabase();
        },
      });
      await this.database.put('settings', texts, 'texts');
    } catch (thrown) {
      throw asStorageTrouble(thrown);
    }
    this.texts = texts;
    // Without this, a browser that is short of space may erase the history.
    void (navigator.storage as StorageManager | undefined)?.persist().catch(() => false);
    if (passphrase) {
      const salt = crypto.getRandomValues(new Uint8Array(16));
      this.key = await derive(passphrase, salt, ITERATIONS);
      this.lock = { salt, iterations: ITERATIONS, check: await seal(this.key, NAME) };
      await this.database.put('settings', this.lock, 'lock');
    }
    // Not before it is locked: another tab would take it for a history without a passphrase.
    this.tell();
  }

  /**
   * Rejects with the Trouble `passphrase_wrong` if it is not the right one, and with `passphrase_wait` while wrong ones
   * have to be waited for. That keeps people at the keyboard from guessing; it is the derivation that slows a program down.
   */
  async unlock(passphrase: string): Promise<void> {
    const { lock, database } = this;
    if (!lock || !database) return;
    if (!History.canLock) throw new Trouble('passphrase_insecure', 'SubtleCrypto needs a secure context');
    const tries = (await database.get('settings', 'tries')) as Tries | undefined;
    // A clock that was set back must not lock the history for longer.
    const wait = Math.min((tries?.until ?? 0) - Date.now(), LONGEST_PENALTY_MS);
    if (wait > 0) throw new Trouble('passphrase_wait', `${wait} ms`);
    const key = await derive(passphrase, lock.salt, lock.iterations);
    try {
      await unseal(key, lock.check);
    } catch {
      const wrong = (tries?.wrong ?? 0) + 1;
      const penalty =
        wrong < TRIES ? 0 : Math.min(PENALTY_MS * 2 ** Math.min(wrong - TRIES, 10), LONGEST_PENALTY_MS);
      await database.put('settings', { wrong, until: Date.now() + penalty }, 'tries');
      throw new Trouble('passphrase_wrong', 'the check value does not decrypt');
    }
    await database.delete('settings', 'tries');
    this.key = key;
    if (lock.iterations < ITERATIONS) await this.strengthen(passphrase, database, key);
  }

  /** Encrypts everything anew under a key that takes longer to derive. */
  private async strengthen(
    passphrase: string,
    database: IDBPDatabase<Schema>,
    before: CryptoKey,
  ): Promise<void> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await derive(passphrase, salt, ITERATIONS);
    const lock = { salt, iterations: ITERATIONS, check: await seal(key, NAME) };
    const anew = async <T>(content: T | Sealed): Promise<T | Sealed> =>
      isSealed(content) ? seal(key, await unseal(before, content)) : content;
    const rows = await Promise.all(
      (await database.getAll('entries')).map(async (row) => ({ ...row, content: await anew(row.content) })),
    );
    const draft = await database.get('draft', 'draft');
    const kept = draft && (await anew(draft));
    const plan = await database.get('plan', 'plan');
    const keptPlan = plan && (await anew(plan));
    // All or nothing: entries under two keys could not be read. Nothing else is waited for, or it would end too early.
    const change = database.transaction(STORES, 'readwrite');
    await Promise.all([
      change.objectStore('settings').put(lock, 'lock'),
      ...rows.map((row) => change.objectStore('entries').put(row)),
      ...(kept ? [change.objectStore('draft').put(kept, 'draft')] : []),
      ...(keptPlan ? [change.objectStore('plan').put(keptPlan, 'plan')] : []),
      change.done,
    ]);
    this.lock = lock;
    this.key = key;
    this.tell();
  }

  /** Forgets the key until the passphrase is given again. */
  relock(): void {
    this.key = undefined;
  }

  /** Stores an entry, replacing an older version of it; without its text if the person did not want texts kept. */
  async keep(entry: Entry): Promise<void> {
    if (this.state !== 'on' || !this.database) return;
    const kept = this.texts ? entry : withoutText(entry);
    const content = this.key ? await seal(this.key, kept) : kept;
    await this.database.put('entries', { id: entry.report.id, at: Date.now(), content });
    this.tell();
  }

  /** Stores what is being typed in the place of what was, if texts are kept; an empty text is forgotten. */
  async keepDraft(draft: Draft): Promise<void> {
    if (this.state !== 'on' || !this.database) return;
    if (!this.texts || !draft.text.trim()) {
      await this.database.delete('draft', 'draft');
      return;
    }
    await this.database.put('draft', this.key ? await seal(this.key, draft) : draft, 'draft');
  }

  /** What was typed last and not forgotten. */
  async draft(): Promise<Draft | undefined> {
    if (this.state !== 'on' || !this.database) return undefined;
    const content = await this.database.get('draft', 'draft');
    if (!content || !isSealed(content)) return content;
    return this.key && ((await unseal(this.key, content)) as Draft);
  }

  /** A plan as it is kept: without sentences of the text if the person did not want texts kept. */
  asKept(plan: Plan): Plan {
    return this.texts ? plan : withoutQuotes(plan);
  }

  /** Stores the person's plan in the place of what was; null removes it. */
  async keepPlan(plan: Plan | null): Promise<void> {
    if (this.state !== 'on' || !this.database) return;
    const kept = plan && this.asKept(plan);
    if (kept) await this.database.put('plan', this.key ? await seal(this.key, kept) : kept, 'plan');
    else await this.database.delete('plan', 'plan');
    this.tell();
  }

  /** The plan that was kept last, as it was stored. */
  async plan(): Promise<unknown> {
    if (this.state !== 'on' || !this.database) return undefined;
    const content = await this.database.get('plan', 'plan');
    if (!content || !isSealed(content)) return content;
    return this.key && (await unseal(this.key, content));
  }

  /** All entries, oldest first. Rejects with a Trouble. */
  async entries(): Promise<Entry[]> {
    if (this.state !== 'on' || !this.database) return [];
    const { key } = this;
    const open = async ({ content }: Row) =>
      isSealed(content) ? key && ((await unseal(key, content)) as Written) : content;
    try {
      const rows = (await this.database.getAll('entries')).sort((a, b) => a.at - b.at);
      const found = (await Promise.all(rows.map(open))).filter((entry) => entry !== undefined);
      // Version 1 did not store the setting, but the entries tell it.
      this.texts ??= found.length === 0 || found.some(({ report }) => report.text !== '');
      return found
        .map((entry): Entry => ({ ...entry, assessment: present(entry.assessment) }))
        .sort((a, b) => a.report.date.localeCompare(b.report.date));
    } catch (thrown) {
      throw asTrouble(thrown, 'storage_damaged');
    }
  }

  async remove(id: string): Promise<void> {
    await this.database?.delete('entries', id);
    this.tell();
  }

  /** Erases everything and turns the history off. */
  async erase(): Promise<void> {
    const { database } = this;
    this.key = undefined;
    this.lock = undefined;
    this.texts = undefined;
    if (database) {
      // Another tab can hold up the deletion, so what is in the database goes first.
      const change = database.transaction(STORES, 'readwrite');
      await Promise.all([...STORES.map((name) => change.objectStore(name).clear()), change.done]).catch(
        () => undefined,
      );
    }
    this.closeDatabase();
    try {
      await deleteDB(NAME);
    } catch (thrown) {
      throw asTrouble(thrown, 'storage_unavailable');
    }
    this.tell();
  }

  close(): void {
    this.closeDatabase();
    this.tabs?.close();
    this.tabs = undefined;
  }

  private closeDatabase(): void {
    this.database?.close();
    this.database = undefined;
  }
}

function withoutText({ report, assessment, ...rest }: Entry): Entry {
  return {
    ...rest,
    report: { ...report, text: '', whose: undefined },
    assessment: withoutWords(assessment),
  };
}

/** Makes what a database of an older version lacks. */
function upgrade(database: IDBPDatabase<Schema>, version: number): void {
  if (version < 1) {
    database.createObjectStore('settings');
    database.createObjectStore('entries', { keyPath: 'id' });
  }
  if (version < 2) database.createObjectStore('draft');
  if (version < 3) database.createObjectStore('plan');
}

function asStorageTrouble(thrown: unknown): Trouble {
  const newer = thrown instanceof DOMException && thrown.name === 'VersionError';
  return asTrouble(thrown, newer ? 'storage_newer' : 'storage_unavailable');
}

async function derive(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(algorithm, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

const isSealed = (content: unknown): content is Sealed =>
  typeof content === 'object' && content !== null && 'iv' in content;

async function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv },
    key,
    new TextEncoder().encode(JSON.stringify(value)),
  );
  return { iv, data };
}

async function unseal(key: CryptoKey, { iv, data }: Sealed): Promise<unknown> {
  return JSON.parse(
    new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data)),
  );
}
