/**
 * `<sales-mirror-interview>`: asks a candidate one question after the other. Before any text is taken it says what becomes of
 * the answers. It owns the answers until they are deleted; assessing them, and warning before the page is left, is left to
 * its parent.
 *
 * @slot interview-notice - The company's own wording in the place of the notice.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { focusHeading } from '../component/motion';
import type { Rubric, Translations } from '../engine/contract';
import { writingAids } from '../component/writing-aids';
import { comma, competencyName, day, languageOf, translated, type Code } from '../languages/text';
import { isoDay, newReport } from '../report/report';
import { styles } from './interview.styles';
import { covered, type Question, type QuestionSet } from './questions';
import { transcript, type Answer } from './transcript';
import { WORDS } from './words';

/** Who says that the notice was read, and on which day (YYYY-MM-DD). */
interface Confirmation {
  readonly by: 'candidate' | 'interviewer';
  readonly date: string;
}

/** Everything that an interview has come to. */
interface Progress {
  readonly confirmed: Confirmation | null;
  readonly set: QuestionSet | null;
  /** What was typed, by the ids of set and question. */
  readonly texts: ReadonlyMap<string, string>;
  /** Questions that the candidate chose to skip; what was typed there is kept but does not count. */
  readonly skipped: ReadonlySet<string>;
}

const NOTHING: Progress = { confirmed: null, set: null, texts: new Map(), skipped: new Set() };

