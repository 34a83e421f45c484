/**
 * `<sales-mirror-plan>`: a person reads, edits, saves and prints their plan. It owns their edits, which outlive a text that
 * was refused; without edits there is no plan then.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { focusHeading } from '../component/motion';
import type { Rubric } from '../engine/contract';
import { save } from '../files/save';
import { colon, day, translated, type Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import { provenance } from '../report/provenance';
import type { Result } from '../report/report';
import { calendar } from './calendar';
import { DAYS, type Development } from './development';
import { markdown } from './markdown';
import { dayAfter, FOCUS, goalFor, planFor, type Goal, type Plan } from './plan';
import { WORDS } from './words';

const styles = css`
  .goals {
    display: grid;
    gap: 1.25rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
    margin-block-start: 1rem;
  }
  .goal > * + * {
    margin-block-start: 0.75rem;
  }
  .goal h4 {
    color: var(--sm-accent);
    font-size: 0.95rem;
  }
  .goal ul,
  .goal ol {
    padding-inline-start: 1.3rem;
  }
  .goal li + li {
    margin-block-start: 0.35rem;
  }
  .goal p,
  .goal li {
    overflow-wrap: anywhere;
  }
  .goal label {
    font-size: 0.85rem;
    font-weight: 400;
  }
  textarea {
    field-sizing: content;
    min-block-size: 2.6rem;
  }
  .bar {
    margin-block: 1rem;
  }
  .days {
    list-style: none;
    padding: 0;
  }
  .goal .days {
    padding: 0;
  }
  .about {
    overflow-wrap: anywhere;
  }
  .footer {
    margin-block-start: 1.25rem;
  }
  @media print {
    .goals {
      display: block;
    }
    .goal {
      background: none;
      padding: 0;
    }
    .goal + .goal {
      margin-block-start: 1.5rem;
    }
    .goal section,
    .goal h3 {
      break-inside: avoid;
    }
    h3,
    h4 {
      break-after: avoid;
    }
    .goal select {
      appearance: none;
      border: 0;
      padding: 0;
    }
  }
`;

export class SalesMirrorPlan extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    development: { attribute: false },
    result: { attribute: false },
    profile: { attribute: false },
    plan: { state: true },
    editing: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare development: Development;
  declare result: Result;
  declare profile: Profile | null;
  /** Null where the text was refused, as there is nothing to plan from. */
  declare private plan: Plan | null;
  declare private editing: boolean;

  /** Whether the person changed anything; an edited plan survives a new language and a new result. */
  private edited = false;

  constructor() {
    super();
    this.language = 'en';
    this.profile = null;
    this.editing = false;
    this.plan = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const basis = ['language', 'rubric', 'development', 'result', 'profile'].some((name) =>
      changed.has(name),
    );
    if (basis && !this.edited) this.plan = this.proposal;
  }

  /** Puts a competency first in the plan, unless it is there, and moves the focus to its goal. */
  async workOn(competency: string): Promise<void> {
    await this.updateComplete;
    const { plan } = this;
    if (plan && !plan.goals.some((goal) => goal.competency === competency)) {
      const goal = goalFor(competency, this.result, this.development, this.rubric);
      if (goal) {
        this.edited = true;
        this.plan = { ...plan, goals: [goal, ...plan.goals].slice(0, Math.max(FOCUS, plan.goals.length)) };
      }
    }
    await focusHeading(this, `[data-goal="${competency}"] h3`);
  }

  private readonly reset = (): void => {
    this.edited = false;
    this.editing = false;
    this.plan = this.proposal;
  };

  private get proposal(): Plan | null {
    const { result, development, rubric, profile } = this;
    return result.assessment.account.accepted ? planFor(result, development, rubric, profile) : null;
  }

  private readonly name = (competency: string): string =>
    translated(this.rubric.competencies.find(({ id }) => id === competency)?.name, this.language);

  private change(index: number, goal: Goal): void {
    if (!this.plan) return;
    this.edited = true;
    this.plan = { ...this.plan, goals: this.plan.goals.map((old, i) => (i === index ? goal : old)) };
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { plan } = this;
    if (!plan) return html`<p class="card">${words.refused}</p>`;
    return html`
      <section aria-labelledby="plan">
        <h2 id="plan" tabindex="-1">${words.title}</h2>
        <p class="quiet no-print">${words.lead}</p>
        <div class="row bar no-print">
          <button
            type="button"
            aria-pressed=${String(this.editing)}
            @click=${() => {
              this.editing = !this.editing;
            }}
          >
            ${this.editing ? words.done : words.edit}
          </button>
          <button type="button" @click=${this.reset}>${words.reset}</button>
          <button
            type="button"
            @click=${() => {
              save(
                `${words.file}-${plan.start}.md`,
                markdown(plan, this.language, this.name, this.about),
                'text/markdown',
              );
            }}
          >
            ${words.markdown}
          </button>
          <button
            type="button"
            @click=${() => {
              const title = (competency: string, days: number) => words.dayTitle(days, this.name(competency));
              save(`${words.file}-${plan.start}.ics`, calendar(plan, title, this.about), 'text/calendar');
            }}
          >
            ${words.calendar}
          </button>
          <button
            type="button"
            @click=${() => {
              this.editing = false;
              void this.updateComplete.then(() => {
                print();
              });
            }}
          >
            ${words.print}
          </button>
        </div>
        ${
          this.editing
            ? html`
                <p class="row">
                  <label for="start">${words.start}</label>
                  <input
                    id="start"
                    type="date"
                    .value=${plan.start}
                    @change=${(event: Event) => {
                      const { value } = event.target as HTMLInputElement;
                      if (!value || !this.plan) return;
                      this.edited = true;
                      this.plan = { ...this.plan, start: value };
                    }}
                  />
                </p>
              `
            : html`<p>${words.from(day(plan.start, this.language))}</p>`
        }
        <div class="goals">${plan.goals.map((goal, i) => this.renderGoal(plan, goal, i))}</div>
        <p class="quiet footer">${words.footer}</p>
        <ul class="quiet own about">
          ${this.about.map((line) => html`<li>${line}</li>`)}
        </ul>
      </section>
    `;
  }

  /** Where the plan comes from, on the screen, in print and in what is saved. */
  private get about(): readonly string[] {
    return provenance([this.result.assessment], this.language);
  }

  private renderGoal(plan: Plan, goal: Goal, i: number): TemplateResult {
    const words = WORDS[this.language];
    const { rubric } = this;
    const set = (part: Partial<Goal>) => {
      this.change(i, { ...goal, ...part });
    };
    const at = (list: readonly string[], index: number, text: string) =>
      list.map((old, j) => (j === index ? text : old));
    const levelName = translated(
      rubric.scale.names.find((entry) => entry.level === goal.level)?.name,
      this.language,
    );
    return html`
      <article class="goal card" data-goal=${goal.competency}>
        <h3 tabindex="-1">${words.focus(i + 1)}${colon(this.language)}${this.name(goal.competency)}</h3>
        ${
          this.editing
            ? html`
                <select
                  aria-label=${words.focus(i + 1)}
                  @change=${(event: Event) => {
                    const chosen = goalFor(
                      (event.target as HTMLSelectElement).value,
                      this.result,
                      this.development,
                      rubric,
                    );
                    if (chosen) this.change(i, chosen);
                  }}
                >
                  ${rubric.competencies
                    .filter(
                      ({ id }) =>
                        id === goal.competency || !plan.goals.some((other) => other.competency === id),
                    )
                    .map(
                      ({ id }) =>
                        html`<option value=${id} .selected=${id === goal.competency}>
                          ${this.name(id)}
                        </option>`,
                    )}
                </select>
              `
            : nothing
        }
        <p class="quiet">${goal.level === null ? words.notShown : words.level(goal.level, levelName)}</p>
        ${this.one(words.keep, goal.keep, (keep) => {
          set({ keep });
        })}
        ${this.one(words.change, goal.change, (change) => {
          set({ change });
        })}
        ${this.many(words.practice, goal.practice, words.task, (index, text) => {
          set({ practice: at(goal.practice, index, text) });
        })}
        ${this.one(words.together, goal.together, (together) => {
          set({ together });
        })}
        ${this.one(
          `${words.study}${colon(this.language)}${words.kinds[goal.studyKind]}`,
          goal.study,
          (study) => {
            set({ study });
          },
        )}
        ${this.many(words.signs, goal.signs, words.sign, (index, text) => {
          set({ signs: at(goal.signs, index, text) });
        })}
        <section>
          <h4>${words.schedule}</h4>
          <ul class="days">
            ${DAYS.map((days) => {
              const label = words.day(Number(days), day(dayAfter(plan.start, Number(days)), this.language));
              return html`
                <li>
                  <strong>${label}</strong>
                  ${this.text(label, goal.schedule[days], (text) => {
                    set({ schedule: { ...goal.schedule, [days]: text } });
                  })}
                </li>
              `;
            })}
          </ul>
        </section>
      </article>
    `;
  }

  /** A text, or a field for it while editing. */
  private text(label: string, text: string, change: (text: string) => void): TemplateResult | string {
    if (!this.editing) return text;
    return html`
      <textarea
        rows="2"
        aria-label=${label}
        .value=${text}
        @input=${(event: Event) => {
          change((event.target as HTMLTextAreaElement).value);
        }}
      ></textarea>
    `;
  }

  private one(title: string, text: string, change: (text: string) => void): TemplateResult | typeof nothing {
    if (!text && !this.editing) return nothing;
    return html`<section>
      <h4>${title}</h4>
      <p>${this.text(title, text, change)}</p>
    </section>`;
  }

  private many(
    title: string,
    texts: readonly string[],
    label: (n: number) => string,
    change: (index: number, text: string) => void,
  ): TemplateResult {
    return html`
      <section>
        <h4>${title}</h4>
        <ol>
          ${texts.map((text, i) =>
            text || this.editing
              ? html`<li>
                  ${this.text(`${title}${colon(this.language)}${label(i + 1)}`, text, (to) => {
                    change(i, to);
                  })}
                </li>`
              : nothing,
          )}
        </ol>
      </section>
    `;
  }
}

define('sales-mirror-plan', SalesMirrorPlan);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-plan': SalesMirrorPlan;
  }
}
