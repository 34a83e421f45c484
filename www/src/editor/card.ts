/** The card of a piece: what the sentence shows of each competency, or why the part did not count. Owns no state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Rubric } from '../engine/contract';
import { colon, competencyName, number, semicolon, type Code } from '../languages/text';
import { look, sign } from '../result/highlight';
import { WORDS as RESULT_WORDS } from '../result/words';
import type { EditorMark, Piece } from './pieces';
import { WORDS } from './words';

/** What a person can do. */
export interface CardActions {
  readonly close: () => void;
  /** The sentence is no evidence of a competency. */
  readonly object: (mark: EditorMark) => void;
  readonly rewrite: () => void;
}

/** What a piece is, in words. */
export function described({ marks, reason }: Piece, rubric: Rubric, language: Code): string {
  const { polarity, reasons } = RESULT_WORDS[language];
  if (reason) return WORDS[language].leftOut(reasons[reason]);
  return marks
    .map((mark) =>
      WORDS[language].example(competencyName(rubric, mark.competency, language), polarity[mark.polarity]),
    )
    .join(semicolon(language));
}

/**
 * The card of a piece.
 * @param position which piece of evidence it is, in words; empty for a part that did not count
 */
export function card(
  piece: Piece,
  rubric: Rubric,
  language: Code,
  position: string,
  actions: CardActions,
): TemplateResult {
  const words = WORDS[language];
  return html`
    <section class="piece stack" role="group" aria-label=${described(piece, rubric, language)} tabindex="-1">
      <div class="row spread">
        <span class="quiet">${piece.reason ? described(piece, rubric, language) : position}</span>
        <button type="button" class="small" aria-label=${words.close} @click=${actions.close}>×</button>
      </div>
      ${piece.marks.map((mark) => competency(mark, rubric, language, actions))}
      ${
        piece.reason
          ? nothing
          : html`<button type="button" class="small rewrite" @click=${actions.rewrite}>
              ${words.rewrite}
            </button>`
      }
    </section>
  `;
}

function competency(
  mark: EditorMark,
  rubric: Rubric,
  language: Code,
  { object }: CardActions,
): TemplateResult {
  const words = WORDS[language];
  const { competency, polarity, without, level } = mark;
  const name = competencyName(rubric, competency, language);
  const index = rubric.competencies.findIndex(({ id }) => id === competency);
  return html`
    <div>
      <p>
        <span class="number ${look([mark], rubric).hue}">${index + 1}</span> <strong>${name}</strong>${colon(
          language,
        )}${sign(polarity)}
        ${RESULT_WORDS[language].polarity[polarity]}
      </p>
      ${
        without === undefined || level === null
          ? nothing
          : html`<p class="quiet">
              ${without === null ? words.withoutNone : words.without(number(without), number(level))}
            </p>`
      }
      <button
        type="button"
        class="small object"
        @click=${() => {
          object(mark);
        }}
      >
        ${words.object}<span class="hidden"> ${words.of(name)}</span>
      </button>
    </div>
  `;
}
