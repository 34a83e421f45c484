/**
 * Assesses reports, at once or live while a person types, and owns what came of it: the results, the one that is
 * shown, and the reports that could not be read. The newest assessment wins; older ones change nothing any more.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import { asFailure, type AssessProgress, type Assessment, type Failure } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import type { What } from '../log/activity';
import { endsSentence, isAnother } from '../typing/typing';
import { accounts, type Correction, type Report, type Result, type SelfRating } from '../report/report';
import type { FailureController } from './failure-controller';
import type { Assessor, LoadingController } from './loading-controller';

/** How long a person pauses within a sentence before a live assessment begins. */
const PAUSE_MS = 600;

/** The least text, in UTF-16 code units, for a live assessment. */
const LIVE_FROM = 40;

export interface Skipped {
  readonly report: Report;
  readonly failure: Failure;
}

export interface AssessmentHost extends ReactiveControllerHost, EventTarget {
  /** The text in the text area. */
  readonly text: string;
  /** Where it tells what was done. */
  readonly renderRoot: EventTarget;
}

export class AssessmentController implements ReactiveController {
  results: readonly Result[] = [];
  /** Index of the result that is shown. */
  selected = 0;
  /** The result of the text before it was rewritten, until the person takes the present one for the beginning. */
  earlier: Result | undefined;
  /** Reports of several that could not be read. */
  skipped: readonly Skipped[] = [];
  /** Whether an assessment that the person asked for is under way; a live one does not count. */
  assessing = false;
  /** Windows of one report, or reports if there are several; undefined until the first is counted. */
  progress: (AssessProgress & { readonly several: boolean }) | undefined;
  private self: SelfRating | null = null;
  /** Id of the report among the results that is that of the text area. */
  private typed: string | undefined;
  /** Counts assessments, so that only the newest shows its end. */
  private turn = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: AssessmentHost,
    private readonly model: Pick<LoadingController, 'load' | 'engine' | 'loading' | 'cancel' | 'counting'>,
    private readonly failures: FailureController,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stopFollowing();
  }

  /** The result that is shown. */
  get result(): Result | undefined {
    return this.results[this.selected];
  }

  /** Whether the result that is shown is that of the text area, even if that was edited since. */
  get inField(): boolean {
    const report = this.result?.report;
    return report !== undefined && (report.id === this.typed || report.text === this.host.text);
  }

  /** Whether the result that is shown belongs to a text that was in the text area and is there no more. */
  get stale(): boolean {
    return this.inField && this.result?.report.text !== this.host.text;
  }

  /** Whether any of the results has levels, which texts that were refused do not. */
  get accepted(): boolean {
    return accounts(this.results).length > 0;
  }

  /**
   * Assesses reports, once the model is loaded. A live assessment leaves the status and the failure alone.
   * Rejects with a Failure or a Trouble; of several reports only if none can be read.
   */
  async run(reports: readonly Report[], live = false): Promise<readonly Assessment[]> {
    const turn = ++this.turn;
    const current = () => turn === this.turn;
    const typed = reports.find(({ text }) => text === this.host.text)?.id;
    this.stopFollowing();
    if (!live) {
      this.failures.clear();
      this.skipped = [];
    }
    try {
      await this.model.load();
      const { engine } = this.model;
      if (!engine || !current()) {
        throw {
          code: 'cancelled',
          message: 'another assessment took its place',
          detail: null,
        } satisfies Failure;
      }
      if (!live) this.begin();
      const answers = await this.ask(engine, reports, (progress, several) => {
        if (live || !current()) return;
        this.progress = { ...progress, several };
        this.host.requestUpdate();
      });
      const { results, skipped } = this.sort(reports, answers);
      const [first] = skipped;
      if (first && results.length === 0) throw first.failure;
      const assessments = results.map(({ assessment }) => assessment);
      if (current()) {
        const before = this.earlierOf(results);
        this.show(results);
        this.earlier = before;
        this.typed = typed;
        this.skipped = skipped;
        this.failures.clear();
        for (const assessment of assessments) emit(this.host, 'sales-mirror-assessed', assessment);
        this.tell('assessed', results, live);
      }
      return assessments;
    } catch (thrown) {
      if (current()) {
        this.end();
        if (!live) this.failures.show(thrown);
      }
      throw thrown instanceof Trouble ? thrown : asFailure(thrown);
    }
  }

  /**
   * Assesses what a person types: at once where a sentence ends, otherwise when they pause. Short texts are left alone.
   * @param report makes the report when its time has come
   */
  follow(before: string, after: string, report: () => Report): void {
    this.stopFollowing();
    if (after.trim().length < LIVE_FROM) return;
    const begin = () => {
      if (!this.assessing && !this.model.loading) void this.run([report()], true).catch(() => undefined);
    };
    this.pause = setTimeout(begin, endsSentence(before, after) ? 0 : PAUSE_MS);
  }

  /** Gives up the live assessment that waits for its time. */
  stopFollowing(): void {
    clearTimeout(this.pause);
  }

  /** Stops loading or assessing. */
  cancel(): void {
    this.stopFollowing();
    this.model.cancel();
  }

  /** Cancels, and forgets all results. */
  clear(): void {
    this.cancel();
    this.failures.clear();
    this.skipped = [];
    this.show([]);
  }

  /** Shows these results in the place of all others, one with levels first; an assessment under way no longer does. */
  show(results: readonly Result[]): void {
    this.turn++;
    this.end();
    this.earlier = undefined;
    this.results = results;
    const first = results.findIndex(({ assessment }) => assessment.account.accepted);
    this.select(Math.max(first, 0));
  }

  select(index: number): void {
    this.selected = index;
    this.host.requestUpdate();
  }

  /** Puts a person's own rating beside all results, and beside those to come. */
  rate(self: SelfRating | null): void {
    this.self = self;
    this.results = this.results.map((result) => ({ ...result, self }));
    this.host.requestUpdate();
  }

  get rating(): SelfRating | null {
    return this.self;
  }

  /**
   * Assesses the report that is shown anew with other words counted, or without sentences that the person objects to. Its
   * encoding is remembered, so this takes no time to speak of. Corrections were made to other levels and go.
   */
  async reassess(
    change: Pick<Report, 'whose'> | Pick<Report, 'objections'> | Pick<Report, 'kind'>,
    what: What = 'assessed',
  ): Promise<void> {
    const { result, selected } = this;
    const { engine } = this.model;
    if (!result || !engine || this.assessing) return;
    const turn = ++this.turn;
    const report = { ...result.report, ...change };
    try {
      const assessment = this.counted(await engine.assess(report), report);
      if (turn !== this.turn) return;
      const anew = { report, assessment, self: this.self, corrections: [] };
      this.results = this.results.map((other, i) => (i === selected ? anew : other));
      this.host.requestUpdate();
      emit(this.host, 'sales-mirror-assessed', assessment);
      this.tell(what, [anew]);
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.failures.show(thrown);
      // What the person chose does not hold.
      this.host.requestUpdate();
    }
  }

  /** Adds a reviewer's correction to the result that is shown. */
  correct(correction: Correction): void {
    if (this.result) this.tell(correction.confirmed ? 'confirmed' : 'corrected', [this.result]);
    this.results = this.results.map((result, i) =>
      i === this.selected ? { ...result, corrections: [...result.corrections, correction] } : result,
    );
    this.host.requestUpdate();
  }

  /** The text of a report among the results is in the text area from now on. */
  moveToField({ id }: Report): void {
    this.typed = id;
  }

  /** Keeps the result that is shown to compare with what comes of rewriting its text. */
  keepToCompare(): void {
    this.earlier = this.result;
    this.host.requestUpdate();
  }

  /** Takes the present levels for the beginning of what is compared. */
  startOver(): void {
    this.earlier = undefined;
    this.host.requestUpdate();
  }

  /** What new results are compared with: a first result of the same text in another wording. */
  private earlierOf(results: readonly Result[]): Result | undefined {
    const { result: before } = this;
    const [after] = results;
    if (!before || !after || results.length > 1 || this.results.length > 1) return undefined;
    if (isAnother(before.report.text, after.report.text)) return undefined;
    if (before.report.text === after.report.text || !accounts([before]).length) return this.earlier;
    return this.earlier ?? before;
  }

  /** Tells the log of use what was done. */
  private tell(what: What, results: readonly Result[], live = false): void {
    emit(this.host.renderRoot, 'activity', { what, results, live });
  }

  private begin(): void {
    this.assessing = true;
    this.progress = undefined;
    this.host.requestUpdate();
  }

  private end(): void {
    this.assessing = false;
    this.progress = undefined;
    this.host.requestUpdate();
  }

  /** One report is assessed by itself; several are shared among the workers, and each is answered by itself. */
  private async ask(
    engine: Assessor,
    reports: readonly Report[],
    onProgress: (progress: AssessProgress, several: boolean) => void,
  ): Promise<readonly (Assessment | Failure)[]> {
    const [only] = reports;
    if (only && reports.length === 1) {
      return [
        await engine.assess(only, (progress) => {
          onProgress(progress, false);
        }),
      ];
    }
    return engine.assessAll(reports, (progress) => {
      onProgress(progress, true);
    });
  }

  /** What the company counts of what the engine found. */
  private counted(assessment: Assessment, { kind }: Report): Assessment {
    return this.model.counting?.(assessment, kind) ?? assessment;
  }

  private sort(
    reports: readonly Report[],
    answers: readonly (Assessment | Failure)[],
  ): { readonly results: readonly Result[]; readonly skipped: readonly Skipped[] } {
    const results: Result[] = [];
    const skipped: Skipped[] = [];
    for (const [i, report] of reports.entries()) {
      const answer = answers[i];
      if (!answer) continue;
      if ('code' in answer) skipped.push({ report, failure: answer });
      else
        results.push({ report, assessment: this.counted(answer, report), self: this.self, corrections: [] });
    }
    return { results, skipped };
  }
}
