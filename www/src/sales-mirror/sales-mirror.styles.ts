import { css } from 'lit';

export const styles = css`
  :host {
    container-type: inline-size;
  }
  [hidden] {
    display: none;
  }
  :host([mode='headless']) {
    display: none;
  }
  header {
    align-items: flex-start;
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1.5rem;
    justify-content: space-between;
    margin-block-end: 0.75rem;
  }
  header > div:first-child {
    flex: 1 1 18rem;
  }
  .privacy {
    align-items: center;
    color: var(--sm-positive);
    display: flex;
    font-size: var(--sm-size-small);
    gap: 0.4rem;
  }
  .notice > p,
  .notice > details {
    display: inline;
  }
  .notice details[open] {
    display: block;
  }
  .notice summary {
    display: inline-block;
    margin-inline-start: 0.35rem;
    min-block-size: 1.5rem;
    text-decoration: underline;
  }
  .notice details {
    margin-block-start: 0;
  }
  .notice ul {
    padding-inline-start: 1.2rem;
  }
  .entry {
    margin-block-end: 1rem;
  }
  .status {
    min-block-size: 2.25rem;
  }
  progress {
    accent-color: var(--sm-accent);
    block-size: 0.5rem;
    display: block;
    inline-size: 100%;
  }
  .failure button {
    margin-block-start: 0.5rem;
  }
  .workbench {
    display: grid;
    gap: var(--sm-space);
  }
  .workbench > * {
    min-inline-size: 0;
  }
  .writing:has(sales-mirror-input:not([rendered])) + .panel {
    visibility: hidden;
  }
  .other {
    margin-block-start: var(--sm-space);
  }
  .empty {
    border: 1px dashed var(--sm-line);
    border-radius: var(--sm-radius);
    padding: 1rem 1.1rem;
  }
  .empty button {
    margin-block-start: 0.75rem;
  }
  .handle {
    align-items: center;
    border: 0;
    display: flex;
    font-weight: 600;
    gap: 0.75rem;
    inline-size: 100%;
    justify-content: space-between;
    min-block-size: 3rem;
    padding-inline: 0;
  }
  .panel[data-empty] .handle {
    display: none;
  }
  @media screen {
    /* Without room for two columns, a result is in a sheet that comes up from below. */
    @container (max-width: 55.99rem) {
      .panel:not([data-empty]) {
        background: var(--sm-surface);
        border-block-start: 1px solid var(--sm-control);
        border-radius: var(--sm-radius) var(--sm-radius) 0 0;
        box-shadow: var(--sm-shadow);
        inset-block-end: 0;
        max-block-size: 80vh;
        overflow-y: auto;
        padding: 0 0.75rem 0.5rem;
        position: sticky;
        scroll-padding-block-start: 3rem;
      }
      /* A long sheet can be closed from anywhere. */
      .handle {
        background: inherit;
        inset-block-start: 0;
        position: sticky;
        z-index: 1;
      }
      .panel:not([data-open], [data-empty]) #sheet {
        display: none;
      }
      /* The open sheet says how it went; only a bar shows that the levels are being renewed, so that nothing moves. */
      .panel[data-open]:not([data-empty]) .status:not(:has(.alert)) {
        block-size: 0.5rem;
        min-block-size: 0;
        overflow: hidden;
      }
      .panel[data-open]:not([data-empty]) [role='status'] {
        clip-path: inset(50%);
        position: absolute;
      }
    }
    @container (min-width: 56rem) {
      .workbench {
        align-items: start;
        grid-template-columns: minmax(0, 1fr) minmax(0, 28rem);
      }
      .handle {
        display: none;
      }
      .panel {
        inset-block-start: 0.5rem;
        /* What is beyond the window scrolls within the panel, with room for the outline of the focus. */
        margin: -4px;
        max-block-size: calc(100vh - 1rem);
        overflow-y: auto;
        padding: 4px;
        position: sticky;
      }
    }
  }
  @media print {
    :host {
      color-scheme: light;
    }
    .workbench {
      display: block;
    }
    .handle {
      display: none;
    }
    .privacy,
    .languages,
    .tabs,
    .status {
      display: none;
    }
    .notice details::details-content {
      content-visibility: visible;
    }
    .notice summary {
      display: none;
    }
  }
`;
