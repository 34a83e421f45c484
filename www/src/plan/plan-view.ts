/**
 * `<sales-mirror-plan>`: a person reads, edits, saves and prints their plan, ticks what they have done, and sees what came
 * of it in a later text. Once they have changed anything, the plan is theirs: the parent hears of it and gives it back as
 * `own`, and it outlives other results. Before that, a plan is proposed from each result.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { charts } from '../charts/charts.styles';
import { levelAxis, levelBar } from '../charts/level-bar';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { focusHeading } from '../component/motion';
import type { Rubric } from '../engine/contract';
import { save } from '../files/save';
import { colon, day, number, translated, type Code } from '../languages/text';
import type { Form } from '../log/activity';
import type { Profile } from '../profile/profile';
import type { MadeWith } from '../report/made-with';
import { provenance } from '../report/provenance';
import { isoDay, type Result } from '../report/report';
import { calendar } from './calendar';
import { DAYS, type Development } from './development';
import { markdown } from './markdown';
import {
  dayAfter,
  FOCUS,
  goalFor,
  MOST,
  planFor,
  ticks,
  withFirst,
  type Goal,
  type Plan,
  type Task,
} from './plan';
import { TextsSeen } from './texts-seen';
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
  .goal .task {
    align-items: start;
    font-size: inherit;
  }
  .since {
    border-inline-start: 3px solid var(--sm-line);
    padding-inline-start: 0.75rem;
  }
  .buttons {
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
  static override styles = [base, charts, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    development: { attribute: false },
    result: { attribute: false },
    profile: { attribute: false },
    own: { attribute: false },
    proposed: { state: true },
    editing: { state: true },
    full: { state: true },
    resetting: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare development: Development;
  /** The result that is shown; undefined if there is none, and then only the person's own plan is shown. */
  declare result: Result | undefined;
  declare profile: Profile | null;
  /** The plan once the person has changed anything; null before that. */
  declare own: Plan | null;
  /** Null where the text was refused, as there is nothing to plan from. */
  declare private proposed: Plan | null;
  declare private editing: boolean;
  /** Id of the competency for which no goal could make room; null if there is none. */
  declare private full: string | null;
  /** Whether the person is being asked to confirm that their ticks are to be removed. */
  declare private resetting: boolean;

  private readonly seen = new TextsSeen();

  constructor() {
    super();
    this.language = 'en';
    this.profile = null;
    this.own = null;
    this.proposed = null;
    this.editing = false;
    this.full = null;
    this.resetting = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const basis = ['language', 'rubric', 'development', 'result', 'profile'].some((name) =>
      changed.has(name),
    );
    if (basis) this.proposed = this.proposal;
    if (changed.has('result')) this.seen.see(this.result);
  }

  private get plan(): Plan | null {
    return this.own ?? this.proposed;
  }

  /** Makes the plan the person's own; null proposes one again. */
  private keep(plan: Plan | null): void {
    this.own = plan;
    this.full = null;
    this.resetting = false;
    emit(this, 'plan-change', plan);
  }

  /**
   * Puts a competency first in the plan, unless it is there, and moves the focus to its goal. The plan is the person's own
   * then. Goals with ticks stay; where no goal can make room, that is said.
   */
  async workOn(competency: string): Promise<void> {
    await this.updateComplete;
    const { plan } = this;
    if (plan?.goals.some((goal) => goal.competency === competency)) this.keep(plan);
    else if (plan) {
      const goal = this.goalFor(competency);
      const changed = goal && withFirst(plan, goal, this.own ? MOST : FOCUS);
      if (changed) this.keep(changed);
      else this.full = competency;
    }
    await focusHeading(this, this.full ? 'h2' : `[data-goal="${competency}"] h3`);
  }

  private goalFor(competency: string): Goal | null {
    return this.result ? goalFor(competency, this.result, this.development, this.rubric) : null;
  }

  /** Proposes a plan anew, after a question if ticks would be lost. */
  private readonly reset = (): void => {
    if (!this.resetting && this.own?.goals.some((goal) => ticks(goal) > 0)) {
      this.resetting = true;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>('.sure button')?.focus(),
      );
      return;
    }
    this.editing = false;
    this.keep(null);
  };

  private get proposal(): Plan | null {
    const { result, development, rubric, profile } = this;
    return result?.assessment.account.accepted ? planFor(result, development, rubric, profile) : null;
  }

  private readonly name = (competency: string): string =>
    translated(this.rubric.competencies.find(({ id }) => id === competency)?.name, this.language);

  private change(index: number, goal: Goal): void {
    const { plan } = this;
    if (plan) this.keep({ ...plan, goals: plan.goals.map((old, i) => (i === index ? goal : old)) });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { plan } = this;
    if (!plan) return html`<p class="card">${words.refused}</p>`;
    return html`
      <section aria-labelledby="plan">
        <h2 id="plan" tabindex="-1">${words.title}</h2>
        <p class="quiet no-print">${words.lead}</p>
        <div role="status">
          ${this.full ? html`<p class="alert no-print">${words.full(this.name(this.full))}</p>` : nothing}
        </div>
        <div class="row buttons no-print">
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
              this.tell('markdown');
            }}
          >
            ${words.markdown}
          </button>
          <button
            type="button"
            @click=${() => {
              const title = (competency: string, days: number) => words.dayTitle(days, this.name(competency));
              save(
                `${words.file}-${plan.start}.ics`,
                calendar(plan, this.language, title, this.about),
                'text/calendar',
              );
              this.tell('ics');
            }}
          >
            ${words.calendar}
          </button>
          <button
            type="button"
            @click=${() => {
              this.editing = false;
              void this.updateComplete.then(() => {
                emit(this, 'print');
              });
            }}
          >
            ${words.print}
          </button>
        </div>
        ${this.resetting ? this.renderResetting() : nothing}
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
                      if (value && this.plan) this.keep({ ...this.plan, start: value });
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

  private renderResetting(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <div class="alert sure no-print" role="group" aria-label=${words.reset}>
        <p>${words.resetSure}</p>
        <p class="row">
          <button
            type="button"
            @click=${() => {
              this.resetting = false;
            }}
          >
            ${words.resetKeep}
          </button>
          <button type="button" @click=${this.reset}>${words.reset}</button>
        </p>
      </div>
    `;
  }

  /** Where the plan comes from, on the screen, in print and in what is saved. */
  private get about(): readonly string[] {
    return provenance(this.made, this.language);
  }

  /** What the levels that the plan began with were made with. */
  private get made(): readonly MadeWith[] {
    return (this.plan?.goals ?? []).map(({ began }) => began);
  }

  /** Tells the log of use that the plan was exported. */
  private tell(form: Form): void {
    const results = this.result ? [this.result] : [];
    emit(this, 'activity', { what: 'exported', form, results, made: this.made });
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
          this.editing && this.result
            ? html`
                <select
                  aria-label=${words.focus(i + 1)}
                  @change=${(event: Event) => {
                    const chosen = this.goalFor((event.target as HTMLSelectElement).value);
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
        ${this.renderSince(goal)}
        ${this.one(words.keep, goal.keep, (keep) => {
          set({ keep });
        })}
        ${this.one(words.change, goal.change, (change) => {
          set({ change });
        })}
        ${this.renderPractice(goal.practice, (practice) => {
          set({ practice });
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

  /** What the latest text shows of a goal, beside what the text showed with which it began. */
  private renderSince(goal: Goal): TemplateResult | typeof nothing {
    const { competency, began } = goal;
    const result = this.seen.since(goal);
    const found = result?.assessment.competencies.find(({ id }) => id === competency);
    if (!result || !found) return nothing;
    const words = WORDS[this.language];
    const { scale } = this.rubric;
    const { level, interval } = found;
    const date = day(result.report.date, this.language);
    const start = day(began.date, this.language);
    const before = began.level === null ? null : number(began.level);
    return html`
      <div class="since stack">
        <p>
          ${before === null ? words.beganNotShown(start) : words.began(before, start)}
          ${level === null ? words.latestNotShown(date) : words.latest(number(level), date)}
        </p>
        ${
          level === null || interval === null
            ? nothing
            : html`
                <div>
                  ${levelAxis(scale)}
                  ${levelBar(level, interval, scale, words.bar(number(level), scale.max, before), { before: began.level })}
                </div>
              `
        }
        <p class="quiet">${words.smallSample}</p>
      </div>
    `;
  }

  /** The tasks, each with a box to tick; while editing, with a field for its text. */
  private renderPractice(
    practice: readonly Task[],
    change: (practice: readonly Task[]) => void,
  ): TemplateResult {
    const words = WORDS[this.language];
    const set = (index: number, part: Partial<Task>) => {
      change(practice.map((task, i) => (i === index ? { ...task, ...part } : task)));
    };
    if (this.editing) {
      const texts = practice.map(({ text }) => text);
      return this.many(words.practice, texts, words.task, (index, text) => {
        set(index, { text });
      });
    }
    return html`
      <section>
        <h4>${words.practice}</h4>
        <ol>
          ${practice.map(({ text, done }, i) =>
            text
              ? html`
                  <li>
                    <label class="check task">
                      <input
                        type="checkbox"
                        .checked=${live(done !== null)}
                        @change=${(event: Event) => {
                          set(i, { done: (event.target as HTMLInputElement).checked ? isoDay() : null });
                        }}
                      />
                      <span>
                        ${text}
                        ${done === null ? nothing : html`<span class="quiet">${words.doneOn(day(done, this.language))}</span>`}
                      </span>
                    </label>
                  </li>
                `
              : nothing,
          )}
        </ol>
      </section>
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
