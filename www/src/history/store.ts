/**
 * A person's own history in IndexedDB: nothing is there before they turn it on, all of it can be exported and erased.
 * With a passphrase, entries are encrypted (AES-GCM, the key by PBKDF2); the passphrase is kept nowhere.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { asTrouble, Trouble } from '../failure/trouble';
import type { Result } from '../report/report';

/** OWASP's least for PBKDF2-HMAC-SHA256 since 2023. */
const ITERATIONS = 600_000;
const NAME = 'salesmirror';

/** What is stored of a result: all of it, or without the text. */
export type Entry = Result;

interface Lock {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  /** Something encrypted, to know the right passphrase by. */
  readonly check: Sealed;
}

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

interface Row {
  readonly id: string;
  /** When it was kept, in milliseconds: the order of texts of one day. */
  readonly at: number;
  readonly content: Entry | Sealed;
}

interface Schema extends DBSchema {
  settings: { key: 'lock'; value: Lock };
  entries: { key: string; value: Row };
}

/** Off: nothing is stored. Locked: there is something, and the passphrase is needed. */
export type State = 'off' | 'locked' | 'on';

export class History {
  private database: IDBPDatabase<Schema> | undefined;
  private key: CryptoKey | undefined;
  private lock: Lock | undefined;

  /** Whether a passphrase can be used: browsers have the cryptography in secure contexts only. */
  static readonly canLock = 'subtle' in crypto;

  get state(): State {
    if (!this.database) return 'off';
    return this.lock && !this.key ? 'locked' : 'on';
  }

  get locked(): boolean {
    return this.lock !== undefined;
  }

  /** Takes up a history that was turned on before, and makes none. Rejects with a Trouble. */
  async resume(): Promise<State> {
    if (this.database) return this.state;
    const opening = { anew: false };
    try {
      const database = await openDB<Schema>(NAME, 1, {
        upgrade: (_, __, ___, transaction) => {
          // There is none: what opening would make is taken back.
          opening.anew = true;
          transaction.done.catch(() => undefined);
          transaction.abort();
        },
        blocking: () => {
          this.close();
        },
      });
      this.database = database;
      this.lock = await database.get('settings', 'lock');
    } catch (thrown) {
      if (!opening.anew) throw asTrouble(thrown, 'storage_unavailable');
    }
    return this.state;
  }

  /** Turns the history on, which is what makes the database. */
  async begin(passphrase: string): Promise<void> {
    if (passphrase && !History.canLock) throw new Trouble('passphrase_insecure', 'no secure context');
    try {
      this.database = await openDB<Schema>(NAME, 1, {
        upgrade: (database) => {
          database.createObjectStore('settings');
          database.createObjectStore('entries', { keyPath: 'id' });
        },
        blocking: () => {
          this.close();
        },
      });
    } catch (thrown) {
      throw asTrouble(thrown, 'storage_unavailable');
    }
    if (!passphrase) return;
    const salt = crypto.getRandomValues(new Uint8Array(16));
    this.key = await derive(passphrase, salt, ITERATIONS);
    this.lock = { salt, iterations: ITERATIONS, check: await seal(this.key, NAME) };
    await this.database.put('settings', this.lock, 'lock');
  }

  /** Rejects with the Trouble passphrase_wrong where it is. */
  async unlock(passphrase: string): Promise<void> {
    if (!this.lock) return;
    if (!History.canLock) throw new Trouble('passphrase_insecure', 'no secure context');
    const key = await derive(passphrase, this.lock.salt, this.lock.iterations);
    try {
      await unseal(key, this.lock.check);
    } catch {
      throw new Trouble('passphrase_wrong', 'the check does not decrypt');
    }
    this.key = key;
  }

  /** Forgets the key until the passphrase is given again. */
  relock(): void {
    this.key = undefined;
  }

  /** Keeps an entry, or a newer version of it. */
  async keep(entry: Entry): Promise<void> {
    if (this.state !== 'on' || !this.database) return;
    const content = this.key ? await seal(this.key, entry) : entry;
    await this.database.put('entries', { id: entry.report.id, at: Date.now(), content });
  }

  /** All entries, oldest first. Rejects with a Trouble. */
  async entries(): Promise<Entry[]> {
    if (this.state !== 'on' || !this.database) return [];
    const { key } = this;
    const open = async ({ content }: Row) =>
      'iv' in content ? key && ((await unseal(key, content)) as Entry) : content;
    try {
      const rows = (await this.database.getAll('entries')).sort((a, b) => a.at - b.at);
      const found = await Promise.all(rows.map(open));
      return found
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.report.date.localeCompare(b.report.date));
    } catch (thrown) {
      throw asTrouble(thrown, 'storage_damaged');
    }
  }

  async remove(id: string): Promise<void> {
    await this.database?.delete('entries', id);
  }

  /** Erases everything and turns the history off. */
  async erase(): Promise<void> {
    this.close();
    this.key = undefined;
    this.lock = undefined;
    await new Promise<void>((done, fail) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = () => {
        done();
      };
      request.onerror = () => {
        fail(asTrouble(request.error, 'storage_unavailable'));
      };
    });
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }
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
