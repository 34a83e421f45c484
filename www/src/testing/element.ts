/** For tests: elements in a page, and what is in them. */
import type { LitElement } from 'lit';
import { vi } from 'vitest';

/** Puts an element with these properties into the page, and waits until it is rendered. */
export async function mount<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): Promise<HTMLElementTagNameMap[Name]> {
  const element = Object.assign(document.createElement(name), properties);
  document.body.replaceChildren(element);
  await rendered(element);
  return element;
}

/** Waits until an element is rendered with its latest properties. */
export async function rendered(element: Element): Promise<void> {
  await (element as Element & Partial<Pick<LitElement, 'updateComplete'>>).updateComplete;
}

/** The first match in an element's shadow root. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as querySelector has it
export function find<T extends Element = HTMLElement>(element: Element, selector: string): T {
  const found = element.shadowRoot?.querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector} in ${element.localName}`);
  return found;
}

export function findAll<T extends Element = HTMLElement>(element: Element, selector: string): T[] {
  return [...(element.shadowRoot?.querySelectorAll<T>(selector) ?? [])];
}

/** The text of an element as it reads, with white space collapsed. */
export function textOf(element: Element): string {
  return (element.shadowRoot ?? element).textContent.replace(/\s+/g, ' ').trim();
}

/** Sets a field as a person does. */
export function fill(field: HTMLElement, value: string, event: 'input' | 'change' = 'input'): void {
  Object.assign(field, { value });
  field.dispatchEvent(new Event(event, { bubbles: true }));
}

/** Waits until a check no longer throws; patient, as a busy machine may be slow. */
export function until<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000 });
}
