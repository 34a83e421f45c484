/** A level on its scale, as a bar with a tick for each level: the interval is a band, the level a dot. */
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Interval, Scale } from '../engine/contract';
import { levels } from '../report/report';

/** Levels to compare with. */
export interface Beside {
  /** A person's own rating, drawn as a diamond. */
  readonly self?: number | null;
  /** A role's target, drawn as a pin. */
  readonly target?: number | null;
  /** The level before the text was rewritten, drawn as a hollow dot. */
  readonly before?: number | null;
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
  beside: Beside = {},
): SVGTemplateResult {
  const { before } = beside;
  const at = percent(scale);
  return svg`
    <svg part="bar" class="bar" role="img" aria-label=${label} width="100%" height="22">
      ${track(scale)}
      <rect class="band" x=${at(low)} width="${position(high, scale) - position(low, scale)}%" y="6" height="10" rx="5" />
      ${typeof before === 'number' ? svg`<circle class="before" cx=${at(before)} cy="11" r="5" />` : nothing}
      <circle class="dot" cx=${at(level)} cy="11" r="7" />
      ${markers(scale, beside)}
    </svg>`;
}

/** The bar of a competency that the text does not show: no level, perhaps a person's own rating. */
export function emptyBar(scale: Scale, beside: Beside = {}): SVGTemplateResult {
  const at = percent(scale);
  return svg`
    <svg class="bar empty" aria-hidden="true" width="100%" height="22">
      <line class="track none" x1=${at(scale.min)} x2=${at(scale.max)} y1="11" y2="11" />
      ${markers(scale, beside)}
    </svg>`;
}

/** The numbers of the levels, above bars of the same width. */
export function levelAxis(scale: Scale): SVGTemplateResult {
  const at = percent(scale);
  return svg`
    <svg class="bar axis-numbers" aria-hidden="true" width="100%" height="16">
      ${levels(scale).map(
        (tick) => svg`<text class="number" x=${at(tick)} y="12" text-anchor="middle">${tick}</text>`,
      )}
    </svg>`;
}

/** Positions on a bar, as SVG takes them. */
const percent =
  (scale: Scale) =>
  (level: number): string =>
    `${position(level, scale)}%`;

/** The role's target and the person's own rating. */
function markers(scale: Scale, { self, target }: Beside): SVGTemplateResult {
  const at = percent(scale);
  return svg`
    ${typeof target === 'number' ? svg`<svg class="over" x=${at(target)} y="-3"><path class="target" d="M-5 1h10l-5 6z M0 7v14" /></svg>` : nothing}
    ${typeof self === 'number' ? svg`<svg class="over" x=${at(self)} y="11"><path class="self" d="M0-6 6 0 0 6-6 0z" /></svg>` : nothing}`;
}

function track(scale: Scale): SVGTemplateResult {
  const at = percent(scale);
  return svg`
    <line class="track" x1=${at(scale.min)} x2=${at(scale.max)} y1="11" y2="11" />
    ${levels(scale).map((tick) => svg`<line class="tick" x1=${at(tick)} x2=${at(tick)} y1="8" y2="14" />`)}`;
}
