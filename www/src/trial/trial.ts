/**
 * `<sales-mirror-trial>`: the page on which a company compares the model with marks of its own people. It owns the files that
 * were opened, the marks that a rater gives here, the model's assessments and what came of comparing them; all of that only in
 * memory. marks.ts unites the texts, evaluation.ts and verdict.ts judge, setup.ts and results.ts show.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { charts } from '../charts/charts.styles';
import { base } from '../component/base';
import { define } from '../component/define';
import type { EventOf, FileRead } from '../component/events';
import { InPieces } from '../component/in-pieces';
import { languageStyles } from '../component/language-switch';
import { LeavingController } from '../component/leaving-controller';
import { focusHeading, nextTask } from '../component/motion';
import { printAlone } from '../component/printing';
import { theme } from '../component/theme';
import { asFailure, type AssessProgress, type Assessment, type Rubric } from '../engine/contract';
import { ACCEPT } from '../files/accept';
import '../files/file-drop';
import '../files/file-readings';
import { dropped, hasFolder, texts as textsOf } from '../files/folder';
import { save } from '../files/save';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import { isoDay, newReport } from '../report/report';
import '../result/marked-text';
import type { Skipped } from '../sales-mirror/assessment-controller';
import { DataController } from '../sales-mirror/data-controller';
import { FailureController } from '../sales-mirror/failure-controller';
import { header } from '../sales-mirror/header';
import { LoadingController } from '../sales-mirror/loading-controller';
import { styles as frame } from '../sales-mirror/sales-mirror.styles';
import { status } from '../sales-mirror/status';
import './blind-marks';
import { evaluate, type CaseKind, type Evaluation, type Judged } from './evaluation';
import { figuresTable, marksTable, ownMarks, template } from './export';
import {
  guessColumns,
  isUsable,
  ratersOf,
  unite,
  type Columns,
  type MarkedTable,
  type Marks,
  type TrialText,
  type United,
} from './marks';
import {
  aboutTrial,
  calibration,
  overall,
  raters,
  slicesBy,
  verdictCard,
  worstCases,
  type TrialScene,
} from './results';
import { columnsOf, howItLooks, problemList } from './setup';
import { styles } from './trial.styles';
import { ENOUGH, verdictOf } from './verdict';
import { WORDS } from './words';

/** URL of the folder of this script; the models lie beside it. */
const HOME = new URL(/* @vite-ignore */ '.', import.meta.url).href;

/** How many sections a result has below its verdict. */
const SECTIONS = 8;

/** How many texts are assessed in one go: what was read before the person cancels is kept. */
const BATCH = 16;

export class SalesMirrorTrial extends LitElement {
  static override styles = [base, charts, theme, languageStyles, frame, styles];

  static override properties = {
    lang: { type: String, reflect: true },
    model: { type: String },
    modelKey: { type: String, attribute: 'model-key' },
    rubric: { type: String },
    workers: { type: Number },
    documents: { state: true },
    tables: { state: true },
    rater: { state: true },
    blind: { state: true },
    own: { state: true },
    saved: { state: true },
    enough: { state: true },
    running: { state: true },
    progress: { state: true },
    cancelled: { state: true },
    skipped: { state: true },
    result: { state: true },
    kind: { state: true },
    opened: { state: true },
    raterMissing: { state: true },
  };

  declare lang: string;
  declare model: string;
  declare modelKey: string;
  declare rubric: string;
  declare workers: number | undefined;
  /** Nothing but the model and its rubric is loaded. */
  readonly mode = 'headless';
  readonly profile = '';
  readonly questions = '';
  readonly development = '';
  /** Files with texts. */
  declare private documents: readonly FileRead[];
  declare private tables: readonly MarkedTable[];
  /** The name of the rater who marks here. */
  declare private rater: string;
  /** Whether texts are being marked; everything that could tell a level is hidden meanwhile. */
  declare private blind: boolean;
  /** The marks that were given here, by rater and by the key of the text. */
  declare private own: ReadonlyMap<string, ReadonlyMap<string, Marks>>;
  /** The marks that were saved last. */
  declare private saved: ReadonlyMap<string, ReadonlyMap<string, Marks>>;
  declare private enough: number;
  declare private running: 'reading' | 'computing' | null;
  declare private progress: AssessProgress | undefined;
  /** How many texts were read when the person cancelled. */
  declare private cancelled: { readonly read: number; readonly all: number } | null;
  declare private skipped: readonly Skipped[];
  declare private result: { readonly judged: readonly Judged[]; readonly evaluation: Evaluation } | null;
  declare private kind: CaseKind;
  /** The cases that were opened. */
  declare private opened: ReadonlySet<string>;
  declare private raterMissing: boolean;
  /** What the model said of each text, by its key. */
  private readonly assessments = new Map<string, Assessment>();
  private united: United = { texts: [], problems: [] };
  /** The files of folders that are being dropped, in the place of what the browser hands over of them. */
  private folder: Promise<File[]> | undefined;
  private stop = new AbortController();
  /** The sections of the result are long; each is rendered in a task of its own. */
  private readonly pieces = new InPieces(this, () => (this.result ? SECTIONS : 0), 1);

