/** The page's side of the contenders: each in a worker of its own, and only one of them at work at a time. */

const contenders = new Map();

function ask({ worker, answers }, question) {
  const id = answers.size ? Math.max(...answers.keys()) + 1 : 0;
  return new Promise((resolve, reject) => {
    answers.set(id, { resolve, reject });
    worker.postMessage({ id, ...question });
  });
}

/** Starts a worker with a contender: one of the modules beside this one, and what its `load` takes. */
export async function start(name, module, options) {
  const worker = new Worker(new URL('contender-worker.js', import.meta.url), { type: 'module', name });
  const contender = { worker, answers: new Map() };
  worker.onmessage = ({ data: { id, error, answer } }) => {
    const { resolve, reject } = contender.answers.get(id);
    contender.answers.delete(id);
    if (error) reject(new Error(`${name}: ${error}`));
    else resolve(answer);
  };
  worker.onerror = (event) => {
    for (const { reject } of contender.answers.values()) reject(new Error(`${name}: ${event.message}`));
  };
  contenders.set(name, contender);
  await ask(contender, { task: 'load', module, options });
}

/** Milliseconds that one run of a contender takes; see contender-worker.js. */
export const time = (name, input) => ask(contenders.get(name), { task: 'time', input });

/** What a run of a contender gives, as a plain array. */
export const result = async (name, input) => Array.from(await ask(contenders.get(name), { task: 'run', input }));
