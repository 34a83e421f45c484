/**
 * `<sales-mirror-editor>`: marks the evidence in a text area while a person types. It is put around an ordinary text
 * area, whose text, undo history, input methods and spelling it never touches, and which works without it. It owns what
 * lies over the text area (marks, numbers, the card of a sentence) and the walk from one piece of evidence to the next.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { nextTask, scrolling } from '../component/motion';
import type { Part, Rubric, Span } from '../engine/contract';
import { isAnother } from '../typing/typing';
import type { Code } from '../languages/text';
import { look } from '../result/highlight';
import { hues } from '../result/hues';
import { WORDS as RESULT_WORDS } from '../result/words';
import { Backdrop } from './backdrop';
import { card, described } from './card';
import { edit } from '../typing/edit';
import { styles } from './editor.styles';
import { painter, type Stroke } from './painter';
import { follow, neighbour, normalized, only, pieceAt, pieces, type EditorMark, type Piece } from './pieces';
import { WORDS } from './words';

/** How long after a change the marks may be of the text before it without a word about it, in milliseconds. */
const STALE_AFTER = 3_000;

/** What decides where a text area breaks its lines, besides its size. */
const METRICS = [
  ...['direction', 'font-family', 'font-size', 'font-style', 'font-weight', 'font-stretch', 'font-variant'],
  ...['font-feature-settings', 'font-kerning', 'font-optical-sizing', 'font-size-adjust', 'hyphens'],
  ...[
    'letter-spacing',
    'line-break',
    'line-height',
    'tab-size',
    'text-align',
    'text-indent',
    'text-rendering',
  ],
  ...['text-transform', 'text-wrap', 'white-space', 'word-break', 'word-spacing', 'overflow-wrap'],
  ...['border-top-width', 'border-right-width', 'border-bottom-width', 'border-left-width'],
  ...[
    'padding-top',
    'padding-right',
    'padding-bottom',
    'padding-left',
    'scrollbar-gutter',
    'scrollbar-width',
  ],
];

/** Where a piece of evidence begins in the text that was assessed, and its competency if only one of them counts. */
export interface EvidencePlace {
  readonly start: number;
  readonly competency?: string;
}

// White space shows here, so the template has none of its own.
// prettier-ignore
const BACKDROP = html`<div class="backdrop own" aria-hidden="true" inert><div class="text"></div><div class="badges"></div></div>`;

/**
 * @slot - The text area.
 */
export class SalesMirrorEditor extends LitElement {
  static override styles = [base, hues, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    text: { attribute: false },
    assessed: { attribute: false },
    marks: { attribute: false },
    greyed: { attribute: false },
    only: { attribute: false },
    stale: { type: Boolean, reflect: true },
    chosen: { state: true },
    announcement: { state: true },
  };

  declare language: Code;
  /** Without it nothing is marked. */
  declare rubric: Rubric | undefined;
  /** The text that was put into the text area; what is typed there is heard from the text area itself. */
  declare text: string;
  /** The text that was assessed, which `marks` and `greyed` are of. */
  declare assessed: string;
  declare marks: readonly EditorMark[];
  /** Parts that did not count. */
  declare greyed: readonly Part[];
  /** The competency whose evidence alone is marked; null for all. */
  declare only: string | null;
  /** Whether the marks are of the text before the last change, and no longer only for the short time of live typing. */
  declare stale: boolean;
  /** The piece whose card is open. */
  declare private chosen: Piece | null;
  /** What a screen reader says of the card that opened. */
  declare private announcement: string;

  /** The text area's text as it was last seen. */
  private seen = '';
  /** The pieces where they are in that text, for all competencies. */
  private all: readonly Piece[] = [];
  /** Those that are shown. */
  private shown: readonly Piece[] = [];
  private backdrop: Backdrop | undefined;
  private metrics = '';
  /** Whether the focus was in the card before it was rendered anew. */
  private focused = false;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly resized = new ResizeObserver(() => {
    this.refreshSoon();
  });

  constructor() {
    super();
    this.language = 'en';
    this.text = '';
    this.assessed = '';
    this.marks = [];
    this.greyed = [];
    this.only = null;
    this.stale = false;
    this.chosen = null;
    this.announcement = '';
    this.addEventListener('input', this.edited);
    this.addEventListener('keydown', this.pressed);
    this.addEventListener('keyup', this.left);
    this.addEventListener('click', this.clicked);
    this.addEventListener('focusout', this.blurred);
    // Scrolling does not bubble.
    this.addEventListener('scroll', this.scrolled, { capture: true, passive: true });
  }

  /** The text area. */
  get field(): HTMLTextAreaElement | undefined {
    return this.querySelector('textarea') ?? undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    // The highlights of the document would keep everything that was drawn.
    this.backdrop?.clear();
  }

