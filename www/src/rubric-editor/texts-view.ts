/** The texts of one competency, or the names of the levels, in all languages side by side. */
import { html, nothing, type TemplateResult } from 'lit';
import { writingAids } from '../component/writing-aids';
import { levels } from '../report/report';
import { placeOf, type Field } from './fields';
import { isFault } from './problems';
import { idOf, labelOf, languageName, nameOf, shown, textLabel, told, type Scene } from './scene';
import { WORDS } from './words';

/** What is edited: a competency by its index, or the names of the levels. */
export type Chosen = number | 'levels';

/** What a field is found under. */
export function chosenFor(field: Field): Chosen {
  return placeOf(field).competency ?? 'levels';
}

/** @param choose shows another competency */
export function textsView(scene: Scene, chosen: Chosen, choose: (part: Chosen) => void): TemplateResult {
  const words = WORDS[scene.language];
  const all = levels(scene.base.scale);
  const texts =
    chosen === 'levels'
      ? all.map((level) => `level/${level}`)
      : [
          `name/${chosen}`,
          `definition/${chosen}`,
          ...all.toReversed().map((level) => `anchor/${chosen}/${level}`),
        ];
  return html`
    ${parts(scene, chosen, choose)}
    <section class="texts" aria-labelledby="chosen">
      <h2 id="chosen" tabindex="-1">${chosen === 'levels' ? words.levelNames : nameOf(scene, chosen)}</h2>
      ${chosen === 'levels' ? html`<p class="quiet">${words.levelNamesLead}</p>` : nothing}
      ${texts.map((text) => textFields(scene, text))}
    </section>
  `;
}

/** The competencies to choose from, with the number of fields that have to be put right. */
function parts(scene: Scene, chosen: Chosen, choose: (part: Chosen) => void): TemplateResult {
  const words = WORDS[scene.language];
  const wrong = (part: Chosen) =>
    [...scene.problems].filter(
      ([field, problem]) =>
        isFault(problem) && !['weight', 'counts'].includes(placeOf(field).part) && chosenFor(field) === part,
    ).length;
  const part = (value: Chosen, name: string) => html`
    <li>
      <button
        type="button"
        class="small pill"
        aria-current=${String(value === chosen)}
        @click=${() => {
          choose(value);
        }}
      >
        ${name}
        ${wrong(value) ? html`<span class="number">· ${words.faultsHere(wrong(value))}</span>` : nothing}
      </button>
    </li>
  `;
  return html`
    <nav aria-label=${words.competencies}>
      <ul class="parts">
        ${scene.base.competencies.map((_, i) => part(i, nameOf(scene, i)))}
        ${part('levels', words.levelNames)}
      </ul>
    </nav>
  `;
}

function textFields(scene: Scene, text: string): TemplateResult {
  return html`
    <fieldset>
      <legend>${textLabel(scene, text)}</legend>
      <div class="pair">
        ${scene.languages.map((language) => textField(scene, `${text}/${language}`, language))}
      </div>
    </fieldset>
  `;
}

function textField(scene: Scene, field: Field, language: string): TemplateResult {
  const words = WORDS[scene.language];
  const id = idOf(field);
  const { part } = placeOf(field);
  const problem = scene.problems.get(field);
  const before = scene.saved.get(field) ?? '';
  const changed = before !== scene.values.get(field);
  return html`
    <div>
      <label for=${id}>${languageName(language, scene.language)}</label>
      <textarea
        id=${id}
        lang=${language}
        rows=${part === 'name' || part === 'level' ? 1 : 3}
        .value=${scene.values.get(field) ?? ''}
        aria-invalid=${String(problem !== undefined && isFault(problem))}
        aria-describedby="${id}-below"
        ${writingAids(false)}
        @input=${({ target }: Event) => {
          scene.change([[field, (target as HTMLTextAreaElement).value]], field);
        }}
      ></textarea>
      <div class="below" id="${id}-below">
        ${problem ? html`<span class=${isFault(problem) ? 'fault' : 'quiet'}>${told(scene, field)}</span>` : nothing}
        ${
          changed
            ? html`
                <span class="quiet"
                  >${words.changed}
                  <span class="own">${words.before(shown(scene, field, before))}</span></span
                >
                <button
                  type="button"
                  class="link small"
                  aria-label=${words.takeBackOf(labelOf(scene, field))}
                  @click=${() => {
                    scene.change([[field, before]]);
                  }}
                >
                  ${words.takeBack}
                </button>
              `
            : nothing
        }
      </div>
    </div>
  `;
}