  private readonly failures = new FailureController(this);
  private readonly data = new DataController(this, HOME);
  private readonly loading = new LoadingController(this, HOME, this.data, this.failures);

  constructor() {
    super();
    this.lang = '';
    this.model = '';
    this.modelKey = '';
    this.rubric = '';
    this.documents = [];
    this.tables = [];
    this.rater = '';
    this.blind = false;
    this.own = new Map();
    this.saved = new Map();
    this.enough = ENOUGH;
    this.running = null;
    this.progress = undefined;
    this.cancelled = null;
    this.skipped = [];
    this.result = null;
    this.kind = 'levels';
    this.opened = new Set();
    this.raterMissing = false;
    new LeavingController(
      this,
      () => false,
      () => this.isUnsaved,
    );
  }

  override connectedCallback(): void {
    this.lang ||= strings(document.documentElement.lang || navigator.language).code;
    super.connectedCallback();
  }

  private get code(): Code {
    return strings(this.lang).code;
  }

  private get words() {
    return WORDS[this.code];
  }

  private get isUnsaved(): boolean {
    return [...this.own].some(([rater, marks]) => marks.size > 0 && this.saved.get(rater) !== marks);
  }

  /** The texts with all marks, those that were given here too. */
  private get texts(): readonly TrialText[] {
    return this.united.texts.map((text) => {
      const given = [...this.own].flatMap(([rater, marks]) => {
        const own = marks.get(text.key);
        return own && Object.keys(own).length ? [[rater, own] as const] : [];
      });
      return given.length ? { ...text, raters: new Map([...text.raters, ...given]) } : text;
    });
  }

  /** Reads files, or those of the folder that was dropped. */
  private take(files: readonly File[]): void {
    const wanted = this.folder ?? Promise.resolve(files);
    this.folder = undefined;
    void wanted.then((found) => {
      const readings = this.renderRoot.querySelector('sales-mirror-file-readings');
      if (found.length === 0) readings?.tell('file_empty');
      else void readings?.take(found, 'other');
    });
  }

  private readonly takeRead = ({ detail }: EventOf<'files-read'>): void => {
    const { rubric } = this.data;
    if (!rubric) return;
    const again = new Set(detail.files.map(({ file }) => file));
    const tables = detail.files.flatMap(({ file, cells }): MarkedTable[] =>
      cells ? [{ file, cells, columns: guessColumns(cells, rubric) }] : [],
    );
    this.documents = [
      ...this.documents.filter(({ file }) => !again.has(file)),
      ...detail.files.filter(({ cells }) => !cells),
    ];
    this.tables = [...this.tables.filter(({ file }) => !again.has(file)), ...tables];
  };

  private changeColumns(table: MarkedTable, columns: Columns): void {
    this.tables = this.tables.map((other) => (other === table ? { ...table, columns } : other));
  }

  private removeAll(): void {
    this.documents = [];
    this.tables = [];
    this.assessments.clear();
  }

  private async beginMarking(): Promise<void> {
    this.raterMissing = !this.rater.trim();
    if (this.raterMissing) {
      this.renderRoot.querySelector<HTMLElement>('#rater')?.focus();
      return;
    }
    this.rater = this.rater.trim();
    this.blind = true;
    await this.updateComplete;
    await this.renderRoot.querySelector('sales-mirror-blind-marks')?.announce();
  }

  private async endMarking(): Promise<void> {
    this.blind = false;
    await focusHeading(this, '#blind');
  }

