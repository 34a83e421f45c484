/** The sections of the team view, as templates over its statistics. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Rubric } from '../engine/contract';
import { colon, comma, competencyName, day, number, translated, type Code } from '../languages/text';
import { fit, type Profile } from '../profile/profile';
import { accounts, levels } from '../report/report';
import type { Person } from './people';
import { cell, coaching, compare, days, hasEnough, reviews, type Summary } from './statistics';
import { shade } from './team.styles';
import { WORDS } from './words';

/** The most strengths and gaps that are named. */
const NAMED = 2;

export interface TeamScene {
  readonly language: Code;
  readonly rubric: Rubric;
  /** The role to compare with. */
  readonly profile: Profile | null;
  readonly team: readonly Person[];
  readonly found: readonly Summary[];
  /** The fewest people, and the fewest texts of a person, of which figures are given. */
  readonly minimum: number;
  /** Keys of the people whose levels are not shown yet, because the reader marks their texts first. */
  readonly unmarked: ReadonlySet<string>;
}

/** People by competency. `open` shows the texts of a person. */
export function heatMap(scene: TeamScene, open: (person: string) => void): TemplateResult {
  const { rubric, profile, team, found, minimum } = scene;
  const words = WORDS[scene.language];
  const level = (value: number | null) => (value === null ? words.none : number(value));
  // Whoever handed over no account at all could not show anything.
  const hasAny = ({ results }: Person) => accounts(results).length > 0;
  const counted = team.filter((person) => hasEnough(person, minimum));
  return html`
    <section>
      <h3 id="heat">${words.heat}</h3>
      <p class="quiet">${words.heatHint} ${minimum > 1 ? words.minimum(minimum) : nothing}</p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="heat">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">${words.person}</th>
              ${rubric.competencies.map(({ name }) => html`<th scope="col">${translated(name, scene.language)}</th>`)}
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
                        open(person.key);
                      }}
                    >
                      ${person.name}
                    </button>
                  </th>
                  ${
                    scene.unmarked.has(person.key)
                      ? html`<td colspan=${rubric.competencies.length}>${words.unmarked}</td>`
                      : hasAny(person)
                        ? rubric.competencies.map(({ id }) => heatCell(scene, person, id))
                        : html`<td colspan=${rubric.competencies.length}>${words.noAccount}</td>`
                  }
                </tr>
              `,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${words.mean}</th>
              ${found.map(({ shown, figures }) => html`<td>${figures ? level(figures.mean) : shown ? words.tooFew : words.none}</td>`)}
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
              ${found.map(({ shown, figures }) => html`<td>${figures ? words.of(figures.people, counted.length) : shown ? words.tooFew : words.none}</td>`)}
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  `;
}

function heatCell(
  { language, rubric, profile, minimum }: TeamScene,
  person: Person,
  id: string,
): TemplateResult {
  const words = WORDS[language];
  const { min, max } = rubric.scale;
  const value = cell(person, id);
  const model = cell({ results: person.results.map((result) => ({ ...result, corrections: [] })) }, id);
  if ((value || model) && !hasEnough(person, minimum)) return html`<td class="quiet">${words.tooFew}</td>`;
  const corrected = person.results.some(({ corrections }) =>
    corrections.some(({ competency }) => competency === id),
  );
  const original = corrected
    ? html`<span class="below">${words.model(model ? number(model.level) : words.notShown)}</span>`
    : nothing;
  if (!value) {
    return html`
      <td><span aria-hidden="true">–</span><span class="hidden">${words.notShown}</span> ${original}</td>
    `;
  }
  const target = profile?.targets[id];
  const above = target !== undefined && fit(value.interval, target) === 'above';
  const [low, high] = value.interval;
  const label = words.cellLabel(number(value.level), number(low), number(high), value.texts);
  return html`
    <td class="cell ${shade((value.level - min) / (max - min))}" title=${label}>
      <span aria-hidden="true">${number(value.level)}</span><span class="hidden">${label}</span>
      ${original} ${above ? html`<span class="below">${words.aboveTarget}</span>` : nothing}
    </td>
  `;
}

/** How many people there are at each level of each competency. */
export function distributions({ language, rubric, found, minimum }: TeamScene): TemplateResult {
  const words = WORDS[language];
  const scale = levels(rubric.scale);
  const known = found.flatMap(({ competency, figures }) =>
    figures ? [{ competency, distribution: figures.distribution }] : [],
  );
  if (known.length === 0) {
    return html`
      <section>
        <h3>${words.distribution}</h3>
        <p class="quiet">${words.tooFewPeople(minimum)}</p>
      </section>
    `;
  }
  const counts = ({ distribution }: (typeof known)[number]) =>
    scale
      .flatMap((level, i) => (distribution[i] ? [words.atLevel(distribution[i], level)] : []))
      .join(', ') || words.notShown;
  return html`
    <section aria-labelledby="distribution">
      <h3 id="distribution">${words.distribution}</h3>
      <ul class="spread-list">
        ${known.map((entry) => {
          const name = competencyName(rubric, entry.competency, language);
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
              ${known.map(
                (entry) => html`
                  <tr>
                    <th scope="row">${competencyName(rubric, entry.competency, language)}</th>
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

/** The competencies in which a team is strongest and weakest, and those that nobody's texts show. */
export function strengths({ language, rubric, found }: TeamScene): TemplateResult {
  const words = WORDS[language];
  const known = found.flatMap(({ competency, figures }) =>
    figures ? [{ competency, mean: figures.mean }] : [],
  );
  const sorted = known.sort((a, b) => b.mean - a.mean);
  const named = Math.min(NAMED, Math.floor(sorted.length / 2));
  const lacking = found.filter(({ shown }) => !shown);
  const list = (
    title: string,
    entries: readonly { readonly competency: string; readonly mean: number }[],
  ) => html`
    <section>
      <h3>${title}</h3>
      ${
        entries.length
          ? html`<ul>
              ${entries.map(({ competency, mean }) => html`<li>${competencyName(rubric, competency, language)}${colon(language)}${number(mean)}</li>`)}
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
                <strong>${words.lacking}${colon(language)}</strong
                >${lacking.map(({ competency }) => competencyName(rubric, competency, language)).join(comma(language))}
              </p>
              <p class="quiet">${words.lackingHint}</p>
            `
          : nothing
      }
    </section>
  `;
}

/** Who could coach whom. */
export function coachingPairs({ language, rubric, team, minimum }: TeamScene): TemplateResult {
  const words = WORDS[language];
  const pairs = coaching(team, rubric, minimum);
  return html`
    <section aria-labelledby="coaching">
      <h3 id="coaching">${words.coaching}</h3>
      <p class="quiet">${words.coachingHint}</p>
      ${
        pairs.length
          ? html`
              <ul>
                ${pairs.map(({ competency, coach, learner }) => html`<li><strong>${competencyName(rubric, competency, language)}</strong>${colon(language)}<span class="own">${words.coach(coach, learner)}</span></li>`)}
              </ul>
            `
          : html`<p>${words.noCoaching}</p>`
      }
    </section>
  `;
}

/**
 * Levels up to a day and after it.
 * @param chosen the last day of the first period; the first of all days if no text is of this day
 */
export function comparison(
  { language, rubric, team, minimum }: TeamScene,
  chosen: string,
  choose: (until: string) => void,
): TemplateResult {
  const words = WORDS[language];
  const all = days(team).slice(0, -1);
  const until = all.includes(chosen) ? chosen : all[0];
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
                    choose((event.target as HTMLSelectElement).value);
                  }}
                >
                  ${all.map((date) => html`<option value=${date} ?selected=${date === until}>${day(date, language)}</option>`)}
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
                    ${compare(team, rubric, until, minimum).map(
                      ({ competency, before, after, people }) => html`
                        <tr>
                          <th scope="row">${competencyName(rubric, competency, language)}</th>
                          <td class="end">${level(before)}</td>
                          <td class="end">${level(after)}</td>
                          <td class="end">
                            ${before !== null && after !== null ? signed(after - before) : words.none}
                          </td>
                          <td class="end">${people ?? words.tooFew}</td>
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

function signed(change: number): string {
  const text = number(Math.abs(change));
  if (text === '0.0') return text;
  return change > 0 ? `+${text}` : `−${text}`;
}

/** How often reviewers departed from the model; nothing before there is a decision. */
export function reviewCounts({ language, team }: TeamScene): TemplateResult | typeof nothing {
  const words = WORDS[language];
  const { looked, departed, first, firstDeparted } = reviews(team);
  if (looked === 0) return nothing;
  return html`
    <section>
      <h3>${words.reviews}</h3>
      <p>
        ${words.departed(departed, looked)} ${first ? words.firstDeparted(firstDeparted, first) : nothing}
      </p>
    </section>
  `;
}
