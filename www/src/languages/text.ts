/** How a component outside the first paint brings its words along: one table a component, complete in both languages. */

export type Code = 'en' | 'zh';
export type Table<T> = Readonly<Record<Code, T>>;

/** A rubric's or a profile's text in the interface's language, or in whichever it has. */
export function translated(texts: Readonly<Record<string, string>> | undefined, code: Code): string {
  return texts?.[code] ?? Object.values(texts ?? {})[0] ?? '';
}

/** A day as people write it, e.g. "24 Nov 2026". */
export function day(iso: string, code: Code): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString(code === 'zh' ? 'zh-CN' : 'en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });
}

/** A level with one decimal. */
export const number = (level: number): string => level.toFixed(1);

/** What stands between a name and what is said of it. */
export const colon = (code: Code): string => (code === 'zh' ? '：' : ': ');
