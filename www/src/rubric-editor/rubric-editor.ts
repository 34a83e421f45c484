/**
 * `<sales-mirror-rubric-editor>`: a company puts the rubric into its own words, without a build. It owns what is edited, with
 * the way back, and the file; the preview is the widget itself. Nothing is stored: what was typed leaves the page as a file.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base as baseStyles } from '../component/base';
import { define } from '../component/define';
import type { EventOf } from '../component/events';
import { languageStyles, languageSwitch } from '../component/language-switch';
import { LeavingController } from '../component/leaving-controller';
import { focusHeading, scrolling } from '../component/motion';
import { tabStyles, TabsController } from '../component/tabs-controller';
import { theme } from '../component/theme';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble } from '../failure/trouble';
import { explained } from '../failure/words';
import '../files/file-drop';
import { readJson } from '../files/json';
import { save } from '../files/save';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import { isoDay, type Kind } from '../report/report';
import { samplesFor, textOf, type Sample } from '../samples/samples';
import type { SalesMirror } from '../sales-mirror/sales-mirror';
import shippedRubric from '../../../data/rubric.json';
import { countsView } from './counts-view';
import { placeOf, rubricOf, valuesOf, withValues, type Field, type Values } from './fields';
import { asFile, asOpened, fileName, isSame, MOST, nextNumber, RubricRefused, type Edition } from './file';
import { faults, isFault, problemsOf, type Problem } from './problems';
import { styles } from './rubric-editor.styles';
import { idOf, languageName, type Scene } from './scene';
import { Steps, type Source, type State } from './steps';
import { chosenFor, textsView, type Chosen } from './texts-view';
import { versionsView, type Saving, type Version } from './versions-view';
import { WORDS } from './words';

const TABS = ['words', 'counts', 'preview', 'versions'] as const;
type Tab = (typeof TABS)[number];

/** How long a person pauses before the preview takes over their words. */
const PAUSE_MS = 400;

const SHIPPED: Rubric = shippedRubric;

function shipped(): State {
  const values = valuesOf(SHIPPED, SHIPPED.languages);
  return { source: { name: '', languages: SHIPPED.languages, editions: [], saved: values }, values };
}

export class SalesMirrorRubricEditor extends LitElement {
  static override styles = [baseStyles, theme, tabStyles, languageStyles, styles];

  static override properties = {
    lang: { type: String, reflect: true },
    chosen: { state: true },
    refused: { state: true },
    message: { state: true },
    note: { state: true },
    noteFault: { state: true },
    file: { state: true },
    copied: { state: true },
    compared: { state: true },
    previewed: { state: true },
    kind: { state: true },
  };

  declare lang: string;
  declare private chosen: Chosen;
  /** Why the file that was chosen last is not open. */
  declare private refused: Trouble | undefined;
  /** What was just done. */
  declare private message: string;
  declare private note: string;
  declare private noteFault: string;
  /** The file that was saved last. */
  declare private file: string;
  declare private copied: string;
  declare private compared: readonly [Version, Version];
  /** What the preview shows: the last words without faults. */
  declare private previewed: Rubric;
  /** The kind of the sample in the preview. */
  declare private kind: Kind;

