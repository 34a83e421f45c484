/**
 * The entries of the log of use in IndexedDB, in a database of their own: the log is on if there is one, whatever the
 * history is. They are not encrypted, because the log goes on while the history is locked; nothing in them needs to be.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { openExisting } from '../component/existing-database';
import type { LogEntry } from './entry';
import { NAME } from './kept';

const VERSION = 1;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The most entries; the oldest ones go first. */
export const MOST_ENTRIES = 5_000;
/** How long an entry is kept, in days. */
export const KEPT_DAYS = 365;

interface Schema extends DBSchema {
  entries: { key: number; value: LogEntry };
}

type Database = IDBPDatabase<Schema>;

/** What is asked of it is done by one caller, one thing after the other. Everything rejects if nothing can be stored. */
export class LogStore {
  private database: Database | undefined;

  /** Turns the log on. */
  async begin(): Promise<void> {
    await this.open(true);
  }

  /** Adds an entry, and removes those that are too many or too old. False if there is no log. */
  async add(entry: LogEntry): Promise<boolean> {
    const database = await this.open(false);
    if (!database) return false;
    await database.add('entries', entry);
    await prune(database);
    return true;
  }

  /** All entries that are not too old, oldest first. */
  async entries(): Promise<LogEntry[]> {
    const database = await this.open(false);
    if (!database) return [];
    await prune(database);
    return database.getAll('entries');
  }

  /** Removes all entries, and the database unless the log goes on. */
  async erase(goesOn: boolean): Promise<void> {
    // Another tab can hold up the deletion, so what is in the database goes first.
    await (await this.open(false))?.clear('entries');
    if (goesOn) return;
    this.close();
    await deleteDB(NAME);
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }

  /** Opens the database, and makes it if `create` says so; undefined if there is none. */
  private async open(create: boolean): Promise<Database | undefined> {
    // Another tab erases the database, or the browser has closed it.
    const close = () => {
      this.close();
    };
    const callbacks = { blocking: close, terminated: close };
    const upgrade = (made: Database) => {
      made.createObjectStore('entries', { autoIncrement: true });
    };
    return (this.database ??= create
      ? await openDB<Schema>(NAME, VERSION, { ...callbacks, upgrade })
      : await openExisting<Schema>(NAME, VERSION, callbacks));
  }
}

/** Removes what is too much or too old. Entries are in the order in which they were made. */
async function prune(database: Database): Promise<void> {
  const oldest = new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString();
  const change = database.transaction('entries', 'readwrite');
  let surplus = (await change.store.count()) - MOST_ENTRIES;
  for (let row = await change.store.openCursor(); row; row = await row.continue()) {
    if (surplus-- <= 0 && row.value.at >= oldest) break;
    await row.delete();
  }
  await change.done;
}
