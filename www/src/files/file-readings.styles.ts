import { css } from 'lit';

export const styles = css`
  .reading {
    margin-block: 0.5rem;
  }
  h2 {
    font-size: 1rem;
    overflow-wrap: anywhere;
  }
  ul {
    margin-block: 0.25rem;
    padding-inline-start: 1.25rem;
  }
  .preview {
    background: var(--sm-surface);
    margin-block: 0.25rem;
    overflow-wrap: anywhere;
    padding: 0.4rem 0.6rem;
    white-space: pre-wrap;
  }
  .question {
    margin-block-start: 0.5rem;
  }
  select {
    max-inline-size: 100%;
  }
`;
