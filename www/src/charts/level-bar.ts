/** A level on its scale: the interval as a band, the level as a dot, a tick for each level, own and wanted levels as marks. */
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Interval } from '../engine/contract';

export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** Levels to compare with: a self-rating is a diamond, a role's target a bracket. */
export interface Beside {
  readonly self?: number | null;
  readonly target?: number | null;
}

/** Room at both ends for half a dot. */
const MARGIN = 4;

/** Where a level lies on the bar, in per cent of its width. */
export function position(level: number, { min, max }: Scale): number {
  return MARGIN + ((level - min) / (max - min)) * (100 - 2 * MARGIN);
}

export function levelBar(
  level: number,
  [low, high]: Interval,
  scale: Scale,
  label: string,
  { self, target }: Beside = {},
): SVGTemplateResult {
  const at = (value: number) => `${position(value, scale)}%`;
  const ticks = Array.from({ length: scale.max - scale.min + 1 }, (_, i) => scale.min + i);
  return svg`
    <svg part="bar" class="bar" role="img" aria-label=${label} width="100%" height="38">
      <line class="track" x1=${at(scale.min)} x2=${at(scale.max)} y1="14" y2="14" />
      <rect class="band" x=${at(low)} width="${position(high, scale) - position(low, scale)}%" y="9" height="10" rx="5" />
      ${ticks.map(
        (tick) => svg`
          <line class="tick" x1=${at(tick)} x2=${at(tick)} y1="11" y2="17" />
          <text class="number" x=${at(tick)} y="35" text-anchor="middle">${tick}</text>`,
      )}
      <circle class="dot" cx=${at(level)} cy="14" r="7" />
      ${typeof target === 'number' ? svg`<svg class="over" x=${at(target)} y="0"><path class="target" d="M-5 1h10l-5 6z M0 7v14" /></svg>` : nothing}
      ${typeof self === 'number' ? svg`<svg class="over" x=${at(self)} y="14"><path class="self" d="M0-6 6 0 0 6-6 0z" /></svg>` : nothing}
    </svg>`;
}
