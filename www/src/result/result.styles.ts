import { css } from 'lit';

export const styles = css`
  .about {
    margin-block-start: 1.5rem;
    overflow-wrap: anywhere;
  }
  .head {
    margin-block-end: 0.5rem;
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
  .columns > * {
    min-inline-size: 0;
  }
  .competency {
    border-block-start: 1px solid var(--sm-line);
    padding-block: 1rem;
  }
  .competency h4 {
    align-items: baseline;
    display: flex;
    font-size: 1.05rem;
    gap: 0.5rem;
  }
  .index {
    background: light-dark(hsl(var(--hue) 70% 91%), hsl(var(--hue) 35% 24%));
    border-radius: 5px;
    flex: none;
    font-size: 0.85rem;
    font-weight: 600;
    min-inline-size: 1.5rem;
    padding-inline: 0.35rem;
    text-align: center;
  }
  .anchor,
  .next,
  .beside {
    margin-block-start: 0.35rem;
  }
  .next q {
    display: block;
    margin-block-start: 0.25rem;
    overflow-wrap: anywhere;
  }
  .not-shown {
    color: var(--sm-quiet);
    font-weight: 600;
    margin-block-start: 0.35rem;
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
  tr[aria-current='true'] {
    background: var(--sm-raised);
    font-weight: 600;
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
  @media print {
    .head button {
      display: none;
    }
    .columns {
      display: block;
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
      display: block;
      padding: 0;
    }
    .competency {
      break-inside: avoid;
    }
  }
`;
