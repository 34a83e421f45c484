/** Reads mails: .eml with postal-mime, Outlook's .msg with cfb. */
import { read as readCompound, type CFB$Container } from 'cfb';
import PostalMime from 'postal-mime';
import { readDate } from './dates';
import { decode, detect } from './encoding';
import { htmlText } from './html';
import { isoDay } from '../report/report';
import type { Note, Reading } from './reading';

export async function readMail(bytes: Uint8Array, name: string): Promise<Reading> {
  const { subject, text, html, date, attachments } = await PostalMime.parse(bytes);
  return asReading(name, {
    subject,
    text: text?.trim() ? text : htmlText(html ?? ''),
    date: readDate(rawDate(bytes) ?? date ?? ''),
    attachments: attachments.length,
  });
}

/** The day in the sender's time zone, which the header has and the library converts to UTC. */
function rawDate(bytes: Uint8Array): string | undefined {
  return /^date:\s*(.+)$/im.exec(decode(bytes.subarray(0, 20_000), 'windows-1252'))?.[1];
}

/** Streams of a message by the tags of their properties, see [MS-OXPROPS]. */
const PROPERTY = {
  subject: '0037',
  body: '1000',
  html: '1013',
} as const;

/** Types of properties: text in UTF-16, text in the code page of the sender, bytes. */
const TYPES = ['001F', '001E', '0102'] as const;

/** PidTagClientSubmitTime and PidTagMessageDeliveryTime, as a FILETIME. */
const TIMES = [0x00390040, 0x0e060040];

export function readOutlook(bytes: Uint8Array, name: string): Reading {
  const message = readCompound(bytes, { type: 'array' });
  const body = stringOf(message, 'body');
  const attachments = new Set(
    message.FullPaths.map((path) => /__attach_version1\.0_[^/]*/.exec(path)?.[0]).filter(Boolean),
  );
  return asReading(name, {
    subject: stringOf(message, 'subject'),
    text: body.trim() ? body : htmlText(stringOf(message, 'html')),
    date: dayOf(message),
    attachments: attachments.size,
  });
}

function streamOf({ FullPaths, FileIndex }: CFB$Container, stream: string): Uint8Array | undefined {
  // Attached messages have streams of the same names in folders of their own.
  const at = FullPaths.findIndex((path) => /^[^/]*\/[^/]*$/.test(path) && path.endsWith(`/${stream}`));
  const content = FileIndex[at]?.content;
  return content && Uint8Array.from(content);
}

function stringOf(message: CFB$Container, property: keyof typeof PROPERTY): string {
  for (const type of TYPES) {
    const bytes = streamOf(message, `__substg1.0_${PROPERTY[property]}${type}`);
    if (bytes) return decode(bytes, type === '001F' ? 'utf-16le' : detect(bytes).encoding);
  }
  return '';
}

/** The day on which a message was sent, here; undefined for a draft. */
function dayOf(message: CFB$Container): string | undefined {
  const properties = streamOf(message, '__properties_version1.0');
  if (!properties) return undefined;
  const view = new DataView(properties.buffer, properties.byteOffset, properties.byteLength);
  for (const time of TIMES) {
    // A header of 32 bytes, then 16 bytes a property: tag, flags, value.
    for (let at = 32; at + 16 <= view.byteLength; at += 16) {
      if (view.getUint32(at, true) !== time) continue;
      // In 100 nanoseconds since 1601.
      const milliseconds = Number(view.getBigUint64(at + 8, true) / 10_000n) - 11_644_473_600_000;
      return isoDay(new Date(milliseconds));
    }
  }
  return undefined;
}

interface Mail {
  readonly subject: string | undefined;
  readonly text: string;
  readonly date: string | undefined;
  readonly attachments: number;
}

function asReading(name: string, { subject, text, date, attachments }: Mail): Reading {
  const notes: Note[] = attachments ? [{ code: 'attachments_left_out', count: attachments }] : [];
  const trimmed = text.replace(/\r\n?/g, '\n').trim();
  const found = { name: subject?.trim() || name, text: trimmed, kind: 'email' as const, date };
  return { texts: trimmed ? [found] : [], notes, questions: [] };
}
