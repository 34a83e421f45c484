/** `<sales-mirror-self-rating>`: asks a person for their own levels before they see the result. It owns the answers until they are given. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { colon, levelName, translated, type Code } from '../languages/text';
import { countsFor, levels, type Kind, type SelfRating } from '../report/report';
import { focusHeading, scrolling } from '../component/motion';
import { hue, hues } from '../result/hues';
import { choices, rows } from '../result/levels.styles';
import { WORDS } from './words';

const styles = css`
  section {
    scroll-margin: 0.5rem;
  }
  section > * + * {
    margin-block-start: 0.5rem;
  }
  .name {
    flex: 1 1 7rem;
  }
  .choices {
    display: grid;
    grid-template-columns: repeat(auto-fit, 2.5rem);
    inline-size: 15.5rem;
  }
`;

export class SalesMirrorSelfRating extends LitElement {
  static override styles = [base, hues, rows, choices, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    rating: { attribute: false },
    kind: { attribute: false },
    latest: { state: true },
    reviewed: { type: Boolean },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare rating: SelfRating;
  /** The kind of the text. */
  declare kind: Kind;
  /** Id of the competency that was rated last, whose level is put into words. */
  declare private latest: string | null;
  /** Whether a reviewer marks the text of another person. */
  declare reviewed: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.latest = null;
    this.rating = {};
    this.kind = 'other';
    this.reviewed = false;
  }

  /** Moves the focus to the heading, so that a screen reader tells that a question has come. */
  async announce(): Promise<void> {
    await focusHeading(this, '#rate');
    // The button that leads to the result is at its end: all of it comes into view where there is room.
    this.renderRoot.querySelector('section')?.scrollIntoView({ block: 'nearest', behavior: scrolling() });
  }

  private done(rating: SelfRating | null, ask = true): void {
    emit(this, 'rated', { rating, ask });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const any = Object.values(this.rating).some((level) => level !== null);
    return html`
      <section aria-labelledby="rate">
        <h2 id="rate" tabindex="-1">${this.reviewed ? words.reviewed.title : words.title}</h2>
        <p class="quiet">${this.reviewed ? words.reviewed.lead : words.lead}</p>
        <form class="stack">
          <div class="rows">
            ${this.rubric.competencies.map((competency, i) => (countsFor(this.rubric, this.kind, competency.id) ? this.renderCompetency(competency, i) : nothing))}
          </div>
          <p class="quiet anchor" aria-live="polite">${this.renderAnchor()}</p>
          <div class="row">
            <button
              type="submit"
              class="primary"
              @click=${(event: Event) => {
                event.preventDefault();
                this.done(any ? this.rating : null);
              }}
            >
              ${any ? words.show : words.skip}
            </button>
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

  /** The level that was chosen last, in words. */
  private renderAnchor(): TemplateResult | typeof nothing {
    const competency = this.rubric.competencies.find(({ id }) => id === this.latest);
    if (!competency) return nothing;
    const level = this.rating[competency.id] ?? null;
    const name = html`<strong>${translated(competency.name, this.language)}</strong>`;
    if (level === null) return html`${name} · ${translated(competency.definition, this.language)}`;
    const { anchor } = competency.levels.find((entry) => entry.level === level) ?? {};
    return html`${name} ·
    ${levelName(this.rubric, level, this.language)}${colon(this.language)}${translated(anchor, this.language)}`;
  }

  private renderCompetency({ id, name }: Rubric['competencies'][number], i: number): TemplateResult {
    const words = WORDS[this.language];
    const own = this.rating[id] ?? null;
    const choice = (level: number | null, label: TemplateResult | string) => html`
      <label>
        <input
          type="radio"
          name=${id}
          .checked=${own === level}
          @change=${() => {
            this.rating = { ...this.rating, [id]: level };
            this.latest = id;
          }}
        />
        ${label}
      </label>
    `;
    return html`
      <fieldset class="competency" data-rate=${id}>
        <legend class="hidden">${translated(name, this.language)}</legend>
        <div class="head">
          <span class="index ${hue(i)}" aria-hidden="true">${i + 1}</span>
          <span class="name" aria-hidden="true">${translated(name, this.language)}</span>
          <div class="choices">
            ${levels(this.rubric.scale).map((level) => choice(level, String(level)))}
            ${choice(null, html`<span aria-hidden="true">?</span><span class="hidden">${words.cannotSay}</span>`)}
          </div>
        </div>
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
