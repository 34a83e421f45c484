/** Reads .xlsx workbooks with read-excel-file: the sheet that has a column for the text, or else the first with anything in it. */
import { strFromU8 } from 'fflate';
import readWorkbook from 'read-excel-file/universal';
import { LIMITS, withinLimit } from './limits';
import type { Cells, Choices, Reading } from './reading';
import { hasTextColumn, readCells } from './table';
import { parseXml } from './xml';
import { stored, unzip, type Parts } from './zip';

const SHEET = /^xl\/worksheets\//;

export async function readSpreadsheet(bytes: Uint8Array, name: string, choices: Choices): Promise<Reading> {
  const parts = unzip(bytes, /\.(xml|rels)$/);
  measure(parts);
  // The library would unpack large parts in workers made of a blob, which the Content-Security-Policy forbids.
  const sheets = (await readWorkbook(stored(parts)))
    .map(({ data }): Cells => data.map((row) => row.map((cell) => written(cell))))
    .filter((cells) => cells.some((row) => row.some(Boolean)));
  const cells = sheets.find(hasTextColumn) ?? sheets[0] ?? [];
  const reading: Reading = choices.cells
    ? { texts: [], notes: [], questions: [], cells }
    : readCells(cells, name, choices, undefined);
  if (sheets.length < 2) return reading;
  return { ...reading, notes: [...reading.notes, { code: 'sheets_left_out', count: sheets.length - 1 }] };
}

/** Throws a LimitExceeded if a sheet is too large: the library fills every gap before the last row and column. */
function measure(parts: Parts): void {
  let cells = 0;
  for (const [part, content] of parts) {
    if (!SHEET.test(part)) {
      parseXml(strFromU8(content), {});
      continue;
    }
    let rows = 0;
    let columns = 0;
    parseXml(strFromU8(content), {
      open: (element, attributes) => {
        if (!/^(\w+:)?(row|c)$/.test(element)) return;
        const { r: place = '' } = attributes();
        rows = Math.max(rows + (element.endsWith('row') ? 1 : 0), rowOf(place));
        columns = Math.max(columns, columnOf(place));
        withinLimit('rows', rows);
        withinLimit('columns', columns);
      },
    });
    cells += rows * columns;
    withinLimit('cells', cells);
  }
}

/** The number of the row in a place such as "B12" or "12". */
const rowOf = (place: string) => Number(/\d+$/.exec(place)?.[0] ?? 0);

/** The number of the column in a place such as "B12"; anything longer than three letters is beyond every limit. */
function columnOf(place: string): number {
  const letters = /^[A-Za-z]*/.exec(place)?.[0] ?? '';
  if (letters.length > 3) return LIMITS.columns + 1;
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0);
}

/** A cell as text; dates come as midnight UTC of their day. */
function written(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : '';
}
