/**
 * `<sales-mirror-file-readings>`: reads files, says what was assumed and what was left out, and asks what only the person
 * can decide. What it reads it passes on as reports; when a choice changes them, it passes on those that they replace.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { asTrouble, Trouble, type TroubleCode } from '../failure/trouble';
import { worded } from '../failure/words';
import type { Code } from '../languages/text';
import { isoDay, newId, type Kind, type Report } from '../report/report';
import type { Encoding } from './encoding';
import { styles } from './file-readings.styles';
import { readFile } from './read';
import type { Choices, DateOrder, Note, Option, Question, Reading } from './reading';
import { WORDS } from './words';

/** A file that was chosen, and what has come of it. */
interface Source {
  readonly file: File;
  /** The kind of text that was chosen when the file was. */
  readonly kind: Kind;
  readonly choices: Choices;
  readonly reading?: Reading;
  readonly trouble?: Trouble;
  /** The reports that were passed on. */
  readonly reports: readonly Report[];
}

export class SalesMirrorFileReadings extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    sources: { state: true },
    progress: { state: true },
  };

  declare language: Code;
  declare private sources: readonly Source[];
  /** What is being read, and how far. */
  declare private progress: { readonly name: string; readonly done?: number; readonly total?: number } | null;

  constructor() {
    super();
    this.language = 'en';
    this.sources = [];
    this.progress = null;
  }

  /** Reads files one after the other, and passes all their reports on at once. The notes on earlier files go. */
  async take(files: readonly File[], kind: Kind): Promise<void> {
    this.sources = [];
    const sources: Source[] = [];
    for (const file of files) sources.push(await this.read({ file, kind, choices: {}, reports: [] }));
    this.sources = sources;
    const reports = sources.flatMap((source) => source.reports);
    if (reports.length) emit(this, 'files-read', { reports, replaces: [] });
  }

  /** Says why there is nothing to read. */
  tell(code: TroubleCode): void {
    const trouble = new Trouble(code, 'nothing to read');
    const file = new File([], '');
    this.sources = [{ file, kind: 'other', choices: {}, trouble, reports: [] }];
  }

  private async read({ file, kind, choices }: Source): Promise<Source> {
    const { name } = file;
    this.progress = { name };
    try {
      const reading = await readFile(file, choices, (done, total) => {
        this.progress = { name, done, total };
      });
      return { file, kind, choices, reading, reports: asReports(reading, kind) };
    } catch (thrown) {
      return { file, kind, choices, trouble: asTrouble(thrown, 'file_unreadable', name), reports: [] };
    } finally {
      this.progress = null;
    }
  }

  /** Reads a file again as the person chose. */
  private async choose(source: Source, choice: Choices): Promise<void> {
    // Another encoding may give the table other columns.
    const kept = choice.encoding ? {} : source.choices;
    const again = await this.read({ ...source, choices: { ...kept, ...choice } });
    this.sources = this.sources.map((other) => (other.file === source.file ? again : other));
    emit(this, 'files-read', { reports: again.reports, replaces: source.reports });
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { progress } = this;
    const failed = this.sources.filter(({ trouble }) => trouble);
    const said = this.sources.filter(
      ({ reading }) => reading && (reading.notes.length > 0 || reading.questions.length > 0),
    );
    return html`
      <div role="status" class="quiet">
        ${
          progress
            ? progress.total
              ? words.page(progress.name, (progress.done ?? 0) + 1, progress.total)
              : words.reading(progress.name)
            : nothing
        }
      </div>
      <div role="alert">
        ${failed.map(({ trouble }) => trouble && html`<p class="alert trouble">${worded(trouble, this.language)}</p>`)}
      </div>
      <div role="status" aria-label=${words.title}>${said.map((source) => this.renderSource(source))}</div>
    `;
  }

  private renderSource(source: Source): TemplateResult {
    const words = WORDS[this.language];
    const { file, reading } = source;
    const questions = reading?.questions ?? [];
    const waits = questions.some(({ value }) => value === undefined);
    return html`
      <section class="card reading" aria-label=${file.name}>
        <div class="row spread">
          <h2 class="own">${file.name}</h2>
          ${
            waits
              ? nothing
              : html`
                  <button
                    type="button"
                    class="small"
                    aria-label=${words.dismiss(file.name)}
                    @click=${() => (this.sources = this.sources.filter((other) => other !== source))}
                  >
                    ×
                  </button>
                `
          }
        </div>
        ${
          reading?.notes.length
            ? html`<ul>
                ${reading.notes.map((note) => html`<li>${this.say(note)}</li>`)}
              </ul>`
            : nothing
        }
        ${questions.map((question) => this.renderQuestion(source, question))}
        ${waits ? html`<p class="quiet">${words.waiting}</p>` : nothing}
      </section>
    `;
  }

  private say({ code, count = 0, about = '' }: Note): string {
    return WORDS[this.language].notes[code](count, about);
  }

  private renderQuestion(source: Source, question: Question): TemplateResult {
    const words = WORDS[this.language];
    const { ask, value, options, preview } = question;
    const hint = { encoding: words.encodingHint, column: words.columnHint, dates: words.datesHint }[ask];
    const id = `${ask}-${this.sources.indexOf(source)}`;
    return html`
      <div class="question">
        ${
          preview
            ? html`<p class="quiet">${hint}</p>
                <p class="preview own">${preview}</p>`
            : nothing
        }
        <label for=${id}>${words[ask]}</label>
        <select
          id=${id}
          @change=${(event: Event) => {
            const chosen = (event.target as HTMLSelectElement).value;
            const option = options.find((other) => String(other.value) === chosen);
            if (option) void this.choose(source, { [ask]: option.value });
          }}
        >
          ${value === undefined ? html`<option value="" selected disabled>${words.choose}</option>` : nothing}
          ${options.map(
            (option) => html`
              <option class="own" value=${option.value} ?selected=${option.value === value}>
                ${this.label(ask, option)}
              </option>
            `,
          )}
        </select>
      </div>
    `;
  }

  private label(ask: keyof Choices, { value, label }: Option): string {
    const words = WORDS[this.language];
    if (label !== undefined) return label;
    if (ask === 'encoding') return words.encodings[value as Encoding];
    return ask === 'dates' ? words.orders[value as DateOrder] : words.whole;
  }
}

function asReports({ texts }: Reading, kind: Kind): Report[] {
  return texts.map((found) => ({
    id: newId(),
    name: found.name,
    kind: found.kind ?? kind,
    text: found.text.trim(),
    date: found.date ?? isoDay(),
  }));
}

define('sales-mirror-file-readings', SalesMirrorFileReadings);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-file-readings': SalesMirrorFileReadings;
  }
}
