/** Opens hand-over files that people chose: reads them, checks them, and compares them with their hash chains. */
import type { Rubric } from '../engine/contract';
import { readJson } from '../files/json';
import { checkSeal, type Seal } from './chain';
import { asHandOver, type HandOver } from './hand-over';

/** A file that was opened, and what its hash chain says. */
export interface Opened extends HandOver {
  readonly seal: Seal;
}

/** @throws Trouble what {@link readJson} and {@link asHandOver} throw */
export async function openHandOver(file: File, rubric: Rubric): Promise<Opened> {
  const value = await readJson(file, 'handover_invalid');
  const content = asHandOver(value, rubric, file.name);
  return { ...content, seal: await checkSeal(value) };
}

/** What is saved of files of one person that were opened and corrected: the newest one with other results. */
export function corrected(files: readonly Opened[], results: HandOver['results']): HandOver {
  const [newest] = [...files].sort((a, b) => b.exported.localeCompare(a.exported));
  if (!newest) throw new RangeError('no file was opened');
  const days = files.map(({ deleteBy }) => deleteBy).filter((date) => date !== null);
  return {
    ...newest,
    seal: undefined,
    exported: new Date().toISOString(),
    texts: files.find(({ texts }) => texts !== 'left_out')?.texts ?? 'left_out',
    deleteBy: days.sort()[0] ?? null,
    // A new chain must not hide that a file was changed before.
    altered: files.some(({ seal }) => seal === 'altered') || undefined,
    results,
  } as HandOver;
}
