import { css } from 'lit';

export const styles = css`
  :host {
    --sm-brand: light-dark(#0b6e6e, #5cc8c2);
    --sm-accent: light-dark(
      oklch(from var(--sm-brand) min(l, 0.5) c h),
      oklch(from var(--sm-brand) max(l, 0.75) c h)
    );
    --sm-on-accent: light-dark(#ffffff, #06201f);
    --sm-text: light-dark(#1b2424, #e6ecec);
    --sm-quiet: light-dark(#526060, #a3b1b1);
    --sm-surface: light-dark(#ffffff, #162020);
    --sm-raised: light-dark(#f4f7f7, #1e2a2a);
    --sm-line: light-dark(#cfd9d9, #374747);
    --sm-control: light-dark(#74847f, #7d9090);
    --sm-self: light-dark(#7a3fa0, #cfa3ee);
    --sm-positive: light-dark(#0b6e4f, #6fd3a8);
    --sm-positive-mark: light-dark(#dcf3e8, #14382b);
    --sm-negative: light-dark(#a3400f, #f0a877);
    --sm-negative-mark: light-dark(#fdeadd, #41260f);
    --sm-radius: 10px;
    --sm-radius-small: 6px;
    --sm-size-small: 0.9rem;
    --sm-size-title: 1.25rem;
    --sm-space: 1.25rem;
    --sm-shadow: 0 -4px 24px light-dark(rgb(0 0 0 / 12%), rgb(0 0 0 / 50%));
    --sm-motion: 0.15s;
    color-scheme: light dark;
    container-type: inline-size;
    font:
      1rem/1.6 system-ui,
      -apple-system,
      'Segoe UI',
      'PingFang SC',
      'Microsoft YaHei',
      'Noto Sans CJK SC',
      sans-serif;
    text-align: start;
  }
  @media (forced-colors: active) {
    :host {
      --sm-accent: Highlight;
      --sm-on-accent: HighlightText;
      --sm-text: CanvasText;
      --sm-quiet: CanvasText;
      --sm-surface: Canvas;
      --sm-raised: Canvas;
      --sm-line: CanvasText;
      --sm-control: CanvasText;
      --sm-self: CanvasText;
    }
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
  .languages {
    display: flex;
  }
  .languages button {
    border-radius: 0;
    font-size: var(--sm-size-small);
    min-block-size: 2rem;
  }
  .languages button:first-of-type {
    border-start-start-radius: var(--sm-radius);
    border-end-start-radius: var(--sm-radius);
  }
  .languages button:last-of-type {
    border-inline-start: 0;
    border-start-end-radius: var(--sm-radius);
    border-end-end-radius: var(--sm-radius);
  }
  .languages button[aria-pressed='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
  .tabs {
    border-block-end: 1px solid var(--sm-control);
    display: flex;
    gap: 0.25rem;
    margin-block-end: 0.75rem;
  }
  .tabs button {
    background: none;
    border: 0;
    border-block-end: 3px solid transparent;
    border-radius: 0;
    padding-inline: 1rem;
  }
  .tabs button[aria-selected='true'] {
    border-block-end-color: var(--sm-accent);
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .tabs button:not([aria-selected='true']) {
      border-block-end-color: Canvas;
    }
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
