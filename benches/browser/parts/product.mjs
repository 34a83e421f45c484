/**
 * The whole product, from navigation to the first score: the widget's page against a page that does the same with
 * transformers.js, on the same encoder in int8 with its tokenizer. Cold is a browser context that has never seen the
 * page; warm is its second visit in that context. Such contexts are private ones, in which the browser keeps no compiled
 * wasm: a visitor's second visit is quicker. Both are served alike, through a line that counts what comes down it.
 */
import { readFileSync } from 'node:fs';
import { megabytes, percent, ratio, summary, table, times } from '../numbers.mjs';
import { assembleRival } from '../rival/assemble.mjs';
import { openPage, watchMemory } from '../session/browser.mjs';
import { FAST, Line, SLOW } from '../session/line.mjs';
import { readReports } from '../session/reports.mjs';
import { EMPTY, serveProduct } from '../session/site.mjs';

const OURS = 'SalesMirror';
const RIVAL = 'transformers.js';
const LEAN = 'transformers.js, lean runtime';
const LINES = { localhost: FAST, '10 Mbit/s': SLOW };

/** Milliseconds for what a page still does after its first score: what it fetches for the next visit counts, too. */
const SETTLE = 2_000;

/** In the widget's page: asks for an assessment as soon as there is an element to ask. */
function assessAtOnce(text) {
  addEventListener('DOMContentLoaded', async () => {
    const element = document.querySelector('sales-mirror');
    await customElements.whenDefined('sales-mirror');
    const { competencies } = await element.assess(text);
    await element.updateComplete;
    window.first = { at: performance.now(), scores: competencies.length };
  });
}

/** In the rival's page: the same. */
function scoreAtOnce(text) {
  addEventListener('rival-ready', async () => {
    const scores = await window.score(text);
    window.first = { at: performance.now(), scores: scores.length };
  });
}

export async function run({ browser, quick, work, dist, reports, progress }) {
  const text = typicalText(readReports(reports));
  const servers = { widget: await serveProduct(dist), rival: await serveProduct(assembleRival(work, progress), { strict: false }) };
  const lines = { widget: await Line.open(servers.widget.port), rival: await Line.open(servers.rival.port) };
  const products = {
    [OURS]: { line: lines.widget, path: '', before: assessAtOnce },
    [RIVAL]: { line: lines.rival, path: '', before: scoreAtOnce },
    [LEAN]: { line: lines.rival, path: '?lean', before: scoreAtOnce },
  };
  const visits = { localhost: quick ? 2 : 9, '10 Mbit/s': quick ? 1 : 3 };
  const found = { characters: text.length, lines: {}, memory: {} };
  for (const [name, profile] of Object.entries(LINES)) {
    const samples = Object.fromEntries(Object.keys(products).map((product) => [product, []]));
    for (let i = 0; i < visits[name]; i++) {
      for (const [product, how] of Object.entries(products)) {
        progress(`product: ${product}, ${name}, visit ${i + 1} of ${visits[name]}`);
        samples[product].push(await visit(browser, how, profile, text));
      }
    }
    found.lines[name] = Object.fromEntries(Object.keys(products).map((product) => [product, compare(samples[product], samples[OURS])]));
  }
  // Watching takes time of its own, so these visits are not the ones that are timed.
  const empty = { line: lines.widget, path: EMPTY, before: () => (window.first = { at: 0 }) };
  for (const [product, how] of Object.entries({ ...products, 'an empty page': empty })) {
    const samples = [];
    for (let i = 0; i < (quick ? 1 : 3); i++) samples.push((await visit(browser, how, FAST, text, { memory: true })).memory);
    found.memory[product] = summary(samples);
  }
  for (const part of [...Object.values(lines), ...Object.values(servers)]) part.close();
  found.model = modelSize(dist);
  return found;
}

/** An English report that the encoder takes in one piece. */
function typicalText(reports) {
  const { text } = reports.find((report) => report.lang === 'en' && report.text.length > 1000 && report.text.length < 1200);
  return text;
}

