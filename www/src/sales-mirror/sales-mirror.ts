/**
 * The custom element: what an embedding page calls, and what is shown when. Scoring is the engine's; each part of the
 * view has a folder of its own.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  asFailure,
  type AssessProgress,
  type Assessment,
  type Failure,
  type LoadProgress,
  type ModelInfo,
  type Rubric,
} from '../engine/contract';
import { Engine } from '../engine/engine';
import { Trouble } from '../failure/trouble';
import { SalesMirrorInput } from '../input/input';
import { endsSentence } from '../input/typing';
import { LANGUAGES, strings, type Strings } from '../languages';
import type { Code } from '../languages/component';
import type { Development } from '../plan/development';
import type { Profile } from '../profile/profile';
import {
  asKind,
  newReport,
  type Correction,
  type Kind,
  type Report,
  type Result,
  type SelfRating,
} from '../report/report';
import { base } from '../styles/base';
import { fetchDevelopment, fetchProfile, fetchRubric } from './data';
import { define } from './define';
import { styles } from './sales-mirror.styles';

export type Mode = 'self' | 'team' | 'candidate' | 'headless';

/** What a person can look at; a plan and a history are the writer's own. */
const TABS = ['report', 'plan', 'history'] as const;
type Tab = (typeof TABS)[number];

type State = 'idle' | 'loading' | 'ready' | 'assessing';

/** Where this script lies; the models and other data lie beside it. */
const HERE = new URL(/* @vite-ignore */ '.', import.meta.url).href;

/** The profiles that are shipped. */
const PROFILES = ['inside-sales', 'key-account-manager', 'sales-team-lead'].map(
  (id) => `${HERE}profiles/${id}.json`,
);

/** How long a person pauses within a sentence before a live assessment begins, and the least text for one. */
const PAUSE_MS = 600;
const LIVE_FROM = 40;

/**
 * @summary Assesses what a sales report shows of its writer's competencies, inside the browser.
 *
 * @attr {string} lang - Language of the interface, `en` or `zh`; the page's or the browser's when not given.
 * @attr {'self'|'team'|'candidate'|'headless'} mode - For whom: the writer (`self`, the default), a manager with files that were handed over (`team`), an interviewer (`candidate`), or a script (`headless`, nothing is shown).
 * @attr {string} model - URL of the model directory; `models/default/` beside this script when not given.
 * @attr {string} rubric - URL of a rubric in the company's own words; the model's own when not given. It must have the model's competencies and levels.
 * @attr {string} profile - URLs of role profiles, separated by spaces; those shipped in `profiles/` when not given. A single one is chosen from the start.
 * @attr {string} development - URL of a folder with the texts of development plans, `en.json` and `zh.json`; `development/` beside this script when not given.
 * @attr {'on'|'off'} self-rating - Whether a person is asked to rate themselves before the result; `on` when not given.
 * @attr {'on'|'off'} live - Whether levels follow while a person types; `on` when not given.
 * @attr {number} workers - The most workers that encode at the same time; as many as help when not given.
 * @attr {string} name - Name under which a form sends the assessment.
 * @attr {boolean} required - Whether the form needs an assessment.
 * @attr {boolean} disabled - Whether nothing can be typed or assessed.
 *
 * @event {CustomEvent<LoadProgress>} sales-mirror-progress - While the model loads.
 * @event {CustomEvent<ModelInfo>} sales-mirror-ready - The model is loaded.
 * @event {CustomEvent<Assessment>} sales-mirror-assessed - A text is assessed.
 * @event {CustomEvent<Failure | Trouble>} sales-mirror-error - Loading or assessing failed; `detail.code` says how.
 *
 * @slot header - In the place of the lead and the promise of privacy.
 * @slot notice - After the notice of what the assessment is not, for the company's own.
 *
 * @csspart input - The text area.
 * @csspart assess - The button that starts an assessment.
 * @csspart status - What is going on.
 * @csspart result - The result.
 * @csspart bar - A level's bar (svg).
 * @csspart radar - The radar chart (svg).
 * @csspart text - The text with its evidence marked.
 * @csspart notice - What the assessment is not.
 *
 * @cssproperty --sm-accent - Colour of buttons and levels.
 * @cssproperty --sm-on-accent - Text on that colour.
 * @cssproperty --sm-text - Text.
 * @cssproperty --sm-quiet - Less important text.
 * @cssproperty --sm-surface - Background of controls.
 * @cssproperty --sm-raised - Background of boxes.
 * @cssproperty --sm-line - Lines between things.
 * @cssproperty --sm-control - Borders of controls.
 * @cssproperty --sm-self - Colour of a person's own rating.
 * @cssproperty --sm-positive - Colour of good examples.
 * @cssproperty --sm-negative - Colour of poor examples and failures.
 * @cssproperty --sm-radius - Roundness of corners.
 */
