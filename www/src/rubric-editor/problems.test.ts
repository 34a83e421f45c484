import { expect, test } from 'vitest';
import { rubric } from '../testing/fixtures';
import { valuesOf, withValues, type Field } from './fields';
import { faults, problemsOf } from './problems';

const LANGUAGES = ['en', 'zh'];
const values = valuesOf(rubric, LANGUAGES);
const found = (...changes: (readonly [Field, string])[]) =>
  [...problemsOf(withValues(values, changes), rubric, LANGUAGES)].sort();

test('nothing is wrong with the shipped rubric', () => {
  expect(found()).toEqual([]);
});

test('a text may be missing in one language while the other has all', () => {
  const changed = withValues(values, [['name/1/zh', ' ']]);
  const problems = problemsOf(changed, rubric, LANGUAGES);
  expect([[...problems], faults(problems)]).toEqual([[['name/1/zh', 'missing']], []]);
});

test.each<[string, readonly (readonly [Field, string])[], readonly (readonly [Field, string])[]]>([
  [
    'a text that no language has',
    [
      ['definition/0/en', ''],
      ['definition/0/zh', ''],
    ],
    [
      ['definition/0/en', 'empty'],
      ['definition/0/zh', 'empty'],
    ],
  ],
  [
    'languages that all lack something',
    [
      ['name/0/en', ''],
      ['anchor/0/3/zh', ''],
    ],
    [
      ['anchor/0/3/zh', 'incomplete'],
      ['name/0/en', 'incomplete'],
    ],
  ],
  ['a name that is too long', [['name/0/en', 'x'.repeat(61)]], [['name/0/en', 'long']]],
  ['a name that turns its direction', [['name/0/en', 'a\u202eb']], [['name/0/en', 'unseen']]],
  ['a name that another has', [['name/1/en', 'professional EXPERTISE']], [['name/1/en', 'twice']]],
  ['a level with the name of another', [['level/2/zh', '较差']], [['level/2/zh', 'twice']]],
  ['a weight that is none', [['weight/3', '']], [['weight/3', 'weight']]],
  ['a weight that is too large', [['weight/3', '10.1']], [['weight/3', 'weight']]],
  ['a kind of text for which nothing counts', [['counts/email', '']], [['counts/email', 'none_counts']]],
])('it is told: %s', (_, changes, problems) => {
  expect(found(...changes)).toEqual(problems);
});
