/**
 * What the history shows once it is on: how levels change, and all entries. In a chunk of its own, as most people never
 * turn the history on. What is done with the entries is left to history-view.ts.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { miniBars } from '../charts/mini-bars';
import { trendLine } from '../charts/trend';
import type { Rubric } from '../engine/contract';
import { strings } from '../languages';
import { day, number, translated, type Code } from '../languages/text';
import { levelOf, levelsOf, titleOf } from '../report/report';
import { copies } from './copies';
import { WORDS } from './entries-words';
import type { Entry } from './store';
import { isDropping, trend } from './trends';

export { asExport } from './export';

export interface EntryList {
  readonly language: Code;
  readonly rubric: Rubric;
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly open: (entry: Entry) => void;
  readonly remove: (entry: Entry) => void;
}

/** How levels change, and a table of all entries. */
export function entriesView(list: EntryList): TemplateResult {
  const { language, rubric, entries } = list;
  const words = WORDS[language];
  const copied = copies(entries);
  const originals = entries.filter(({ report }) => !copied.has(report.id));
  const trends = rubric.competencies.map(({ id, name }) => ({
    id,
    name: translated(name, language),
    points: trend(originals, id),
  }));
  return html`
    ${
      entries.length === 0
        ? html`<p>${words.empty}</p>`
        : html`
            <p>${words.count(entries.length)}</p>
            ${trends.filter(({ points }) => isDropping(points)).map(({ name }) => html`<p class="dropping">${words.dropping(name)}</p>`)}
            <div class="trends">
              ${trends.map(({ id, name, points }) => {
                const [first] = points;
                const last = points.at(-1);
                const label =
                  first && last && points.length > 1
                    ? words.trend(name, number(first.level), number(last.level), points.length)
                    : words.one(name, first ? number(first.level) : words.none);
                return html`
                  <figure data-trend=${id}>
                    <figcaption><strong>${name}</strong></figcaption>
                    ${
                      first
                        ? trendLine(
                            points.map(({ level }) => level),
                            rubric.scale,
                            label,
                          )
                        : html`<p class="quiet">${words.none}</p>`
                    }
                  </figure>
                `;
              })}
            </div>
            ${table(list, copied)}
          `
    }
  `;
}

/** The entries, newest first. */
function table(
  { language, rubric, entries, open, remove }: EntryList,
  copied: ReadonlyMap<string, Entry>,
): TemplateResult {
  const words = WORDS[language];
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${words.entries}>
      <table>
        <caption>
          ${words.entries}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.date}</th>
            <th scope="col">${words.report}</th>
            <th scope="col" class="end">${words.overall}</th>
            ${rubric.competencies.map(({ name }) => html`<th scope="col" class="end">${translated(name, language)}</th>`)}
            <th scope="col"><span class="hidden">${words.remove('')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${entries.toReversed().map((entry) => {
            const { report, assessment } = entry;
            const name = titleOf(report);
            const full = `${name}, ${day(report.date, language)}`;
            const original = copied.get(report.id);
            return html`
              <tr>
                <td class="day">${day(report.date, language)}</td>
                <th scope="row">
                  <button
                    type="button"
                    class="small"
                    aria-label=${words.open(full)}
                    @click=${() => {
                      open(entry);
                    }}
                  >
                    ${name}
                  </button>
                  ${assessment.account.accepted ? miniBars(levelsOf(entry, rubric), rubric.scale) : nothing}
                  <span class="quiet">${strings(language).kinds[report.kind]}</span>
                  ${original ? html`<span class="quiet">${words.copy(day(original.report.date, language))}</span>` : nothing}
                </th>
                ${
                  assessment.account.accepted
                    ? html`
                        <td class="end">
                          ${assessment.overall ? number(assessment.overall.level) : words.nothing}
                        </td>
                        ${rubric.competencies.map(({ id }) => {
                          const level = levelOf(entry, id);
                          return html`<td class="end">${level === null ? words.nothing : number(level)}</td>`;
                        })}
                      `
                    : html`<td colspan=${rubric.competencies.length + 1}>${words.noAccount}</td>`
                }
                <td>
                  <button
                    type="button"
                    class="small"
                    aria-label=${words.remove(full)}
                    @click=${() => {
                      remove(entry);
                    }}
                  >
                    ×
                  </button>
                </td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}
