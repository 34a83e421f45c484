/**
 * `<sales-mirror-log>`: the place of the log of use. It hears what is done in the element that it is in, and fetches what
 * writes and shows the log where one is kept, or is to be kept as the company has decided.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import type { EventOf } from '../component/events';
import { asFailure } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import type { Code } from '../languages/text';
import type { Lock } from '../sales-mirror/locks';
import { isKept } from './kept';
import { logChoice, parts, type Parts } from './parts';

const styles = css`
  div {
    margin-block-end: 0.75rem;
  }
`;

export class SalesMirrorLog extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    locks: { attribute: false },
    choice: { attribute: false },
    trouble: { state: true },
  };

  declare language: Code;
  declare locks: ReadonlySet<Lock>;
  /** Whether a person finds the settings here, and not elsewhere in the page. Where the company has decided, there are none. */
  declare choice: boolean;
  declare private trouble: Trouble | null;

  /** What hears of everything that is done in the same element. */
  private around: Node | undefined;
  /** Whether the company required a log when it was last looked for; undefined before that. */
  private required: boolean | undefined;

  constructor() {
    super();
    this.language = 'en';
    this.locks = new Set();
    this.choice = false;
    this.trouble = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.around = this.getRootNode();
    this.around.addEventListener('activity', this.hear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.around?.removeEventListener('activity', this.hear);
  }

  protected override updated(): void {
    const required = this.locks.has('log-on');
    if (required !== this.required) void this.start();
    this.required = required;
  }

  private readonly hear = (event: Event): void => {
    const at = new Date();
    const { detail } = event as EventOf<'activity'>;
    void this.start().then((fetched) => fetched?.log.write(detail, at));
  };

  /** Fetches what writes and shows the log, unless there is none. */
  private async start(): Promise<Parts | undefined> {
    if (!this.locks.has('log-on') && !(await isKept())) return undefined;
    try {
      const fetched = await parts();
      // By now the log knows what the company has decided.
      await this.renderRoot.querySelector('sales-mirror-log-mark')?.updateComplete;
      return fetched;
    } catch (failure) {
      this.trouble = new Trouble('page_updated', asFailure(failure).message);
      return undefined;
    }
  }

  protected override render(): TemplateResult {
    const { language, locks, trouble } = this;
    const decided = locks.has('log') || locks.has('log-on');
    return html`
      ${trouble ? html`<p class="alert" role="alert">${worded(trouble, language)}</p>` : nothing}
      <sales-mirror-log-mark .language=${language} .locks=${locks}></sales-mirror-log-mark>
      ${this.choice && !decided ? html`<div>${logChoice(language)}</div>` : nothing}
    `;
  }
}

define('sales-mirror-log', SalesMirrorLog);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-log': SalesMirrorLog;
  }
}
