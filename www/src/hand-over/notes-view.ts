/**
 * `<sales-mirror-notes>`: the person who is assessed says something about a level, or about a sentence that counts for
 * it. It shows what they wrote, passes a new note on, and keeps none.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { colon, competencyName, type Code } from '../languages/text';
import { accounts, answerTo, CLAIMS, newId, type Claim, type Result } from '../report/report';
import { WORDS } from './words';

/** The most characters of a sentence that are shown to choose it by. */
const SHOWN = 80;

const styles = css`
  form > * + * {
    margin-block-start: 0.5rem;
  }
  select {
    display: block;
    inline-size: 100%;
    max-inline-size: 30rem;
  }
`;

export class SalesMirrorNotes extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    chosen: { state: true },
    competency: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  /** Id of the report that a note is about. */
  declare private chosen: string;
  declare private competency: string;

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.chosen = '';
    this.competency = '';
  }

  private readonly add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => ((data.get(name) as string | null) ?? '').trim();
    const result = accounts(this.results).find(({ report }) => report.id === field('report')) ?? this.result;
    const competency = field('competency');
    if (!result || !competency) return;
    const evidence = this.evidence(result, competency)[Number(field('sentence') || -1)];
    emit(this, 'note-added', {
      report: result.report.id,
      note: {
        id: newId(),
        competency,
        sentence: evidence ? { start: evidence.start, end: evidence.end } : null,
        claim: field('claim') as Claim,
        text: field('text'),
        at: new Date().toISOString(),
      },
    });
    form.reset();
    this.competency = '';
  };

  private get result(): Result | undefined {
    const [first] = accounts(this.results);
    return accounts(this.results).find(({ report }) => report.id === this.chosen) ?? first;
  }

  private evidence({ report, assessment }: Result, competency: string) {
    return report.text ? (assessment.competencies.find(({ id }) => id === competency)?.evidence ?? []) : [];
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = WORDS[this.language];
    const { result, language, rubric } = this;
    if (!result) return nothing;
    const written = this.results.flatMap((entry) => (entry.notes ?? []).map((note) => ({ note, entry })));
    const evidence = this.evidence(result, this.competency);
    const choose = (change: (to: string) => void) => (event: Event) => {
      change((event.target as HTMLSelectElement).value);
    };
    return html`
      ${
        written.length
          ? html`<ul>
              ${written.map(({ note, entry }) => {
                const settled = answerTo(note, entry);
                return html`<li class="own">
                  <strong>${competencyName(rubric, note.competency, language)}</strong
                  >${colon(language)}${words.claims[note.claim]}. ${note.text}
                  <span class="quiet"
                    >${settled ? words.settled(settled.reviewer, settled.answer) : words.noteOpen}</span
                  >
                </li>`;
              })}
            </ul>`
          : nothing
      }
      <details>
        <summary>${words.addNote}</summary>
        <form class="card" @submit=${this.add}>
          <p class="quiet">${words.noteHint}</p>
          ${
            accounts(this.results).length > 1
              ? html`
                  <label for="report">${words.noteText}</label>
                  <select id="report" name="report" @change=${choose((to) => (this.chosen = to))}>
                    ${accounts(this.results).map(
                      ({ report }, i) =>
                        html`<option value=${report.id}>${i + 1}. ${report.name || report.date}</option>`,
                    )}
                  </select>
                `
              : nothing
          }
          <label for="competency">${words.noteAbout}</label>
          <select
            id="competency"
            name="competency"
            required
            @change=${choose((to) => (this.competency = to))}
          >
            <option value="">${words.choose}</option>
            ${rubric.competencies.map(({ id }) => html`<option value=${id}>${competencyName(rubric, id, language)}</option>`)}
          </select>
          ${
            evidence.length
              ? html`
                  <label for="sentence">${words.noteSentence}</label>
                  <select id="sentence" name="sentence">
                    <option value="">${words.wholeLevel}</option>
                    ${evidence.map(({ start, end }, i) => html`<option value=${i}>${result.report.text.slice(start, Math.min(end, start + SHOWN)).trim()}</option>`)}
                  </select>
                `
              : nothing
          }
          <label for="claim">${words.noteClaim}</label>
          <select id="claim" name="claim">
            ${CLAIMS.map((claim) => html`<option value=${claim}>${words.claims[claim]}</option>`)}
          </select>
          <label for="text">${words.noteWords}</label>
          <textarea id="text" name="text" rows="2" required maxlength="2000"></textarea>
          <button type="submit" class="small">${words.noteAdd}</button>
        </form>
      </details>
    `;
  }
}

define('sales-mirror-notes', SalesMirrorNotes);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-notes': SalesMirrorNotes;
  }
}
