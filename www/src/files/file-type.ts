/** Recognises what a file is by its content; its name decides only where the content is plain text. */
import { unzipSync } from 'fflate';
import { Trouble, type TroubleCode } from '../failure/trouble';
import { isBinary } from './encoding';
import { LimitExceeded, withinLimit } from './limits';

/** What a reader is there for. */
export type FileType = 'text' | 'table' | 'captions' | 'mail' | 'outlook' | 'docx' | 'odt' | 'xlsx' | 'pdf';

/** Plain text by the end of its name. */
const TEXT: Readonly<Record<string, FileType>> = {
  txt: 'text',
  md: 'text',
  markdown: 'text',
  csv: 'table',
  tsv: 'table',
  vtt: 'captions',
  srt: 'captions',
  eml: 'mail',
};

/** Ends of the names of files that are known by their content. */
const BINARY: Readonly<Record<string, FileType>> = {
  docx: 'docx',
  docm: 'docx',
  odt: 'odt',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  pdf: 'pdf',
  msg: 'outlook',
};

/** Documents that another program has to save first, by the ends of their names. */
const TO_SAVE: Readonly<Record<string, TroubleCode>> = {
  doc: 'save_as_docx',
  wps: 'save_as_docx',
  pages: 'save_as_docx',
  rtf: 'save_as_docx',
  xls: 'save_as_xlsx',
  et: 'save_as_xlsx',
  ods: 'save_as_xlsx',
  numbers: 'save_as_xlsx',
};

export interface Recognised {
  readonly type: FileType;
  /** The end of the name, if it promises something else. */
  readonly renamed?: string;
}

const extensionOf = (name: string) => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** Recognises a file. Throws a Trouble if there is no reader for it. */
export function recognise(bytes: Uint8Array, name: string): Recognised {
  if (bytes.length === 0) throw new Trouble('file_empty', 'no bytes', name);
  const extension = extensionOf(name);
  const found = byContent(bytes, name);
  if (found) {
    const promised = BINARY[extension] ?? TEXT[extension] ?? extension;
    return promised === found ? { type: found } : { type: found, renamed: extension };
  }
  if (extension in BINARY) throw new Trouble('file_unreadable', `not a .${extension} file`, name);
  const toSave = TO_SAVE[extension];
  if (toSave) throw new Trouble(toSave, `no reader for .${extension}`, name);
  const type = TEXT[extension];
  if (!type) throw new Trouble('file_unknown', `no reader for .${extension}`, name);
  if (isBinary(bytes)) throw new Trouble('file_binary', `a .${extension} file without text`, name);
  return { type };
}

/** The type that the first bytes and the table of contents show; undefined for plain text. Throws a Trouble if there is no reader for it. */
function byContent(bytes: Uint8Array, name: string): FileType | undefined {
  if (begins(bytes, '%PDF')) return 'pdf';
  if (begins(bytes, 'PK\u0003\u0004')) return inZip(bytes, name);
  if (begins(bytes, '\u00d0\u00cf\u0011\u00e0')) return inCompoundFile(bytes, name);
  if (begins(bytes, '{\\rtf')) throw new Trouble('save_as_docx', 'rich text', name);
  if (isPicture(bytes)) throw new Trouble('file_picture', 'a picture', name);
  if (PROGRAMS.some((start) => begins(bytes, start))) throw new Trouble('file_binary', 'a program', name);
  return undefined;
}

/** PNG, JPEG, GIF, TIFF in both byte orders, Photoshop, icons. */
const PICTURES = ['\u0089PNG', '\u00ff\u00d8\u00ff', 'GIF8', 'II*\0', 'MM\0*', '8BPS', '\0\0\u0001\0'];
/** Containers that begin with a size: WebP; HEIC and AVIF. */
const CONTAINED = /^(RIFF[^]{4}WEBP|[^]{4}ftyp(heic|heix|hevc|mif1|msf1|avif))/;
/** Bitmaps of Windows, whose headers are one of these sizes in bytes. */
const BITMAP = /^BM[^]{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}/;
/** Programs of Windows Linux and macOS, and compiled Java. */
const PROGRAMS = ['MZ\u0090\0', '\u007fELF', '\u00cf\u00fa\u00ed\u00fe', '\u00ca\u00fe\u00ba\u00be'];

function isPicture(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 18));
  return PICTURES.some((start) => head.startsWith(start)) || CONTAINED.test(head) || BITMAP.test(head);
}

function begins(bytes: Uint8Array, start: string): boolean {
  return Array.from(start).every((character, i) => bytes[i] === character.charCodeAt(0));
}

function inZip(bytes: Uint8Array, name: string): FileType {
  const entries: string[] = [];
  let mimetype = '';
  try {
    const read = unzipSync(bytes, {
      filter: (entry) => {
        entries.push(entry.name);
        withinLimit('entries', entries.length);
        return entry.name === 'mimetype' && entry.originalSize < 200;
      },
    });
    mimetype = new TextDecoder().decode(read.mimetype);
  } catch (error) {
    if (error instanceof LimitExceeded) throw new LimitExceeded(error.limit, name);
    throw new Trouble('file_unreadable', String(error), name);
  }
  const has = (start: string) => entries.some((entry) => entry.startsWith(start));
  if (has('word/document')) return 'docx';
  if (has('xl/workbook.xml')) return 'xlsx';
  if (has('xl/workbook')) throw new Trouble('save_as_xlsx', 'a binary workbook', name);
  if (mimetype.endsWith('opendocument.text')) return 'odt';
  if (mimetype.includes('opendocument.spreadsheet'))
    throw new Trouble('save_as_xlsx', 'an OpenDocument spreadsheet', name);
  if (has('Index/') || has('Index.zip')) {
    throw new Trouble(TO_SAVE[extensionOf(name)] ?? 'save_as_docx', 'an iWork document', name);
  }
  throw new Trouble('file_unknown', 'a zip archive of another kind', name);
}

/**
 * Older Office documents, Outlook messages and protected new ones share a container, whose directory has names in
 * UTF-16. The names tell them apart.
 */
function inCompoundFile(bytes: Uint8Array, name: string): FileType {
  const directory = new TextDecoder('utf-16le').decode(bytes.subarray(0, bytes.length & ~1));
  const has = (entry: string) => directory.includes(entry);
  if (has('EncryptedPackage')) throw new Trouble('file_protected', 'encrypted', name);
  if (has('__properties_version1.0')) return 'outlook';
  if (has('Workbook\0') || has('Book\0')) throw new Trouble('save_as_xlsx', 'an old workbook', name);
  if (has('WordDocument') || has('WpsContent')) throw new Trouble('save_as_docx', 'an old document', name);
  throw new Trouble('file_unknown', 'a compound file of another kind', name);
}
