/**
 * `<sales-mirror-team>`: opens the files that people handed over, and shows the team or one person of it. It stores
 * nothing. people.ts says whose files they are, statistics.ts has the figures, sections.ts and notices.ts show them.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import '../files/file-drop';
import { save } from '../files/save';
import { sealed } from '../hand-over/chain';
import { corrected, isExpired, openHandOver, type Opened } from '../hand-over/open';
import type { Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import '../profile/role-select';
import { accounts, isoDay, type Result, type SelfRating } from '../report/report';
import { labelledReports } from '../review/labelled';
import '../self-rating/self-rating';
import { csv, intent } from './csv';
import { aboutLevels, notices } from './notices';
import { namesakes, people, type Person } from './people';
import {
  coachingPairs,
  comparison,
  distributions,
  heatMap,
  reviewCounts,
  strengths,
  type TeamScene,
} from './sections';
import { MINIMUM, summaries } from './statistics';
import { shades, styles } from './team.styles';
import { WORDS } from './words';

/** The minimum that the page asks for, or the usual one if that is no whole number from 1. */
const atLeast = (minimum: number | undefined) =>
  minimum !== undefined && Number.isInteger(minimum) && minimum >= 1 ? minimum : MINIMUM;

export class SalesMirrorTeam extends LitElement {
  static override styles = [base, shades, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
    minimum: { attribute: false },
    files: { state: true },
    marksFirst: { state: true },
    marks: { state: true },
    pseudonyms: { state: true },
    joined: { state: true },
    troubles: { state: true },
    person: { state: true },
    selected: { state: true },
    until: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  /** The fewest people, and the fewest texts of a person, of which figures are given; by default {@link MINIMUM}. */
  declare minimum: number | undefined;
  declare private files: readonly Opened[];
  declare private troubles: readonly Trouble[];
  /** Whether the reader marks each text before its levels are shown. */
  declare private marksFirst: boolean;
  /** The marks that the reader gave first, by the id of the report; null where they gave none and went on. */
  declare private marks: ReadonlyMap<string, SelfRating | null>;
  declare private pseudonyms: boolean;
  /** Names whose files the reader says are of one person. */
  declare private joined: ReadonlySet<string>;
  /** Key of the person whose texts are shown; null for the team. */
  declare private person: string | null;
  declare private selected: number;
  /** The last day of the first of the two periods that are compared. */
  declare private until: string;

  constructor() {
    super();
    this.language = 'en';
    this.profiles = [];
    this.profile = null;
    this.files = [];
    this.troubles = [];
    this.marksFirst = false;
    this.marks = new Map();
    this.pseudonyms = false;
    this.joined = new Set();
    this.person = null;
    this.selected = 0;
    this.until = '';
  }

  private get words() {
    return WORDS[this.language];
  }

  /** The texts of all files that are open. */
  get results(): readonly Result[] {
    return this.files.flatMap(({ results }) => results);
  }

  private async take(chosen: readonly File[]): Promise<void> {
    const files: Opened[] = [];
    const troubles: Trouble[] = [];
    for (const file of chosen) {
      try {
        const opened = await openHandOver(file, this.rubric);
        files.push(opened);
        emit(this, 'activity', { what: 'opened', form: 'json', results: opened.results });
      } catch (thrown) {
        troubles.push(asTrouble(thrown, 'handover_invalid', file.name));
      }
    }
    this.files = [...this.files, ...files];
    this.troubles = troubles;
  }

  private readonly passRole = ({ detail }: EventOf<'profile-change'>): void => {
    emit(this, 'profile-change', detail);
  };

  private readonly correct = ({ detail }: EventOf<'correct'>, person: Person, result: Result): void => {
    const own = this.marks.get(result.report.id)?.[detail.competency] ?? undefined;
    const correction = own === undefined ? detail : { ...detail, own };
    emit(this, 'activity', { what: detail.confirmed ? 'confirmed' : 'corrected', results: [result] });
    this.files = this.files.map((file) => ({
      ...file,
      results: file.results.map((other) =>
        person.files.includes(file) && other.report.id === result.report.id
          ? { ...other, corrections: [...other.corrections, correction] }
          : other,
      ),
    }));
  };

  private async saveCorrected({ files, results }: Person): Promise<void> {
    const content = await sealed(corrected(files, results));
    save(
      `${this.words.correctedFile}-${isoDay()}.json`,
      JSON.stringify(content, null, 1),
      'application/json',
    );
    emit(this, 'activity', { what: 'handed_over', form: 'json', results });
  }

  /** Whether the reader still has to mark a text before its levels are shown. Texts without levels need no marks. */
  private isUnmarked({ report, assessment }: Result): boolean {
    return this.marksFirst && assessment.account.accepted && !this.marks.has(report.id);
  }

  private look(person: string | null): void {
    this.person = person;
    this.selected = 0;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: person === null });
    });
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const team = people(
      this.files.filter((file) => !isExpired(file)),
      { joined: this.joined, pseudonym: this.pseudonyms ? words.pseudonym : null },
    );
    const person = team.find(({ key }) => key === this.person);
    if (person) return this.renderPerson(person);
    const results = team.flatMap((member) => member.results);
    const refused = results.length - accounts(results).length;
    return html`
      <h2 tabindex="-1">${words.title}</h2>
      <p>${words.lead}</p>
      <div class="card files">
        <sales-mirror-file-drop
          .language=${this.language}
          .label=${words.choose}
          .hint=${words.hint}
          .accept=${'.json'}
          @files-chosen=${({ detail }: EventOf<'files-chosen'>) => void this.take(detail)}
        >
          <p slot="below" role="status">
            ${team.length ? words.people(team.length, results.length) : words.empty}
          </p>
          ${refused ? html`<p slot="below" class="quiet">${words.refused(refused)}</p>` : nothing}
        </sales-mirror-file-drop>
      </div>
      <div role="alert">
        ${this.troubles.map((trouble) => html`<p class="alert own">${worded(trouble, this.language)}</p>`)}
      </div>
      ${team.length ? this.renderTeam(team) : nothing}
    `;
  }

  private renderTeam(team: readonly Person[]): TemplateResult {
    const { words } = this;
    const { language, rubric, profile, pseudonyms } = this;
    const minimum = atLeast(this.minimum);
    const marked = team.map((person) => ({
      ...person,
      results: person.results.filter((result) => !this.isUnmarked(result)),
    }));
    const unmarked = team.filter(({ results }) => results.some((result) => this.isUnmarked(result)));
    const scene: TeamScene = {
      ...{ language, rubric, profile, minimum, team: marked },
      found: summaries(marked, rubric, minimum),
      unmarked: new Set(unmarked.map(({ key }) => key)),
    };
    return html`
      ${notices(language, team, namesakes(team), (name) => (this.joined = new Set([...this.joined, name])))}
      ${this.renderSettings()}
      <div class="row no-print">
        <button
          type="button"
          @click=${() => {
            const table = csv(marked, rubric, { profile, language, pseudonyms });
            save(`${words.file}-${isoDay()}.csv`, table, 'text/csv');
            const results = marked.flatMap((person) => person.results);
            emit(this, 'activity', { what: 'exported', form: 'csv', results });
          }}
        >
          ${words.csv}
        </button>
        <button
          type="button"
          @click=${() => {
            print();
          }}
        >
          ${words.print}
        </button>
        <button
          type="button"
          @click=${() => {
            this.files = [];
            this.troubles = [];
            this.marks = new Map();
            this.joined = new Set();
          }}
        >
          ${words.close}
        </button>
        ${
          this.profiles.length
            ? html`
                <sales-mirror-role-select
                  .language=${this.language}
                  .profiles=${this.profiles}
                  .profile=${this.profile}
                  @profile-change=${this.passRole}
                ></sales-mirror-role-select>
              `
            : nothing
        }
      </div>
      ${heatMap(scene, (person) => {
        this.look(person);
      })}
      ${distributions(scene)} ${strengths(scene)} ${coachingPairs(scene)}
      ${comparison(scene, this.until, (until) => (this.until = until))} ${reviewCounts(scene)}
      ${aboutLevels(
        language,
        team.flatMap(({ results }) => results),
        intent(team.flatMap(({ files }) => files)),
      )}
    `;
  }

  private renderSettings(): TemplateResult {
    const { words } = this;
    const check = (label: string, hint: string, checked: boolean, change: (to: boolean) => void) => html`
      <label class="check">
        <input
          type="checkbox"
          .checked=${checked}
          @change=${(event: Event) => {
            change((event.target as HTMLInputElement).checked);
          }}
        />
        <span>${label} <span class="quiet">${hint}</span></span>
      </label>
    `;
    return html`
      <details class="no-print">
        <summary>${words.settings}</summary>
        ${check(words.first, words.firstHint, this.marksFirst, (to) => (this.marksFirst = to))}
        ${check(words.pseudonyms, words.pseudonymsHint, this.pseudonyms, (to) => (this.pseudonyms = to))}
      </details>
    `;
  }

  private renderPerson(person: Person): TemplateResult {
    const { words } = this;
    const isCorrected = person.results.some(({ corrections }) => corrections.length > 0);
    const labelled = person.results.some(({ corrections, report }) => corrections.length > 0 && report.text);
    // The table of all texts has levels too, so each of them is marked before any is shown.
    const next = person.results.find((result) => this.isUnmarked(result));
    return html`
      <div class="row no-print">
        <button
          type="button"
          @click=${() => {
            this.look(null);
          }}
        >
          ← ${words.back}
        </button>
        ${
          isCorrected
            ? html`
                <button type="button" @click=${() => void this.saveCorrected(person)}>
                  ${words.saveCorrected}
                </button>
              `
            : nothing
        }
        ${
          labelled
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    save(
                      `${words.labelledFile}-${isoDay()}.jsonl`,
                      labelledReports(person.results, this.rubric),
                      'application/x-ndjson',
                    );
                    emit(this, 'activity', { what: 'exported', form: 'jsonl', results: person.results });
                  }}
                >
                  ${words.labelled}
                </button>
              `
            : nothing
        }
      </div>
      <h2 tabindex="-1" class="own">${words.detail(person.name)}</h2>
      ${next ? this.renderMarking(next) : this.renderResult(person)}
      ${aboutLevels(this.language, person.results, intent(person.files))}
    `;
  }

  private renderResult(person: Person): TemplateResult {
    return html`
      <sales-mirror-result
        exportparts="bar, radar, text"
        reviewable
        .language=${this.language}
        .rubric=${this.rubric}
        .results=${person.results}
        .selected=${this.selected}
        .profiles=${this.profiles}
        .profile=${this.profile}
        @select-result=${({ detail }: EventOf<'select-result'>) => (this.selected = detail)}
        @profile-change=${this.passRole}
        @correct=${(event: EventOf<'correct'>) => {
          const result = person.results[this.selected];
          if (result) this.correct(event, person, result);
        }}
      ></sales-mirror-result>
    `;
  }

  private renderMarking({ report }: Result): TemplateResult {
    return html`
      <p class="card text own">${report.text || WORDS[this.language].noText}</p>
      ${keyed(
        report.id,
        html`
          <sales-mirror-self-rating
            reviewed
            .language=${this.language}
            .rubric=${this.rubric}
            @rated=${({ detail }: EventOf<'rated'>) => {
              this.marks = new Map([...this.marks, [report.id, detail.rating]]);
            }}
          ></sales-mirror-self-rating>
        `,
      )}
    `;
  }
}

define('sales-mirror-team', SalesMirrorTeam);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-team': SalesMirrorTeam;
  }
}
