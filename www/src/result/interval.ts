/** How intervals are written, and how sure their width lets one be. */
import type { Interval } from '../engine/contract';
import { number } from '../languages/text';

/** Interval widths, in levels, up to which a level counts as fairly sure, and as approximate. */
const SURE = { high: 1.6, medium: 2.6 };

/** Both ends, each with one decimal. */
export function range([low, high]: Interval): [string, string] {
  return [number(low), number(high)];
}

export function sureness([low, high]: Interval): 'high' | 'medium' | 'low' {
  const width = high - low;
  if (width <= SURE.high) return 'high';
  return width <= SURE.medium ? 'medium' : 'low';
}
