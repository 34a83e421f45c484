/** What the reader of a team must know before its figures: what is doubtful about the files, and where the levels come from. */
import { html, nothing, type TemplateResult } from 'lit';
import { colon, semicolon, type Code } from '../languages/text';
import { models, provenance, rubrics, type Intent } from '../report/provenance';
import type { Result } from '../report/report';
import type { Person } from './people';
import { WORDS } from './words';

/** @param join says that all files of a name are of one person */
export function notices(
  language: Code,
  team: readonly Person[],
  shared: readonly string[],
  join: (name: string) => void,
): TemplateResult {
  const words = WORDS[language];
  const assessments = team.flatMap(({ results }) => results.map(({ assessment }) => assessment));
  const mixed = [models(assessments, language), rubrics(assessments, language)].filter(
    (kinds) => kinds.length > 1,
  );
  const repeated = team.reduce((sum, person) => sum + person.repeated, 0);
  const doubtful = team.flatMap(({ name, files }) => files.map(({ seal }) => ({ name, seal })));
  return html`
    ${doubtful.map(({ name, seal }) => (seal === 'intact' ? nothing : html`<p class=${seal === 'altered' ? 'alert' : 'quiet'} data-seal=${seal}><span class="own">${name}</span>${colon(language)}${words.seals[seal]}</p>`))}
    ${mixed.map((kinds) => html`<p class="alert own" data-mixed>${words.mixed(kinds.join(semicolon(language)))}</p>`)}
    ${repeated ? html`<p class="quiet" data-repeated>${words.repeated(repeated)}</p>` : nothing}
    ${shared.map(
      (name) => html`
        <p class="row" data-namesakes>
          <span class="own">${words.namesakes(name)}</span>
          <button
            type="button"
            class="small no-print own"
            @click=${() => {
              join(name);
            }}
          >
            ${words.join(name)}
          </button>
        </p>
      `,
    )}
  `;
}

/** The provenance of levels, on the screen and in print. */
export function aboutLevels(language: Code, results: readonly Result[], intent: Intent): TemplateResult {
  const assessments = results.map(({ assessment }) => assessment);
  return html`
    <section>
      <h3>${WORDS[language].about}</h3>
      <ul class="quiet own about">
        ${provenance(assessments, language, intent).map((line) => html`<li>${line}</li>`)}
      </ul>
    </section>
  `;
}
