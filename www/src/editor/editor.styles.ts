/** The looks of the editor and of its marks, which are the same as highlights and as spans. */
import { css, unsafeCSS } from 'lit';
import { HUES, hue } from '../result/hues';
import { highlightName } from './painter';

/** One declaration block for a highlight and for a span. Together they would be invalid where highlights are unknown. */
const look = (name: string, declarations: string): string =>
  `::highlight(${highlightName(name)}){${declarations}} .text .${name}{${declarations}}`;

const underline = (style: string, color: string): string =>
  `text-decoration: underline ${style} 2px ${color}; text-underline-offset: 0.25em;`;

/** They lie over the text, so every background lets it shine through. */
const looks = unsafeCSS(`
  ${HUES.map((value, i) =>
    look(hue(i), `background-color: light-dark(hsl(${value} 80% 45% / 0.16), hsl(${value} 70% 60% / 0.2));`),
  ).join('')}
  ${look('positive', underline('solid', 'var(--sm-positive)'))}
  ${look('negative', underline('dashed', 'var(--sm-negative)'))}
  ${look(
    'left-out',
    `background-color: color-mix(in oklab, var(--sm-surface) 30%, transparent); ${underline('dotted', 'var(--sm-control)')}`,
  )}
  ${look('chosen', 'background-color: color-mix(in oklab, var(--sm-accent) 30%, transparent);')}
  @media (forced-colors: active) {
    ${HUES.map((_, i) => look(hue(i), 'background-color: transparent; color: transparent;')).join('')}
    ${look('positive', underline('solid', 'CanvasText'))}
    ${look('negative', underline('dashed', 'CanvasText'))}
    ${look('left-out', `background-color: transparent; color: transparent; ${underline('dotted', 'GrayText')}`)}
    ${look('chosen', 'background-color: transparent; text-decoration: underline double 3px Highlight;')}
  }
`);

export const styles = css`
  .frame {
    position: relative;
  }
  .backdrop {
    border: 0 solid transparent;
    box-sizing: border-box;
    color: transparent;
    forced-color-adjust: none;
    /* Where the text area becomes narrower, this follows a frame later. */
    max-inline-size: 100%;
    overflow: hidden;
    overflow-wrap: break-word;
    pointer-events: none;
    position: absolute;
    scrollbar-gutter: stable;
    white-space: pre-wrap;
  }
  .text {
    position: relative;
  }
  .text > div {
    min-block-size: 1lh;
  }
  .badges {
    inset-block-start: 0;
    inset-inline-start: 0;
    position: absolute;
  }
  .badge {
    font:
      700 0.6875rem/1 system-ui,
      sans-serif;
    letter-spacing: 0;
    position: absolute;
    white-space: nowrap;
  }
  .badge.positive {
    color: var(--sm-positive);
  }
  .badge.negative {
    color: var(--sm-negative);
  }
  .badge.reason {
    color: var(--sm-quiet);
  }
  .piece {
    background: var(--sm-surface);
    border: 1px solid var(--sm-control);
    border-radius: var(--sm-radius);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
    box-sizing: border-box;
    inline-size: max-content;
    max-inline-size: min(24rem, 100%);
    padding: 0.6rem 0.8rem;
    position: absolute;
    scroll-margin-block: 4rem 1rem;
    z-index: 2;
  }
  .piece .number {
    background: var(--tint);
    border-radius: 3px;
    font-weight: 700;
    padding-inline: 0.35em;
  }
  .walk {
    gap: 0.5rem;
    justify-content: flex-end;
    margin-block-start: 0.35rem;
    /* What is below does not move when the buttons come. */
    min-block-size: 2rem;
  }
  .walk button {
    padding-inline: 0.45rem;
  }
  .walk .quiet {
    flex: 1 1 auto;
  }
  @media (forced-colors: active) {
    .badge.badge {
      color: CanvasText;
    }
  }
  ${looks}
`;
