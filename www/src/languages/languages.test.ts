import { expect, test } from 'vitest';
import { FAILURE_CODES } from '../engine/contract';
import { LANGUAGES, strings } from '.';

/** Every text of a language by its path; functions are called with numbers. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const render = value as (...values: number[]) => string;
    return [[path, render(11.1, 22.2, 33, 44, 55)]];
  }
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const numbers = (text: string) => [...text.matchAll(/11|22|33|44|55/g)].map(String).sort();

test('both languages say the same things, with the same numbers', () => {
  const en = texts(LANGUAGES.en);
  const zh = texts(LANGUAGES.zh);
  expect(zh.map(([path]) => path)).toEqual(en.map(([path]) => path));
  for (const [i, [path, text]] of en.entries()) {
    if (path === '.code') continue;
    expect(text.trim(), path).not.toBe('');
    if (path !== '.failures.text_too_long.remedy') expect(numbers(zh[i]?.[1] ?? ''), path).toEqual(numbers(text));
  }
});

test('no English is left in Chinese', () => {
  for (const [path, text] of texts(LANGUAGES.zh)) {
    if (path !== '.code') expect(text, path).toMatch(/[\u4e00-\u9fff]/);
  }
});

test('every failure is worded', () => {
  for (const code of FAILURE_CODES) expect(LANGUAGES.en.failures[code].remedy).not.toBe('');
});

test('language tags are understood', () => {
  expect(['zh-CN', 'ZH', 'en-GB', 'fr', ''].map((tag) => strings(tag).code)).toEqual(['zh', 'zh', 'en', 'en', 'en']);
});
