/** The styles that all components share: text, controls, tables. `<sales-mirror>` defines the colours. */
import { css } from 'lit';

export const base = css`
  :host {
    color: var(--sm-text);
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  figure {
    margin: 0;
  }
  h2 {
    font-size: var(--sm-size-title);
    line-height: 1.3;
  }
  h3 {
    font-size: 1.1rem;
    line-height: 1.4;
  }
  h4 {
    font-size: 1rem;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  legend {
    padding: 0;
  }
  label {
    font-weight: 600;
  }
  button,
  .button,
  select,
  input:not([type='checkbox'], [type='radio']) {
    background: var(--sm-surface);
    border: 1px solid var(--sm-control);
    border-radius: var(--sm-radius);
    color: inherit;
    font: inherit;
    max-inline-size: 100%;
    min-block-size: 2.5rem;
    padding: 0.35rem 0.9rem;
  }
  button,
  .button {
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    background: var(--sm-raised);
  }
  input[type='checkbox'],
  input[type='radio'] {
    accent-color: var(--sm-accent);
    block-size: 1.15rem;
    flex: none;
    inline-size: 1.15rem;
    margin: 0;
  }
  textarea {
    background: var(--sm-surface);
    border: 1px solid var(--sm-control);
    border-radius: var(--sm-radius);
    color: inherit;
    display: block;
    font: inherit;
    inline-size: 100%;
    padding: 0.6rem 0.8rem;
    resize: vertical;
  }
  textarea::placeholder {
    color: var(--sm-quiet);
    opacity: 1;
  }
  :is(button, textarea, select, input, summary, a, mark, h2, h3, [tabindex]):focus-visible {
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
    background: var(--sm-accent);
    filter: brightness(0.92);
  }
  /* The colours are the system's; without this, a browser puts its own background behind the words. */
  @media (forced-colors: active) {
    .primary,
    button[aria-pressed='true'] {
      forced-color-adjust: none;
    }
  }
  .small {
    font-size: var(--sm-size-small);
    min-block-size: 2rem;
    padding-block: 0.15rem;
  }
  .link {
    background: none;
    border: 0;
    min-block-size: 1.5rem;
    padding: 0;
    text-decoration: underline;
  }
  .icon {
    block-size: 1.1em;
    flex: none;
    inline-size: 1.1em;
    vertical-align: -0.15em;
  }
  .pill {
    border-radius: 2rem;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 0.75rem;
  }
  .spread {
    justify-content: space-between;
  }
  .stack > * + * {
    margin-block-start: 0.75rem;
  }
  .check {
    align-items: center;
    display: flex;
    font-weight: 400;
    gap: 0.5rem;
  }
  .quiet {
    color: var(--sm-quiet);
    font-size: var(--sm-size-small);
    font-weight: 400;
  }
  .card {
    background: var(--sm-raised);
    border-radius: var(--sm-radius);
    padding: 1rem 1.1rem;
  }
  .alert {
    background: var(--sm-negative-mark);
    border-inline-start: 4px solid var(--sm-negative);
    border-radius: var(--sm-radius);
    padding: 0.75rem 1rem;
  }
  .hidden {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
  details {
    margin-block-start: 0.5rem;
  }
  summary {
    cursor: pointer;
    min-block-size: 1.75rem;
  }
  .scroll {
    overflow-x: auto;
    position: relative;
  }
  table {
    border-collapse: collapse;
    font-size: 0.9rem;
    inline-size: 100%;
  }
  caption {
    font-weight: 600;
    padding-block: 0.4rem;
    text-align: start;
  }
  th,
  td {
    border-block-end: 1px solid var(--sm-line);
    padding: 0.4rem 0.6rem;
    text-align: start;
    vertical-align: top;
  }
  thead th {
    border-block-end-color: var(--sm-control);
  }
  .end {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background-color var(--sm-motion);
    }
  }
  @media print {
    .no-print,
    button,
    .button {
      display: none;
    }
    .scroll {
      overflow: visible;
    }
    tr,
    li {
      break-inside: avoid;
    }
    h2,
    h3,
    h4 {
      break-after: avoid;
    }
  }
`;
