/**
 * `<sales-mirror-overview>`: all competencies at a glance, as a chart or as the same figures in a table, beside the
 * person's own rating and a role's targets.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { charts } from '../charts/charts.styles';
import { radar, type Axis } from '../charts/radar';
import { base } from '../component/base';
import { define } from '../component/define';
import type { Rubric } from '../engine/contract';
import { colon, levelName, number, semicolon, translated, type Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import type { Result } from '../report/report';
import { range, sureness } from './interval';
import { WORDS } from './words';

const styles = css`
  :host {
    margin-block: 1rem;
  }
  @media print {
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
    profile: { attribute: false },
    table: { attribute: false },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare result: Result;
  declare profile: Profile | null;
  /** Whether the figures are shown as a table. */
  declare table: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.profile = null;
    this.table = false;
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
    const { rows } = this;
    const rated = rows.some(({ self }) => self !== null);
    return this.table ? this.renderTable(rows, rated) : this.renderChart(rows, rated);
  }

  private renderChart(rows: readonly Row[], rated: boolean): TemplateResult {
    const words = WORDS[this.language];
    const levels = rows.map(
      ({ name, level }) => `${name} ${level === null ? words.radarNone : number(level)}`,
    );
    const label = `${words.radarLabel}${colon(this.language)}${levels.join(semicolon(this.language))}`;
    return html`<figure>${radar(rows, this.rubric.scale, label)} ${this.renderLegend(rated)}</figure>`;
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
    `;
  }
}

define('sales-mirror-overview', SalesMirrorOverview);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-overview': SalesMirrorOverview;
  }
}
