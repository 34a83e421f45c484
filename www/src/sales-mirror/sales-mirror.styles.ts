import { css } from 'lit';

export const styles = css`
  :host {
    --sm-accent: light-dark(#0b6e6e, #5cc8c2);
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
    margin-block-end: 1.25rem;
  }
  header > div:first-child {
    flex: 1 1 18rem;
    max-inline-size: 60rem;
  }
  .privacy {
    align-items: center;
    color: var(--sm-positive);
    display: flex;
    font-size: 0.9rem;
    gap: 0.4rem;
    margin-block-start: 0.35rem;
  }
  .privacy svg {
    flex: none;
  }
  .notice {
    margin-block-start: 0.35rem;
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
    font-size: 0.9rem;
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
    margin-block-end: 1.25rem;
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
  .entry {
    margin-block-end: 1rem;
  }
  .status {
    margin-block: 1rem;
    min-block-size: 3.4rem;
  }
  progress {
    accent-color: var(--sm-accent);
    block-size: 0.6rem;
    display: block;
    inline-size: 100%;
    margin-block-start: 0.35rem;
  }
  .failure button {
    margin-block-start: 0.5rem;
  }
  @media print {
    :host {
      color-scheme: light;
    }
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
