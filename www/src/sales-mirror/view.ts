/** What `<sales-mirror>` shows in each mode, as templates over its controllers. Owns no state. */
import { html, nothing, type TemplateResult } from 'lit';
import { miniBars } from '../charts/mini-bars';
import { live } from 'lit/directives/live.js';
import type { EventDetails, EventOf } from '../component/events';
import type { Span, Whose } from '../engine/contract';
import type { TabsController } from '../component/tabs-controller';
import { Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import type { Strings } from '../languages';
import type { Code } from '../languages/text';
import type { Plan } from '../plan/plan';
import { ChevronDown, ChevronUp, FlaskConical, icon, Printer } from '../icons/icon';
import { levelsOf, type Kind, type Origin, type Report, type Result } from '../report/report';
import { samplesFor } from '../samples/samples';
import type { AssessmentController } from './assessment-controller';
import type { DataController } from './data-controller';
import type { FailureController } from './failure-controller';
import { header } from './header';
import type { LoadingController } from './loading-controller';
import type { Lock } from './locks';
import type { Entry, Mode, Tab } from './mode';
import type { SelfRatingController } from './self-rating-controller';
import { status } from './status';

export interface Scene {
  readonly words: Strings;
  readonly mode: Mode;
  readonly text: string;
  readonly origin: Origin | null;
  /** How a candidate's answers come in. */
  readonly entry: Entry;
  readonly kind: Kind;
  readonly reports: readonly Report[];
  readonly live: boolean;
  /** What the company has turned off. */
  readonly locks: ReadonlySet<Lock>;
  /** The extensions of files that may be opened; empty for all that can be read. */
  readonly accept: string;
  /** Whether a self-rating comes before the first result. */
  readonly asks: boolean;
  readonly disabled: boolean;
  /** Whether the text was typed before the page was left. */
  readonly restored: boolean;
  /** Whether writing assistants may read the text area. */
  readonly aids: boolean;
  /** Id of the competency whose row is open, and whose evidence alone is marked. */
  readonly competency: string | null;
  /** Whether the panel is open where there is no room for it beside the text. */
  readonly sheet: boolean;
  /** The person's own plan; null while one is proposed. */
  readonly plan: Plan | null;
  /** The fewest people, and the fewest texts of a person, of which the team view gives figures, if the page says so. */
  readonly minimum: number | undefined;
  readonly failures: FailureController;
  readonly data: DataController;
  readonly loading: LoadingController;
  readonly results: AssessmentController;
  readonly rating: SelfRatingController;
  readonly tabs: TabsController<Tab>;
}

/** What a person can do. */
export interface Actions {
  readonly language: (code: Code) => void;
  readonly type: (text: string) => void;
  readonly origin: (origin: Origin | null) => void;
  readonly kind: (kind: Kind) => void;
  readonly reports: (reports: readonly Report[]) => void;
  readonly live: (on: boolean) => void;
  readonly asks: (on: boolean) => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly retry: () => void;
  readonly rated: (answer: EventDetails['rated']) => void;
  readonly entry: (entry: Entry) => void;
  /** Assesses the answers of an interview. */
  readonly interviewed: (interview: EventDetails['interview-done']) => void;
  /** Forgets what came of an interview whose answers were deleted. */
  readonly forget: () => void;
  /** Keeps the results in the history, which was just turned on. */
  readonly keep: () => void;
  /** Puts what was typed before the page was left into the text area. */
  readonly restore: (draft: EventDetails['draft-found']) => void;
  /** The person changed their plan. */
  readonly plan: (plan: EventDetails['plan-change']) => void;
  /** Shows the plan that the history keeps. */
  readonly restorePlan: (plan: EventDetails['plan-found']) => void;
  /** Assesses the text that is shown anew with other words counted. */
  readonly whose: (whose: Whose) => void;
  /** Takes a sentence out of the evidence for a competency, or in again. */
  readonly object: (objection: EventDetails['object']) => void;
  /** Opens the row of a competency and marks its evidence alone; null for none. */
  readonly select: (competency: string | null) => void;
  /** Shows a sentence in the text. */
  readonly reveal: (span: Span) => void;
  /** Goes to the plan for a competency. */
  readonly workOn: (competency: string) => void;
  /** Keeps the levels that are shown to compare with those of the text that is about to be rewritten. */
  readonly rewrite: () => void;
  /** Takes the present levels for the beginning of what is compared. */
  readonly startOver: () => void;
  readonly sheet: (open: boolean) => void;
  /** Assesses a sample. */
  readonly example: () => void;
  readonly print: () => void;
  /** Puts the text of a report that was refused into the text area. */
  readonly edit: (report: Report) => void;
  /** Shows an entry of the history. */
  readonly open: (entry: Result) => void;
}

export function view(scene: Scene, actions: Actions): TemplateResult {
  const { words, mode, tabs } = scene;
  const lead = { self: words.lead, candidate: words.candidateLead, team: words.teamLead, headless: '' }[mode];
  const head = html`
    ${header(words, lead, actions.language)}
    <sales-mirror-log
      .language=${words.code}
      .locks=${scene.locks}
      .choice=${mode !== 'self'}
    ></sales-mirror-log>
  `;
  if (mode === 'team' && scene.locks.has('team'))
    return html`${head}
      <p class="card">${words.setByCompany(words.teamOff)}</p>`;
  if (mode === 'team') return html`${head} ${statusView(scene, actions)} ${team(scene)}`;
  const report = workbench(scene, actions);
  if (mode !== 'self') return html`${head} ${report}`;
  // What another tab holds stays in the page, and with it what the person edited there.
  return html`
    ${head} ${tabs.render(words.tabList, words.tabs)}
    <div id="panel" role="tabpanel" aria-labelledby="tab-${tabs.chosen}">
      <div ?hidden=${tabs.chosen !== 'report'}>${report}</div>
      <div ?hidden=${tabs.chosen !== 'plan'}>${tabs.wasSeen('plan') ? plan(scene, actions) : nothing}</div>
      <div ?hidden=${tabs.chosen !== 'history'}>${history(scene, actions)}</div>
    </div>
  `;
}

/** The text on the left, and what it shows on the right; or in a sheet from below, where there is no room. */
function workbench(scene: Scene, actions: Actions): TemplateResult {
  const { words } = scene;
  return html`
    <div class="workbench">
      <div class="writing">
        ${scene.mode === 'candidate' ? answers(scene, actions) : input(scene, actions)}
        ${otherText(scene, actions)}
      </div>
      <aside
        class="panel"
        aria-label=${words.panel}
        ?data-open=${scene.sheet}
        ?data-empty=${!scene.results.result}
      >
        <button
          type="button"
          class="handle"
          aria-expanded=${String(scene.sheet)}
          aria-controls="sheet"
          @click=${() => {
            actions.sheet(!scene.sheet);
          }}
        >
          ${words.panel} ${glance(scene)} ${icon(scene.sheet ? ChevronDown : ChevronUp)}
        </button>
        ${statusView(scene, actions)}
        <div id="sheet">${result(scene, actions)}</div>
      </aside>
    </div>
  `;
}

/** The levels in the closed sheet. */
function glance(scene: Scene): TemplateResult | typeof nothing {
  const { data, results } = scene;
  const { result } = results;
  if (!result?.assessment.account.accepted || !data.rubric || asking(scene)) return nothing;
  const levels = levelsOf(result, data.rubric);
  return html`<span aria-hidden="true">${miniBars(levels, data.rubric.scale)}</span>`;
}

/** The text of a result that is not in the text area: one of several reports, or one from the history. */
function otherText(scene: Scene, actions: Actions): TemplateResult | typeof nothing {
  const { words, data, results } = scene;
  const { result } = results;
  if (!result || !data.rubric || results.inField || !result.assessment.account.accepted || asking(scene))
    return nothing;
  const { report } = result;
  return html`
    <section class="other no-print" aria-labelledby="other">
      <div class="row spread">
        <h2 id="other" class="own">${report.name || words.typed}</h2>
        ${
          report.text
            ? html`
                <button
                  type="button"
                  class="small"
                  @click=${() => {
                    actions.edit(report);
                  }}
                >
                  ${words.edit}
                </button>
              `
            : nothing
        }
      </div>
      <sales-mirror-marked-text
        exportparts="text"
        .language=${words.code}
        .rubric=${data.rubric}
        .result=${result}
        .only=${scene.competency}
      ></sales-mirror-marked-text>
    </section>
  `;
}

function input(scene: Scene, actions: Actions): TemplateResult {
  const { words, mode, loading, results } = scene;
  return html`
    <sales-mirror-input
      exportparts="input, assess"
      .words=${words}
      .text=${scene.text}
      .origin=${scene.origin}
      .kind=${scene.kind}
      .reports=${scene.reports}
      .busy=${loading.loading || results.assessing}
      .disabled=${scene.disabled}
      .live=${scene.locks.has('live') ? undefined : scene.live}
      .accept=${scene.accept}
      .asks=${mode === 'self' ? scene.asks : undefined}
      .candidate=${mode === 'candidate'}
      .aids=${scene.aids}
      .restored=${scene.restored}
      .rubric=${scene.data.rubric}
      .result=${results.inField && !asking(scene) ? results.result : undefined}
      .only=${scene.competency}
      @object=${({ detail }: EventOf<'object'>) => {
        actions.object(detail);
      }}
      @rewrite=${actions.rewrite}
      @part-missing=${({ detail }: EventOf<'part-missing'>) => {
        scene.failures.show(detail);
      }}
      @text-change=${({ detail }: EventOf<'text-change'>) => {
        actions.type(detail);
      }}
      @origin-change=${({ detail }: EventOf<'origin-change'>) => {
        actions.origin(detail);
      }}
      @kind-change=${({ detail }: EventOf<'kind-change'>) => {
        actions.kind(detail);
      }}
      @reports-change=${({ detail }: EventOf<'reports-change'>) => {
        actions.reports(detail);
      }}
      @live-change=${({ detail }: EventOf<'live-change'>) => {
        actions.live(detail);
      }}
      @asks-change=${({ detail }: EventOf<'asks-change'>) => {
        actions.asks(detail);
      }}
      @start=${actions.start}
      @stop=${actions.stop}
    ></sales-mirror-input>
  `;
}

/** The two ways in which a candidate's answers come in. Both stay in the page, and with them what was typed there. */
function answers(scene: Scene, actions: Actions): TemplateResult {
  return html`
    ${entryChoice(scene, actions)}
    <div ?hidden=${scene.entry !== 'paste'}>${input(scene, actions)}</div>
    <div ?hidden=${scene.entry !== 'interview'}>${interview(scene, actions)}</div>
  `;
}

function entryChoice({ words, entry }: Scene, actions: Actions): TemplateResult {
  const choice = (value: Entry) => html`
    <label class="check">
      <input
        type="radio"
        name="entry"
        .checked=${live(entry === value)}
        @change=${() => {
          actions.entry(value);
        }}
      />
      ${words.entries[value]}
    </label>
  `;
  return html`
    <fieldset class="entry no-print">
      <legend class="quiet">${words.entry}</legend>
      <div class="row">${choice('paste')} ${choice('interview')}</div>
    </fieldset>
  `;
}

function interview(scene: Scene, actions: Actions): TemplateResult | typeof nothing {
  const { words, data, loading, results } = scene;
  if (!data.rubric) return nothing;
  return html`
    <sales-mirror-interview
      .language=${words.code}
      .rubric=${data.rubric}
      .sets=${data.questions}
      .busy=${loading.loading || results.assessing}
      .disabled=${scene.disabled}
      .aids=${scene.aids}
      @interview-done=${({ detail }: EventOf<'interview-done'>) => {
        actions.interviewed(detail);
      }}
      @interview-cleared=${actions.forget}
      @stop=${actions.stop}
    >
      <slot name="interview-notice" slot="interview-notice"></slot>
    </sales-mirror-interview>
  `;
}

function statusView(scene: Scene, actions: Actions): TemplateResult {
  const going = { ...scene, assessment: scene.results, rating: { asking: asking(scene) } };
  return status(going, scene.words, actions.retry);
}

/** Whether the self-rating stands in the place of the results; without any levels there is nothing that it could wait for. */
function asking({ rating, results }: Scene): boolean {
  return rating.asking && results.accepted;
}

function result(scene: Scene, actions: Actions): TemplateResult | typeof nothing {
  const { words, data, results } = scene;
  if (!results.result || !data.rubric) return empty(scene, actions);
  const advice = data.advice[words.code];
  if (asking(scene)) {
    return html`
      <sales-mirror-self-rating
        .language=${words.code}
        .rubric=${data.rubric}
        .kind=${results.result.report.kind}
        .rating=${results.rating ?? {}}
        @rated=${({ detail }: EventOf<'rated'>) => {
          actions.rated(detail);
        }}
      ></sales-mirror-self-rating>
    `;
  }
  return html`
    <sales-mirror-result
      part="result"
      exportparts="bar, radar, text"
      .language=${words.code}
      .rubric=${data.rubric}
      .results=${results.results}
      .selected=${results.selected}
      .earlier=${results.earlier}
      .examples=${advice instanceof Trouble ? undefined : advice?.examples}
      .open=${scene.competency}
      .stale=${results.stale}
      .profiles=${data.profiles}
      .profile=${data.profile}
      .reviewable=${scene.mode === 'candidate'}
      .editable=${true}
      .plannable=${scene.mode === 'self'}
      @select-result=${({ detail }: EventOf<'select-result'>) => {
        results.select(detail);
      }}
      @profile-change=${({ detail }: EventOf<'profile-change'>) => {
        data.choose(detail);
      }}
      @correct=${({ detail }: EventOf<'correct'>) => {
        results.correct(detail);
      }}
      @select-competency=${({ detail }: EventOf<'select-competency'>) => {
        actions.select(detail);
      }}
      @reveal-evidence=${({ detail }: EventOf<'reveal-evidence'>) => {
        actions.reveal(detail);
      }}
      @object=${({ detail }: EventOf<'object'>) => {
        actions.object(detail);
      }}
      @work-on=${({ detail }: EventOf<'work-on'>) => {
        actions.workOn(detail);
      }}
      @start-over=${actions.startOver}
      @whose-change=${({ detail }: EventOf<'whose-change'>) => {
        actions.whose(detail);
      }}
      @edit-report=${({ detail }: EventOf<'edit-report'>) => {
        actions.edit(detail);
      }}
    >
      <button slot="actions" type="button" class="small" @click=${actions.print}>
        ${icon(Printer)} ${words.print}
      </button>
      <sales-mirror-hand-over
        slot="hand-over"
        .language=${words.code}
        .rubric=${data.rubric}
        .results=${results.results}
      ></sales-mirror-hand-over>
    </sales-mirror-result>
  `;
}

/** What the panel says before there is a result. */
function empty(
  { words, mode, data, disabled, loading, results }: Scene,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (loading.loading && mode === 'candidate') return nothing;
  return html`
    <div class="empty">
      <p>${words.panelEmpty}</p>
      ${
        mode === 'self' && samplesFor(data.rubric).length > 0
          ? html`
              <button type="button" ?disabled=${disabled || results.assessing} @click=${actions.example}>
                ${icon(FlaskConical)} ${words.example}
              </button>
            `
          : nothing
      }
    </div>
  `;
}

function plan(scene: Scene, actions: Actions): TemplateResult {
  const { words, data, results } = scene;
  const advice = data.advice[words.code];
  if (advice instanceof Trouble) {
    return html`<p class="alert" role="alert" data-code=${advice.code}>${worded(advice, words.code)}</p>`;
  }
  // What the result shows waits for the person's own rating; their own plan does not.
  const result = asking(scene) ? undefined : results.result;
  if (!data.rubric || !advice || !(result ?? scene.plan)) {
    return html`<p class="card">${words.planEmpty}</p>`;
  }
  return html`
    <sales-mirror-plan
      .language=${words.code}
      .rubric=${data.rubric}
      .development=${advice}
      .result=${result}
      .profile=${data.profile}
      .own=${scene.plan}
      @plan-change=${({ detail }: EventOf<'plan-change'>) => {
        actions.plan(detail);
      }}
      @print=${actions.print}
    ></sales-mirror-plan>
  `;
}

function history({ words, data, locks }: Scene, actions: Actions): TemplateResult | typeof nothing {
  if (!data.rubric) return nothing;
  return html`
    <sales-mirror-history
      .off=${locks.has('history')}
      .language=${words.code}
      .rubric=${data.rubric}
      @history-on=${actions.keep}
      @draft-found=${({ detail }: EventOf<'draft-found'>) => {
        actions.restore(detail);
      }}
      @plan-found=${({ detail }: EventOf<'plan-found'>) => {
        actions.restorePlan(detail);
      }}
      @open-entry=${({ detail }: EventOf<'open-entry'>) => {
        actions.open(detail);
      }}
    ></sales-mirror-history>
  `;
}

function team({ words, data, minimum }: Scene): TemplateResult | typeof nothing {
  if (!data.rubric) return nothing;
  return html`
    <sales-mirror-team
      part="result"
      exportparts="bar, radar, text"
      .language=${words.code}
      .rubric=${data.rubric}
      .profiles=${data.profiles}
      .profile=${data.profile}
      .minimum=${minimum}
      @profile-change=${({ detail }: EventOf<'profile-change'>) => {
        data.choose(detail);
      }}
    ></sales-mirror-team>
  `;
}
