import { css, unsafeCSS } from 'lit';

/** The number of shades of the heat map, and the per cent of the accent colour in the deepest one, on which text is still legible. */
const SHADES = 10;
const DEEPEST = 45;

/** The class of a level; `share` is 0 for the lowest level and 1 for the highest. */
export const shade = (share: number): string => `shade${Math.round(share * (SHADES - 1))}`;

// These are classes because the page's policy allows no style attributes.
export const shades = unsafeCSS(
  Array.from(
    { length: SHADES },
    (_, i) => `.shade${i}{--share:${Math.round(3 + (i / (SHADES - 1)) * (DEEPEST - 3))}%}`,
  ).join(''),
);

export const styles = css`
  section,
  .files {
    margin-block-start: 1.75rem;
  }
  section > h3,
  section > p {
    margin-block-end: 0.5rem;
  }
  .files {
    border: 2px dashed var(--sm-control);
  }
  .heat td {
    font-variant-numeric: tabular-nums;
    text-align: center;
    vertical-align: middle;
  }
  .heat thead th {
    text-align: center;
    vertical-align: bottom;
  }
  .heat .cell {
    background: color-mix(in oklab, var(--sm-accent) var(--share), var(--sm-surface));
    border: 2px solid var(--sm-surface);
  }
  .heat .below {
    display: block;
    font-size: 0.75rem;
  }
  .text {
    white-space: pre-wrap;
  }
  .about {
    overflow-wrap: anywhere;
  }
  .no-print {
    margin-block-start: 1rem;
  }
  .halves > section {
    margin-block-start: 0;
  }
  .halves {
    display: grid;
    gap: 1.25rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
  }
  .halves ul {
    padding-inline-start: 1.2rem;
  }
  .spread-chart {
    block-size: 3.2rem;
    display: block;
    inline-size: 100%;
    max-inline-size: 24rem;
  }
  .spread-chart rect {
    fill: var(--sm-accent);
    stroke: var(--sm-surface);
  }
  .spread-chart text {
    fill: var(--sm-text);
    font-size: 11px;
  }
  .spread-chart .level {
    fill: var(--sm-quiet);
  }
  .spread-list {
    display: grid;
    gap: 0.6rem 1.5rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
    list-style: none;
    padding: 0;
  }
  @media print {
    .files {
      display: none;
    }
    .heat button {
      border: 0;
      display: inline;
      padding: 0;
    }
    .heat .cell {
      print-color-adjust: exact;
    }
    section {
      break-inside: avoid;
    }
  }
`;
