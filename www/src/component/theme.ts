/** The colours, sizes and type of what stands in a page by itself: the widget and the rubric editor. docs/embedding.md lists the properties. */
import { css } from 'lit';

export const theme = css`
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
`;
