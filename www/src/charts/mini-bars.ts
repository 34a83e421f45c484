/** All levels of a result in the space of a word: one bar a competency, a dot where the text does not show it. */
import { css, nothing, svg, type SVGTemplateResult } from 'lit';
import type { Scale } from '../engine/contract';

export const miniBarStyles = css`
  .mini {
    fill: var(--sm-accent);
    flex: none;
  }
  .mini .none {
    fill: var(--sm-quiet);
  }
`;

const STEP = 8;
const HEIGHT = 20;

/**
 * @param levels one a competency, null where it is not shown
 * @param label what a screen reader says; without one the bars are decoration
 */
export function miniBars(
  levels: readonly (number | null)[],
  { min, max }: Scale,
  label?: string,
): SVGTemplateResult {
  const height = (level: number) => 4 + ((level - min) / (max - min)) * (HEIGHT - 4);
  return svg`
    <svg class="mini" role=${label ? 'img' : nothing} aria-label=${label ?? nothing} width=${levels.length * STEP} height=${HEIGHT}>
      ${levels.map((level, i) =>
        level === null
          ? svg`<circle class="none" cx=${i * STEP + 3} cy=${HEIGHT - 2} r="1.5" />`
          : svg`<rect x=${i * STEP} y=${HEIGHT - height(level)} width="6" height=${height(level)} rx="1" />`,
      )}
    </svg>`;
}
