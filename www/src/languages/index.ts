/** The widget's languages. */
import { en, type Strings } from './en';
import { zh } from './zh';

export type { Strings };

export const LANGUAGES = { en, zh } as const;

/** The words for a BCP 47 tag such as "zh-CN"; English for any other language. */
export function strings(tag: string): Strings {
  return tag.toLowerCase().startsWith('zh') ? zh : en;
}
