/** Puts the pieces of text of a page into lines, in the order in which a person reads them: column by column. */

/** Text as a PDF places it; distances are from the left and upper edge of the page. */
export interface Piece {
  readonly text: string;
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly width: number;
  /** Of the font. */
  readonly height: number;
}

export interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly y: number;
  readonly height: number;
  /** Edges of the column that the line stands in. */
  readonly left: number;
  readonly right: number;
}

/** Stands between the cells of a row. */
const CELLS = ' · ';

/** In heights of the font: how far apart words, and cells of a table, are. */
const WORD_GAP = 0.2;
const CELL_GAP = 2.5;
/** The least width of the gap between two columns, in heights of the font. */
const GUTTER = 0.9;
/** How far a piece runs into the next one, in heights of the font, if they are not one word that is set tightly. */
const OVERLAP = 0.3;
/** The least number of lines in each of two columns. */
const COLUMN_LINES = 3;
/** How full the lines of a column of prose are, at the median; those of a table are mostly short. */
const FILLED = 0.6;

/** A run of pieces on one base line without a wide gap. */
type Run = readonly Piece[];

export function pageLines(pieces: readonly Piece[]): Line[] {
  const rows = asRows(pieces.filter(({ text }) => text.trim()));
  const gutter = findGutter(rows);
  if (gutter === undefined) return rows.map((row) => asLine(row, edges(rows)));
  // Lines across the gutter, such as titles, divide the page; between them, the left column comes first.
  const lines: Line[] = [];
  let left: Run[] = [];
  let right: Run[] = [];
  const flush = () => {
    for (const column of [left, right]) lines.push(...column.map((row) => asLine(row, edges(column))));
    left = [];
    right = [];
  };
  for (const row of rows) {
    if (row.some((piece) => piece.x < gutter && endOf(piece) > gutter)) {
      flush();
      lines.push(asLine(row, edges(rows)));
      continue;
    }
    const before = row.filter((piece) => piece.x < gutter);
    const after = row.filter((piece) => piece.x >= gutter);
    if (before.length) left.push(before);
    if (after.length) right.push(after);
  }
  flush();
  return lines;
}

const endOf = ({ x, width }: Piece) => x + width;

/** Pieces by base line, from top to bottom and left to right. */
function asRows(pieces: readonly Piece[]): Run[] {
  const rows: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => a.y - b.y)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && piece.y - first.y < 0.5 * Math.max(piece.height, first.height)) row.push(piece);
    else rows.push([piece]);
  }
  return rows.map((row) => parted(row.sort((a, b) => a.x - b.x)));
}

/** A row whose pieces do not lie over each other: text that runs into the next column ends before it. */
function parted(row: Run): Run {
  return row.map((piece, i) => {
    const next = row[i + 1];
    if (!next || endOf(piece) - next.x < OVERLAP * piece.height) return piece;
    return { ...piece, width: Math.max(0, next.x - piece.x - GUTTER * piece.height) };
  });
}

/** The middle of the gap between two columns of prose; undefined if there are none. */
function findGutter(rows: readonly Run[]): number | undefined {
  const gaps = rows.flatMap((row) =>
    row.slice(1).flatMap((piece, i) => {
      const before = row[i];
      if (!before || piece.x - endOf(before) < GUTTER * before.height) return [];
      // Where a line ran into the next column, others may end right before it.
      return [(piece.x + endOf(before)) / 2, piece.x];
    }),
  );
  const { left, right } = edges(rows);
  const candidates = [...new Set(gaps.map(Math.floor))].filter(
    (x) => x > left + 0.2 * (right - left) && x < right - 0.2 * (right - left),
  );
  const scored = candidates
    .map((x) => ({ x, lines: rows.filter((row) => isApart(row, x)).length }))
    .sort((a, b) => b.lines - a.lines);
  return scored.map(({ x }) => x).find((x) => isGutter(rows, x));
}

/** Whether a row has pieces on both sides of a gap at x. */
function isApart(row: Run, x: number): boolean {
  return row.some((piece) => endOf(piece) <= x) && row.some((piece) => piece.x >= x) && !crosses(row, x);
}

const crosses = (row: Run, x: number) => row.some((piece) => piece.x < x && endOf(piece) > x);

function isGutter(rows: readonly Run[], x: number): boolean {
  const beside = rows.filter((row) => !crosses(row, x));
  const sides = [
    beside.map((row) => row.filter((piece) => endOf(piece) <= x)),
    beside.map((row) => row.filter((piece) => piece.x >= x)),
  ].map((side) => side.filter((row) => row.length > 0));
  if (beside.length < 0.5 * rows.length) return false;
  return sides.every((side) => {
    if (side.length < COLUMN_LINES) return false;
    const { left, right } = edges(side);
    const widths = side.map((row) => extent(row).right - extent(row).left).sort((a, b) => a - b);
    return (widths[Math.floor(widths.length / 2)] ?? 0) >= FILLED * (right - left);
  });
}

function extent(row: Run): { readonly left: number; readonly right: number } {
  return { left: Math.min(...row.map(({ x }) => x)), right: Math.max(...row.map(endOf)) };
}

function edges(rows: readonly Run[]): { readonly left: number; readonly right: number } {
  const extents = rows.map(extent);
  return {
    left: Math.min(...extents.map(({ left }) => left)),
    right: Math.max(...extents.map(({ right }) => right)),
  };
}

function asLine(row: Run, { left, right }: { readonly left: number; readonly right: number }): Line {
  let text = '';
  let end = row[0]?.x ?? 0;
  for (const piece of row) {
    const gap = (piece.x - end) / piece.height;
    if (text && gap >= CELL_GAP) text = text.trimEnd() + CELLS + piece.text.trimStart();
    else text += (text && gap >= WORD_GAP && !/\s$/.test(text) ? ' ' : '') + piece.text;
    end = endOf(piece);
  }
  const height = Math.max(...row.map((piece) => piece.height));
  return { text: text.trim(), start: row[0]?.x ?? 0, end, y: row[0]?.y ?? 0, height, left, right };
}
