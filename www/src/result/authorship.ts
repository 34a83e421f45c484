/**
 * `<sales-mirror-authorship>`: whose words count in a text that is a conversation or a mail thread, or that does not read as an
 * account of own work. The person says which speaker they are, whether quoted mails count, and that it is their account;
 * assessing anew is left to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Reason, Whose } from '../engine/contract';
import type { Code } from '../languages/text';
import type { Result } from '../report/report';
import { WORDS } from './words';

const styles = css`
  :host {
    display: block;
  }
  .card {
    display: grid;
    gap: 0.75rem;
    margin-block: 0.75rem;
  }
  fieldset {
    display: grid;
    gap: 0.35rem;
  }
  .speakers {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem 1.25rem;
  }
  label {
    align-items: baseline;
    display: flex;
    gap: 0.4rem;
    overflow-wrap: anywhere;
  }
  @media print {
    :host {
      display: none;
    }
  }
`;

export class SalesMirrorAuthorship extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    result: { attribute: false },
    reviewed: { type: Boolean },
  };

  declare language: Code;
  declare result: Result;
  /** Whether it is read by somebody else than the writer of the text. */
  declare reviewed: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.reviewed = false;
  }

  private get whose(): Whose {
    return this.result.report.whose ?? { speaker: null, whole: false, quoted: false, account: false };
  }

  private change(change: Partial<Whose>): void {
    emit(this, 'whose-change', { ...this.whose, ...change });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { account, speakers, left_out } = this.result.assessment;
    const words = WORDS[this.language].whose;
    const leavesOut = (...reasons: Reason[]) => left_out.some(({ reason }) => reasons.includes(reason));
    const isMail = this.whose.quoted || leavesOut('quoted_mail', 'mail_frame');
    const isDoubtful = this.whose.account || !account.accepted || leavesOut('not_an_account');
    if (speakers.length === 0 && !isMail && !isDoubtful) return nothing;
    return html`
      <div class="card">
        ${speakers.length ? this.renderSpeakers() : nothing}
        ${isMail ? this.renderChoice('quoted', words.quoted) : nothing}
        ${isDoubtful ? this.renderChoice('account', this.reviewed ? words.accountReviewed : words.account) : nothing}
      </div>
    `;
  }

  private renderSpeakers(): TemplateResult {
    const words = WORDS[this.language].whose;
    const { speakers } = this.result.assessment;
    const counting = speakers.filter(({ counts }) => counts).map(({ name }) => name);
    const [only] = counting;
    const { whole } = this.whose;
    const choice = (label: TemplateResult | string, checked: boolean, chosen: Partial<Whose>) => html`
      <label>
        <input
          type="radio"
          name="speaker"
          .checked=${live(checked)}
          @change=${() => {
            this.change(chosen);
          }}
        />
        <span>${label}</span>
      </label>
    `;
    const hint = whole
      ? words.all
      : only !== undefined && counting.length === 1
        ? words.counted(only)
        : words.guessed(counting.join(words.separator));
    return html`
      <fieldset aria-describedby="counted">
        <legend>${this.reviewed ? words.speakersReviewed : words.speakers}</legend>
        <div class="speakers">
          ${speakers.map(({ name, turns, counts }) =>
            choice(
              html`<span class="own">${name}</span> <span class="quiet">${words.turns(turns)}</span>`,
              !whole && counts && counting.length === 1,
              { speaker: name, whole: false },
            ),
          )}
          ${choice(this.reviewed ? words.wholeReviewed : words.whole, whole, { speaker: null, whole: true })}
        </div>
        <p id="counted" class="quiet own" role="status">${hint}</p>
      </fieldset>
    `;
  }

  private renderChoice(choice: 'quoted' | 'account', label: string): TemplateResult {
    return html`
      <label>
        <input
          type="checkbox"
          .checked=${live(this.whose[choice])}
          @change=${({ target }: Event) => {
            this.change({ [choice]: (target as HTMLInputElement).checked });
          }}
        />
        <span>${label}</span>
      </label>
    `;
  }
}

define('sales-mirror-authorship', SalesMirrorAuthorship);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-authorship': SalesMirrorAuthorship;
  }
}
