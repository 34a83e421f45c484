/** `<sales-mirror-self-rating>`: asks a person for their own levels before they see the result. It owns the answers until they are given. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { translated, type Code } from '../languages/text';
import { levels, type SelfRating } from '../report/report';
import { focusHeading } from '../component/motion';
import { WORDS } from './words';

const styles = css`
  section > * + * {
    margin-block-start: 0.75rem;
  }
  .grid {
    display: grid;
    gap: 0.75rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr));
  }
  legend {
    font-weight: 600;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem 0.9rem;
    margin-block: 0.35rem;
  }
  .choices label {
    align-items: center;
    display: inline-flex;
    font-weight: 400;
    gap: 0.35rem;
    min-block-size: 1.75rem;
  }
  .anchor {
    min-block-size: 3rem;
  }
`;

export class SalesMirrorSelfRating extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    rating: { attribute: false },
    reviewed: { type: Boolean },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare rating: SelfRating;
  /** Whether a reviewer marks the text of another person. */
  declare reviewed: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.rating = {};
    this.reviewed = false;
  }

  /** Moves the focus to the heading, so that a screen reader tells that a question has come. */
  async announce(): Promise<void> {
    await focusHeading(this, '#rate');
  }

  private done(rating: SelfRating | null, ask = true): void {
    emit(this, 'rated', { rating, ask });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const any = Object.values(this.rating).some((level) => level !== null);
    return html`
      <section class="card" aria-labelledby="rate">
        <h2 id="rate" tabindex="-1">${this.reviewed ? words.reviewed.title : words.title}</h2>
        <p>${this.reviewed ? words.reviewed.lead : words.lead}</p>
        <form
          class="stack"
          @submit=${(event: Event) => {
            event.preventDefault();
            this.done(any ? this.rating : null);
          }}
        >
          <div class="grid">
            ${this.rubric.competencies.map((competency) => this.renderCompetency(competency))}
          </div>
          <div class="row">
            <button type="submit" class="primary">${any ? words.show : words.skip}</button>
            ${
              this.reviewed
                ? nothing
                : html`
                    <button
                      type="button"
                      @click=${() => {
                        this.done(any ? this.rating : null, false);
                      }}
                    >
                      ${words.never}
                    </button>
                  `
            }
          </div>
        </form>
      </section>
    `;
  }

  private renderCompetency(competency: Rubric['competencies'][number]): TemplateResult {
    const words = WORDS[this.language];
    const own = this.rating[competency.id] ?? null;
    const text = (texts: Readonly<Record<string, string>> | undefined) => translated(texts, this.language);
    const choice = (level: number | null, label: string) => html`
      <label>
        <input
          type="radio"
          name=${competency.id}
          .checked=${own === level}
          @change=${() => {
            this.rating = { ...this.rating, [competency.id]: level };
          }}
        />
        ${label}
      </label>
    `;
    return html`
      <fieldset data-rate=${competency.id}>
        <legend>${text(competency.name)}</legend>
        <div class="choices">
          ${levels(this.rubric.scale).map((level) => choice(level, String(level)))}
          ${choice(null, words.cannotSay)}
        </div>
        <p class="quiet anchor" aria-live="polite">
          ${
            own === null
              ? text(competency.definition)
              : html`<strong
                    >${text(this.rubric.scale.names.find((entry) => entry.level === own)?.name)}</strong
                  >
                  · ${text(competency.levels.find((entry) => entry.level === own)?.anchor) || nothing}`
          }
        </p>
      </fieldset>
    `;
  }
}

define('sales-mirror-self-rating', SalesMirrorSelfRating);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-self-rating': SalesMirrorSelfRating;
  }
}
