// Compares pages that exist in English and Chinese: what does not depend on the language has to be the same in both.
// What the pages say is left to their writers.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What the Chinese name of a file becomes in English: pages, folders of pages, and pictures in the other colours. */
const COUNTERPARTS = [
  [/\.zh\.md$/, '.md'],
  [/\/compliance\/zh\//, '/compliance/en/'],
  [/-zh-dark\.png$/, '-en-light.png'],
];
const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;
const HEADING = /^(#+) (.+)$/gm;

/** Code without comments, which are translated. */
const withoutComments = (code) => code.split('\n').map((line) => line.replace(/(^|\s+)#\s.*$/, '').trimEnd()).join('\n');

/** The headings of a page, in order: their level, and the anchor that GitHub gives them. */
function headings(markdown) {
  return [...markdown.replace(BLOCK, '').matchAll(HEADING)].map(([, marks, title]) => ({
    level: marks.length,
    anchor: title.toLowerCase().replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '').replaceAll(' ', '-'),
  }));
}

/** Where a link leads, without the language: the English name of the file, and the number of the heading. */
function destination(target, path, root) {
  if (/^\w+:/.test(target)) return target;
  const [file, anchor] = target.split('#');
  const named = file ? normalize(join(dirname(path), file)) : path;
  if (!existsSync(join(root, named))) throw new Error(`${path} links to ${target}, and there is no such file`);
  const english = COUNTERPARTS.reduce((name, [from, to]) => name.replace(from, to), `/${named}`).slice(1);
  if (anchor === undefined) return english;
  const index = headings(readFileSync(join(root, named), 'utf8')).findIndex((heading) => heading.anchor === anchor);
  if (index < 0) throw new Error(`${path} links to ${target}, and there is no such heading`);
  return `${english}#${index}`;
}

/**
 * What two languages of a page have in common, as lists: the levels of headings, blocks of code in a named language without
 * their comments, code within sentences, figures, and destinations of links. Only headings and blocks are in order.
 * @param path the page's path in the folder `root`
 */
export function structure(markdown, path, root) {
  const blocks = [...markdown.matchAll(BLOCK)];
  const prose = markdown.replace(BLOCK, '');
  const found = (pattern, text) => [...text.matchAll(pattern)].map(([whole, group = whole]) => group).sort();
  return {
    headings: headings(markdown).map(({ level }) => level),
    blocks: blocks.map(([, language, code]) => (language ? `${language}\n${withoutComments(code)}` : '')),
    code: found(/`([^`\n]+)`/g, prose),
    figures: found(/\d+(?:[.,]\d+)*/g, prose.replace(/`[^`\n]+`/g, '').replace(/\]\([^)]*\)/g, '')),
    links: found(/\]\(([^)\s]+)\)/g, prose).map((target) => destination(target, path, root)).sort(),
  };
}
