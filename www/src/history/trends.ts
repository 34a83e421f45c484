/** Levels over time, and whether they have gone down for long enough to mention it. */
import { levelOf } from '../report/report';
import type { Entry } from './store';

export interface Point {
  readonly date: string;
  readonly level: number;
}

/** How many times in a row a level must drop before that is mentioned. */
export const DROPS = 3;

/** A competency's levels, oldest first; texts that do not show it, or were refused, are left out. */
export function trend(entries: readonly Entry[], competency: string): Point[] {
  return entries.flatMap((entry) => {
    const level = levelOf(entry, competency);
    return level === null ? [] : [{ date: entry.report.date, level }];
  });
}

/** Whether each of the last DROPS texts that show a competency is below the one before it. */
export function isDropping(points: readonly Point[]): boolean {
  if (points.length < DROPS + 1) return false;
  const last = points.slice(-DROPS - 1);
  return last.every(({ level }, i) => i === 0 || level < (last[i - 1]?.level ?? level));
}
