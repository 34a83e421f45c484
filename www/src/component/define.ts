/** Defines an element unless the page has it already, as where two copies of the script are loaded. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
