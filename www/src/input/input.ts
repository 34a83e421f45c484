/**
 * `<sales-mirror-input>`: texts are typed, pasted, dropped or chosen as files. It owns the form and shows the list of
 * reports; assessing them is left to its parent.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventDetails, type EventOf } from '../component/events';
import { InPieces } from '../component/in-pieces';
import { nextTask } from '../component/motion';
import type { EvidencePlace } from '../editor/editor';
import { marksOf, type EditorMark } from '../editor/pieces';
import { asFailure, type Part, type Rubric } from '../engine/contract';
import { ACCEPT } from '../files/accept';
import '../files/file-drop';
import fileReadings from '../files/file-readings?chunk';
import { icon, Pause, Play } from '../icons/icon';
import type { Strings } from '../languages';
import { colon, day } from '../languages/text';
import {
  asKind,
  isoDay,
  KINDS,
  newReport,
  type Kind,
  type Origin,
  type Report,
  type Result,
} from '../report/report';
import { samplesFor, textOf, type Sample } from '../samples/samples';
import { styles } from './input.styles';
import { writingAids } from '../component/writing-aids';

const NONE: readonly Part[] = [];

/** Everything that a person has put in. */
interface Draft {
  readonly text: string;
  readonly origin: Origin | null;
  readonly kind: Kind;
  readonly reports: readonly Report[];
}

