import type { Table } from '../languages/text';

const en = {
  compare: 'Compare with a role',
  none: 'Role: none',
};

const zh: typeof en = {
  compare: '对照岗位',
  none: '岗位：不对照',
};

export const WORDS: Table<typeof en> = { en, zh };
