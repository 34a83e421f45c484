// Tests that the README and the user guide say the same in English and Chinese, as far as a program can tell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { structure } from './translations.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const PAGES = [
  ['README.md', 'README.zh.md'],
  ['docs/user-guide.md', 'docs/user-guide.zh.md'],
  ['docs/rubric-editor.md', 'docs/rubric-editor.zh.md'],
  ['docs/trial.md', 'docs/trial.zh.md'],
];

for (const [english, chinese] of PAGES) {
  test(`${chinese} has the headings, commands, figures and links of ${english}`, () => {
    assert.deepEqual(structure(read(chinese), chinese, root), structure(read(english), english, root));
  });

  test(`${english} and ${chinese} begin with a link to each other`, () => {
    const beginning = (path) => read(path).split('\n').slice(0, 5).join('\n');
    assert.ok(beginning(english).includes(`(${chinese.split('/').at(-1)})`));
    assert.ok(beginning(chinese).includes(`(${english.split('/').at(-1)})`));
  });
}

test('a command, a heading, a figure or a link that one language lacks is a difference', () => {
  const readme = read('README.md');
  const whole = structure(readme, 'README.md', root);
  for (const [part, from, to] of [
    ['blocks', 'pkg-scripts/test ', 'pkg-scripts/tests '],
    ['headings', /^## .+$/m, ''],
    ['code', '`www/src/`', '`www/source/`'],
    ['figures', '16.5 MB', '15.5 MB'],
    ['links', '(docs/input.md)', '(docs/people.md)'],
  ]) {
    const changed = readme.replace(from, to);
    assert.notEqual(changed, readme, `README.md has no ${String(from)}`);
    assert.notDeepEqual(structure(changed, 'README.md', root)[part], whole[part], part);
  }
});

test('comments and the language of a page make no difference', () => {
  const of = (markdown, path) => structure(markdown, path, root);
  const english = '# A\n```sh\nrun --fast    # quickly\n```\n[b](docs/user-guide.md#your-plan) ![c](docs/screenshots/team-en-light.png)\n';
  const chinese = '# 甲\n```sh\nrun --fast    # 快\n```\n![丙](docs/screenshots/team-zh-dark.png) [乙](docs/user-guide.zh.md#你的计划)\n';
  assert.deepEqual(of(chinese, 'README.zh.md'), of(english, 'README.md'));
});

test('a link to a file or a heading that is not there is an error', () => {
  assert.throws(() => structure('[a](docs/none.md)', 'README.md', root), /no such file/);
  assert.throws(() => structure('[a](docs/user-guide.md#none)', 'README.md', root), /no such heading/);
});
