import { expect, test } from 'vitest';
import { data, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount } from '../testing/element';
import { heard } from '../testing/host';
import { asProfile } from './profile';
import './role-select';

const profile = asProfile(data('profiles/inside-sales.json'), rubric, 'file');

test('a role or none is chosen, by names in the language of the interface', async () => {
  const subject = await mount('sales-mirror-role-select', { language: 'zh', profiles: [profile], profile });
  const changes = heard(subject, 'profile-change');
  const options = findAll<HTMLOptionElement>(subject, 'option');
  expect(options.map((option) => [option.value, option.textContent.trim(), option.selected])).toEqual([
    ['', '岗位：不对照', false],
    ['inside-sales', profile.name.zh, true],
  ]);
  fill(find(subject, 'select'), '', 'change');
  fill(find(subject, 'select'), 'inside-sales', 'change');
  expect(changes).toEqual(['', 'inside-sales']);
});