  private readonly steps = new Steps(shipped());
  private readonly tabs = new TabsController<Tab>(this, TABS);
  private problems: ReadonlyMap<Field, Problem> = new Map();
  /** Whether a sample was shown. */
  private sampled = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.lang = '';
    this.chosen = 0;
    this.message = '';
    this.note = '';
    this.noteFault = '';
    this.file = '';
    this.copied = '';
    this.compared = ['shipped', 'now'];
    this.previewed = SHIPPED;
    this.kind = 'other';
    new LeavingController(
      this,
      () => false,
      () => this.unsaved,
    );
  }

  override connectedCallback(): void {
    this.lang ||= strings(document.documentElement.lang || navigator.language).code;
    super.connectedCallback();
    addEventListener('keydown', this.pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.pressed);
    clearTimeout(this.pause);
  }

  private get language(): Code {
    return strings(this.lang).code;
  }

  private get words() {
    return WORDS[this.language];
  }

  /** Whether something would be lost with the page. */
  private get unsaved(): boolean {
    const { state, left } = this.steps;
    const differs = [state, left].some((other) => other && !isSame(other.values, other.source.saved));
    return differs || this.note.trim() !== '';
  }

  private get scene(): Scene {
    const { values, source } = this.steps.state;
    return {
      language: this.language,
      base: SHIPPED,
      languages: source.languages,
      values,
      saved: source.saved,
      problems: this.problems,
      change: (fields, typed) => {
        this.change(fields, typed);
      },
      show: (field) => {
        void this.show(field);
      },
    };
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { values, source } = this.steps.state;
    this.problems = problemsOf(values, SHIPPED, source.languages);
    if (changed.has('lang')) document.documentElement.lang = this.language;
  }

  protected override render(): TemplateResult {
    const { words, steps, scene } = this;
    return html`
      <header>
        <div>
          <p class="no-print">${words.lead}</p>
          <p class="privacy">${words.privacy}</p>
        </div>
        ${languageSwitch(words.languageSwitch, this.language, (code) => (this.lang = code))}
      </header>
      <sales-mirror-file-drop
        .language=${this.language}
        .label=${words.open}
        .hint=${words.openHint}
        .accept=${'.json,application/json'}
        @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.open(detail)}
      >
        <div slot="beside" class="row">
          <button type="button" class="small" @click=${this.startOver}>${words.shipped}</button>
          <button
            type="button"
            class="small"
            aria-keyshortcuts="Control+Z"
            ?disabled=${!steps.canUndo}
            @click=${() => {
              this.step('undo');
            }}
          >
            ${words.undo}
          </button>
          <button
            type="button"
            class="small"
            aria-keyshortcuts="Control+Y"
            ?disabled=${!steps.canRedo}
            @click=${() => {
              this.step('redo');
            }}
          >
            ${words.redo}
          </button>
        </div>
        <div slot="below">
          <div role="alert">${this.renderRefused()}</div>
          <p role="status" class="quiet">${this.message}</p>
          ${this.renderState(scene)} ${this.tabs.render(words.tabList, words.tabs)}
          <div id="panel" role="tabpanel" aria-labelledby="tab-${this.tabs.chosen}">
            ${this.renderPanel(scene)}
            <div ?hidden=${this.tabs.chosen !== 'preview'}>
              ${this.tabs.wasSeen('preview') ? this.renderPreview(scene) : nothing}
            </div>
          </div>
        </div>
      </sales-mirror-file-drop>
    `;
  }

  private renderRefused(): TemplateResult | typeof nothing {
    const { refused, words } = this;
    if (!refused) return nothing;
    const { about, code } = refused;
    const why =
      refused instanceof RubricRefused
        ? words.reasons[refused.reason]
        : code === 'rubric_invalid'
          ? words.notJson
          : Object.values(explained(refused, this.language, '')).join(' ');
    return html`<p class="alert" data-code=${code}>
      <strong class="own">${words.refused(about)}</strong> ${why} ${words.kept}
    </p>`;
  }

  /** What is open, what is not saved, what is wrong, and what is not translated. */
  private renderState({ values, saved, languages, problems }: Scene): TemplateResult {
    const { words } = this;
    const { name } = this.steps.state.source;
    const changes = [...values].filter(([field, value]) => (saved.get(field) ?? '') !== value).length;
    const wrong = faults(problems).length;
    const missing = languages.map((language) => {
      const lacking = [...problems].filter(
        ([field, problem]) => !isFault(problem) && placeOf(field).language === language,
      );
      return { language, lacking: lacking.map(([field]) => field) };
    });
    const link = (field: Field | undefined, text: string) => html`
      <li>
        <button
          type="button"
          class="link small"
          @click=${() => {
            if (field !== undefined) void this.show(field);
          }}
        >
          ${text}
        </button>
      </li>
    `;
    return html`
      <div class="state quiet">
        <ul>
          <li class="own">${words.source(name)}</li>
          <li>${changes ? words.unsaved(changes) : words.saved}</li>
          ${wrong ? link(faults(problems)[0], words.faults(wrong)) : nothing}
          ${missing.map(({ language, lacking }) =>
            lacking.length
              ? link(lacking[0], words.untranslated(lacking.length, languageName(language, this.language)))
              : nothing,
          )}
        </ul>
      </div>
    `;
  }

  private renderPanel(scene: Scene): TemplateResult | typeof nothing {
    switch (this.tabs.chosen) {
      case 'words':
        return textsView(scene, this.chosen, (chosen) => {
          this.chosen = chosen;
          void focusHeading(this, '#chosen');
        });
      case 'counts':
        return countsView(scene);
      case 'versions':
        return versionsView(scene, this.saving);
      case 'preview':
        return nothing;
    }
  }

  private renderPreview(scene: Scene): TemplateResult {
    const { words } = this;
    const samples = samplesFor(SHIPPED);
    return html`
      <p>${words.previewLead}</p>
      ${faults(scene.problems).length ? html`<p class="alert">${words.previewOld}</p>` : nothing}
      <div class="row section">
        <span class="quiet">${samples.length ? words.samples : words.noSamples}</span>
        ${samples.map(
          (sample) => html`
            <button
              type="button"
              class="small pill"
              lang=${sample.language}
              @click=${() => void this.assess(sample)}
            >
              ${sample.name}
            </button>
          `,
        )}
      </div>
      <sales-mirror
        lang=${this.language}
        self-rating="off"
        locked="team history log"
        .kind=${this.kind}
        .rubric=${this.previewed}
      >
        <span slot="header"></span>
      </sales-mirror>
    `;
  }

  private get preview(): SalesMirror | null {
    return this.renderRoot.querySelector('sales-mirror');
  }

  protected override updated(): void {
    if (this.tabs.chosen === 'preview' && !this.sampled) {
      this.sampled = true;
      const sample = samplesFor(SHIPPED).find(({ language }) => language === this.language);
      if (sample) void this.assess(sample);
    }
  }

  /** Assesses a sample in the preview. */
  private async assess(sample: Sample): Promise<void> {
    try {
      const text = await textOf(sample);
      this.kind = sample.kind;
      await this.updateComplete;
      await customElements.whenDefined('sales-mirror');
      await this.preview?.assess(text);
    } catch {
      // The widget says what is wrong.
    }
  }

  /** Has the preview take over the words once the person pauses, if nothing is wrong with them. */
  private follow(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      const { values, source } = this.steps.state;
      if (faults(problemsOf(values, SHIPPED, source.languages)).length) return;
      const before = this.previewed;
      this.previewed = rubricOf(values, SHIPPED, source.languages);
      const counting = ({ counts, weights }: Rubric) => JSON.stringify([counts, weights]);
      if (counting(before) !== counting(this.previewed)) void this.assessAgain();
    }, PAUSE_MS);
  }

  /** What counts otherwise is seen only in a new assessment. */
  private async assessAgain(): Promise<void> {
    await this.updateComplete;
    const { preview } = this;
    if (preview?.assessment) await preview.assess().catch(() => undefined);
  }

  private moved(): void {
    this.message = '';
    this.copied = '';
    this.follow();
    this.requestUpdate();
  }

  private change(fields: readonly (readonly [Field, string])[], typed?: Field): void {
    const { source, values } = this.steps.state;
    this.steps.change({ source, values: withValues(values, fields) }, typed);
    this.moved();
  }

  /** Goes one step back or forth, and to the field that it changed. */
  private step(way: 'undo' | 'redo'): void {
    const before = this.steps.state;
    this.steps[way]();
    const { values, source } = this.steps.state;
    this.moved();
    const changed = [...values].filter(([field, value]) => before.values.get(field) !== value);
    const [first] = changed;
    if (first && source === before.source && changed.length === 1) void this.show(first[0]);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!(ctrlKey || metaKey) || altKey) return;
    // What is typed elsewhere, such as in the preview, is not the editor's.
    const target = event.composedPath()[0];
    const field = target instanceof HTMLElement && target.matches('textarea, input, select');
    if (field && !target.id.startsWith('field-')) return;
    const way = { z: shiftKey ? 'redo' : 'undo', y: 'redo' }[key.toLowerCase()] as
      'undo' | 'redo' | undefined;
    if (!way || !(way === 'undo' ? this.steps.canUndo : this.steps.canRedo)) return;
    event.preventDefault();
    this.step(way);
  };

  /** Shows a field, and moves the focus to it. */
  private async show(field: Field): Promise<void> {
    const { part } = placeOf(field);
    const counting = part === 'weight' || part === 'counts';
    this.tabs.choose(counting ? 'counts' : 'words');
    if (!counting) this.chosen = chosenFor(field);
    await this.updateComplete;
    const element = this.renderRoot.querySelector<HTMLElement>(`#${idOf(field)}`);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'center', behavior: scrolling() });
  }

  private readonly startOver = (): void => {
    this.steps.change(shipped());
    this.file = '';
    this.compared = ['shipped', 'now'];
    this.moved();
  };

  private async open(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (!file) return;
    try {
      const value = await readJson(file, 'rubric_invalid');
      const { languages, values, editions } = asOpened(value, SHIPPED, file.name);
      const source: Source = {
        name: file.name,
        languages,
        editions: this.withBeginning(editions, values),
        saved: values,
      };
      this.steps.change({ source, values });
      this.refused = undefined;
      this.file = '';
      this.compared = ['shipped', 'now'];
      this.moved();
      const { words } = this;
      this.message = [words.opened(file.name), files.length > 1 ? words.oneFile : ''].join(' ').trim();
    } catch (thrown) {
      this.refused = asTrouble(thrown, 'rubric_invalid', file.name);
    }
  }

  /** What a company wrote before it used the editor is its first version. */
  private withBeginning(editions: readonly Edition[], values: Values): readonly Edition[] {
    if (editions.length || isSame(values, valuesOf(SHIPPED, SHIPPED.languages))) return editions;
    return [{ number: 1, date: isoDay(), note: this.words.wasBefore, values }];
  }

  private get saving(): Saving {
    const { values, source } = this.steps.state;
    return {
      editions: source.editions,
      shipped: valuesOf(SHIPPED, source.languages),
      changed: !isSame(values, source.saved),
      note: this.note,
      noteFault: this.noteFault,
      file: this.file,
      copied: this.copied,
      compared: this.compared,
      write: (note) => {
        this.note = note;
        if (this.noteFault) this.noteFault = this.faultOf(note);
      },
      save: () => {
        void this.save();
      },
      copy: () => {
        void this.copy();
      },
      compare: (from, to) => {
        this.compared = [from, to];
        void focusHeading(this, '#comparing');
      },
      back: ({ number, values }) => {
        this.steps.change({ source: this.steps.state.source, values });
        this.moved();
        this.message = this.words.tookBack(number);
      },
    };
  }

  private faultOf(note: string): string {
    const { length } = note.trim();
    if (length === 0) return this.words.noteMissing;
    return length > MOST.note ? this.words.noteLong(length, MOST.note) : '';
  }

  private async save(): Promise<void> {
    this.noteFault = this.faultOf(this.note);
    if (this.noteFault) {
      this.renderRoot.querySelector<HTMLElement>('#note')?.focus();
      return;
    }
    const { values, source } = this.steps.state;
    const number = nextNumber(source.editions);
    const edition: Edition = { number, date: isoDay(), note: this.note.trim(), values };
    const editions = [...source.editions, edition].slice(-MOST.editions);
    const name = fileName(number);
    save(name, asFile(SHIPPED, source.languages, editions), 'application/json');
    this.steps.resource({ ...source, name, editions, saved: values });
    this.file = name;
    this.note = '';
    this.copied = '';
    await focusHeading(this, '#using');
  }

  private async copy(): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLInputElement>('#snippet');
    try {
      await navigator.clipboard.writeText(field?.value ?? '');
      this.copied = this.words.copied;
    } catch {
      field?.select();
      this.copied = this.words.copyFailed;
    }
  }
}

define('sales-mirror-rubric-editor', SalesMirrorRubricEditor);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-rubric-editor': SalesMirrorRubricEditor;
  }
}
