/** A reliability diagram: predicted probabilities against how often they were right. The diagonal is what was promised. */
import { svg, type SVGTemplateResult } from 'lit';

const SIZE = 240;
const EDGE = { left: 40, bottom: 40, top: 10, right: 24 };

/** A dot of the diagram. */
export interface Dot {
  /** How many predictions it stands for. */
  readonly count: number;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly right: number;
}

/**
 * @param label what a screen reader says; a table beside it has the numbers
 * @param across what the horizontal axis is called
 * @param up what the vertical axis is called
 */
export function calibrationPlot(
  dots: readonly Dot[],
  label: string,
  across: string,
  up: string,
): SVGTemplateResult {
  const x = (share: number) => EDGE.left + share * SIZE;
  const y = (share: number) => EDGE.top + (1 - share) * SIZE;
  const most = Math.max(1, ...dots.map(({ count }) => count));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return svg`
    <svg class="calibration" role="img" aria-label=${label}
      viewBox="0 0 ${EDGE.left + SIZE + EDGE.right} ${EDGE.top + SIZE + EDGE.bottom}">
      ${ticks.map(
        (tick) => svg`
          <line class="ring" x1=${x(0)} x2=${x(1)} y1=${y(tick)} y2=${y(tick)} />
          <line class="ring" x1=${x(tick)} x2=${x(tick)} y1=${y(0)} y2=${y(1)} />
          <text class="number" x=${EDGE.left - 6} y=${y(tick) + 4} text-anchor="end">${percent(tick)}</text>
          <text class="number" x=${x(tick)} y=${y(0) + 16} text-anchor="middle">${percent(tick)}</text>`,
      )}
      <line class="target-line" x1=${x(0)} y1=${y(0)} x2=${x(1)} y2=${y(1)} />
      ${dots.map(
        ({ count, confidence, right }) => svg`
          <circle class="dot" cx=${x(confidence)} cy=${y(right)} r=${3 + 6 * Math.sqrt(count / most)} />`,
      )}
      <text class="name" x=${x(0.5)} y=${y(0) + 34} text-anchor="middle">${across}</text>
      <text class="name" x=${x(0) + 6} y=${y(1) + 14}>${up}</text>
    </svg>`;
}
