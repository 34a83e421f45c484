import { css } from 'lit';

export const styles = css`
  section {
    margin-block-start: 1.75rem;
  }
  section > h3,
  section > h4,
  section > p,
  section > ul {
    margin-block-end: 0.5rem;
  }
  h2 {
    margin-block-end: 0.75rem;
  }
  .result > .row {
    margin-block: 1rem 0.5rem;
  }
  .bar.empty {
    border: 0;
    padding: 0;
  }
  .figures thead th:first-child::first-letter {
    text-transform: uppercase;
  }
  .scroll + .quiet {
    margin-block-start: 0.5rem;
  }
  section section {
    margin-block-start: 1.25rem;
  }
  .setup {
    border: 1px solid var(--sm-line);
    border-radius: var(--sm-radius);
    padding: 1rem 1.1rem;
  }
  .lines {
    padding-inline-start: 1.2rem;
  }
  .columns {
    display: grid;
    gap: 0.5rem 1.25rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr));
    margin-block: 0.75rem;
  }
  .columns label {
    display: grid;
    font-size: var(--sm-size-small);
    gap: 0.15rem;
  }
  .preview td {
    max-inline-size: 22rem;
    min-inline-size: 3rem;
    overflow-wrap: anywhere;
  }
  .verdict {
    border-inline-start: 5px solid var(--sm-accent);
  }
  .verdict strong {
    font-size: 1.1rem;
  }
  .figures td,
  .figures thead th:not(:first-child) {
    font-variant-numeric: tabular-nums;
  }
  .figures .number {
    white-space: nowrap;
  }
  .figures .quiet {
    display: block;
  }
  .meaning {
    min-inline-size: 14rem;
  }
  .plots {
    display: grid;
    gap: 1.25rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
  }
  .calibration {
    block-size: auto;
    display: block;
    inline-size: 100%;
    max-inline-size: 24rem;
  }
  .calibration .name {
    fill: var(--sm-text);
    font-size: 12px;
  }
  .calibration .number {
    font-size: 11px;
  }
  .calibration .dot {
    fill-opacity: 0.85;
  }
  .case {
    border-block-start: 1px solid var(--sm-line);
    margin-block: 0;
    padding-block: 0.4rem;
  }
  .case summary {
    overflow-wrap: anywhere;
  }
  .beside {
    display: grid;
    gap: 1rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
  }
  .beside > * {
    min-inline-size: 0;
  }
  .chosen th,
  .chosen td {
    background: var(--sm-raised);
    font-weight: 600;
  }
  .beside .bar {
    min-inline-size: 7rem;
  }
  .enough {
    inline-size: 6rem;
  }
  .own {
    overflow-wrap: anywhere;
  }
  @media print {
    .setup,
    .compare {
      display: none;
    }
    .scroll table {
      font-size: 0.75rem;
    }
    .plots,
    .calibration,
    .case[open] .beside {
      break-inside: avoid;
    }
    .as-table::details-content {
      content-visibility: visible;
    }
  }
`;