  private saveMarks(rubric: Rubric): void {
    const marks = this.own.get(this.rater) ?? new Map<string, Marks>();
    const table = ownMarks(this.united.texts, marks, this.rater, rubric, this.code);
    save(`${this.words.marksFile}-${this.rater}-${isoDay()}.csv`, table, 'text/csv');
    this.saved = new Map([...this.saved, [this.rater, marks]]);
  }

  /** Has the model read the texts that have marks, and compares. Texts that it has read before are not read again. */
  private async compare(): Promise<void> {
    const marked = this.texts.filter(({ raters }) => raters.size > 0);
    if (this.running || marked.length === 0) return;
    const stop = (this.stop = new AbortController());
    this.failures.clear();
    this.result = null;
    this.cancelled = null;
    this.skipped = [];
    this.running = 'reading';
    try {
      await this.loading.load();
      const { rubric } = this.data;
      if (!rubric) return;
      const skipped = await this.read(marked, stop.signal);
      this.skipped = skipped;
      this.running = 'computing';
      const judged = marked.flatMap((text): Judged[] => {
        const assessment = this.assessments.get(text.key);
        return assessment ? [{ text, assessment }] : [];
      });
      const evaluation = await evaluate(judged, rubric, stop.signal);
      // What it looks like is a task of its own.
      await nextTask();
      this.result = { judged, evaluation };
      void focusHeading(this, '#result');
    } catch (thrown) {
      if (stop.signal.aborted) {
        const read = marked.filter(({ key }) => this.assessments.has(key)).length;
        this.cancelled = { read, all: marked.length };
      } else this.failures.show(thrown);
    } finally {
      this.running = null;
      this.progress = undefined;
    }
  }

  private async read(marked: readonly TrialText[], signal: AbortSignal): Promise<Skipped[]> {
    const skipped: Skipped[] = [];
    const missing = marked.filter(({ key }) => !this.assessments.has(key));
    const before = marked.length - missing.length;
    for (let from = 0; from < missing.length; from += BATCH) {
      signal.throwIfAborted();
      const batch = missing.slice(from, from + BATCH);
      const { engine } = this.loading;
      if (!engine) throw asFailure(undefined);
      const answers = await engine.assessAll(
        batch.map(({ text }) => ({ text })),
        ({ done }) => {
          this.progress = { done: before + from + done, total: marked.length };
        },
      );
      for (const [i, text] of batch.entries()) {
        const answer = answers[i];
        if (!answer) continue;
        if ('code' in answer) {
          const name = text.id || this.words.textNumber(marked.indexOf(text) + 1);
          skipped.push({ report: newReport(text.text, 'other', name), failure: answer });
        } else this.assessments.set(text.key, answer);
      }
    }
    return skipped;
  }

  private readonly cancel = (): void => {
    this.stop.abort();
    this.loading.cancel();
  };

  protected override willUpdate(changed: PropertyValues): void {
    const { rubric } = this.data;
    if (rubric && (changed.has('documents') || changed.has('tables')))
      this.united = unite(
        this.documents,
        this.tables.filter(({ columns }) => isUsable(columns)),
        rubric,
      );
    // Figures are those of the marks that are there.
    if (changed.has('documents') || changed.has('tables') || changed.has('own')) this.result = null;
    // Another model may have other levels.
    if (changed.has('model')) this.assessments.clear();
  }

  protected override render(): TemplateResult {
    const { code, words } = this;
    const { rubric } = this.data;
    return html`
      ${header(strings(code), words.lead, (to) => (this.lang = to))}
      <p class="quiet no-print">${words.privacyMore}</p>
      ${rubric ? (this.blind ? this.renderBlind(rubric) : this.renderTrial(rubric)) : this.renderStatus()}
    `;
  }

  /** What is going on, how far it has come, and what went wrong. */
  private renderStatus(): TemplateResult {
    if (this.running === 'computing')
      return html`<div class="status"><p role="status" class="quiet">${this.words.computing}</p></div>`;
    const { loading, data, failures, skipped, progress } = this;
    const assessment = {
      assessing: this.running === 'reading' && !loading.loading,
      progress: progress && { ...progress, several: true },
      ...{ result: undefined, skipped },
    };
    const going = { loading, assessment, rating: { asking: false }, data, failures };
    return status(going, strings(this.code), () => {
      if (data.rubric) void this.compare();
      // The controller shows why it failed.
      else loading.load().catch(() => undefined);
    });
  }

