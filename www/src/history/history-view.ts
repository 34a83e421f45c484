/** `<sales-mirror-history>`: a person turns their history on, reads it, exports it and erases it. store.ts keeps it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import { charts } from '../charts/charts.styles';
import { miniBarStyles } from '../charts/mini-bars';
import { asFailure, type Rubric } from '../engine/contract';
import { asTrouble, Trouble } from '../failure/trouble';
import { FAILURES, worded } from '../failure/words';
import '../files/file-drop';
import { readJson } from '../files/json';
import { save } from '../files/save';
import viewer from './entries-view?chunk';
import reader from './import?chunk';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import { isKept } from '../log/kept';
import { logChoice, parts } from '../log/parts';
import { asPlan } from '../plan/checked';
import { joined, type Plan } from '../plan/plan';
import { isoDay, type Result } from '../report/report';
import { History, type Draft, type Entry } from './store';
import { WORDS } from './words';

/** The fewest characters of a passphrase. */
const SHORTEST = 8;

/** How long a person pauses before what they type is stored. */
const PAUSE_MS = 1000;

/** The same for their plan; a tick is often the last thing that they do. */
const PLAN_PAUSE_MS = 200;

const styles = css`
  section > * + * {
    margin-block-start: 1rem;
  }
  form > * + * {
    margin-block-start: 0.75rem;
  }
  form input[type='password'] {
    display: block;
    inline-size: 100%;
    margin-block: 0.35rem;
    max-inline-size: 24rem;
  }
  .trends {
    display: grid;
    gap: 1rem 1.5rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
  }
  .trend {
    block-size: auto;
    display: block;
    inline-size: 100%;
    max-inline-size: 24rem;
  }
  .trend .number {
    font-size: 11px;
  }
  .day {
    white-space: nowrap;
  }
  tbody th {
    min-inline-size: 8.5rem;
  }
  tbody th > * {
    display: block;
  }
  tbody th button {
    max-inline-size: 100%;
    overflow-wrap: anywhere;
    text-align: start;
  }
  .mini {
    margin-block-start: 0.35rem;
  }
  .dropping {
    border-inline-start: 4px solid var(--sm-self);
    padding-inline-start: 0.75rem;
  }
`;

export class SalesMirrorHistory extends LitElement {
  static override styles = [base, charts, miniBarStyles, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    off: { attribute: false },
    entries: { state: true },
    plan: { state: true },
    busy: { state: true },
    trouble: { state: true },
    erasing: { state: true },
    agreed: { state: true },
    withText: { state: true },
    added: { state: true },
    view: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  /** Whether the company has turned the history off: nothing is added, but what is there can be read and erased. */
  declare off: boolean;
  declare private entries: readonly Entry[];
  /** The person's own plan, as the page holds it; null if there is none. */
  declare private plan: Plan | null;
  declare private busy: boolean;
  declare private trouble: Trouble | null;
  /** Whether the person is being asked to confirm that everything is to be erased. */
  declare private erasing: boolean;
  declare private agreed: boolean;
  declare private withText: boolean;

  /** How many entries the last import added; null if there was none. */
  declare private added: number | null;
  /** What shows the entries, once it is loaded: most people never turn the history on. */
  declare private view: typeof import('./entries-view') | undefined;

  private readonly history = new History();
  private pause: ReturnType<typeof setTimeout> | undefined;
  private planPause: ReturnType<typeof setTimeout> | undefined;
  /** Whether the plan has changed, or the history was off or locked, since it was last stored. */
  private unkept = false;

  constructor() {
    super();
    this.language = 'en';
    this.off = false;
    this.entries = [];
    this.plan = null;
    this.busy = false;
    this.trouble = null;
    this.erasing = false;
    this.agreed = false;
    this.withText = true;
    this.added = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.history.follow(() => void this.attempt(() => this.history.resume()).then(() => this.passPlan()));
    void this.attempt(() => this.history.resume()).then(() => this.passOn());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.pause);
    clearTimeout(this.planPause);
    this.history.close();
  }

  /** Whether anything is added: the history is on, unlocked, and not turned off by the company. */
  private get keeps(): boolean {
    return this.history.state === 'on' && !this.off;
  }

  /** Keeps results if the history is on and unlocked; otherwise does nothing. */
  async keep(results: readonly Result[]): Promise<void> {
    if (!this.keeps) return;
    await this.attempt(async () => {
      for (const result of results) await this.history.keep(result);
    });
  }

  /** Stores what is being typed when the person pauses, if the history is on and keeps texts. */
  keepDraft(draft: Draft): void {
    clearTimeout(this.pause);
    if (!this.keeps) return;
    this.pause = setTimeout(() => {
      void this.history.keepDraft(draft).catch(() => undefined);
    }, PAUSE_MS);
  }

