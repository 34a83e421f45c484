/**
 * `<sales-mirror-answer>`: the person who is assessed opens a file that a reviewer corrected, sees the decisions, and
 * answers them by notes, which the reviewer must settle. It stores nothing; the file is saved by the person.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import '../files/file-drop';
import { save } from '../files/save';
import { competencyName, type Code } from '../languages/text';
import { levelsThatCount } from '../report/counted';
import { isoDay } from '../report/report';
import '../result/correction';
import { sealed } from './chain';
import './notes-view';
import { corrected, openHandOver, type Opened } from './open';
import { WORDS } from './words';

export class SalesMirrorAnswer extends LitElement {
  static override styles = [base];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    file: { state: true },
    trouble: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare private file: Opened | null;
  declare private trouble: Trouble | null;

  constructor() {
    super();
    this.language = 'en';
    this.file = null;
    this.trouble = null;
  }

  private async take([chosen]: readonly File[]): Promise<void> {
    if (!chosen) return;
    this.trouble = null;
    try {
      this.file = await openHandOver(chosen, this.rubric);
      this.tell(this.file);
      emit(this, 'activity', { what: 'opened', form: 'json', results: this.file.results });
    } catch (thrown) {
      this.trouble = asTrouble(thrown, 'handover_invalid', chosen.name);
    }
  }

  /** Tells the page around the widget the levels of the latest text that a reviewer decided on. */
  private tell({ results }: Opened): void {
    const decided = results.filter(({ corrections }) => corrections.length > 0);
    const latest = decided.sort((a, b) => b.report.date.localeCompare(a.report.date))[0];
    if (latest) emit(this, 'sales-mirror-levels', levelsThatCount(latest, this.rubric, 'file'));
  }

  private readonly note = ({ detail: { report, note } }: EventOf<'note-added'>): void => {
    if (!this.file) return;
    const results = this.file.results.map((result) =>
      result.report.id === report ? { ...result, notes: [...(result.notes ?? []), note] } : result,
    );
    this.file = { ...this.file, results };
    emit(this, 'activity', {
      what: 'noted',
      results: results.filter((result) => result.report.id === report),
    });
  };

  private async save(file: Opened): Promise<void> {
    const content = await sealed(corrected([file], file.results));
    const name = `${WORDS[this.language].answeredFile}-${isoDay()}.json`;
    save(name, JSON.stringify(content, null, 1), 'application/json');
    emit(this, 'activity', { what: 'handed_over', form: 'json', results: file.results });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { file, trouble } = this;
    return html`
      <p>${words.answerLead}</p>
      <sales-mirror-file-drop
        .language=${this.language}
        .label=${words.answerChoose}
        .accept=${'.json'}
        @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.take(detail)}
      ></sales-mirror-file-drop>
      <div role="alert">
        ${trouble ? html`<p class="alert own">${worded(trouble, this.language)}</p>` : nothing}
      </div>
      ${file ? this.renderFile(file) : nothing}
    `;
  }

  private renderFile(file: Opened): TemplateResult {
    const words = WORDS[this.language];
    const { language, rubric } = this;
    const decided = file.results.flatMap((result) =>
      rubric.competencies
        .filter(({ id }) => result.corrections.some(({ competency }) => competency === id))
        .map(({ id }) => ({ id, result })),
    );
    return html`
      ${decided.length ? nothing : html`<p>${words.answerNone}</p>`}
      ${decided.map(
        ({ id, result }) => html`
          <p><strong>${competencyName(rubric, id, language)}</strong></p>
          <sales-mirror-correction
            .language=${language}
            .rubric=${rubric}
            .competency=${id}
            .result=${result}
          ></sales-mirror-correction>
        `,
      )}
      <sales-mirror-notes
        .language=${language}
        .rubric=${rubric}
        .results=${file.results}
        @note-added=${this.note}
      ></sales-mirror-notes>
      <button type="button" @click=${() => void this.save(file)}>${words.answerSave}</button>
    `;
  }
}

define('sales-mirror-answer', SalesMirrorAnswer);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-answer': SalesMirrorAnswer;
  }
}
