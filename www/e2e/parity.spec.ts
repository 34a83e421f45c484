/** The same text gives the same assessment in the browser and natively: 40 reports, levels within 0.01. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assessment } from '../src/engine/contract';
import { expect, open, test } from './site';

const ROOT = join(import.meta.dirname, '../..');
const DATA = join(ROOT, 'data/reports/specified.jsonl');
const REPORTS = 40;

interface Scored {
  readonly id: string;
  readonly assessment: Assessment;
}

test('40 reports, natively and in the browser', async ({ page, site }) => {
  test.setTimeout(600_000);
  const lines = readFileSync(DATA, 'utf8').split('\n');
  // From all over the file: every writer has 50 reports or fewer, in one language.
  const step = Math.floor(lines.length / REPORTS);
  const reports = Array.from(
    { length: REPORTS },
    (_, i) => JSON.parse(lines[i * step] ?? '') as { id: string; text: string },
  );
  // Built as for the Rust tests, so that nothing is compiled twice.
  const build = ['build', '--quiet', '-p', 'salesmirror', '-p', 'salesmirror-trainer', '--tests'];
  execFileSync('cargo', build, { cwd: ROOT, stdio: 'ignore' });
  const trainer = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug/trainer');
  const output = execFileSync(trainer, ['score', '--input', '-'], {
    cwd: ROOT,
    input: reports.map((report) => JSON.stringify(report)).join('\n'),
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const native = output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Scored);
  expect(native.map(({ id }) => id)).toEqual(reports.map(({ id }) => id));

  await open(page, site);
  let worst = 0;
  const times: number[] = [];
  for (const [i, { id, text }] of reports.entries()) {
    const ours = await page
      .locator('sales-mirror')
      .evaluate(
        (element: HTMLElement & { assess(text: string): Promise<Assessment> }, text) => element.assess(text),
        text,
      );
    times.push(ours.timings.total_ms);
    const theirs = native[i]?.assessment;
    const bytes = Buffer.from(text);
    const characters = (offset: number) => bytes.subarray(0, offset).toString().length;
    expect([ours.language, ours.length, ours.warnings], id).toEqual([
      theirs?.language,
      theirs?.length,
      theirs?.warnings,
    ]);
    expect(ours.account.accepted, id).toBe(theirs?.account.accepted);
    expect(
      Math.abs((ours.account.probability ?? 0) - (theirs?.account.probability ?? 0)),
      id,
    ).toBeLessThanOrEqual(0.01);
    expect(ours.left_out, id).toEqual(
      theirs?.left_out.map((part) => ({
        ...part,
        start: characters(part.start),
        end: characters(part.end),
      })),
    );
    expect(ours.speakers, id).toEqual(theirs?.speakers);
    for (const [c, competency] of ours.competencies.entries()) {
      const other = theirs?.competencies[c];
      const where = `${id} ${competency.id}`;
      expect(competency.level === null, where).toBe(other?.level === null);
      expect(competency.likely, where).toBe(other?.likely);
      const difference = Math.abs((competency.level ?? 0) - (other?.level ?? 0));
      worst = Math.max(worst, difference);
      expect(difference, where).toBeLessThanOrEqual(0.01);
      expect(Math.abs(competency.presence - (other?.presence ?? 0)), where).toBeLessThanOrEqual(0.01);
      expect(
        competency.evidence.map(({ start, end, polarity }) => ({ start, end, polarity })),
        where,
      ).toEqual(
        other?.evidence.map(({ start, end, polarity }) => ({
          start: characters(start),
          end: characters(end),
          polarity,
        })),
      );
    }
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1]?.toFixed(0);
  console.log(
    `${reports.length} reports; largest difference of a level ${worst.toExponential(1)}; median ${median} ms a report`,
  );
});
