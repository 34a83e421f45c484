/**
 * `<sales-mirror>`: what an embedding page sets, calls and hears. It connects the controllers, which own the state, with
 * the view, which shows it; the engine assesses.
 */
import { LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { miniBarStyles } from '../charts/mini-bars';
import { base } from '../component/base';
import { define } from '../component/define';
import { languageStyles } from '../component/language-switch';
import { LeavingController } from '../component/leaving-controller';
import { nextTask } from '../component/motion';
import { printAlone } from '../component/printing';
import { tabStyles, TabsController } from '../component/tabs-controller';
import { theme } from '../component/theme';
import { asFailure, type Assessment, type Objection, type Rubric, type Whose } from '../engine/contract';
import { FAILURES } from '../failure/words';
import '../input/input';
import type { SalesMirrorInterview } from '../interview/interview';
import { isAnother } from '../typing/typing';
import { strings } from '../languages';
import type { What } from '../log/activity';
import { PACKAGE } from '../package/contents';
import type { Plan } from '../plan/plan';
import { carried, objected } from '../report/objections';
import { asKind, newReport, type Kind, type Origin, type Report } from '../report/report';
import type { SalesMirrorMarkedText } from '../result/marked-text';
import { samplesFor } from '../samples/samples';
import { AssessmentController } from './assessment-controller';
import { DataController } from './data-controller';
import { FailureController } from './failure-controller';
import { FormController } from './form-controller';
import { LoadingController } from './loading-controller';
import { locksOf } from './locks';
import { TABS, type Entry, type Mode } from './mode';
import { styles } from './sales-mirror.styles';
import { SelfRatingController } from './self-rating-controller';
import { view, type Actions, type Scene } from './view';

export type { Mode };

/** URL of the folder of this script; the models and the other data lie beside it, or are part of the npm package. */
const HOME = import.meta.env.MODE === 'npm' ? PACKAGE : new URL(/* @vite-ignore */ '.', import.meta.url).href;

/**
 * @summary Assesses which sales competencies a report shows, inside the browser.
 *
 * @attr {string} lang - Language of the interface, `en` or `zh`; by default that of the page or the browser.
 * @attr {'self'|'team'|'candidate'|'headless'} mode - Who uses it: the writer (`self`, the default), a manager with files that people handed over (`team`), an interviewer (`candidate`), or a script (`headless`, which shows nothing).
 * @attr {string} model - URL of the model directory; by default `models/default/` beside this script.
 * @attr {string} model-key - The public Ed25519 key, SubjectPublicKeyInfo in base64, with which the model's manifest has to be signed; by default it need not be.
 * @attr {string} rubric - URL of a rubric in the company's own words, with the model's competencies and levels; by default the model's own. The property also takes the rubric itself.
 * @attr {string} kind - The kind of text that is chosen from the start, as `visit_note` or `email`; any text by default.
 * @attr {string} profile - URLs of role profiles, separated by spaces; by default those in `profiles/` beside this script. A single one is selected from the start.
 * @attr {string} questions - URLs of question sets for interviews (`candidate`), separated by spaces; by default those in `questions/` beside this script.
 * @attr {string} development - URL of a folder with the texts of development plans, `en.json` and `zh.json`; by default `development/` beside this script.
 * @attr {'on'|'off'} self-rating - Whether the writer is asked to rate themselves before the first result; `on` by default.
 * @attr {'on'|'off'} live - Whether levels are updated while a person types; `on` by default.
 * @attr {string} locked - What the company decides for everybody: `team`, `live`, `history` and `log` are turned off, and `log-on` keeps a log of use; separated by spaces.
 * @attr {string} accept - The extensions of files that may be opened, separated by commas, as `.docx,.txt`; by default all that can be read.
 * @attr {'on'|'off'} writing-aids - Whether spell checkers, writing assistants and page translators, which may send what they read to a server, may read the text; `off` by default.
 * @attr {number} workers - The most workers that encode at the same time; by default as many as are useful on this machine.
 * @attr {number} team-minimum - The fewest people, and the fewest texts of a person, of which the team view gives figures; 3 by default.
 * @attr {string} name - The name under which a form sends the assessment.
 * @attr {boolean} required - Whether the form is invalid without an assessment; one without levels is enough.
 * @attr {boolean} disabled - Whether typing and assessing are disabled.
 *
 * @event {CustomEvent<LoadProgress>} sales-mirror-progress - While the model loads.
 * @event {CustomEvent<ModelInfo>} sales-mirror-ready - The model is loaded.
 * @event {CustomEvent<Assessment>} sales-mirror-assessed - A text is assessed. Where it is no account of the writer's own work with customers, `detail.account.accepted` is false and there are no levels.
 * @event {CustomEvent<LevelsThatCount>} sales-mirror-levels - The levels that a person sees of a text changed, or a file with a reviewer's decisions was opened; the level of a person where one decided. In the team view there is no such event.
 * @event {CustomEvent<Failure | Trouble>} sales-mirror-error - Loading or assessing failed; `detail.code` tells the kind of failure.
 *
 * @slot header - Replaces the introduction and the privacy statement.
 * @slot notice - The company's own notice, after the one about the limits of an assessment.
 * @slot interview-notice - The company's own wording of the notice to a candidate, in the place of ours; it comes before the first question.
 *
 * @csspart input - The text area.
 * @csspart assess - The button that starts an assessment.
 * @csspart status - The status, with progress and failures.
 * @csspart result - The result.
 * @csspart bar - The bar of a level (SVG).
 * @csspart radar - The radar chart (SVG).
 * @csspart text - The text with its evidence marked.
 * @csspart notice - The notice about the limits of an assessment.
 *
 * @cssproperty --sm-brand - The page's own colour, from which the accent follows.
 * @cssproperty --sm-accent - Colour of buttons and levels.
 * @cssproperty --sm-on-accent - Text on that colour.
 * @cssproperty --sm-text - Text.
 * @cssproperty --sm-quiet - Less important text.
 * @cssproperty --sm-surface - Background of controls.
 * @cssproperty --sm-raised - Background of boxes.
 * @cssproperty --sm-line - Dividing lines.
 * @cssproperty --sm-control - Borders of controls.
 * @cssproperty --sm-self - Colour of a person's own rating.
 * @cssproperty --sm-positive - Colour of good examples.
 * @cssproperty --sm-negative - Colour of poor examples and failures.
 * @cssproperty --sm-radius - Corner radius.
 * @cssproperty --sm-radius-small - Corner radius of small boxes.
 * @cssproperty --sm-size-small - Size of small text.
 * @cssproperty --sm-size-title - Size of headings.
 * @cssproperty --sm-space - Distance between the panes.
 * @cssproperty --sm-shadow - Shadow of the sheet.
 * @cssproperty --sm-motion - Length of transitions.
 */
export class SalesMirror extends LitElement {
  static formAssociated = true;

  static override styles = [base, miniBarStyles, theme, tabStyles, languageStyles, styles];

  static override properties = {
    lang: { type: String, reflect: true },
    mode: { type: String, reflect: true },
    model: { type: String },
    modelKey: { type: String, attribute: 'model-key' },
    rubric: { type: String },
    profile: { type: String },
    questions: { type: String },
    development: { type: String },
    selfRating: { type: String, attribute: 'self-rating' },
    live: { type: String },
    locked: { type: String },
    accept: { type: String },
    writingAids: { type: String, attribute: 'writing-aids' },
    workers: { type: Number },
    teamMinimum: { type: Number, attribute: 'team-minimum' },
    kind: { type: String },
    name: { type: String, reflect: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, reflect: true },
    text: { attribute: false },
    origin: { state: true },
    restored: { state: true },
    entry: { state: true },
    reports: { state: true },
    competency: { state: true },
    sheet: { state: true },
    plan: { state: true },
  };

  declare lang: string;
  declare mode: Mode;
  declare model: string;
  declare modelKey: string;
  declare rubric: string | Rubric;
  /** The kind of the text in the text area. */
  declare kind: Kind;
  declare profile: string;
  declare questions: string;
  declare development: string;
  declare selfRating: 'on' | 'off';
  declare live: 'on' | 'off';
  declare locked: string;
  declare accept: string;
  declare writingAids: 'on' | 'off';
  declare workers: number | undefined;
  declare teamMinimum: number | undefined;
  declare name: string;
  declare required: boolean;
  declare disabled: boolean;
  /** The text in the text area. */
  declare text: string;
  declare private origin: Origin | null;
  /** Whether the text was typed before the page was left. */
  declare private restored: boolean;
  declare private entry: Entry;
  /** Reports beside the one in the text area. */
  declare private reports: readonly Report[];
  /** Id of the competency whose row is open, and whose evidence alone is marked. */
  declare private competency: string | null;
  /** Whether the panel is open where there is no room for it beside the text. */
  declare private sheet: boolean;
  /** The person's own plan; null while one is proposed. */
  declare private plan: Plan | null;
  /** Whose words count in the text area, if the person has said so. */
  private whose: Whose | undefined;
  /** The sentences in the text area that the person does not accept as evidence. */
  private objections: readonly Objection[] = [];
  /** The answers of the interview that were assessed last, as one text. */
  private interviewed: Report | undefined;
  /** Ids of the reports whose results were handed to the history. */
  private kept: ReadonlySet<string> = new Set();
  /** Id of the report that was opened from the history; its text need not be in the text area. */
  private opened = '';

  private readonly failures = new FailureController(this);
  private readonly data = new DataController(this, HOME);
  private readonly loading = new LoadingController(this, HOME, this.data, this.failures);
  private readonly results = new AssessmentController(this, this.loading, this.failures);
  private readonly rating = new SelfRatingController(this);
  private readonly tabs = new TabsController(this, TABS);
  private readonly leaving = new LeavingController(
    this,
    () => this.text.trim() !== '',
    () => this.reports.some(({ name }) => name === '') || (this.interview?.hasAnswers ?? false),
  );
  private readonly control = new FormController(
    this,
    this.attachInternals(),
    () => this.renderRoot.querySelector('sales-mirror-input')?.field,
    () => FAILURES[strings(this.lang).code].empty_text.remedy,
  );

  constructor() {
    super();
    this.lang = '';
    this.mode = 'self';
    this.model = '';
    this.modelKey = '';
    this.rubric = '';
    this.profile = '';
    this.questions = '';
    this.development = '';
    this.selfRating = 'on';
    this.live = 'on';
    this.locked = '';
    this.accept = '';
    this.writingAids = 'off';
    this.name = '';
    this.required = false;
    this.disabled = false;
    this.text = '';
    this.origin = null;
    this.restored = false;
    this.entry = 'paste';
    this.kind = 'other';
    this.reports = [];
    this.competency = null;
    this.sheet = false;
    this.plan = null;
  }

  override connectedCallback(): void {
    this.lang ||= strings(document.documentElement.lang || navigator.language).code;
    super.connectedCallback();
  }

  /** The assessment that is shown, of the last report or the one that was chosen; null if there is none. */
  get assessment(): Assessment | null {
    return this.results.result?.assessment ?? null;
  }

  /** The assessment as JSON, which is what a form sends; empty if there is none. */
  get value(): string {
    return this.control.value;
  }

  get form(): HTMLFormElement | null {
    return this.control.internals.form;
  }

  formResetCallback(): void {
    this.clear();
  }

  formDisabledCallback(disabled: boolean): void {
    this.control.disable(disabled);
  }

  checkValidity(): boolean {
    return this.control.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.control.internals.reportValidity();
  }

  /** Loads the model, if it is not loaded. Rejects with a Failure or a Trouble. */
  async load(): Promise<void> {
    await this.loading.load();
  }

  /**
   * Assesses a text, by default the one in the text area, and shows the result. A text that is no account of the writer's
   * own work with customers has an assessment too, without levels. Rejects with a Failure or a Trouble.
   */
  async assess(text: string = this.text, whose?: Whose): Promise<Assessment> {
    const [assessment] = await this.assessAll([text], whose);
    if (!assessment) throw asFailure(undefined);
    return assessment;
  }

  /**
   * Assesses several texts, shared among the workers, and shows those that can be read. Rejects with a Failure or a
   * Trouble if none can.
   */
  async assessAll(texts: readonly string[], whose?: Whose): Promise<readonly Assessment[]> {
    const [only] = texts;
    if (only !== undefined && texts.length === 1 && this.reports.length === 0 && only !== this.text) {
      this.text = only;
      this.origin = null;
      this.whose = whose;
      this.objections = [];
    }
    return this.results.run(texts.map((text) => ({ ...newReport(text, this.kind), whose })));
  }

  /** Stops loading or assessing. */
  cancel(): void {
    this.results.cancel();
  }

  /** Forgets the text, the result and the plan, except for what the history keeps. */
  clear(): void {
    this.text = '';
    this.origin = null;
    this.whose = undefined;
    this.objections = [];
    this.competency = null;
    this.keepDraft();
    this.reports = [];
    this.interview?.clear();
    this.interviewed = undefined;
    this.results.clear();
    this.rating.dismiss();
    this.plan = null;
    void this.renderRoot.querySelector('sales-mirror-history')?.forgetPlan();
  }

  /** The first rendering is a task of its own, so that no task is long. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    // An attribute can have any value.
    if (changed.has('kind')) this.kind = asKind(this.kind);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('kind')) this.recount();
    if (changed.has('writingAids')) this.translate = this.writingAids === 'on';
    // Another model may have another rubric. At the first update there was no model before.
    if (changed.get('model') !== undefined) this.results.show([]);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.mode === 'headless') return nothing;
    const { mode, text, origin, entry, kind, reports, failures, data, loading, results, rating, tabs } = this;
    const scene: Scene = {
      ...{ mode, text, origin, entry, kind, reports, failures, data, loading, results, rating, tabs },
      words: strings(this.lang),
      live: this.follows,
      locks: locksOf(this.locked),
      accept: this.accept.trim(),
      asks: this.selfRating !== 'off',
      aids: this.writingAids === 'on',
      minimum: this.teamMinimum,
      restored: this.restored,
      disabled: this.inactive,
      competency: this.competency,
      sheet: this.sheet,
      plan: this.plan,
    };
    return view(scene, this.actions);
  }

  private get interview(): SalesMirrorInterview | null {
    return this.renderRoot.querySelector('sales-mirror-interview');
  }

  /** Whether levels are updated while a person types. */
  private get follows(): boolean {
    return this.live !== 'off' && !locksOf(this.locked).has('live');
  }

  private get inactive(): boolean {
    return this.disabled || this.control.disabled;
  }

  /** The text in the text area as a report. */
  private get typed(): Report {
    const { whose, objections } = this;
    const report = newReport(this.text, this.kind, this.origin?.name, this.origin?.date);
    return { ...report, whose, objections };
  }

  private readonly actions: Actions = {
    language: (code) => (this.lang = code),
    type: (text) => {
      const before = this.text;
      this.text = text;
      this.restored = false;
      this.leaving.edited = true;
      this.keepDraft();
      if (!text.trim()) this.origin = null;
      if (isAnother(before, text)) this.whose = undefined;
      this.objections = carried(this.objections, before, text);
      this.results.stopFollowing();
      if (!this.follows || this.rating.due || !this.data.rubric || this.reports.length) return;
      this.results.follow(before, text, () => this.typed);
    },
    origin: (origin) => {
      this.origin = origin;
      this.whose = undefined;
      this.objections = [];
      // It comes with a text from a file or a sample, which can be had again.
      this.leaving.edited = false;
    },
    kind: (kind) => (this.kind = kind),
    reports: (reports) => (this.reports = reports),
    live: (on) => (this.live = on ? 'on' : 'off'),
    asks: (on) => {
      this.selfRating = on ? 'on' : 'off';
      this.rating.askAgain();
    },
    start: () => {
      const typed = this.text.trim() || this.reports.length === 0 ? [this.typed] : [];
      if (!this.inactive) void this.start([...typed, ...this.reports]).catch(() => undefined);
    },
    stop: () => {
      this.cancel();
    },
    retry: () => {
      this.failures.clear();
      if (this.entry === 'interview' && this.interviewed)
        void this.start([this.interviewed]).catch(() => undefined);
      else if (this.text.trim() || this.reports.length) this.actions.start();
      else void this.load().catch(() => undefined);
    },
    rated: ({ rating, ask }) => {
      this.rating.done();
      this.results.rate(rating);
      if (!ask) this.selfRating = 'off';
      void this.showResults();
    },
    entry: (entry) => (this.entry = entry),
    interviewed: ({ whole }) => {
      this.interviewed = whole;
      if (!this.inactive) void this.start([whole]).catch(() => undefined);
    },
    forget: () => {
      this.interviewed = undefined;
      this.results.clear();
    },
    keep: () => {
      this.keep();
    },
    restore: ({ text, kind }) => {
      if (this.text.trim() || this.reports.length) return;
      this.text = text;
      this.kind = kind;
      this.restored = true;
      this.leaving.edited = true;
    },
    plan: (plan) => {
      this.plan = plan;
      this.renderRoot.querySelector('sales-mirror-history')?.keepPlan(plan);
    },
    restorePlan: (plan) => (this.plan = plan),
    whose: (whose) => {
      const report = this.results.result?.report;
      if (report?.text === this.text) this.whose = whose;
      void this.reassess({ whose });
    },
    object: (detail) => {
      const report = this.results.result?.report;
      if (!report) return;
      const objections = objected(report.objections ?? [], detail);
      if (report.text === this.text) this.objections = objections;
      void this.reassess({ objections }, detail.counts ? 'objection_withdrawn' : 'objected');
    },
    select: (competency) => (this.competency = competency),
    reveal: (span) => {
      const input = this.renderRoot.querySelector('sales-mirror-input');
      const other = this.renderRoot.querySelector<SalesMirrorMarkedText>('.other sales-mirror-marked-text');
      if (other) void other.show(span);
      else void input?.reveal(span);
    },
    workOn: (competency) => {
      this.tabs.choose('plan');
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector('sales-mirror-plan')?.workOn(competency),
      );
    },
    rewrite: () => {
      this.results.keepToCompare();
    },
    startOver: () => {
      this.results.startOver();
    },
    sheet: (open) => (this.sheet = open),
    example: () => {
      void this.example();
    },
    print: () => {
      printAlone(this);
    },
    edit: (report) => {
      this.edit(report);
    },
    open: (entry) => {
      this.opened = entry.report.id;
      this.results.show([entry]);
      this.rating.dismiss();
      this.tabs.choose('report');
      void this.announce();
    },
  };

  /** Assesses reports that the person wants assessed; the self-rating comes first. */
  private async start(reports: readonly Report[]): Promise<void> {
    this.rating.begin();
    this.sheet = true;
    try {
      await this.results.run(reports);
    } catch (failure) {
      if (this.results.results.length === 0) this.rating.dismiss();
      await this.updateComplete;
      this.renderRoot.querySelector('.failure')?.scrollIntoView({ block: 'nearest' });
      throw failure;
    }
    // Without any levels there is nothing to compare with; the question comes again with the next result.
    if (!this.results.accepted) this.rating.dismiss();
    await this.showResults();
  }

  /** Assesses the text that is shown anew, and remembers for its report what the person said of it. */
  private async reassess(
    change: Pick<Report, 'whose'> | Pick<Report, 'objections'> | Pick<Report, 'kind'>,
    what?: What,
  ): Promise<void> {
    const report = this.results.result?.report;
    if (!report) return;
    this.reports = this.reports.map((other) => (other.id === report.id ? { ...other, ...change } : other));
    await this.results.reassess(change, what);
    if (this.kept.has(report.id)) this.keep();
  }

  /** Assesses the text in the text area anew where another kind of text has other competencies; never over a reviewer's corrections. */
  private recount(): void {
    const { result, inField } = this.results;
    if (this.loading.counting && inField && result?.corrections.length === 0)
      void this.reassess({ kind: this.kind });
  }

  /** Shows a finished result at once: a sample in the interface's language, without a question before it. */
  private async example(): Promise<void> {
    const { code } = strings(this.lang);
    const sample = samplesFor(this.data.rubric).find(({ language }) => language === code);
    if (!sample) return;
    await this.renderRoot.querySelector('sales-mirror-input')?.sample(sample);
    if (!this.text) return;
    this.sheet = true;
    await this.results.run([this.typed]).catch(() => undefined);
    await this.showResults();
  }

  /**
   * Moves the focus to the text area, and a report into it whose text is not there. What is in the text area then joins
   * the list, so that nothing is lost.
   */
  private edit(report: Report): void {
    const { id, text, kind, name, date, whose, objections = [] } = report;
    const others = this.reports.filter((other) => other.id !== id);
    if (others.length < this.reports.length || this.opened === id) {
      this.reports = this.text.trim() ? [...others, this.typed] : others;
      this.text = text;
      this.origin = { name, date };
      this.whose = whose;
      this.objections = objections;
      this.results.moveToField(report);
      this.leaving.edited = true;
      this.kind = kind;
      this.opened = '';
    }
    this.entry = id === this.interviewed?.id ? 'interview' : 'paste';
    void this.updateComplete.then(() => {
      if (this.entry === 'interview') void this.interview?.announce();
      else this.renderRoot.querySelector('sales-mirror-input')?.field?.focus();
    });
  }

  /** Stores the results if the history is on, and moves the focus to them, or to the self-rating that comes first. */
  private async showResults(): Promise<void> {
    await this.updateComplete;
    this.keep();
    await this.announce();
  }

  private async announce(): Promise<void> {
    await this.updateComplete;
    const shown = this.rating.asking ? 'sales-mirror-self-rating' : 'sales-mirror-result';
    await this.renderRoot.querySelector(shown)?.announce();
  }

  private keepDraft(): void {
    const { text, kind } = this;
    this.renderRoot.querySelector('sales-mirror-history')?.keepDraft({ text, kind });
  }

  /** Hands the results to the history, which keeps them if the person turned it on. Live results are not kept. */
  private keep(): void {
    if (!this.rating.asking) {
      this.kept = new Set(this.results.results.map(({ report }) => report.id));
      void this.renderRoot.querySelector('sales-mirror-history')?.keep(this.results.results);
    }
  }
}

define('sales-mirror', SalesMirror);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror': SalesMirror;
  }
}
