/**
 * Opens a database of IndexedDB that is there, and creates none: whether there is one says whether a person wants something
 * kept. What is in it is left to its stores.
 */
import { openDB, type DBSchema, type IDBPDatabase, type OpenDBCallbacks } from 'idb';

/**
 * Resolves to the database, or to undefined if there is none. Rejects if nothing can be stored.
 * @param callbacks of which `upgrade` is called for a database of an earlier version only
 */
export async function openExisting<S extends DBSchema>(
  name: string,
  version: number,
  callbacks: OpenDBCallbacks<S>,
): Promise<IDBPDatabase<S> | undefined> {
  const opening = { anew: false };
  try {
    return await openDB<S>(name, version, {
      ...callbacks,
      upgrade: (database, from, to, transaction, event) => {
        if (from > 0) {
          callbacks.upgrade?.(database, from, to, transaction, event);
          return;
        }
        // The database that opening would create is discarded.
        opening.anew = true;
        transaction.done.catch(() => undefined);
        transaction.abort();
      },
    });
  } catch (thrown) {
    if (opening.anew) return undefined;
    throw thrown;
  }
}
