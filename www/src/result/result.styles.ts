import { css } from 'lit';

export const styles = css`
  .about {
    margin-block-start: 1.5rem;
    overflow-wrap: anywhere;
  }
  .top {
    align-items: center;
    display: grid;
    gap: 0.5rem 0.75rem;
    grid-template:
      'title actions'
      'overall overall' / minmax(0, 1fr) auto;
  }
  .top h2 {
    grid-area: title;
  }
  ::slotted([slot='actions']) {
    grid-area: actions;
  }
  .overall {
    grid-area: overall;
  }
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
  /* In a sheet, whose handle says as much, the heading is for screen readers. */
  @media screen {
    @container (max-width: 55.99rem) {
      .top[data-brief] {
        grid-template: 'overall actions' / minmax(0, 1fr) auto;
      }
      .top[data-brief] h2 {
        clip-path: inset(50%);
        position: absolute;
      }
    }
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