export class SalesMirrorInput extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    words: { attribute: false },
    text: { attribute: false },
    origin: { attribute: false },
    kind: { attribute: false },
    reports: { attribute: false },
    busy: { type: Boolean },
    disabled: { type: Boolean },
    live: { attribute: false },
    accept: { attribute: false },
    asks: { attribute: false },
    candidate: { type: Boolean },
    aids: { type: Boolean },
    restored: { type: Boolean },
    rubric: { attribute: false },
    result: { attribute: false },
    only: { attribute: false },
    earlier: { state: true },
  };

  declare words: Strings;
  declare text: string;
  /** The file that the text was read from, if any. */
  declare origin: Origin | null;
  declare kind: Kind;
  /** The reports beside the one in the text area. */
  declare reports: readonly Report[];
  declare busy: boolean;
  declare disabled: boolean;
  /** Whether levels are updated while a person types; undefined if the company has turned that off. */
  declare live: boolean | undefined;
  /** The extensions of files that may be opened; empty for all that can be read. */
  declare accept: string;
  /** Whether a self-rating comes before the first result; undefined if there is no such choice. */
  declare asks: boolean | undefined;
  declare candidate: boolean;
  /** Whether spell checkers in the cloud and writing assistants may read the text area. */
  declare aids: boolean;
  /** Whether the text was typed before the page was left. */
  declare restored: boolean;
  declare rubric: Rubric | undefined;
  /** The result whose evidence is marked in the text area; undefined to mark nothing. */
  declare result: Result | undefined;
  /** The competency whose evidence alone is marked; null for all. */
  declare only: string | null;
  /** What was there before something other than typing replaced it. */
  declare private earlier: Draft | null;
  /** Whether an input method is composing characters that are not yet part of the text. */
  private composing = false;
  /** Whether a person typed since something else replaced the text. */
  private touched = true;
  private marks: readonly EditorMark[] = [];
  private readonly pieces = new InPieces(this, () => this.reports.length);

  constructor() {
    super();
    this.text = '';
    this.origin = null;
    this.kind = 'other';
    this.reports = [];
    this.busy = false;
    this.disabled = false;
    this.live = true;
    this.accept = '';
    this.candidate = false;
    this.aids = false;
    this.restored = false;
    this.only = null;
    this.earlier = null;
  }

  /** The text area, once there is one. */
  get field(): HTMLTextAreaElement | undefined {
    return this.renderRoot.querySelector('textarea') ?? undefined;
  }

  /** Moves the caret to a piece of evidence of the result, scrolls to it and opens its card. */
  async reveal(evidence: EvidencePlace): Promise<void> {
    await this.updateComplete;
    await customElements.whenDefined('sales-mirror-editor');
    await this.renderRoot.querySelector('sales-mirror-editor')?.reveal(evidence);
  }

  /**
   * Reads files. The element for that is loaded with the first of them, as the readers are. No files come from a mail
   * program that has none to give.
   */
  async take(files: readonly File[]): Promise<void> {
    if (this.disabled) return;
    try {
      await fileReadings();
    } catch (failure) {
      emit(this, 'part-missing', asFailure(failure));
      return;
    }
    const readings = this.renderRoot.querySelector('sales-mirror-file-readings');
    if (files.length) await readings?.take(files, this.kind);
    else readings?.tell('mail_unsaved');
  }

  /** Puts a sample into the text area, in the place of what is there, which can be brought back. */
  async sample(sample: Sample): Promise<void> {
    try {
      const text = await textOf(sample);
      this.replace({ text, origin: null, kind: sample.kind, reports: this.reports });
    } catch (failure) {
      emit(this, 'part-missing', asFailure(failure));
    }
  }

  /**
   * Takes the reports of files. A single one fills the text area if that is empty or holds what it replaces; otherwise
   * they join the list.
   */
  private receive({ reports, replaces }: EventDetails['files-read']): void {
    const others = this.reports.filter((report) => !replaces.some(({ id }) => id === report.id));
    const replaced = replaces.some(({ text }) => text === this.text);
    const [only] = reports;
    if (only && reports.length === 1 && others.length === 0 && (replaced || !this.text.trim())) {
      const { text, kind, name, date } = only;
      this.replace({ text, kind, origin: { name, date }, reports: others });
    } else {
      const { text, origin } = this;
      this.replace({
        ...(replaced ? { text: '', origin: null } : { text, origin }),
        kind: this.kind,
        reports: [...others, ...reports],
      });
    }
  }

  /** Puts something else in the place of what is there, which can be brought back. */
  private replace(draft: Draft): void {
    const { text, origin, kind, reports } = this;
    this.earlier = { text, origin, kind, reports };
    this.touched = false;
    if (draft.kind !== kind) emit(this, 'kind-change', draft.kind);
    if (draft.text !== text) {
      emit(this, 'text-change', draft.text);
      emit(this, 'origin-change', draft.origin);
    }
    const same =
      draft.reports.length === reports.length && draft.reports.every((report, i) => report === reports[i]);
    if (!same) emit(this, 'reports-change', draft.reports);
  }

  /** Brings back what was there before; doing so again brings back what is there now. */
  private readonly undo = (): void => {
    if (this.earlier) this.replace(this.earlier);
    this.field?.focus();
  };

  private readonly composed = (event: CompositionEvent): void => {
    this.composing = event.type === 'compositionstart';
    // Browsers differ in whether an input event follows the end.
    if (!this.composing) this.typed();
  };

  private readonly typed = (): void => {
    const value = this.field?.value ?? '';
    if (this.composing || value === this.text) return;
    this.touched = true;
    emit(this, 'text-change', value);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.isComposing || this.composing) return;
    if (event.key === 'Enter') emit(this, 'start');
    // The browser's own history does not know of texts that were not typed.
    if (event.key === 'z' && !event.shiftKey && this.earlier && !this.touched) {
      event.preventDefault();
      this.undo();
    }
  };

  private readonly pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData?.getData('text/plain')) return;
    event.preventDefault();
    void this.take(files);
  };

  /** At the click, as a frame in a sandbox without `allow-forms` submits no form. */
  private readonly assess = (event: Event): void => {
    event.preventDefault();
    emit(this, 'start');
  };

  /** Moves the text from the text area to the list. */
  private readonly add = (): void => {
    const report = newReport(this.text, this.kind, this.origin?.name, this.origin?.date);
    this.replace({ text: '', origin: null, kind: this.kind, reports: [...this.reports, report] });
    this.field?.focus();
  };

  private list(reports: readonly Report[]): void {
    const { text, origin, kind } = this;
    this.replace({ text, origin, kind, reports });
  }

  private get count(): number {
    return this.reports.length + (this.text.trim() ? 1 : 0);
  }

  /** The first rendering is a task of its own, so that no task is long. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  /** Until then the parent shows nothing below, which would have to move. */
  protected override firstUpdated(): void {
    this.setAttribute('rendered', '');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result')) this.marks = this.result ? marksOf(this.result.assessment) : [];
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      <form>
        <sales-mirror-file-drop
          .language=${words.code}
          .label=${words.chooseFiles}
          .hint=${this.accept ? words.setByCompany(words.dropOnly(this.accept)) : words.dropHint}
          .accept=${this.accept || ACCEPT}
          .disabled=${this.disabled}
          @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.take(detail)}
        >
          <div class="row spread">
            <label for="report">${words.reportLabel}</label>
            ${this.renderKind(words)}
          </div>
          <p id="hint" class="quiet">${this.candidate ? words.candidateHint : words.reportHint}</p>
          <sales-mirror-editor
            class="no-print"
            .language=${words.code}
            .rubric=${this.rubric}
            .text=${this.text}
            .assessed=${this.result?.report.text ?? ''}
            .marks=${this.marks}
            .greyed=${this.result?.assessment.left_out ?? NONE}
            .only=${this.only}
            @object=${({ detail }: EventOf<'object'>) => {
              emit(this, 'object', detail);
            }}
            @rewrite=${({ detail }: EventOf<'rewrite'>) => {
              emit(this, 'rewrite', detail);
            }}
          >
            <textarea
              id="report"
              part="input"
              rows="9"
              aria-describedby="hint"
              aria-keyshortcuts=${this.marks.length ? 'Alt+ArrowUp Alt+ArrowDown Alt+Enter' : nothing}
              placeholder=${words.placeholder}
              ?disabled=${this.disabled}
              .value=${this.text}
              ${writingAids(this.aids)}
              @input=${this.typed}
              @compositionstart=${this.composed}
              @compositionend=${this.composed}
              @paste=${this.pasted}
              @keydown=${this.pressed}
            ></textarea>
          </sales-mirror-editor>
          <span slot="beside" class="quiet"
            >${this.renderOrigin(words)}${words.characters(this.text.length)}</span
          >
          <div slot="below">
            <p role="status" class="quiet">${this.restored ? words.restored : nothing}</p>
            <sales-mirror-file-readings
              .language=${words.code}
              .accept=${this.accept || ACCEPT}
              @files-read=${({ detail }: EventOf<'files-read'>) => {
                this.receive(detail);
              }}
            ></sales-mirror-file-readings>
            ${this.reports.length ? this.renderReports(words) : nothing}
            ${this.reports.length || this.text.trim() ? nothing : this.renderSamples(words)}
            ${this.renderControls(words)}
          </div>
        </sales-mirror-file-drop>
      </form>
    `;
  }

  /** The file that the text came from, and its day if that is not today. */
  private renderOrigin({ code }: Strings): TemplateResult | typeof nothing {
    const { origin } = this;
    if (!origin?.name) return nothing;
    const date = origin.date === isoDay() ? nothing : html` · ${day(origin.date, code)}`;
    return html`<span class="own">${origin.name}</span>${date}${colon(code)}`;
  }

  private renderKind(words: Strings): TemplateResult {
    return html`
      <span class="row kind">
        <label class="quiet" for="kind">${words.kindLabel}</label>
        <select
          id="kind"
          class="small"
          @change=${(event: Event) => {
            emit(this, 'kind-change', asKind((event.target as HTMLSelectElement).value));
          }}
        >
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${words.kinds[kind]}</option>`)}
        </select>
      </span>
    `;
  }

  private renderSamples(words: Strings): TemplateResult | typeof nothing {
    const samples = samplesFor(this.rubric);
    if (samples.length === 0) return nothing;
    return html`
      <div class="row samples">
        <span class="quiet">${words.samples}</span>
        ${samples.map(
          (sample) => html`
            <button
              type="button"
              class="small pill"
              lang=${sample.language}
              ?disabled=${this.disabled}
              @click=${() => void this.sample(sample)}
            >
              ${sample.name}
            </button>
          `,
        )}
      </div>
    `;
  }

  private renderReports(words: Strings): TemplateResult {
    return html`
      <section class="card reports" aria-labelledby="reports">
        <div class="row spread">
          <h2 id="reports">${words.reports(this.count)}</h2>
          <button
            type="button"
            class="small"
            @click=${() => {
              this.list([]);
            }}
          >
            ${words.removeAll}
          </button>
        </div>
        <ul>
          ${this.text.trim() ? html`<li><span class="name">${words.typed}</span> <span class="quiet">${words.characters(this.text.length)}</span></li>` : nothing}
          ${this.pieces
            .of(this.reports)
            .map((report, i) => guard([report, i, words], () => this.renderReport(report, i, words)))}
        </ul>
      </section>
    `;
  }

  private renderReport(report: Report, i: number, words: Strings): TemplateResult {
    return html`
      <li>
        <span class="name">${report.name || words.typed}</span>
        <span class="quiet"
          >${words.kinds[report.kind]} · ${day(report.date, words.code)} ·
          ${words.characters(report.text.length)}</span
        >
        <button
          type="button"
          class="small"
          aria-label=${words.remove(report.name)}
          @click=${() => {
            this.list(this.reports.filter((_, other) => other !== i));
          }}
        >
          ×
        </button>
      </li>
    `;
  }

  private renderLive(words: Strings): TemplateResult {
    const { live } = this;
    if (live === undefined) return html`<span class="quiet">${words.setByCompany(words.liveOff)}</span>`;
    return html`
      <button
        type="button"
        class="small live"
        aria-pressed=${String(live)}
        title=${words.liveHint}
        @click=${() => {
          emit(this, 'live-change', !live);
        }}
      >
        ${icon(live ? Pause : Play)} ${live ? words.pauseLive : words.resumeLive}
      </button>
    `;
  }

  private renderControls(words: Strings): TemplateResult {
    const several = this.reports.length > 0;
    return html`
      <div class="row controls">
        <button class="primary" part="assess" type="submit" ?disabled=${this.disabled} @click=${this.assess}>
          ${several && this.count > 1 ? words.assessSeveral(this.count) : words.assess}
        </button>
        <span class="quiet">${words.shortcut}</span>
        ${this.text.trim() ? html`<button type="button" class="small" @click=${this.add}>${words.addReport}</button>` : nothing}
        ${
          this.earlier && (this.earlier.text.trim() || this.earlier.reports.length)
            ? html`<button type="button" class="small" @click=${this.undo}>${words.undo}</button>`
            : nothing
        }
        ${
          // At the end, and no higher than the others, so that nothing moves when it goes.
          this.busy
            ? html`
                <button
                  type="button"
                  class="small"
                  @click=${() => {
                    emit(this, 'stop');
                  }}
                >
                  ${words.cancel}
                </button>
              `
            : nothing
        }
      </div>
      <div class="row options">
        ${this.renderLive(words)}
        ${
          this.asks === undefined
            ? nothing
            : html`
                <label class="check">
                  <input
                    type="checkbox"
                    .checked=${this.asks}
                    @change=${(event: Event) => {
                      emit(this, 'asks-change', (event.target as HTMLInputElement).checked);
                    }}
                  />
                  ${words.ask}
                </label>
              `
        }
      </div>
    `;
  }
}

define('sales-mirror-input', SalesMirrorInput);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-input': SalesMirrorInput;
  }
}