  /** Stores the person's plan, if the history is on; if not, once it is. Null removes it. */
  keepPlan(plan: Plan | null): void {
    this.plan = plan;
    this.unkept = true;
    clearTimeout(this.planPause);
    if (!this.keeps) return;
    this.planPause = setTimeout(() => {
      void this.storePlan();
    }, PLAN_PAUSE_MS);
  }

  /** Forgets a plan that is not stored, and passes on the one that is. */
  async forgetPlan(): Promise<void> {
    clearTimeout(this.planPause);
    if (this.unkept && this.keeps) await this.storePlan();
    this.plan = null;
    this.unkept = false;
    await this.passPlan();
  }

  private async storePlan(): Promise<void> {
    this.unkept = false;
    try {
      await this.history.keepPlan(this.plan);
    } catch (thrown) {
      this.unkept = true;
      this.trouble = asTrouble(thrown, 'storage_unavailable');
    }
  }

  /** The plan that is stored; null if there is none that can be read and fits the rubric. */
  private async storedPlan(): Promise<Plan | null> {
    try {
      const stored = await this.history.plan();
      if (stored === undefined) return null;
      return asPlan(stored, this.rubric, (problem) => new Trouble('storage_damaged', problem));
    } catch {
      return null;
    }
  }

  /** Passes on the plan that is stored. One that the person made before it could be read is joined with it. */
  private async passPlan(): Promise<void> {
    if (!this.keeps) {
      this.unkept = true;
      return;
    }
    const stored = await this.storedPlan();
    const made = this.unkept ? this.plan : null;
    const before = this.plan;
    this.plan = stored && made ? joined(stored, made) : (stored ?? made);
    this.unkept = false;
    if (made) await this.storePlan();
    if (this.plan ?? before) emit(this, 'plan-found', this.plan);
  }

  /** Passes on what was there before the page was left, once it can be read. */
  private async passOn(): Promise<void> {
    await this.passDraft();
    await this.passPlan();
  }

  /** Passes on what was typed before the page was left, once it can be read. */
  private async passDraft(): Promise<void> {
    if (this.off) return;
    const draft = await this.history.draft().catch(() => undefined);
    if (draft) emit(this, 'draft-found', draft);
  }

