/** What `<sales-mirror>` shows in each mode, as templates over its controllers. Owns no state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { EventDetails, EventOf } from '../component/events';
import type { Whose } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { worded } from '../failure/words';
import type { Strings } from '../languages';
import type { Code } from '../languages/text';
import type { Kind, Origin, Report, Result } from '../report/report';
import type { AssessmentController } from './assessment-controller';
import type { DataController } from './data-controller';
import type { FailureController } from './failure-controller';
import { header } from './header';
import type { LoadingController } from './loading-controller';
import type { Mode } from './mode';
import type { SelfRatingController } from './self-rating-controller';
import { status } from './status';
import type { TabsController } from './tabs-controller';

export interface Scene {
  readonly words: Strings;
  readonly mode: Mode;
  readonly text: string;
  readonly origin: Origin | null;
  readonly kind: Kind;
  readonly reports: readonly Report[];
  readonly live: boolean;
  /** Whether a self-rating comes before the first result. */
  readonly asks: boolean;
  readonly disabled: boolean;
  /** Whether the text was typed before the page was left. */
  readonly restored: boolean;
  /** Whether writing assistants may read the text area. */
  readonly aids: boolean;
  /** The fewest people, and the fewest texts of a person, of which the team view gives figures, if the page says so. */
  readonly minimum: number | undefined;
  readonly failures: FailureController;
  readonly data: DataController;
  readonly loading: LoadingController;
  readonly results: AssessmentController;
  readonly rating: SelfRatingController;
  readonly tabs: TabsController;
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
  /** Keeps the results in the history, which was just turned on. */
  readonly keep: () => void;
  /** Puts what was typed before the page was left into the text area. */
  readonly restore: (draft: EventDetails['draft-found']) => void;
  /** Assesses the text that is shown anew with other words counted. */
  readonly whose: (whose: Whose) => void;
  /** Puts the text of a report that was refused into the text area. */
  readonly edit: (report: Report) => void;
  /** Shows an entry of the history. */
  readonly open: (entry: Result) => void;
}

export function view(scene: Scene, actions: Actions): TemplateResult {
  const { words, mode, tabs } = scene;
  const head = header(words, mode, actions.language);
  if (mode === 'team') return html`${head} ${statusView(scene, actions)} ${team(scene)}`;
  const report = html`${input(scene, actions)} ${statusView(scene, actions)} ${result(scene, actions)}`;
  if (mode !== 'self') return html`${head} ${report}`;
  // What another tab holds stays in the page, and with it what the person edited there.
  return html`
    ${head} ${tabs.render(words)}
    <div id="panel" role="tabpanel" aria-labelledby="tab-${tabs.chosen}">
      <div ?hidden=${tabs.chosen !== 'report'}>${report}</div>
      <div ?hidden=${tabs.chosen !== 'plan'}>${tabs.wasSeen('plan') ? plan(scene) : nothing}</div>
      <div ?hidden=${tabs.chosen !== 'history'}>${history(scene, actions)}</div>
    </div>
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
      .live=${scene.live}
      .asks=${mode === 'self' ? scene.asks : undefined}
      .candidate=${mode === 'candidate'}
      .aids=${scene.aids}
      .restored=${scene.restored}
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
  if (!results.result || !data.rubric) return nothing;
  if (asking(scene)) {
    return html`
      <sales-mirror-self-rating
        .language=${words.code}
        .rubric=${data.rubric}
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
      .profiles=${data.profiles}
      .profile=${data.profile}
      .reviewable=${scene.mode === 'candidate'}
      .editable=${true}
      @select-result=${({ detail }: EventOf<'select-result'>) => {
        results.select(detail);
      }}
      @profile-change=${({ detail }: EventOf<'profile-change'>) => {
        data.choose(detail);
      }}
      @correct=${({ detail }: EventOf<'correct'>) => {
        results.correct(detail);
      }}
      @whose-change=${({ detail }: EventOf<'whose-change'>) => {
        actions.whose(detail);
      }}
      @edit-report=${({ detail }: EventOf<'edit-report'>) => {
        actions.edit(detail);
      }}
    >
      <button
        slot="actions"
        type="button"
        class="small"
        @click=${() => {
          print();
        }}
      >
        ${words.print}
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

function plan(scene: Scene): TemplateResult {
  const { words, data, results } = scene;
  const advice = data.advice[words.code];
  if (advice instanceof Trouble) {
    return html`<p class="alert" role="alert" data-code=${advice.code}>${worded(advice, words.code)}</p>`;
  }
  if (!results.result || !data.rubric || !advice || asking(scene)) {
    return html`<p class="card">${words.planEmpty}</p>`;
  }
  return html`
    <sales-mirror-plan
      .language=${words.code}
      .rubric=${data.rubric}
      .development=${advice}
      .result=${results.result}
      .profile=${data.profile}
    ></sales-mirror-plan>
  `;
}

function history({ words, data }: Scene, actions: Actions): TemplateResult | typeof nothing {
  if (!data.rubric) return nothing;
  return html`
    <sales-mirror-history
      .language=${words.code}
      .rubric=${data.rubric}
      @history-on=${actions.keep}
      @draft-found=${({ detail }: EventOf<'draft-found'>) => {
        actions.restore(detail);
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