  /**
   * Moves the caret to a piece of evidence, scrolls to it and opens its card. Does nothing if the sentence was edited
   * since it was assessed.
   */
  async reveal({ start, competency }: EvidencePlace): Promise<void> {
    await this.updateComplete;
    const isIt = (mark: EditorMark) =>
      mark.start === start && (competency === undefined || mark.competency === competency);
    const piece = this.shown.find(({ marks }) => marks.some(isIt));
    if (!piece) return;
    this.field?.focus({ preventScroll: true });
    await this.go(piece);
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.synchronize();
    if (['assessed', 'marks', 'greyed'].some((name) => changed.has(name))) this.mark();
    else if (changed.has('only')) this.show(this.all);
    this.focused = this.chosen !== null && this.holdsFocus;
  }

  protected override firstUpdated(): void {
    this.attach();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('chosen')) this.place();
    if (changed.has('only') && this.only !== null) void this.bringEvidence();
    // The button that had the focus may be gone, as where its competency is no longer shown.
    if (this.focused && !this.holdsFocus) this.renderRoot.querySelector<HTMLElement>('.piece')?.focus();
    this.refreshSoon();
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    const { rubric, chosen } = this;
    const evidence = this.evidence;
    return html`
      <div class="frame">
        <slot @slotchange=${this.attach}></slot>
        ${BACKDROP}
        ${
          chosen && rubric
            ? card(chosen, rubric, this.language, this.position(chosen), {
                close: this.close,
                object: ({ competency, start, end }) => {
                  emit(this, 'object', { competency, start, end });
                },
                rewrite: this.rewrite,
              })
            : nothing
        }
      </div>
      <div class="row walk">
        ${
          evidence.length
            ? html`
                <span class="quiet">${this.stale ? words.stale : nothing}</span>
                ${this.renderStep(-1, words.previous, 'Alt+ArrowUp', '↑')}
                ${this.renderStep(1, words.next, 'Alt+ArrowDown', '↓')}
              `
            : nothing
        }
      </div>
      <p class="hidden own" role="status">${this.announcement}</p>
    `;
  }

  private renderStep(step: 1 | -1, label: string, keys: string, arrow: string): TemplateResult {
    return html`
      <button
        type="button"
        class="small"
        title="Alt + ${arrow}"
        aria-keyshortcuts=${keys}
        @click=${() => void this.walk(step)}
      >
        ${label}
      </button>
    `;
  }

  /** Whether the focus is in the card. */
  private get holdsFocus(): boolean {
    return this.renderRoot.querySelector('.piece:focus-within') !== null;
  }

  /** The pieces that are evidence. */
  private get evidence(): readonly Piece[] {
    return this.shown.filter(({ reason }) => reason === null);
  }

  /** Which piece of evidence it is, in words. */
  private position(piece: Piece): string {
    const evidence = this.evidence;
    const i = evidence.findIndex(({ start }) => start === piece.start);
    return piece.reason ? '' : WORDS[this.language].position(i + 1, evidence.length);
  }

  /** Begins with the text area and the elements of the first rendering, once there are both. */
  private readonly attach = (): void => {
    const { field } = this;
    const text = this.renderRoot.querySelector<HTMLElement>('.text');
    if (!field || !text) return;
    this.backdrop ??= new Backdrop(text, painter());
    this.backdrop.clear();
    this.seen = '';
    this.all = [];
    this.synchronize();
    this.resized.disconnect();
    this.resized.observe(field);
    this.mark();
  };

  /** Marks what was assessed, as far as it is still in the text area. */
  private mark(): void {
    const { assessed, marks, greyed } = this;
    const text = normalized(assessed);
    const value = this.field?.value ?? '';
    const usable = text !== '' && !isAnother(text, value);
    const found = usable ? pieces(assessed, marks, greyed) : [];
    this.show(text === value ? found : follow(found, edit(text, value), value));
    this.judge();
  }

  /** Shows these pieces. A card stays open while its sentence is marked. */
  private show(all: readonly Piece[]): void {
    this.all = all;
    this.shown = only(all, this.only);
    const { chosen } = this;
    if (!chosen) return;
    const still = this.shown.find(({ start, end }) => start === chosen.start && end === chosen.end);
    if (still) this.chosen = still;
    else this.close();
  }

  /** Takes over what the text area has by now. */
  private synchronize(): void {
    const value = this.field?.value ?? '';
    if (value === this.seen) return;
    const change = edit(this.seen, value);
    this.seen = value;
    this.backdrop?.edit(change, value);
    this.close();
    this.show(follow(this.all, change, value));
    this.judge();
    this.requestUpdate();
  }

  /** Says that the marks are stale once they have been for a while. */
  private judge(): void {
    clearTimeout(this.timer);
    const differs = this.all.length > 0 && normalized(this.assessed) !== this.seen;
    if (!differs) this.stale = false;
    else if (!this.stale) {
      this.timer = setTimeout(() => {
        this.stale = true;
      }, STALE_AFTER);
    }
  }

  private readonly edited = (event: Event): void => {
    if (event.target === this.field) this.synchronize();
  };

  private readonly scrolled = (): void => {
    this.align();
    this.refreshSoon();
  };

  private refreshSoon(): void {
    this.frame ||= requestAnimationFrame(this.refresh);
  }

  /** Builds, aligns and draws, once per frame, so that layout is computed once too. */
  private readonly refresh = (): void => {
    this.frame = 0;
    const { field, backdrop } = this;
    if (!field || !backdrop) return;
    this.align();
    // What is far below is built when it is scrolled to.
    if (!backdrop.fills(field.scrollTop + 2 * field.clientHeight)) {
      backdrop.build();
      this.refreshSoon();
      this.align();
    }
    this.draw(field, backdrop);
    this.place();
  };

  /** Gives the backdrop the metrics and the scroll position of the text area. */
  private align(): void {
    const { field } = this;
    const layer = this.renderRoot.querySelector<HTMLElement>('.backdrop');
    const frame = this.renderRoot.querySelector('.frame');
    if (!field || !layer || !frame) return;
    const computed = getComputedStyle(field);
    const box = field.getBoundingClientRect();
    const outer = frame.getBoundingClientRect();
    const values: [string, string][] = [
      ['left', `${box.left - outer.left}px`],
      ['top', `${box.top - outer.top}px`],
      ['width', `${box.width}px`],
      ['height', `${box.height}px`],
      ...METRICS.map((name): [string, string] => [name, computed.getPropertyValue(name)]),
    ];
    const metrics = values.join();
    if (metrics !== this.metrics) {
      for (const [name, value] of values) layer.style.setProperty(name, value);
      this.metrics = metrics;
      this.backdrop?.reflow();
    }
    if (layer.scrollTop !== field.scrollTop) layer.scrollTop = field.scrollTop;
  }

  /** Draws what is in view, and a view's height above and below it. */
  private draw(field: HTMLTextAreaElement, backdrop: Backdrop): void {
    const { scrollTop, clientHeight } = field;
    const within = backdrop.between(scrollTop - clientHeight, scrollTop + 2 * clientHeight);
    const { rubric } = this;
    const near = rubric
      ? this.shown.filter(
          ({ start, end }) => start < within.end && within.start < end && backdrop.reaches(end),
        )
      : [];
    const strokes = near.map((piece): Stroke => {
      const { start, end, marks, reason } = piece;
      const chosen = piece === this.chosen ? ['chosen'] : [];
      if (reason || !rubric) return { start, end, looks: ['left-out', ...chosen] };
      const { hue, polarity } = look(marks, rubric);
      return { start, end, looks: [hue, polarity, ...chosen] };
    });
    backdrop.paint(strokes, within);
    const badges = this.renderRoot.querySelector('.badges');
    if (rubric)
      badges?.replaceChildren(...near.flatMap((piece) => this.badge(piece, rubric, backdrop) ?? []));
  }

  /** The numbers and signs above the end of a sentence, or the reason above the beginning of a part that did not count. */
  private badge(piece: Piece, rubric: Rubric, backdrop: Backdrop): HTMLElement | undefined {
    const layer = this.renderRoot.querySelector('.badges');
    const { start, end, marks, reason } = piece;
    const at = reason ? { start, end: start + 1 } : { start: end - 1, end };
    const rect = [...backdrop.range(at).getClientRects()].at(-1);
    if (!layer || !rect) return undefined;
    const origin = layer.getBoundingClientRect();
    const badge = document.createElement('span');
    const { polarity, badge: numbers } = look(marks, rubric);
    badge.className = `badge ${reason ? 'reason' : polarity}`;
    badge.textContent = reason ? RESULT_WORDS[this.language].reasons[reason] : numbers;
    const edge = reason ? rect.left - origin.left : rect.right - origin.left;
    badge.style.setProperty('left', `${edge}px`);
    badge.style.setProperty('top', `${rect.top - origin.top}px`);
    badge.style.setProperty('translate', reason ? '0 -70%' : '-100% -70%');
    return badge;
  }

  /** Puts the card below its sentence. */
  private place(): void {
    const { chosen, backdrop, field } = this;
    const element = this.renderRoot.querySelector<HTMLElement>('.piece');
    const frame = this.renderRoot.querySelector('.frame');
    if (!chosen || !backdrop || !field || !element || !frame || !backdrop.reaches(chosen.end)) return;
    const outer = frame.getBoundingClientRect();
    const rect = backdrop.range(chosen).getBoundingClientRect();
    const clamp = (value: number, limit: number) => Math.max(0, Math.min(value, limit));
    element.style.setProperty(
      'left',
      `${clamp(rect.left - outer.left, outer.width - element.offsetWidth)}px`,
    );
    element.style.setProperty('top', `${clamp(rect.bottom - outer.top + 6, outer.height)}px`);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape' && this.chosen) {
      event.preventDefault();
      this.close();
      return;
    }
    const { field } = this;
    const plain = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!plain || !field || event.target !== field) return;
    const step = { ArrowUp: -1, ArrowDown: 1 } as const;
    if (event.key in step && this.evidence.length) {
      event.preventDefault();
      void this.walk(step[event.key as keyof typeof step]);
    } else if (event.key === 'Enter') {
      const piece = pieceAt(this.shown, field.selectionStart);
      if (!piece) return;
      event.preventDefault();
      this.choose(piece);
    }
  };

  /** Closes the card when the caret has left its sentence. */
  private readonly left = (event: KeyboardEvent): void => {
    const { field, chosen } = this;
    if (!field || !chosen || event.target !== field) return;
    const caret = field.selectionStart;
    if (caret < chosen.start || caret > chosen.end) this.close();
  };

  private readonly clicked = (event: MouseEvent): void => {
    const { field } = this;
    if (!field || event.target !== field || field.selectionStart !== field.selectionEnd) return;
    const piece = pieceAt(this.shown, field.selectionStart);
    if (piece) this.choose(piece);
    else this.close();
  };

  private readonly blurred = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    // The window lost the focus, and will have it again.
    if (!document.hasFocus()) return;
    if (to instanceof Node && (this.contains(to) || this.renderRoot.contains(to))) return;
    this.close();
  };

  /** Opens the card of the next or the previous piece of evidence, and moves the caret there. */
  private async walk(step: 1 | -1): Promise<void> {
    const from = this.chosen ?? this.field?.selectionStart ?? 0;
    const piece = neighbour(this.evidence, step, from);
    if (piece) await this.go(piece);
  }

  private async go(piece: Piece): Promise<void> {
    const { field } = this;
    if (!field) return;
    field.setSelectionRange(piece.start, piece.start);
    await this.bring(piece);
    this.choose(piece);
    await this.updateComplete;
    this.renderRoot.querySelector('.piece')?.scrollIntoView({ block: 'nearest', behavior: scrolling() });
  }

  /** Scrolls the text area to a piece unless all of it is in view. */
  private async bring(piece: Piece): Promise<void> {
    const { field, backdrop } = this;
    if (!field || !backdrop) return;
    this.align();
    while (!backdrop.reaches(piece.end)) {
      backdrop.build();
      await nextTask();
    }
    this.align();
    const box = field.getBoundingClientRect();
    const rect = backdrop.range(piece).getBoundingClientRect();
    if (rect.top >= box.top && rect.bottom <= box.bottom) return;
    field.scrollTop += rect.top - box.top - Math.max(0, (box.height - rect.height) / 3);
    this.align();
  }

  /** Scrolls the text area to the first evidence that is marked, unless one is in view. The caret stays. */
  private async bringEvidence(): Promise<void> {
    const { evidence, field, backdrop } = this;
    const [first] = evidence;
    if (!first || !field || !backdrop) return;
    this.align();
    const { scrollTop, clientHeight } = field;
    const near = backdrop.between(scrollTop, scrollTop + clientHeight);
    const box = field.getBoundingClientRect();
    const inView = ({ start, end }: Piece) => {
      if (start >= near.end || end <= near.start) return false;
      const { top, bottom } = backdrop.range({ start, end }).getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    };
    if (!evidence.some(inView)) await this.bring(first);
  }

  /** Opens the card of a piece. */
  private choose(piece: Piece): void {
    const { rubric } = this;
    if (!rubric) return;
    this.chosen = piece;
    const what = described(piece, rubric, this.language);
    const sentence = this.seen.slice(piece.start, piece.end).trim();
    this.announcement = piece.reason
      ? what
      : WORDS[this.language].announced(what, this.position(piece), sentence);
  }

  private readonly close = (): void => {
    if (!this.chosen) return;
    const inside = this.holdsFocus;
    this.chosen = null;
    this.announcement = '';
    if (inside) this.field?.focus({ preventScroll: true });
  };

  /** Selects the sentence of the card, so that what is typed takes its place. */
  private readonly rewrite = (): void => {
    const { field, chosen } = this;
    if (!field || !chosen) return;
    const { start, end }: Span = chosen;
    this.close();
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    emit(this, 'rewrite', { start, end });
  };
}

define('sales-mirror-editor', SalesMirrorEditor);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-editor': SalesMirrorEditor;
  }
}
