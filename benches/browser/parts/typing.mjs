/**
 * Writing a report of some 1,000 words: time from what ends a sentence until the levels are new, and whether the page
 * hung meanwhile. The report is typed from its first word to its last, and sentences are put into the middle half of the
 * whole one, where more has to be encoded again: through the text area, where the element itself decides when to assess
 * (if it does so while a person writes), and by the element's method, which is what the engine takes.
 */
import { ms, percent, summary, table } from '../numbers.mjs';
import { openPage } from '../session/browser.mjs';
import { countWords, longReport, readReports, sentencesOf } from '../session/reports.mjs';
import { serveProduct } from '../session/site.mjs';

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

const LANGUAGES = { en: { name: 'English', end: '.' }, zh: { name: 'Chinese', end: '。' } };
const WORDS = 1_000;

export async function run({ browser, quick, dist, reports, progress }) {
  const server = await serveProduct(dist);
  const edits = quick ? 6 : 30;
  const languages = {};
  for (const [language, { end }] of Object.entries(LANGUAGES)) {
    const { text, rest } = longReport(readReports(reports), language, WORDS);
    const sentences = newSentences(rest, end, 2 * edits);
    const places = sentences.map((_, i) => placeInside(text, i / sentences.length));
    progress(`typing: ${LANGUAGES[language].name}, ${countWords(text)} words`);
    const context = await browser.newContext();
    const page = await openPage(context, server.url);
    await page.evaluate(prepare, text);
    const ways = { written: [], method: [], keyboard: [] };
    const live = await page.evaluate(() => 'live' in document.querySelector('sales-mirror'));
    if (live) ways.written = await written(page, quick ? text.slice(0, text.length / 5) : text, end);
    for (let i = 0; i < edits; i++) {
      const [first, second] = [2 * i, 2 * i + 1];
      ways.method.push(await page.evaluate(assessWith, { text, place: places[first], added: sentences[first] + end }));
      if (live) ways.keyboard.push(await typed(page, { text, place: places[second], sentence: sentences[second], end }));
    }
    const tasks = await page.evaluate(() => window.longTasks.filter(({ at }) => window.periods.some(([from, to]) => at >= from && at <= to)).map(({ duration }) => duration));
    await context.close();
    languages[language] = {
      words: countWords(text),
      written: live ? summary(ways.written) : null,
      method: summary(ways.method),
      keyboard: live ? summary(ways.keyboard) : null,
      longTasks: { count: tasks.length, longest: Math.max(0, ...tasks) },
    };
  }
  server.close();
  return { languages };
}

/** Sentences that are not in the text, without their ends. */
function newSentences(texts, end, count) {
  const sentences = texts.flatMap(sentencesOf).filter((sentence) => sentence.endsWith(end) && sentence.length > 20);
  if (sentences.length < count) throw new Error('too few sentences to write');
  return sentences.slice(0, count).map((sentence) => sentence.slice(0, -end.length));
}

/** Where a sentence ends, at a share of the middle half of a text. */
function placeInside(text, share) {
  const from = Math.round(text.length * (0.25 + 0.5 * share));
  const end = /[.。!！?？\n]/g;
  end.lastIndex = from;
  return (end.exec(text)?.index ?? text.length - 1) + 1;
}

/** In the page: loads the element, has it assess the text for the first time, and begins to watch for long tasks. */
async function prepare(text) {
  const element = document.querySelector('sales-mirror');
  await customElements.whenDefined('sales-mirror');
  // The question for a person's own rating would wait for an answer.
  element.setAttribute('self-rating', 'off');
  await element.assess(text);
  await element.updateComplete;
  // What loading and the first result take is not what typing takes.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  window.longTasks = [];
  // From and to when tasks count: while an edit is made and answered, not while the text is put back.
  window.periods = [];
  const keep = ({ startTime, duration }) => window.longTasks.push({ at: startTime, duration });
  new PerformanceObserver((list) => list.getEntries().forEach(keep)).observe({ type: 'longtask' });
}

/** In the page: has a text with one sentence more assessed, by the element's method. */
async function assessWith({ text, place, added }) {
  const element = document.querySelector('sales-mirror');
  const edited = `${text.slice(0, place)} ${added}${text.slice(place)}`;
  const begin = performance.now();
  await element.assess(edited);
  await element.updateComplete;
  const end = performance.now();
  // What is drawn afterwards belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  window.periods.push([begin, performance.now()]);
  return end - begin;
}

/** Milliseconds in which the element comes to rest after an edit. */
const REST = 2_000;

