/** What came of a trial, as templates over evaluation.ts and verdict.ts. */
import { html, nothing, type TemplateResult } from 'lit';
import { calibrationPlot } from '../charts/calibration';
import { emptyBar, levelBar } from '../charts/level-bar';
import type { Rubric } from '../engine/contract';
import { competencyName, day, number, semicolon, translated, type Code } from '../languages/text';
import { models, rubrics } from '../report/provenance';
import { isoDay, newReport, type Result } from '../report/report';
import type { Figure } from './bootstrap';
import {
  KINDS,
  MINIMUM,
  worst,
  type Case,
  type CaseKind,
  type Evaluation,
  type Field,
  type Judged,
  type Slice,
} from './evaluation';
import { MEASURES, type Bin, type Measure } from './measures';
import type { Statement, Verdict } from './verdict';
import { WORDS } from './words';

/** How many cases are listed. */
const CASES = 10;

export interface TrialScene {
  readonly language: Code;
  readonly rubric: Rubric;
  readonly judged: readonly Judged[];
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  /** The cases that were opened, by {@link caseKey}: the others have no content. */
  readonly opened: ReadonlySet<string>;
}

const caseKey = ({ judged, competency }: Case): string => `${competency} ${judged.text.key}`;

const decimals = (value: number) => value.toFixed(2).replace('-', '−');

/** A figure with its interval: "0.61 [0.40, 0.75]". */
export function shown({ value, low, high }: Figure, language: Code): string {
  if (low === null || high === null) return decimals(value);
  const [from, to] = [decimals(low), decimals(high)];
  return language === 'zh' ? `${decimals(value)}［${from}，${to}］` : `${decimals(value)} [${from}, ${to}]`;
}

/** The measures of a table of slices. */
const OF_SLICES: readonly Measure[] = ['kappa', 'mae', 'signed_error', 'coverage', 'presence_f1'];
/** The measures of a pair of raters. */
const OF_PAIRS: readonly Measure[] = ['kappa', 'mae', 'signed_error', 'presence_f1'];

/** What can be said, in plain words. */
export function verdictCard({ language, verdict }: TrialScene): TemplateResult {
  const words = WORDS[language];
  return html`
    <div class="card verdict stack" data-conclusion=${verdict.conclusion}>
      <p><strong>${words.conclusions[verdict.conclusion]}</strong></p>
      ${verdict.kappa ? html`<p>${words.saidKappa(shown(verdict.kappa, language))}</p>` : nothing}
      <p>${words.asked(verdict.enough)}</p>
      <ul class="lines">
        ${verdict.statements.map((statement) => html`<li data-code=${statement.code}>${said(statement, language)}</li>`)}
      </ul>
      <p class="quiet">${words.notSaid}</p>
    </div>
  `;
}

function said(statement: Statement, language: Code): string {
  const words = WORDS[language].statements;
  switch (statement.code) {
    case 'more':
      return words.more(statement.texts, statement.more);
    case 'like_raters':
    case 'below_raters':
    case 'raters_undecided':
      return words[statement.code](shown(statement.difference, language));
    case 'raters_differ':
      return words.raters_differ(shown(statement.kappa, language));
    case 'one_rater':
      return words.one_rater;
    case 'refused':
      return words.refused(statement.refused, statement.texts);
    case 'slices_differ': {
      const [higher, lower] = statement.values;
      const named = (value: string) => valueName(statement.field, value, language);
      return words.slices_differ(WORDS[language].slice[statement.field], named(higher), named(lower));
    }
    default:
      return words[statement.code](shown(statement.figure, language));
  }
}

/** What a slice is called; names of competencies are the rubric's. */
function valueName(field: Field, value: string, language: Code, rubric?: Rubric): string {
  const words = WORDS[language];
  if (field === 'competency' && rubric) return competencyName(rubric, value, language);
  if (field === 'language') return words.languages[value] ?? value;
  return field === 'length' ? (words.lengths[value] ?? value) : value;
}

