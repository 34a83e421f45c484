/** The custom element: what a person sees and what an embedding page calls. Scoring is the engine's. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Competency,
  type CompetencyAssessment,
  type Evidence,
  type Failure,
  type Interval,
  type LoadProgress,
  type Rubric,
} from '../engine/contract';
import { Engine } from '../engine/engine';
import { strings, type Strings } from '../languages';
import { SAMPLES } from '../samples/samples';
import { segments, type Segment } from './highlight';
import { levelBar } from './level-bar';
import { styles } from './sales-mirror.styles';

type State = 'idle' | 'loading' | 'ready' | 'assessing';

/** Where this script lies; the models lie beside it. */
const HERE = new URL(/* @vite-ignore */ '.', import.meta.url).href;

/** Interval widths, in levels, up to which a level is called fairly sure, and roughly known. */
const SURE = { high: 1.6, medium: 2.6 };

/**
 * @summary Assesses what a sales report shows of its writer's competencies, inside the browser.
 *
 * @attr {string} lang - Language of the interface, `en` or `zh`; the page's or the browser's when not given.
 * @attr {string} model - URL of the model directory; `models/default/` beside this script when not given.
 *
 * @event {CustomEvent<LoadProgress>} sales-mirror-progress - While the model loads.
 * @event {CustomEvent<ModelInfo>} sales-mirror-ready - The model is loaded.
 * @event {CustomEvent<Assessment>} sales-mirror-assessed - A text is assessed.
 * @event {CustomEvent<Failure>} sales-mirror-error - Loading or assessing failed.
 *
 * @csspart input - The text area.
 * @csspart assess - The button that starts an assessment.
 * @csspart bar - A level's bar (svg).
 * @csspart text - The text with its evidence marked.
 * @csspart notice - What the assessment is not.
 *
 * @cssproperty --sm-accent - Colour of buttons and levels.
 * @cssproperty --sm-on-accent - Text on that colour.
 * @cssproperty --sm-text - Text.
 * @cssproperty --sm-surface - Background of controls.
 * @cssproperty --sm-radius - Roundness of corners.
 */
export class SalesMirror extends LitElement {
  static override styles = styles;

  static override properties = {
    lang: { type: String, reflect: true },
    model: { type: String },
    text: { attribute: false },
    state: { state: true },
    loadProgress: { state: true },
    assessProgress: { state: true },
    failure: { state: true },
    rubric: { state: true },
    result: { state: true },
  };

  declare lang: string;
  declare model: string;
  /** The text in the text area. */
  declare text: string;
  declare private state: State;
  declare private loadProgress: LoadProgress | undefined;
  declare private assessProgress: AssessProgress | undefined;
  declare private failure: Failure | undefined;
  declare private rubric: Rubric | undefined;
  /** The last assessment and the text that it is of. */
  declare private result: { readonly assessment: Assessment; readonly text: string } | undefined;

  private engine: Engine | undefined;
  /** Counts assessments; only the newest may show its end. */
  private newest = 0;

  constructor() {
    super();
    this.lang = '';
    this.model = '';
    this.text = '';
    this.state = 'idle';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.lang ||= strings(document.documentElement.lang || navigator.language).code;
    void this.load().catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.engine?.dispose();
    this.engine = undefined;
  }

  /** Loads the model, if it is not loaded. Rejects with a Failure. */
  async load(): Promise<void> {
    const directory = new URL(this.model || 'models/default/', this.model ? document.baseURI : HERE);
    const manifest = new URL('manifest.json', directory.href.replace(/\/?$/, '/')).href;
    const engine = (this.engine ??= new Engine(manifest));
    if (this.state !== 'assessing') this.state = 'loading';
    this.loadProgress = undefined;
    try {
      const { rubric, model } = await engine.load((progress) => {
        this.loadProgress = progress;
        this.tell('progress', progress);
      });
      const first = this.rubric === undefined;
      this.rubric = rubric;
      if (this.failure && this.failure.code !== 'empty_text') this.failure = undefined;
      if (first) this.tell('ready', model);
    } catch (thrown) {
      throw this.fail(thrown);
    } finally {
      if (this.state === 'loading') this.state = this.rubric ? 'ready' : 'idle';
    }
  }

