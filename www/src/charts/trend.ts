/** A level over time: a line with one dot per text. The texts are spaced evenly; the table beside it has their dates. */
import { line } from 'd3-shape';
import { svg, type SVGTemplateResult } from 'lit';
import type { Scale } from '../engine/contract';
import { levels as levelsOf } from '../report/report';

const WIDTH = 300;
const HEIGHT = 84;
const EDGE = { x: 16, y: 10 };

export function trendLine(levels: readonly number[], scale: Scale, label: string): SVGTemplateResult {
  const x = (i: number) =>
    levels.length < 2 ? WIDTH / 2 : EDGE.x + 8 + (i / (levels.length - 1)) * (WIDTH - 2 * EDGE.x);
  const y = (level: number) =>
    HEIGHT - EDGE.y - ((level - scale.min) / (scale.max - scale.min)) * (HEIGHT - 2 * EDGE.y);
  const path = line<number>((_, i) => x(i), y)([...levels]) ?? '';
  return svg`
    <svg class="trend" role="img" aria-label=${label} viewBox="0 0 ${WIDTH} ${HEIGHT}">
      ${levelsOf(scale).map(
        (tick) => svg`<line class="ring" x1=${EDGE.x} x2=${WIDTH} y1=${y(tick)} y2=${y(tick)} />
        <text class="number" x="0" y=${y(tick) + 4}>${tick}</text>`,
      )}
      <path class="level-line" d=${path} />
      ${levels.map((level, i) => svg`<circle class="dot" cx=${x(i)} cy=${y(level)} r="4.5" />`)}
    </svg>`;
}
