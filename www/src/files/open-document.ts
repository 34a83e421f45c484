/** Reads the text of .odt documents: paragraphs, headings, lists and tables, without tracked deletions, notes and comments. */
import { strFromU8 } from 'fflate';
import { Parser } from 'saxen';
import { Trouble } from '../failure/trouble';
import type { Note, Reading } from './reading';
import { unzip } from './zip';

/** Elements whose content is not part of the text. */
const LEFT_OUT = new Set(['text:tracked-changes', 'office:annotation', 'text:note-citation']);
const PARAGRAPHS = new Set(['text:p', 'text:h']);

export function readOpenDocument(bytes: Uint8Array, name: string): Reading {
  const parts = unzip(bytes, /^(content|META-INF\/manifest)\.xml$/);
  const manifest = parts['META-INF/manifest.xml'];
  if (manifest && strFromU8(manifest).includes('encryption-data'))
    throw new Trouble('file_protected', 'encrypted', name);
  const content = parts['content.xml'];
  if (!content) throw new Error('no content.xml');
  const { text, changes, comments } = parse(strFromU8(content));
  const notes: Note[] = [];
  if (changes) notes.push({ code: 'changes_accepted', count: changes });
  if (comments) notes.push({ code: 'comments_left_out', count: comments });
  return { texts: text ? [{ name, text }] : [], notes, questions: [] };
}

function parse(xml: string): { readonly text: string; readonly changes: number; readonly comments: number } {
  let text = '';
  let hidden = 0;
  let changes = 0;
  let comments = 0;
  const parser = new Parser();
  parser.on('openTag', (element: string, attributes: () => Record<string, string>) => {
    if (LEFT_OUT.has(element)) hidden++;
    if (element === 'text:changed-region') changes++;
    if (element === 'office:annotation') comments++;
    if (hidden) return;
    if (element === 'text:line-break') text += '\n';
    else if (element === 'text:tab') text += '\t';
    else if (element === 'text:s') text += ' '.repeat(Number(attributes()['text:c'] ?? 1));
  });
  parser.on('text', (value: string, decode: (text: string) => string) => {
    if (!hidden) text += decode(value).replace(/\s+/g, ' ');
  });
  parser.on('closeTag', (element: string) => {
    if (LEFT_OUT.has(element)) hidden--;
    else if (hidden === 0 && PARAGRAPHS.has(element)) text += '\n';
    else if (hidden === 0 && element === 'table:table-cell') text = `${text.trimEnd()} · `;
    else if (hidden === 0 && element === 'table:table-row') text = `${text.replace(/( · )+$/, '')}\n`;
  });
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.parse(xml);
  const lines = text.split('\n').map((line) => line.trim());
  return { text: lines.filter(Boolean).join('\n'), changes, comments };
}
