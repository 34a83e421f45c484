/** Whether a log of use is kept in this browser: it is if its database exists, so that nothing need be opened to know. */

/** The name of its database, and of the channel on which tabs tell each other of it. */
export const NAME = 'salesmirror-log';

/** Whether there is a log. */
export async function isKept(): Promise<boolean> {
  try {
    // This throws where nothing can be stored. There, Chromium's databases() rejects a promise that nobody has, besides its own.
    localStorage.getItem(NAME);
    return (await indexedDB.databases()).some(({ name }) => name === NAME);
  } catch {
    // Nothing can be stored here.
    return false;
  }
}
