/** Writes the text of an HTML mail as a reader sees it, quoted mails with `>`; there is no document model in a worker. */
import { Parser } from 'htmlparser2';
import { withinLimit } from './limits';

const HIDDEN = new Set(['script', 'style', 'head', 'title']);
/** Elements that begin and end a line. */
const BLOCKS = new Set('p div tr table li ul ol h1 h2 h3 h4 h5 h6 blockquote'.split(' '));
/** Elements that have no end. */
const BREAKS = new Set(['br', 'hr']);
const CELLS = new Set(['td', 'th']);

/** Mails that are quoted more deeply are read as if they were not quoted again. */
const DEEPEST = 10;

/** Throws a LimitExceeded if too many elements stand in each other. */
export function htmlText(html: string): string {
  /** The text of the mail, and of each quoted mail that is open. */
  const texts = [''];
  let depth = 0;
  let quotes = 0;
  let hidden = 0;
  /** Whether nothing but white space has come since a cell ended. */
  let afterCell = false;
  const write = (text: string) => {
    texts.push((texts.pop() ?? '') + text);
  };
  const parser = new Parser({
    onopentag: (name) => {
      withinLimit('depth', ++depth);
      // A head without an end is over where the body begins.
      if (name === 'body') hidden = 0;
      if (HIDDEN.has(name)) hidden++;
      if (hidden) return;
      if (CELLS.has(name)) {
        if (afterCell) write(' · ');
      } else if (BLOCKS.has(name) || BREAKS.has(name)) write('\n');
      afterCell = false;
      if (name === 'blockquote' && ++quotes < DEEPEST) texts.push('');
    },
    ontext: (text) => {
      if (hidden) return;
      if (text.trim()) afterCell = false;
      if (!afterCell) write(text.replace(/\s+/g, ' '));
    },
    onclosetag: (name) => {
      depth--;
      if (HIDDEN.has(name)) hidden = Math.max(0, hidden - 1);
      if (hidden) return;
      if (name === 'blockquote' && quotes > 0 && quotes-- < DEEPEST) write(quoted(tidy(texts.pop() ?? '')));
      if (BLOCKS.has(name)) write('\n');
      afterCell = CELLS.has(name);
    },
  });
  parser.end(html);
  return tidy(texts.join(''));
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}

/** Marks every line of a quoted mail. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trim())
    .join('\n');
}
