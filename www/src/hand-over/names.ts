/** Guesses the names in a text, for a person to check, and replaces them with letters. */

const TITLES = '(?:Mr|Mrs|Ms|Miss|Dr|Prof)\\.?\\s+';
/** Words that are capitalised in English without being a person's name. */
const COMMON = new Set(
  'I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December English Chinese CEO CFO CRM OK Q1 Q2 Q3 Q4 Mr Mrs Ms Dr'.split(
    ' ',
  ),
);
const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤裴敖杭祝';
const ROLES = '总|经理|厂长|主任|部长|处长|科长|主管|老板|先生|女士|小姐|老师|师傅|工程师|工|姐|哥|姨|叔';
const CHINESE = new RegExp(`[小老阿][${SURNAMES}]|[${SURNAMES}](?:${ROLES})`, 'gu');
const ENGLISH = new RegExp(
  `${TITLES}(\\p{Lu}[\\p{L}'’-]+)|(?<=[\\p{Ll}\\p{N},;:]\\s)(\\p{Lu}[\\p{Ll}'’-]{2,}(?:\\s\\p{Lu}[\\p{Ll}'’-]+)*)`,
  'gu',
);

/** The names that a text may contain, each once, in order. Some will be missing and some are not names, so a person must check. */
export function suggestNames(text: string): string[] {
  const english = [...text.matchAll(ENGLISH)].map((match) => match[1] ?? match[2] ?? '');
  const chinese = [...text.matchAll(CHINESE)].map(([name]) => name);
  const found = [...english, ...chinese].map((name) => name.replace(/['’]s$/, ''));
  return [...new Set(found)].filter((name) => name && !COMMON.has(name));
}

/** The letter for the name with an index: A to Z, then A1 and so on. */
const letter = (i: number) => `[${String.fromCharCode(65 + (i % 26))}${i < 26 ? '' : Math.floor(i / 26)}]`;

export interface Replaced {
  readonly text: string;
  /** Maps an offset into the old text to the new one; an offset within a name maps to the start of its letter. */
  readonly moved: (offset: number) => number;
}

/** Replaces each name with a letter, the same one every time. */
export function replaceNames(text: string, names: readonly string[]): Replaced {
  const wanted = [...new Set(names.map((name) => name.trim()).filter(Boolean))];
  if (wanted.length === 0) return { text, moved: (offset) => offset };
  const escaped = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A Latin name must be a whole word; Chinese does not separate words.
  const bounded = (name: string) =>
    /^[\p{Script=Latin}'’. -]+$/u.test(name)
      ? `(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`
      : escaped(name);
  const longestFirst = [...wanted].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(bounded).join('|'), 'gu');
  const cuts: { readonly start: number; readonly end: number; readonly by: string }[] = [];
  for (const match of text.matchAll(pattern)) {
    cuts.push({
      start: match.index,
      end: match.index + match[0].length,
      by: letter(wanted.indexOf(match[0])),
    });
  }
  let out = '';
  let at = 0;
  for (const { start, end, by } of cuts) {
    out += text.slice(at, start) + by;
    at = end;
  }
  const moved = (offset: number) => {
    let shift = 0;
    for (const { start, end, by } of cuts) {
      if (offset <= start) break;
      if (offset < end) return start + shift;
      shift += by.length - (end - start);
    }
    return offset + shift;
  };
  return { text: out + text.slice(at), moved };
}
