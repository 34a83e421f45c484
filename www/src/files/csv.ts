/** The one place where CSV is written: every cell passes through it, so that a spreadsheet runs none as a formula. */
import { csvFormatRows } from 'd3-dsv';

/**
 * After these a spreadsheet may see the beginning of a cell: line breaks, quotes, and separators other than the comma, by
 * which some spreadsheets divide cells whatever the quotes say.
 */
const BEGINS = /[\p{Cc}\u2028\u2029;；|"]/u;
/** These can stand between the beginning of a cell and what is in it. */
const FILLS = /[\s\p{Cf}'“”‘’,]/u;
const FORMULA = /[=+\-@＝＋－＠]/u;

/** A number is no formula, and a spreadsheet has to be able to count with it. */
const NUMBER = /^-\d+(\.\d+)?$/;

/** Keeps a spreadsheet from running a text as a formula, by an apostrophe before what begins like one. */
export function harmless(text: string): string {
  if (NUMBER.test(text)) return text;
  // Spreadsheets remove a tab and a line break at the beginning of a cell, and some take them for a formula.
  let out = /^[\t\r\n]/.test(text) ? "'" : '';
  let beginning = true;
  for (const character of text) {
    if (FORMULA.test(character)) {
      if (beginning) out += "'";
      beginning = false;
    } else if (BEGINS.test(character)) {
      beginning = true;
    } else if (!FILLS.test(character)) {
      beginning = false;
    }
    out += character;
  }
  return out;
}

/**
 * The text from which {@link harmless} made a cell; any other cell as it is. A table that was saved here can so be opened
 * again without an apostrophe before each "-" of a list.
 */
export function unharmed(cell: string): string {
  const text = cell.replace(/'(?=[\t\r\n=+\-@＝＋－＠])/gu, '');
  return text !== cell && harmless(text) === cell ? text : cell;
}

/** CSV with a byte order mark, by which spreadsheets recognise UTF-8. The first row has the names of the columns. */
export function asCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${csvFormatRows(rows.map((row) => row.map(harmless)))}\n`;
}
