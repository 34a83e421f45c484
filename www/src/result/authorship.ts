/**
 * `<sales-mirror-authorship>`: whose words count in a text that is a conversation or a mail thread. The person says which
 * speaker they are, and whether quoted mails count; assessing anew is left to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Whose } from '../engine/contract';
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
    return this.result.report.whose ?? { speaker: null, whole: false, quoted: false };
  }

  private change(change: Partial<Whose>): void {
    emit(this, 'whose-change', { ...this.whose, ...change });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { speakers, left_out } = this.result.assessment;
    const isMail =
      this.whose.quoted || left_out.some(({ reason }) => reason === 'quoted_mail' || reason === 'mail_frame');
    if (speakers.length === 0 && !isMail) return nothing;
    return html`
      <div class="card">
        ${speakers.length ? this.renderSpeakers() : nothing} ${isMail ? this.renderQuoted() : nothing}
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

  private renderQuoted(): TemplateResult {
    const words = WORDS[this.language].whose;
    return html`
      <label>
        <input
          type="checkbox"
          .checked=${live(this.whose.quoted)}
          @change=${({ target }: Event) => {
            this.change({ quoted: (target as HTMLInputElement).checked });
          }}
        />
        <span>${words.quoted}</span>
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
