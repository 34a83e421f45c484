/** Whether the page is being printed, and how to print an element without the page around it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Tells its host when printing begins and ends, so that what only paper needs is rendered only then. */
export class PrintingController implements ReactiveController {
  private readonly media = matchMedia('print');

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get printing(): boolean {
    return this.media.matches;
  }

  hostConnected(): void {
    this.media.addEventListener('change', this.update);
  }

  hostDisconnected(): void {
    this.media.removeEventListener('change', this.update);
  }

  private readonly update = (): void => {
    this.host.requestUpdate();
  };
}

/** Marks what is not printed. */
const UNPRINTED = 'data-sales-mirror-unprinted';

/** Prints an element alone: everything beside it and its ancestors is left out, and is back afterwards. */
export function printAlone(element: Element): void {
  const left: Element[] = [];
  const roots = new Set<Document | ShadowRoot>();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@media print { [${UNPRINTED}] { display: none !important; } }`);
  for (let node: Element | null = element; node && node !== document.body; node = parentOf(node)) {
    const siblings = node.parentNode?.children ?? [];
    left.push(...[...siblings].filter((sibling) => sibling !== node && !sibling.hasAttribute(UNPRINTED)));
    roots.add(node.getRootNode() as Document | ShadowRoot);
  }
  for (const sibling of left) sibling.setAttribute(UNPRINTED, '');
  for (const root of roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const restore = () => {
    for (const sibling of left) sibling.removeAttribute(UNPRINTED);
    for (const root of roots)
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  addEventListener('afterprint', restore, { once: true });
  print();
}

/** The parent, across the border of a shadow root. */
function parentOf(node: Element): Element | null {
  const { parentNode } = node;
  return parentNode instanceof ShadowRoot ? parentNode.host : node.parentElement;
}
