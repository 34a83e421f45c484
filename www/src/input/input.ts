/**
 * `<sales-mirror-input>`: texts are typed, pasted, dropped or chosen as files. It owns the form and shows the list of
 * reports; assessing them is left to its parent.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { nextTask } from '../component/motion';
import type { Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import { ACCEPT } from '../files/accept';
import '../files/file-drop';
import type { Strings } from '../languages';
import { asKind, KINDS, newReport, type Kind, type Report } from '../report/report';
import { SAMPLES } from '../samples/samples';
import { styles } from './input.styles';

const pause = svg`<path d="M2 1h3v10H2zM7 1h3v10H7z" />`;
const play = svg`<path d="M2 1v10l9-5z" />`;

export class SalesMirrorInput extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    words: { attribute: false },
    text: { attribute: false },
    kind: { attribute: false },
    reports: { attribute: false },
    busy: { type: Boolean },
    disabled: { type: Boolean },
    live: { type: Boolean },
    asks: { attribute: false },
    candidate: { type: Boolean },
    reading: { state: true },
    troubles: { state: true },
  };

  declare words: Strings;
  declare text: string;
  declare kind: Kind;
  /** The reports beside the one in the text area. */
  declare reports: readonly Report[];
  declare busy: boolean;
  declare disabled: boolean;
  declare live: boolean;
  /** Whether a self-rating comes before the first result; undefined if there is no such choice. */
  declare asks: boolean | undefined;
  declare candidate: boolean;
  declare private reading: boolean;
  /** Why files could not be read. */
  declare private troubles: readonly Trouble[];

  constructor() {
    super();
    this.text = '';
    this.kind = 'other';
    this.reports = [];
    this.busy = false;
    this.disabled = false;
    this.live = true;
    this.candidate = false;
    this.reading = false;
    this.troubles = [];
  }

  /** The text area, once there is one. */
  get field(): HTMLTextAreaElement | undefined {
    return this.renderRoot.querySelector('textarea') ?? undefined;
  }

  /** Reads files. A single text fills the text area if that is empty; otherwise they all join the list. */
  async take(files: readonly File[]): Promise<void> {
    if (files.length === 0 || this.disabled) return;
    this.reading = true;
    this.troubles = [];
    const { readFile } = await import('../files/read');
    const found: Report[] = [];
    const troubles: Trouble[] = [];
    for (const file of files) {
      try {
        found.push(...(await readFile(file, this.kind)));
      } catch (trouble) {
        troubles.push(trouble as Trouble);
      }
    }
    this.reading = false;
    this.troubles = troubles;
    const [only] = found;
    if (only && found.length === 1 && !this.text.trim() && this.reports.length === 0)
      emit(this, 'text-change', only.text);
    else if (found.length) emit(this, 'reports-change', [...this.reports, ...found]);
  }

  private readonly pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData?.getData('text/plain')) return;
    event.preventDefault();
    void this.take(files);
  };

  /** Moves the text from the text area to the list. */
  private readonly add = (): void => {
    emit(this, 'reports-change', [...this.reports, newReport(this.text, this.kind)]);
    emit(this, 'text-change', '');
    this.field?.focus();
  };

  private get count(): number {
    return this.reports.length + (this.text.trim() ? 1 : 0);
  }

  /** The first rendering is a task of its own, so that no task is long. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          emit(this, 'start');
        }}
      >
        <sales-mirror-file-drop
          .language=${words.code}
          .label=${words.chooseFiles}
          .hint=${words.dropHint}
          .accept=${ACCEPT}
          .disabled=${this.disabled}
          @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.take(detail)}
        >
          <div class="row spread">
            <label for="report">${words.reportLabel}</label>
            ${this.renderKind(words)}
          </div>
          <p id="hint" class="quiet">${this.candidate ? words.candidateHint : words.reportHint}</p>
          <textarea
            id="report"
            part="input"
            rows="9"
            aria-describedby="hint"
            placeholder=${words.placeholder}
            ?disabled=${this.disabled}
            .value=${this.text}
            @input=${(event: InputEvent) => {
              emit(this, 'text-change', (event.target as HTMLTextAreaElement).value);
            }}
            @paste=${this.pasted}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) emit(this, 'start');
            }}
          ></textarea>
          <span slot="beside" class="quiet">${words.characters(this.text.length)}</span>
          <div slot="below">
            <div role="status" class="quiet">${this.reading ? words.reading : nothing}</div>
            <div role="alert">
              ${this.troubles.map((trouble) => html`<p class="alert trouble">${worded(trouble, words.code)}</p>`)}
            </div>
            ${this.reports.length ? this.renderReports(words) : this.renderSamples(words)}
            ${this.renderControls(words)}
          </div>
        </sales-mirror-file-drop>
      </form>
    `;
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

  private renderSamples(words: Strings): TemplateResult {
    return html`
      <div class="row samples">
        <span class="quiet">${words.samples}</span>
        ${SAMPLES.map(
          (sample) => html`
            <button
              type="button"
              class="small pill"
              lang=${sample.language}
              ?disabled=${this.disabled}
              @click=${() => {
                emit(this, 'kind-change', sample.kind);
                emit(this, 'text-change', sample.text);
              }}
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
              emit(this, 'reports-change', []);
            }}
          >
            ${words.removeAll}
          </button>
        </div>
        <ul>
          ${this.text.trim() ? html`<li><span class="name">${words.typed}</span> <span class="quiet">${words.characters(this.text.length)}</span></li>` : nothing}
          ${this.reports.map(
            (report, i) => html`
              <li>
                <span class="name">${report.name || words.typed}</span>
                <span class="quiet"
                  >${words.kinds[report.kind]} · ${words.characters(report.text.length)}</span
                >
                <button
                  type="button"
                  class="small"
                  aria-label=${words.remove(report.name)}
                  @click=${() => {
                    emit(
                      this,
                      'reports-change',
                      this.reports.filter((_, other) => other !== i),
                    );
                  }}
                >
                  ×
                </button>
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }

  private renderControls(words: Strings): TemplateResult {
    const several = this.reports.length > 0;
    return html`
      <div class="row controls">
        <button class="primary" part="assess" type="submit" ?disabled=${this.disabled}>
          ${several && this.count > 1 ? words.assessSeveral(this.count) : words.assess}
        </button>
        ${
          this.busy
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    emit(this, 'stop');
                  }}
                >
                  ${words.cancel}
                </button>
              `
            : nothing
        }
        <span class="quiet">${words.shortcut}</span>
        ${this.text.trim() ? html`<button type="button" class="small" @click=${this.add}>${words.addReport}</button>` : nothing}
      </div>
      <div class="row options">
        <button
          type="button"
          class="small live"
          aria-pressed=${String(this.live)}
          title=${words.liveHint}
          @click=${() => {
            emit(this, 'live-change', !this.live);
          }}
        >
          <svg aria-hidden="true" width="12" height="12" viewBox="0 0 12 12" fill="currentColor">
            ${this.live ? pause : play}
          </svg>
          ${this.live ? words.pauseLive : words.resumeLive}
        </button>
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