  /** Assesses a text, by default the one in the text area. Rejects with a Failure. */
  async assess(text: string = this.text): Promise<Assessment> {
    const turn = ++this.newest;
    this.text = text;
    this.failure = undefined;
    try {
      await this.load();
      if (turn === this.newest) {
        this.state = 'assessing';
        this.assessProgress = undefined;
      }
      const engine = this.engine;
      if (!engine) throw { code: 'cancelled', message: 'the element was removed', detail: null } satisfies Failure;
      const assessment = await engine.assess(text, (progress) => {
        this.assessProgress = progress;
      });
      if (turn === this.newest) {
        this.result = { assessment, text };
        this.state = 'ready';
        this.tell('assessed', assessment);
      }
      return assessment;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (turn === this.newest) {
        this.fail(failure);
        this.state = this.rubric ? 'ready' : 'idle';
      }
      throw failure;
    }
  }

  /** Stops loading or assessing. */
  cancel(): void {
    this.engine?.cancel();
  }

  private fail(thrown: unknown): Failure {
    const failure = asFailure(thrown);
    if (failure !== this.failure) {
      this.failure = failure;
      this.tell('error', failure);
    }
    return failure;
  }

  private tell(name: 'progress' | 'ready' | 'assessed' | 'error', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`sales-mirror-${name}`, { detail, bubbles: true, composed: true }));
  }

  private get words(): Strings {
    return strings(this.lang);
  }

  protected override updated(changed: PropertyValues): void {
    // A new result is announced by the status; who cannot see it finds it by its heading.
    if (changed.has('result') && this.result) this.find('#result')?.focus({ preventScroll: true });
  }

  private find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  private readonly start = (): void => {
    void this.assess().catch(() => undefined);
  };

  private readonly retry = (): void => {
    this.failure = undefined;
    if (this.text.trim()) this.start();
    else void this.load().catch(() => undefined);
  };

  private show(evidence: Evidence): void {
    const mark = this.find(`mark[data-start="${evidence.start}"]`);
    mark?.focus({ preventScroll: true });
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    mark?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }

  protected override render(): TemplateResult {
    return html`
      ${this.renderHeader()} ${this.renderForm()} ${this.renderStatus()}
      ${this.result && this.rubric ? this.renderResult(this.result.assessment, this.result.text, this.rubric) : nothing}
      ${this.renderNotice()}
    `;
  }

  private renderHeader(): TemplateResult {
    const words = this.words;
    const language = (code: 'en' | 'zh', name: string) => html`
      <button type="button" lang=${code} aria-pressed=${String(words.code === code)} @click=${() => (this.lang = code)}>${name}</button>
    `;
    return html`
      <header>
        <div>
          <p>${words.lead}</p>
          <p class="privacy">
            <svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6">
              <path d="M8 1.5 2.5 4v4c0 3.2 2.3 5.6 5.5 6.5 3.2-.9 5.5-3.3 5.5-6.5V4Z" />
              <path d="m5.5 8 1.8 1.8 3.2-3.6" />
            </svg>
            ${words.privacy}
          </p>
        </div>
        <fieldset class="languages">
          <legend>${words.languageSwitch}</legend>
          ${language('en', 'English')} ${language('zh', '中文')}
        </fieldset>
      </header>
    `;
  }

  private renderForm(): TemplateResult {
    const words = this.words;
    const busy = this.state === 'loading' || this.state === 'assessing';
    return html`
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          this.start();
        }}
      >
        <label for="report">${words.reportLabel}</label>
        <p id="hint" class="quiet">${words.reportHint}</p>
        <textarea
          id="report"
          part="input"
          rows="9"
          aria-describedby="hint"
          placeholder=${words.placeholder}
          .value=${this.text}
          @input=${(event: InputEvent) => (this.text = (event.target as HTMLTextAreaElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.start();
          }}
        ></textarea>
        <div class="row samples">
          <span class="quiet">${words.samples}</span>
          ${SAMPLES.map(
            (sample) =>
              html`<button type="button" lang=${sample.language} @click=${() => (this.text = sample.text)}>${sample.name}</button>`,
          )}
        </div>
        <div class="row spread controls">
          <div class="row">
            <button class="primary" part="assess" type="submit">${words.assess}</button>
            ${busy ? html`<button type="button" @click=${() => { this.cancel(); }}>${words.cancel}</button>` : nothing}
            <span class="quiet">${words.shortcut}</span>
          </div>
          <span class="quiet">${words.characters(this.text.length)}</span>
        </div>
      </form>
    `;
  }

  private renderStatus(): TemplateResult {
    const { text, share } = this.status();
    const bar = this.state === 'loading' || this.state === 'assessing';
    return html`
      <div class="status">
        <div role="status">${this.failure ? nothing : html`<span class="quiet">${text}</span>`}</div>
        ${bar && !this.failure
          ? html`<progress aria-label=${text} max="1" value=${share ?? nothing}></progress>`
          : nothing}
        <div role="alert">${this.failure ? this.renderFailure(this.failure) : nothing}</div>
      </div>
    `;
  }

  /** What is going on, in words, and how far it has come (0 to 1). */
  private status(): { text: string; share?: number } {
    const words = this.words;
    if (this.state === 'loading') {
      const progress = this.loadProgress;
      if (progress?.stage === 'verify') return { text: words.verifying, share: 1 };
      if (progress?.stage === 'unpack') return { text: words.unpacking, share: 1 };
      if (progress?.stage !== 'download' || progress.total === 0) return { text: words.starting };
      const share = progress.loaded / progress.total;
      return { text: words.downloading(progress.loaded / 1e6, progress.total / 1e6, Math.round(100 * share)), share };
    }
    if (this.state === 'assessing') {
      const { done, total } = this.assessProgress ?? { done: 0, total: 1 };
      return total > 1 ? { text: words.assessing(done, total), share: done / total } : { text: words.assessing(done, total) };
    }
    if (this.result) {
      const { overall, competencies } = this.result.assessment;
      return { text: words.done(overall?.shown ?? 0, competencies.length) };
    }
    return { text: this.state === 'ready' ? words.ready : '' };
  }

  private renderFailure(failure: Failure): TemplateResult {
    const words = this.words;
    const { title, remedy } = words.failures[failure.code];
    return html`
      <div class="failure" data-code=${failure.code}>
        <strong>${title}</strong>
        <p>${remedy}</p>
        <button type="button" @click=${this.retry}>${words.retry}</button>
      </div>
    `;
  }

  private renderResult(assessment: Assessment, text: string, rubric: Rubric): TemplateResult {
    const words = this.words;
    const { overall, competencies, warnings } = assessment;
    return html`
      <section aria-labelledby="result">
        <h2 id="result" tabindex="-1">${words.result}</h2>
        ${overall
          ? html`<p>${words.overall(number(overall.level), ...range(overall.interval), overall.shown, competencies.length)}</p>`
          : nothing}
        ${warnings.length
          ? html`<ul class="warnings">${warnings.map(({ code }) => html`<li>${words.warnings[code]}</li>`)}</ul>`
          : nothing}
        <div class="columns">
          <div>
            ${rubric.competencies.map((competency, i) => {
              const assessed = competencies[i];
              return assessed ? this.renderCompetency(competency, assessed, text, rubric) : nothing;
            })}
          </div>
          <div class="text-column" tabindex="0" role="region" aria-labelledby="text-heading">
            <h3 id="text-heading">${words.yourText}</h3>
            <p class="quiet">${words.yourTextHint}</p>
            <div class="document" part="text">${segments(text, assessment).map((segment) => this.renderSegment(segment, rubric))}</div>
          </div>
        </div>
      </section>
    `;
  }

  private renderCompetency(competency: Competency, assessed: CompetencyAssessment, text: string, rubric: Rubric): TemplateResult {
    const words = this.words;
    const { level, likely, interval, evidence } = assessed;
    const { scale } = rubric;
    const title = html`
      <h3>${this.translated(competency.name)}</h3>
      <p class="quiet">${this.translated(competency.definition)}</p>
    `;
    if (level === null || likely === null || interval === null) {
      return html`
        <article class="competency" data-competency=${competency.id}>
          ${title}
          <p class="not-shown">${words.notShown}</p>
          <p class="quiet">${words.notShownWhy}</p>
        </article>
      `;
    }
    const [low, high] = range(interval);
    const name = this.translated(scale.names.find((entry) => entry.level === likely)?.name);
    const anchor = this.translated(competency.levels.find((entry) => entry.level === likely)?.anchor);
    return html`
      <article class="competency" data-competency=${competency.id}>
        ${title} ${levelBar(level, interval, scale, words.barLabel(number(level), scale.max, low, high))}
        <p><strong>${words.levelOf(number(level), scale.max, name)}</strong></p>
        <p class="quiet">${words.interval(low, high)} · ${words.sureness[sureness(interval)]}</p>
        <p class="anchor">${anchor}</p>
        <details>
          <summary>${words.evidence(evidence.length)}</summary>
          <ul class="evidence">
            ${evidence.map(
              (entry) => html`
                <li class=${entry.polarity}>
                  <button type="button" @click=${() => { this.show(entry); }}>
                    <span class="tag">${sign(entry.polarity)} ${words.polarity[entry.polarity]}</span>
                    <span class="quiet"> · ${words.weight(Math.round(100 * entry.weight))}</span>
                    <q class="quote">${text.slice(entry.start, entry.end)}</q>
                    <span class="hidden">${words.showInText}</span>
                  </button>
                </li>
              `,
            )}
          </ul>
        </details>
      </article>
    `;
  }

  private renderSegment({ start, text, marks }: Segment, rubric: Rubric): TemplateResult | string {
    if (marks.length === 0) return text;
    const polarity = marks.some((mark) => mark.polarity === 'negative') ? 'negative' : 'positive';
    const described = marks.map((mark) => {
      const competency = rubric.competencies.find((entry) => entry.id === mark.competency);
      return `${this.translated(competency?.name)}: ${this.words.polarity[mark.polarity]}`;
    });
    const label = described.join('; ');
    // prettier-ignore
    return html`<mark class=${polarity} tabindex="-1" data-start=${start} title=${label}>${text}<span class="hidden"> (${label})</span></mark>`;
  }

  private renderNotice(): TemplateResult {
    const words = this.words;
    return html`
      <aside class="notice quiet" part="notice" aria-labelledby="notice">
        <h2 id="notice">${words.noticeTitle}</h2>
        <ul>${words.notice.map((line) => html`<li>${line}</li>`)}</ul>
      </aside>
    `;
  }

  /** A rubric's text in the interface's language, or in whichever it has. */
  private translated(texts: Readonly<Record<string, string>> | undefined): string {
    return texts?.[this.words.code] ?? Object.values(texts ?? {})[0] ?? '';
  }
}

function number(level: number): string {
  return level.toFixed(1);
}

function range([low, high]: Interval): [string, string] {
  return [number(low), number(high)];
}

function sureness([low, high]: Interval): 'high' | 'medium' | 'low' {
  const width = high - low;
  if (width <= SURE.high) return 'high';
  return width <= SURE.medium ? 'medium' : 'low';
}

/** Told by shape as well as by colour. */
function sign(polarity: Evidence['polarity']): string {
  return polarity === 'positive' ? '＋' : '－';
}

if (!customElements.get('sales-mirror')) customElements.define('sales-mirror', SalesMirror);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror': SalesMirror;
  }
}
