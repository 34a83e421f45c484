/**
 * Writing on in a report of some 1,000 words: time from what ends a sentence in its middle half until the levels are
 * new, and whether the page hung meanwhile. Asked twice: of the element's method, which is what the engine takes, and
 * through the text area, where the element itself decides when to assess (if it does so while a person writes).
 */
import { ms, percent, summary, table } from '../numbers.mjs';
import { openPage } from '../session/browser.mjs';
import { countWords, longReport, readReports, sentencesOf } from '../session/reports.mjs';
import { serveProduct } from '../session/site.mjs';

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
    const ways = { method: [], keyboard: [] };
    const live = await page.evaluate(() => 'live' in document.querySelector('sales-mirror'));
    for (let i = 0; i < edits; i++) {
      const [first, second] = [2 * i, 2 * i + 1];
      ways.method.push(await page.evaluate(assessWith, { text, place: places[first], added: sentences[first] + end }));
      if (live) ways.keyboard.push(await typed(page, { text, place: places[second], sentence: sentences[second], end }));
    }
    const tasks = await page.evaluate(() => window.longTasks.filter(({ at }) => window.periods.some(([from, to]) => at >= from && at <= to)).map(({ duration }) => duration));
    await context.close();
    languages[language] = {
      words: countWords(text),
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
  await page.waitForTimeout(200);
  await page.evaluate((from) => {
    window.listening = false;
    window.periods.push([from, performance.now()]);
  }, from);
  return milliseconds;
}

export function show({ languages }) {
  const row = (language, way, m) => [`${LANGUAGES[language].name}, ${way}`, ms(m.median), ms(m.min), ms(m.max), percent(m.spread)];
  const rows = Object.entries(languages).flatMap(([language, { method, keyboard }]) => [
    row(language, 'assess()', method),
    ...(keyboard ? [row(language, 'text area', keyboard)] : []),
  ]);
  const tasks = Object.entries(languages).map(
    ([language, { words, longTasks }]) => `${LANGUAGES[language].name}: ${words} words; ${longTasks.count} tasks of the main thread over 50 ms, the longest ${ms(longTasks.longest)}`,
  );
  return ['From what ends a sentence to new levels', table(['', 'median', 'min', 'max', 'spread'], rows), '', ...tasks].join('\n');
}

export const claims = ({ languages }) =>
  Object.entries(languages).flatMap(([language, { method, keyboard, longTasks }]) => [
    { claim: `typing, ms to new levels, ${LANGUAGES[language].name}, assess()`, wanted: '<=', bound: 150, measured: method.median },
    ...(keyboard ? [{ claim: `typing, ms to new levels, ${LANGUAGES[language].name}, text area`, wanted: '<=', bound: 150, measured: keyboard.median }] : []),
    { claim: `typing, longest task of the main thread, ms, ${LANGUAGES[language].name}`, wanted: '<=', bound: 50, measured: longTasks.longest },
  ]);
