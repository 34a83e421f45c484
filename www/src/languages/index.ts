/** The widget's languages. */
import { en, type Strings } from './en';
import { zh } from './zh';

export type { Strings };

export const LANGUAGES = { en, zh } as const;

/** The strings for a BCP 47 tag, e.g. "zh-CN"; English where there are none. */
export function strings(tag: string): Strings {
  return tag.toLowerCase().startsWith('zh') ? zh : en;
}
