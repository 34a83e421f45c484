import { css } from 'lit';

export const styles = css`
  .about {
    margin-block-start: 1.5rem;
    overflow-wrap: anywhere;
  }
  .overall,
  .views {
    margin-block-start: 0.5rem;
  }
  .views > sales-mirror-role-select {
    flex: 0 1 12.5rem;
    min-inline-size: 0;
  }
  .stale:not(:empty) {
    background: var(--sm-raised);
    border-inline-start: 4px solid var(--sm-self);
    border-radius: var(--sm-radius-small);
    margin-block-start: 0.5rem;
    padding: 0.35rem 0.8rem;
  }
  .segments {
    flex-wrap: nowrap;
    gap: 0;
  }
  .segments button {
    border-radius: 0;
  }
  .segments button:first-child {
    border-end-start-radius: var(--sm-radius);
    border-start-start-radius: var(--sm-radius);
  }
  .segments button:last-child {
    border-end-end-radius: var(--sm-radius);
    border-start-end-radius: var(--sm-radius);
  }
  .segments button + button {
    border-inline-start: 0;
  }
  .segments button[aria-pressed='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
  .warnings {
    list-style: none;
    margin-block: 0.75rem;
    padding: 0;
  }
  .warnings li {
    background: var(--sm-raised);
    border-inline-start: 4px solid var(--sm-control);
    border-radius: var(--sm-radius-small);
    font-size: var(--sm-size-small);
    margin-block: 0.4rem;
    padding: 0.4rem 0.8rem;
  }
  .text {
    margin-block-start: 1.25rem;
  }
  @container (min-width: 56rem) {
    .beside {
      align-items: start;
      display: grid;
      gap: 2rem;
      grid-template-columns: minmax(0, 27rem) minmax(0, 1fr);
    }
    .beside > .text {
      margin-block-start: 0;
    }
  }
  @media print {
    .beside {
      display: block;
    }
    .text {
      break-before: page;
    }
  }
`;
