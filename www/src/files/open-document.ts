/** Reads the text of .odt documents: paragraphs, headings, lists and tables, without tracked deletions, notes and comments. */
import { strFromU8 } from 'fflate';
import { Trouble } from '../failure/trouble';
import type { Note, Reading } from './reading';
import { parseXml } from './xml';
import { unzip } from './zip';

/** Elements whose content is not part of the text. */
const LEFT_OUT = new Set(['text:tracked-changes', 'office:annotation', 'text:note-citation']);
const PARAGRAPHS = new Set(['text:p', 'text:h']);

export function readOpenDocument(bytes: Uint8Array, name: string): Reading {
  const parts = unzip(bytes, /^(content|META-INF\/manifest)\.xml$/);
  const manifest = parts.get('META-INF/manifest.xml');
  if (manifest && strFromU8(manifest).includes('encryption-data'))
    throw new Trouble('file_protected', 'encrypted', name);
  const content = parts.get('content.xml');
  if (!content) throw new Error('no content.xml');
  const { text, changes, comments } = parse(strFromU8(content));
  const notes: Note[] = [];
  if (changes) notes.push({ code: 'changes_accepted', count: changes });
  if (comments) notes.push({ code: 'comments_left_out', count: comments });
  return { texts: text ? [{ name, text }] : [], notes, questions: [] };
}

function parse(xml: string): { readonly text: string; readonly changes: number; readonly comments: number } {
  const done: string[] = [];
  /** What was read since the last paragraph, or since a row of a table began. */
  let text = '';
  let rows = 0;
  let hidden = 0;
  let changes = 0;
  let comments = 0;
  const flush = () => {
    done.push(text);
    text = '';
  };
  parseXml(xml, {
    open: (element) => {
      if (LEFT_OUT.has(element)) hidden++;
      if (element === 'text:changed-region') changes++;
      if (element === 'office:annotation') comments++;
      if (element === 'table:table-row') rows++;
      if (hidden) return;
      if (element === 'text:line-break') text += '\n';
      else if (element === 'text:tab') text += '\t';
      else if (element === 'text:s') text += ' ';
    },
    text: (value, decode) => {
      if (!hidden) text += decode(value).replace(/\s+/g, ' ');
    },
    close: (element) => {
      if (element === 'table:table-row') rows--;
      if (LEFT_OUT.has(element)) hidden--;
      else if (hidden) return;
      else if (PARAGRAPHS.has(element)) text += '\n';
      else if (element === 'table:table-cell') text = `${text.trimEnd()} · `;
      else if (element === 'table:table-row') text = `${text.replace(/( · )+$/, '')}\n`;
      if (rows === 0 && text.endsWith('\n')) flush();
    },
  });
  flush();
  const lines = done
    .join('')
    .split('\n')
    .map((line) => line.trim());
  return { text: lines.filter(Boolean).join('\n'), changes, comments };
}
