/** `<sales-mirror-hand-over>`: the person whose assessment it is chooses what goes into a hand-over file, and saves it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import type { Rubric } from '../engine/contract';
import { save } from '../files/save';
import type { Code } from '../languages/text';
import { accounts, isoDay, type Result } from '../report/report';
import { labelledReports } from '../review/labelled';
import { handOver } from './hand-over';
import { suggestNames } from './names';
import { WORDS } from './words';

const styles = css`
  :host {
    margin-block: 0.75rem;
  }
  form {
    margin-block-start: 0.5rem;
  }
  form > * + * {
    margin-block-start: 0.6rem;
  }
  form input:not([type='checkbox']) {
    display: block;
    inline-size: 100%;
    margin-block-start: 0.25rem;
    max-inline-size: 30rem;
  }
`;

export class SalesMirrorHandOver extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    results: { attribute: false },
    withText: { state: true },
    replace: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare results: readonly Result[];
  declare private withText: boolean;
  declare private replace: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.results = [];
    this.withText = false;
    this.replace = true;
  }

  private readonly save = (event: Event): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => ((data.get(name) as string | null) ?? '').trim();
    const names =
      this.withText && this.replace
        ? field('names')
            .split(/[,，、;；\n]/)
            .map((name) => name.trim())
            .filter(Boolean)
        : [];
    const choices = { person: field('person'), withText: this.withText, withSelf: data.has('self'), names };
    const content = handOver(this.results, this.rubric, choices);
    const who = choices.person.replace(/[^\p{L}\p{N}_-]+/gu, '-');
    save(
      `${WORDS[this.language].file}-${who}-${isoDay()}.json`,
      JSON.stringify(content, null, 1),
      'application/json',
    );
  };

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const rated = this.results.some(({ self }) => self !== null);
    const corrected = this.results.some(({ corrections, report }) => corrections.length > 0 && report.text);
    const refused = this.results.length - accounts(this.results).length;
    const found = this.results.flatMap(({ report, assessment }) => [
      ...assessment.speakers.map(({ name }) => name),
      ...suggestNames(report.text),
    ]);
    const names = [...new Set(found)];
    const check = (label: string, checked: boolean, change: (to: boolean) => void) => html`
      <label class="check">
        <input
          type="checkbox"
          .checked=${checked}
          @change=${(event: Event) => {
            change((event.target as HTMLInputElement).checked);
          }}
        />
        ${label}
      </label>
    `;
    return html`
      <details class="no-print">
        <summary>${words.title}</summary>
        <form class="card" @submit=${this.save}>
          <p>${words.lead}</p>
          ${refused ? html`<p>${words.refused(refused)}</p>` : nothing}
          <div>
            <label for="person">${words.person}</label>
            <input id="person" name="person" required autocomplete="off" />
          </div>
          ${check(words.withText, this.withText, (to) => (this.withText = to))}
          ${
            this.withText
              ? html`
                  ${check(words.replace, this.replace, (to) => (this.replace = to))}
                  ${
                    this.replace
                      ? html`
                          <div>
                            <label for="names">${words.names}</label>
                            <input
                              id="names"
                              class="own"
                              name="names"
                              .value=${names.join(', ')}
                              aria-describedby="names-hint"
                              autocomplete="off"
                            />
                            <p id="names-hint" class="quiet">${words.namesHint}</p>
                          </div>
                        `
                      : nothing
                  }
                `
              : nothing
          }
          ${rated ? html`<label class="check"><input type="checkbox" name="self" checked /> ${words.withSelf}</label>` : nothing}
          <button type="submit">${words.save}</button>
        </form>
      </details>
      ${
        corrected
          ? html`
              <p class="row no-print">
                <button
                  type="button"
                  class="small"
                  @click=${() => {
                    save(
                      `${words.labelledFile}-${isoDay()}.jsonl`,
                      labelledReports(this.results, this.rubric),
                      'application/x-ndjson',
                    );
                  }}
                >
                  ${words.labelled}
                </button>
                <span class="quiet">${words.labelledHint}</span>
              </p>
            `
          : nothing
      }
    `;
  }
}

define('sales-mirror-hand-over', SalesMirrorHandOver);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-hand-over': SalesMirrorHandOver;
  }
}
