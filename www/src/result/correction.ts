/**
 * `<sales-mirror-correction>`: what people said about the level of one competency. It shows the notes of the writer and
 * the decisions of reviewers, and has the form with which a reviewer corrects or confirms the level, which settles the
 * notes. It passes a decision on and keeps none.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import type { Rubric, Span } from '../engine/contract';
import { colon, day, levelName, number, type Code } from '../languages/text';
import {
  answerTo,
  isoDay,
  levelOf,
  levels,
  openNotes,
  type Correction,
  type Note,
  type Result,
} from '../report/report';
import { WORDS } from './words';

const styles = css`
  .corrected,
  .note {
    border-inline-start: 4px solid var(--sm-self);
    margin-block-start: 0.5rem;
    padding-inline-start: 0.75rem;
  }
  .note {
    border-inline-start-color: var(--sm-control);
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

/** The choices of the form that are no level of the scale. */
const CONFIRM = 'confirm';
const NOT_SHOWN = 'none';

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
    const chosen = field('level');
    const was = levelOf(this.result, this.competency);
    const confirmed = chosen === CONFIRM;
    const answers = this.open.map(({ id }) => ({ note: id, answer: field(`answer-${id}`) }));
    emit(this, 'correct', {
      competency: this.competency,
      level: confirmed ? was : chosen === NOT_SHOWN ? null : Number(chosen),
      was,
      reason: field('reason'),
      reviewer: field('reviewer'),
      date: isoDay(),
      at: new Date().toISOString(),
      ...(confirmed ? { confirmed } : {}),
      ...(answers.length ? { answers } : {}),
    });
    form.closest('details')?.removeAttribute('open');
    form.reset();
  };

  /** The notes that the next decision must settle. */
  private get open(): readonly Note[] {
    return openNotes(this.result, this.competency);
  }

  private level(level: number | null): string {
    if (level === null) return WORDS[this.language].notShown;
    return Number.isInteger(level) ? String(level) : number(level);
  }

  private quote(span: Span | null): TemplateResult | typeof nothing {
    const { text } = this.result.report;
    return span && text ? html`<q>${text.slice(span.start, span.end).trim()}</q>` : nothing;
  }

  protected override render(): TemplateResult {
    const { result, competency } = this;
    const own = <T extends { readonly competency: string }>(entries: readonly T[] | undefined) =>
      (entries ?? []).filter((entry) => entry.competency === competency);
    const made = own(result.corrections);
    return html`
      ${own(result.notes).map((note) => this.renderNote(note))}
      ${made.map((entry, i) => this.renderCorrection(entry, i === made.length - 1))}
      ${this.reviewable ? this.renderForm() : nothing}
    `;
  }

  private renderNote(note: Note): TemplateResult {
    const words = WORDS[this.language];
    const settled = answerTo(note, this.result);
    return html`
      <p class="note" data-note=${settled ? 'settled' : 'open'}>
        <strong>${words.noteFrom(words.claims[note.claim])}</strong>
        <span class="quiet">${settled ? words.settled : words.noteOpen}</span> ${this.quote(note.sentence)}
        <span class="own">${note.text}</span>
        ${
          settled
            ? html`<br /><strong>${words.answered(settled.reviewer)}${colon(this.language)}</strong
                ><span class="own">${settled.answer}</span>`
            : nothing
        }
      </p>
    `;
  }

  private renderCorrection(entry: Correction, newest: boolean): TemplateResult {
    const words = WORDS[this.language];
    const date = day(entry.date, this.language);
    const who = entry.confirmed
      ? words.confirmed(entry.reviewer, date)
      : words.corrected(entry.reviewer, date);
    const what = entry.confirmed
      ? words.confirmedTo(this.level(entry.level))
      : words.correctedTo(this.level(entry.level), this.level(entry.was));
    return html`
      <p class="corrected">
        <strong>${who}${colon(this.language)}</strong>${what} ${entry.reason}
        ${entry.own === undefined ? nothing : html`<span class="quiet">${words.ownFirst(this.level(entry.own))}</span>`}
        ${newest ? nothing : html`<span class="quiet">${words.replaced}</span>`}
      </p>
    `;
  }

  private renderForm(): TemplateResult {
    const words = WORDS[this.language];
    const { open } = this;
    return html`
      <details>
        <summary>${words.correct}</summary>
        <form class="card" @submit=${this.save}>
          <p class="quiet">${words.correctHint}</p>
          <label for="level">${words.correctLevel}</label>
          <select id="level" name="level" required>
            <option value="">${words.choose}</option>
            <option value=${CONFIRM}>
              ${words.keepLevel(this.level(levelOf(this.result, this.competency)))}
            </option>
            <option value=${NOT_SHOWN}>${words.notShown}</option>
            ${levels(this.rubric.scale).map(
              (level) => html`
                <option value=${level}>${level} · ${levelName(this.rubric, level, this.language)}</option>
              `,
            )}
          </select>
          <label for="reason">${words.reason}</label>
          <textarea id="reason" name="reason" rows="2" required></textarea>
          ${open.length ? html`<p class="quiet">${words.answerHint}</p>` : nothing}
          ${open.map(
            ({ id, claim }) => html`
              <label for="answer-${id}">${words.answer(words.claims[claim])}</label>
              <textarea id="answer-${id}" name="answer-${id}" rows="2" required></textarea>
            `,
          )}
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
