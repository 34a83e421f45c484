import { css } from 'lit';

export const styles = css`
  sales-mirror-editor {
    display: block;
    margin-block: 0.5rem;
  }
  /* Keeps the place of its buttons until the editor is loaded. */
  sales-mirror-editor:not(:defined) {
    padding-block-end: 2.35rem;
  }
  #report {
    display: block;
    field-sizing: content;
    line-height: 2;
    /* The buttons below it stay in view. */
    max-block-size: max(14rem, calc(100vh - 28rem));
    min-block-size: 12rem;
    scrollbar-gutter: stable;
  }
  .kind {
    gap: 0.5rem;
  }
  .trouble {
    margin-block-end: 0.5rem;
  }
  .samples,
  .reports {
    margin-block-end: 1rem;
  }
  .reports h2 {
    font-size: 1rem;
  }
  .reports ul {
    list-style: none;
    padding: 0;
  }
  .reports li {
    align-items: center;
    border-block-start: 1px solid var(--sm-line);
    contain-intrinsic-block-size: auto 2rem;
    content-visibility: auto;
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    margin-block-start: 0.4rem;
    padding-block-start: 0.4rem;
  }
  .reports .name {
    flex: 1 1 12rem;
    overflow-wrap: anywhere;
  }
  .options {
    margin-block-start: 0.75rem;
  }
  .live {
    align-items: center;
    display: inline-flex;
    gap: 0.4rem;
  }
  @media print {
    form {
      display: none;
    }
  }
`;
