/** The icons of the interface, all from Lucide, drawn inline so that none is fetched. They decorate; words say the same. */
import { nothing, svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { IconNode } from 'lucide';

export { ChevronDown, ChevronUp, FlaskConical, Pause, Play, Printer, ShieldCheck } from 'lucide';

/** An icon as high as the text beside it. */
export function icon(node: IconNode): TemplateResult {
  return html`
    <svg
      class="icon"
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      ${node.map(([tag, attributes]) => shape(tag, attributes))}
    </svg>
  `;
}

/** One of the SVG elements that Lucide draws with. */
function shape(tag: string, a: IconNode[number][1]): SVGTemplateResult | typeof nothing {
  switch (tag) {
    case 'path':
      return svg`<path d=${a.d} />`;
    case 'circle':
      return svg`<circle cx=${a.cx} cy=${a.cy} r=${a.r} />`;
    case 'rect':
      return svg`<rect x=${a.x} y=${a.y} width=${a.width} height=${a.height} rx=${a.rx} />`;
    case 'line':
      return svg`<line x1=${a.x1} x2=${a.x2} y1=${a.y1} y2=${a.y2} />`;
    default:
      return nothing;
  }
}
