/**
 * `<sales-mirror-log-mark>`: says that a log of use is kept, or could not be, and opens it. It tells the log what the
 * company has decided, and what is printed.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import type { Lock } from '../sales-mirror/locks';
import type { Activity } from './activity';
import { log, type State } from './log';
import { WORDS } from './words';

const styles = css`
  [data-state] {
    margin-block-end: 0.75rem;
  }
`;

/** What is printed, where it has texts. */
type Printable = Element & { readonly results?: Activity['results'] };

export class SalesMirrorLogMark extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    locks: { attribute: false },
    shown: { state: true },
    erased: { state: true },
  };

  declare language: Code;
  declare locks: ReadonlySet<Lock>;
  /** Whether the entries are shown. */
  declare private shown: boolean;
  /** Whether the log was on in this page, and no longer is. */
  declare private erased: boolean;

  private earlier: State = 'off';
  private unfollow: (() => void) | undefined;

  constructor() {
    super();
    this.language = 'en';
    this.locks = new Set();
    this.shown = false;
    this.erased = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = log.follow(() => {
      const { state } = log;
      this.erased = state === 'off' && (this.erased || this.earlier === 'on');
      this.earlier = state;
      this.requestUpdate();
      if (state !== 'off' || !this.shown) return;
      this.shown = false;
      // The button that erased it is gone.
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('span')?.focus());
    });
    addEventListener('beforeprint', this.printed);
    // An element that was moved is not rendered anew.
    if (this.hasUpdated) log.obey(this, this.locks);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow?.();
    removeEventListener('beforeprint', this.printed);
    log.forget(this);
  }

  protected override willUpdate(): void {
    log.obey(this, this.locks);
  }

  /** However printing begins, by a button or by the browser's own menu. */
  private readonly printed = (): void => {
    const place = (this.getRootNode() as ShadowRoot).host.getRootNode() as ParentNode;
    const printed = place.querySelector<Printable>(
      'sales-mirror-team, sales-mirror-result, sales-mirror-plan',
    );
    // A team of which no file is open has nothing to print; a plan need not have a text.
    if (!printed || printed.results?.length === 0) return;
    void log.write({ what: 'printed', results: printed.results ?? [] });
  };

  protected override render(): TemplateResult {
    const { state } = log;
    const { language, shown } = this;
    const words = WORDS[language];
    return html`
      <div
        class=${state === 'failed' ? 'alert no-print' : 'quiet no-print'}
        data-state=${state === 'off' && !this.erased ? nothing : state}
      >
        <span role="status" tabindex="-1">${this.says}</span>
        ${
          state === 'on'
            ? html`
                <button type="button" class="link" aria-expanded=${String(shown)} @click=${this.toggle}>
                  ${shown ? words.hide : words.show}
                </button>
              `
            : nothing
        }
      </div>
      ${shown ? html`<sales-mirror-log-view .language=${language}></sales-mirror-log-view>` : nothing}
    `;
  }

  /** What there is to say of the log; empty as long as none is kept. */
  private get says(): string {
    const words = WORDS[this.language];
    if (log.state === 'off') return this.erased ? words.erased : '';
    if (log.state === 'failed') return words.failed;
    const kept = log.rule === 'forbidden' ? words.stopped : words.kept;
    return log.rule === 'free' ? kept : strings(this.language).setByCompany(kept);
  }

  private readonly toggle = (): void => {
    this.shown = !this.shown;
  };
}

define('sales-mirror-log-mark', SalesMirrorLogMark);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-log-mark': SalesMirrorLogMark;
  }
}
