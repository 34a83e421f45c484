/**
 * `<sales-mirror-blind-marks>`: shows a rater one text after the other, without the model's levels and without the marks of
 * others, and asks for a mark of each competency. It owns the rater's choices until the page is left and passes them on with
 * every change; saving them is left to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { focusHeading } from '../component/motion';
import { seeded } from '../component/seeded';
import type { Rubric } from '../engine/contract';
import { colon, levelName, translated, type Code } from '../languages/text';
import { levels } from '../report/report';
import { hue, hues } from '../result/hues';
import { choices, rows } from '../result/levels.styles';
import type { Marks, TrialText } from './marks';
import { WORDS } from './words';

/** A mark, null for "not shown", or that the rater cannot say. */
type Choice = number | null | 'unmarked';

const styles = css`
  .document {
    margin-block: 0.75rem;
    background: var(--sm-raised);
    border-radius: var(--sm-radius);
    max-block-size: 26rem;
    overflow: auto;
    overflow-wrap: anywhere;
    padding: 1rem 1.1rem;
    white-space: pre-wrap;
  }
  h3 {
    margin-block-start: 1.25rem;
  }
  .name {
    flex: 1 1 9rem;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
  }
  dt {
    font-weight: 600;
  }
  dd {
    margin-inline-start: 1.2rem;
  }
`;

/** The texts in an order that is the same for one rater each time, and another one for another rater. */
export function ordered(texts: readonly TrialText[], rater: string): TrialText[] {
  const seed = Array.from(rater).reduce(
    (sum, letter) => Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0),
    7,
  );
  const random = seeded(seed);
  const order = [...texts];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [order[i], order[j]];
    if (a && b) [order[i], order[j]] = [b, a];
  }
  return order;
}

