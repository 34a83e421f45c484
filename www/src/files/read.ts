/** Reads files into reports. Text files are read here; document-worker.ts, which is loaded only then, reads .docx and .pdf. */
import { csvParseRows } from 'd3-dsv';
import { Trouble } from '../failure/trouble';
import { asKind, isoDay, newId, type Kind, type Report } from '../report/report';
import { ACCEPT } from './accept';
import type { Answer } from './document-worker';

const LARGEST = 20_000_000;

/** The headings of columns with texts, and with their names, kinds and dates. */
const COLUMNS = {
  text: ['text', 'report', 'content', 'note', 'notes', 'answer', '正文', '内容', '报告', '文本', '回答'],
  name: ['name', 'title', 'id', 'subject', '名称', '标题', '编号', '姓名'],
  kind: ['kind', 'doc_type', 'type', '类型'],
  date: ['date', 'day', '日期'],
} as const;

/** The reports in a file: one, or one per row of a .csv that has a column for the text. Rejects with a Trouble. */
export async function readFile(file: File, kind: Kind): Promise<Report[]> {
  const extension = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  if (!ACCEPT.split(',').includes(`.${extension}`))
    throw new Trouble('file_unknown', `no reader for .${extension}`, file.name);
  if (file.size > LARGEST) throw new Trouble('file_too_large', `${file.size} bytes`, file.name);
  const bytes = await file.arrayBuffer();
  const document = extension === 'docx' || extension === 'pdf';
  const text = document ? await readDocument(bytes, extension, file.name) : decode(bytes);
  const reports = extension === 'csv' ? rows(text, file.name, kind) : null;
  const found = reports ?? [{ id: newId(), name: file.name, kind, text: text.trim(), date: isoDay() }];
  if (!found.some((report) => report.text)) throw new Trouble('file_empty', 'no text', file.name);
  return found.filter((report) => report.text);
}

/** Decodes a text file: UTF-16 if it has a byte order mark, else UTF-8 if it is valid, else GB 18030, which Chinese Windows writes. */
export function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The reports of a table; null if no column has the heading of a text. */
export function rows(csv: string, name: string, kind: Kind): Report[] | null {
  const [head, ...body] = csvParseRows(csv);
  const column = (names: readonly string[]) =>
    head?.findIndex((cell) => names.includes(cell.trim().toLowerCase())) ?? -1;
  const at = {
    text: column(COLUMNS.text),
    name: column(COLUMNS.name),
    kind: column(COLUMNS.kind),
    date: column(COLUMNS.date),
  };
  if (at.text < 0) return null;
  return body.map((cells, i) => {
    const date = cells[at.date]?.trim() ?? '';
    return {
      id: newId(),
      name: cells[at.name]?.trim() || `${name} ${i + 1}`,
      kind: at.kind < 0 ? kind : asKind(cells[at.kind]?.trim()),
      text: cells[at.text]?.trim() ?? '',
      date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : isoDay(),
    };
  });
}

async function readDocument(bytes: ArrayBuffer, extension: 'docx' | 'pdf', name: string): Promise<string> {
  const worker = new Worker(new URL('./document-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        if ('text' in data) resolve(data.text.trim());
        else reject(new Trouble(data.code, data.message, name));
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Trouble('reader_missing', event.message || 'the worker did not start', name));
      });
      worker.postMessage({ bytes, extension }, [bytes]);
    });
  } finally {
    worker.terminate();
  }
}
