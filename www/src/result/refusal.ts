/**
 * `<sales-mirror-refusal>`: what stands in the place of levels where a text is no account of the writer's own work with
 * customers. It says why there are none and what can be assessed; editing the text is left to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import type { Code } from '../languages/text';
import type { Result } from '../report/report';
import './marked-text';
import { WORDS } from './words';

const styles = css`
  :host {
    margin-block: 1rem;
  }
  .card > * + * {
    margin-block-start: 0.75rem;
  }
  .kinds {
    display: grid;
    gap: 0.75rem 2rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
  }
  .kinds ul {
    padding-inline-start: 1.3rem;
  }
  @media print {
    details::details-content {
      content-visibility: visible;
    }
    summary {
      display: none;
    }
  }
`;

export class SalesMirrorRefusal extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    result: { attribute: false },
    reviewed: { type: Boolean },
    editable: { type: Boolean },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare result: Result;
  /** Whether it is read by somebody else than the writer of the text. */
  declare reviewed: boolean;
  /** Whether the text can be edited on this page. */
  declare editable: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.reviewed = false;
    this.editable = false;
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language].refusal;
    const reader = this.reviewed ? 'reviewed' : 'own';
    const { report } = this.result;
    const kinds = (title: string, list: readonly string[]) => html`
      <div>
        <h3>${title}</h3>
        <ul>
          ${list.map((kind) => html`<li>${kind}</li>`)}
        </ul>
      </div>
    `;
    return html`
      <div class="card">
        <p><strong>${words.lead[reader]}</strong></p>
        <p>${words.why}</p>
        <div class="kinds">${kinds(words.fits, words.fitting)} ${kinds(words.unfit, words.unfitting)}</div>
        <p>${words.more[reader]}</p>
        ${report.text ? this.renderText() : nothing}
      </div>
    `;
  }

  private renderText(): TemplateResult {
    const words = WORDS[this.language].refusal;
    const { report } = this.result;
    return html`
      ${
        this.editable
          ? html`
              <button
                type="button"
                @click=${() => {
                  emit(this, 'edit-report', report);
                }}
              >
                ${words.edit}
              </button>
            `
          : nothing
      }
      <details>
        <summary>${words.text}</summary>
        <sales-mirror-marked-text
          exportparts="text"
          .language=${this.language}
          .rubric=${this.rubric}
          .result=${this.result}
        ></sales-mirror-marked-text>
      </details>
    `;
  }
}

define('sales-mirror-refusal', SalesMirrorRefusal);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-refusal': SalesMirrorRefusal;
  }
}
