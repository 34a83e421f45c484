/** The headings by which the columns of a table are known, in English and Chinese. What is in the columns is left to others. */

/** Titles and empty lines may come before the headings. */
export const HEADING_WITHIN = 5;

/** A longer cell is no heading, even if it ends like one. */
const LONGEST_HEADING = 24;

/** The headings of each column, in lower case, best first; an entry that begins with "*" is the end of a heading. */
const HEADINGS = {
  text: [
    ...['text', 'report', 'content', 'body', 'note', 'notes', 'answer', 'answers', 'description', 'message'],
    ...['comment', 'comments', 'details', 'summary', '正文', '内容', '报告', '文本', '回答', '备注', '描述'],
    ...['* notes', '* report', '* text', '* comments', '* description', '* summary', '*内容', '*正文'],
    ...['*记录', '*小结', '*总结', '*情况', '*详情', '*说明'],
  ],
  name: [
    ...['title', 'subject', 'name', 'id', '标题', '主题', '名称', '编号', 'customer', 'account', 'client'],
    ...['客户', '客户名称', '姓名', '* name', '* title', '*名称', '*标题', '*主题'],
  ],
  kind: ['kind', 'doc_type', 'type', '类型'],
  date: [
    ...['date', 'day', '日期', 'sent', 'received', 'sent on', 'created', 'created on', 'created at', '时间'],
    ...['* date', '*日期', '*时间'],
  ],
  rater: [
    ...['rater', 'marked by', 'rated by', 'reviewer', 'assessor', 'judge', 'marker'],
    ...['评分人', '评分者', '评审', '评审人', '评委', '打分人', '评阅人', '* rater', '*评分人'],
  ],
  group: [
    ...['author group', 'writer group', 'group', 'team', 'department', 'region', 'seniority', 'role'],
    ...[
      '作者组别',
      '作者分组',
      '组别',
      '分组',
      '小组',
      '团队',
      '部门',
      '区域',
      '大区',
      '职级',
      '岗位',
      '* group',
      '*组别',
    ],
  ],
  language: ['language', 'lang', '语言', '语种'],
  id: [
    ...[
      'id',
      'file',
      'file name',
      'filename',
      'text id',
      'number',
      'no',
      'no.',
      '编号',
      '文件',
      '文件名',
      '序号',
    ],
    ...['* id', '* file', '*编号', '*文件名'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The index of the column with the best heading. */
export function findColumn(heading: readonly string[], of: keyof typeof HEADINGS): number | undefined {
  const cells = heading.map((cell) => cell.trim().toLowerCase().replaceAll('_', ' '));
  for (const wanted of HEADINGS[of]) {
    const at = cells.findIndex((cell) =>
      wanted.startsWith('*')
        ? cell.length <= LONGEST_HEADING && cell.endsWith(wanted.slice(1))
        : cell === wanted.replaceAll('_', ' '),
    );
    if (at >= 0) return at;
  }
  return undefined;
}
