/**
 * `<sales-mirror-team>`: opens the files that people handed over, and shows the team or one person of it. It stores
 * nothing. statistics.ts has the figures, sections.ts shows them.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit, type EventOf } from '../component/events';
import type { Rubric } from '../engine/contract';
import { asTrouble, type Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import '../files/file-drop';
import { save } from '../files/save';
import { asHandOver, type HandOver } from '../hand-over/hand-over';
import type { Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import '../profile/role-select';
import { accounts, isoDay } from '../report/report';
import { labelledReports } from '../review/labelled';
import { csv } from './csv';
import { coachingPairs, comparison, distributions, heatMap, strengths } from './sections';
import { people, summaries, type Person } from './statistics';
import { shades, styles } from './team.styles';
import { WORDS } from './words';

export class SalesMirrorTeam extends LitElement {
  static override styles = [base, shades, styles];

  static override properties = {
    language: { attribute: false },
    rubric: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
    files: { state: true },
    troubles: { state: true },
    person: { state: true },
    selected: { state: true },
    until: { state: true },
  };

  declare language: Code;
  declare rubric: Rubric;
  declare profiles: readonly Profile[];
  declare profile: Profile | null;
  declare private files: readonly HandOver[];
  declare private troubles: readonly Trouble[];
  /** The person whose texts are shown; null for the team. */
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
    this.person = null;
    this.selected = 0;
    this.until = '';
  }

  private get words() {
    return WORDS[this.language];
  }

  private async take(chosen: readonly File[]): Promise<void> {
    const files: HandOver[] = [];
    const troubles: Trouble[] = [];
    for (const file of chosen) {
      try {
        files.push(asHandOver(JSON.parse(await file.text()), this.rubric, file.name));
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

  private readonly correct = (event: EventOf<'correct'>, person: Person): void => {
    const id = person.results[this.selected]?.report.id;
    this.files = this.files.map((file) => ({
      ...file,
      results: file.results.map((result) =>
        file.person === person.name && result.report.id === id
          ? { ...result, corrections: [...result.corrections, event.detail] }
          : result,
      ),
    }));
  };

  private look(person: string | null): void {
    this.person = person;
    this.selected = 0;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: person === null });
    });
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const team = people(this.files);
    const person = team.find(({ name }) => name === this.person);
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
    const { language, rubric, profile } = this;
    const scene = { language, rubric, profile, team, found: summaries(team, rubric) };
    return html`
      <div class="row no-print">
        <button
          type="button"
          @click=${() => {
            save(`${words.file}-${isoDay()}.csv`, csv(team, this.rubric, this.profile), 'text/csv');
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
      ${comparison(scene, this.until, (until) => (this.until = until))}
    `;
  }

  private renderPerson(person: Person): TemplateResult {
    const { words } = this;
    const corrected = person.results.some(({ corrections }) => corrections.length > 0);
    const labelled = person.results.some(({ corrections, report }) => corrections.length > 0 && report.text);
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
          corrected
            ? html`
                <button
                  type="button"
                  @click=${() => {
                    const file = this.files.find((entry) => entry.person === person.name);
                    const content = { ...file, exported: new Date().toISOString(), results: person.results };
                    save(
                      `${words.correctedFile}-${isoDay()}.json`,
                      JSON.stringify(content, null, 1),
                      'application/json',
                    );
                  }}
                >
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
                  }}
                >
                  ${words.labelled}
                </button>
              `
            : nothing
        }
      </div>
      <h2 tabindex="-1" class="own">${words.detail(person.name)}</h2>
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
          this.correct(event, person);
        }}
      ></sales-mirror-result>
    `;
  }
}

define('sales-mirror-team', SalesMirrorTeam);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-team': SalesMirrorTeam;
  }
}
