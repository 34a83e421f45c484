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
    --sm-positive: light-dark(#0b6e4f, #6fd3a8);
    --sm-positive-mark: light-dark(#dcf3e8, #14382b);
    --sm-negative: light-dark(#a3400f, #f0a877);
    --sm-negative-mark: light-dark(#fdeadd, #41260f);
    --sm-radius: 10px;
    color-scheme: light dark;
    color: var(--sm-text);
    container-type: inline-size;
    display: block;
    font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif;
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul {
    margin: 0;
  }
  h2 {
    font-size: 1.35rem;
    line-height: 1.3;
  }
  h3 {
    font-size: 1.05rem;
  }
  .quiet {
    color: var(--sm-quiet);
    font-size: 0.9rem;
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
  fieldset {
    border: 0;
    display: flex;
    margin: 0;
    padding: 0;
  }
  legend {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
  button {
    background: var(--sm-surface);
    border: 1px solid var(--sm-control);
    border-radius: var(--sm-radius);
    color: inherit;
    cursor: pointer;
    font: inherit;
    min-block-size: 2.5rem;
    padding: 0.35rem 0.9rem;
  }
  button:hover {
    background: var(--sm-raised);
  }
  button:focus-visible,
  textarea:focus-visible,
  mark:focus-visible,
  h2:focus-visible {
    outline: 3px solid var(--sm-accent);
    outline-offset: 2px;
  }
  button[disabled] {
    cursor: default;
    opacity: 0.55;
  }
  .primary {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
    font-weight: 600;
    padding-inline: 1.6rem;
  }
  .primary:hover {
    background: color-mix(in oklab, var(--sm-accent) 88%, var(--sm-text));
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
  label {
    display: block;
    font-weight: 600;
  }
  textarea {
    background: var(--sm-surface);
    border: 1px solid var(--sm-control);
    border-radius: var(--sm-radius);
    color: inherit;
    display: block;
    font: inherit;
    inline-size: 100%;
    margin-block: 0.5rem;
    min-block-size: 12rem;
    padding: 0.75rem 0.9rem;
    resize: vertical;
  }
  textarea::placeholder {
    color: var(--sm-quiet);
    opacity: 1;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 0.75rem;
  }
  .samples {
    margin-block-end: 1rem;
  }
  .samples button {
    border-radius: 2rem;
    font-size: 0.9rem;
    min-block-size: 2rem;
    padding-block: 0.15rem;
  }
  .spread {
    justify-content: space-between;
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
  .failure {
    background: var(--sm-negative-mark);
    border-inline-start: 4px solid var(--sm-negative);
    border-radius: var(--sm-radius);
    padding: 0.75rem 1rem;
  }
  .failure button {
    margin-block-start: 0.5rem;
  }
  .notice {
    border-block-start: 1px solid var(--sm-line);
    margin-block-start: 2rem;
    padding-block-start: 1rem;
  }
  .notice h2 {
    font-size: 1rem;
  }
  .notice ul {
    padding-inline-start: 1.2rem;
  }
  .warnings {
    list-style: none;
    margin-block: 0.75rem;
    padding: 0;
  }
  .warnings li {
    background: var(--sm-raised);
    border-inline-start: 4px solid var(--sm-control);
    border-radius: 6px;
    margin-block: 0.4rem;
    padding: 0.5rem 0.8rem;
  }
  .columns {
    display: grid;
    gap: 2rem;
    margin-block-start: 1.25rem;
  }
  .competency {
    border-block-start: 1px solid var(--sm-line);
    padding-block: 1rem;
  }
  .competency:first-child {
    border-block-start: 0;
    padding-block-start: 0;
  }
  .bar {
    display: block;
    margin-block: 0.35rem 0;
    max-inline-size: 30rem;
    overflow: visible;
  }
  .track {
    stroke: var(--sm-line);
    stroke-linecap: round;
    stroke-width: 4;
  }
  .tick {
    stroke: var(--sm-control);
    stroke-width: 1.5;
  }
  .band {
    fill: var(--sm-accent);
    fill-opacity: 0.3;
  }
  .dot {
    fill: var(--sm-accent);
    stroke: var(--sm-surface);
    stroke-width: 2;
  }
  .number {
    fill: var(--sm-quiet);
    font-size: 0.8rem;
  }
  .anchor {
    margin-block-start: 0.35rem;
  }
  .not-shown {
    color: var(--sm-quiet);
    font-weight: 600;
    margin-block-start: 0.35rem;
  }
  details {
    margin-block-start: 0.5rem;
  }
  summary {
    cursor: pointer;
    min-block-size: 1.75rem;
  }
  summary:focus-visible {
    outline: 3px solid var(--sm-accent);
    outline-offset: 2px;
  }
  .evidence {
    list-style: none;
    padding: 0;
  }
  .evidence li {
    margin-block-start: 0.5rem;
  }
  .evidence button {
    inline-size: 100%;
    text-align: start;
  }
  .quote {
    display: block;
    overflow-wrap: anywhere;
  }
  .tag {
    font-size: 0.85rem;
    font-weight: 600;
  }
  .positive .tag {
    color: var(--sm-positive);
  }
  .negative .tag {
    color: var(--sm-negative);
  }
  .document {
    background: var(--sm-raised);
    border-radius: var(--sm-radius);
    line-height: 1.9;
    margin-block-start: 0.5rem;
    overflow-wrap: anywhere;
    padding: 1rem 1.1rem;
    white-space: pre-wrap;
  }
  mark {
    border-radius: 3px;
    color: inherit;
    padding-block: 0.1em;
    text-decoration-line: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 0.25em;
  }
  mark.positive {
    background: var(--sm-positive-mark);
    text-decoration-color: var(--sm-positive);
  }
  mark.negative {
    background: var(--sm-negative-mark);
    text-decoration-color: var(--sm-negative);
    text-decoration-style: dashed;
  }
  .hidden {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
  @container (min-width: 56rem) {
    .columns {
      grid-template-columns: 1fr 1fr;
    }
    .text-column {
      align-self: start;
      inset-block-start: 1rem;
      max-block-size: calc(100vh - 2rem);
      overflow: auto;
      position: sticky;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background-color 0.15s;
    }
  }
  @media (forced-colors: active) {
    .band {
      fill: Highlight;
      fill-opacity: 1;
    }
    .dot {
      fill: CanvasText;
    }
    mark {
      background: none;
      color: CanvasText;
    }
  }
  @media print {
    :host {
      color-scheme: light;
    }
    form,
    .languages,
    .status {
      display: none;
    }
    .text-column {
      max-block-size: none;
      overflow: visible;
      position: static;
    }
    details::details-content {
      content-visibility: visible;
    }
    .evidence button {
      border: 0;
      padding: 0;
    }
    .competency {
      break-inside: avoid;
    }
  }
`;
