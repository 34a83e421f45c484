/** What the figures are of: the machine, and whether it had anything else to do. */
import { cpus, totalmem } from 'node:os';

export const machine = () => ({ processor: cpus()[0]?.model, cores: cpus().length, memory: totalmem() });

/** Above this, a part's figures are of another machine than the one that is named. */
const BUSY = 0.1;

/** The share of the cores that is at work although nothing is measured: other people's programs. */
async function busyShare() {
  const sum = () => {
    const times = cpus().map((core) => core.times);
    const all = times.reduce((total, { user, nice, sys, idle, irq }) => total + user + nice + sys + idle + irq, 0);
    return { all, idle: times.reduce((total, { idle }) => total + idle, 0) };
  };
  const before = sum();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = sum();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Runs a part; gives what it found and how busy the machine was with other things before and after. */
export async function watched(part, warn) {
  const before = await busyShare();
  const found = await part();
  const after = await busyShare();
  if (Math.max(before, after) > BUSY) {
    warn(`the machine has other things to do (${Math.round(100 * before)} % before, ${Math.round(100 * after)} % after): these figures are not to be reported`);
  }
  return { ...found, othersBusy: { before, after } };
}
