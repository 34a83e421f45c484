import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { data } from '../testing/fixtures';
import { LANGUAGES, strings } from '.';

/** Every component's table of words, and the first paint's. */
const tables: Record<string, { en: unknown; zh: unknown }> = { languages: LANGUAGES };
for (const [path, module] of Object.entries(
  import.meta.glob<Record<string, unknown>>('../*/words.ts', { eager: true }),
)) {
  for (const [name, table] of Object.entries(module)) {
    if (typeof table === 'object' && table !== null && 'en' in table && 'zh' in table) {
      tables[`${path} ${name}`] = table;
    }
  }
}

/** Every text of a language by its path; functions are called with numbers. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const render = value as (...values: number[]) => string;
    return [[path, render(11.1, 22.2, 33, 44, 55)]];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const numbers = (text: string) => [...text.matchAll(/11|22|33|44|55/g)].map(String).sort();

test.each(Object.entries(tables))('both languages say the same things in %s', (_, table) => {
  const en = texts(table.en);
  const zh = texts(table.zh);
  expect(zh.map(([path]) => path)).toEqual(en.map(([path]) => path));
  for (const [i, [path, text]] of en.entries()) {
    if (path === '.code') continue;
    expect(text.trim(), path).not.toBe('');
    expect(numbers(zh[i]?.[1] ?? ''), path).toEqual(numbers(text));
  }
});

test.each(Object.entries(tables))('no English is left in Chinese in %s', (_, table) => {
  for (const [path, text] of texts(table.zh)) {
    if (path !== '.code') expect(text, path).toMatch(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/);
  }
});

test('language tags are understood', () => {
  expect(['zh-CN', 'ZH', 'en-GB', 'fr', ''].map((tag) => strings(tag).code)).toEqual([
    'zh',
    'zh',
    'en',
    'en',
    'en',
  ]);
});

test.each(Object.entries(tables))('Chinese says 你 throughout in %s', (_, table) => {
  for (const [path, text] of texts(table.zh)) expect(text, path).not.toContain('您');
});

test('plans say 您 only in words that are said to a customer', () => {
  const advice = texts(data('development/zh.json')).map(([, text]) => text.replaceAll('{quote}', ''));
  expect(advice.some((text) => text.includes('您'))).toBe(true);
  for (const text of advice) expect(text.replace(/“[^“”]*”/g, '')).not.toContain('您');
});

/** What stands in bold type in each section of the user guide, as the interface has it. */
function labelsOfGuide(name: string): string[][] {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');
  return guide
    .split(/^## /m)
    .map((section) =>
      [...section.matchAll(/\*\*(.+?)\*\*/gs)].map(([, label = '']) => label.replace(/\s+/g, ' ')),
    );
}

test('the user guide names the same labels of the interface in both languages', () => {
  const pairs = Object.values(tables).flatMap(({ en, zh }) => {
    const chinese = new Map(texts(zh));
    return texts(en).map(([path, label]) => [label, chinese.get(path)]);
  });
  const guides = { en: labelsOfGuide('user-guide.md'), zh: labelsOfGuide('user-guide.zh.md') };
  expect(guides.en.flat().length).toBeGreaterThan(50);
  for (const [i, english] of guides.en.entries()) {
    const chinese = guides.zh[i] ?? [];
    const inOther = (label: string, own: 0 | 1, other: readonly string[]) =>
      pairs.some((pair) => pair[own] === label && other.includes(pair[1 - own] ?? ''));
    expect(english.filter((label) => !inOther(label, 0, chinese))).toEqual([]);
    expect(chinese.filter((label) => !inOther(label, 1, english))).toEqual([]);
  }
});
