import { expect, test } from 'vitest';
import { seeded } from '../component/seeded';
import { harmless, unharmed } from './csv';

const FORMULA = /^[=+\-@＝＋－＠\t\r]/u;

test.each([
  ['=1+1', "'=1+1"],
  ['＝1', "'＝1"],
  ['"=1', '"\'=1'],
  [' @A', " '@A"],
  ['a\n-1', "a\n'-1"],
  ['a;+1', "a;'+1"],
  ['\t=1', "'\t'=1"],
  ['\u200b=1', "\u200b'=1"],
  ['5 - 1 = 4; ok', '5 - 1 = 4; ok'],
  ['he-said', 'he-said'],
  ['-1.25', '-1.25'],
  ['-1+1', "'-1+1"],
  ['-1\n-1', "'-1\n'-1"],
  ['－1', "'－1"],
])('%j becomes %j', (text, expected) => {
  expect(harmless(text)).toBe(expected);
});

test('whatever a text consists of, no cell begins like a formula, and no text is lost', () => {
  const random = seeded(7);
  const parts = [...Array.from('=+-@＝＋－＠\t\r\n"\',;| a1'), '\u200b', '\ufeff', 'cmd', '漢'];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 8) },
      () => parts[Math.floor(random() * parts.length)],
    ).join('');
    const safe = harmless(text);
    expect(safe.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
    if (/^-\d+$/.test(text)) continue;
    // However a program divides the cell and whatever it strips, what remains is no formula.
    for (const cell of [safe, ...safe.split(/[\r\n;|\t"]/)])
      expect(cell.replace(/^[\s"\p{Cf}\p{Cc}]+/u, ''), JSON.stringify(text)).not.toMatch(FORMULA);
    expect(safe, JSON.stringify(text)).not.toMatch(FORMULA);
  }
});

test('what was kept from being a formula can be had back', () => {
  const random = seeded(11);
  const parts = [...Array.from('=+-@＝＋－＠\t\r\n"\',;| a1'), '\u200b', '漢'];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from(
      { length: Math.floor(random() * 8) },
      () => parts[Math.floor(random() * parts.length)],
    ).join('');
    // Where a person wrote an apostrophe before such a character, they get their own text or the one without it.
    if (!/'[\t\r\n=+\-@＝＋－＠]/u.test(text))
      expect(unharmed(harmless(text)), JSON.stringify(text)).toBe(text);
  }
  expect(unharmed("'quoted' – it's fine")).toBe("'quoted' – it's fine");
});
