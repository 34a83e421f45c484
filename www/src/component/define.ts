let told = false;

/** Defines an element unless the page has it already, as where two copies of the script are loaded: the first one stays. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) {
    customElements.define(name, element);
    return;
  }
  if (!told)
    console.warn(
      `<${name}> is defined already; this page loads SalesMirror twice, and the first copy is used`,
    );
  told = true;
}
