/** Levels around a circle, one axis per competency. A competency that is not shown has no point, and no line crosses its axis. */
import { curveLinearClosed, lineRadial } from 'd3-shape';
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Interval, Scale } from '../engine/contract';
import { levels } from '../report/report';

export interface Axis {
  readonly name: string;
  readonly level: number | null;
  readonly interval: Interval | null;
  readonly self: number | null;
  readonly target: number | null;
}

const WIDTH = 480;
const HEIGHT = 350;
const RADIUS = 108;
/** Radius of the lowest level: not the centre, where all axes meet. */
const INNER = 16;

export function radar(axes: readonly Axis[], scale: Scale, label: string): SVGTemplateResult {
  const angle = (i: number) => (i * 2 * Math.PI) / axes.length;
  const radius = (level: number) =>
    INNER + ((level - scale.min) / (scale.max - scale.min)) * (RADIUS - INNER);
  const point = (i: number, r: number): [number, number] => [r * Math.sin(angle(i)), -r * Math.cos(angle(i))];
  const rings = levels(scale);
  const ring = lineRadial<Axis>()
    .angle((_, i) => angle(i))
    .curve(curveLinearClosed);
  /** A line through the levels, open where one is missing. */
  const outline = (levelOf: (axis: Axis) => number | null) => {
    const [first] = axes;
    if (!first) return '';
    const whole = axes.every((axis) => levelOf(axis) !== null);
    const line = lineRadial<Axis>()
      .defined((axis) => levelOf(axis) !== null)
      .angle((_, i) => angle(i))
      .radius((axis) => radius(levelOf(axis) ?? scale.min));
    return (whole ? line.curve(curveLinearClosed)(axes) : line([...axes, first])) ?? '';
  };
  return svg`
    <svg part="radar" class="radar" role="img" aria-label=${label} viewBox="${-WIDTH / 2} ${-HEIGHT / 2 - 4} ${WIDTH} ${HEIGHT}">
      ${rings.map((level) => svg`<path class="ring" d=${ring.radius(radius(level))([...axes]) ?? ''} />`)}
      ${axes.map((axis, i) => {
        const [x, y] = point(i, RADIUS);
        return svg`<line class=${axis.level === null ? 'axis empty' : 'axis'} x1="0" y1="0" x2=${x} y2=${y} />`;
      })}
      ${rings.map((level) => svg`<text class="number" x="4" y=${4 - radius(level)}>${level}</text>`)}
      ${axes.map((axis, i) => {
        if (!axis.interval) return nothing;
        const [x1, y1] = point(i, radius(axis.interval[0]));
        const [x2, y2] = point(i, radius(axis.interval[1]));
        return svg`<line class="whisker" x1=${x1} y1=${y1} x2=${x2} y2=${y2} />`;
      })}
      <path class="target-line" d=${outline((axis) => axis.target)} />
      <path class=${axes.every((axis) => axis.level !== null) ? 'level-line filled' : 'level-line'} d=${outline((axis) => axis.level)} />
      <path class="self-line" d=${outline((axis) => axis.self)} />
      ${axes.map((axis, i) => {
        const dot = axis.level === null ? null : point(i, radius(axis.level));
        const own = axis.self === null ? null : point(i, radius(axis.self));
        return svg`
          ${dot ? svg`<circle class="dot" cx=${dot[0]} cy=${dot[1]} r="6" />` : nothing}
          ${own ? svg`<path class="self" transform="translate(${own[0]} ${own[1]})" d="M0-6 6 0 0 6-6 0z" />` : nothing}
          ${name(axis.name, point(i, RADIUS + 14))}`;
      })}
    </svg>`;
}

/** The name of an axis, outside the circle, on two lines if it is long. */
function name(text: string, [x, y]: [number, number]): SVGTemplateResult {
  const anchor = Math.abs(x) < 20 ? 'middle' : x > 0 ? 'start' : 'end';
  const lines = halves(text);
  const top = y < -60 ? y - (lines.length - 1) * 16 : y + 5 - (y < 60 ? (lines.length - 1) * 8 : 0);
  return svg`<text class="name" text-anchor=${anchor}>
    ${lines.map((line, i) => svg`<tspan x=${x} y=${top + i * 16 + (y > 60 ? 8 : 0)}>${line}</tspan>`)}
  </text>`;
}

function halves(text: string): string[] {
  const words = text.split(' ');
  if (text.length <= 13 || words.length < 2) return [text];
  let cut = 1;
  const unevenness = (at: number) =>
    Math.abs(words.slice(0, at).join(' ').length - words.slice(at).join(' ').length);
  for (let at = 2; at < words.length; at++) if (unevenness(at) < unevenness(cut)) cut = at;
  return [words.slice(0, cut).join(' '), words.slice(cut).join(' ')];
}
