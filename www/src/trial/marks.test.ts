import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileRead } from '../component/events';
import { newReport } from '../report/report';
import { rubric } from '../testing/fixtures';
import {
  guessColumns,
  isUsable,
  ratersOf,
  readMark,
  together,
  unite,
  WRITTEN,
  type MarkedTable,
  type Marks,
  type TrialText,
} from './marks';

const table = (name: string, cells: readonly (readonly string[])[]): MarkedTable => ({
  file: new File([], name),
  cells,
  columns: guessColumns(cells, rubric),
});

const document = (name: string, text: string): FileRead => ({
  file: new File([], name),
  reports: [newReport(text, 'other', name, '2026-03-04')],
  cells: undefined,
});

test.each([
  [
    ['ID', 'Report', 'Rater', 'Team', 'Language', 'Date', 'Negotiation', 'planning', 'Customer focus'],
    { id: 0, text: 1, rater: 2, group: 3, language: 4, date: 5 },
    { negotiation: 6, planning: 7, customer_focus: 8 },
  ],
  [
    ['编号', '正文', '评分人', '作者组别', '日期', '谈判成交', '计划', '学习成长（1-5）'],
    { id: 0, text: 1, rater: 2, group: 3, date: 4 },
    { negotiation: 5, planning: 6, growth: 7 },
  ],
  [['File name', 'customer_focus', 'growth'], { id: 0 }, { customer_focus: 1, growth: 2 }],
])('columns are found by %j', (heading, roles, marks) => {
  expect(guessColumns([heading], rubric)).toEqual({ head: 0, roles, marks });
});

test('headings may come after a title, and a column without marks is none of marks', () => {
  const cells = [['Trial in March'], [], ['正文', '客户', '协作意识'], ['见了厂长', '华星钢铁', '3']];
  expect(guessColumns(cells, rubric)).toEqual({
    head: 2,
    // The customer is the name, if there is no better one.
    roles: { text: 0, id: 1 },
    marks: { collaboration: 2 },
  });
  expect(isUsable(guessColumns([['a', 'b']], rubric))).toBe(false);
});

test.each([
  ['3', 3],
  [' 4 ', 4],
  ['2,5', 2.5],
  ['2.5', 2.5],
  ['５', 5],
  ['', null],
  ['-', null],
  ['none', null],
  ['Not shown', null],
  ['未体现', null],
  ['？', 'unmarked'],
  ['6', undefined],
  ['0.5', undefined],
  ['3-4', undefined],
  ['good', undefined],
  ['1e0', undefined],
])('the cell %j is the mark %j', (cell, mark) => {
  expect(readMark(cell, rubric)).toBe(mark);
});

const HEAD = ['id', 'text', 'rater', 'negotiation', 'planning'];

test('the same texts of several raters are united, by their ids or by their words', () => {
  const first = table('anna.csv', [
    ['id', 'text', 'negotiation', 'planning'],
    ['A', '- He wanted 12 %;\r\nI gave 5.', '4', ''],
    ['B', 'Nothing happened.', 'none', ''],
  ]);
  const second = table('ben.csv', [
    ['text', 'rater', 'negotiation', 'planning'],
    // As our own CSV writes it.
    ["'- He wanted 12 %;\nI gave 5.", 'Ben', '3', '2'],
  ]);
  const third = table('cora.csv', [
    ['file name', 'negotiation', 'planning'],
    ['b', '', '1'],
  ]);
  const { texts, problems } = unite([], [third, second, first], rubric);
  expect(problems).toEqual([]);
  expect(texts.map(({ id }) => id).sort()).toEqual(['A', 'B']);
  expect(ratersOf(texts).sort()).toEqual(['Ben', 'anna', 'cora']);
  const a = texts.find(({ id }) => id === 'A');
  expect(a?.raters.get('anna')).toEqual({ negotiation: 4, planning: null });
  expect(a?.raters.get('Ben')).toEqual({ negotiation: 3, planning: 2 });
  expect(a?.text.startsWith('- He')).toBe(true);
});

test('texts in files are found by their names, with or without the extension', () => {
  const documents = [document('Visit 1.docx', 'We met.'), document('mail.eml', 'He wrote.')];
  const marks = table('marks.csv', [
    ['file', 'negotiation'],
    ['visit 1', '3'],
    ['mail.eml', '2'],
    ['gone.txt', '2'],
  ]);
  const { texts, problems } = unite(documents, [marks], rubric);
  expect(texts.map(({ id, raters }) => [id, raters.get('marks')])).toEqual([
    ['Visit 1.docx', { negotiation: 3 }],
    ['mail.eml', { negotiation: 2 }],
  ]);
  expect(problems).toMatchObject([{ code: 'text_unknown', row: 4, about: 'gone.txt' }]);
});

test('every row that is not used is told with its number', () => {
  const cells = [
    HEAD,
    ['1', 'One.', 'A', '3', '7'],
    ['', '', 'A', '3', ''],
    ['1', 'One.', 'A', '4', ''],
    ['1', 'Another one.', 'A', '4', ''],
    [],
    ['2', 'Two.', 'A', '', ''],
    ['9', '', 'A', '1', ''],
    ['3', 'Three.', 'A', '?', '-'],
  ];
  const { texts, problems } = unite([], [table('t.csv', cells)], rubric);
  expect(problems.map(({ code, row, about }) => [row, code, about])).toEqual([
    [2, 'mark_unread', '7'],
    [3, 'row_without_text', ''],
    [4, 'marked_twice', 'A'],
    [5, 'text_differs', '1'],
    [7, 'nothing_marked', '2'],
    [8, 'text_unknown', '9'],
  ]);
  expect(texts.map(({ id, raters }) => [id, raters.get('A')])).toEqual([
    ['1', { negotiation: 3 }],
    ['2', undefined],
    ['3', { planning: null }],
  ]);
});

test('what several raters say together is what half of them see', () => {
  const text = (...marks: (number | null | undefined)[]): Pick<TrialText, 'raters'> => ({
    raters: new Map(
      marks.map((mark, i): [string, Marks] => [`${i}`, mark === undefined ? {} : { planning: mark }]),
    ),
  });
  expect(together(text(3, 4), 'planning')).toBe(3.5);
  expect(together(text(3, null), 'planning')).toBe(3);
  expect(together(text(3, null, null), 'planning')).toBeNull();
  expect(together(text(3, undefined), 'planning')).toBe(3);
  expect(together(text(undefined), 'planning')).toBeUndefined();
});

test('no table makes it fail, and no mark is outside the scale', () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      ...HEAD,
      'growth',
      '正文',
      '谈判',
      '3',
      'none',
      '?',
      '__proto__',
      'constructor',
      WRITTEN.notShown,
    ),
  );
  const cells = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 });
  fc.assert(
    fc.property(cells, cells, (one, other) => {
      const tables = [table('one.csv', one), table('other.csv', other)].filter(({ columns }) =>
        isUsable(columns),
      );
      for (const { raters, text } of unite([], tables, rubric).texts) {
        expect(text).not.toBe('');
        for (const marks of raters.values())
          for (const mark of Object.values(marks))
            expect(mark === null || (mark >= 1 && mark <= 5)).toBe(true);
      }
    }),
  );
});
