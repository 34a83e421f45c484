/** A level on its scale, as a bar with a tick for each level: the interval is a band, the level a dot. */
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Interval, Scale } from '../engine/contract';
import { levels } from '../report/report';

/** Levels to compare with: a self-rating is drawn as a diamond, a role's target as a pin. */
export interface Beside {
  readonly self?: number | null;
  readonly target?: number | null;
}

/** Room for half a dot at both ends, in per cent of the width. */
const MARGIN = 4;

/** The position of a level on the bar, in per cent of its width. */
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
  return svg`
    <svg part="bar" class="bar" role="img" aria-label=${label} width="100%" height="38">
      <line class="track" x1=${at(scale.min)} x2=${at(scale.max)} y1="14" y2="14" />
      <rect class="band" x=${at(low)} width="${position(high, scale) - position(low, scale)}%" y="9" height="10" rx="5" />
      ${levels(scale).map(
        (tick) => svg`
          <line class="tick" x1=${at(tick)} x2=${at(tick)} y1="11" y2="17" />
          <text class="number" x=${at(tick)} y="35" text-anchor="middle">${tick}</text>`,
      )}
      <circle class="dot" cx=${at(level)} cy="14" r="7" />
      ${typeof target === 'number' ? svg`<svg class="over" x=${at(target)} y="0"><path class="target" d="M-5 1h10l-5 6z M0 7v14" /></svg>` : nothing}
      ${typeof self === 'number' ? svg`<svg class="over" x=${at(self)} y="14"><path class="self" d="M0-6 6 0 0 6-6 0z" /></svg>` : nothing}
    </svg>`;
}
