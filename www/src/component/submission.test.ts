import { expect, test, vi } from 'vitest';
import { submitHere } from './submission';

/** An element with a form in its shadow root, and one that the page put into its slot. */
function setUp(): { own: HTMLFormElement; theirs: HTMLFormElement } {
  const host = document.createElement('div');
  const form = '<form><input required /><button type="submit"></button></form>';
  host.innerHTML = form;
  host.attachShadow({ mode: 'open' }).innerHTML = `${form}<slot></slot>`;
  host.addEventListener('click', submitHere);
  document.body.replaceChildren(host);
  const [own, theirs] = [host.shadowRoot, host].map((root) => root?.querySelector('form'));
  if (!own || !theirs) throw new Error('a form is missing');
  return { own, theirs };
}

/** Clicks the button, and tells whether the browser is left to submit the form. */
const click = (form: HTMLFormElement) =>
  form
    .querySelector('button')
    ?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));

test('a form hears that it is submitted, once it is valid, and the browser does nothing', () => {
  const { own } = setUp();
  const submitted = vi.fn();
  own.addEventListener('submit', submitted);
  expect(click(own)).toBe(false);
  expect(submitted).not.toHaveBeenCalled();
  const input = own.querySelector('input');
  if (input) input.value = 'filled in';
  expect(click(own)).toBe(false);
  expect(submitted).toHaveBeenCalledOnce();
});

test('a form that the page put into a slot is left to the page', () => {
  const { theirs } = setUp();
  theirs.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  expect(click(theirs)).toBe(true);
});
