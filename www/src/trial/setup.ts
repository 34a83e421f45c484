/** How texts and marks come into a trial, as templates: what a table looks like, its columns, and what was not used of it. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Rubric } from '../engine/contract';
import { HEADING_WITHIN } from '../files/headings';
import { preview, type Cells } from '../files/reading';
import { translated, type Code } from '../languages/text';
import { isUsable, ROLES, type Columns, type MarkedTable, type Problem } from './marks';
import { WORDS } from './words';

/** At most so many problems are listed. */
const SHOWN = 50;

/** How many rows of a table are shown. */
const PREVIEW = 3;

/** What a table looks like, with its columns as they are recognised. */
export function howItLooks(rubric: Rubric, language: Code, save: () => void): TemplateResult {
  const words = WORDS[language];
  const marks = ['3', '', '2', '', '4', 'none', '?'];
  return html`
    <details>
      <summary>${words.howTitle}</summary>
      <ul class="lines">
        <li>${words.howRows}</li>
        <li>${words.howMarks(rubric.scale.min, rubric.scale.max)}</li>
        <li>${words.howFiles}</li>
        <li>${words.howRest}</li>
      </ul>
      <div class="scroll" tabindex="0" role="region" aria-label=${words.howTitle}>
        <table class="preview own">
          <thead>
            <tr>
              ${ROLES.map((role) => html`<th scope="col">${words.roles[role]}</th>`)}
              ${rubric.competencies.map(({ name }) => html`<th scope="col">${translated(name, language)}</th>`)}
            </tr>
          </thead>
          <tbody>
            <tr>
              ${[words.exampleText, 'A-17', 'R1', words.exampleGroup, language, '2026-03-04'].map((cell) => html`<td>${cell}</td>`)}
              ${rubric.competencies.map((_, i) => html`<td>${marks[i % marks.length]}</td>`)}
            </tr>
          </tbody>
        </table>
      </div>
      <button type="button" class="small" @click=${save}>${words.template}</button>
    </details>
  `;
}

/** Which columns of a table hold what. It is open while nothing can be taken from the table. */
export function columnsOf(
  table: MarkedTable,
  number: number,
  rubric: Rubric,
  language: Code,
  change: (columns: Columns) => void,
): TemplateResult {
  const words = WORDS[language];
  const { file, cells, columns } = table;
  const headings = cells[columns.head] ?? [];
  const usable = isUsable(columns);
  const width = cells.reduce((widest, row) => Math.max(widest, row.length), 0);
  const id = (of: string) => `column-${number}-${of}`;
  const select = (
    of: string,
    label: string,
    value: number | undefined,
    take: (to: number | undefined) => void,
  ) => html`
    <label for=${id(of)}>
      ${label}
      <select
        id=${id(of)}
        .value=${live(String(value ?? ''))}
        @change=${(event: Event) => {
          const chosen = (event.target as HTMLSelectElement).value;
          take(chosen === '' ? undefined : Number(chosen));
        }}
      >
        <option value="" ?selected=${value === undefined}>${words.noColumn}</option>
        ${Array.from({ length: width }, (_, i) => html`<option class="own" value=${i} ?selected=${value === i}>${preview(headings[i] ?? '') || i + 1}</option>`)}
      </select>
    </label>
  `;
  const rows = cells.filter((row, i) => i > columns.head && row.some((cell) => cell.trim())).length;
  return html`
    <details class="own" ?open=${!usable}>
      <summary>${usable ? words.columnsTitle(file.name, rows) : words.columnsUnknown(file.name)}</summary>
      ${usable ? nothing : html`<p class="alert">${words.columnsHint}</p>`}
      <div class="columns">
        <label for=${id('head')}>
          ${words.headings}
          <select
            id=${id('head')}
            @change=${(event: Event) => {
              change({ ...columns, head: Number((event.target as HTMLSelectElement).value) });
            }}
          >
            ${cells.slice(0, HEADING_WITHIN).map((_, i) => html`<option value=${i} ?selected=${i === columns.head}>${i + 1}</option>`)}
          </select>
        </label>
        ${ROLES.map((role) =>
          select(role, words.roles[role], columns.roles[role], (to) => {
            change({ ...columns, roles: without({ ...columns.roles, [role]: to }) });
          }),
        )}
        ${rubric.competencies.map(({ id: competency, name }) =>
          select(competency, words.marksOf(translated(name, language)), columns.marks[competency], (to) => {
            change({ ...columns, marks: without({ ...columns.marks, [competency]: to }) });
          }),
        )}
      </div>
      ${previewOf(cells, columns.head, words.preview)}
    </details>
  `;
}

/** Columns without those that hold nothing. */
const without = <T>(columns: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(columns).filter((entry): entry is [string, T] => entry[1] !== undefined));

function previewOf(cells: Cells, head: number, title: string): TemplateResult {
  const rows = cells.slice(head, head + 1 + PREVIEW);
  const [headings = [], ...body] = rows;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="preview own">
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            ${headings.map((cell, i) => (cell.trim() ? html`<th scope="col">${preview(cell)}</th>` : html`<td>${i + 1}</td>`))}
          </tr>
        </thead>
        <tbody>
          ${body.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${preview(cell)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** What was not used, with the rows of the tables. */
export function problemList(problems: readonly Problem[], language: Code): TemplateResult | typeof nothing {
  const words = WORDS[language];
  if (problems.length === 0) return nothing;
  return html`
    <details class="alert problems" open>
      <summary>${words.problems(problems.length)}</summary>
      <ul class="lines">
        ${problems.slice(0, SHOWN).map(
          ({ code, file, row, about, column }) => html`
            <li data-code=${code}>
              <strong class="own">${words.problemAt(file, row)}</strong>
              <span class="own">${words.problem[code](preview(about), column)}</span>
            </li>
          `,
        )}
      </ul>
      ${problems.length > SHOWN ? html`<p>${words.moreProblems(problems.length - SHOWN)}</p>` : nothing}
    </details>
  `;
}
