/**
 * `<sales-mirror-result>`: what came of an assessment. It lists the reports if there are several, and shows one of them: its
 * competencies as rows, as a chart or as a table; or, where the text was refused, why there are no levels. The text with its
 * marks is shown here only where it is not in an editor, and on paper.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { focusHeading } from '../component/motion';
import { PrintingController } from '../component/printing';
import type { Reason, Rubric, Span, WarningCode } from '../engine/contract';
import { strings } from '../languages';
import { number, translated, type Code } from '../languages/text';
import type { Development } from '../plan/development';
import type { Profile } from '../profile/profile';
import '../profile/role-select';
import { levelsThatCount } from '../report/counted';
import { provenance } from '../report/provenance';
import { countedIn, type Result } from '../report/report';
import './authorship';
import { range } from './interval';
import './levels';
import './marked-text';
import './overview';
import './refusal';
import './report-list';
import { styles } from './result.styles';
import { WORDS } from './words';

/** The ways in which the levels of a result are shown. */
const VIEWS = ['levels', 'chart', 'table'] as const;
type View = (typeof VIEWS)[number];

export class SalesMirrorResult extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    selected: { attribute: false },
    earlier: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
    examples: { attribute: false },
    open: { attribute: false },
    reviewable: { type: Boolean },
    editable: { type: Boolean },
    plannable: { type: Boolean },
    stale: { type: Boolean },
    view: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Index of the result that is shown. */
  declare selected: number;
  /** The result before the text was rewritten, to compare with. */
  declare earlier: Result | undefined;
  /** Roles to choose from. */
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  /** Sentences to learn from, by the id of the competency. */
  declare examples: Development['examples'] | undefined;
  /** Id of the competency whose row is open, and whose evidence alone is marked. */
  declare open: string | null;
  /** Whether levels can be corrected here. */
  declare reviewable: boolean;
  /** Whether the texts can be edited on this page. */
  declare editable: boolean;
  /** Whether there is a plan to go to from a competency. */
  declare plannable: boolean;
  /** Whether the text has changed since it was assessed. */
  declare stale: boolean;
  declare private view: View;

  private readonly paper = new PrintingController(this);

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.selected = 0;
    this.earlier = undefined;
    this.profiles = [];
    this.profile = null;
    this.examples = undefined;
    this.open = null;
    this.reviewable = false;
    this.editable = false;
    this.plannable = false;
    this.stale = false;
    this.view = 'levels';
  }

  /** Moves the focus to the heading, so that a screen reader tells that a result has come. */
  async announce(): Promise<void> {
    await focusHeading(this, '#result');
  }

  private get words() {
    return WORDS[this.language];
  }

  /** Tells the page around the widget the levels that the writer sees. The team view shows those of others. */
  protected override updated(changed: PropertyValues<this>): void {
    const result = this.results[this.selected];
    if (this.editable && result && (changed.has('results') || changed.has('selected')))
      emit(this, 'sales-mirror-levels', levelsThatCount(result, this.rubric, 'text'));
  }

  protected override render(): TemplateResult | typeof nothing {
    const result = this.results[this.selected];
    if (!result) return nothing;
    const { words } = this;
    const { accepted } = result.assessment.account;
    return html`
      <section aria-labelledby="result">
        <div class="top" ?data-brief=${this.editable && accepted}>
          <h2 id="result" tabindex="-1">${accepted ? words.result : words.refusal.title}</h2>
          <slot name="actions"></slot>
          ${accepted ? this.renderOverall(result) : nothing}
        </div>
        <p class="stale" role="status">${this.stale ? words.stale : nothing}</p>
        ${
          this.results.length > 1
            ? html`
                <sales-mirror-report-list
                  .language=${this.language}
                  .rubric=${this.rubric}
                  .results=${this.results}
                  .selected=${this.selected}
                  @select-result=${({ detail }: EventOf<'select-result'>) => {
                    emit(this, 'select-result', detail);
                  }}
                ></sales-mirror-report-list>
              `
            : nothing
        }
        <div class=${this.editable ? '' : 'beside'}>
          <div>
            ${accepted ? this.renderAccepted(result) : this.renderRefused(result)}
            ${this.renderAuthorship(result)} ${this.renderWarnings(result)}
            <slot name="hand-over"></slot>
          </div>
          ${accepted && (!this.editable || this.paper.printing) ? this.renderText(result) : nothing}
        </div>
        <ul class="quiet own about">
          ${provenance([result.assessment], this.language).map((line) => html`<li>${line}</li>`)}
        </ul>
      </section>
    `;
  }

  private renderOverall(result: Result): TemplateResult | typeof nothing {
    const { overall } = result.assessment;
    if (!overall) return nothing;
    const { level, interval, shown } = overall;
    return html`<p class="overall">
      ${this.words.overall(number(level), ...range(interval), shown, countedIn(result, this.rubric))}
      ${this.rubric.weights ? this.words.weighted : nothing}
    </p>`;
  }

  private renderAccepted(result: Result): TemplateResult {
    return html`
      ${this.renderViews()}
      ${this.view === 'levels' || this.paper.printing ? this.renderLevels(result) : this.renderOverview(result)}
      ${this.profile ? html`<p class="quiet">${translated(this.profile.description, this.language)} ${this.words.fitNote}</p>` : nothing}
    `;
  }

  /** The ways to look at the levels, and the role to compare them with. */
  private renderViews(): TemplateResult {
    const { words } = this;
    return html`
      <div class="row spread views no-print">
        <div class="row segments" role="group" aria-label=${words.views}>
          ${VIEWS.map(
            (view) => html`
              <button
                type="button"
                class="small"
                aria-pressed=${String(this.view === view)}
                @click=${() => {
                  this.view = view;
                }}
              >
                ${words.view[view]}
              </button>
            `,
          )}
        </div>
        ${
          this.profiles.length
            ? html`
                <sales-mirror-role-select
                  .language=${this.language}
                  .profiles=${this.profiles}
                  .profile=${this.profile}
                  @profile-change=${({ detail }: EventOf<'profile-change'>) => {
                    emit(this, 'profile-change', detail);
                  }}
                ></sales-mirror-role-select>
              `
            : nothing
        }
      </div>
    `;
  }

  private renderLevels(result: Result): TemplateResult {
    return html`
      <sales-mirror-levels
        exportparts="bar"
        .language=${this.language}
        .rubric=${this.rubric}
        .result=${result}
        .earlier=${this.earlier}
        .profile=${this.profile}
        .examples=${this.examples}
        .open=${this.open}
        .reviewable=${this.reviewable}
        .editable=${this.editable}
        .plannable=${this.plannable}
        @select-competency=${({ detail }: EventOf<'select-competency'>) => {
          this.open = detail;
          emit(this, 'select-competency', detail);
        }}
        @reveal-evidence=${({ detail }: EventOf<'reveal-evidence'>) => {
          this.reveal(detail);
        }}
        @object=${({ detail }: EventOf<'object'>) => {
          emit(this, 'object', detail);
        }}
        @work-on=${({ detail }: EventOf<'work-on'>) => {
          emit(this, 'work-on', detail);
        }}
        @start-over=${() => {
          emit(this, 'start-over');
        }}
        @correct=${({ detail }: EventOf<'correct'>) => {
          emit(this, 'correct', detail);
        }}
      ></sales-mirror-levels>
    `;
  }

  private reveal(span: Span): void {
    const text = this.renderRoot.querySelector('sales-mirror-marked-text');
    if (text) void text.show(span);
    else emit(this, 'reveal-evidence', span);
  }

  private renderOverview(result: Result): TemplateResult {
    return html`
      <sales-mirror-overview
        exportparts="radar"
        .language=${this.language}
        .rubric=${this.rubric}
        .result=${result}
        .profile=${this.profile}
        .table=${this.view === 'table'}
      ></sales-mirror-overview>
    `;
  }

  private renderText(result: Result): TemplateResult {
    return html`
      <section class="text" aria-labelledby="text-heading">
        <h3 id="text-heading">${this.words.yourText}</h3>
        <sales-mirror-marked-text
          exportparts="text"
          .language=${this.language}
          .rubric=${this.rubric}
          .result=${result}
          .only=${this.paper.printing ? null : this.open}
        ></sales-mirror-marked-text>
      </section>
    `;
  }

  private renderRefused(result: Result): TemplateResult {
    return html`
      <sales-mirror-refusal
        exportparts="text"
        .language=${this.language}
        .rubric=${this.rubric}
        .result=${result}
        .reviewed=${this.reviewable}
        .editable=${this.editable}
        @edit-report=${({ detail }: EventOf<'edit-report'>) => {
          emit(this, 'edit-report', detail);
        }}
      ></sales-mirror-refusal>
    `;
  }

  /** The choice of whose words count, where the text can be assessed anew. It keeps the focus when levels come or go. */
  private renderAuthorship(result: Result): TemplateResult | typeof nothing {
    if (!this.editable || !result.report.text) return nothing;
    return html`
      <sales-mirror-authorship
        .language=${this.language}
        .result=${result}
        .reviewed=${this.reviewable}
        @whose-change=${({ detail }: EventOf<'whose-change'>) => {
          emit(this, 'whose-change', detail);
        }}
      ></sales-mirror-authorship>
    `;
  }

  private renderWarnings({ assessment }: Result): TemplateResult | typeof nothing {
    const { account, left_out, warnings } = assessment;
    const told: Partial<Record<WarningCode, string>> = strings(this.language).warnings;
    const count = (reason: Reason) => left_out.filter((part) => part.reason === reason).length;
    const [refused, repeated] = [count('not_an_account'), count('repeated')];
    const lines = warnings
      // Without levels there are no intervals that could be wider.
      .filter(({ code }) => account.accepted || code !== 'unfamiliar_text')
      .map(({ code }) => told[code])
      .concat(refused ? this.words.leftOut(refused) : [], repeated ? this.words.repeated(repeated) : [])
      .filter((line) => line !== undefined);
    if (lines.length === 0) return nothing;
    return html`<ul class="warnings">
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
  }
}

define('sales-mirror-result', SalesMirrorResult);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-result': SalesMirrorResult;
  }
}
