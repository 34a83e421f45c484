/** A team from files that people handed over: read here, kept nowhere. Numbers are statistics.ts's. */
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import '../files/file-drop';
import { save } from '../files/save';
import { asHandOver, type HandOver } from '../hand-over/hand-over';
import { colon, day, number, translated, type Code } from '../languages/text';
import { fit, type Profile } from '../profile/profile';
import '../profile/role-select';
import { isoDay, levels, type Correction } from '../report/report';
import { labelledReports } from '../review/labelled';
import { csv } from './csv';
import { cell, coaching, compare, days, people, summaries, type Person, type Summary } from './statistics';
import { shade, shades, styles } from './team.styles';
import { WORDS } from './words';

/** How many strengths and gaps are named, and how many people must show them. */
const NAMED = 2;
const LEAST = 2;

export class SalesMirrorTeam extends LitElement {
  static override styles = [base, shades, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
    files: { state: true },
    troubles: { state: true },
    person: { state: true },
    selected: { state: true },
    until: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  declare private files: readonly HandOver[];
  declare private troubles: readonly Trouble[];
  /** The person whose texts are looked at. */
  declare private person: string | null;
  declare private selected: number;
  /** The last day of the first of two times. */
  declare private until: string;

  constructor() {
    super();
    this.language = 'en';
    this.profiles = [];
    this.profile = null;
    this.files = [];
    this.troubles = [];
    this.person = null;
    this.selected = 0;
    this.until = '';
  }

  private get words() {
    return WORDS[this.language];
  }

  private text(texts: Readonly<Record<string, string>> | undefined): string {
    return translated(texts, this.language);
  }

  private name(competency: string): string {
    return this.text(this.rubric.competencies.find(({ id }) => id === competency)?.name);
  }

  private async take(chosen: readonly File[]): Promise<void> {
    const files: HandOver[] = [];
    const troubles: Trouble[] = [];
    for (const file of chosen) {
      try {
        files.push(asHandOver(JSON.parse(await file.text()), this.rubric, file.name));
      } catch (thrown) {
        troubles.push(asTrouble(thrown, 'handover_invalid', file.name));
      }
    }
    this.files = [...this.files, ...files];
    this.troubles = troubles;
  }

  private readonly passRole = ({ detail }: EventOf<'profile-change'>): void => {
    emit(this, 'profile-change', detail);
  };

  private readonly correct = (event: CustomEvent<Correction>, person: Person): void => {
    const id = person.results[this.selected]?.report.id;
    this.files = this.files.map((file) => ({
      ...file,
      results: file.results.map((result) =>
        file.person === person.name && result.report.id === id
          ? { ...result, corrections: [...result.corrections, event.detail] }
          : result,
      ),
    }));
  };

  private look(person: string | null): void {
    this.person = person;
    this.selected = 0;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: person === null });
    });
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const team = people(this.files);
    const person = team.find(({ name }) => name === this.person);
    if (person) return this.renderPerson(person);
    const texts = team.reduce((sum, { results }) => sum + results.length, 0);
    return html`
      <h2 tabindex="-1">${words.title}</h2>
      <p>${words.lead}</p>
      <div class="card files">
        <sales-mirror-file-drop
          .language=${this.language}
          .label=${words.choose}
          .hint=${words.hint}
          .accept=${'.json'}
          @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.take(detail)}
        >
          <p slot="below" role="status">${team.length ? words.people(team.length, texts) : words.empty}</p>
        </sales-mirror-file-drop>
      </div>
      <div role="alert">
        ${this.troubles.map((trouble) => html`<p class="alert own">${worded(trouble, this.language)}</p>`)}
      </div>
      ${team.length ? this.renderTeam(team) : nothing}
    `;
  }

  private renderTeam(team: readonly Person[]): TemplateResult {
    const { words } = this;
    const found = summaries(team, this.rubric);
    return html`
      <div class="row no-print">
        <button
          type="button"
          @click=${() => {
            save(`${words.file}-${isoDay()}.csv`, csv(team, this.rubric, this.profile), 'text/csv');
          }}
        >
          ${words.csv}
        </button>
        <button
          type="button"
          @click=${() => {
            print();
          }}
        >
          ${words.print}
        </button>
        <button
          type="button"
          @click=${() => {
            this.files = [];
            this.troubles = [];
          }}
        >
          ${words.close}
        </button>
        ${
          this.profiles.length
            ? html`
                <sales-mirror-role-select
                  .language=${this.language}
                  .profiles=${this.profiles}
                  .profile=${this.profile}
                  @profile-change=${this.passRole}
                ></sales-mirror-role-select>
              `
            : nothing
        }
      </div>
      ${this.renderHeat(team, found)} ${this.renderDistribution(found)} ${this.renderStrengths(found)}
      ${this.renderCoaching(team)} ${this.renderCompare(team)}
    `;
  }

  private renderHeat(team: readonly Person[], found: readonly Summary[]): TemplateResult {
    const { words, rubric, profile } = this;
    const { min, max } = rubric.scale;
    const share = (level: number) => (level - min) / (max - min);
    const level = (value: number | null) => (value === null ? words.none : number(value));
    return html`
      <section>
        <h3 id="heat">${words.heat}</h3>
        <p class="quiet">${words.heatHint}</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="heat">
          <table class="heat">
            <thead>
              <tr>
                <th scope="col">${words.person}</th>
                ${rubric.competencies.map(({ name }) => html`<th scope="col">${this.text(name)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${team.map(
                (person) => html`
                  <tr>
                    <th scope="row">
                      <button
                        type="button"
                        class="small own"
                        @click=${() => {
                          this.look(person.name);
                        }}
                      >
                        ${person.name}
                      </button>
                    </th>
                    ${rubric.competencies.map(({ id }) => {
                      const value = cell(person, id);
                      if (!value)
                        return html`<td>
                          <span aria-hidden="true">–</span><span class="hidden">${words.notShown}</span>
                        </td>`;
                      const target = profile?.targets[id];
                      const above = target !== undefined && fit(value.interval, target) === 'above';
                      const label = words.cellLabel(
                        number(value.level),
                        number(value.interval[0]),
                        number(value.interval[1]),
                        value.texts,
                      );
                      return html`
                        <td class="cell ${shade(share(value.level))}" title=${label}>
                          <span aria-hidden="true">${number(value.level)}</span
                          ><span class="hidden">${label}</span>
                          ${above ? html`<span class="below">${words.aboveTarget}</span>` : nothing}
                        </td>
                      `;
                    })}
                  </tr>
                `,
              )}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">${words.mean}</th>
                ${found.map(({ mean }) => html`<td>${level(mean)}</td>`)}
              </tr>
              ${
                profile
                  ? html`
                      <tr>
                        <th scope="row">${words.target}</th>
                        ${rubric.competencies.map(({ id }) => html`<td>${level(profile.targets[id] ?? null)}</td>`)}
                      </tr>
                    `
                  : nothing
              }
              <tr>
                <th scope="row">${words.coverage}</th>
                ${found.map((entry) => html`<td>${words.of(entry.people, team.length)}</td>`)}
              </tr>
            </tfoot>
          </table>
        </div>
      </section>
    `;
  }

  private renderDistribution(found: readonly Summary[]): TemplateResult {
    const { words, rubric } = this;
    const scale = levels(rubric);
    const counts = ({ distribution }: Summary) =>
      scale
        .flatMap((level, i) => (distribution[i] ? [words.atLevel(distribution[i], level)] : []))
        .join(', ') || words.notShown;
    return html`
      <section aria-labelledby="distribution">
        <h3 id="distribution">${words.distribution}</h3>
        <ul class="spread-list">
          ${found.map((entry) => {
            const name = this.name(entry.competency);
            const most = Math.max(1, ...entry.distribution);
            return html`
              <li>
                <strong>${name}</strong>
                <svg
                  class="spread-chart"
                  role="img"
                  aria-label=${words.distributionLabel(name, counts(entry))}
                  viewBox="0 0 ${scale.length * 40} 48"
                  preserveAspectRatio="xMinYMid meet"
                >
                  ${entry.distribution.map(
                    (count, i) => svg`
                    <rect x=${i * 40 + 2} y=${32 - (18 * count) / most} width="36" height=${(18 * count) / most + 1} />
                    ${count ? svg`<text x=${i * 40 + 20} y=${29 - (18 * count) / most} text-anchor="middle">${count}</text>` : nothing}
                    <text class="level" x=${i * 40 + 20} y="45" text-anchor="middle">${scale[i]}</text>`,
                  )}
                </svg>
              </li>
            `;
          })}
        </ul>
        <details>
          <summary>${words.asTable}</summary>
          <div class="scroll" tabindex="0" role="region" aria-label=${words.distribution}>
            <table>
              <thead>
                <tr>
                  <th scope="col">${words.competency}</th>
                  ${scale.map((level) => html`<th scope="col" class="end">${level}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${found.map(
                  (entry) => html`
                    <tr>
                      <th scope="row">${this.name(entry.competency)}</th>
                      ${entry.distribution.map((count) => html`<td class="end">${count}</td>`)}
                    </tr>
                  `,
                )}
              </tbody>
            </table>
          </div>
        </details>
      </section>
    `;
  }

  private renderStrengths(found: readonly Summary[]): TemplateResult {
    const { words } = this;
    const known = found.flatMap(({ competency, mean, people }) =>
      mean !== null && people >= LEAST ? [{ competency, mean }] : [],
    );
    const sorted = known.sort((a, b) => b.mean - a.mean);
    const named = Math.min(NAMED, Math.floor(sorted.length / 2));
    const lacking = found.filter(({ people }) => people === 0);
    const list = (
      title: string,
      entries: readonly { readonly competency: string; readonly mean: number }[],
    ) => html`
      <section>
        <h3>${title}</h3>
        ${
          entries.length
            ? html`<ul>
                ${entries.map(({ competency, mean }) => html`<li>${this.name(competency)}${colon(this.language)}${number(mean)}</li>`)}
              </ul>`
            : html`<p class="quiet">${words.noStrengths}</p>`
        }
      </section>
    `;
    return html`
      <section>
        <div class="halves">
          ${list(words.strengths, sorted.slice(0, named))}
          ${list(words.gaps, named ? sorted.slice(-named).reverse() : [])}
        </div>
        ${
          lacking.length
            ? html`
                <p>
                  <strong>${words.lacking}${colon(this.language)}</strong
                  >${lacking.map(({ competency }) => this.name(competency)).join(this.language === 'zh' ? '、' : ', ')}
                </p>
                <p class="quiet">${words.lackingHint}</p>
              `
            : nothing
        }
      </section>
    `;
  }

  private renderCoaching(team: readonly Person[]): TemplateResult {
    const { words } = this;
    const pairs = coaching(team, this.rubric);
    return html`
      <section aria-labelledby="coaching">
        <h3 id="coaching">${words.coaching}</h3>
        <p class="quiet">${words.coachingHint}</p>
        ${
          pairs.length
            ? html`
                <ul>
                  ${pairs.map(({ competency, coach, learner }) => html`<li><strong>${this.name(competency)}</strong>${colon(this.language)}<span class="own">${words.coach(coach, learner)}</span></li>`)}
                </ul>
              `
            : html`<p>${words.noCoaching}</p>`
        }
      </section>
    `;
  }

  private renderCompare(team: readonly Person[]): TemplateResult {
    const { words } = this;
    const all = days(team).slice(0, -1);
    const until = all.includes(this.until) ? this.until : all[0];
    const level = (value: number | null) => (value === null ? words.none : number(value));
    return html`
      <section>
        <h3 id="compare">${words.compare}</h3>
        ${
          until === undefined
            ? html`<p class="quiet">${words.noCompare}</p>`
            : html`
                <p class="row">
                  <label for="until">${words.until}</label>
                  <select
                    id="until"
                    @change=${(event: Event) => {
                      this.until = (event.target as HTMLSelectElement).value;
                    }}
                  >
                    ${all.map((date) => html`<option value=${date} ?selected=${date === until}>${day(date, this.language)}</option>`)}
                  </select>
                </p>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="compare">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">${words.competency}</th>
                        <th scope="col" class="end">${words.before}</th>
                        <th scope="col" class="end">${words.after}</th>
                        <th scope="col" class="end">${words.change}</th>
                        <th scope="col" class="end">${words.both}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${compare(team, this.rubric, until).map(
                        ({ competency, before, after, people }) => html`
                          <tr>
                            <th scope="row">${this.name(competency)}</th>
                            <td class="end">${level(before)}</td>
                            <td class="end">${level(after)}</td>
                            <td class="end">
                              ${before !== null && after !== null ? signed(after - before) : words.none}
                            </td>
                            <td class="end">${people}</td>
                          </tr>
                        `,
                      )}
                    </tbody>
                  </table>
                </div>
              `
        }
      </section>
    `;
  }

  private renderPerson(person: Person): TemplateResult {
    const { words } = this;
    const corrected = person.results.some(({ corrections }) => corrections.length > 0);
    const labelled = person.results.some(({ corrections, report }) => corrections.length > 0 && report.text);
    return html`
      <div class="row no-print">
        <button
          type="button"
          @click=${() => {
            this.look(null);
          }}
        >
          ← ${words.back}
        </button>
        ${
          corrected
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    const file = this.files.find((entry) => entry.person === person.name);
                    const content = { ...file, exported: new Date().toISOString(), results: person.results };
                    save(
                      `${words.correctedFile}-${isoDay()}.json`,
                      JSON.stringify(content, null, 1),
                      'application/json',
                    );
                  }}
                >
                  ${words.saveCorrected}
                </button>
              `
            : nothing
        }
        ${
          labelled
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    save(
                      `${words.labelledFile}-${isoDay()}.jsonl`,
                      labelledReports(person.results, this.rubric),
                      'application/x-ndjson',
                    );
                  }}
                >
                  ${words.labelled}
                </button>
              `
            : nothing
        }
      </div>
      <h2 tabindex="-1" class="own">${words.detail(person.name)}</h2>
      <sales-mirror-result
        exportparts="bar, radar, text"
        reviewable
        .language=${this.language}
        .rubric=${this.rubric}
        .results=${person.results}
        .selected=${this.selected}
        .profiles=${this.profiles}
        .profile=${this.profile}
        @select-result=${({ detail }: CustomEvent<number>) => (this.selected = detail)}
        @profile-change=${this.passRole}
        @correct=${(event: CustomEvent<Correction>) => {
          this.correct(event, person);
        }}
      ></sales-mirror-result>
    `;
  }
}

function signed(change: number): string {
  const text = number(Math.abs(change));
  if (text === '0.0') return text;
  return change > 0 ? `+${text}` : `−${text}`;
}

define('sales-mirror-team', SalesMirrorTeam);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-team': SalesMirrorTeam;
  }
}