export class SalesMirrorInterview extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    sets: { attribute: false },
    busy: { type: Boolean },
    disabled: { type: Boolean },
    aids: { type: Boolean },
    progress: { state: true },
    asking: { state: true },
    worded: { state: true },
    deleted: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare sets: readonly QuestionSet[];
  /** Whether the answers are being assessed. */
  declare busy: boolean;
  declare disabled: boolean;
  /** Whether spell checkers in the cloud and writing assistants may read the answers. */
  declare aids: boolean;
  declare private progress: Progress;
  /** Index of the question that is asked; null in the overview. */
  declare private asking: number | null;
  /** Whether the page brings a notice of its own. */
  declare private worded: boolean;
  /** What was deleted last; the next candidate's confirmation forgets it. */
  declare private deleted: Progress | null;
  /** Whether an input method is composing characters that are not yet part of the answer. */
  private composing = false;

  constructor() {
    super();
    this.language = 'en';
    this.sets = [];
    this.busy = false;
    this.disabled = false;
    this.aids = false;
    this.progress = NOTHING;
    this.asking = null;
    this.worded = false;
    this.deleted = null;
  }

  /** Whether anything typed would be lost with the page. */
  get hasAnswers(): boolean {
    return [...this.progress.texts.values()].some((text) => text.trim() !== '');
  }

  /** Moves the focus to the heading of what is shown. */
  async announce(): Promise<void> {
    await focusHeading(this, '#heading');
  }

  /** Deletes all answers, which can be brought back until the next candidate begins. */
  clear(): void {
    this.deleted = this.hasAnswers ? this.progress : this.deleted;
    this.progress = NOTHING;
    this.asking = null;
  }

  private get words() {
    return WORDS[this.language];
  }

  private text(texts: Translations): string {
    return translated(texts, this.language);
  }

  private names(competencies: readonly string[]): string {
    return competencies
      .map((id) => competencyName(this.rubric, id, this.language))
      .join(comma(this.language));
  }

  private change(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
  }

  private key(set: QuestionSet, question: Question): string {
    return `${set.id}/${question.id}`;
  }

  private typedFor(set: QuestionSet, question: Question): string {
    return this.progress.texts.get(this.key(set, question)) ?? '';
  }

  private isSkipped(set: QuestionSet, question: Question): boolean {
    return this.progress.skipped.has(this.key(set, question));
  }

  /** The questions of a set that are answered, with their answers. */
  private answered(set: QuestionSet): (Answer & { readonly title: string })[] {
    return set.questions.flatMap((question, i) => {
      const text = this.typedFor(set, question);
      if (!text.trim() || this.isSkipped(set, question)) return [];
      return [
        { number: i + 1, title: this.text(question.title), question: this.text(question.question), text },
      ];
    });
  }

  private confirm(by: Confirmation['by']): void {
    this.deleted = null;
    this.change({ confirmed: { by, date: isoDay() } });
    const [only] = this.sets;
    if (only && this.sets.length === 1) this.choose(only);
    else void this.announce();
  }

  private choose(set: QuestionSet): void {
    this.change({ set });
    this.ask(0);
  }

  /** Shows a question; past the last one, and for null, the overview. */
  private ask(index: number | null): void {
    const count = this.progress.set?.questions.length ?? 0;
    this.asking = index !== null && index < count ? index : null;
    void this.announce();
  }

  private back(index: number): void {
    if (index > 0) {
      this.ask(index - 1);
    } else {
      this.change({ set: null });
      void this.announce();
    }
  }

  /** Goes on to the next question. */
  private leave(set: QuestionSet, index: number, skip: boolean): void {
    const question = set.questions[index];
    if (question) this.skip(set, question, skip);
    this.ask(index + 1);
  }

  private skip(set: QuestionSet, question: Question, skip: boolean): void {
    const skipped = new Set(this.progress.skipped);
    if (skip) skipped.add(this.key(set, question));
    else skipped.delete(this.key(set, question));
    this.change({ skipped });
  }

  /** Takes what was typed. Whoever types an answer does not skip the question any more. */
  private type(set: QuestionSet, question: Question, text: string): void {
    if (this.composing || text === this.typedFor(set, question)) return;
    this.skip(set, question, false);
    this.change({ texts: new Map(this.progress.texts).set(this.key(set, question), text) });
  }

  private assess(set: QuestionSet): void {
    const answers = this.answered(set);
    const reports = answers.map(({ number, title, text }) =>
      newReport(text, 'interview_answer', this.words.report(number, title)),
    );
    const whole = newReport('', 'interview_answer', this.text(set.name));
    emit(this, 'interview-done', {
      answers: reports,
      whole: { ...whole, ...transcript(answers, this.language) },
    });
  }

  private readonly restart = (): void => {
    this.clear();
    emit(this, 'interview-cleared');
    void this.announce();
  };

  private readonly undo = (): void => {
    if (!this.deleted) return;
    this.progress = this.deleted;
    this.deleted = null;
    this.ask(null);
  };

  protected override render(): TemplateResult {
    const { confirmed, set } = this.progress;
    return html`
      <fieldset ?disabled=${this.disabled}>
        ${
          confirmed === null
            ? this.renderNotice()
            : set === null
              ? this.renderSets()
              : html`
                  ${this.asking === null ? nothing : this.renderQuestion(set, this.asking)}
                  ${this.renderOverview(set, confirmed)}
                `
        }
      </fieldset>
    `;
  }

  private renderNotice(): TemplateResult {
    const words = this.words.notice;
    const all = this.rubric.competencies.map(({ id }) => id);
    return html`
      <section class="card no-print" aria-labelledby="heading">
        <h2 id="heading" tabindex="-1">${words.title}</h2>
        <slot
          name="interview-notice"
          @slotchange=${({ target }: Event) => {
            this.worded = (target as HTMLSlotElement).assignedNodes({ flatten: true }).length > 0;
          }}
        ></slot>
        <div class="stack" ?hidden=${this.worded}>
          <p>${words.lead}</p>
          <ul class="points">
            ${words.points.map(({ what, text }) => html`<li><strong>${what}</strong> ${text}</li>`)}
          </ul>
          <p class="quiet">${words.competencies(this.names(all))}</p>
        </div>
        <div class="row">
          <button
            type="button"
            class="primary"
            @click=${() => {
              this.confirm('candidate');
            }}
          >
            ${words.confirm}
          </button>
          <button
            type="button"
            @click=${() => {
              this.confirm('interviewer');
            }}
          >
            ${words.confirmForOther}
          </button>
        </div>
        ${
          this.deleted
            ? html`<p class="row">
                <span role="status">${this.words.deleted}</span>
                <button type="button" class="small" @click=${this.undo}>${this.words.undo}</button>
              </p>`
            : nothing
        }
      </section>
    `;
  }

  private renderSets(): TemplateResult {
    const words = this.words.sets;
    return html`
      <section class="no-print" aria-labelledby="heading">
        <h2 id="heading" tabindex="-1">${words.title}</h2>
        ${this.sets.length ? nothing : html`<p>${this.words.none}</p>`}
        <ul class="sets">
          ${this.sets.map((set) => {
            const { length } = set.questions;
            const answered = this.answered(set).length;
            return html`
              <li class="card">
                <h3 lang=${languageOf(set.name, this.language)}>${this.text(set.name)}</h3>
                <p lang=${languageOf(set.description, this.language)}>${this.text(set.description)}</p>
                <p class="quiet">
                  ${answered ? words.begun(answered, length) : words.questions(length)} ·
                  ${words.competencies(this.names(covered(set, this.rubric)))}
                </p>
                <button
                  type="button"
                  @click=${() => {
                    this.choose(set);
                  }}
                >
                  ${words.choose(this.text(set.name))}
                </button>
              </li>
            `;
          })}
        </ul>
      </section>
    `;
  }

  private renderQuestion(set: QuestionSet, index: number): TemplateResult | typeof nothing {
    const { words } = this;
    const question = set.questions[index];
    if (!question) return nothing;
    const next = () => {
      this.leave(set, index, false);
    };
    const composed = (event: CompositionEvent) => {
      this.composing = event.type === 'compositionstart';
      // Browsers differ in whether an input event follows the end.
      this.type(set, question, (event.target as HTMLTextAreaElement).value);
    };
    return html`
      <section class="card no-print" aria-labelledby="heading">
        <form>
          <h2 id="heading" tabindex="-1">
            <span class="quiet progress">${words.progress(index + 1, set.questions.length)}</span>
            <span lang=${languageOf(question.question, this.language)}>${this.text(question.question)}</span>
          </h2>
          <div id="hint" class="stack">
            <p class="quiet" lang=${languageOf(question.hint, this.language)}>${this.text(question.hint)}</p>
            ${
              question.follow_up
                ? html`<p class="quiet">
                    ${words.followUp}
                    <span lang=${languageOf(question.follow_up, this.language)}
                      >${this.text(question.follow_up)}</span
                    >
                  </p>`
                : nothing
            }
          </div>
          <label for="answer">${words.answer}</label>
          ${keyed(
            // A field of its own, so that undoing does not bring the text of another question back.
            this.key(set, question),
            html`<textarea
              id="answer"
              rows="9"
              aria-describedby="hint"
              .value=${this.typedFor(set, question)}
              ${writingAids(this.aids)}
              @input=${(event: Event) => {
                this.type(set, question, (event.target as HTMLTextAreaElement).value);
              }}
              @compositionstart=${composed}
              @compositionend=${composed}
              @keydown=${(event: KeyboardEvent) => {
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                if (!event.isComposing && !this.composing) next();
              }}
            ></textarea>`,
          )}
          <div class="row">
            ${
              index > 0 || this.sets.length > 1
                ? html`<button
                    type="button"
                    @click=${() => {
                      this.back(index);
                    }}
                  >
                    ${words.back}
                  </button>`
                : nothing
            }
            <button
              type="submit"
              class="primary"
              @click=${(event: Event) => {
                event.preventDefault();
                next();
              }}
            >
              ${index + 1 < set.questions.length ? words.next : words.last}
            </button>
            <button
              type="button"
              @click=${() => {
                this.leave(set, index, true);
              }}
            >
              ${words.skip}
            </button>
            <button
              type="button"
              @click=${() => {
                this.ask(null);
              }}
            >
              ${words.stop}
            </button>
            <span class="quiet">${words.shortcut}</span>
          </div>
        </form>
      </section>
    `;
  }

  /** The answers in a list. While a question is asked, it is there for the printer alone. */
  private renderOverview(set: QuestionSet, { by, date }: Confirmation): TemplateResult {
    const words = this.words.overview;
    const { length } = set.questions;
    const answered = this.answered(set).length;
    const shown = this.asking === null;
    return html`
      <section class=${shown ? 'card' : 'print-only'} aria-labelledby=${shown ? 'heading' : 'printed'}>
        <h2 id=${shown ? 'heading' : 'printed'} tabindex="-1">${words.title}</h2>
        <p class="quiet">
          <span lang=${languageOf(set.name, this.language)}>${this.text(set.name)}</span> ·
          ${words.confirmed[by](day(date, this.language))}
        </p>
        <p class="no-print">${answered ? words.lead(answered, length) : words.noAnswers}</p>
        <ol class="answers">
          ${set.questions.map((question, i) => this.renderAnswer(set, question, i))}
        </ol>
        <div class="row">
          ${
            answered
              ? html`<button
                  type="button"
                  class="primary"
                  @click=${() => {
                    this.assess(set);
                  }}
                >
                  ${words.assess}
                </button>`
              : nothing
          }
          ${
            this.busy
              ? html`<button
                  type="button"
                  @click=${() => {
                    emit(this, 'stop');
                  }}
                >
                  ${words.cancel}
                </button>`
              : nothing
          }
          <button
            type="button"
            @click=${() => {
              this.ask(0);
            }}
          >
            ${words.continue}
          </button>
          ${
            this.sets.length > 1
              ? html`<button
                  type="button"
                  @click=${() => {
                    this.back(0);
                  }}
                >
                  ${words.otherSet}
                </button>`
              : nothing
          }
          <button type="button" @click=${this.restart}>${words.restart}</button>
        </div>
      </section>
    `;
  }

  private renderAnswer(set: QuestionSet, question: Question, i: number): TemplateResult {
    const words = this.words.overview;
    const typed = this.typedFor(set, question).trim();
    const isSkipped = this.isSkipped(set, question);
    const counts = typed !== '' && !isSkipped;
    // White space shows in an answer, so its element has none of its own.
    // prettier-ignore
    const text = html`<p class="text own">${typed}</p>`;
    return html`
      <li>
        <h3 lang=${languageOf(question.title, this.language)}>
          ${this.words.report(i + 1, this.text(question.title))}
        </h3>
        <p class="quiet" lang=${languageOf(question.question, this.language)}>
          ${this.text(question.question)}
        </p>
        ${
          counts
            ? nothing
            : html`
                <p>${typed ? words.draft : isSkipped ? words.skipped : words.unanswered}</p>
                <p class="quiet no-print">${words.likely(this.names(question.competencies))}</p>
              `
        }
        ${typed ? text : nothing}
        <button
          type="button"
          class="small"
          @click=${() => {
            this.ask(i);
          }}
        >
          ${typed ? words.edit(i + 1) : words.answerIt(i + 1)}
        </button>
      </li>
    `;
  }
}

define('sales-mirror-interview', SalesMirrorInterview);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-interview': SalesMirrorInterview;
  }
}
