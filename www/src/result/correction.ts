/**
 * `<sales-mirror-correction>`: the corrections that reviewers made to the level of one competency, and the form to make
 * another. It passes a correction on and keeps none.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric } from '../engine/contract';
import { colon, day, levelName, number, type Code } from '../languages/text';
import { isoDay, levelOf, levels, type Result } from '../report/report';
import { WORDS } from './words';

const styles = css`
  .corrected {
    border-inline-start: 4px solid var(--sm-self);
    margin-block-start: 0.5rem;
    padding-inline-start: 0.75rem;
  }
  form > * + * {
    margin-block-start: 0.5rem;
  }
  input,
  select {
    display: block;
    inline-size: 100%;
    max-inline-size: 22rem;
  }
  @media print {
    details {
      display: none;
    }
  }
`;

export class SalesMirrorCorrection extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    competency: { attribute: false },
    result: { attribute: false },
    reviewable: { type: Boolean },
  };

  declare language: Code;
  declare rubric: Rubric;
  /** Id of the competency. */
  declare competency: string;
  declare result: Result;
  /** Whether another correction can be made. */
  declare reviewable: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.reviewable = false;
  }

  private readonly save = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => ((data.get(name) as string | null) ?? '').trim();
    const level = field('level');
    emit(this, 'correct', {
      competency: this.competency,
      level: level === '' ? null : Number(level),
      was: levelOf(this.result, this.competency),
      reason: field('reason'),
      reviewer: field('reviewer'),
      date: isoDay(),
    });
    form.closest('details')?.removeAttribute('open');
  };

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const made = this.result.corrections.filter(({ competency }) => competency === this.competency);
    const shown = (level: number | null) =>
      level === null ? words.notShown : Number.isInteger(level) ? String(level) : number(level);
    return html`
      ${made.map(
        (entry) => html`
          <p class="corrected">
            <strong
              >${words.corrected(entry.reviewer, day(entry.date, this.language))}${colon(this.language)}</strong
            >${words.correctedTo(shown(entry.level), shown(entry.was))} ${entry.reason}
          </p>
        `,
      )}
      ${this.reviewable ? this.renderForm() : nothing}
    `;
  }

  private renderForm(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <details>
        <summary>${words.correct}</summary>
        <form class="card" @submit=${this.save}>
          <p class="quiet">${words.correctHint}</p>
          <label for="level">${words.correctLevel}</label>
          <select id="level" name="level">
            <option value="">${words.notShown}</option>
            ${levels(this.rubric.scale).map(
              (level) => html`
                <option value=${level}>${level} · ${levelName(this.rubric, level, this.language)}</option>
              `,
            )}
          </select>
          <label for="reason">${words.reason}</label>
          <textarea id="reason" name="reason" rows="2" required></textarea>
          <label for="reviewer">${words.reviewer}</label>
          <input id="reviewer" name="reviewer" autocomplete="name" required />
          <button type="submit" class="small">${words.saveCorrection}</button>
        </form>
      </details>
    `;
  }
}

define('sales-mirror-correction', SalesMirrorCorrection);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-correction': SalesMirrorCorrection;
  }
}