export class SalesMirrorBlindMarks extends LitElement {
  static override styles = [base, hues, rows, choices, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    texts: { attribute: false },
    rater: { attribute: false },
    given: { attribute: false },
    index: { state: true },
    choices: { state: true },
    latest: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare texts: readonly TrialText[];
  declare rater: string;
  /** The marks that this rater has given before, by the key of the text. */
  declare given: ReadonlyMap<string, Marks>;
  declare private index: number;
  /** By the key of the text, what was chosen for the competencies. */
  declare private choices: ReadonlyMap<string, Readonly<Record<string, Choice>>>;
  /** Id of the competency that was marked last, whose level is put into words. */
  declare private latest: string | null;

  constructor() {
    super();
    this.language = 'en';
    this.texts = [];
    this.rater = '';
    this.given = new Map();
    this.index = 0;
    this.choices = new Map();
    this.latest = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.choices = new Map(this.given);
    const order = ordered(this.texts, this.rater);
    this.index = Math.max(
      0,
      order.findIndex((text) => !this.isComplete(text)),
    );
  }

  /** Moves the focus to the heading of the text that is shown. */
  async announce(): Promise<void> {
    await focusHeading(this, '#text');
  }

  private isComplete({ key }: TrialText): boolean {
    const own = this.choices.get(key) ?? {};
    return this.rubric.competencies.every(({ id }) => own[id] !== undefined);
  }

  private choose(key: string, chosen: Readonly<Record<string, Choice>>): void {
    const own = { ...this.choices.get(key), ...chosen };
    this.choices = new Map([...this.choices, [key, own]]);
    const marks = new Map(
      [...this.choices].map(([of, made]): [string, Marks] => [
        of,
        Object.fromEntries(
          Object.entries(made).filter((entry): entry is [string, number | null] => entry[1] !== 'unmarked'),
        ),
      ]),
    );
    emit(this, 'own-marks', marks);
  }

  private go(to: number): void {
    this.index = to;
    this.latest = null;
    void this.announce();
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = WORDS[this.language];
    const order = ordered(this.texts, this.rater);
    const text = order[this.index];
    if (!text) return nothing;
    const complete = order.filter((one) => this.isComplete(one)).length;
    const own = this.choices.get(text.key) ?? {};
    const missing = this.rubric.competencies.filter(({ id }) => own[id] === undefined);
    return html`
      <h3 id="text" tabindex="-1">${words.textOf(this.index + 1, order.length)}</h3>
      <p class="quiet">${words.orderHint}</p>
      <p class="quiet" role="status">${words.completeOf(complete, order.length)}</p>
      ${
        // White space shows here, so the template has none of its own.
        // prettier-ignore
        html`<div class="document own" tabindex="0" role="region" aria-labelledby="text">${text.text}</div>`
      }
      <form
        class="stack"
        @submit=${(event: Event) => {
          event.preventDefault();
        }}
      >
        <div class="rows">
          ${this.rubric.competencies.map((competency, i) => this.renderCompetency(text.key, own, competency, i))}
        </div>
        <p class="quiet anchor" aria-live="polite">${this.renderAnchor(own)}</p>
        <div class="row">
          <button
            type="button"
            ?disabled=${missing.length === 0}
            @click=${() => {
              this.choose(text.key, Object.fromEntries(missing.map(({ id }) => [id, null])));
            }}
          >
            ${words.rest}
          </button>
          <button
            type="button"
            ?disabled=${this.index === 0}
            @click=${() => {
              this.go(this.index - 1);
            }}
          >
            ${words.previous}
          </button>
          <button
            type="button"
            class="primary"
            ?disabled=${this.index + 1 >= order.length}
            @click=${() => {
              this.go(this.index + 1);
            }}
          >
            ${words.next}
          </button>
        </div>
      </form>
      <details>
        <summary>${words.meanings}</summary>
        ${this.rubric.competencies.map(
          ({ name, definition, levels: meant }) => html`
            <h4>${translated(name, this.language)}</h4>
            <p>${translated(definition, this.language)}</p>
            <dl>
              ${meant.map(
                ({ level, anchor }) => html`
                  <dt>${level} ${levelName(this.rubric, level, this.language)}</dt>
                  <dd>${translated(anchor, this.language)}</dd>
                `,
              )}
            </dl>
          `,
        )}
      </details>
    `;
  }

  /** The level that was chosen last, in words. */
  private renderAnchor(own: Readonly<Record<string, Choice>>): TemplateResult | typeof nothing {
    const competency = this.rubric.competencies.find(({ id }) => id === this.latest);
    if (!competency) return nothing;
    const level = own[competency.id];
    const name = html`<strong>${translated(competency.name, this.language)}</strong>`;
    if (typeof level !== 'number') return html`${name} · ${translated(competency.definition, this.language)}`;
    const { anchor } = competency.levels.find((entry) => entry.level === level) ?? {};
    return html`${name} ·
    ${levelName(this.rubric, level, this.language)}${colon(this.language)}${translated(anchor, this.language)}`;
  }

  private renderCompetency(
    key: string,
    own: Readonly<Record<string, Choice>>,
    { id, name }: Rubric['competencies'][number],
    i: number,
  ): TemplateResult {
    const words = WORDS[this.language];
    const choice = (value: Choice, label: string) => html`
      <label>
        <input
          type="radio"
          name=${id}
          value=${String(value)}
          .checked=${live(own[id] === value)}
          @change=${() => {
            this.latest = id;
            this.choose(key, { [id]: value });
          }}
        />
        ${label}
      </label>
    `;
    return html`
      <fieldset class="competency" data-mark=${id}>
        <legend class="hidden">${translated(name, this.language)}</legend>
        <div class="head">
          <span class="index ${hue(i)}" aria-hidden="true">${i + 1}</span>
          <span class="name" aria-hidden="true">${translated(name, this.language)}</span>
          <div class="choices">
            ${choice(null, words.notShown)}
            ${levels(this.rubric.scale).map((level) => choice(level, String(level)))}
            ${choice('unmarked', words.cannotSay)}
          </div>
        </div>
      </fieldset>
    `;
  }
}

define('sales-mirror-blind-marks', SalesMirrorBlindMarks);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-blind-marks': SalesMirrorBlindMarks;
  }
}
