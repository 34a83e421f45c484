import { expect, test } from 'vitest';
import { seeded } from '../component/seeded';
import { rubric } from '../testing/fixtures';
import { calendar } from './calendar';
import { escaped, markdown } from './markdown';
import type { Goal, Plan } from './plan';

/** A plan in which every text is this one. */
function planOf(text: string): Plan {
  const [competency] = rubric.competencies;
  const goal: Goal = {
    ...{ competency: competency?.id ?? '', level: 2, keep: text, change: text, quote: '' },
    practice: [
      { text, done: null },
      { text, done: '2026-12-16' },
    ],
    ...{ together: text, study: text, studyKind: 'book', signs: [text] },
    schedule: { '30': text, '60': text, '90': text },
    began: {
      ...{ report: 'r', date: '2026-12-01', level: 2.4 },
      ...{ model: { id: 'test', sha256: '' }, rubric: { id: rubric.id, version: rubric.version } },
    },
  };
  return { start: '2026-12-15', goals: [goal] };
}

/** Texts of parts that mean something in calendars, Markdown or HTML, the same in every run. */
function* texts(parts: readonly string[], count: number): Generator<string> {
  const random = seeded(11);
  for (let i = 0; i < count; i++) {
    const length = 1 + Math.floor(random() * 10);
    yield Array.from({ length }, () => parts[Math.floor(random() * parts.length)]).join('');
  }
}

const NOW = new Date('2026-12-15T10:00:00Z');
/** The lines of a calendar once what was folded is joined, without those that are random. */
const lines = (file: string) =>
  file
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => !line.startsWith('UID:'));
const names = (file: string) => lines(file).map((line) => line.split(/[:;]/)[0]);

test('no text adds a line to a calendar, and every text is there', () => {
  const plain = names(calendar(planOf('x'), 'en', () => 'x', ['x'], NOW));
  const parts = [
    ...[
      '\r\n',
      '\n',
      '\r',
      '\v',
      '\f',
      '\u0085',
      '\u2028',
      '\u2029',
      '\u0000',
      '\t',
      ' ',
      ';',
      ',',
      ':',
      '\\',
      '"',
    ],
    ...['BEGIN:VALARM', 'ATTENDEE:mailto:a@b.example', 'END:VCALENDAR', 'x'.repeat(70), '短', '👍', '\ud800'],
  ];
  for (const text of texts(parts, 300)) {
    const file = calendar(planOf(text), 'en', () => text, [text], NOW);
    expect(names(file), JSON.stringify(text)).toEqual(plain);
    expect(file).not.toMatch(/\r(?!\n)|(?<!\r)\n|[\v\f\u0085\u2028\u2029\u0000]/);
    for (const line of file.split('\r\n'))
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    const [summary] = lines(file).filter((line) => line.startsWith('SUMMARY:'));
    const read = summary?.slice(8).replace(/\\(.)/g, (_, next: string) => (next === 'n' ? '\n' : next));
    const lineBreaks = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
    const expected = text
      .replace(/\p{Cs}/gu, '\ufffd')
      .replace(lineBreaks, '\n')
      .replace(/\u0000/g, '');
    expect(read, JSON.stringify(text)).toBe(expected);
  }
});

test.each([
  ['[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
  ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
  ['&lt;script&gt;', '\\&lt;script\\&gt;'],
  ['https://evil.example', 'https\\://evil.example'],
  ['www.evil.example', 'www\\.evil.example'],
  ['- a\n- b', '\\- a - b'],
  ['1. a', '1\\. a'],
  ['===', '\\==='],
  ['a\r# b', 'a \\# b'],
  ['    code', 'code'],
  ['20 % - fine.', '20 % - fine.'],
])('%j is written as %j in Markdown', (text, expected) => {
  expect(escaped(text)).toBe(expected);
});

test('whatever a text consists of, it stays a text in Markdown', () => {
  const parts = [
    ...Array.from('\\`*_[]()<>#|~&!-+=.1: \t'),
    ...['\n', '\r\n', '\u2028', '](javascript:', '<script>', '![', '://', 'www.', '```', '短', '\ud800', 'a'],
  ];
  const shape = (file: string) =>
    file.split('\n').map((line) => /^(#+ |- \[[ x]\] |- |---|)/.exec(line)?.[0]);
  const plain = shape(markdown(planOf('x'), 'en', () => 'x', ['x']));
  for (const text of texts(parts, 2000)) {
    const safe = escaped(text);
    expect(safe).not.toMatch(/[\p{Cc}\u2028\u2029\p{Cs}]/u);
    // Without what is escaped, nothing is left that means anything.
    const rest = safe.replace(/\\[!-/:-@[-`{-~]/g, ' ');
    expect(rest, JSON.stringify(text)).not.toMatch(/[\\`*_[\]<>#|~&]|:\/\/|www\./i);
    expect(safe, JSON.stringify(text)).not.toMatch(/^([-+=]|\d+[.)]| )/);
    // What a reader of Markdown shows is the text, in one line.
    const shown = safe.replace(/\\([!-/:-@[-`{-~])/g, '$1');
    const line = text
      .replace(/\p{Cs}/gu, '\ufffd')
      .replace(/[\p{Cc}\u2028\u2029 ]+/gu, ' ')
      .trim();
    expect(shown, JSON.stringify(text)).toBe(line);
  }
  for (const text of texts(parts, 100))
    if (escaped(text)) expect(shape(markdown(planOf(text), 'en', () => text, [text]))).toEqual(plain);
});

test('where a plan comes from stands in both', () => {
  const about = ['Model: test', 'Made by an AI system from this text; may be wrong.'];
  expect(markdown(planOf('x'), 'en', () => 'x', about)).toContain('- Made by an AI system from this text;');
  const file = calendar(planOf('x'), 'en', () => 'x', about, NOW).replaceAll('\r\n ', '');
  expect(file.match(/Made by an AI system from this text\\; may be wrong\./g)).toHaveLength(3);
});

test('what is done, its day and the beginning stand in the notes, and the ticks in the calendar', () => {
  const notes = markdown(planOf('Ask first'), 'en', () => 'x');
  expect(notes).toContain('- [ ] Ask first\n- [x] Ask first (done on 16 Dec 2026)\n');
  expect(notes).toContain('When you began: 2.4 (1 Dec 2026).');
  const file = lines(calendar(planOf('Ask first'), 'zh', () => 'x', [], NOW)).join('\n');
  expect(file.match(/\\n☐ Ask first\\n☑ Ask first \(2026年12月16日 完成\)/g)).toHaveLength(3);
});
