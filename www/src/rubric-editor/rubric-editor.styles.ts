import { css } from 'lit';

export const styles = css`
  :host {
    container-type: inline-size;
  }
  header {
    align-items: flex-start;
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1.5rem;
    justify-content: space-between;
    margin-block-end: 0.75rem;
  }
  header > div {
    flex: 1 1 18rem;
  }
  .privacy {
    color: var(--sm-positive);
    font-size: var(--sm-size-small);
  }
  .state {
    margin-block: 0.25rem 0.75rem;
  }
  .state li,
  .parts li {
    display: inline;
  }
  .state ul,
  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.9rem;
    list-style: none;
    padding: 0;
  }
  .parts {
    gap: 0.4rem;
    margin-block-end: 1rem;
  }
  .parts button[aria-current='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
  .parts .number {
    font-weight: 600;
  }
  .fault {
    color: var(--sm-negative);
    font-size: var(--sm-size-small);
    font-weight: 600;
  }
  .texts > fieldset {
    border-block-end: 1px solid var(--sm-line);
    margin-block-end: 1rem;
    padding-block-end: 1rem;
  }
  .texts legend {
    font-weight: 600;
  }
  .pair {
    display: grid;
    gap: 0.75rem 1.25rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
  }
  .pair textarea {
    field-sizing: content;
    min-block-size: 5.4rem;
  }
  .pair textarea[rows='1'] {
    min-block-size: 2.8rem;
  }
  .pair label {
    font-size: var(--sm-size-small);
    font-weight: 400;
  }
  :is(textarea, input)[aria-invalid='true'] {
    border-color: var(--sm-negative);
    border-width: 2px;
  }
  .below {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    font-size: var(--sm-size-small);
    min-block-size: 1.6rem;
  }
  .section {
    margin-block-end: 2rem;
  }
  .section > * + * {
    margin-block-start: 0.6rem;
  }
  .counts {
    inline-size: auto;
  }
  .counts thead th {
    padding-inline: 0.35rem;
    vertical-align: bottom;
  }
  .counts thead th:not(:first-child) {
    text-align: center;
  }
  .counts td {
    text-align: center;
  }
  .counts td input {
    vertical-align: middle;
  }
  .counts tbody th {
    background: var(--sm-surface);
    inset-inline-start: 0;
    position: sticky;
    white-space: nowrap;
  }
  .weights {
    inline-size: auto;
  }
  .weights input {
    inline-size: 4.5rem;
    padding-inline: 0.5rem;
  }
  .field {
    display: block;
  }
  .wide {
    inline-size: 100%;
  }
  sales-mirror {
    border: 1px solid var(--sm-line);
    border-radius: var(--sm-radius);
    display: block;
    padding: 1rem;
  }
  .snippet {
    font-family: ui-monospace, monospace;
    font-size: var(--sm-size-small);
  }
  .compared td {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .compared {
    min-inline-size: 34rem;
  }
  del {
    background: var(--sm-negative-mark);
  }
  ins {
    background: var(--sm-positive-mark);
  }
  h3 {
    margin-block-end: 0.25rem;
  }
  @container (max-width: 30rem) {
    .weights :is(th, td) {
      padding-inline: 0.25rem;
    }
    .weights .end {
      display: none;
    }
    .counts tbody th {
      max-inline-size: 8rem;
      white-space: normal;
    }
    sales-mirror {
      padding: 0.5rem;
    }
    .tabs button {
      padding-inline: 0.6rem;
    }
  }
  @media print {
    .tabs,
    .languages {
      display: none;
    }
  }
`;
