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