  private renderTrial(rubric: Rubric): TemplateResult {
    return html`
      <h2>${this.words.title}</h2>
      ${this.renderFiles(rubric)} ${this.renderMarking()} ${this.renderComparing()}
      ${this.result ? this.renderResult(rubric, this.result) : nothing}
    `;
  }

  private renderFiles(rubric: Rubric): TemplateResult {
    const { code, words, texts } = this;
    const marked = texts.filter(({ raters }) => raters.size > 0).length;
    const raters = ratersOf(texts);
    return html`
      <section class="setup">
        <h3>${words.filesTitle}</h3>
        <p>${words.filesLead}</p>
        <div
          @drop=${{
            handleEvent: ({ dataTransfer }: DragEvent) => {
              if (dataTransfer && hasFolder(dataTransfer))
                this.folder = dropped(dataTransfer).then((files) => textsOf(files, ACCEPT));
            },
            // Before the files are passed on.
            capture: true,
          }}
        >
          <sales-mirror-file-drop
            .language=${code}
            .label=${words.choose}
            .hint=${words.chooseHint}
            .accept=${ACCEPT}
            @files-chosen=${({ detail }: EventOf<'files-chosen'>) => {
              this.take(detail);
            }}
          ></sales-mirror-file-drop>
          <sales-mirror-file-drop
            folder
            .language=${code}
            .label=${words.chooseFolder}
            .hint=${words.folderHint}
            @files-chosen=${({ detail }: EventOf<'files-chosen'>) => {
              this.take(textsOf(detail, ACCEPT));
            }}
          ></sales-mirror-file-drop>
        </div>
        <sales-mirror-file-readings
          .language=${code}
          .cells=${true}
          @files-read=${this.takeRead}
        ></sales-mirror-file-readings>
        ${howItLooks(rubric, code, () => {
          save(`${words.templateFile}.csv`, template(rubric, code), 'text/csv');
        })}
        ${this.tables.map((table, i) =>
          columnsOf(table, i, rubric, code, (columns) => {
            this.changeColumns(table, columns);
          }),
        )}
        <div role="status">
          <p class="counts">${texts.length ? words.counts(texts.length, marked) : words.noTexts}</p>
          ${
            raters.length
              ? html`<ul class="lines">
                  ${raters.map((rater) => html`<li class="own">${words.raterCount(rater, texts.filter((text) => text.raters.has(rater)).length)}</li>`)}
                </ul>`
              : nothing
          }
        </div>
        ${problemList(this.united.problems, code)}
        ${
          this.documents.length || this.tables.length
            ? html`
                <button
                  type="button"
                  class="small"
                  @click=${() => {
                    this.removeAll();
                  }}
                >
                  ${words.removeAll}
                </button>
              `
            : nothing
        }
      </section>
    `;
  }

  private renderMarking(): TemplateResult {
    const { words } = this;
    return html`
      <section class="setup stack">
        <h3 id="blind" tabindex="-1">${words.blindTitle}</h3>
        <p>${words.blindLead}</p>
        <form
          class="row"
          @submit=${(event: Event) => {
            event.preventDefault();
            void this.beginMarking();
          }}
        >
          <label for="rater">${words.rater}</label>
          <input
            id="rater"
            autocomplete="off"
            maxlength="60"
            aria-describedby="rater-missing"
            aria-invalid=${String(this.raterMissing)}
            .value=${this.rater}
            @input=${(event: Event) => {
              this.rater = (event.target as HTMLInputElement).value;
              this.raterMissing = false;
            }}
          />
          <button type="submit" ?disabled=${this.united.texts.length === 0}>${words.begin}</button>
        </form>
        <p id="rater-missing" role="alert">${this.raterMissing ? words.raterMissing : nothing}</p>
        ${this.isUnsaved ? html`<p class="alert">${words.unsaved}</p>` : nothing}
      </section>
    `;
  }