/** Writes a sentence but for its end into the text area, lets the element come to rest, and measures what the end does. */
async function typed(page, { text, place, sentence, end }) {
  const area = page.getByRole('textbox').first();
  await area.fill(text);
  await area.evaluate((node, at) => {
    node.focus();
    node.setSelectionRange(at, at);
  }, place);
  await page.waitForTimeout(REST);
  const from = await page.evaluate(() => performance.now());
  await page.keyboard.insertText(` ${sentence}`);
  await page.waitForTimeout(REST);
  const milliseconds = await ended(page, end);
  await watch(page, from);
  return milliseconds;
}

/** Milliseconds for a word, or for the space or comma after it, of somebody who types fast. */
const PACE = 75;

/** The least text, in UTF-16 code units, that the element assesses while a person writes. */
const LIVE_FROM = 40;

/** Types a text from its first word to its last, without a rest, and measures what each end of a sentence does. */
async function written(page, text, end) {
  const area = page.getByRole('textbox').first();
  await area.fill('');
  await area.focus();
  const from = await page.evaluate(() => performance.now());
  const samples = [];
  let length = 0;
  for (const sentence of text.split(/(?<=[.。]\s*)(?=[^\s.。])/)) {
    const at = sentence.lastIndexOf(end);
    for (const { segment } of words.segment(at < 0 ? sentence : sentence.slice(0, at))) {
      await page.keyboard.insertText(segment);
      await page.waitForTimeout(PACE);
    }
    length += sentence.length;
    if (at < 0) continue;
    if (length > LIVE_FROM) samples.push(await ended(page, end));
    else await page.keyboard.insertText(end);
    await page.keyboard.insertText(sentence.slice(at + end.length));
  }
  await watch(page, from);
  return samples;
}

/** Types what ends a sentence, and returns the milliseconds until the levels are new. */
async function ended(page, end) {
  const measured = page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const element = document.querySelector('sales-mirror');
        let begin;
        addEventListener('input', () => (begin ??= performance.now()), { capture: true, once: true });
        const done = async () => {
          if (begin === undefined) return;
          element.removeEventListener('sales-mirror-assessed', done);
          await element.updateComplete;
          resolve(performance.now() - begin);
        };
        element.addEventListener('sales-mirror-assessed', done);
        setTimeout(reject, 20_000, new Error('no levels came after the sentence had ended'));
        window.listening = true;
      }),
  );
  await page.waitForFunction(() => window.listening);
  await page.keyboard.insertText(end);
  const milliseconds = await measured;
  await page.evaluate(() => (window.listening = false));
  return milliseconds;
}

/** Has tasks count from a time until now, and what is drawn afterwards. */
async function watch(page, from) {
  await page.waitForTimeout(200);
  await page.evaluate((from) => window.periods.push([from, performance.now()]), from);
}

export function show({ languages }) {
  const row = (language, way, m) => [`${LANGUAGES[language].name}, ${way}`, ms(m.median), ms(m.min), ms(m.max), percent(m.spread)];
  const rows = Object.entries(languages).flatMap(([language, { written, method, keyboard }]) => [
    ...(written ? [row(language, 'typed from the first word', written)] : []),
    ...(keyboard ? [row(language, 'put into the middle', keyboard)] : []),
    row(language, 'put into the middle by assess()', method),
  ]);
  const tasks = Object.entries(languages).map(
    ([language, { words, longTasks }]) => `${LANGUAGES[language].name}: ${words} words; ${longTasks.count} tasks of the main thread over 50 ms, the longest ${ms(longTasks.longest)}`,
  );
  return ['From what ends a sentence to new levels', table(['', 'median', 'min', 'max', 'spread'], rows), '', ...tasks].join('\n');
}

export const claims = ({ languages }) =>
  Object.entries(languages).flatMap(([language, { written, method, keyboard, longTasks }]) => [
    ...(written ? [{ claim: `typing, ms to new levels, ${LANGUAGES[language].name}, from the first word`, wanted: '<=', bound: 150, measured: written.median }] : []),
    ...(keyboard ? [{ claim: `typing, ms to new levels, ${LANGUAGES[language].name}, in the middle`, wanted: '<=', bound: 150, measured: keyboard.median }] : []),
    { claim: `typing, ms to new levels, ${LANGUAGES[language].name}, in the middle by assess()`, wanted: '<=', bound: 150, measured: method.median },
    { claim: `typing, longest task of the main thread, ms, ${LANGUAGES[language].name}`, wanted: '<=', bound: 50, measured: longTasks.longest },
  ]);
