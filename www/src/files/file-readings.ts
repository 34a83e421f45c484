/**
 * `<sales-mirror-file-readings>`: reads files one after the other until the person cancels, says what was assumed and what
 * was left out, and asks what only the person can decide. What it reads it passes on as reports; when a choice changes
 * them, it passes on those that they replace.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type FileRead } from '../component/events';
import { nextTask } from '../component/motion';
import { asTrouble, Trouble, type TroubleCode } from '../failure/trouble';
import '../failure/reading-words';
import { worded } from '../failure/words';
import { colon, type Code } from '../languages/text';
import { isoDay, newId, type Kind, type Report } from '../report/report';
import { ACCEPT, isAccepted } from './accept';
import type { Encoding } from './encoding';
import { styles } from './file-readings.styles';
import { LimitExceeded, LIMITS } from './limits';
import { asName } from './name';
import { readFile } from './read';
import {
  isOpen,
  type Asked,
  type Choices,
  type DateOrder,
  type Note,
  type Option,
  type Question,
  type Reading,
} from './reading';
import { WORDS, type Progress } from './words';

/** How often the progress is told, in milliseconds: a screen reader announces it each time. */
const PACE = 500;

/** At most so many troubles, and so many files with notes, are shown. */
const SHOWN = 20;

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
    accept: { attribute: false },
    cells: { attribute: false },
    sources: { state: true },
    progress: { state: true },
    cancelled: { state: true },
  };

  declare language: Code;
  /** The extensions of files that are read, separated by commas. */
  declare accept: string;
  /** Whether tables are passed on as their cells, and not as the texts in them. */
  declare cells: boolean;
  declare private sources: readonly Source[];
  declare private progress: Progress | null;
  /** The number of files that were chosen but not read, as the person cancelled. */
  declare private cancelled: number;
  /** Ends the reading of all files that wait. */
  private stop = new AbortController();
  /** Files that are chosen while others are read come after them. */
  private queue: Promise<void> = Promise.resolve();
  private told = 0;

  constructor() {
    super();
    this.language = 'en';
    this.accept = ACCEPT;
    this.cells = false;
    this.sources = [];
    this.progress = null;
    this.cancelled = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.cancel();
  }

  /** Reads files one after the other, and passes all their reports on at once. The notes on earlier files go. */
  take(files: readonly File[], kind: Kind): Promise<void> {
    const { signal } = this.stop;
    const turn = this.queue.then(() => this.readAll(files, kind, signal));
    this.queue = turn;
    return turn;
  }

  /** Says why there is nothing to read. */
  tell(code: TroubleCode): void {
    this.sources = [unread(new File([], ''), 'other', new Trouble(code, 'nothing to read'))];
  }

  private readonly cancel = (): void => {
    this.stop.abort();
    this.stop = new AbortController();
  };

  private async readAll(files: readonly File[], kind: Kind, signal: AbortSignal): Promise<void> {
    this.sources = [];
    this.cancelled = 0;
    const sources: Source[] = [];
    let texts = 0;
    let characters = 0;
    for (const [i, file] of files.slice(0, LIMITS.files).entries()) {
      const place = { file: i + 1, files: files.length };
      const source = await this.read(
        { file, kind, choices: { cells: this.cells }, reports: [] },
        place,
        signal,
      );
      if (!source) {
        this.cancelled = files.length - i;
        break;
      }
      texts += source.reports.length;
      characters += source.reports.reduce((sum, { text }) => sum + text.length, 0);
      if (texts > LIMITS.reports || characters > LIMITS.allCharacters) {
        const limit = texts > LIMITS.reports ? 'reports' : 'allCharacters';
        const rest = files.slice(i, LIMITS.files);
        sources.push(
          ...rest.map((other) => unread(other, kind, new LimitExceeded(limit, asName(other.name)))),
        );
        break;
      }
      sources.push(source);
    }
    if (files.length > LIMITS.files) sources.push(unread(new File([], ''), kind, new LimitExceeded('files')));
    this.sources = sources;
    this.progress = null;
    const reports = sources.flatMap((source) => source.reports);
    const read = asFilesRead(sources);
    if (read.length) emit(this, 'files-read', { reports, replaces: [], files: read });
  }

  /** Undefined if the person has cancelled. */
  private async read(
    { file, kind, choices }: Source,
    place: Pick<Progress, 'file' | 'files'>,
    signal: AbortSignal,
  ): Promise<Source | undefined> {
    const name = asName(file.name);
    // By default everything is let through, so that a reader can say what to do about a file that it does not know.
    if (this.accept !== ACCEPT && !isAccepted(file.name, this.accept))
      return unread(file, kind, new Trouble('file_not_allowed', this.accept, name));
    this.say({ ...place, name });
    try {
      const reading = await readFile(
        file,
        choices,
        (done, total) => {
          this.say({ ...place, name, done, total });
        },
        signal,
      );
      return { file, kind, choices, reading, reports: asReports(reading, kind) };
    } catch (thrown) {
      if (signal.aborted) return undefined;
      return unread(file, kind, asTrouble(thrown, 'file_unreadable', name));
    } finally {
      // The page works between two files.
      await nextTask();
    }
  }

  private say(progress: Progress): void {
    const now = Date.now();
    if (this.progress && now - this.told < PACE) return;
    this.told = now;
    this.progress = progress;
  }

  /** Reads a file again as the person chose. */
  private async choose(source: Source, choice: Choices): Promise<void> {
    // Another encoding may give the table other columns.
    const kept = choice.encoding ? { cells: this.cells } : source.choices;
    const changed = { ...source, choices: { ...kept, ...choice } };
    const again = await this.read(changed, { file: 1, files: 1 }, this.stop.signal);
    this.progress = null;
    if (!again) return;
    this.sources = this.sources.map((other) => (other.file === source.file ? again : other));
    const { reports } = again;
    emit(this, 'files-read', { reports, replaces: source.reports, files: asFilesRead([again]) });
  }

  protected override updated(changed: PropertyValues): void {
    // The button that had the focus is gone.
    if (changed.has('cancelled') && this.cancelled)
      this.renderRoot.querySelector<HTMLElement>('.cancelled')?.focus();
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const troubles = this.sources.flatMap(({ trouble }) => trouble ?? []);
    const said = this.sources.filter(
      ({ reading }) => reading && (reading.notes.length > 0 || reading.questions.length > 0),
    );
    const waiting = said.filter(({ reading }) => isOpen(reading?.questions ?? []));
    const others = said.filter((source) => !waiting.includes(source)).slice(0, SHOWN);
    return html`
      ${this.renderProgress()}
      <div role="status">
        ${this.cancelled ? html`<p class="quiet cancelled" tabindex="-1">${words.cancelled(this.cancelled)}</p>` : nothing}
      </div>
      <div role="alert">
        ${troubles.slice(0, SHOWN).map((trouble) => html`<p class="alert trouble">${reason(trouble, this.language)}</p>`)}
        ${troubles.length > SHOWN ? html`<p class="alert trouble">${words.moreTroubles(troubles.length - SHOWN)}</p>` : nothing}
      </div>
      <div role="status" aria-label=${words.title}>
        ${[...waiting.slice(0, SHOWN), ...others].map((source) => this.renderSource(source))}
      </div>
    `;
  }

  private renderProgress(): TemplateResult {
    const words = WORDS[this.language];
    const { progress } = this;
    return html`
      <div class="row">
        <div role="status" class="quiet">${progress ? words.progress(progress) : nothing}</div>
        ${
          progress
            ? html`<button type="button" class="small cancel" @click=${this.cancel}>${words.cancel}</button>`
            : nothing
        }
      </div>
    `;
  }

  private renderSource(source: Source): TemplateResult {
    const words = WORDS[this.language];
    const { file, reading } = source;
    const questions = reading?.questions ?? [];
    const waits = isOpen(questions);
    const name = asName(file.name);
    return html`
      <section class="card reading" aria-label=${name}>
        <div class="row spread">
          <h2 class="own">${name}</h2>
          ${
            waits
              ? nothing
              : html`
                  <button
                    type="button"
                    class="small"
                    aria-label=${words.dismiss(name)}
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
                ${reading.notes.map((note) => html`<li>${this.note(note)}</li>`)}
              </ul>`
            : nothing
        }
        ${questions.map((question) => this.renderQuestion(source, question))}
        ${waits ? html`<p class="quiet">${words.waiting}</p>` : nothing}
      </section>
    `;
  }

  private note({ code, count = 0, about = '' }: Note): string {
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

  private label(ask: Asked, { value, label }: Option): string {
    const words = WORDS[this.language];
    if (label !== undefined) return label;
    if (ask === 'encoding') return words.encodings[value as Encoding];
    return ask === 'dates' ? words.orders[value as DateOrder] : words.whole;
  }
}

function unread(file: File, kind: Kind, trouble: Trouble): Source {
  return { file, kind, choices: {}, trouble, reports: [] };
}

/** What went wrong with a file, and what to do about it. */
function reason(trouble: Trouble, language: Code): string {
  if (!(trouble instanceof LimitExceeded)) return worded(trouble, language);
  const sentences = WORDS[language].limits[trouble.limit];
  return trouble.about ? trouble.about + colon(language) + sentences : sentences;
}

/** What came of the files that could be read and wait for no answer. */
function asFilesRead(sources: readonly Source[]): FileRead[] {
  return sources.flatMap(({ file, reading, reports }) =>
    reports.length || reading?.cells ? [{ file, reports, cells: reading?.cells }] : [],
  );
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
