import { css } from 'lit';

/** The rows of competencies, which the self-rating has too, so that nothing moves when levels take its place. */
export const rows = css`
  .rows {
    border-block-end: 1px solid var(--sm-line);
  }
  .competency {
    border-block-start: 1px solid var(--sm-line);
  }
  .competency h3 {
    font-size: inherit;
    line-height: inherit;
  }
  .head {
    align-items: center;
    background: none;
    border: 0;
    border-radius: var(--sm-radius-small);
    column-gap: 0.5rem;
    display: grid;
    font-weight: 400;
    grid-template-columns: auto minmax(0, 1fr) auto;
    line-height: 1.4;
    inline-size: 100%;
    min-block-size: 3.25rem;
    padding: 0.2rem 0.35rem;
    text-align: start;
  }
  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .index {
    background: var(--tint);
    border-radius: 5px;
    font-size: var(--sm-size-small);
    font-weight: 600;
    min-inline-size: 1.5rem;
    padding-inline: 0.35rem;
    text-align: center;
  }
  .number-of-level {
    font-variant-numeric: tabular-nums;
    font-weight: 700;
  }
`;

export const styles = css`
  .axis {
    padding-inline: 0.35rem;
  }
  .axis,
  .line {
    align-items: center;
    display: grid;
    gap: 0.75rem;
    grid-template-columns: minmax(0, 1fr) 4.5rem;
  }
  .line {
    grid-column: 1 / -1;
  }
  .counts {
    font-size: var(--sm-size-small);
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    text-align: end;
    white-space: nowrap;
  }
  .for {
    color: var(--sm-positive);
  }
  .against {
    color: var(--sm-negative);
  }
  .word {
    font-size: var(--sm-size-small);
  }
  .competency[data-open] > h3 .head {
    background: var(--sm-raised);
  }
  .none .name {
    color: var(--sm-quiet);
    font-weight: 400;
  }
  .none .word {
    color: var(--sm-quiet);
    font-style: italic;
  }
  .details {
    padding: 0.35rem 0.35rem 1rem;
  }
  .details > * + * {
    margin-block-start: 0.5rem;
  }
  .next q {
    display: block;
    margin-block-start: 0.25rem;
    overflow-wrap: anywhere;
  }
  .evidence {
    display: grid;
    gap: 0.5rem;
    list-style: none;
    padding: 0;
  }
  .evidence li {
    border-inline-start: 3px solid var(--sm-line);
    padding-inline-start: 0.6rem;
  }
  .evidence .positive {
    border-inline-start-color: var(--sm-positive);
  }
  .evidence .negative {
    border-inline-start-color: var(--sm-negative);
    border-inline-start-style: dashed;
  }
  .quote {
    background: none;
    border: 0;
    border-radius: var(--sm-radius-small);
    display: block;
    inline-size: 100%;
    min-block-size: 0;
    overflow-wrap: anywhere;
    padding: 0.1rem 0.2rem;
    text-align: start;
  }
  .tag {
    font-size: var(--sm-size-small);
    font-weight: 600;
  }
  .positive .tag {
    color: var(--sm-positive);
  }
  .negative .tag {
    color: var(--sm-negative);
  }
  .objected q {
    text-decoration: line-through;
  }
  .compared {
    align-items: center;
    background: var(--sm-raised);
    border-radius: var(--sm-radius-small);
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem 0.75rem;
    justify-content: space-between;
    margin-block: 0.5rem;
    padding: 0.35rem 0.6rem;
  }
  @media print {
    .details {
      padding-block-end: 0.5rem;
    }
    .head {
      display: grid;
      min-block-size: 0;
    }
    .quote {
      display: block;
    }
    .competency {
      break-inside: avoid;
    }
  }
`;

/** Rows in which a person chooses a level themselves. */
export const choices = css`
  .head {
    display: flex;
    flex-wrap: wrap;
  }
  .choices label {
    align-items: center;
    display: flex;
    font-weight: 400;
    gap: 0.25rem;
    min-block-size: 1.75rem;
    white-space: nowrap;
  }
  .anchor {
    min-block-size: 3.2rem;
  }
`;
