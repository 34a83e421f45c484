/**
 * What came of assessing: a chart over all competencies, each competency with its level and why, the text with its
 * evidence marked. Owns how a result is read; leaves assessing to sales-mirror.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { bringIntoView, painted } from '../component/motion';
import { charts } from '../charts/charts.styles';
import { levelBar } from '../charts/level-bar';
import { radar } from '../charts/radar';
import type { Competency, CompetencyAssessment, Evidence, Interval, Rubric } from '../engine/contract';
import { strings } from '../languages';
import { day, number, translated, type Code } from '../languages/text';
import { fit, type Profile } from '../profile/profile';
import '../profile/role-select';
import { isoDay, levelOf, levels, type Correction, type Result } from '../report/report';
import { segments, type Segment } from './highlight';
import { hue, hues, styles } from './result.styles';
import { WORDS } from './words';

/** Interval widths, in levels, up to which a level is called fairly sure, and roughly known. */
const SURE = { high: 1.6, medium: 2.6 };

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
    only: { state: true },
    whole: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Which of the results is shown. */
  declare selected: number;
  /** Roles to choose from. */
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  /** Whether levels can be corrected here. */
  declare reviewable: boolean;
  /** The competency whose evidence alone is marked. */
  declare private only: string | null;

  /** Whether more than the overview is there: the rest comes a frame later, so that no task is long. */
  declare private whole: boolean;

  /** Whether there is room for the table beside the chart. */
  private readonly wide = innerWidth > 1000;

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.selected = 0;
    this.profiles = [];
    this.profile = null;
    this.reviewable = false;
    this.only = null;
    this.whole = false;
  }

  protected override firstUpdated(): void {
    void painted().then(() => {
      this.whole = true;
    });
  }

  /** Moves the focus to the heading, for who cannot see that a result has come. */
  async announce(): Promise<void> {
    await this.updateComplete;
    // Laid out in a task of its own: focusing at once would do that in this one too.
    await painted();
    const heading = this.renderRoot.querySelector<HTMLElement>('#result');
    heading?.focus({ preventScroll: true });
    bringIntoView(heading);
  }

  private get words() {
    return WORDS[this.language];
  }

  private text(texts: Readonly<Record<string, string>> | undefined): string {
    return translated(texts, this.language);
  }

  private levelName(level: number): string {
    return this.text(this.rubric.scale.names.find((entry) => entry.level === level)?.name);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('selected')) this.only = null;
  }

  private async show(evidence: Evidence): Promise<void> {
    this.only = null;
    await this.updateComplete;
    const mark = this.renderRoot.querySelector<HTMLElement>(`mark[data-start="${evidence.start}"]`);
    mark?.focus({ preventScroll: true });
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    mark?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }

  protected override render(): TemplateResult | typeof nothing {
    const result = this.results[this.selected];
    if (!result) return nothing;
    const { words } = this;
    const { assessment } = result;
    const { overall, competencies, warnings } = assessment;
    return html`
      <section aria-labelledby="result">
        <div class="row spread head">
          <h2 id="result" tabindex="-1">${words.result}</h2>
          <slot name="actions"></slot>
        </div>
        ${this.results.length > 1 ? this.renderReports() : nothing}
        ${
          overall
            ? html`<p>
                ${words.overall(number(overall.level), ...range(overall.interval), overall.shown, competencies.length)}
              </p>`
            : nothing
        }
        ${
          warnings.length
            ? html`<ul class="warnings">
                ${warnings.map(({ code }) => html`<li>${strings(this.language).warnings[code]}</li>`)}
              </ul>`
            : nothing
        }
        <slot name="hand-over"></slot>
        ${this.renderOverview(result)} ${this.whole ? this.renderDetails(result) : nothing}
      </section>
    `;
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
          ${this.renderText(result)}
        </div>
      </div>
    `;
  }

  /** Every report by every competency. */
  private renderReports(): TemplateResult {
    const { words, results, rubric } = this;
    const mean = (id: string) => {
      const shown = results.map((result) => levelOf(result, id)).filter((level) => level !== null);
      return shown.length ? number(shown.reduce((sum, level) => sum + level, 0) / shown.length) : words.none;
    };
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
                  ${rubric.competencies.map(({ id }) => {
                    const level = levelOf(result, id);
                    return html`<td class="end">${level === null ? words.none : number(level)}</td>`;
                  })}
                </tr>
              `;
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${words.mean}</th>
              ${rubric.competencies.map(({ id }) => html`<td class="end">${mean(id)}</td>`)}
            </tr>
          </tfoot>
        </table>
      </div>
    `;
  }

  private renderOverview(result: Result): TemplateResult {
    const { words, rubric, profile } = this;
    const { scale } = rubric;
    const axes = rubric.competencies.map((competency) => {
      const assessed = result.assessment.competencies.find(({ id }) => id === competency.id);
      return {
        name: this.text(competency.name),
        level: assessed?.level ?? null,
        interval: assessed?.interval ?? null,
        likely: assessed?.likely ?? null,
        self: result.self?.[competency.id] ?? null,
        target: profile?.targets[competency.id] ?? null,
      };
    });
    const rated = axes.some((axis) => axis.self !== null);
    const label = `${words.radarLabel}: ${axes.map((axis) => `${axis.name} ${axis.level === null ? words.radarNone : number(axis.level)}`).join('; ')}`;
    const cell = (level: number | null) =>
      html`<td class="end">${level === null ? words.none : number(level)}</td>`;
    return html`
      <div class="overview">
        <figure>
          <h3>${words.radar}</h3>
          ${radar(axes, scale, label)}
        </figure>
        <div>
          <ul class="legend quiet">
            <li>
              <svg aria-hidden="true" width="26" height="14">
                <line class="whisker" x1="4" x2="22" y1="7" y2="7" />
                <circle class="dot" cx="13" cy="7" r="6" />
              </svg>
              ${words.legend.level}
            </li>
            ${
              rated
                ? html`<li>
                    <svg aria-hidden="true" width="14" height="14">
                      <path class="self" transform="translate(7 7)" d="M0-6 6 0 0 6-6 0z" />
                    </svg>
                    ${words.legend.self}
                  </li>`
                : nothing
            }
            ${
              profile
                ? html`<li>
                    <svg aria-hidden="true" width="26" height="14">
                      <line class="target-line" x1="0" x2="26" y1="7" y2="7" />
                    </svg>
                    ${words.legend.target}: ${this.text(profile.name)}
                  </li>`
                : nothing
            }
          </ul>
          ${this.profiles.length ? this.renderRoles() : nothing}
          <details ?open=${this.wide}>
            <summary>${words.asTable}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=${words.radar}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">${words.columns.competency}</th>
                    <th scope="col" class="end">${words.columns.level}</th>
                    <th scope="col">${words.columns.interval}</th>
                    <th scope="col">${words.columns.likely}</th>
                    <th scope="col">${words.columns.sureness}</th>
                    ${
                      rated
                        ? html`<th scope="col" class="end">${words.columns.self}</th>
                            <th scope="col" class="end">${words.columns.difference}</th>`
                        : nothing
                    }
                    ${profile ? html`<th scope="col" class="end">${words.columns.target}</th>` : nothing}
                  </tr>
                </thead>
                <tbody>
                  ${axes.map(
                    (axis) => html`
                      <tr>
                        <th scope="row">${axis.name}</th>
                        ${axis.level === null ? html`<td class="end">${words.radarNone}</td>` : cell(axis.level)}
                        <td>${axis.interval ? range(axis.interval).join(' – ') : words.none}</td>
                        <td>${axis.likely === null ? words.none : this.levelName(axis.likely)}</td>
                        <td>${axis.interval ? words.sureness[sureness(axis.interval)] : words.none}</td>
                        ${rated ? html`${cell(axis.self)}${cell(axis.self !== null && axis.level !== null ? axis.self - axis.level : null)}` : nothing}
                        ${profile ? cell(axis.target) : nothing}
                      </tr>
                    `,
                  )}
                </tbody>
              </table>
            </div>
          </details>
        </div>
      </div>
    `;
  }

  private renderRoles(): TemplateResult {
    const { words, profile } = this;
    return html`
      <sales-mirror-role-select
        .language=${this.language}
        .profiles=${this.profiles}
        .profile=${profile}
        @profile-change=${({ detail }: EventOf<'profile-change'>) => {
          emit(this, 'profile-change', detail);
        }}
      ></sales-mirror-role-select>
      ${profile ? html`<p class="quiet">${this.text(profile.description)} ${words.fitNote}</p>` : nothing}
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

  /** What the next level is, and what in the text stands against it. */
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
    // Assessments of older versions do not have it.
    const { without } = evidence as Partial<Evidence>;
    if (typeof without === 'number') return ` · ${words.without(number(without))}`;
    return without === null ? ` · ${words.withoutNone}` : '';
  }

  private renderText(result: Result): TemplateResult {
    const { words, rubric } = this;
    const { text } = result.report;
    const shown = rubric.competencies.filter(({ id }) =>
      result.assessment.competencies.some((entry) => entry.id === id && entry.evidence.length),
    );
    const choice = (id: string | null, label: TemplateResult | string, name: string) => html`
      <button
        type="button"
        class="small"
        aria-pressed=${String(this.only === id)}
        title=${name}
        @click=${() => {
          this.only = id;
        }}
      >
        ${label}
      </button>
    `;
    return html`
      <h3 id="text-heading">${words.yourText}</h3>
      ${
        text
          ? html`
              <p class="quiet">${words.yourTextHint}</p>
              ${
                shown.length > 1
                  ? html`
                      <fieldset class="row filter">
                        <legend class="quiet">${words.highlight}</legend>
                        ${choice(null, words.all, words.all)}
                        ${shown.map((competency) => {
                          const name = this.text(competency.name);
                          return choice(
                            competency.id,
                            html`${rubric.competencies.indexOf(competency) + 1}<span class="hidden">
                                ${name}</span
                              >`,
                            name,
                          );
                        })}
                      </fieldset>
                    `
                  : nothing
              }
              <div class="document" part="text">
                ${segments(text, result.assessment, this.only).map((segment) => this.renderSegment(segment))}
              </div>
            `
          : html`<p class="quiet">${words.noText}</p>`
      }
    `;
  }

  private renderSegment({ start, text, marks }: Segment): TemplateResult | string {
    const [strongest] = [...marks].sort((a, b) => b.weight - a.weight);
    if (!strongest) return text;
    const { competencies } = this.rubric;
    const index = (id: string) => competencies.findIndex((entry) => entry.id === id);
    const polarity = marks.some((mark) => mark.polarity === 'negative') ? 'negative' : 'positive';
    const label = marks
      .map(
        (mark) =>
          `${this.text(competencies[index(mark.competency)]?.name)}: ${this.words.polarity[mark.polarity]}`,
      )
      .join('; ');
    const badge = marks.map((mark) => `${index(mark.competency) + 1}${sign(mark.polarity)}`).join(' ');
    const look = `${polarity} ${hue(index(strongest.competency))}`;
    // prettier-ignore
    return html`<mark class=${look} tabindex="-1" data-start=${start} data-badge=${badge} title=${label}>${text}<span class="hidden"> (${label})</span></mark>`;
  }

  private renderCorrection(competency: Competency, result: Result): TemplateResult {
    const { words, rubric } = this;
    const shown = (level: number | null) =>
      level === null ? words.notShown : Number.isInteger(level) ? String(level) : number(level);
    const made = result.corrections.filter((entry) => entry.competency === competency.id);
    const id = (name: string) => `${name}-${competency.id}`;
    const save = (event: SubmitEvent) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const field = (name: string) => ((new FormData(form).get(name) as string | null) ?? '').trim();
      const level = field('level');
      const correction: Correction = {
        competency: competency.id,
        level: level === '' ? null : Number(level),
        was: levelOf(result, competency.id),
        reason: field('reason'),
        reviewer: field('reviewer'),
        date: isoDay(),
      };
      emit(this, 'correct', correction);
      form.closest('details')?.removeAttribute('open');
    };
    return html`
      ${made.map(
        (entry) => html`
          <p class="corrected">
            <strong>${words.corrected(entry.reviewer, day(entry.date, this.language))}:</strong>
            ${words.correctedTo(shown(entry.level), shown(entry.was))} ${entry.reason}
          </p>
        `,
      )}
      ${
        this.reviewable
          ? html`
              <details class="correction-box">
                <summary>${words.correct}</summary>
                <form class="correction card" @submit=${save}>
                  <p class="quiet">${words.correctHint}</p>
                  <label for=${id('level')}>${words.correctLevel}</label>
                  <select id=${id('level')} name="level">
                    <option value="">${words.notShown}</option>
                    ${levels(rubric).map((level) => html`<option value=${level}>${level} · ${this.levelName(level)}</option>`)}
                  </select>
                  <label for=${id('reason')}>${words.reason}</label>
                  <textarea id=${id('reason')} name="reason" rows="2" required></textarea>
                  <label for=${id('reviewer')}>${words.reviewer}</label>
                  <input id=${id('reviewer')} name="reviewer" autocomplete="name" required />
                  <button type="submit" class="small">${words.saveCorrection}</button>
                </form>
              </details>
            `
          : nothing
      }
    `;
  }
}

function range([low, high]: Interval): [string, string] {
  return [number(low), number(high)];
}

export function sureness([low, high]: Interval): 'high' | 'medium' | 'low' {
  const width = high - low;
  if (width <= SURE.high) return 'high';
  return width <= SURE.medium ? 'medium' : 'low';
}

/** Told by shape as well as by colour. */
function sign(polarity: Evidence['polarity']): string {
  return polarity === 'positive' ? '＋' : '－';
}

define('sales-mirror-result', SalesMirrorResult);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-result': SalesMirrorResult;
  }
}
