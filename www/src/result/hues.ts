/** The colours of competencies, as classes: the page's policy allows no style attributes. */
import { unsafeCSS } from 'lit';

/** Degrees. With more competencies than hues the hues repeat; the numbers beside them do not. */
export const HUES = [190, 265, 35, 330, 120, 225, 70, 0, 295, 160];

/** The class of the competency with an index. */
export const hue = (i: number): string => `h${i % HUES.length}`;

export const hues = unsafeCSS(
  HUES.map((value, i) => `.h${i}{--tint:light-dark(hsl(${value} 70% 91%),hsl(${value} 35% 24%))}`).join(''),
);
