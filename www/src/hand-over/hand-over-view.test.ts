import { afterEach, expect, test, vi } from 'vitest';
import { emit } from '../component/events';
import * as files from '../files/save';
import { refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import { checkSeal } from './chain';
import './hand-over-view';
import { asHandOver } from './open';

const TEXT = 'I told Mr Whitcombe nothing.';
const correction = { competency: 'growth', level: 2, was: null, reason: '', reviewer: 'Z', date: '' };

/** The names and contents of the files that are saved from now on. */
function saved(): [string, string][] {
  const list: [string, string][] = [];
  vi.spyOn(files, 'save').mockImplementation((name, content) => list.push([name, content]));
  return list;
}

/** Waits until that many files are saved: computing the chain takes a moment. */
const savedAll = (list: readonly unknown[], count: number) =>
  until(() => {
    expect(list).toHaveLength(count);
  });

afterEach(() => {
  vi.restoreAllMocks();
});

test('the text stays out unless the person includes it, and then without the names they check', async () => {
  const list = saved();
  const subject = await mount('sales-mirror-hand-over', { rubric, results: [result(TEXT)] });
  const submit = () => find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  fill(find(subject, '#person'), 'P 1');
  submit();
  await savedAll(list, 1);
  find(subject, 'input[type=checkbox]').click();
  await rendered(subject);
  expect(find<HTMLInputElement>(subject, '#names').value).toBe('Whitcombe');
  submit();
  await savedAll(list, 2);
  const texts = list.map(
    ([, content]) => asHandOver(JSON.parse(content), rubric, 'file').results[0]?.report.text,
  );
  expect(texts).toEqual(['', 'I told Mr [A] nothing.']);
  expect(list[0]?.[0]).toMatch(/^assessment-P-1-\d{4}-\d{2}-\d{2}\.json$/);
});

test('the file says which texts were refused, and so does the form', async () => {
  const list = saved();
  const subject = await mount('sales-mirror-hand-over', {
    rubric,
    results: [result(TEXT, { growth: { level: 3 } }), refused('Five ways to close faster.')],
  });
  expect(textOf(find(subject, 'form'))).toContain('One text is no account of your own work with customers.');
  fill(find(subject, '#person'), 'P 1');
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  await savedAll(list, 1);
  const { results } = asHandOver(JSON.parse(list[0]?.[1] ?? ''), rubric, 'file');
  expect(results.map(({ assessment }) => assessment.account.accepted)).toEqual([true, false]);
});

test('a self-rating can be left out, and corrected texts are saved for training', async () => {
  const list = saved();
  const results = [{ ...result(TEXT), self: { growth: 3 }, corrections: [correction] }];
  const subject = await mount('sales-mirror-hand-over', { rubric, results, language: 'zh' });
  const told = heard(subject, 'activity');
  fill(find(subject, '#person'), '小林');
  find<HTMLInputElement>(subject, '[name=self]').checked = false;
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  await savedAll(list, 1);
  findAll<HTMLButtonElement>(subject, 'button').at(-1)?.click();
  expect(list.map(([name]) => name.replace(/\d{4}-\d{2}-\d{2}/, 'day'))).toEqual([
    '评估-小林-day.json',
    '标注报告-day.jsonl',
  ]);
  expect(told).toMatchObject([
    { what: 'handed_over', form: 'json', results },
    { what: 'exported', form: 'jsonl', results },
  ]);
  expect(asHandOver(JSON.parse(list[0]?.[1] ?? ''), rubric, 'file').results[0]?.self).toBeNull();
  expect(JSON.parse(list[1]?.[1] ?? '')).toMatchObject({ text: TEXT, scores: { growth: 2 } });
});

test('the file has the person’s notes, what it is for, when to delete it, and where it comes from', async () => {
  const list = saved();
  const made = result(TEXT, { growth: { level: 3 } });
  const subject = await mount('sales-mirror-hand-over', { rubric, results: [made] });
  const note = {
    ...{ id: 'n', competency: 'growth', sentence: null, claim: 'wrong', text: 'No.' },
    at: '2026-02-02T00:00:00.000Z',
  };
  find(subject, 'sales-mirror-notes').dispatchEvent(
    new CustomEvent('note-added', { detail: { report: made.report.id, note } }),
  );
  fill(find(subject, '#person'), 'P 1');
  fill(find(subject, '#purpose'), 'My yearly talk');
  fill(find(subject, '#audience'), 'Zoe');
  fill(find(subject, '#delete-by'), '2099-01-01', 'change');
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  await savedAll(list, 1);
  const content: unknown = JSON.parse(list[0]?.[1] ?? '');
  expect(content).toMatchObject({
    ...{ purpose: 'My yearly talk', audience: 'Zoe', deleteBy: '2099-01-01' },
    results: [{ notes: [note] }],
  });
  const { about } = asHandOver(content, rubric, 'file');
  expect(about[0]).toBe('Purpose: My yearly talk');
  expect(about.at(-1)).toBe('Made by an AI system from this text; may be wrong.');
  expect(await checkSeal(content)).toBe('intact');
});

test('a note, and what is done with a file that came back, is told to the log', async () => {
  const results = [result(TEXT), result('I called.')];
  const subject = await mount('sales-mirror-hand-over', { rubric, results });
  const told = heard(subject, 'activity');
  const note = {
    id: 'n',
    competency: 'growth',
    sentence: null,
    claim: 'wrong',
    text: 'No.',
    at: '',
  } as const;
  emit(find(subject, 'sales-mirror-notes'), 'note-added', { report: results[1]?.report.id ?? '', note });
  emit(find(subject, 'sales-mirror-answer'), 'activity', { what: 'opened', form: 'json', results });
  expect(told).toMatchObject([
    { what: 'noted', results: [{ report: { text: 'I called.' } }] },
    { what: 'opened', results },
  ]);
});
