/**
 * `<sales-mirror-comparison>`: several reports in a table by competency with the mean, and their overall level over time.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { charts } from '../charts/charts.styles';
import { trendLine } from '../charts/trend';
import { base } from '../component/base';
import { define } from '../component/define';
import { InPieces } from '../component/in-pieces';
import type { Rubric } from '../engine/contract';
import { colon, number, semicolon, translated, type Code } from '../languages/text';
import { accounts, levelOf, levelsOf, mean, titleOf, type Result } from '../report/report';
import { WORDS } from './words';

const styles = css`
  .scroll {
    max-block-size: 70vh;
    overflow: auto;
  }
  /* Its columns do not depend on the rows, so hundreds of them can follow in pieces. */
  table {
    min-inline-size: 66rem;
    table-layout: fixed;
  }
  th:first-child {
    inline-size: 11rem;
    overflow-wrap: anywhere;
  }
  thead th {
    background: var(--sm-surface);
    inset-block-start: 0;
    position: sticky;
  }
  tr[aria-current='true'] {
    background: var(--sm-raised);
    font-weight: 600;
  }
  @media print {
    .scroll {
      max-block-size: none;
    }
    table {
      min-inline-size: 0;
      table-layout: auto;
    }
  }
`;

export class SalesMirrorComparison extends LitElement {
  static override styles = [base, charts, styles];

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

  protected override render(): TemplateResult {
    return html`${this.renderTrend()} ${this.renderTable()}`;
  }

  /** The overall level over time, where there are several days. */
  private renderTrend(): TemplateResult | typeof nothing {
    const words = WORDS[this.language];
    const overall = accounts(this.results)
      .sort((a, b) => a.report.date.localeCompare(b.report.date))
      .map((result) => mean(levelsOf(result, this.rubric).filter((level) => level !== null)))
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
            ${this.pieces
              .of(results)
              .map((result, i) =>
                guard([result, i === this.selected, this.language, rubric], () => this.renderRow(result, i)),
              )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${words.mean}</th>
              ${rubric.competencies.map(({ id }) => this.renderLevel(mean(shown(id))))}
            </tr>
          </tfoot>
        </table>
      </div>
    `;
  }

  private renderRow(result: Result, i: number): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <tr aria-current=${String(i === this.selected)}>
        <th scope="row" class="own">${titleOf(result.report)}</th>
        ${
          result.assessment.account.accepted
            ? levelsOf(result, this.rubric).map((level) => this.renderLevel(level))
            : html`<td colspan=${this.rubric.competencies.length}>${words.noAccount}</td>`
        }
      </tr>
    `;
  }

  private renderLevel(level: number | null): TemplateResult {
    return html`<td class="end">${level === null ? WORDS[this.language].none : number(level)}</td>`;
  }
}

define('sales-mirror-comparison', SalesMirrorComparison);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-comparison': SalesMirrorComparison;
  }
}
