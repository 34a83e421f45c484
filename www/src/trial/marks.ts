/**
 * Texts with the marks of raters: which columns of a table hold what, the marks in its rows, and the same texts of several
 * tables and files united. What is wrong with a row is said with its number, and the rest of the table counts all the same.
 */
import type { Rubric } from '../engine/contract';
import type { FileRead } from '../component/events';
import { unharmed } from '../files/csv';
import { findColumn, HEADING_WITHIN } from '../files/headings';
import { LIMITS } from '../files/limits';
import type { Cells } from '../files/reading';

/** The level of each competency by its id; null where the text does not show it, absent where it was not marked. */
export type Marks = Readonly<Record<string, number | null>>;

/** A text, and who marked it how. */
export interface TrialText {
  /** What the same text has in common in all files. */
  readonly key: string;
  /** What the company calls it: an id or the name of a file; empty if it has none. */
  readonly id: string;
  readonly text: string;
  /** As a table says; empty where none does. */
  readonly language: string;
  readonly group: string;
  readonly date: string;
  /** By rater, in the order of the files. */
  readonly raters: ReadonlyMap<string, Marks>;
}

/** What a column can hold, beside the marks of a competency. */
export const ROLES = ['text', 'id', 'rater', 'group', 'language', 'date'] as const;

export type Role = (typeof ROLES)[number];

/** The index of the column that holds something; absent where none does. */
export interface Columns {
  /** Index of the row with the headings. */
  readonly head: number;
  readonly roles: Readonly<Partial<Record<Role, number>>>;
  /** By the id of the competency. */
  readonly marks: Readonly<Partial<Record<string, number>>>;
}

/** A heading as it is compared: without case, spaces and signs. */
const plain = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A part of a name must be at least this long to be recognised by: "growth", "谈判". */
const isTelling = (part: string) => part.length >= (/\p{Script=Han}/u.test(part) ? 2 : 5);

/** Finds the columns by their headings, in English and Chinese; the person may change what is found. */
export function guessColumns(cells: Cells, rubric: Rubric): Columns {
  const guesses = cells.slice(0, HEADING_WITHIN).map((_, head) => guessAt(cells, head, rubric));
  const known = ({ roles, marks }: Columns) => Object.keys(roles).length + Object.keys(marks).length;
  return guesses.reduce((best, other) => (known(other) > known(best) ? other : best), {
    head: 0,
    roles: {},
    marks: {},
  });
}

function guessAt(cells: Cells, head: number, rubric: Rubric): Columns {
  const { competencies } = rubric;
  const headings = cells[head] ?? [];
  /** Whether most of what stands in a column are marks: "客户" may be the customer, and no short form of "客户导向". */
  const holdsMarks = (column: number) => {
    const filled = cells.slice(head + 1).flatMap((row) => row[column]?.trim() || []);
    return 2 * filled.filter((cell) => readMark(cell, rubric) !== undefined).length >= filled.length;
  };
  const left = [...headings];
  const marks: Record<string, number> = {};
  const takeIf = (id: string, test: (heading: string) => boolean) => {
    if (marks[id] !== undefined) return;
    const at = left.findIndex((heading, i) => heading.trim() !== '' && test(plain(heading)) && holdsMarks(i));
    if (at < 0) return;
    marks[id] = at;
    left[at] = '';
  };
  const names = competencies.map(({ id, name }) => ({ id, all: [id, ...Object.values(name)].map(plain) }));
  for (const { id, all } of names) takeIf(id, (heading) => all.includes(heading));
  for (const { id, all } of names)
    takeIf(id, (heading) =>
      all.some(
        (name) =>
          heading.includes(name) ||
          (isTelling(heading) && (name.startsWith(heading) || name.endsWith(heading))),
      ),
    );
  const roles: Partial<Record<Role, number>> = {};
  for (const role of ROLES) {
    const at = findColumn(left, role) ?? (role === 'id' ? findColumn(left, 'name') : undefined);
    if (at === undefined) continue;
    roles[role] = at;
    left[at] = '';
  }
  return { head, roles, marks };
}

