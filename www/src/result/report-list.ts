/**
 * `<sales-mirror-report-list>`: several reports that were assessed together, with their days and levels at a glance, and on
 * demand in a table with the mean, and over time. Choosing one is passed to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { charts } from '../charts/charts.styles';
import { miniBars, miniBarStyles } from '../charts/mini-bars';
import { trendLine } from '../charts/trend';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { InPieces } from '../component/in-pieces';
import type { Rubric } from '../engine/contract';
import { colon, day, number, semicolon, translated, type Code } from '../languages/text';
import { accounts, levelOf, mean, type Result } from '../report/report';
import { WORDS } from './words';

const styles = css`
  ul {
    list-style: none;
    max-block-size: 11rem;
    overflow-y: auto;
    padding: 0;
  }
  li {
    contain-intrinsic-block-size: auto 2rem;
    content-visibility: auto;
  }
  li button {
    align-items: center;
    background: none;
    border-color: transparent;
    display: grid;
    gap: 0.1rem 0.75rem;
    grid-template-columns: minmax(0, 1fr) auto auto;
    inline-size: 100%;
    padding: 0.25rem 0.5rem;
    text-align: start;
  }
  li button[aria-current='true'] {
    background: var(--sm-raised);
    border-color: var(--sm-control);
    font-weight: 600;
  }
  .name {
    overflow-wrap: anywhere;
  }
  tr[aria-current='true'] {
    background: var(--sm-raised);
    font-weight: 600;
  }
  @media print {
    ul {
      max-block-size: none;
    }
    li {
      content-visibility: visible;
    }
    li button {
      display: grid;
    }
  }
`;

export class SalesMirrorReportList extends LitElement {
  static override styles = [base, charts, miniBarStyles, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    selected: { attribute: false },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Index of the result that is shown. */
  declare selected: number;
  private readonly pieces = new InPieces(this, () => this.results.length);

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.selected = 0;
  }

  private levels(result: Result): (number | null)[] {
    return this.rubric.competencies.map(({ id }) => levelOf(result, id));
  }

  private name({ report }: Result): string {
    return report.name || WORDS[this.language].untitled;
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <h3 id="list">${words.reports}</h3>
      <ul aria-labelledby="list">
        ${this.pieces.of(this.results).map((result, i) => this.renderReport(result, i))}
      </ul>
      <details>
        <summary>${words.compareReports}</summary>
        ${this.renderTrend()} ${this.renderTable()}
      </details>
    `;
  }

  private renderReport(result: Result, i: number): TemplateResult {
    const words = WORDS[this.language];
    const { accepted } = result.assessment.account;
    const levels = this.levels(result);
    const label = this.rubric.competencies
      .map(({ name }, c) => {
        const level = levels[c] ?? null;
        return `${translated(name, this.language)} ${level === null ? words.radarNone : number(level)}`;
      })
      .join(semicolon(this.language));
    return html`
      <li>
        <button
          type="button"
          aria-current=${String(i === this.selected)}
          @click=${() => {
            emit(this, 'select-result', i);
          }}
        >
          <span class="name own">${this.name(result)}</span>
          ${accepted ? miniBars(levels, this.rubric.scale, label) : html`<span class="quiet">${words.noLevels}</span>`}
          <span class="quiet">${day(result.report.date, this.language)}</span>
        </button>
      </li>
    `;
  }

  /** The overall level over time, where there are several days. */
  private renderTrend(): TemplateResult | typeof nothing {
    const words = WORDS[this.language];
    const overall = accounts(this.results)
      .sort((a, b) => a.report.date.localeCompare(b.report.date))
      .map((result) => mean(this.levels(result).filter((level) => level !== null)))
      .filter((level) => level !== null);
    if (overall.length < 2) return nothing;
    const label = `${words.trend}${colon(this.language)}${overall.map(number).join(semicolon(this.language))}`;
    return html`<figure>
      <figcaption class="quiet">${words.trend}</figcaption>
      ${trendLine(overall, this.rubric.scale, label)}
    </figure>`;
  }

  /** A table of all reports by competency, with their mean. */
  private renderTable(): TemplateResult {
    const words = WORDS[this.language];
    const { results, rubric } = this;
    const written = (level: number | null) => (level === null ? words.none : number(level));
    const shown = (id: string) =>
      results.map((result) => levelOf(result, id)).filter((level) => level !== null);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${words.compareReports}>
        <table>
          <thead>
            <tr>
              <th scope="col">${words.report}</th>
              ${rubric.competencies.map(
                ({ name }) => html`<th scope="col" class="end">${translated(name, this.language)}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${this.pieces.of(results).map(
              (result, i) => html`
                <tr aria-current=${String(i === this.selected)}>
                  <th scope="row" class="own">${this.name(result)}</th>
                  ${
                    result.assessment.account.accepted
                      ? this.levels(result).map((level) => html`<td class="end">${written(level)}</td>`)
                      : html`<td colspan=${rubric.competencies.length}>${words.noAccount}</td>`
                  }
                </tr>
              `,
            )}
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
}

define('sales-mirror-report-list', SalesMirrorReportList);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-report-list': SalesMirrorReportList;
  }
}
