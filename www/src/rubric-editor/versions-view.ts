/** Saving a version, the line for the page, the versions that a file has, and two of them field by field. */
import { html, nothing, type TemplateResult } from 'lit';
import { writingAids } from '../component/writing-aids';
import { day } from '../languages/text';
import { differences, type Field, type Values } from './fields';
import { fileName, nextNumber, type Edition } from './file';
import { faults } from './problems';
import { labelOf, shown, told, type Scene } from './scene';
import { WORDS } from './words';

/** Which of the versions is compared: by its number, the words that ship, or what is edited. */
export type Version = number | 'shipped' | 'now';

export interface Saving {
  readonly editions: readonly Edition[];
  readonly shipped: Values;
  readonly changed: boolean;
  readonly note: string;
  /** What is wrong with the note; empty until the person tries to save. */
  readonly noteFault: string;
  /** The file that was saved last; empty before that. */
  readonly file: string;
  /** What came of copying; empty before that. */
  readonly copied: string;
  readonly compared: readonly [Version, Version];
  readonly write: (note: string) => void;
  readonly save: () => void;
  readonly copy: () => void;
  readonly compare: (from: Version, to: Version) => void;
  readonly back: (edition: Edition) => void;
}

export function versionsView(scene: Scene, saving: Saving): TemplateResult {
  return html`${saveView(scene, saving)} ${useView(scene, saving)} ${listView(scene, saving)}
  ${compareView(scene, saving)}`;
}

function saveView(scene: Scene, { editions, changed, note, noteFault, write, save }: Saving): TemplateResult {
  const words = WORDS[scene.language];
  const last = editions.at(-1)?.number;
  const wrong = faults(scene.problems);
  return html`
    <section class="section" aria-labelledby="saving">
      <h2 id="saving" tabindex="-1">${words.saveTitle}</h2>
      ${changed ? nothing : html`<p>${last === undefined ? words.sameShipped : words.same(last)}</p>`}
      ${
        wrong.length
          ? html`
              <div class="alert">
                <p>${words.cannotSave(wrong.length)}</p>
                <ul>
                  ${wrong.map(
                    (field) => html`
                      <li>
                        <button
                          type="button"
                          class="link"
                          @click=${() => {
                            scene.show(field);
                          }}
                        >
                          ${labelOf(scene, field)}
                        </button>
                        <span class="quiet">${told(scene, field)}</span>
                      </li>
                    `,
                  )}
                </ul>
              </div>
            `
          : nothing
      }
      <label for="note" class="field">${words.note}</label>
      <textarea
        id="note"
        rows="2"
        .value=${note}
        aria-invalid=${String(noteFault !== '')}
        aria-describedby="note-below"
        ${writingAids(false)}
        @input=${({ target }: Event) => {
          write((target as HTMLTextAreaElement).value);
        }}
      ></textarea>
      <p id="note-below" class=${noteFault ? 'fault' : 'quiet'}>${noteFault || words.noteHint}</p>
      <button type="button" class="primary" ?disabled=${!changed || wrong.length > 0} @click=${save}>
        ${words.save(nextNumber(editions))}
      </button>
    </section>
  `;
}

/** The element with a file as its rubric. */
export const snippet = (file: string): string => `<sales-mirror rubric="${file}"></sales-mirror>`;

function useView(scene: Scene, { file, copied, copy, editions }: Saving): TemplateResult {
  const words = WORDS[scene.language];
  const name = file || fileName(editions.at(-1)?.number ?? nextNumber(editions));
  return html`
    <section class="section" aria-labelledby="using">
      <h2 id="using" tabindex="-1">${words.use}</h2>
      <p role="status">${file ? words.done(file) : nothing}</p>
      <ol>
        <li>${words.giveFile(name)}</li>
        <li>${words.giveAttribute}</li>
        <li>${words.nextTime}</li>
      </ol>
      <label for="snippet" class="field quiet">${words.snippet}</label>
      <input id="snippet" class="snippet wide" lang="en" readonly .value=${snippet(name)} />
      <div class="row">
        <button type="button" class="small" @click=${copy}>${words.copy}</button>
        <span role="status" class="quiet">${copied}</span>
      </div>
    </section>
  `;
}

