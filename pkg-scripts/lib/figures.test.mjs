// Tests that the documents for compliance have the figures of the model that ships, and how these are read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documents, figures, htmlTable, markdownTable, refreshed } from './figures.mjs';

for (const { path, language } of documents()) {
  test(`${path.slice(path.indexOf('docs/'))} has the figures of the evaluation`, () => {
    const document = readFileSync(path, 'utf8');
    assert.equal(document, refreshed(document, language), 'run node pkg-scripts/lib/figures.mjs');
    const opened = document.match(/<!-- figures:/g)?.length ?? 0;
    assert.equal(document.match(/<!-- \/figures -->/g)?.length ?? 0, opened, 'a table has no end');
  });
}

test('a figure that was changed by hand is put right', () => {
  const document = `a\n<!-- figures:by-language -->\n${figures('by-language', 'en')}\n<!-- /figures -->\nb\n`;
  assert.equal(refreshed(document, 'en'), document);
  assert.equal(refreshed(document.replace('English | 1070', 'English | 9999'), 'en'), document);
});

test('both languages have the same documents', () => {
  const names = (wanted) => documents().filter(({ language }) => language === wanted).map(({ path }) => path.split('/').at(-1));
  assert.deepEqual(names('zh'), names('en'));
});

test('tables are read by caption or heading, and one that is missing is named', () => {
  const html = '<table><caption>C</caption><thead><tr><th></th><th>kappa</th></tr></thead><tbody><tr><th scope="row">en</th><td>0.5 <small>0.4 to 0.6</small></td></tr></tbody></table>';
  assert.equal(htmlTable(html, 'C')[0].get('kappa'), '0.5 <small>0.4 to 0.6</small>');
  assert.throws(() => htmlTable(html, 'D'), /no table "D"/);
  const card = 'x\n\n| | this model |\n|---|---:|\n| bias | 0.1 |\n\n| other | y |\n|---|---|\n| z | 1 |\n';
  assert.deepEqual(markdownTable(card, 'this model').map((row) => [row.get('slice'), row.get('this model')]), [['bias', '0.1']]);
  assert.throws(() => markdownTable(card, 'nothing'), /no table with the heading "nothing"/);
});

test('an unknown table is an error that names those there are', () => {
  assert.throws(() => figures('by-moon', 'en'), /there are no figures by-moon; there are swaps, additions, model/);
});

test('the figures of accuracy in the README are those of the model card', () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const card = read('www/models/default/README.md');
  const bySource = new Map(markdownTable(card, 'kappa').map((row) => [row.get('slice'), row]));
  const newWriters = new Map(markdownTable(card, 'all 72').map((row) => [row.get('slice'), row.get('all 72')]));
  const unseen = new Map(markdownTable(card, 'this model').map((row) => [row.get('slice'), row.get('this model')]));
  // The card has intervals in brackets and an ASCII minus; the README has neither.
  const rounded = (cell) => Number(cell.split(' ')[0]).toFixed(2).replace('-', '−');
  const percent = (cell) => `${Math.round(100 * Number(cell.split(' ')[0]))} %`;
  const row = (own, ofUnseen, write) => [...['specified reports', 'lifelike texts'].map((source) => write(bySource.get(source).get(own))), write(newWriters.get(own)), ofUnseen];
  const wanted = [
    row('kappa', rounded(unseen.get('kappa of levels')), rounded),
    row('bias', rounded(unseen.get('bias of levels')), rounded),
    row('presence F1', rounded(unseen.get('presence F1 (a refused account shows nothing)')), rounded),
    row('in interval', unseen.get('in interval').match(/^\d+ %/)[0], percent),
  ];
  const readme = read('README.md');
  assert.deepEqual(markdownTable(readme, 'invented reports').map((cells) => [...cells.values()].slice(1)), wanted);
  for (const refused of ['accounts refused', 'others refused']) assert.ok(readme.includes(unseen.get(refused).match(/^\d+ %/)[0]), refused);
});
