/**
 * `<sales-mirror-report-list>`: several reports that were assessed together, with their days and levels at a glance, and on
 * demand compared. Choosing one is passed to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { miniBars, miniBarStyles } from '../charts/mini-bars';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { InPieces } from '../component/in-pieces';
import type { Rubric } from '../engine/contract';
import { day, number, semicolon, translated, type Code } from '../languages/text';
import { levelsOf, titleOf, type Result } from '../report/report';
import './comparison';
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
  static override styles = [base, miniBarStyles, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    selected: { attribute: false },
    comparing: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Index of the result that is shown. */
  declare selected: number;
  /** Whether the comparison is open. */
  declare comparing: boolean;
  private readonly pieces = new InPieces(this, () => this.results.length);

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.selected = 0;
    this.comparing = false;
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <h3 id="list">${words.reports}</h3>
      <ul aria-labelledby="list">
        ${this.pieces
          .of(this.results)
          .map((result, i) =>
            guard([result, i === this.selected, this.language, this.rubric], () =>
              this.renderReport(result, i),
            ),
          )}
      </ul>
      <details
        @toggle=${({ target }: Event) => {
          this.comparing = (target as HTMLDetailsElement).open;
        }}
      >
        <summary>${words.compareReports}</summary>
        ${
          // Hundreds of rows are made only for a person who asks for them.
          this.comparing
            ? html`<sales-mirror-comparison
                .language=${this.language}
                .rubric=${this.rubric}
                .results=${this.results}
                .selected=${this.selected}
              ></sales-mirror-comparison>`
            : nothing
        }
      </details>
    `;
  }

  private renderReport(result: Result, i: number): TemplateResult {
    const words = WORDS[this.language];
    const { accepted } = result.assessment.account;
    const levels = levelsOf(result, this.rubric);
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
          <span class="name own">${titleOf(result.report)}</span>
          ${accepted ? miniBars(levels, this.rubric.scale, label) : html`<span class="quiet">${words.noLevels}</span>`}
          <span class="quiet">${day(result.report.date, this.language)}</span>
        </button>
      </li>
    `;
  }
}

define('sales-mirror-report-list', SalesMirrorReportList);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-report-list': SalesMirrorReportList;
  }
}
