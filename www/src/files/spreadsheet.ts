/** Reads .xlsx workbooks with read-excel-file: the sheet that has a column for the text, or else the first with anything in it. */
import { zipSync } from 'fflate';
import readWorkbook from 'read-excel-file/universal';
import type { Choices, Reading } from './reading';
import { hasTextColumn, readCells, type Cells } from './table';
import { unzip } from './zip';

export async function readSpreadsheet(bytes: Uint8Array, name: string, choices: Choices): Promise<Reading> {
  const sheets = (await readWorkbook(stored(bytes)))
    .map(({ data }): Cells => data.map((row) => row.map((cell) => written(cell))))
    .filter((cells) => cells.some((row) => row.some(Boolean)));
  const cells = sheets.find(hasTextColumn) ?? sheets[0] ?? [];
  const reading = readCells(cells, name, choices, undefined);
  if (sheets.length < 2) return reading;
  return { ...reading, notes: [...reading.notes, { code: 'sheets_left_out', count: sheets.length - 1 }] };
}

/**
 * The same archive without compression. The library would unpack large parts in workers made of a blob, which the
 * Content-Security-Policy forbids.
 */
function stored(bytes: Uint8Array): ArrayBuffer {
  return zipSync(unzip(bytes, /\.(xml|rels)$/), { level: 0 }).slice().buffer;
}

/** A cell as text; dates come as midnight UTC of their day. */
function written(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : '';
}
