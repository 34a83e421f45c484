import { css } from 'lit';

export const styles = css`
  section > * + *,
  form > * + * {
    margin-block-start: 0.75rem;
  }
  .progress {
    display: block;
    line-height: 1.6;
  }
  .points {
    display: grid;
    gap: 0.5rem;
    padding-inline-start: 1.2rem;
  }
  .sets {
    display: grid;
    gap: 0.75rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
    list-style: none;
    padding: 0;
  }
  .sets li > * + *,
  .answers li > * + * {
    margin-block-start: 0.35rem;
  }
  textarea {
    field-sizing: content;
    min-block-size: 12rem;
  }
  .answers {
    list-style: none;
    padding: 0;
  }
  .answers li {
    border-block-start: 1px solid var(--sm-line);
    padding-block: 0.75rem;
  }
  .answers .text {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .print-only {
    display: none;
  }
  @media print {
    .print-only {
      display: block;
    }
    .answers li {
      break-inside: auto;
    }
  }
`;
