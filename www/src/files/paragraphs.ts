/** Joins the lines of a page into paragraphs, so that sentences are not cut where lines end. */

export interface Line {
  readonly text: string;
  /** Distance of its end from the left edge of the page. */
  readonly end: number;
}

/** A line that is shorter than this share of the longest line ends a paragraph. */
const FULL = 0.8;
const CJK = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

export function paragraphs(lines: readonly Line[]): string {
  const widest = Math.max(0, ...lines.map(({ end }) => end));
  let text = '';
  let open = false;
  for (const line of lines) {
    if (!line.text) {
      open = false;
      continue;
    }
    const glue = CJK.test(text.at(-1) ?? '') && CJK.test(line.text[0] ?? '') ? '' : ' ';
    // A hyphen at the end of a line may belong to the word, so it stays.
    if (open && /[a-z]-$/.test(text)) text += line.text;
    else text += text === '' ? line.text : (open ? glue : '\n') + line.text;
    open = line.end >= FULL * widest;
  }
  return text;
}

/** Radicals that NFKC does not map to a character. */
const RADICALS: Readonly<Record<string, string>> = {
  '⺠': '民',
  '⺟': '母',
  '⻄': '西',
  '⻅': '见',
  '⻆': '角',
  '⻉': '贝',
  '⻋': '车',
  '⻓': '长',
  '⻔': '门',
  '⻘': '青',
  '⻙': '韦',
  '⻚': '页',
  '⻛': '风',
  '⻜': '飞',
  '⻝': '食',
  '⻢': '马',
  '⻣': '骨',
  '⻤': '鬼',
  '⻥': '鱼',
  '⻦': '鸟',
  '⻨': '麦',
  '⻩': '黄',
  '⻬': '齐',
  '⻮': '齿',
  '⻰': '龙',
  '⻳': '龟',
  '⻁': '虎',
};

/** Replaces radicals with the characters that look the same: PDF writers confuse them in fonts. */
export function withoutRadicals(text: string): string {
  return text.replace(/[\u2e80-\u2fdf]/g, (radical) => RADICALS[radical] ?? radical.normalize('NFKC'));
}
