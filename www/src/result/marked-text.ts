/**
 * `<sales-mirror-marked-text>`: the text that was assessed, with its evidence marked, for all competencies or for one,
 * and with the parts that did not count. highlight.ts decides what is marked.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { scrolling } from '../component/motion';
import type { Rubric, Span } from '../engine/contract';
import { colon, competencyName, semicolon, type Code } from '../languages/text';
import type { Result } from '../report/report';
import { look, segments, type Segment } from './highlight';
import { hues } from './hues';
import { WORDS } from './words';

const styles = css`
  .filter {
    gap: 0.35rem;
    margin-block: 0.5rem;
  }
  .filter legend {
    float: inline-start;
    margin-inline-end: 0.25rem;
  }
  .filter button[aria-pressed='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
  .document {
    background: var(--sm-raised);
    border-radius: var(--sm-radius);
    line-height: 2;
    margin-block-start: 0.5rem;
    overflow-wrap: anywhere;
    padding: 1rem 1.1rem;
    white-space: pre-wrap;
  }
  mark {
    background: var(--tint);
    border-radius: 3px;
    color: inherit;
    padding-block: 0.1em;
    text-decoration-line: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 0.25em;
  }
  mark::after {
    content: ' ' attr(data-badge) / '';
    font-size: 0.75em;
    font-weight: 700;
    text-decoration: none;
    vertical-align: super;
  }
  mark.positive {
    text-decoration-color: var(--sm-positive);
  }
  mark.negative {
    text-decoration-color: var(--sm-negative);
    text-decoration-style: dashed;
  }
  .left-out {
    border: 1px dashed var(--sm-control);
    border-radius: 3px;
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
    color: var(--sm-quiet);
    padding: 0.1em 0.25em;
  }
  .left-out::before {
    content: attr(data-badge) / '';
    border-inline-end: 1px dashed var(--sm-control);
    font-size: 0.8em;
    font-weight: 700;
    margin-inline-end: 0.4em;
    padding-inline-end: 0.4em;
  }
  @media (forced-colors: active) {
    mark {
      background: none;
      color: CanvasText;
    }
  }
  @media print {
    .filter {
      display: none;
    }
  }
`;

export class SalesMirrorMarkedText extends LitElement {
  static override styles = [base, hues, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    result: { attribute: false },
    only: { attribute: false },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare result: Result;
  /** The competency whose evidence alone is marked; null for all of them. */
  declare only: string | null;

  constructor() {
    super();
    this.language = 'en';
    this.only = null;
  }

  /** Moves the focus to a sentence that is evidence, and scrolls to it. The marks of all competencies are shown. */
  async show({ start }: Span): Promise<void> {
    this.only = null;
    await this.updateComplete;
    const mark = this.renderRoot.querySelector<HTMLElement>(`mark[data-start="${start}"]`);
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: 'center', behavior: scrolling() });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('result');
    if (before && before.report.id !== this.result.report.id) this.only = null;
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { report, assessment } = this.result;
    if (!report.text) return html`<p class="quiet">${words.noText}</p>`;
    const { accepted } = assessment.account;
    return html`
      ${accepted ? html`<p class="quiet">${words.yourTextHint}</p>` : nothing}
      ${assessment.left_out.length ? html`<p class="quiet">${words.leftOutHint}</p>` : nothing}
      ${this.renderFilter()} ${this.renderDocument(segments(report.text, assessment, this.only))}
    `;
  }

  private renderDocument(document: readonly Segment[]): TemplateResult {
    const content = document.map((segment) => this.renderSegment(segment));
    // White space shows here, so the template has none of its own.
    // prettier-ignore
    return html`<div class="document" part="text">${content}</div>`;
  }

  private renderFilter(): TemplateResult | typeof nothing {
    const words = WORDS[this.language];
    const marked = this.rubric.competencies.filter(({ id }) =>
      this.result.assessment.competencies.some((entry) => entry.id === id && entry.evidence.length),
    );
    if (marked.length < 2) return nothing;
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
      <fieldset class="row filter">
        <legend class="quiet">${words.highlight}</legend>
        ${choice(null, words.all, words.all)}
        ${marked.map(({ id }) => {
          const name = competencyName(this.rubric, id, this.language);
          return choice(id, html`${this.index(id) + 1}<span class="hidden"> ${name}</span>`, name);
        })}
      </fieldset>
    `;
  }

  private renderSegment({ start, text, marks, leftOut }: Segment): TemplateResult | string {
    const words = WORDS[this.language];
    // White space shows here, so the template has none of its own.
    // prettier-ignore
    if (leftOut) return html`<span class="left-out" data-badge=${words.reasons[leftOut]}><span class="hidden">(${words.leftOutStart}${colon(this.language)}${words.reasons[leftOut]}) </span>${text}<span class="hidden"> (${words.leftOutEnd})</span></span>`;
    if (marks.length === 0) return text;
    const label = marks
      .map(({ competency, polarity }) => {
        const name = competencyName(this.rubric, competency, this.language);
        return `${name}${colon(this.language)}${words.polarity[polarity]}`;
      })
      .join(semicolon(this.language));
    const { hue, polarity, badge } = look(marks, this.rubric);
    // White space shows here, so the template has none of its own.
    // prettier-ignore
    return html`<mark class="${polarity} ${hue}" tabindex="-1" data-start=${start} data-badge=${badge} title=${label}>${text}<span class="hidden"> (${label})</span></mark>`;
  }

  private index(competency: string): number {
    return this.rubric.competencies.findIndex(({ id }) => id === competency);
  }
}

define('sales-mirror-marked-text', SalesMirrorMarkedText);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-marked-text': SalesMirrorMarkedText;
  }
}
