/**
 * `<sales-mirror-overview>`: all competencies at a glance, as a chart and as the same figures in a table, beside the
 * person's own rating and a role's targets.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { charts } from '../charts/charts.styles';
import { radar, type Axis } from '../charts/radar';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import type { Rubric } from '../engine/contract';
import { colon, levelName, number, semicolon, translated, type Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import '../profile/role-select';
import type { Result } from '../report/report';
import { range, sureness } from './interval';
import { WORDS } from './words';

const styles = css`
  :host {
    margin-block: 1rem;
  }
  h3 {
    margin-block-end: 0.25rem;
  }
  @container (min-width: 56rem) {
    .overview {
      align-items: start;
      display: grid;
      gap: 1rem 2rem;
      grid-template-columns: minmax(0, 30rem) minmax(0, 1fr);
    }
  }
  @media print {
    details::details-content {
      content-visibility: visible;
    }
    .radar {
      break-inside: avoid;
    }
  }
`;

/** An axis of the chart with what only the table shows. */
interface Row extends Axis {
  readonly likely: number | null;
}

export class SalesMirrorOverview extends LitElement {
  static override styles = [base, charts, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    result: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare result: Result;
  /** Roles to choose from. */
  declare profiles: readonly Profile[];
  declare profile: Profile | null;

  /** Whether there is room for the table beside the chart. */
  private readonly wide = innerWidth > 1000;

  constructor() {
    super();
    this.language = 'en';
    this.profiles = [];
    this.profile = null;
  }

  private get rows(): readonly Row[] {
    const { assessment, self } = this.result;
    return this.rubric.competencies.map(({ id, name }) => {
      const assessed = assessment.competencies.find((entry) => entry.id === id);
      return {
        name: translated(name, this.language),
        level: assessed?.level ?? null,
        interval: assessed?.interval ?? null,
        likely: assessed?.likely ?? null,
        self: self?.[id] ?? null,
        target: this.profile?.targets[id] ?? null,
      };
    });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { rows, profile } = this;
    const rated = rows.some(({ self }) => self !== null);
    const levels = rows.map(
      ({ name, level }) => `${name} ${level === null ? words.radarNone : number(level)}`,
    );
    const label = `${words.radarLabel}${colon(this.language)}${levels.join(semicolon(this.language))}`;
    return html`
      <div class="overview">
        <figure>
          <h3>${words.radar}</h3>
          ${radar(rows, this.rubric.scale, label)}
        </figure>
        <div>
          ${this.renderLegend(rated)}
          ${
            this.profiles.length
              ? html`
                  <sales-mirror-role-select
                    .language=${this.language}
                    .profiles=${this.profiles}
                    .profile=${profile}
                    @profile-change=${({ detail }: EventOf<'profile-change'>) => {
                      emit(this, 'profile-change', detail);
                    }}
                  ></sales-mirror-role-select>
                `
              : nothing
          }
          ${
            profile
              ? html`
                  <p class="quiet">${translated(profile.description, this.language)} ${words.fitNote}</p>
                `
              : nothing
          }
          ${this.renderTable(rows, rated)}
        </div>
      </div>
    `;
  }

  private renderLegend(rated: boolean): TemplateResult {
    const words = WORDS[this.language];
    return html`
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
            ? html`
                <li>
                  <svg aria-hidden="true" width="14" height="14">
                    <path class="self" transform="translate(7 7)" d="M0-6 6 0 0 6-6 0z" />
                  </svg>
                  ${words.legend.self}
                </li>
              `
            : nothing
        }
        ${
          this.profile
            ? html`
                <li>
                  <svg aria-hidden="true" width="26" height="14">
                    <line class="target-line" x1="0" x2="26" y1="7" y2="7" />
                  </svg>
                  ${words.legend.target}${colon(this.language)}${translated(this.profile.name, this.language)}
                </li>
              `
            : nothing
        }
      </ul>
    `;
  }

  private renderTable(rows: readonly Row[], rated: boolean): TemplateResult {
    const words = WORDS[this.language];
    const { columns } = words;
    const head = (title: string) => html`<th scope="col">${title}</th>`;
    const headEnd = (title: string) => html`<th scope="col" class="end">${title}</th>`;
    const cell = (level: number | null, none = words.none) =>
      html`<td class="end">${level === null ? none : number(level)}</td>`;
    return html`
      <details ?open=${this.wide}>
        <summary>${words.asTable}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${words.radar}>
          <table>
            <thead>
              <tr>
                ${head(columns.competency)} ${headEnd(columns.level)} ${head(columns.interval)}
                ${head(columns.likely)} ${head(columns.sureness)}
                ${rated ? html`${headEnd(columns.self)} ${headEnd(columns.difference)}` : nothing}
                ${this.profile ? headEnd(columns.target) : nothing}
              </tr>
            </thead>
            <tbody>
              ${rows.map(({ name, level, interval, likely, self, target }) => {
                const difference = self !== null && level !== null ? self - level : null;
                return html`
                  <tr>
                    <th scope="row">${name}</th>
                    ${cell(level, words.radarNone)}
                    <td>${interval ? range(interval).join(' – ') : words.none}</td>
                    <td>${likely === null ? words.none : levelName(this.rubric, likely, this.language)}</td>
                    <td>${interval ? words.sureness[sureness(interval)] : words.none}</td>
                    ${rated ? html`${cell(self)} ${cell(difference)}` : nothing}
                    ${this.profile ? cell(target) : nothing}
                  </tr>
                `;
              })}
            </tbody>
          </table>
        </div>
      </details>
    `;
  }
}

define('sales-mirror-overview', SalesMirrorOverview);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-overview': SalesMirrorOverview;
  }
}
