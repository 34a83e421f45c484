import { css, unsafeCSS } from 'lit';

/** A hue a competency; with more competencies than hues they repeat, the numbers do not. */
const HUES = [190, 265, 35, 330, 120, 225, 70, 0, 295, 160];

export const hue = (i: number): string => `h${i % HUES.length}`;

export const hues = unsafeCSS(HUES.map((value, i) => `.h${i}{--hue:${value}}`).join(''));

export const styles = css`
  .head {
    margin-block-end: 0.5rem;
  }
  .warnings {
    list-style: none;
    margin-block: 0.75rem;
    padding: 0;
  }
  .warnings li {
    background: var(--sm-raised);
    border-inline-start: 4px solid var(--sm-control);
    border-radius: 6px;
    margin-block: 0.4rem;
    padding: 0.5rem 0.8rem;
  }
  .overview {
    margin-block: 1rem;
  }
  .overview h3 {
    margin-block-end: 0.25rem;
  }
  .columns {
    display: grid;
    gap: 2rem;
    margin-block-start: 1.25rem;
  }
  .columns > * {
    min-inline-size: 0;
  }
  .competency {
    border-block-start: 1px solid var(--sm-line);
    padding-block: 1rem;
  }
  .competency h4 {
    align-items: baseline;
    display: flex;
    font-size: 1.05rem;
    gap: 0.5rem;
  }
  .index {
    background: light-dark(hsl(var(--hue) 70% 91%), hsl(var(--hue) 35% 24%));
    border-radius: 5px;
    flex: none;
    font-size: 0.85rem;
    font-weight: 600;
    min-inline-size: 1.5rem;
    padding-inline: 0.35rem;
    text-align: center;
  }
  .anchor,
  .next,
  .beside {
    margin-block-start: 0.35rem;
  }
  .next q {
    display: block;
    margin-block-start: 0.25rem;
    overflow-wrap: anywhere;
  }
  .not-shown {
    color: var(--sm-quiet);
    font-weight: 600;
    margin-block-start: 0.35rem;
  }
  .corrected {
    border-inline-start: 4px solid var(--sm-self);
    margin-block-start: 0.5rem;
    padding-inline-start: 0.75rem;
  }
  .evidence {
    list-style: none;
    padding: 0;
  }
  .evidence li {
    margin-block-start: 0.5rem;
  }
  .evidence button {
    inline-size: 100%;
    text-align: start;
  }
  .quote {
    display: block;
    overflow-wrap: anywhere;
  }
  .tag {
    font-size: 0.85rem;
    font-weight: 600;
  }
  .positive .tag {
    color: var(--sm-positive);
  }
  .negative .tag {
    color: var(--sm-negative);
  }
  .filter {
    gap: 0.35rem;
    margin-block: 0.5rem;
  }
  .filter legend {
    float: inline-start;
    margin-inline-end: 0.25rem;
  }
  .filter button[aria-pressed='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
  .document {
    background: var(--sm-raised);
    border-radius: var(--sm-radius);
    line-height: 2;
    margin-block-start: 0.5rem;
    overflow-wrap: anywhere;
    padding: 1rem 1.1rem;
    white-space: pre-wrap;
  }
  mark {
    background: light-dark(hsl(var(--hue) 70% 91%), hsl(var(--hue) 35% 24%));
    border-radius: 3px;
    color: inherit;
    padding-block: 0.1em;
    text-decoration-line: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 0.25em;
  }
  mark::after {
    content: ' ' attr(data-badge) / '';
    font-size: 0.75em;
    font-weight: 700;
    text-decoration: none;
    vertical-align: super;
  }
  mark.positive {
    text-decoration-color: var(--sm-positive);
  }
  mark.negative {
    text-decoration-color: var(--sm-negative);
    text-decoration-style: dashed;
  }
  .correction > * + * {
    margin-block-start: 0.5rem;
  }
  .correction input,
  .correction select {
    display: block;
    inline-size: 100%;
    max-inline-size: 22rem;
  }
  tr[aria-current='true'] {
    background: var(--sm-raised);
    font-weight: 600;
  }
  @container (min-width: 56rem) {
    .columns {
      grid-template-columns: 1fr 1fr;
    }
    .text-column {
      align-self: start;
      inset-block-start: 1rem;
      max-block-size: calc(100vh - 2rem);
      overflow: auto;
      position: sticky;
    }
    .overview {
      align-items: start;
      display: grid;
      gap: 1rem 2rem;
      grid-template-columns: minmax(0, 30rem) minmax(0, 1fr);
    }
  }
  @media (forced-colors: active) {
    mark {
      background: none;
      color: CanvasText;
    }
  }
  @media print {
    .filter,
    .correction-box,
    .head button {
      display: none;
    }
    .columns {
      display: block;
    }
    .text-column {
      max-block-size: none;
      overflow: visible;
      position: static;
    }
    details::details-content {
      content-visibility: visible;
    }
    .evidence button {
      border: 0;
      display: block;
      padding: 0;
    }
    .competency,
    .radar {
      break-inside: avoid;
    }
  }
`;