  private renderBlind(rubric: Rubric): TemplateResult {
    const { code, words, rater } = this;
    const given = new Map(
      this.texts.flatMap(({ key, raters }) => {
        const marks = raters.get(rater);
        return marks ? [[key, marks] as const] : [];
      }),
    );
    const own = this.own.get(rater);
    return html`
      <h2>${words.blindTitle}</h2>
      <div class="row">
        <button type="button" @click=${() => void this.endMarking()}>← ${words.leave}</button>
        <button
          type="button"
          ?disabled=${!own?.size}
          @click=${() => {
            this.saveMarks(rubric);
          }}
        >
          ${words.saveMarks}
        </button>
      </div>
      <p class="quiet">${words.saveMarksHint}</p>
      <sales-mirror-blind-marks
        .language=${code}
        .rubric=${rubric}
        .texts=${this.united.texts}
        .rater=${rater}
        .given=${given}
        @own-marks=${({ detail }: EventOf<'own-marks'>) => {
          this.own = new Map([...this.own, [rater, detail]]);
        }}
      ></sales-mirror-blind-marks>
    `;
  }

  private renderComparing(): TemplateResult {
    const { words } = this;
    const marked = this.texts.some(({ raters }) => raters.size > 0);
    return html`
      <section class="setup stack">
        <h3>${words.compareTitle}</h3>
        <div class="row">
          <label for="enough">${words.enough}</label>
          <input
            id="enough"
            class="enough"
            type="number"
            min="0"
            max="1"
            step="0.05"
            aria-describedby="enough-hint"
            .value=${String(this.enough)}
            @change=${(event: Event) => {
              const value = (event.target as HTMLInputElement).valueAsNumber;
              if (value >= 0 && value <= 1) this.enough = value;
              else this.requestUpdate('enough');
            }}
          />
        </div>
        <p id="enough-hint" class="quiet">${words.enoughHint}</p>
        <div class="row">
          ${
            this.running
              ? html`<button type="button" @click=${this.cancel}>${strings(this.code).cancel}</button>`
              : html`
                  <button
                    type="button"
                    class="primary"
                    ?disabled=${!marked}
                    @click=${() => void this.compare()}
                  >
                    ${words.compare}
                  </button>
                `
          }
          ${marked ? nothing : html`<span class="quiet">${words.noMarks}</span>`}
        </div>
        ${this.renderStatus()}
        <p role="status" class="quiet">
          ${this.cancelled ? words.cancelled(this.cancelled.read, this.cancelled.all) : nothing}
        </p>
      </section>
    `;
  }

  private renderResult(
    rubric: Rubric,
    { judged, evaluation }: NonNullable<SalesMirrorTrial['result']>,
  ): TemplateResult {
    const { code, words } = this;
    const verdict = verdictOf(evaluation, this.enough);
    const scene: TrialScene = { language: code, rubric, judged, evaluation, verdict, opened: this.opened };
    const about = aboutTrial(scene);
    const open = (key: string) => (this.opened = new Set([...this.opened, key]));
    const sections: readonly (() => TemplateResult | typeof nothing)[] = [
      () => overall(scene),
      () => raters(scene),
      () => slicesBy(scene, 'competency'),
      () => html`${slicesBy(scene, 'group')} ${slicesBy(scene, 'language')}`,
      () => slicesBy(scene, 'length'),
      () => calibration(scene),
      () => worstCases(scene, this.kind, (kind) => (this.kind = kind), open),
      () => html`
        <section>
          <h3>${words.aboutTitle}</h3>
          <ul class="lines own">
            ${about.map((line) => html`<li>${line}</li>`)}
          </ul>
        </section>
      `,
    ];
    const button = (label: string, act: () => void) =>
      html`<button type="button" @click=${act}>${label}</button>`;
    return html`
      <section class="result">
        <h2 id="result" tabindex="-1">${words.resultTitle}</h2>
        ${verdictCard(scene)}
        <div class="row no-print">
          ${button(words.saveRows, () => {
            save(
              `${words.rowsFile}-${isoDay()}.csv`,
              marksTable(judged, rubric, evaluation.raters, about),
              'text/csv',
            );
          })}
          ${button(words.saveFigures, () => {
            save(`${words.figuresFile}-${isoDay()}.csv`, figuresTable(evaluation, about), 'text/csv');
          })}
          ${button(words.print, () => {
            const element = this.renderRoot.querySelector('.result');
            if (element) printAlone(element);
          })}
        </div>
        <p class="quiet no-print">${words.saveHint}</p>
        ${this.pieces.of(sections).map((section) => section())}
      </section>
    `;
  }
}

define('sales-mirror-trial', SalesMirrorTrial);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-trial': SalesMirrorTrial;
  }
}
