/** Resolves in the task after the next frame is laid out and painted; at once where nothing is painted. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });
}

/** Scrolls to what has come, where most of it would lie below the window. */
export function bringIntoView(element: HTMLElement | null | undefined): void {
  if (!element || element.getBoundingClientRect().top < 0.6 * innerHeight) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
}