/** Every figure over all texts. */
export function overall({ language, evaluation }: TrialScene): TemplateResult | typeof nothing {
  const words = WORDS[language];
  const all = evaluation.slices[0];
  if (!all) return nothing;
  return html`
    <section>
      <h3 id="overall">${words.overall}</h3>
      <p>${words.about(all.texts, all.levels)}</p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="overall">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">${words.measure}</th>
              <th scope="col">${words.figure}</th>
              <th scope="col">${words.interval}</th>
              <th scope="col">${words.meaning}</th>
            </tr>
          </thead>
          <tbody>
            ${MEASURES.map((measure) => {
              const found = all.figures[measure];
              return html`
                <tr data-measure=${measure}>
                  <th scope="row">${words.measures[measure]}</th>
                  <td>${found ? decimals(found.value) : words.tooFew}</td>
                  <td class="number">
                    ${found?.low != null && found.high !== null ? `${decimals(found.low)} – ${decimals(found.high)}` : nothing}
                  </td>
                  <td class="meaning">${words.meanings_of[measure]}</td>
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
      <p class="quiet">${words.definitions}</p>
      <p class="quiet">${words.minimum(MINIMUM)}</p>
      ${evaluation.raters.length > 1 ? html`<p class="quiet">${words.several}</p>` : nothing}
    </section>
  `;
}

/** The raters with each other and with the model. */
export function raters({ language, evaluation }: TrialScene): TemplateResult | typeof nothing {
  const words = WORDS[language];
  if (evaluation.raters.length < 2) return nothing;
  const kappa = evaluation.comparisons.find(({ measure }) => measure === 'kappa');
  const presence = evaluation.comparisons.find(({ measure }) => measure === 'presence_f1');
  return html`
    <section>
      <h3 id="raters">${words.ratersTitle}</h3>
      <ul class="lines">
        ${
          kappa
            ? html`
                <li data-compared="raters">${words.ratersEach(shown(kappa.raters, language))}</li>
                <li data-compared="model">${words.ratersModel(shown(kappa.model, language))}</li>
                <li data-compared="difference">
                  ${words.ratersDifference(shown(kappa.difference, language))}
                </li>
              `
            : nothing
        }
        ${
          presence
            ? html`
                <li>${words.shownEach(shown(presence.raters, language))}</li>
                <li>${words.shownModel(shown(presence.model, language))}</li>
              `
            : nothing
        }
      </ul>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="raters">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">${words.pair}</th>
              <th scope="col">${words.texts}</th>
              <th scope="col">${words.levels}</th>
              ${OF_PAIRS.map((measure) => html`<th scope="col">${words.measures[measure]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${evaluation.agreements.map(
              ({ rater, other, texts, levels, figures }) => html`
                <tr data-pair="${rater} ${other ?? 'model'}">
                  <th scope="row" class="own">${words.pairOf(rater, other ?? words.model)}</th>
                  <td>${texts}</td>
                  <td>${levels}</td>
                  ${OF_PAIRS.map((measure) => figureCell(figures[measure], language))}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

function figureCell(figure: Figure | null | undefined, language: Code): TemplateResult {
  if (!figure) return html`<td>${WORDS[language].tooFew}</td>`;
  const { value, low, high } = figure;
  return html`
    <td>
      ${decimals(value)}
      ${low === null || high === null ? nothing : html`<span class="quiet number">${decimals(low)} – ${decimals(high)}</span>`}
    </td>
  `;
}

/** Figures by the values of one field; nothing where there is only one. */
export function slicesBy(scene: TrialScene, field: Exclude<Field, 'all'>): TemplateResult | typeof nothing {
  const { language, rubric, evaluation } = scene;
  const words = WORDS[language];
  const found = evaluation.slices.filter((slice) => slice.field === field);
  if (found.length < 2) return nothing;
  const compared = field !== 'competency';
  const row = (slice: Slice) => html`
    <tr data-slice=${slice.value}>
      <th scope="row" class=${field === 'group' ? 'own' : nothing}>
        ${valueName(field, slice.value, language, rubric)}
      </th>
      <td>${field === 'competency' ? slice.textsWithLevels : slice.texts}</td>
      ${OF_SLICES.map((measure) => figureCell(slice.figures[measure], language))}
      ${compared ? figureCell(slice.atEqualMarks, language) : nothing}
    </tr>
  `;
  return html`
    <section>
      <h3 id="by-${field}">${words.slices[field]}</h3>
      ${field === 'length' ? html`<p class="quiet">${words.lengthHint}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-labelledby="by-${field}">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">${words.slice[field]}</th>
              <th scope="col">${words.texts}</th>
              ${OF_SLICES.map((measure) => html`<th scope="col">${words.measures[measure]}</th>`)}
              ${compared ? html`<th scope="col">${words.equalMarks}</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${found.map(row)}
          </tbody>
        </table>
      </div>
      ${compared ? html`<p class="quiet">${words.equalMarksHint}</p>` : nothing}
    </section>
  `;
}

/** Probabilities against how often they were right. */
export function calibration({ language, evaluation }: TrialScene): TemplateResult | typeof nothing {
  const words = WORDS[language];
  if (evaluation.texts < MINIMUM) return nothing;
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  const plot = (of: 'level' | 'presence', bins: readonly Bin[]) => html`
    <figure>
      <figcaption><h4>${words.calibrationOf[of]}</h4></figcaption>
      ${calibrationPlot(bins, words.calibrationOf[of], words.across, words.up)}
      <details class="as-table">
        <summary>${words.asTable}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${words.calibrationOf[of]}>
          <table data-calibration=${of}>
            <caption class="hidden">
              ${words.calibrationOf[of]}
            </caption>
            <thead>
              <tr>
                <th scope="col">${words.predicted}</th>
                <th scope="col">${words.observed}</th>
                <th scope="col">${words.predictions}</th>
              </tr>
            </thead>
            <tbody>
              ${bins.map(
                ({ count, confidence, right }) =>
                  html`<tr>
                    <td>${percent(confidence)}</td>
                    <td>${percent(right)}</td>
                    <td>${count}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  `;
  const { level, presence } = evaluation.reliability;
  return html`
    <section>
      <h3>${words.calibration}</h3>
      <p class="quiet">${words.calibrationHint}</p>
      <div class="plots">${plot('presence', presence)} ${plot('level', level)}</div>
    </section>
  `;
}

/** The results as components that show one take them, made once for each text. */
const results = new WeakMap<Judged, Result>();

function resultOf(judged: Judged): Result {
  const known = results.get(judged);
  if (known) return known;
  const { text, assessment } = judged;
  const report = newReport(text.text, 'other', text.id, text.date || isoDay());
  const made = { report, assessment, self: null, corrections: [] };
  results.set(judged, made);
  return made;
}

/** The texts on which raters and model differ most, side by side with what each of them said. */
export function worstCases(
  scene: TrialScene,
  kind: CaseKind,
  choose: (kind: CaseKind) => void,
  open: (key: string) => void,
): TemplateResult {
  const { language, rubric, judged } = scene;
  const words = WORDS[language];
  const cases = worst(judged, rubric, kind).slice(0, CASES);
  return html`
    <section>
      <h3>${words.worst}</h3>
      <p class="quiet">${words.worstHint}</p>
      <p>
        <label for="kind">${words.kind}</label>
        <select
          id="kind"
          @change=${(event: Event) => {
            const chosen = KINDS.find((other) => other === (event.target as HTMLSelectElement).value);
            if (chosen) choose(chosen);
          }}
        >
          ${KINDS.map((other) => html`<option value=${other} ?selected=${other === kind}>${words.kinds[other]}</option>`)}
        </select>
      </p>
      ${cases.length ? cases.map((one) => caseOf(scene, one, open)) : html`<p class="quiet">${words.noCase}</p>`}
    </section>
  `;
}

function caseOf(scene: TrialScene, one: Case, open: (key: string) => void): TemplateResult {
  const { language, rubric } = scene;
  const words = WORDS[language];
  const level = (value: number | null) => (value === null ? words.notShown : number(value));
  const name = textName(scene, one.judged);
  return html`
    <details
      class="case"
      data-case=${one.competency}
      @toggle=${(event: ToggleEvent) => {
        if (event.newState === 'open') open(caseKey(one));
      }}
    >
      <summary>
        <span class="own">${words.caseOf(name, competencyName(rubric, one.competency, language))}</span>
        · ${words.caseMark(level(one.mark), level(one.level))}
      </summary>
      ${scene.opened.has(caseKey(one)) ? besides(scene, one) : nothing}
    </details>
  `;
}

/** The text with its evidence, and what everybody said of it. */
function besides(scene: TrialScene, one: Case): TemplateResult {
  return html`
    <div class="beside">
      <sales-mirror-marked-text
        exportparts="text"
        .language=${scene.language}
        .rubric=${scene.rubric}
        .result=${resultOf(one.judged)}
        .only=${one.competency}
      ></sales-mirror-marked-text>
      ${marksOfText(scene, one)}
    </div>
  `;
}

function textName({ language, judged }: TrialScene, one: Judged): string {
  return one.text.id || WORDS[language].textNumber(judged.indexOf(one) + 1);
}

function marksOfText({ language, rubric }: TrialScene, { judged, competency }: Case): TemplateResult {
  const words = WORDS[language];
  const { text, assessment } = judged;
  const people = [...text.raters];
  const mark = (value: number | null | undefined) =>
    value === undefined ? '?' : value === null ? words.notShown : String(value);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${words.marksTitle}>
      <table>
        <caption>
          ${words.marksTitle}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.competency}</th>
            ${people.map(([rater]) => html`<th scope="col" class="own">${rater}</th>`)}
            <th scope="col">${words.model}</th>
          </tr>
        </thead>
        <tbody>
          ${rubric.competencies.map(({ id, name }) => {
            const found = assessment.competencies.find((other) => other.id === id);
            return html`
              <tr class=${id === competency ? 'chosen' : nothing}>
                <th scope="row">${translated(name, language)}</th>
                ${people.map(([, marks]) => html`<td>${mark(marks[id])}</td>`)}
                <td>
                  ${
                    found?.level != null && found.interval
                      ? html`${number(found.level)}
                        ${levelBar(
                          found.level,
                          found.interval,
                          rubric.scale,
                          words.levelLabel(
                            number(found.level),
                            number(found.interval[0]),
                            number(found.interval[1]),
                          ),
                        )}`
                      : html`${words.notShown} ${emptyBar(rubric.scale)}`
                  }
                </td>
              </tr>
            `;
          })}
        </tbody>
      </table>
      ${assessment.account.accepted ? nothing : html`<p>${words.refusedText}</p>`}
    </div>
  `;
}

/** The lines that stand under a trial and in its tables. */
export function aboutTrial({ language, judged, evaluation, verdict }: TrialScene): string[] {
  const words = WORDS[language];
  const assessments = judged.map(({ assessment }) => assessment);
  const listed = (names: readonly string[]) => names.join(semicolon(language));
  return [
    words.aboutModel(listed(models(assessments, language))),
    words.aboutRubric(listed(rubrics(assessments, language))),
    words.aboutDate(day(isoDay(), language)),
    words.aboutTexts(evaluation.texts, evaluation.raters.length),
    words.aboutEnough(verdict.enough),
    words.notSaid,
  ];
}