/** Visits a page twice in a context of its own: seconds to the first score and bytes that came, cold and warm. */
async function visit(browser, { line, path, before }, profile, text, { memory = false } = {}) {
  const context = await browser.newContext();
  const measured = {};
  for (const times of ['cold', 'warm']) {
    line.reset(profile);
    const watch = memory && times === 'cold' ? await watchMemory(browser) : undefined;
    const page = await openPage(context, `${line.url}${path}`, { before, argument: text });
    const scored = page.waitForFunction(() => window.first, undefined, { timeout: 180_000, polling: 100 });
    await Promise.race([scored, page.broken]);
    const first = await page.evaluate(() => window.first);
    const bytesToFirst = line.bytes;
    if (watch) measured.memory = await watch.stop();
    // On a slow line, a page may still be bringing what it wants for the next visit.
    for (let before = -1; before !== line.bytes; ) {
      before = line.bytes;
      await page.waitForTimeout(SETTLE);
    }
    measured[times] = { milliseconds: first.at, bytesToFirst, bytes: line.bytes };
    await page.close();
  }
  await context.close();
  return measured;
}

function compare(samples, ours) {
  const pick = (visits, when, what) => visits.map((visit) => visit[when][what]);
  const of = (when) => ({
    milliseconds: summary(pick(samples, when, 'milliseconds')),
    toOurs: ratio(pick(samples, when, 'milliseconds'), pick(ours, when, 'milliseconds')),
    bytesToFirst: summary(pick(samples, when, 'bytesToFirst')),
    bytes: summary(pick(samples, when, 'bytes')),
  });
  const { cold, warm } = { cold: of('cold'), warm: of('warm') };
  return { cold: { ...cold, bytesToOurs: ratio(pick(samples, 'cold', 'bytes'), pick(ours, 'cold', 'bytes')) }, warm };
}

function modelSize(dist) {
  const { files } = JSON.parse(readFileSync(`${dist}/models/default/manifest.json`));
  return files.reduce((sum, { size }) => sum + size, 0);
}

export function show({ lines, memory, characters }) {
  const seconds = (value) => `${(value / 1e3).toFixed(2)} s`;
  const parts = [
    `From navigation to the first score of a report of ${characters} characters, in seconds; ratio: by the time of ours.`,
    'The lean runtime is the half as large one that transformers.js takes in old Safaris; Chromium gets the other unless a page asks for this one.',
    "The rival's heads are one linear layer that means nothing; bytes are all that came, headers and the next visit's files included.",
  ];
  for (const [name, products] of Object.entries(lines)) {
    parts.push(
      `\n${name}`,
      table(
        ['', 'cold', 'min', 'spread', 'ratio', 'to first score', 'in all', 'warm', 'min', 'spread', 'ratio', 'in all'],
        Object.entries(products).map(([product, { cold, warm }]) => [
          product,
          seconds(cold.milliseconds.median), seconds(cold.milliseconds.min), percent(cold.milliseconds.spread), times(cold.toOurs.median),
          megabytes(cold.bytesToFirst.median), megabytes(cold.bytes.median),
          seconds(warm.milliseconds.median), seconds(warm.milliseconds.min), percent(warm.milliseconds.spread), times(warm.toOurs.median),
          megabytes(warm.bytes.median),
        ]),
      ),
    );
  }
  parts.push(
    "\nPeak memory of the tab to the first score, cold: anonymous and shared memory of the tab's process (RssAnon + RssShmem), every 5 ms",
    table(['', 'peak', 'min', 'max'], Object.entries(memory).map(([product, m]) => [product, megabytes(m.median), megabytes(m.min), megabytes(m.max)])),
  );
  return parts.join('\n');
}

export function claims({ lines, memory, model }) {
  const compared = [RIVAL, LEAN].flatMap((rival) => [
    ...Object.entries(lines).map(([name, products]) => ({
      claim: `cold to the first score by that of ${rival}, ${name}`,
      wanted: '<=',
      bound: 1 / 3,
      measured: 1 / products[rival].cold.toOurs.median,
    })),
    { claim: `transfer by that of ${rival}`, wanted: '<=', bound: 1 / 2, measured: 1 / lines.localhost[rival].cold.bytesToOurs.median },
  ]);
  const memoryBound = (3 * model) / 1e6 + 60;
  return [
    ...compared,
    { claim: 'peak memory of the tab, MB (3 times the model file + 60 MB)', wanted: '<=', bound: memoryBound, measured: memory[OURS].median / 1e6 },
  ];
}
