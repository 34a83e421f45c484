/** `<sales-mirror-log-settings>`: a person turns the log of use on or off, or reads what their company has decided. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { base } from '../component/base';
import { define } from '../component/define';
import type { Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import { eraseQuestion } from './erase-question';
import { log } from './log';
import { WORDS } from './words';

const styles = css`
  .card > * + :not(:empty) {
    margin-block-start: 0.5rem;
  }
`;

export class SalesMirrorLogSettings extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    erasing: { state: true },
    trouble: { state: true },
  };

  declare language: Code;
  /** Whether the person is being asked to confirm that the log is to be erased. */
  declare private erasing: boolean;
  declare private trouble: Trouble | null;

  private unfollow: (() => void) | undefined;

  constructor() {
    super();
    this.language = 'en';
    this.erasing = false;
    this.trouble = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = log.follow(() => {
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow?.();
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    if (log.rule !== 'free') {
      const off = log.state === 'off' ? words.none : words.stopped;
      return html`
        <p class="quiet no-print">${strings(this.language).setByCompany(log.required ? words.kept : off)}</p>
      `;
    }
    const trouble = this.trouble ? worded(this.trouble, this.language) : '';
    const wrong = log.state === 'failed' ? words.failed : trouble;
    return html`
      <div class="card no-print">
        <label class="check">
          <input
            type="checkbox"
            aria-describedby="about"
            .checked=${live(log.state === 'on')}
            @change=${this.choose}
          />
          ${words.consent}
        </label>
        <p id="about" class="quiet">${words.about}</p>
        <div role="alert">${wrong ? html`<p class="alert">${wrong}</p>` : nothing}</div>
        ${
          this.erasing
            ? eraseQuestion(this.language, (trouble) => {
                this.erasing = false;
                this.trouble = trouble;
              })
            : nothing
        }
      </div>
    `;
  }

  private readonly choose = (event: Event): void => {
    if ((event.target as HTMLInputElement).checked) {
      void log.begin();
      return;
    }
    this.erasing = true;
    // It stays checked until the person has confirmed.
    this.requestUpdate();
  };
}

define('sales-mirror-log-settings', SalesMirrorLogSettings);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-log-settings': SalesMirrorLogSettings;
  }
}