/** Whether anything can be taken from a table whose columns are known. */
export const isUsable = ({ roles, marks }: Columns): boolean =>
  (roles.text !== undefined || roles.id !== undefined) &&
  (roles.text !== undefined || Object.keys(marks).length > 0);

/** What can be wrong with a row. */
export const PROBLEM_CODES = [
  'mark_unread',
  'row_without_text',
  'text_unknown',
  'text_differs',
  'marked_twice',
  'nothing_marked',
  'too_many_texts',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  readonly code: ProblemCode;
  readonly file: string;
  /** As a spreadsheet counts rows, from 1. */
  readonly row: number;
  /** What it concerns, quoted from the table. */
  readonly about: string;
  /** Heading of the column. */
  readonly column: string;
}

/** Cells that say that a text does not show a competency. */
const NOT_SHOWN = new Set([
  '-',
  '–',
  '—',
  '/',
  'none',
  'notshown',
  'na',
  'n/a',
  '0',
  '无',
  '未体现',
  '没有',
  '不适用',
]);
/** Cells that say that a rater gave no mark. */
const UNMARKED = new Set(['?', '？']);

/** How the marks that are neither levels nor left out are written. */
export const WRITTEN = { notShown: 'none', unmarked: '?' } as const;

/** A mark: a level, null for "not shown", 'unmarked', or undefined if it cannot be read. */
export function readMark(cell: string, { scale }: Rubric): number | null | 'unmarked' | undefined {
  const written = cell.normalize('NFKC').trim().toLowerCase();
  if (UNMARKED.has(written)) return 'unmarked';
  if (written === '' || NOT_SHOWN.has(written.replaceAll(' ', ''))) return null;
  const level = Number(/^\d+([.,]\d+)?$/.test(written) ? written.replace(',', '.') : NaN);
  return level >= scale.min && level <= scale.max ? level : undefined;
}

/** A row with something in it. */
interface Row {
  readonly file: string;
  readonly row: number;
  readonly id: string;
  readonly text: string;
  readonly rater: string;
  readonly language: string;
  readonly group: string;
  readonly date: string;
  /** Undefined if nothing was marked. */
  readonly marks: Marks | undefined;
}

/** The name of a file without its extension. */
export const stem = (name: string): string => name.replace(/\.[^.]{1,8}$/, '');

function readRows(file: string, cells: Cells, columns: Columns, rubric: Rubric, problems: Problem[]): Row[] {
  const headings = cells[columns.head] ?? [];
  return cells.flatMap((cellsOfRow, i): Row[] => {
    if (i <= columns.head || !cellsOfRow.some((cell) => cell.trim())) return [];
    const row = i + 1;
    const at = (column: number | undefined) =>
      column === undefined ? '' : unharmed(cellsOfRow[column] ?? '').trim();
    const role = (name: Role) => at(columns.roles[name]);
    const marks: Record<string, number | null> = {};
    let marked = false;
    for (const { id } of rubric.competencies) {
      const column = columns.marks[id];
      if (column === undefined) continue;
      const cell = at(column);
      const mark = readMark(cell, rubric);
      if (mark === undefined) {
        problems.push({ code: 'mark_unread', file, row, about: cell, column: headings[column] ?? '' });
        marked = true;
      } else if (mark !== 'unmarked') marks[id] = mark;
      marked ||= cell !== '';
    }
    const rater = role('rater') || stem(file);
    const { group, language, date } = {
      group: role('group'),
      language: role('language'),
      date: role('date'),
    };
    const read = { file, row, id: role('id'), text: role('text'), rater, group, language, date };
    if (!read.id && !read.text) {
      problems.push({ code: 'row_without_text', file, row, about: '', column: '' });
      return [];
    }
    return [{ ...read, marks: marked ? marks : undefined }];
  });
}

