/**
 * A person's own history in IndexedDB. Nothing is stored before they turn it on, and all of it can be exported and erased.
 * With a passphrase, entries are encrypted with AES-GCM under a key derived by PBKDF2; the passphrase is never stored.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { asTrouble, Trouble } from '../failure/trouble';
import type { Result } from '../report/report';

/** The minimum that OWASP has recommended for PBKDF2-HMAC-SHA256 since 2023. */
const ITERATIONS = 600_000;
const NAME = 'salesmirror';

/** A result as it is stored; its text is empty if the person did not want texts kept. */
export type Entry = Result;

interface Lock {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  /** A known value, encrypted: it decrypts only with the right passphrase. */
  readonly check: Sealed;
}

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

interface Row {
  readonly id: string;
  /** When it was stored, in milliseconds since 1970; orders texts of the same day. */
  readonly at: number;
  readonly content: Entry | Sealed;
}

interface Schema extends DBSchema {
  settings: { key: 'lock'; value: Lock };
  entries: { key: string; value: Row };
}

/** `off`: nothing is stored. `locked`: the passphrase is needed to read what is stored. */
export type State = 'off' | 'locked' | 'on';

export class History {
  private database: IDBPDatabase<Schema> | undefined;
  private key: CryptoKey | undefined;
  private lock: Lock | undefined;

  /** Whether a passphrase can be used: browsers offer SubtleCrypto in secure contexts only. */
  static readonly canLock = 'subtle' in crypto;

  get state(): State {
    if (!this.database) return 'off';
    return this.lock && !this.key ? 'locked' : 'on';
  }

  get locked(): boolean {
    return this.lock !== undefined;
  }

  /** Opens the history if it was turned on before, and never creates one. Rejects with a Trouble. */
  async resume(): Promise<State> {
    if (this.database) return this.state;
    const opening = { anew: false };
    try {
      const database = await openDB<Schema>(NAME, 1, {
        upgrade: (_, __, ___, transaction) => {
          // There is no history: the database that opening would create is discarded.
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

  /** Turns the history on, which creates the database. Rejects with a Trouble. */
  async begin(passphrase: string): Promise<void> {
    if (passphrase && !History.canLock)
      throw new Trouble('passphrase_insecure', 'SubtleCrypto needs a secure context');
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

  /** Rejects with the Trouble `passphrase_wrong` if it is not the right one. */
  async unlock(passphrase: string): Promise<void> {
    if (!this.lock) return;
    if (!History.canLock) throw new Trouble('passphrase_insecure', 'SubtleCrypto needs a secure context');
    const key = await derive(passphrase, this.lock.salt, this.lock.iterations);
    try {
      await unseal(key, this.lock.check);
    } catch {
      throw new Trouble('passphrase_wrong', 'the check value does not decrypt');
    }
    this.key = key;
  }

  /** Forgets the key until the passphrase is given again. */
  relock(): void {
    this.key = undefined;
  }

  /** Stores an entry, replacing an older version of it. */
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