export class SalesMirror extends LitElement {
  static formAssociated = true;

  static override styles = [base, styles];

  static override properties = {
    lang: { type: String, reflect: true },
    mode: { type: String, reflect: true },
    model: { type: String },
    rubric: { type: String },
    profile: { type: String },
    development: { type: String },
    selfRating: { type: String, attribute: 'self-rating' },
    live: { type: String },
    workers: { type: Number },
    name: { type: String, reflect: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, reflect: true },
    text: { attribute: false },
    kind: { state: true },
    reports: { state: true },
    state: { state: true },
    loadProgress: { state: true },
    assessProgress: { state: true },
    batch: { state: true },
    skipped: { state: true },
    failure: { state: true },
    troubles: { state: true },
    criteria: { state: true },
    profiles: { state: true },
    chosenProfile: { state: true },
    results: { state: true },
    selected: { state: true },
    rating: { state: true },
    self: { state: true },
    formDisabled: { state: true },
    advice: { state: true },
    tab: { state: true },
  };

  declare lang: string;
  declare mode: Mode;
  declare model: string;
  declare rubric: string;
  declare profile: string;
  declare development: string;
  declare selfRating: 'on' | 'off';
  declare live: 'on' | 'off';
  declare workers: number | undefined;
  declare name: string;
  declare required: boolean;
  declare disabled: boolean;
  /** The text in the text area. */
  declare text: string;
  declare private kind: Kind;
  declare private reports: readonly Report[];
  declare private state: State;
  declare private loadProgress: LoadProgress | undefined;
  declare private assessProgress: AssessProgress | undefined;
  /** Reports of several that are read. */
  declare private batch: { readonly done: number; readonly total: number } | undefined;
  /** Reports of several that could not be read. */
  declare private skipped: readonly { readonly report: Report; readonly failure: Failure }[];
  declare private failure: Failure | Trouble | undefined;
  /** What else could not be loaded; the rest works. */
  declare private troubles: readonly Trouble[];
  /** The rubric in use. */
  declare private criteria: Rubric | undefined;
  declare private profiles: readonly Profile[];
  declare private chosenProfile: Profile | null;
  declare private results: readonly Result[];
  declare private selected: number;
  /** Whether the person is asked for their own rating now; the result waits. */
  declare private rating: boolean;
  declare private self: SelfRating | null;
  declare private formDisabled: boolean;
  /** The texts of development plans by language, or why there are none. */
  declare private advice: Partial<Record<Code, Development | Trouble>>;
  declare private tab: Tab;

