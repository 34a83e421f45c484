/** The worker's side: loads a contender, runs it, and times it without anything of ours in between. */

let contender;

/** Milliseconds for which runs are repeated; a run that takes as long by itself is measured alone. */
const LEAST = 100;

const tasks = {
  async load({ module, options }) {
    contender = await (await import(`./${module}.js`)).load(options);
  },

  run: ({ input }) => contender.run(input),

  /**
   * Mean milliseconds of a run. The first run of a turn brings back what others have driven out of the processor's
   * caches; it counts only where it is long enough for that not to matter.
   */
  async time({ input }) {
    let begin = performance.now();
    await contender.run(input);
    const first = performance.now() - begin;
    if (first >= 2 * LEAST) return first;
    const runs = Math.ceil(LEAST / Math.max(first, 0.1));
    begin = performance.now();
    for (let i = 0; i < runs; i++) await contender.run(input);
    return (performance.now() - begin) / runs;
  },
};

self.onmessage = async ({ data: { id, task, ...question } }) => {
  try {
    self.postMessage({ id, answer: await tasks[task](question) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.stack ?? error) });
  }
};
