/**
 * `<sales-mirror-levels>`: the competencies of one result, a row each, of which one is open at a time: what the level means,
 * what is next, and the sentences that it comes from. Marking them in the text, and taking one out, is left to its parent.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { charts } from '../charts/charts.styles';
import { emptyBar, levelAxis, levelBar } from '../charts/level-bar';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { scrolling } from '../component/motion';
import type {
  Competency,
  CompetencyAssessment,
  Evidence,
  Interval,
  Polarity,
  Rubric,
} from '../engine/contract';
import { answerAt } from '../interview/transcript';
import { levelName, number, translated, type Code } from '../languages/text';
import type { Development } from '../plan/development';
import { fit, type Profile } from '../profile/profile';
import { countsFor, type Result } from '../report/report';
import correction from './correction?chunk';
import { sign } from './highlight';
import { hue, hues } from './hues';
import { range, sureness } from './interval';
import { rows, styles } from './levels.styles';
import { WORDS } from './words';

export class SalesMirrorLevels extends LitElement {
  static override styles = [base, charts, hues, rows, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    result: { attribute: false },
    earlier: { attribute: false },
    profile: { attribute: false },
    examples: { attribute: false },
    open: { attribute: false },
    reviewable: { type: Boolean },
    editable: { type: Boolean },
    plannable: { type: Boolean },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare result: Result;
  /** The result before the text was rewritten, to compare with. */
  declare earlier: Result | undefined;
  declare profile: Profile | null;
  /** Sentences to learn from, by the id of the competency. */
  declare examples: Development['examples'] | undefined;
  /** Id of the competency whose row is open. */
  declare open: string | null;
  /** Whether levels can be corrected here. */
  declare reviewable: boolean;
  /** Whether the text can be edited on this page, and with it what counts as evidence. */
  declare editable: boolean;
  /** Whether there is a plan to go to from a competency. */
  declare plannable: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.earlier = undefined;
    this.profile = null;
    this.examples = undefined;
    this.open = null;
    this.reviewable = false;
    this.editable = false;
    this.plannable = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // A row that opens near the edge would otherwise open out of sight.
    if (this.open && changed.has('open'))
      this.renderRoot
        .querySelector(`[data-competency="${this.open}"]`)
        ?.scrollIntoView({ block: 'nearest', behavior: scrolling() });
  }

  private get words() {
    return WORDS[this.language];
  }

  private text(texts: Readonly<Record<string, string>> | undefined): string {
    return translated(texts, this.language);
  }

  private levelName(level: number): string {
    return levelName(this.rubric, level, this.language);
  }

  protected override render(): TemplateResult {
    const { rubric, result } = this;
    const assessed = ({ id }: Competency) =>
      result.assessment.competencies.find((competency) => competency.id === id);
    return html`
      ${this.earlier ? this.renderCompared() : nothing}
      <div class="axis">${levelAxis(rubric.scale)}</div>
      <div class="rows">
        ${rubric.competencies.map((competency, i) => {
          const found = assessed(competency);
          return found ? this.renderCompetency(competency, i, found) : nothing;
        })}
      </div>
    `;
  }

  /** What the hollow dots are, and how to be rid of them. */
  private renderCompared(): TemplateResult {
    const { words } = this;
    return html`
      <p class="compared quiet no-print">
        ${words.compared}
        <button
          type="button"
          class="small"
          @click=${() => {
            emit(this, 'start-over');
          }}
        >
          ${words.startOver}
        </button>
      </p>
    `;
  }

  private renderCompetency(
    competency: Competency,
    i: number,
    assessed: CompetencyAssessment,
  ): TemplateResult {
    const { id } = competency;
    const isOpen = this.open === id;
    return html`
      <article
        class="competency ${assessed.level === null ? 'none' : ''}"
        data-competency=${id}
        ?data-open=${isOpen}
      >
        <h3>
          <button
            type="button"
            class="head"
            aria-expanded=${String(isOpen)}
            aria-controls="details-${id}"
            @click=${() => {
              emit(this, 'select-competency', isOpen ? null : id);
            }}
          >
            <span class="index ${hue(i)}">${i + 1}</span>
            <span class="name">${this.text(competency.name)}</span>
            ${this.renderSummary(assessed)}
          </button>
        </h3>
        <div class="details" id="details-${id}" ?hidden=${!isOpen}>
          ${isOpen ? this.renderDetails(competency, assessed) : nothing}
        </div>
      </article>
    `;
  }

  /** What a closed row says: the level, its word, its bar, and how many sentences speak for and against. */
  private renderSummary({ id, level, likely, interval, evidence }: CompetencyAssessment): TemplateResult {
    const { words, rubric } = this;
    const self = this.result.self?.[id] ?? null;
    const target = this.profile?.targets[id] ?? null;
    if (level === null || likely === null || interval === null) {
      return html`
        <span class="word">${this.counts(id) ? words.notShown : words.notCounted}</span>
        <span class="line">${emptyBar(rubric.scale, { self, target })}<span></span></span>
      `;
    }
    const [low, high] = range(interval);
    const before = this.earlier?.assessment.competencies.find((entry) => entry.id === id)?.level ?? null;
    const changed = before !== null && number(before) !== number(level);
    const label = words.barLabel(number(level), rubric.scale.max, low, high);
    const good = evidence.filter(({ polarity }) => polarity === 'positive').length;
    return html`
      <span class="word">
        ${changed ? html`<span class="quiet">${words.was(number(before))}</span>` : nothing}
        <span class="number-of-level">${number(level)}</span>${` ${this.levelName(likely)}`}
      </span>
      <span class="line">
        ${levelBar(level, interval, rubric.scale, label, { self, target, before: changed ? before : null })}
        ${this.renderCounts(good, evidence.length - good)}
      </span>
    `;
  }

  private renderCounts(good: number, poor: number): TemplateResult {
    return html`
      <span class="counts">
        <span class="hidden">${this.words.counts(good, poor)}</span>
        <span aria-hidden="true">
          ${good ? html`<span class="for">${sign('positive')}${good}</span>` : nothing}
          ${poor ? html`<span class="against">${sign('negative')}${poor}</span>` : nothing}
        </span>
      </span>
    `;
  }

  private renderDetails(competency: Competency, assessed: CompetencyAssessment): TemplateResult {
    const { words, result, rubric } = this;
    const { level, likely, interval, evidence } = assessed;
    const self = result.self?.[competency.id] ?? null;
    const definition = html`<p class="quiet">${this.text(competency.definition)}</p>`;
    const rest = html`
      ${this.renderTarget(interval, competency.id)} ${this.renderExamples(competency.id)}
      ${this.renderPlan(competency.id)} ${this.renderCorrection(competency)}
    `;
    if (level === null || likely === null || interval === null) {
      const middle = Math.ceil((rubric.scale.min + rubric.scale.max) / 2);
      return html`
        ${definition}
        ${
          this.counts(competency.id)
            ? html`<p>${words.notShownWhy}</p>
                <p>${words.notShownHow(this.anchor(competency, middle))}</p>`
            : html`<p>${words.notCountedWhy}</p>`
        }
        ${self === null ? nothing : html`<p>${words.selfOnly(self)}</p>`}
        ${this.renderObjected(competency.id)} ${rest}
      `;
    }
    const [low, high] = range(interval);
    return html`
      ${definition}
      <p>
        <strong>${words.levelOf(number(level), rubric.scale.max, this.levelName(likely))}</strong>
        ${this.anchor(competency, likely)}
      </p>
      <p class="quiet">${words.interval(low, high)} · ${words.surenessWhy[sureness(interval)]}</p>
      ${
        self === null
          ? nothing
          : html`
              <p>
                ${self >= interval[0] && self <= interval[1] ? words.selfSame(self) : words.selfDiffers(self, number(Math.abs(self - level)))}
              </p>
            `
      }
      ${this.renderEvidence(competency.id, evidence)} ${this.renderObjected(competency.id)}
      ${this.renderNext(competency, likely, evidence)} ${rest}
    `;
  }

  private counts(competency: string): boolean {
    return countsFor(this.rubric, this.result.report.kind, competency);
  }

  private anchor(competency: Competency, level: number): string {
    return this.text(competency.levels.find((entry) => entry.level === level)?.anchor);
  }

  private renderTarget(interval: Interval | null, competency: string): TemplateResult | typeof nothing {
    const target = this.profile?.targets[competency];
    if (target === undefined || !this.profile) return nothing;
    const { words } = this;
    return html`<p data-fit=${fit(interval, target)}>
      ${words.target(target, this.text(this.profile.name))} ${words.fit[fit(interval, target)]}
    </p>`;
  }

  /** What the next level is, and how much in the text counts against it. */
  private renderNext(competency: Competency, likely: number, evidence: readonly Evidence[]): TemplateResult {
    const { words } = this;
    if (likely >= this.rubric.scale.max) return html`<p class="next quiet">${words.highest}</p>`;
    const against = evidence.filter(({ polarity }) => polarity === 'negative').length;
    return html`
      <div class="next">
        <p>
          <strong>${words.next(this.levelName(likely + 1))}</strong> ${this.anchor(competency, likely + 1)}
        </p>
        <p class="quiet">${words.missing(against)}</p>
      </div>
    `;
  }

  private renderEvidence(competency: string, evidence: readonly Evidence[]): TemplateResult {
    const { words } = this;
    const { text } = this.result.report;
    return html`
      <h4>${words.evidence(evidence.length)}</h4>
      <ul class="evidence">
        ${evidence.map(
          (entry) => html`
            <li class=${entry.polarity}>
              <span class="tag">${sign(entry.polarity)} ${words.polarity[entry.polarity]}</span>
              <span class="quiet">
                ·
                ${words.weight(Math.round(100 * entry.weight))}${this.without(entry)}${this.answer(entry, text)}</span
              >
              ${text ? this.renderQuote(entry, text) : nothing}
              ${
                this.editable && text
                  ? this.renderObjection(words.object, { competency, start: entry.start, end: entry.end })
                  : nothing
              }
            </li>
          `,
        )}
      </ul>
    `;
  }

  private renderQuote({ start, end }: Evidence, text: string): TemplateResult {
    return html`
      <button
        type="button"
        class="quote"
        title=${this.words.showInText}
        @click=${() => {
          emit(this, 'reveal-evidence', { start, end });
        }}
      >
        <q>${text.slice(start, end).trim()}</q>
      </button>
    `;
  }

  /** The sentences that the writer does not accept as evidence, and may count again. */
  private renderObjected(competency: string): TemplateResult | typeof nothing {
    const { words } = this;
    const { text } = this.result.report;
    const own = this.result.assessment.objections.filter((objection) => objection.competency === competency);
    if (own.length === 0) return nothing;
    return html`
      <h4>${this.editable ? words.objected(own.length) : words.objectedByWriter(own.length)}</h4>
      ${
        text
          ? html`
              <ul class="evidence objected">
                ${own.map(
                  (objection) => html`
                    <li>
                      <q class="quiet">${text.slice(objection.start, objection.end).trim()}</q>
                      ${this.editable ? this.renderObjection(words.objectNot, { ...objection, counts: true }) : nothing}
                    </li>
                  `,
                )}
              </ul>
            `
          : nothing
      }
    `;
  }

  private renderObjection(label: string, detail: EventOf<'object'>['detail']): TemplateResult {
    return html`
      <button
        type="button"
        class="small link no-print"
        @click=${() => {
          emit(this, 'object', detail);
        }}
      >
        ${label}
      </button>
    `;
  }

  private without({ without }: Partial<Evidence>): string {
    const { words } = this;
    if (typeof without === 'number') return ` · ${words.without(number(without))}`;
    return without === null ? ` · ${words.withoutNone}` : '';
  }

  private renderExamples(competency: string): TemplateResult | typeof nothing {
    const { words } = this;
    const examples = this.examples?.get(competency);
    if (!examples) return nothing;
    const example = (polarity: Polarity, sentence: string) => html`
      <li class=${polarity}>
        <span class="tag">${sign(polarity)} ${words.polarity[polarity]}</span>
        <q class="own">${sentence}</q>
      </li>
    `;
    return html`
      <details class="no-print">
        <summary>${words.examples}</summary>
        <ul class="evidence">
          ${example('positive', examples.strong)} ${example('negative', examples.weak)}
        </ul>
      </details>
    `;
  }

  /** Which answer of an interview a sentence is from. */
  private answer({ start }: Evidence, text: string): string {
    const number = answerAt(text, start);
    return number === null ? '' : ` · ${this.words.answerTo(number)}`;
  }

  private renderPlan(competency: string): TemplateResult | typeof nothing {
    if (!this.plannable) return nothing;
    return html`
      <button
        type="button"
        class="small no-print"
        @click=${() => {
          emit(this, 'work-on', competency);
        }}
      >
        ${this.words.workOn}
      </button>
    `;
  }

  private renderCorrection({ id }: Competency): TemplateResult | typeof nothing {
    const corrected = this.result.corrections.some((entry) => entry.competency === id);
    if (!corrected && !this.reviewable) return nothing;
    // A writer sees corrections only in a history that was imported.
    void correction().catch(() => undefined);
    return html`
      <sales-mirror-correction
        .language=${this.language}
        .rubric=${this.rubric}
        .competency=${id}
        .result=${this.result}
        .reviewable=${this.reviewable}
        @correct=${({ detail }: EventOf<'correct'>) => {
          emit(this, 'correct', detail);
        }}
      ></sales-mirror-correction>
    `;
  }
}

define('sales-mirror-levels', SalesMirrorLevels);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-levels': SalesMirrorLevels;
  }
}
