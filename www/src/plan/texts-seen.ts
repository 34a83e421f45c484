/**
 * Tells which of the results that were shown is of the latest text, and which are of versions of one text. It keeps
 * results in memory only.
 */
import { isAnother } from '../typing/typing';
import { accounts, type Result } from '../report/report';
import type { Goal } from './plan';

export class TextsSeen {
  private last: Result | undefined;
  private latest: Result | undefined;
  /** The id of the first version's report, by the id of a report. */
  private readonly first = new Map<string, string>();

  /** Notes the result that is shown now; undefined if there is none, and then its text is forgotten. */
  see(result: Result | undefined): void {
    if (result) {
      const { id, text, date } = result.report;
      const before = this.last?.report;
      if (before?.text && text && !isAnother(before.text, text) && !this.first.has(id))
        this.first.set(id, this.original(before.id));
      else if (!this.first.has(id)) this.first.set(id, id);
      // An older text, opened again, is not the latest one.
      if (accounts([result]).length && date >= (this.latest?.report.date ?? '')) this.latest = result;
    } else this.latest = undefined;
    this.last = result;
  }

  /** The result of the latest text, if that is another text than the one from which the goal was made, and not older. */
  since({ began: { report, date }, quote }: Pick<Goal, 'began' | 'quote'>): Result | null {
    const { latest } = this;
    if (!latest || latest.report.date < date) return null;
    // At a later visit the same text has another id.
    if (quote && latest.report.text.includes(quote)) return null;
    return this.original(latest.report.id) === this.original(report) ? null : latest;
  }

  private original(id: string): string {
    return this.first.get(id) ?? id;
  }
}
