import { expect, test } from 'vitest';
import { rubric } from '../testing/fixtures';
import { csv } from '../team/csv';
import type { Choices, Reading } from './reading';
import { readDelimited, WHOLE } from './table';

const read = (table: string, choices: Choices = {}): Reading =>
  readDelimited(new TextEncoder().encode(table), 'week.csv', choices);

const texts = (table: string, choices: Choices = {}) => read(table, choices).texts.map(({ text }) => text);

test('a table with a known column is read a text a row', () => {
  const { texts, notes } = read(
    'title,kind,date,text\nVisit,email,2026-03-02,"He said ""no"", then yes."\n,,2026-03-03,He paid.\nLoss,,,\n',
  );
  expect(texts).toEqual([
    { name: 'Visit', kind: 'email', date: '2026-03-02', text: 'He said "no", then yes.' },
    { name: 'week.csv 2', kind: 'other', date: '2026-03-03', text: 'He paid.' },
  ]);
  expect(notes).toEqual([
    { code: 'rows_read', count: 2 },
    { code: 'rows_without_text', count: 1 },
  ]);
});

test.each([
  ['semicolons', 'Date;Text\n05.01.2026;Hello, he said, and left\n06.01.2026;Again, he came, and stayed\n'],
  ['tabs', 'Date\tText\n05.01.2026\tHello, he said, and left\n06.01.2026\tAgain, he came, and stayed\n'],
  ['bars', 'Date|Text\n05.01.2026|Hello, he said, and left\n06.01.2026|Again, he came, and stayed\n'],
  ['sep=', 'sep=;\nDate;Text\n05.01.2026;Hello, he said, and left\n06.01.2026;Again, he came, and stayed\n'],
])('%s separate cells', (_, table) => {
  expect(texts(table)).toEqual(['Hello, he said, and left', 'Again, he came, and stayed']);
  expect(read(table).texts[0]?.date).toBe('2026-01-05');
});

test.each(['日报内容', '拜访记录', '工作总结', 'Visit notes', 'Body', 'visit_notes', 'Call Report', '备注'])(
  'the heading %s stands over texts',
  (heading) => {
    expect(texts(`客户,${heading}\nAcme,He signed.\n`)).toEqual(['He signed.']);
  },
);

test('titles above the headings are left out', () => {
  expect(texts('Report of March,,\n,,\n客户,日期,内容\nAcme,2026-01-05,签了。\n')).toEqual(['签了。']);
});

test('where no heading is known, nothing is taken until the person says which column holds the text', () => {
  const table = 'a,b\n1,He signed.\n2,He paid.\n';
  const { texts: none, questions } = read(table);
  expect(none).toEqual([]);
  expect(questions).toEqual([
    {
      ask: 'column',
      value: undefined,
      options: [{ value: 0, label: 'a' }, { value: 1, label: 'b' }, { value: WHOLE }],
      preview: 'He signed.',
    },
  ]);
  expect(texts(table, { column: 1 })).toEqual(['He signed.', 'He paid.']);
  expect(texts(table, { column: WHOLE })).toEqual([table.trim()]);
});

test('another column can be chosen where a heading is known', () => {
  const table = 'text,answer\none,two\n';
  expect(read(table).questions).toMatchObject([{ ask: 'column', value: 0 }]);
  expect(texts(table, { column: 1 })).toEqual(['two']);
});

test('a file without separators is one text', () => {
  expect(texts('He signed.\nHe paid.\n')).toEqual(['He signed.\nHe paid.']);
});

test('a column that can be read with the day or the month first waits for the person', () => {
  const table = 'date,text\n3/4/2026,One.\n4/5/2026,Two.\n';
  expect(read(table).texts).toEqual([]);
  expect(read(table).questions).toMatchObject([
    { ask: 'column', value: 1 },
    { ask: 'dates', value: undefined, preview: '3/4/2026' },
  ]);
  const dates = (choices: Choices) => read(table, choices).texts.map(({ date }) => date);
  expect(dates({ dates: 'day-first' })).toEqual(['2026-04-03', '2026-05-04']);
  expect(dates({ dates: 'month-first' })).toEqual(['2026-03-04', '2026-04-05']);
});

test('dates that cannot be read or are not there are said', () => {
  expect(read('date,text\nsoon,One.\nlater,Two.\n,Three.\n2026-01-05,Four.\n').notes).toEqual([
    { code: 'rows_read', count: 4 },
    { code: 'dates_unread', count: 2, about: 'soon' },
    { code: 'rows_without_date', count: 1 },
  ]);
  expect(read('title,text\na,One.\n').notes).toContainEqual({ code: 'dates_missing' });
});

test('the table that the team view saves is refused', () => {
  const table = csv([], rubric, { profile: null, language: 'en', pseudonyms: false });
  expect(() => read(table)).toThrow(expect.objectContaining({ code: 'file_team_table' }) as Error);
});

test('a long cell is no heading, even if it ends like one', () => {
  expect(
    read(`日志,数\n今天去了客户那里，停线一小时损失八万，我问了他们的采购流程和具体情况,1\n`).questions,
  ).toMatchObject([{ value: undefined }]);
});
