/**
 * `<sales-mirror-result>`: what came of an assessment. It lists the reports if there are several, and shows one of them:
 * the overview, each competency with its level and the reasons for it, and the text with its evidence marked; or, where
 * the text was refused, why there are no levels.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { focusHeading, painted } from '../component/motion';
import { charts } from '../charts/charts.styles';
import { levelBar } from '../charts/level-bar';
import type {
  Competency,
  CompetencyAssessment,
  Evidence,
  Interval,
  Reason,
  Rubric,
  WarningCode,
} from '../engine/contract';
import { strings } from '../languages';
import { levelName, number, translated, type Code } from '../languages/text';
import { fit, type Profile } from '../profile/profile';
import { provenance } from '../report/provenance';
import { levelOf, mean, type Result } from '../report/report';
import './authorship';
import './correction';
import { sign } from './highlight';
import { hue, hues } from './hues';
import { range, sureness } from './interval';
import './marked-text';
import './overview';
import './refusal';
import { styles } from './result.styles';
import { WORDS } from './words';

export class SalesMirrorResult extends LitElement {
  static override styles = [base, charts, hues, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    selected: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
    reviewable: { type: Boolean },
    editable: { type: Boolean },
    whole: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Index of the result that is shown. */
  declare selected: number;
  /** Roles to choose from. */
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  /** Whether levels can be corrected here. */
  declare reviewable: boolean;
  /** Whether the texts can be edited on this page. */
  declare editable: boolean;
  /** Whether all of it is rendered: what follows the overview comes a frame later, so that no task is long. */
  declare private whole: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.selected = 0;
    this.profiles = [];
    this.profile = null;
    this.reviewable = false;
    this.editable = false;
    this.whole = false;
  }

  protected override firstUpdated(): void {
    void painted().then(() => {
      this.whole = true;
    });
  }

  /** Moves the focus to the heading, so that a screen reader tells that a result has come. */
  async announce(): Promise<void> {
    await focusHeading(this, '#result');
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

  private async show(evidence: Evidence): Promise<void> {
    await this.renderRoot.querySelector('sales-mirror-marked-text')?.show(evidence);
  }

  protected override render(): TemplateResult | typeof nothing {
    const result = this.results[this.selected];
    if (!result) return nothing;
    const { words } = this;
    const { accepted } = result.assessment.account;
    return html`
      <section aria-labelledby="result">
        <div class="row spread head">
          <h2 id="result" tabindex="-1">${accepted ? words.result : words.refusal.title}</h2>
          <slot name="actions"></slot>
        </div>
        ${this.results.length > 1 ? this.renderReports() : nothing} ${this.renderAuthorship(result)}
        ${accepted ? this.renderAccepted(result) : this.renderRefused(result)}
        <ul class="quiet own about">
          ${provenance([result.assessment], this.language).map((line) => html`<li>${line}</li>`)}
        </ul>
      </section>
    `;
  }

  private renderAccepted(result: Result): TemplateResult {
    const { words } = this;
    const { overall, competencies } = result.assessment;
    return html`
      ${
        overall
          ? html`<p>
              ${words.overall(number(overall.level), ...range(overall.interval), overall.shown, competencies.length)}
            </p>`
          : nothing
      }
      ${this.renderWarnings(result)}
      <slot name="hand-over"></slot>
      <sales-mirror-overview
        exportparts="radar"
        .language=${this.language}
        .rubric=${this.rubric}
        .result=${result}
        .profiles=${this.profiles}
        .profile=${this.profile}
        @profile-change=${({ detail }: EventOf<'profile-change'>) => {
          emit(this, 'profile-change', detail);
        }}
      ></sales-mirror-overview>
      ${this.whole ? this.renderDetails(result) : nothing}
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
      ${this.renderWarnings(result)}
      <slot name="hand-over"></slot>
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

  private renderDetails(result: Result): TemplateResult {
    const { words } = this;
    return html`
      <div class="columns">
        <div>
          <h3>${words.competencies}</h3>
          ${this.rubric.competencies.map((competency, i) => {
            const assessed = result.assessment.competencies.find(({ id }) => id === competency.id);
            return assessed ? this.renderCompetency(competency, i, assessed, result) : nothing;
          })}
        </div>
        <div class="text-column" tabindex="0" role="region" aria-labelledby="text-heading">
          <h3 id="text-heading">${words.yourText}</h3>
          <sales-mirror-marked-text
            exportparts="text"
            .language=${this.language}
            .rubric=${this.rubric}
            .result=${result}
          ></sales-mirror-marked-text>
        </div>
      </div>
    `;
  }

  /** A table of all reports by competency. */
  private renderReports(): TemplateResult {
    const { words, results, rubric } = this;
    const written = (level: number | null) => (level === null ? words.none : number(level));
    const shown = (id: string) =>
      results.map((result) => levelOf(result, id)).filter((level) => level !== null);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${words.reports}>
        <table>
          <caption>
            ${words.reports}
            <span class="quiet">${words.reportsHint}</span>
          </caption>
          <thead>
            <tr>
              <th scope="col">${words.report}</th>
              ${rubric.competencies.map((competency) => html`<th scope="col" class="end">${this.text(competency.name)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${results.map((result, i) => {
              const name = result.report.name || words.untitled;
              return html`
                <tr aria-current=${String(i === this.selected)}>
                  <th scope="row">
                    <button
                      type="button"
                      class="small"
                      aria-label=${words.open(name)}
                      @click=${() => {
                        emit(this, 'select-result', i);
                      }}
                    >
                      ${name}
                    </button>
                  </th>
                  ${
                    result.assessment.account.accepted
                      ? rubric.competencies.map(
                          ({ id }) => html`<td class="end">${written(levelOf(result, id))}</td>`,
                        )
                      : html`<td colspan=${rubric.competencies.length}>${words.noAccount}</td>`
                  }
                </tr>
              `;
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${words.mean}</th>
              ${rubric.competencies.map(({ id }) => html`<td class="end">${written(mean(shown(id)))}</td>`)}
            </tr>
          </tfoot>
        </table>
      </div>
    `;
  }

  private renderCompetency(
    competency: Competency,
    i: number,
    assessed: CompetencyAssessment,
    result: Result,
  ): TemplateResult {
    const { words, rubric } = this;
    const { level, likely, interval, evidence } = assessed;
    const { scale } = rubric;
    const self = result.self?.[competency.id] ?? null;
    const target = this.profile?.targets[competency.id] ?? null;
    const title = html`
      <h4><span class="index ${hue(i)}" aria-hidden="true">${i + 1}</span> ${this.text(competency.name)}</h4>
      <p class="quiet">${this.text(competency.definition)}</p>
    `;
    if (level === null || likely === null || interval === null) {
      const middle = Math.ceil((scale.min + scale.max) / 2);
      return html`
        <article class="competency" data-competency=${competency.id}>
          ${title}
          <p class="not-shown">${words.notShown}</p>
          <p class="quiet">${words.notShownWhy} ${words.notShownHow(this.anchor(competency, middle))}</p>
          ${self === null ? nothing : html`<p class="beside quiet">${words.selfOnly(self)}</p>`}
          ${this.renderTarget(interval, target)} ${this.renderCorrection(competency, result)}
        </article>
      `;
    }
    const [low, high] = range(interval);
    return html`
      <article class="competency" data-competency=${competency.id}>
        ${title}
        ${levelBar(level, interval, scale, words.barLabel(number(level), scale.max, low, high), { self, target })}
        <p><strong>${words.levelOf(number(level), scale.max, this.levelName(likely))}</strong></p>
        <p class="quiet">${words.interval(low, high)} · ${words.surenessWhy[sureness(interval)]}</p>
        <p class="anchor">${this.anchor(competency, likely)}</p>
        ${
          self === null
            ? nothing
            : html`
                <p class="beside">
                  ${self >= interval[0] && self <= interval[1] ? words.selfSame(self) : words.selfDiffers(self, number(Math.abs(self - level)))}
                </p>
              `
        }
        ${this.renderTarget(interval, target)}
        ${this.renderNext(competency, likely, evidence, result.report.text)}
        ${this.renderEvidence(evidence, result.report.text)} ${this.renderCorrection(competency, result)}
      </article>
    `;
  }

  private anchor(competency: Competency, level: number): string {
    return this.text(competency.levels.find((entry) => entry.level === level)?.anchor);
  }

  private renderTarget(interval: Interval | null, target: number | null): TemplateResult | typeof nothing {
    if (target === null || !this.profile) return nothing;
    const { words } = this;
    return html`<p class="beside" data-fit=${fit(interval, target)}>
      ${words.target(target, this.text(this.profile.name))} ${words.fit[fit(interval, target)]}
    </p>`;
  }

  /** What the next level is, and what in the text counts against it. */
  private renderNext(
    competency: Competency,
    likely: number,
    evidence: readonly Evidence[],
    text: string,
  ): TemplateResult {
    const { words } = this;
    if (likely >= this.rubric.scale.max) return html`<p class="next quiet">${words.highest}</p>`;
    const against = evidence.filter(({ polarity }) => polarity === 'negative');
    return html`
      <div class="next">
        <p>
          <strong>${words.next(this.levelName(likely + 1))}</strong> ${this.anchor(competency, likely + 1)}
        </p>
        <p class="quiet">${words.missing(text ? against.length : 0)}</p>
        ${text ? against.map(({ start, end }) => html`<q class="quiet">${text.slice(start, end).trim()}</q>`) : nothing}
      </div>
    `;
  }

  private renderEvidence(evidence: readonly Evidence[], text: string): TemplateResult {
    const { words } = this;
    return html`
      <details>
        <summary>${words.evidence(evidence.length)}</summary>
        <ul class="evidence">
          ${evidence.map(
            (entry) => html`
              <li class=${entry.polarity}>
                <button type="button" ?disabled=${!text} @click=${() => void this.show(entry)}>
                  <span class="tag">${sign(entry.polarity)} ${words.polarity[entry.polarity]}</span>
                  <span class="quiet">
                    · ${words.weight(Math.round(100 * entry.weight))}${this.without(entry)}</span
                  >
                  ${text ? html`<q class="quote">${text.slice(entry.start, entry.end)}</q><span class="hidden">${words.showInText}</span>` : nothing}
                </button>
              </li>
            `,
          )}
        </ul>
      </details>
    `;
  }

  private without(evidence: Evidence): string {
    const { words } = this;
    // Assessments of schema 1 do not have it.
    const { without } = evidence as Partial<Evidence>;
    if (typeof without === 'number') return ` · ${words.without(number(without))}`;
    return without === null ? ` · ${words.withoutNone}` : '';
  }

  private renderCorrection(competency: Competency, result: Result): TemplateResult | typeof nothing {
    const corrected = result.corrections.some((entry) => entry.competency === competency.id);
    if (!corrected && !this.reviewable) return nothing;
    return html`
      <sales-mirror-correction
        .language=${this.language}
        .rubric=${this.rubric}
        .competency=${competency.id}
        .result=${result}
        .reviewable=${this.reviewable}
        @correct=${({ detail }: EventOf<'correct'>) => {
          emit(this, 'correct', detail);
        }}
      ></sales-mirror-correction>
    `;
  }
}

define('sales-mirror-result', SalesMirrorResult);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-result': SalesMirrorResult;
  }
}
