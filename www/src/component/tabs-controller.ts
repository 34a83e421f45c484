/** Owns which tab is shown, and the bar of tabs with its keyboard: arrows choose the next one, as ARIA's pattern has it. */
import { css, html, type LitElement, type TemplateResult } from 'lit';

export const tabStyles = css`
  .tabs {
    border-block-end: 1px solid var(--sm-control);
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    margin-block-end: 0.75rem;
  }
  .tabs button {
    background: none;
    border: 0;
    border-block-end: 3px solid transparent;
    border-radius: 0;
    padding-inline: 1rem;
  }
  .tabs button[aria-selected='true'] {
    border-block-end-color: var(--sm-accent);
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .tabs button:not([aria-selected='true']) {
      border-block-end-color: Canvas;
    }
  }
`;

export class TabsController<Tab extends string> {
  private current: Tab;
  private readonly seen: Set<Tab>;

  /** @param tabs of which the first is shown at the beginning */
  constructor(
    private readonly host: Pick<LitElement, 'requestUpdate' | 'updateComplete' | 'renderRoot'>,
    private readonly tabs: readonly [Tab, ...Tab[]],
  ) {
    [this.current] = tabs;
    this.seen = new Set([this.current]);
  }

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
  render(label: string, names: Readonly<Record<Tab, string>>): TemplateResult {
    return html`
      <div class="tabs" role="tablist" aria-label=${label} @keydown=${this.step}>
        ${this.tabs.map(
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
              ${names[tab]}
            </button>
          `,
        )}
      </div>
    `;
  }

  private readonly step = async (event: KeyboardEvent): Promise<void> => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const { tabs } = this;
    const next = tabs[(tabs.indexOf(this.current) + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    this.choose(next);
    await this.host.updateComplete;
    this.host.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
}
