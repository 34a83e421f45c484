/** What an assessment was made with, read from a file. Nothing in it is trusted: names and versions that it lacks are empty. */
import type { Assessment } from '../engine/contract';
import { record } from '../files/json';

export type MadeWith = Pick<Assessment, 'model' | 'rubric'>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function asMadeWith(value: unknown): MadeWith {
  const from = record(value);
  const model = record(from?.model);
  const rubric = record(from?.rubric);
  return {
    model: { id: text(model?.id), sha256: text(model?.sha256) },
    rubric: { id: text(rubric?.id), version: Number.isFinite(rubric?.version) ? Number(rubric?.version) : 0 },
  };
}
