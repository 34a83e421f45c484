/** A page's lines as paragraphs, so that a sentence is not cut where a line ends. */

export interface Line {
  readonly text: string;
  /** Where it ends, from the page's left. */
  readonly end: number;
}

/** A line that ends before this share of the longest one ends a paragraph. */
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
    // A hyphen at a line's end may belong to the word, so it stays.
    if (open && /[a-z]-$/.test(text)) text += line.text;
    else text += text === '' ? line.text : (open ? glue : '\n') + line.text;
    open = line.end >= FULL * widest;
  }
  return text;
}

/** Radicals for which Unicode names no character of the same form. */
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

/** Characters in the place of radicals that look the same: printing programs mix them up in fonts. */
export function withoutRadicals(text: string): string {
  return text.replace(/[\u2e80-\u2fdf]/g, (radical) => RADICALS[radical] ?? radical.normalize('NFKC'));
}
