import { expect, test } from 'vitest';
import { evidence, refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import './notes-view';

const TEXT = 'I gave 20% at once. He signed.';
const made = result(TEXT, { growth: { level: 2, evidence: [evidence(0, 19, 'negative')] } });

test('a note is about a level or one of its sentences', async () => {
  const subject = await mount('sales-mirror-notes', { rubric, results: [refused('Ad.'), made] });
  const added = heard(subject, 'note-added');
  fill(find(subject, '#competency'), 'growth', 'change');
  await rendered(subject);
  fill(find(subject, '#sentence'), '0', 'change');
  fill(find(subject, '#claim'), 'wrong', 'change');
  fill(find(subject, '#text'), ' It was 2%. ');
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  expect(added).toMatchObject([
    {
      report: made.report.id,
      note: { competency: 'growth', sentence: { start: 0, end: 19 }, claim: 'wrong', text: 'It was 2%.' },
    },
  ]);
  subject.results = [{ ...made, notes: added.map(({ note }) => note) }];
  await rendered(subject);
  expect(textOf(find(subject, 'li'))).toMatch(/: This is wrong\. It was 2%\. Not answered yet\.$/);
});

test('a text that is not included has no sentences to choose, and one without levels takes no notes', async () => {
  const bare = { ...made, report: { ...made.report, text: '' } };
  const subject = await mount('sales-mirror-notes', { rubric, results: [bare] });
  fill(find(subject, '#competency'), 'growth', 'change');
  await rendered(subject);
  expect(findAll(subject, '#sentence')).toEqual([]);
  const none = await mount('sales-mirror-notes', { rubric, results: [refused('Ad.')] });
  expect(findAll(none, 'form')).toEqual([]);
});