/** What two copies of a text have in common: spreadsheets change white space, and apostrophes are put before formulas. */
const keyOf = (text: string) => text.replace(/[\s']+/g, '');

/** An id as it is compared. */
const idOf = (id: string) => stem(id.trim().toLowerCase());

/** A table, and which of its columns hold what. */
export interface MarkedTable {
  readonly file: File;
  readonly cells: Cells;
  readonly columns: Columns;
}

export interface United {
  readonly texts: readonly TrialText[];
  /** In the order of files and rows. */
  readonly problems: readonly Problem[];
}

type Growing = { -readonly [Key in keyof Omit<TrialText, 'raters'>]: TrialText[Key] } & {
  readonly raters: Map<string, Marks>;
};

/** Unites the texts of files and tables: the same text, or the same id, is one text, marked by several raters. */
export function unite(
  documents: readonly FileRead[],
  tables: readonly MarkedTable[],
  rubric: Rubric,
): United {
  const problems: Problem[] = [];
  const texts = new Map<string, Growing>();
  const byId = new Map<string, Growing>();
  const add = (id: string, text: string, rest: Pick<TrialText, 'language' | 'group' | 'date'>) => {
    const key = keyOf(text);
    const known = texts.get(key);
    const found = known ?? { key, id, text, ...rest, raters: new Map<string, Marks>() };
    if (!known && texts.size >= LIMITS.reports) return undefined;
    texts.set(key, found);
    if (id && !byId.has(idOf(id))) byId.set(idOf(id), found);
    found.id ||= id;
    return found;
  };
  for (const { file, reports } of documents) {
    for (const [i, { text, date }] of reports.entries()) {
      const name = reports.length > 1 ? `${stem(file.name)} ${i + 1}` : file.name;
      if (text && !add(name, text, { language: '', group: '', date }))
        problems.push({ code: 'too_many_texts', file: file.name, row: 1, about: '', column: '' });
    }
  }
  const rows = tables.flatMap(({ file, cells, columns }) =>
    readRows(file.name, cells, columns, rubric, problems),
  );
  const complain = (code: ProblemCode, { file, row }: Row, about: string) =>
    problems.push({ code, file, row, about, column: '' });
  // Texts first: a table of marks alone may come before the one with the texts.
  const used = rows.filter((row) => {
    if (!row.text) return true;
    const known = row.id ? byId.get(idOf(row.id)) : undefined;
    if (known && known.key !== keyOf(row.text)) {
      complain('text_differs', row, row.id);
      return false;
    }
    const { language, group, date } = row;
    if (add(row.id, row.text, { language, group, date })) return true;
    complain('too_many_texts', row, row.id);
    return false;
  });
  for (const row of used) {
    const found = row.text ? texts.get(keyOf(row.text)) : byId.get(idOf(row.id));
    if (!found) {
      complain('text_unknown', row, row.id);
      continue;
    }
    found.language ||= row.language;
    found.group ||= row.group;
    found.date ||= row.date;
    if (!row.marks) {
      if (tables.some(({ file, columns }) => file.name === row.file && Object.keys(columns.marks).length > 0))
        complain('nothing_marked', row, row.id);
    } else if (found.raters.has(row.rater)) complain('marked_twice', row, row.rater);
    else found.raters.set(row.rater, row.marks);
  }
  const order = new Map(tables.map(({ file }, i) => [file.name, i]));
  const place = ({ file }: Problem) => order.get(file) ?? -1;
  problems.sort((a, b) => place(a) - place(b) || a.row - b.row);
  return { texts: [...texts.values()], problems };
}

/** Everybody who marked a text, in the order of the texts. */
export const ratersOf = (texts: readonly TrialText[]): string[] => [
  ...new Set(texts.flatMap(({ raters }) => [...raters.keys()])),
];

/**
 * What the raters of a text say together, as in the data that the model has learnt from: a competency is shown if at least half
 * of those who marked it say so, and its level is the mean of theirs. Absent where nobody marked it.
 */
export function together(
  { raters }: Pick<TrialText, 'raters'>,
  competency: string,
): number | null | undefined {
  const marks = [...raters.values()].map((own) => own[competency]).filter((mark) => mark !== undefined);
  if (marks.length === 0) return undefined;
  const levels = marks.filter((mark) => mark !== null);
  if (levels.length === 0 || 2 * levels.length < marks.length) return null;
  return levels.reduce((sum, level) => sum + level, 0) / levels.length;
}