function listView(scene: Scene, { editions, compare, back }: Saving): TemplateResult {
  const words = WORDS[scene.language];
  return html`
    <div class="section">
      <h2 id="versions">${words.versions}</h2>
      ${
        editions.length === 0
          ? html`<p>${words.noVersions}</p>`
          : html`
              <div class="scroll" tabindex="0" role="region" aria-label=${words.versions}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">${words.from}</th>
                      <th scope="col">${words.date}</th>
                      <th scope="col">${words.note}</th>
                      <th scope="col">${words.actions}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${editions.toReversed().map(
                      (edition) => html`
                        <tr>
                          <th scope="row">${words.version(edition.number)}</th>
                          <td>${day(edition.date, scene.language)}</td>
                          <td class="own">${edition.note}</td>
                          <td>
                            <div class="row">
                              <button
                                type="button"
                                class="small"
                                aria-label=${words.compareOf(edition.number)}
                                @click=${() => {
                                  compare(edition.number, 'now');
                                }}
                              >
                                ${words.compareThis}
                              </button>
                              <button
                                type="button"
                                class="small"
                                ?disabled=${differences(edition.values, scene.values).length === 0}
                                @click=${() => {
                                  back(edition);
                                }}
                              >
                                ${words.backOf(edition.number)}
                              </button>
                            </div>
                          </td>
                        </tr>
                      `,
                    )}
                  </tbody>
                </table>
              </div>
            `
      }
    </div>
  `;
}

function compareView(scene: Scene, { editions, shipped, compared, compare }: Saving): TemplateResult {
  const words = WORDS[scene.language];
  const [from, to] = compared;
  const valuesOf = (version: Version): Values =>
    version === 'now' ? scene.values : (editions.find(({ number }) => number === version)?.values ?? shipped);
  const versions: readonly (readonly [Version, string])[] = [
    ['now', words.now],
    ...editions.toReversed().map(({ number }) => [number, words.version(number)] as const),
    ['shipped', words.source('')],
  ];
  const name = (version: Version) => versions.find(([value]) => value === version)?.[1] ?? '';
  const asVersion = (event: Event): Version => {
    const { value } = event.target as HTMLSelectElement;
    return versions.find(([version]) => String(version) === value)?.[0] ?? 'now';
  };
  const choice = (id: string, label: string, chosen: Version, change: (version: Version) => void) => html`
    <span class="row">
      <label for=${id}>${label}</label>
      <select
        id=${id}
        class="small"
        @change=${(event: Event) => {
          change(asVersion(event));
        }}
      >
        ${versions.map(([version, text]) => html`<option value=${version} ?selected=${version === chosen}>${text}</option>`)}
      </select>
    </span>
  `;
  const [before, after] = [valuesOf(from), valuesOf(to)];
  const fields = differences(before, after);
  return html`
    <div class="section">
      <h2 id="comparing" tabindex="-1">${words.compare}</h2>
      <div class="row">
        ${choice('from', words.from, from, (version) => {
          compare(version, to);
        })}
        ${choice('to', words.to, to, (version) => {
          compare(from, version);
        })}
      </div>
      <p role="status">${fields.length ? words.differ(fields.length) : words.alike}</p>
      ${
        fields.length
          ? html`
              <div class="scroll" tabindex="0" role="region" aria-label=${words.compare}>
                <table class="compared">
                  <thead>
                    <tr>
                      <th scope="col">${words.field}</th>
                      <th scope="col">${name(from)}</th>
                      <th scope="col">${name(to)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${fields.map((field) => differenceRow(scene, field, before, after, to === 'now'))}
                  </tbody>
                </table>
              </div>
            `
          : nothing
      }
    </div>
  `;
}

function differenceRow(
  scene: Scene,
  field: Field,
  before: Values,
  after: Values,
  editable: boolean,
): TemplateResult {
  const words = WORDS[scene.language];
  const value = before.get(field) ?? '';
  // prettier-ignore
  return html`
    <tr>
      <th scope="row">${labelOf(scene, field)}
        ${
          editable
            ? html`
                <button
                  type="button"
                  class="link small"
                  aria-label=${words.takeBackOf(labelOf(scene, field))}
                  @click=${() => {
                    scene.change([[field, value]]);
                  }}
                >
                  ${words.takeBack}
                </button>
              `
            : nothing
        }
      </th>
      <td class="own"><del>${shown(scene, field, value)}</del></td>
      <td class="own"><ins>${shown(scene, field, after.get(field) ?? '')}</ins></td>
    </tr>
  `;
}
