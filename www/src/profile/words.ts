import type { Table } from '../languages/text';

const en = {
  compare: 'Compare with a role',
  none: 'No role to compare with',
};

const zh: typeof en = {
  compare: '对照岗位',
  none: '不对照岗位',
};

export const WORDS: Table<typeof en> = { en, zh };
