/**
 * `<sales-mirror-log-view>`: the entries of the log of use as a table, to read, export and erase.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { focusHeading } from '../component/motion';
import { asTrouble, type Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import { save } from '../files/save';
import { comma, type Code } from '../languages/text';
import { isoDay } from '../report/report';
import type { Form } from './activity';
import type { LogEntry } from './entry';
import { eraseQuestion } from './erase-question';
import { log } from './log';
import { logAsCsv, logAsJson } from './log-export';
import { WORDS } from './words';

/** How many entries are shown at once: a table of thousands would hold up the page. */
const PAGE = 100;

/** How many characters of a hash are shown; the exports have all of them. */
const HASH_SHOWN = 12;

/** Made once: a page has a hundred times. */
const [english, chinese] = ['en-GB', 'zh-CN'].map(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
);

const styles = css`
  section > * + * {
    margin-block-start: 0.75rem;
  }
  section {
    margin-block-end: 1.25rem;
  }
  th,
  time {
    white-space: nowrap;
  }
  td.own {
    min-inline-size: 9rem;
  }
  code {
    font-size: 0.85em;
    overflow-wrap: anywhere;
  }
`;

export class SalesMirrorLogView extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    entries: { state: true },
    most: { state: true },
    trouble: { state: true },
    erasing: { state: true },
  };

  declare language: Code;
  /** Oldest first; undefined until they are read. */
  declare private entries: readonly LogEntry[] | undefined;
  /** How many of them are shown. */
  declare private most: number;
  declare private trouble: Trouble | null;
  /** Whether the person is being asked to confirm that the log is to be erased. */
  declare private erasing: boolean;

  private unfollow: (() => void) | undefined;

  constructor() {
    super();
    this.language = 'en';
    this.most = PAGE;
    this.trouble = null;
    this.erasing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = log.follow(() => void this.read());
    void this.read().then(() => focusHeading(this, 'h2'));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow?.();
  }

  private async read(): Promise<void> {
    try {
      this.entries = await log.entries();
    } catch (thrown) {
      this.trouble = asTrouble(thrown, 'storage_unavailable');
    }
    await this.updateComplete;
  }

  private export(
    form: Form & ('csv' | 'json'),
    write: (entries: readonly LogEntry[]) => string,
    type: string,
  ) {
    save(`${WORDS[this.language].file}-${isoDay()}.${form}`, write(this.entries ?? []), type);
    void log.write({ what: 'exported', form, results: [] });
  }

  protected override render(): TemplateResult {
    const { language, entries, trouble } = this;
    const words = WORDS[language];
    return html`
      <section class="no-print" aria-labelledby="log">
        <h2 id="log" tabindex="-1">${words.title}</h2>
        <p class="quiet">${words.lead}</p>
        <div role="alert">${trouble ? html`<p class="alert">${worded(trouble, language)}</p>` : nothing}</div>
        ${entries ? this.renderEntries(entries) : nothing}
      </section>
    `;
  }

  private renderEntries(entries: readonly LogEntry[]): TemplateResult {
    const words = WORDS[this.language];
    const none = entries.length === 0;
    const older = Math.min(entries.length - this.most, PAGE);
    return html`
      <p role="status">${none ? words.empty : words.count(entries.length)}</p>
      ${none ? nothing : this.renderTable(entries.toReversed().slice(0, this.most))}
      <div class="row">
        ${
          older > 0
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    this.most += PAGE;
                  }}
                >
                  ${words.older(older)}
                </button>
              `
            : nothing
        }
        <button
          type="button"
          ?disabled=${none}
          @click=${() => {
            this.export('csv', logAsCsv, 'text/csv');
          }}
        >
          ${words.csv}
        </button>
        <button
          type="button"
          ?disabled=${none}
          @click=${() => {
            this.export('json', logAsJson, 'application/json');
          }}
        >
          ${words.json}
        </button>
        <button
          type="button"
          @click=${() => {
            this.erasing = true;
          }}
        >
          ${words.erase}
        </button>
      </div>
      ${
        this.erasing
          ? eraseQuestion(this.language, (trouble) => {
              this.erasing = false;
              this.trouble = trouble;
              void focusHeading(this, 'h2');
            })
          : nothing
      }
    `;
  }

  /** The newest entry comes first. */
  private renderTable(entries: readonly LogEntry[]): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${words.entries}>
        <table>
          <caption>
            ${words.entries}
          </caption>
          <thead>
            <tr>
              <th scope="col">${words.at}</th>
              <th scope="col">${words.what}</th>
              <th scope="col" class="end">${words.texts}</th>
              <th scope="col">${words.model}</th>
              <th scope="col">${words.rubric}</th>
              <th scope="col">${words.assessment}</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map((entry) => this.renderEntry(entry))}
          </tbody>
        </table>
      </div>
    `;
  }

  private renderEntry({
    at,
    what,
    form,
    live,
    texts,
    refused,
    models,
    rubrics,
    assessment,
  }: LogEntry): TemplateResult {
    const { language } = this;
    const words = WORDS[language];
    const detail = form ? words.forms[form] : live ? words.live : '';
    return html`
      <tr>
        <td>
          <time datetime=${at}>${(language === 'zh' ? chinese : english)?.format(new Date(at))}</time>
        </td>
        <th scope="row">
          ${words.whats[what]} ${detail ? html`<span class="quiet">${detail}</span>` : nothing}
        </th>
        <td class="end">
          ${texts || ''} ${refused ? html`<span class="quiet">${words.refused(refused)}</span>` : nothing}
        </td>
        <td class="own">
          ${models.map(({ id, sha256 }) => html`${id} <code>${sha256.slice(0, HASH_SHOWN)}</code> `)}
        </td>
        <td class="own">
          ${rubrics.map(({ id, version }) => words.version(id, version)).join(comma(language))}
        </td>
        <td class="own">${assessment ? html`<code>${assessment}</code>` : nothing}</td>
      </tr>
    `;
  }
}

define('sales-mirror-log-view', SalesMirrorLogView);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-log-view': SalesMirrorLogView;
  }
}
