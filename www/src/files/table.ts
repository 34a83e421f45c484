/** Reads tables, one text a row: finds the separator, the headings and the columns, and counts what is left out. */
import { dsvFormat } from 'd3-dsv';
import { Trouble } from '../failure/trouble';
import { asKind, type Kind } from '../report/report';
import { TEAM_COLUMNS } from '../report/team-columns';
import { orderOf, readDate } from './dates';
import { findColumn, HEADING_WITHIN } from './headings';
import { withinLimit } from './limits';
import {
  isOpen,
  preview,
  type Cells,
  type Choices,
  type DateOrder,
  type FoundText,
  type Note,
  type Question,
  type Reading,
} from './reading';
import { decodeText } from './text-file';

const SEPARATORS = [',', ';', '\t', '|'];

/** Characters and rows in which a separator is looked for. */
const HEAD_LENGTH = 50_000;
const HEAD = 50;

/** The value of the question for the column if the whole file is one text. */
export const WHOLE = -1;

/** Reads a .csv or .tsv file. Throws a Trouble if it is too large, or the table that the team view writes. */
export function readDelimited(bytes: Uint8Array, name: string, choices: Choices): Reading {
  const { text, notes, questions } = decodeText(bytes, choices);
  if (isOpen(questions)) return { texts: [], notes, questions };
  const cells = parse(text);
  if (choices.cells) return { texts: [], notes, questions, cells };
  const reading = readCells(cells, name, choices, text);
  return {
    texts: reading.texts,
    notes: [...notes, ...reading.notes],
    questions: [...questions, ...reading.questions],
  };
}

/** Splits a table into cells; a first line such as "sep=;" names the separator. */
export function parse(text: string): Cells {
  const named = /^"?sep=(.)"?\r?\n/.exec(text);
  if (named) return parseRows(named[1] ?? ',', text.slice(named[0].length));
  const head = text.slice(0, HEAD_LENGTH);
  const found = SEPARATORS.map((separator) => ({
    separator,
    regular: regularity(dsvFormat(separator).parseRows(head)),
  })).reduce((best, other) => (other.regular > best.regular ? other : best));
  return parseRows(found.separator, text);
}

/** Throws a LimitExceeded as soon as there are too many rows or columns. */
function parseRows(separator: string, text: string): Cells {
  let rows = 0;
  return dsvFormat(separator).parseRows(text, (row) => {
    withinLimit('rows', ++rows);
    withinLimit('columns', widthOf(row));
    return row;
  });
}

/** The number of columns up to the last cell that is not empty. */
const widthOf = (row: readonly string[]) => row.findLastIndex((cell) => cell.trim()) + 1;

/** How much a separator makes a table of a text: the share of rows with the most frequent width, if that is above one. */
function regularity(table: Cells): number {
  const head = table.slice(0, HEAD).filter((row) => row.some((cell) => cell.trim()));
  const widths = new Map<number, number>();
  for (const { length } of head) widths.set(length, (widths.get(length) ?? 0) + 1);
  const [width = 1, rows = 0] = [...widths].sort((a, b) => b[1] - a[1])[0] ?? [];
  return width > 1 ? rows / head.length : 0;
}

/**
 * The texts of a table, with what the person may decide: the column of the text, and the order of day and month.
 * @param whole the whole file as a text; undefined if it makes no sense as one
 */
export function readCells(cells: Cells, name: string, choices: Choices, whole: string | undefined): Reading {
  const rows = cells.filter((row) => row.some((cell) => cell.trim()));
  const head = rows.slice(0, HEADING_WITHIN).findIndex((row) => findColumn(row, 'text') !== undefined);
  const heading = rows[Math.max(head, 0)] ?? [];
  // Earlier versions saved fewer columns.
  if (heading.includes('interval_high') && heading.every((cell, i) => cell === TEAM_COLUMNS[i]))
    throw new Trouble('file_team_table', 'the table of the team view', name);
  const width = rows.reduce((widest, row) => Math.max(widest, widthOf(row)), 0);
  const known = findColumn(heading, 'text');
  if (width < 2 && known === undefined) {
    const all = whole ?? rows.flat().join('\n');
    return { texts: all ? [{ name, text: all }] : [], notes: [], questions: [] };
  }
  const column = choices.column ?? known;
  const questions: Question[] = [];
  if (width > 1) questions.push(columnQuestion(rows, heading, width, column, whole !== undefined));
  if (column === undefined) return { texts: [], notes: [], questions };
  if (column === WHOLE) return { texts: [{ name, text: whole ?? '' }], notes: [], questions };
  return readRows(rows.slice(Math.max(head, 0) + 1), heading, column, name, choices, questions);
}

function readRows(
  body: Cells,
  heading: readonly string[],
  column: number,
  name: string,
  choices: Choices,
  questions: readonly Question[],
): Reading {
  const others = heading.map((cell, i) => (i === column ? '' : cell));
  const at = {
    name: findColumn(others, 'name'),
    kind: findColumn(others, 'kind'),
    date: findColumn(others, 'date'),
  };
  const cell = (row: readonly string[], of: number | undefined) =>
    of === undefined ? '' : (row[of]?.trim() ?? '');
  const filled = body.filter((row) => cell(row, column));
  withinLimit('reports', filled.length);
  const dates = filled.map((row) => cell(row, at.date));
  const order = orderOf(dates);
  const chosen = choices.dates ?? (order === 'open' ? undefined : order);
  const asked = order === 'open' ? [...questions, dateQuestion(dates, choices.dates)] : questions;
  const texts = filled.map((row, i): FoundText => {
    const kind: Kind = asKind(cell(row, at.kind));
    return {
      name: cell(row, at.name) || `${name} ${i + 1}`,
      text: cell(row, column),
      kind: at.kind === undefined ? undefined : kind,
      date: readDate(dates[i] ?? '', chosen),
    };
  });
  const notes: Note[] = [{ code: 'rows_read', count: filled.length }];
  if (filled.length < body.length)
    notes.push({ code: 'rows_without_text', count: body.length - filled.length });
  if (at.date === undefined) notes.push({ code: 'dates_missing' });
  else {
    const unread = dates.filter((_, i) => texts[i]?.date === undefined);
    const about = unread.find(Boolean);
    const none = unread.filter((date) => !date).length;
    if (about) notes.push({ code: 'dates_unread', count: unread.length - none, about: preview(about) });
    if (none) notes.push({ code: 'rows_without_date', count: none });
  }
  return { texts: isOpen(asked) ? [] : texts, notes, questions: asked };
}

function columnQuestion(
  rows: Cells,
  heading: readonly string[],
  width: number,
  value: number | undefined,
  whole: boolean,
): Question {
  const columns = Array.from({ length: width }, (_, i) => ({
    value: i,
    label: preview(heading[i] ?? '') || `${i + 1}`,
  }));
  const longest = rows[1]?.reduce((a, b) => (b.length > a.length ? b : a), '') ?? '';
  return {
    ask: 'column',
    value,
    options: whole ? [...columns, { value: WHOLE }] : columns,
    preview: value === undefined ? preview(longest) : '',
  };
}

function dateQuestion(dates: readonly string[], value: DateOrder | undefined): Question {
  const example = dates.find((date) => orderOf([date]) !== undefined) ?? '';
  return {
    ask: 'dates',
    value,
    options: [{ value: 'day-first' }, { value: 'month-first' }],
    preview: preview(example),
  };
}

/** Whether a heading near the top of a table is known to stand over texts. */
export function hasTextColumn(cells: Cells): boolean {
  return cells.slice(0, HEADING_WITHIN).some((row) => findColumn(row, 'text') !== undefined);
}
