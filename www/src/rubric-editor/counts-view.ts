/** Which competencies count for which kind of text, and what each weighs in the overall level. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { strings } from '../languages';
import { isWeight, WEIGHTS } from '../report/counting';
import { KINDS, type Kind } from '../report/report';
import { asList, fromList } from './fields';
import { idOf, nameOf, told, type Scene } from './scene';
import { WORDS } from './words';

/** Both languages write percentages alike. */
const percent = new Intl.NumberFormat('en', { style: 'percent' });

export function countsView(scene: Scene): TemplateResult {
  const words = WORDS[scene.language];
  return html`
    <div class="section">
      <h2 id="counting" tabindex="-1">${words.countsTable}</h2>
      <p>${words.countsLead}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${words.countsTable}>
        <table class="counts">
          <thead>
            <tr>
              <th scope="col">${words.kind}</th>
              <th scope="col">${words.all}</th>
              ${scene.base.competencies.map((_, i) => html`<th scope="col" class="own">${nameOf(scene, i)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${KINDS.map((kind) => kindRow(scene, kind))}
          </tbody>
        </table>
      </div>
    </div>
    ${weightsView(scene)}
  `;
}

function kindRow(scene: Scene, kind: Kind): TemplateResult {
  const words = WORDS[scene.language];
  const name = strings(scene.language).kinds[kind];
  const field = `counts/${kind}`;
  const id = idOf(field);
  const counted = fromList(scene.values.get(field) ?? '');
  const all = scene.base.competencies.map((_, i) => i);
  const problem = told(scene, field);
  const box = (
    label: string,
    checked: boolean,
    some: boolean,
    change: (on: boolean) => void,
    first = false,
  ) => html`
    <td>
      <input
        type="checkbox"
        id=${first ? id : nothing}
        aria-label=${label}
        aria-invalid=${String(problem !== '')}
        aria-describedby=${problem ? `${id}-below` : nothing}
        .checked=${live(checked)}
        .indeterminate=${live(some)}
        @change=${({ target }: Event) => {
          change((target as HTMLInputElement).checked);
        }}
      />
    </td>
  `;
  return html`
    <tr>
      <th scope="row">
        ${name}${problem ? html`<span class="field fault" id="${id}-below">${problem}</span>` : nothing}
      </th>
      ${box(
        words.allOf(name),
        counted.length === all.length,
        counted.length > 0 && counted.length < all.length,
        (on) => {
          scene.change([[field, on ? asList(all) : '']]);
        },
        true,
      )}
      ${all.map((i) =>
        box(
          `${name}${scene.language === 'zh' ? '：' : ': '}${nameOf(scene, i)}`,
          counted.includes(i),
          false,
          (on) => {
            scene.change([[field, asList(on ? [...counted, i] : counted.filter((other) => other !== i))]]);
          },
        ),
      )}
    </tr>
  `;
}

function weightsView(scene: Scene): TemplateResult {
  const words = WORDS[scene.language];
  const weights = scene.base.competencies.map((_, i) => Number(scene.values.get(`weight/${i}`)));
  const total = weights.filter(isWeight).reduce((sum, weight) => sum + weight, 0);
  return html`
    <section class="section" aria-labelledby="weighing">
      <h2 id="weighing">${words.weights}</h2>
      <p>${words.weightsLead}</p>
      <table class="weights">
        <thead>
          <tr>
            <th scope="col">${words.competency}</th>
            <th scope="col">${words.weight}</th>
            <th scope="col" class="end">${words.shareTitle}</th>
          </tr>
        </thead>
        <tbody>
          ${weights.map((weight, i) => {
            const field = `weight/${i}`;
            const id = idOf(field);
            const problem = told(scene, field);
            return html`
              <tr>
                <th scope="row"><label for=${id} class="own">${nameOf(scene, i)}</label></th>
                <td>
                  <input
                    id=${id}
                    type="number"
                    min=${WEIGHTS.min}
                    max=${WEIGHTS.max}
                    step="0.1"
                    .value=${live(scene.values.get(field) ?? '')}
                    aria-invalid=${String(problem !== '')}
                    aria-describedby=${problem ? `${id}-below` : nothing}
                    @input=${({ target }: Event) => {
                      scene.change([[field, (target as HTMLInputElement).value]], field);
                    }}
                  />
                  ${problem ? html`<span class="field fault" id="${id}-below">${problem}</span>` : nothing}
                </td>
                <td class="end">${isWeight(weight) ? percent.format(weight / total) : '–'}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </section>
  `;
}
