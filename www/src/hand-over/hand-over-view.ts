/** `<sales-mirror-hand-over>`: the person whose assessment it is chooses what goes into a hand-over file, and saves it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { scrolling } from '../component/motion';
import type { Rubric } from '../engine/contract';
import { save } from '../files/save';
import type { Code } from '../languages/text';
import { provenance } from '../report/provenance';
import { accounts, isoDay, type Note, type Result } from '../report/report';
import { dayAfter } from '../plan/plan';
import { labelledReports } from '../review/labelled';
import answer from './answer-view?chunk';
import { sealed } from './chain';
import { handOver, WRITER } from './hand-over';
import { suggestNames } from './names';
import './notes-view';
import { WORDS } from './words';

/** How many days a file may be opened unless the person chooses another day. */
const KEPT_DAYS = 180;

const styles = css`
  :host {
    margin-block: 0.75rem;
  }
  details {
    scroll-margin: 0.5rem;
  }
  form {
    margin-block-start: 0.5rem;
  }
  form > * + * {
    margin-block-start: 0.6rem;
  }
  .about {
    overflow-wrap: anywhere;
  }
  form input:not([type='checkbox']) {
    display: block;
    inline-size: 100%;
    margin-block-start: 0.25rem;
    max-inline-size: 30rem;
  }
`;

/** What was opened at the end of the panel comes into view with its button, where there is room. */
function shown({ target }: Event): void {
  const details = target as HTMLDetailsElement;
  if (details.open) details.scrollIntoView({ block: 'nearest', behavior: scrolling() });
}

export class SalesMirrorHandOver extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    withText: { state: true },
    replace: { state: true },
    notes: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  declare private withText: boolean;
  declare private replace: boolean;
  /** The person's notes, by the id of the report. */
  declare private notes: ReadonlyMap<string, readonly Note[]>;

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.withText = false;
    this.replace = true;
    this.notes = new Map();
  }

  private readonly save = (event: Event): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => ((data.get(name) as string | null) ?? '').trim();
    const names =
      this.withText && this.replace
        ? field('names')
            .split(/[,，、;；\n]/)
            .map((name) => name.trim())
            .filter(Boolean)
        : [];
    const choices = {
      ...{ person: field('person'), purpose: field('purpose'), audience: field('audience'), names },
      ...{ writer: WRITER, withText: this.withText, withSelf: data.has('self') },
      deleteBy: field('delete-by') || null,
    };
    const content = handOver(this.noted, this.rubric, choices, this.language);
    const who = choices.person.replace(/[^\p{L}\p{N}_-]+/gu, '-');
    const name = `${WORDS[this.language].file}-${who}-${isoDay()}.json`;
    void sealed(content).then((file) => {
      save(name, JSON.stringify(file, null, 1), 'application/json');
      emit(this, 'activity', { what: 'handed_over', form: 'json', results: this.results });
    });
  };

  /** The results with the notes that the person wrote on them. */
  private get noted(): readonly Result[] {
    return this.results.map((result) => {
      const notes = this.notes.get(result.report.id);
      return notes ? { ...result, notes: [...(result.notes ?? []), ...notes] } : result;
    });
  }

  private readonly note = ({ detail: { report, note } }: EventOf<'note-added'>): void => {
    this.notes = new Map([...this.notes, [report, [...(this.notes.get(report) ?? []), note]]]);
    const results = this.results.filter((result) => result.report.id === report);
    emit(this, 'activity', { what: 'noted', results });
  };

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const rated = this.results.some(({ self }) => self !== null);
    const corrected = this.results.some(({ corrections, report }) => corrections.length > 0 && report.text);
    const refused = this.results.length - accounts(this.results).length;
    const found = this.results.flatMap(({ report, assessment }) => [
      ...assessment.speakers.map(({ name }) => name),
      ...suggestNames(report.text),
    ]);
    const names = [...new Set(found)];
    const check = (label: string, checked: boolean, change: (to: boolean) => void) => html`
      <label class="check">
        <input
          type="checkbox"
          .checked=${checked}
          @change=${(event: Event) => {
            change((event.target as HTMLInputElement).checked);
          }}
        />
        ${label}
      </label>
    `;
    return html`
      <details class="no-print" @toggle=${shown}>
        <summary>${words.title}</summary>
        <form class="card" @submit=${this.save}>
          <p>${words.lead}</p>
          ${refused ? html`<p>${words.refused(refused)}</p>` : nothing}
          <div>
            <label for="person">${words.person}</label>
            <input id="person" name="person" required autocomplete="off" />
          </div>
          ${check(words.withText, this.withText, (to) => (this.withText = to))}
          ${
            this.withText
              ? html`
                  ${check(words.replace, this.replace, (to) => (this.replace = to))}
                  ${
                    this.replace
                      ? html`
                          <div>
                            <label for="names">${words.names}</label>
                            <input
                              id="names"
                              class="own"
                              name="names"
                              .value=${names.join(', ')}
                              aria-describedby="names-hint"
                              autocomplete="off"
                            />
                            <p id="names-hint" class="quiet">${words.namesHint}</p>
                          </div>
                        `
                      : nothing
                  }
                `
              : nothing
          }
          ${rated ? html`<label class="check"><input type="checkbox" name="self" checked /> ${words.withSelf}</label>` : nothing}
          <div>
            <label for="purpose">${words.purpose}</label>
            <input id="purpose" name="purpose" maxlength="200" autocomplete="off" />
          </div>
          <div>
            <label for="audience">${words.audience}</label>
            <input id="audience" name="audience" maxlength="200" autocomplete="off" />
          </div>
          <div>
            <label for="delete-by">${words.deleteBy}</label>
            <input
              id="delete-by"
              name="delete-by"
              type="date"
              min=${isoDay()}
              value=${dayAfter(isoDay(), KEPT_DAYS)}
              aria-describedby="delete-by-hint"
            />
            <p id="delete-by-hint" class="quiet">${words.deleteByHint}</p>
          </div>
          <button type="submit">${words.save}</button>
          <ul class="quiet own about">
            ${provenance(
              this.results.map(({ assessment }) => assessment),
              this.language,
            ).map((line) => html`<li>${line}</li>`)}
          </ul>
        </form>
        <p><strong>${words.notes}</strong></p>
        <sales-mirror-notes
          .language=${this.language}
          .rubric=${this.rubric}
          .results=${this.noted}
          @note-added=${this.note}
        ></sales-mirror-notes>
      </details>
      ${
        corrected
          ? html`
              <p class="row no-print">
                <button
                  type="button"
                  class="small"
                  @click=${() => {
                    save(
                      `${words.labelledFile}-${isoDay()}.jsonl`,
                      labelledReports(this.results, this.rubric),
                      'application/x-ndjson',
                    );
                    emit(this, 'activity', { what: 'exported', form: 'jsonl', results: this.results });
                  }}
                >
                  ${words.labelled}
                </button>
                <span class="quiet">${words.labelledHint}</span>
              </p>
            `
          : nothing
      }
      <details
        class="no-print"
        @toggle=${() => {
          // Few people ever open a corrected file.
          void answer().catch(() => undefined);
        }}
      >
        <summary>${words.answerTitle}</summary>
        <sales-mirror-answer
          .language=${this.language}
          .rubric=${this.rubric}
          @activity=${({ detail }: EventOf<'activity'>) => {
            emit(this, 'activity', detail);
          }}
        ></sales-mirror-answer>
      </details>
    `;
  }
}

define('sales-mirror-hand-over', SalesMirrorHandOver);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-hand-over': SalesMirrorHandOver;
  }
}
