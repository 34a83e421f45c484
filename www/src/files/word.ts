/** Reads .docx documents with mammoth, in the order in which a person reads them, and says what is left out. */
import { strFromU8, strToU8 } from 'fflate';
import mammoth from 'mammoth';
import { withinLimit } from './limits';
import type { Note, Reading } from './reading';
import { parseXml } from './xml';
import { stored, unzip, type Parts } from './zip';

/** What mammoth makes of a document, as far as it is used here. */
interface Element {
  readonly type: string;
  readonly children?: readonly Element[];
  readonly value?: string;
  readonly breakType?: 'line' | 'page' | 'column';
  readonly numbering?: { readonly level: string; readonly isOrdered: boolean } | null;
}

interface WordDocument extends Element {
  readonly notes: { resolve(reference: Element): { readonly body: readonly Element[] } | null };
}

const MAIN = 'word/document.xml';
/** Pictures and other content are not unpacked. */
const PARTS = /^(\[Content_Types\]\.xml|(_rels|word)\/.*\.(xml|rels))$/;

const ALTERNATIVE_END = '</mc:AlternateContent>';

/** Stands between the cells of a row. */
const CELLS = ' · ';

export async function readWord(bytes: Uint8Array, name: string): Promise<Reading> {
  const parts = unzip(bytes, PARTS);
  const main = parts.get(MAIN);
  const xml = main ? strFromU8(main) : '';
  const prepared = new Map(parts);
  if (main) prepared.set(MAIN, strToU8(withTextBoxes(xml)));
  measure(prepared);
  const document = await parse(stored(prepared));
  const text = new Writer(document).write();
  return { texts: text ? [{ name, text }] : [], notes: leftOut(xml, parts), questions: [] };
}

/** Throws a LimitExceeded if the parts are too large for mammoth, which makes a tree of each and goes down it by recursion. */
function measure(parts: Parts): void {
  let elements = 0;
  const open = () => {
    withinLimit('elements', ++elements);
  };
  for (const part of parts.values()) parseXml(strFromU8(part), { open });
}

/** Has mammoth parse a document and write nothing. */
async function parse(arrayBuffer: ArrayBuffer): Promise<WordDocument> {
  let parsed: WordDocument | undefined;
  await mammoth.convertToHtml(
    { arrayBuffer },
    {
      transformDocument: (document: WordDocument) => {
        parsed = document;
        return { ...document, children: [] };
      },
    },
  );
  if (!parsed) throw new Error('mammoth passed no document');
  return parsed;
}

/** Mammoth reads text boxes only in the form of older versions of Word, which some programs leave out. */
function withTextBoxes(xml: string): string {
  // Only what begins with an alternative can end it, so that a document of beginnings alone takes no longer.
  const [start = '', ...alternatives] = xml.split(/(?=<mc:AlternateContent\b)/);
  return start + alternatives.map(withTextBox).join('');
}

function withTextBox(xml: string): string {
  const length = xml.indexOf(ALTERNATIVE_END) + ALTERNATIVE_END.length;
  const alternative = xml.slice(0, length);
  if (length < ALTERNATIVE_END.length || alternative.includes('<mc:Fallback')) return xml;
  const boxes = alternative.match(/<w:txbxContent[\s>][\s\S]*?<\/w:txbxContent>/g) ?? [];
  if (boxes.length === 0) return xml;
  const box = `<v:textbox xmlns:v="urn:schemas-microsoft-com:vml">${boxes.join('')}</v:textbox>`;
  return `<w:pict>${box}</w:pict>${xml.slice(length)}`;
}

function leftOut(xml: string, parts: Parts): Note[] {
  const notes: Note[] = [];
  const changes = xml.match(/<w:(ins|del|moveFrom|moveTo)\s/g)?.length ?? 0;
  if (changes) notes.push({ code: 'changes_accepted', count: changes });
  const comments = parts.get('word/comments.xml');
  const count = comments ? strFromU8(comments).match(/<w:comment\s/g)?.length : 0;
  if (count) notes.push({ code: 'comments_left_out', count });
  const margins = [...parts].filter(([part]) => /^word\/(header|footer)\d*\.xml$/.test(part));
  if (margins.some(([, content]) => /<w:t[\s>]/.test(strFromU8(content))))
    notes.push({ code: 'margins_left_out' });
  return notes;
}

/** Writes a document as text: a line a paragraph, a line a row of a table, numbers before the items of lists. */
class Writer {
  private readonly footnotes: Element[] = [];
  /** The last number of each level of the current list. */
  private numbers: number[] = [];

  constructor(private readonly document: WordDocument) {}

  write(): string {
    const lines = this.blocks(this.document.children ?? []);
    const notes = this.footnotes.flatMap((reference) =>
      this.blocks(this.document.notes.resolve(reference)?.body ?? []),
    );
    return [...lines, ...notes].filter(Boolean).join('\n');
  }

  private blocks(elements: readonly Element[]): string[] {
    return elements.flatMap((element) => {
      if (element.type === 'paragraph') return this.paragraph(element).split('\n');
      if (element.type === 'tableRow') return this.row(element.children ?? []);
      return this.blocks(element.children ?? []);
    });
  }

  private paragraph(paragraph: Element): string {
    const text = this.inline(paragraph).trim();
    return text && this.number(paragraph.numbering) + text;
  }

  /** The number of an item of a list; numbers of deeper levels begin again after it. */
  private number(numbering: Element['numbering']): string {
    if (!numbering) {
      this.numbers = [];
      return '';
    }
    const level = Number(numbering.level);
    const next = (this.numbers[level] ?? 0) + 1;
    this.numbers = [...this.numbers.slice(0, level), next];
    return numbering.isOrdered ? `${next}. ` : '';
  }

  /** One line if every cell is a paragraph; else the paragraphs of each cell, as where a table lays out the page. */
  private row(cells: readonly Element[]): string[] {
    const written = cells.map((cell) => this.blocks(cell.children ?? []).filter(Boolean));
    if (written.some((lines) => lines.length > 1)) return written.flat();
    return [written.flat().join(CELLS)];
  }

  private inline(element: Element): string {
    switch (element.type) {
      case 'text':
        return element.value ?? '';
      case 'tab':
        return '\t';
      case 'break':
        return '\n';
      case 'noteReference':
        this.footnotes.push(element);
        return '';
      default:
        return (element.children ?? []).map((child) => this.inline(child)).join('');
    }
  }
}
