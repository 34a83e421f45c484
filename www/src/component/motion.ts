/** When things appear, where the focus goes, and what scrolls into view. */
import type { LitElement } from 'lit';

/** Resolves in the task after the next frame is laid out and painted; at once if the page is hidden. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });
}

/** Moves the focus to an element's heading once it is rendered, and scrolls to it unless it is well in view. */
export async function focusHeading(element: LitElement, selector: string): Promise<void> {
  await element.updateComplete;
  // Focusing forces layout; by now that has happened in a task of its own.
  await painted();
  const heading = element.renderRoot.querySelector<HTMLElement>(selector);
  heading?.focus({ preventScroll: true });
  if (!heading || heading.getBoundingClientRect().top < 0.6 * innerHeight) return;
  heading.scrollIntoView({ block: 'start', behavior: scrolling() });
}

/** Smooth, unless the person prefers reduced motion. */
export function scrolling(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}

/** Resolves in a task of its own. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