  private readonly internals = this.attachInternals();
  private engine: Engine | undefined;
  private info: ModelInfo | undefined;
  private parts: Promise<unknown> | undefined;
  private besides: Promise<void> | undefined;
  /** Whether the person was asked for their own rating; once is enough. */
  private asked = false;
  /** Counts assessments; only the newest may show its end. */
  private newest = 0;
  /** Whether the plan was looked at. */
  private planned = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.lang = '';
    this.mode = 'self';
    this.model = '';
    this.rubric = '';
    this.profile = '';
    this.development = '';
    this.selfRating = 'on';
    this.live = 'on';
    this.name = '';
    this.required = false;
    this.disabled = false;
    this.text = '';
    this.kind = 'other';
    this.reports = [];
    this.state = 'idle';
    this.skipped = [];
    this.troubles = [];
    this.profiles = [];
    this.chosenProfile = null;
    this.results = [];
    this.skipped = [];
    this.selected = 0;
    this.rating = false;
    this.self = null;
    this.formDisabled = false;
    this.advice = {};
    this.tab = 'report';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('invalid', this.passOnFocus);
    this.lang ||= strings(document.documentElement.lang || navigator.language).code;
    void this.load().catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('invalid', this.passOnFocus);
    clearTimeout(this.pause);
    this.engine?.dispose();
    this.engine = undefined;
  }

  /** The last assessment, or that of the report which is shown; null where there is none. */
  get assessment(): Assessment | null {
    return this.results[this.selected]?.assessment ?? null;
  }

  /** The assessment as JSON, which is what a form sends; empty where there is none. */
  get value(): string {
    return this.assessment ? JSON.stringify(this.assessment) : '';
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  formResetCallback(): void {
    this.clear();
  }

  formDisabledCallback(disabled: boolean): void {
    this.formDisabled = disabled;
  }

  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.internals.reportValidity();
  }

  /** Forgets the text and the result. */
  clear(): void {
    this.cancel();
    this.newest++;
    this.text = '';
    this.reports = [];
    this.results = [];
    this.selected = 0;
    this.rating = false;
    this.failure = undefined;
    if (this.state === 'assessing') this.state = this.criteria ? 'ready' : 'idle';
  }

  /** Loads the model, if it is not loaded. Rejects with a Failure or a Trouble. */
  async load(): Promise<void> {
    const directory = new URL(this.model || 'models/default/', this.model ? document.baseURI : HERE);
    const manifest = new URL('manifest.json', directory.href.replace(/\/?$/, '/')).href;
    const engine = (this.engine ??= new Engine(manifest, this.workers));
    if (this.state !== 'assessing') this.state = 'loading';
    this.loadProgress = undefined;
    try {
      const [{ rubric, model }] = await Promise.all([
        engine.load((progress) => {
          this.loadProgress = progress;
          this.tell('progress', progress);
        }),
        this.mode === 'headless' ? undefined : this.loadParts(),
      ]);
      await (this.besides ??= this.loadBeside(rubric).catch((trouble: unknown) => {
        this.besides = undefined;
        throw trouble;
      }));
      const first = this.info === undefined;
      this.info = model;
      if (this.failure && this.failure.code !== 'empty_text') this.failure = undefined;
      if (first) this.tell('ready', model);
    } catch (thrown) {
      throw this.fail(thrown);
    } finally {
      if (this.state === 'loading') this.state = this.criteria ? 'ready' : 'idle';
    }
  }

  /** The rest of the page: fetched while the model loads, so that nothing is fetched afterwards. */
  private loadParts(): Promise<unknown> {
    const team = this.mode === 'team' ? import('./later-team') : undefined;
    this.parts ??= Promise.all([import('./later'), team]).catch((thrown: unknown) => {
      this.parts = undefined;
      throw { code: 'network', message: String(thrown), detail: null } satisfies Failure;
    });
    return this.parts;
  }

  /** The rubric's own words and the role profiles. A profile that fails is told, and the rest works. */
  private async loadBeside(model: Rubric): Promise<void> {
    const absolute = (url: string) => new URL(url, document.baseURI).href;
    const rubric = this.rubric ? await fetchRubric(absolute(this.rubric), model) : model;
    if (this.mode !== 'headless') {
      const own = this.profile.split(/\s+/).filter(Boolean);
      const urls = own.length ? own.map(absolute) : PROFILES;
      const [found] = await Promise.all([
        Promise.allSettled(urls.map((url) => fetchProfile(url, rubric))),
        this.loadAdvice(rubric),
      ]);
      this.profiles = found.flatMap((entry) => (entry.status === 'fulfilled' ? [entry.value] : []));
      // The profiles that are shipped go with the rubric that is shipped.
      const failed = found.flatMap((entry) => (entry.status === 'rejected' ? [entry.reason as Trouble] : []));
      this.troubles = own.length || rubric.id === 'sales-competency' ? failed : [];
      for (const trouble of this.troubles) this.tell('error', trouble);
      if (own.length === 1) this.chosenProfile = this.profiles[0] ?? null;
    }
    this.criteria = rubric;
  }

  /**
   * The texts of development plans in all languages: another one may be chosen later, when nothing is fetched any more.
   * Without them there is no plan, and the rest works.
   */
  private async loadAdvice(rubric: Rubric): Promise<void> {
    if (this.mode !== 'self') return;
    const folder = this.development
      ? new URL(this.development.replace(/\/?$/, '/'), document.baseURI).href
      : `${HERE}development/`;
    const load = async (code: Code) => [
      code,
      await fetchDevelopment(`${folder}${code}.json`, rubric, code).catch(
        (trouble: unknown) => trouble as Trouble,
      ),
    ];
    this.advice = Object.fromEntries(
      await Promise.all((Object.keys(LANGUAGES) as Code[]).map(load)),
    ) as typeof this.advice;
  }

  /** Assesses a text, by default the one in the text area, and shows the result. Rejects with a Failure. */
  async assess(text: string = this.text): Promise<Assessment> {
    const [assessment] = await this.run([newReport(text, this.kind)], false);
    if (!assessment) throw asFailure(undefined);
    return assessment;
  }

  /** Assesses several texts, shared among the workers, and shows those that can be read. Rejects with a Failure where none can. */
  async assessAll(texts: readonly string[]): Promise<readonly Assessment[]> {
    return this.run(
      texts.map((text) => newReport(text, this.kind)),
      false,
    );
  }

  /** Stops loading or assessing. */
  cancel(): void {
    clearTimeout(this.pause);
    this.engine?.cancel();
  }

  /** Assesses reports; a live one leaves the status and the focus alone. */
  private async run(reports: readonly Report[], live: boolean): Promise<readonly Assessment[]> {
    const turn = ++this.newest;
    clearTimeout(this.pause);
    if (reports.length === 1 && !this.reports.length) this.text = reports[0]?.text ?? '';
    if (!live) this.failure = undefined;
    const current = () => turn === this.newest;
    try {
      await this.load();
      if (current() && !live) {
        this.state = 'assessing';
        this.assessProgress = undefined;
        this.batch = undefined;
      }
      const engine = this.engine;
      if (!engine || !current())
        throw {
          code: 'cancelled',
          message: 'another assessment took its place',
          detail: null,
        } satisfies Failure;
      const answers = await this.ask(engine, reports, live);
      const skipped = reports.flatMap((report, i) => {
        const answer = answers[i];
        return answer && 'code' in answer ? [{ report, failure: answer }] : [];
      });
      const results = reports.flatMap((report, i): Result[] => {
        const answer = answers[i];
        return answer && !('code' in answer)
          ? [{ report, assessment: answer, self: this.self, corrections: [] }]
          : [];
      });
      // What cannot be read of several is told, and the rest is shown.
      const [first] = skipped;
      if (first && results.length === 0) throw first.failure;
      const assessments = results.map(({ assessment }) => assessment);
      if (current()) {
        this.results = results;
        this.selected = 0;
        this.skipped = skipped;
        this.failure = undefined;
        this.state = 'ready';
        for (const assessment of assessments) this.tell('assessed', assessment);
      }
      return assessments;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (current()) {
        if (!live) this.fail(thrown);
        this.state = this.criteria ? 'ready' : 'idle';
      }
      throw thrown instanceof Trouble ? thrown : failure;
    } finally {
      if (current()) this.batch = undefined;
    }
  }

  /** One text by itself, several shared among the workers; of those, each is answered by itself. */
  private async ask(
    engine: Engine,
    reports: readonly Report[],
    live: boolean,
  ): Promise<readonly (Assessment | Failure)[]> {
    const [only] = reports;
    if (only && reports.length === 1) {
      const assessment = await engine.assess(only.text, (progress) => {
        if (!live) this.assessProgress = progress;
      });
      return [assessment];
    }
    return engine.assessAll(
      reports.map(({ text }) => text),
      (progress) => {
        this.batch = progress;
      },
    );
  }

  private fail(thrown: unknown): Failure | Trouble {
    const failure = thrown instanceof Trouble ? thrown : asFailure(thrown);
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

  private get inactive(): boolean {
    return this.disabled || this.formDisabled;
  }

  /** Whether a self-rating comes before the first result. */
  private get asks(): boolean {
    return this.mode === 'self' && this.selfRating !== 'off';
  }

  protected override willUpdate(): void {
    this.planned ||= this.tab === 'plan';
  }

  protected override updated(changed: PropertyValues): void {
    // Another mode needs other parts.
    if (changed.has('mode') && changed.get('mode') !== undefined && this.hasUpdated && this.criteria) {
      this.parts = undefined;
      this.besides = undefined;
      void this.load().catch(() => undefined);
    }
    if (changed.has('results') || changed.has('selected') || changed.has('required')) this.setFormValue();
  }

  private setFormValue(): void {
    this.internals.setFormValue(this.value || null);
    const missing = this.required && !this.value;
    // A form moves the focus to what is missing: to the element, which passes it on.
    if (missing) {
      this.tabIndex = -1;
      this.internals.setValidity({ valueMissing: true }, this.words.failures.empty_text.remedy, this.field);
    } else {
      this.removeAttribute('tabindex');
      this.internals.setValidity({});
    }
  }

  private get field(): HTMLTextAreaElement | undefined {
    return this.renderRoot.querySelector('sales-mirror-input')?.field;
  }

  private readonly passOnFocus = (): void => {
    setTimeout(() => this.field?.focus());
  };

  /** What the button and the keyboard start: everything that is there, the self-rating first. */
  private readonly start = (): void => {
    if (this.inactive) return;
    const typed = this.text.trim() || this.reports.length === 0 ? [newReport(this.text, this.kind)] : [];
    void this.startWith([...typed, ...this.reports]).catch(() => undefined);
  };

  private async startWith(reports: readonly Report[]): Promise<void> {
    this.rating = this.rating || (this.asks && !this.asked);
    try {
      await this.run(reports, false);
    } catch (failure) {
      // Without a result there is nothing to compare with.
      if (this.results.length === 0) this.rating = false;
      await this.updateComplete;
      this.renderRoot.querySelector('.failure')?.scrollIntoView({ block: 'nearest' });
      throw failure;
    }
    await this.updateComplete;
    this.keepResults();
    const shown = this.rating ? 'sales-mirror-self-rating' : 'sales-mirror-result';
    await this.renderRoot.querySelector(shown)?.announce();
  }

  /** What a person assessed on purpose is kept, if they turned the history on; what they were still typing is not. */
  private readonly keepResults = (): void => {
    if (!this.rating) void this.renderRoot.querySelector('sales-mirror-history')?.keep(this.results);
  };

  private readonly rated = ({ detail }: CustomEvent<{ rating: SelfRating | null; ask: boolean }>): void => {
    this.asked = true;
    this.rating = false;
    this.self = detail.rating;
    if (!detail.ask) this.selfRating = 'off';
    this.results = this.results.map((result) => ({ ...result, self: detail.rating }));
    this.keepResults();
    void this.updateComplete.then(() => this.renderRoot.querySelector('sales-mirror-result')?.announce());
  };

  private readonly correct = ({ detail }: CustomEvent<Correction>): void => {
    this.results = this.results.map((result, i) =>
      i === this.selected ? { ...result, corrections: [...result.corrections, detail] } : result,
    );
  };

  private readonly chooseProfile = ({ detail }: CustomEvent<string>): void => {
    this.chosenProfile = this.profiles.find(({ id }) => id === detail) ?? null;
  };

  private readonly type = ({ detail }: CustomEvent<string>): void => {
    const pause = endsSentence(this.text, detail) ? 0 : PAUSE_MS;
    this.text = detail;
    clearTimeout(this.pause);
    const first = this.asks && !this.asked;
    if (
      this.live === 'off' ||
      first ||
      !this.criteria ||
      this.reports.length ||
      detail.trim().length < LIVE_FROM
    )
      return;
    this.pause = setTimeout(() => {
      if (this.state === 'ready')
        void this.run([newReport(this.text, this.kind)], true).catch(() => undefined);
    }, pause);
  };

  private readonly retry = (): void => {
    this.failure = undefined;
    if (this.text.trim() || this.reports.length) this.start();
    else void this.load().catch(() => undefined);
  };

  protected override render(): TemplateResult | typeof nothing {
    if (this.mode === 'headless') return nothing;
    if (this.mode === 'team') return html`${this.renderHeader()} ${this.renderStatus()} ${this.renderTeam()}`;
    const tab = this.mode === 'self' ? this.tab : 'report';
    return html`
      ${this.renderHeader()} ${this.mode === 'self' ? this.renderTabs() : nothing}
      <div
        id="panel"
        role=${this.mode === 'self' ? 'tabpanel' : nothing}
        aria-labelledby=${this.mode === 'self' ? `tab-${tab}` : nothing}
      >
        <div ?hidden=${tab !== 'report'}>
          ${this.renderInput()} ${this.renderStatus()} ${this.renderResult()}
        </div>
        ${
          this.mode === 'self'
            ? html`<div ?hidden=${tab !== 'plan'}>${this.planned ? this.renderPlan() : nothing}</div>
                <div ?hidden=${tab !== 'history'}>${this.renderHistory()}</div>`
            : nothing
        }
      </div>
    `;
  }

  private renderTeam(): TemplateResult | typeof nothing {
    if (!this.criteria) return nothing;
    return html`
      <sales-mirror-team
        part="result"
        exportparts="bar, radar, text"
        .language=${this.words.code}
        .rubric=${this.criteria}
        .profiles=${this.profiles}
        .profile=${this.chosenProfile}
        @profile-change=${this.chooseProfile}
      ></sales-mirror-team>
    `;
  }

  private renderTabs(): TemplateResult {
    const { words, tab } = this;
    const step = (event: KeyboardEvent) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
      if (by === 0) return;
      event.preventDefault();
      this.tab = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? tab;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus(),
      );
    };
    return html`
      <div class="tabs" role="tablist" aria-label=${words.tabList} @keydown=${step}>
        ${TABS.map(
          (name) => html`
            <button
              type="button"
              role="tab"
              id="tab-${name}"
              aria-controls="panel"
              aria-selected=${String(name === tab)}
              tabindex=${name === tab ? 0 : -1}
              @click=${() => (this.tab = name)}
            >
              ${words.tabs[name]}
            </button>
          `,
        )}
      </div>
    `;
  }

  /** The plan stays in the page while another tab is shown, so that its edits stay. */
  private renderPlan(): TemplateResult {
    const { words } = this;
    const result = this.results[this.selected];
    // While another language's texts are fetched, and where they cannot be, those that are there stay.
    const advice = this.advice[words.code];
    if (advice instanceof Trouble)
      return html`<p class="alert" role="alert" data-code=${advice.code}>${this.worded(advice)}</p>`;
    if (!result || !this.criteria || !advice || this.rating)
      return html`<p class="card">${words.planEmpty}</p>`;
    return html`
      <sales-mirror-plan
        .language=${words.code}
        .rubric=${this.criteria}
        .development=${advice}
        .result=${result}
        .profile=${this.chosenProfile}
      ></sales-mirror-plan>
    `;
  }

  private renderHistory(): TemplateResult | typeof nothing {
    if (!this.criteria) return nothing;
    return html`
      <sales-mirror-history
        .language=${this.words.code}
        .rubric=${this.criteria}
        @history-on=${this.keepResults}
        @open-entry=${({ detail }: CustomEvent<Result>) => {
          this.newest++;
          this.results = [detail];
          this.selected = 0;
          this.rating = false;
          this.tab = 'report';
          void this.updateComplete.then(() =>
            this.renderRoot.querySelector('sales-mirror-result')?.announce(),
          );
        }}
      ></sales-mirror-history>
    `;
  }

  private renderHeader(): TemplateResult {
    const { words } = this;
    const [first, ...more] = words.notice;
    const lead = { self: words.lead, candidate: words.candidateLead, team: words.teamLead, headless: '' }[
      this.mode
    ];
    const language = (code: 'en' | 'zh', name: string) => html`
      <button
        type="button"
        lang=${code}
        aria-pressed=${String(words.code === code)}
        @click=${() => (this.lang = code)}
      >
        ${name}
      </button>
    `;
    return html`
      <header>
        <div>
          <slot name="header">
            <p>${lead}</p>
            <p class="privacy">
              <svg
                aria-hidden="true"
                width="16"
                height="16"
                viewBox="0 0 16 16"
                fill="none"
                stroke="currentColor"
                stroke-width="1.6"
              >
                <path d="M8 1.5 2.5 4v4c0 3.2 2.3 5.6 5.5 6.5 3.2-.9 5.5-3.3 5.5-6.5V4Z" />
                <path d="m5.5 8 1.8 1.8 3.2-3.6" />
              </svg>
              ${words.privacy}
            </p>
          </slot>
          <aside class="notice quiet" part="notice" aria-label=${words.noticeTitle}>
            <p>${first}</p>
            <details>
              <summary>${words.noticeMore}</summary>
              <ul>
                ${more.map((line) => html`<li>${line}</li>`)}
              </ul>
            </details>
            <slot name="notice"></slot>
          </aside>
        </div>
        <fieldset class="languages">
          <legend class="hidden">${words.languageSwitch}</legend>
          ${language('en', 'English')} ${language('zh', '中文')}
        </fieldset>
      </header>
    `;
  }

  private renderInput(): TemplateResult {
    return html`
      <sales-mirror-input
        exportparts="input, assess"
        .words=${this.words}
        .text=${this.text}
        .kind=${this.kind}
        .reports=${this.reports}
        .busy=${this.state === 'loading' || this.state === 'assessing'}
        .disabled=${this.inactive}
        .live=${this.live !== 'off'}
        .asks=${this.mode === 'self' ? this.selfRating !== 'off' : undefined}
        .candidate=${this.mode === 'candidate'}
        @text-change=${this.type}
        @kind-change=${({ detail }: CustomEvent<string>) => (this.kind = asKind(detail))}
        @reports-change=${({ detail }: CustomEvent<readonly Report[]>) => (this.reports = detail)}
        @live-change=${({ detail }: CustomEvent<boolean>) => (this.live = detail ? 'on' : 'off')}
        @asks-change=${({ detail }: CustomEvent<boolean>) => {
          this.selfRating = detail ? 'on' : 'off';
          this.asked = false;
        }}
        @start=${this.start}
        @stop=${() => {
          this.cancel();
        }}
      ></sales-mirror-input>
    `;
  }

  private renderStatus(): TemplateResult {
    const { words } = this;
    const { text, share } = this.status();
    const bar = this.state === 'loading' || this.state === 'assessing';
    return html`
      <div class="status" part="status">
        <div role="status">${this.failure ? nothing : html`<span class="quiet">${text}</span>`}</div>
        ${
          bar && !this.failure
            ? html`<progress aria-label=${text} max="1" value=${share ?? nothing}></progress>`
            : nothing
        }
        <div role="alert">
          ${this.failure ? this.renderFailure(this.failure) : nothing}
          ${this.skipped.map(({ report, failure }) => html`<p class="alert" data-code=${failure.code}>${report.name || words.typed}: ${words.failures[failure.code].title} ${words.failures[failure.code].remedy}</p>`)}
          ${this.troubles.map((trouble) => html`<p class="alert" data-code=${trouble.code}>${this.worded(trouble)}</p>`)}
        </div>
      </div>
    `;
  }

  /** What is going on, in words, and how far it has come (0 to 1). */
  private status(): { text: string; share?: number } {
    const { words } = this;
    if (this.state === 'loading') {
      const progress = this.loadProgress;
      if (progress?.stage === 'verify') return { text: words.verifying, share: 1 };
      if (progress?.stage === 'unpack') return { text: words.unpacking, share: 1 };
      if (progress?.stage !== 'download' || progress.total === 0) return { text: words.starting };
      const share = progress.loaded / progress.total;
      return {
        text: words.downloading(progress.loaded / 1e6, progress.total / 1e6, Math.round(100 * share)),
        share,
      };
    }
    if (this.state === 'assessing') {
      const { done, total } = this.assessProgress ?? { done: 0, total: 1 };
      if (this.batch)
        return {
          text: words.several(this.batch.done, this.batch.total),
          share: this.batch.done / this.batch.total,
        };
      return total > 1
        ? { text: words.assessing(done, total), share: done / total }
        : { text: words.assessing(done, total) };
    }
    const { assessment } = this;
    if (assessment && this.rating) return { text: words.doneRating };
    if (assessment)
      return { text: words.done(assessment.overall?.shown ?? 0, assessment.competencies.length) };
    return { text: this.state === 'ready' ? words.ready : '' };
  }

  private worded(trouble: Trouble): string {
    const text = this.words.troubles[trouble.code as keyof Strings['troubles']];
    return trouble.about ? `${trouble.about}: ${text}` : text;
  }

  private renderFailure(failure: Failure | Trouble): TemplateResult {
    const { words } = this;
    const { title, remedy } =
      failure instanceof Trouble ? { title: this.worded(failure), remedy: '' } : words.failures[failure.code];
    return html`
      <div class="failure alert" data-code=${failure.code}>
        <strong>${title}</strong>
        <p>${remedy}</p>
        <button type="button" @click=${this.retry}>${words.retry}</button>
      </div>
    `;
  }

  private renderResult(): TemplateResult | typeof nothing {
    if (this.results.length === 0 || !this.criteria) return nothing;
    const { code } = this.words;
    if (this.rating) {
      return html`<sales-mirror-self-rating
        .language=${code}
        .rubric=${this.criteria}
        .rating=${this.self ?? {}}
        @rated=${this.rated}
      ></sales-mirror-self-rating>`;
    }
    return html`
      <sales-mirror-result
        part="result"
        exportparts="bar, radar, text"
        .language=${code}
        .rubric=${this.criteria}
        .results=${this.results}
        .selected=${this.selected}
        .profiles=${this.profiles}
        .profile=${this.chosenProfile}
        .reviewable=${this.mode === 'candidate'}
        @select-result=${({ detail }: CustomEvent<number>) => (this.selected = detail)}
        @profile-change=${this.chooseProfile}
        @correct=${this.correct}
      >
        <button
          slot="actions"
          type="button"
          class="small"
          @click=${() => {
            print();
          }}
        >
          ${this.words.print}
        </button>
        <sales-mirror-hand-over
          slot="hand-over"
          .language=${code}
          .rubric=${this.criteria}
          .results=${this.results}
        ></sales-mirror-hand-over>
      </sales-mirror-result>
    `;
  }
}

define('sales-mirror-input', SalesMirrorInput);
define('sales-mirror', SalesMirror);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror': SalesMirror;
    'sales-mirror-input': SalesMirrorInput;
  }
}
