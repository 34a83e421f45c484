/** What is going on, how far it has come, and what went wrong. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Failure } from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import { explained, worded } from '../failure/words';
import type { Strings } from '../languages';
import { countedIn } from '../report/report';
import type { AssessmentController } from './assessment-controller';
import type { DataController } from './data-controller';
import type { FailureController } from './failure-controller';
import type { LoadingController } from './loading-controller';
import type { SelfRatingController } from './self-rating-controller';

export interface Going {
  readonly loading: Pick<LoadingController, 'loading' | 'progress'>;
  readonly assessment: Pick<AssessmentController, 'assessing' | 'progress' | 'result' | 'skipped'>;
  readonly rating: Pick<SelfRatingController, 'asking'>;
  readonly data: Pick<DataController, 'rubric' | 'troubles'>;
  readonly failures: Pick<FailureController, 'shown'>;
}

/** What is going on in words, and how far it has come (0 to 1) where that is known. */
export function statusOf(going: Omit<Going, 'failures'>, words: Strings): { text: string; share?: number } {
  const { assessment } = going;
  if (assessment.assessing) {
    const { done, total, several } = assessment.progress ?? { done: 0, total: 1, several: false };
    if (several) return { text: words.several(done, total), share: done / total };
    const text = words.assessing(done, total);
    return total > 1 ? { text, share: done / total } : { text };
  }
  if (going.loading.loading) {
    const { progress } = going.loading;
    if (progress?.stage === 'verify') return { text: words.verifying, share: 1 };
    if (progress?.stage === 'unpack') return { text: words.unpacking, share: 1 };
    if (progress?.stage !== 'download' || progress.total === 0) return { text: words.starting };
    const share = progress.loaded / progress.total;
    const text = words.downloading(progress.loaded / 1e6, progress.total / 1e6, Math.round(100 * share));
    return { text, share };
  }
  const { result } = assessment;
  const shown = result?.assessment;
  if (shown && !shown.account.accepted) return { text: words.refused };
  if (shown && going.rating.asking) return { text: words.doneRating };
  if (shown) return { text: words.done(shown.overall?.shown ?? 0, countedIn(result, going.data.rubric)) };
  return { text: going.data.rubric ? words.ready : '' };
}

/** @param retry what the button beside a failure does */
export function status(going: Going, words: Strings, retry: () => void): TemplateResult {
  const { text, share } = statusOf(going, words);
  const failure = going.failures.shown;
  const busy = going.loading.loading || going.assessment.assessing;
  return html`
    <div class="status" part="status">
      <div role="status">${failure ? nothing : html`<span class="quiet">${text}</span>`}</div>
      ${busy && !failure ? html`<progress aria-label=${text} max="1" value=${share ?? nothing}></progress>` : nothing}
      <div role="alert">
        ${failure ? failed(failure, words, retry) : nothing}
        ${going.assessment.skipped.map(
          (skipped) => html`
            <p class="alert" data-code=${skipped.failure.code}>
              ${worded(skipped.failure, words.code, skipped.report.name || words.typed)}
            </p>
          `,
        )}
        ${going.data.troubles.map(
          (trouble) => html`<p class="alert" data-code=${trouble.code}>${worded(trouble, words.code)}</p>`,
        )}
      </div>
    </div>
  `;
}

function failed(failure: Failure | Trouble, words: Strings, retry: () => void): TemplateResult {
  const { title, remedy } = explained(failure, words.code);
  return html`
    <div class="failure alert" data-code=${failure.code}>
      <strong>${title}</strong>
      <p>${remedy}</p>
      <button type="button" @click=${retry}>${words.retry}</button>
    </div>
  `;
}
