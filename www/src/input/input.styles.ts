import { css } from 'lit';

export const styles = css`
  form {
    position: relative;
  }
  #report {
    margin-block: 0.5rem;
    min-block-size: 12rem;
  }
  .kind {
    gap: 0.5rem;
  }
  .under {
    margin-block-end: 0.75rem;
  }
  .file {
    display: inline-flex;
    position: relative;
  }
  .file input {
    inline-size: 100%;
    inset: 0;
    opacity: 0;
    position: absolute;
  }
  .file .button {
    align-items: center;
    display: inline-flex;
    font-weight: 400;
  }
  .file input:focus-visible + .button {
    outline: 3px solid var(--sm-accent);
    outline-offset: 2px;
  }
  .drop {
    align-items: center;
    background: color-mix(in oklab, var(--sm-surface) 85%, var(--sm-accent));
    border: 3px dashed var(--sm-accent);
    border-radius: var(--sm-radius);
    display: flex;
    font-size: 1.2rem;
    font-weight: 600;
    inset: -0.5rem;
    justify-content: center;
    pointer-events: none;
    position: absolute;
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