  /** Runs an operation on the store, then shows its entries, or what went wrong. */
  private async attempt(operation: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      await operation();
      this.entries = await this.history.entries();
      if (this.history.state === 'on') await this.loadView();
    } catch (thrown) {
      this.trouble = asTrouble(thrown, 'storage_unavailable');
    }
    this.busy = false;
    this.requestUpdate();
  }

  private async loadView(): Promise<void> {
    if (this.view) return;
    const missing = (failure: unknown) => {
      throw new Trouble('page_updated', asFailure(failure).message);
    };
    this.view = (await viewer().catch(missing)) as typeof import('./entries-view');
  }

  private passphrase(event: Event): string {
    event.preventDefault();
    return (new FormData(event.target as HTMLFormElement).get('passphrase') as string | null) ?? '';
  }

  private readonly begin = (event: Event): void => {
    const passphrase = this.passphrase(event);
    if (passphrase && passphrase.length < SHORTEST) {
      this.trouble = new Trouble('passphrase_short', `${passphrase.length} characters`);
      return;
    }
    void this.attempt(() => this.history.begin(passphrase, this.withText)).then(() => {
      if (this.history.state === 'on') emit(this, 'history-on');
      void this.passPlan();
    });
  };

  private readonly exportAll = (): void => {
    if (!this.view) return;
    save(
      `${WORDS[this.language].file}-${isoDay()}.json`,
      this.view.asExport(this.entries, this.language, this.plan && this.history.asKept(this.plan)),
      'application/json',
    );
    emit(this, 'activity', { what: 'exported', form: 'json', results: this.entries });
  };

  /** Adds the entries of exports that are not there yet, and the plan if there is none. */
  private readonly import = ({ detail: files }: EventOf<'files-chosen'>): void => {
    this.added = null;
    void this.attempt(async () => {
      const known = new Set(this.entries.map(({ report }) => report.id));
      let added = 0;
      // Few people ever import a history.
      const { readExport, readPlan } = (await reader()) as typeof import('./import');
      for (const file of files) {
        const content = await readJson(file, 'history_invalid');
        const entries = readExport(content, this.rubric, file.name);
        const plan = readPlan(content, this.rubric, file.name);
        for (const entry of entries) {
          if (known.has(entry.report.id)) continue;
          known.add(entry.report.id);
          await this.history.keep(entry);
          added++;
        }
        if (plan && !this.plan) {
          this.plan = plan;
          await this.storePlan();
          emit(this, 'plan-found', plan);
        }
      }
      this.added = added;
    });
  };

  /** Erases the history, and the log of use if one is kept. */
  private readonly erase = async (): Promise<void> => {
    await this.history.erase();
    if (await isKept()) await (await parts()).log.erase();
  };

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { state } = this.history;
    return html`
      <section aria-labelledby="history">
        <h2 id="history" tabindex="-1">${words.title}</h2>
        <div role="alert">
          ${this.trouble ? html`<p class="alert">${worded(this.trouble, this.language)}</p>` : nothing}
        </div>
        ${state === 'off' ? this.renderOff() : state === 'locked' ? this.renderLocked() : this.renderOn()}
        ${logChoice(this.language)}
      </section>
    `;
  }

  private renderOff(): TemplateResult {
    const words = WORDS[this.language];
    if (this.off) return html`<p>${strings(this.language).setByCompany(words.offLead)}</p>`;
    return html`
      <p>${words.offLead}</p>
      <form class="card" @submit=${this.begin}>
        <p>${words.offMore}</p>
        <label class="check">
          <input
            type="checkbox"
            required
            .checked=${this.agreed}
            @change=${(event: Event) => {
              this.agreed = (event.target as HTMLInputElement).checked;
            }}
          />
          ${words.consent}
        </label>
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.withText}
            @change=${(event: Event) => {
              this.withText = (event.target as HTMLInputElement).checked;
            }}
          />
          ${words.withText}
        </label>
        ${
          History.canLock
            ? html`
                <div>
                  <label for="passphrase">${words.passphrase}</label>
                  <input
                    id="passphrase"
                    name="passphrase"
                    type="password"
                    autocomplete="new-password"
                    aria-describedby="passphrase-hint"
                  />
                  <p id="passphrase-hint" class="quiet">${words.passphraseHint}</p>
                </div>
              `
            : html`<p class="quiet">${FAILURES[this.language].passphrase_insecure.title}</p>`
        }
        <button type="submit" class="primary" ?disabled=${this.busy}>
          ${this.busy ? words.beginning : words.begin}
        </button>
      </form>
    `;
  }

  private renderLocked(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <p>${words.locked}</p>
      <form
        @submit=${(event: Event) => {
          const passphrase = this.passphrase(event);
          void this.attempt(() => this.history.unlock(passphrase)).then(() => this.passOn());
        }}
      >
        <div>
          <label for="unlock">${words.yours}</label>
          <input id="unlock" name="passphrase" type="password" autocomplete="current-password" required />
        </div>
        <button type="submit" class="primary" ?disabled=${this.busy}>${words.unlock}</button>
      </form>
      ${this.renderErase()}
    `;
  }

  private renderOn(): TemplateResult {
    const words = WORDS[this.language];
    const { entries, rubric, language, view } = this;
    if (!view)
      return html`<p role="status">${words.opening}</p>
        ${this.renderErase()}`;
    return html`
      ${this.off ? html`<p class="card">${strings(this.language).setByCompany(words.stopped)}</p>` : nothing}
      ${view.entriesView({
        language,
        rubric,
        entries,
        open: (entry) => {
          emit(this, 'open-entry', entry);
        },
        remove: (entry) => {
          emit(this, 'activity', { what: 'erased', results: [entry] });
          void this.attempt(() => this.history.remove(entry.report.id));
        },
      })}
      <div class="row no-print">
        <button type="button" ?disabled=${entries.length === 0 && !this.plan} @click=${this.exportAll}>
          ${words.exportAll}
        </button>
        ${
          this.history.locked
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    this.history.relock();
                    this.entries = [];
                  }}
                >
                  ${words.lock}
                </button>
              `
            : nothing
        }
      </div>
      <sales-mirror-file-drop
        class="no-print"
        .language=${this.language}
        .label=${words.importAll}
        .accept=${'.json'}
        ?hidden=${this.off}
        .disabled=${this.busy || this.off}
        @files-chosen=${this.import}
      >
      </sales-mirror-file-drop>
      <p role="status" class="quiet">${this.added === null ? nothing : words.added(this.added)}</p>
      ${this.renderErase()}
    `;
  }

  private renderErase(): TemplateResult {
    const words = WORDS[this.language];
    if (!this.erasing) {
      return html`
        <button
          type="button"
          class="no-print"
          @click=${() => {
            this.erasing = true;
          }}
        >
          ${words.eraseAll}
        </button>
      `;
    }
    return html`
      <div class="alert" role="group" aria-label=${words.eraseAll}>
        <p>${words.eraseSure}</p>
        <p class="row">
          <button
            type="button"
            @click=${() => {
              this.erasing = false;
              this.agreed = false;
              clearTimeout(this.pause);
              clearTimeout(this.planPause);
              this.unkept = true;
              void this.attempt(this.erase);
            }}
          >
            ${words.erase}
          </button>
          <button
            type="button"
            @click=${() => {
              this.erasing = false;
            }}
          >
            ${words.keep}
          </button>
        </p>
      </div>
    `;
  }
}

define('sales-mirror-history', SalesMirrorHistory);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-history': SalesMirrorHistory;
  }
}
