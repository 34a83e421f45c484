/** A level on its scale: the interval as a band, the level as a dot, a tick for each level. */
import { svg, type SVGTemplateResult } from 'lit';
import type { Interval } from '../engine/contract';

export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** Room at both ends for half a dot. */
const MARGIN = 4;

/** Where a level lies on the bar, in per cent of its width. */
export function position(level: number, { min, max }: Scale): number {
  return MARGIN + ((level - min) / (max - min)) * (100 - 2 * MARGIN);
}

export function levelBar(level: number, [low, high]: Interval, scale: Scale, label: string): SVGTemplateResult {
  const at = (value: number) => `${position(value, scale)}%`;
  const ticks = Array.from({ length: scale.max - scale.min + 1 }, (_, i) => scale.min + i);
  return svg`
    <svg part="bar" class="bar" role="img" aria-label=${label} width="100%" height="34">
      <line class="track" x1=${at(scale.min)} x2=${at(scale.max)} y1="10" y2="10" />
      <rect class="band" x=${at(low)} width="${position(high, scale) - position(low, scale)}%" y="5" height="10" rx="5" />
      ${ticks.map(
        (tick) => svg`
          <line class="tick" x1=${at(tick)} x2=${at(tick)} y1="7" y2="13" />
          <text class="number" x=${at(tick)} y="31" text-anchor="middle">${tick}</text>`,
      )}
      <circle class="dot" cx=${at(level)} cy="10" r="7" />
    </svg>`;
}
