import { css } from 'lit';

export const charts = css`
  .bar {
    display: block;
    margin-block: 0;
    overflow: visible;
  }
  .over {
    overflow: visible;
  }
  .track {
    stroke: var(--sm-line);
    stroke-linecap: round;
    stroke-width: 4;
  }
  .track.none {
    stroke-dasharray: 1 7;
  }
  .before {
    fill: var(--sm-surface);
    stroke: var(--sm-accent);
    stroke-dasharray: 2 2;
    stroke-width: 1.5;
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
  .self {
    fill: var(--sm-surface);
    stroke: var(--sm-self);
    stroke-width: 2.5;
  }
  .target {
    fill: var(--sm-text);
    stroke: var(--sm-text);
    stroke-width: 1.5;
  }
  .radar {
    block-size: auto;
    display: block;
    inline-size: 100%;
    margin-inline: auto;
    max-inline-size: 32rem;
    overflow: visible;
  }
  .radar .name {
    fill: var(--sm-text);
    font-size: 15px;
  }
  .radar .number {
    font-size: 11px;
  }
  .ring {
    fill: none;
    stroke: var(--sm-line);
  }
  .axis {
    stroke: var(--sm-line);
  }
  .axis.empty {
    stroke-dasharray: 2 5;
    stroke: var(--sm-control);
  }
  .whisker {
    stroke: var(--sm-accent);
    stroke-linecap: round;
    stroke-opacity: 0.3;
    stroke-width: 8;
  }
  .level-line {
    fill: none;
    stroke: var(--sm-accent);
    stroke-linejoin: round;
    stroke-width: 2.5;
  }
  .level-line.filled {
    fill: var(--sm-accent);
    fill-opacity: 0.08;
  }
  .self-line {
    fill: none;
    stroke: var(--sm-self);
    stroke-dasharray: 6 4;
    stroke-width: 1.5;
  }
  .target-line {
    fill: none;
    stroke: var(--sm-text);
    stroke-dasharray: 2 3;
    stroke-width: 1.5;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    list-style: none;
    padding: 0;
  }
  .legend li {
    align-items: center;
    display: flex;
    gap: 0.4rem;
  }
  .legend svg {
    flex: none;
    overflow: visible;
  }
  @media (forced-colors: active) {
    .band,
    .whisker {
      fill-opacity: 1;
      stroke-opacity: 1;
    }
    .dot {
      fill: CanvasText;
    }
  }
`;
