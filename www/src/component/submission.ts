/**
 * Submits the forms of the widget without the browser: a frame in a sandbox without `allow-forms` would submit nothing, and no
 * form would hear of it. The forms themselves listen for `submit` as usual.
 */

/** Handles a click in the element that it is added to: a button in that element's own tree submits its form, if that is valid. */
export function submitHere(event: Event): void {
  const path = event.composedPath() as Node[];
  const button = path.find((node) => node instanceof HTMLButtonElement);
  const { form, type } = button ?? {};
  // What the page itself puts into a slot is its own.
  if (!form || type !== 'submit' || path.some(({ parentNode }) => parentNode === event.currentTarget)) return;
  event.preventDefault();
  if (form.reportValidity()) form.dispatchEvent(new Event('submit', { cancelable: true }));
}
