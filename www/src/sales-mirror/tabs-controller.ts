/** Owns which tab is shown, and the bar of tabs with its keyboard: arrows choose the next one, as ARIA's pattern has it. */
import { html, type LitElement, type TemplateResult } from 'lit';
import type { Strings } from '../languages';

/** What a writer can look at. */
export const TABS = ['report', 'plan', 'history'] as const;
export type Tab = (typeof TABS)[number];

export class TabsController {
  private current: Tab = 'report';
  private readonly seen = new Set<Tab>(['report']);

  constructor(private readonly host: Pick<LitElement, 'requestUpdate' | 'updateComplete' | 'renderRoot'>) {}

  get chosen(): Tab {
    return this.current;
  }

  /** Whether a tab was ever shown. */
  wasSeen(tab: Tab): boolean {
    return this.seen.has(tab);
  }

  choose(tab: Tab): void {
    this.current = tab;
    this.seen.add(tab);
    this.host.requestUpdate();
  }

  /** Every tab controls the element with the id `panel`. */
  render(words: Strings): TemplateResult {
    return html`
      <div class="tabs" role="tablist" aria-label=${words.tabList} @keydown=${this.step}>
        ${TABS.map(
          (tab) => html`
            <button
              type="button"
              role="tab"
              id="tab-${tab}"
              aria-controls="panel"
              aria-selected=${String(tab === this.current)}
              tabindex=${tab === this.current ? 0 : -1}
              @click=${() => {
                this.choose(tab);
              }}
            >
              ${words.tabs[tab]}
            </button>
          `,
        )}
      </div>
    `;
  }

  private readonly step = async (event: KeyboardEvent): Promise<void> => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const next = TABS[(TABS.indexOf(this.current) + by + TABS.length) % TABS.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    this.choose(next);
    await this.host.updateComplete;
    this.host.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
}
