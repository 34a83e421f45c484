import { expect, test } from 'vitest';
import { titleOf } from './report';

test('a typed text is called by its first words, a file by its name', () => {
  expect(titleOf({ name: 'may.docx', text: 'Dear Ada' })).toBe('may.docx');
  expect(titleOf({ name: '', text: '\n Visit to Stoke \nThe deal' })).toBe('Visit to Stoke');
  expect(titleOf({ name: '', text: '' })).toBe('');
  const long = titleOf({ name: '', text: '👍'.repeat(200) });
  expect(Array.from(long)).toEqual(Array.from(`${'👍'.repeat(24)}…`));
});
