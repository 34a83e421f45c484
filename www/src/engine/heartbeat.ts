/**
 * Notices that a worker has fallen silent. One that closes itself, or that the browser ends for want of memory, sends no
 * event, and what was asked of it would be waited for forever.
 */

/** Milliseconds between two questions. */
const PACE = 5_000;

/** How many questions in a row may stay without an answer; a model is unpacked in one task, which may take seconds. */
const PATIENCE = 6;

/** How long a silent worker is waited for, in seconds. */
export const SILENCE_SECONDS = (PACE * PATIENCE) / 1_000;

/**
 * Asks again and again for a sign of life, and calls `onSilence` once if none comes. Returns what stops it.
 * It counts questions and not time, which also passes while the machine sleeps.
 * @param ping any answer, even a rejection, is a sign of life
 */
export function heartbeat(ping: () => Promise<unknown>, onSilence: () => void): () => void {
  let unanswered = 0;
  const answered = () => {
    unanswered = 0;
  };
  const timer = setInterval(() => {
    if (unanswered >= PATIENCE) {
      clearInterval(timer);
      onSilence();
      return;
    }
    unanswered++;
    ping().then(answered, answered);
  }, PACE);
  return () => {
    clearInterval(timer);
  };
}
