/** Many reports at once, with one worker and with two. Each run has a new page, whose engine remembers nothing. */
import { percent, ratio, summary, table, times } from '../numbers.mjs';
import { openPage } from '../session/browser.mjs';
import { readReports } from '../session/reports.mjs';
import { EMPTY, serveProduct } from '../session/site.mjs';

const WORKERS = [1, 2];

export async function run({ browser, quick, dist, reports, progress }) {
  const server = await serveProduct(dist);
  const texts = readReports(reports).slice(0, quick ? 40 : 200).map(({ text }) => text);
  const context = await browser.newContext();
  const rounds = quick ? 2 : 7;
  const samples = Object.fromEntries(WORKERS.map((workers) => [workers, []]));
  let levels;
  for (let round = 0; round < rounds; round++) {
    for (const workers of WORKERS) {
      progress(`batch: ${texts.length} reports, ${workers} workers, ${round + 1} of ${rounds}`);
      const page = await openPage(context, `${server.url}${EMPTY}`);
      const { milliseconds, found } = await page.evaluate(assessAll, { texts, workers });
      await page.close();
      samples[workers].push(milliseconds);
      // More workers must not find anything else.
      levels ??= JSON.stringify(found);
      if (JSON.stringify(found) !== levels) throw new Error(`${workers} workers found other levels than ${WORKERS[0]}`);
    }
  }
  await context.close();
  server.close();
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const of = (workers) => ({ milliseconds: summary(samples[workers]), faster: ratio(samples[1], samples[workers]) });
  return { reports: texts.length, characters, workers: Object.fromEntries(WORKERS.map((workers) => [workers, of(workers)])) };
}

/** In the page: time from asking a loaded element until all are assessed, and what was found. */
async function assessAll({ texts, workers }) {
  await import(new URL('sales-mirror.js', location.href).href);
  const element = document.createElement('sales-mirror');
  element.setAttribute('mode', 'headless');
  element.setAttribute('workers', workers);
  document.body.append(element);
  await element.load();
  const begin = performance.now();
  const assessments = await element.assessAll(texts);
  const milliseconds = performance.now() - begin;
  const found = assessments.map((assessment) => {
    if (!assessment.competencies) throw new Error(`a report was not assessed: ${JSON.stringify(assessment)}`);
    return assessment.competencies.map(({ level }) => level);
  });
  return { milliseconds, found };
}

export function show({ reports, characters, workers }) {
  const seconds = (value) => `${(value / 1e3).toFixed(2)} s`;
  return [
    `${reports} reports, ${characters} characters in all, asked of a loaded element; what a second worker needs to start is in its time`,
    table(
      ['workers', 'median', 'min', 'spread', 'reports / s', 'times as fast as 1', 'spread'],
      Object.entries(workers).map(([count, { milliseconds: t, faster }]) => [
        count, seconds(t.median), seconds(t.min), percent(t.spread), ((1e3 * reports) / t.median).toFixed(1), times(faster.median), percent(faster.spread),
      ]),
    ),
  ].join('\n');
}

export const claims = ({ reports, workers }) => [
  { claim: `${reports} reports, times as fast with 2 workers`, wanted: '>=', bound: 1.8, measured: workers[2].faster.median },
];
