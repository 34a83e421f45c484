import { afterEach, expect, test, vi } from 'vitest';
import type { EventOf } from '../component/events';
import * as files from '../files/save';
import type { Result } from '../report/report';
import { opened } from '../testing/files/hand-over';
import { result, rubric } from '../testing/fixtures';
import { find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './answer-view';
import { checkSeal, sealed } from './chain';
import { corrected } from './open';

const correction = {
  ...{ competency: 'growth', level: 2, was: 3, reason: 'r', reviewer: 'Zoe', date: '2026-02-01' },
};
const results = [{ ...result('I called.', { growth: { level: 3 } }), corrections: [correction] }];

afterEach(() => {
  vi.restoreAllMocks();
});

async function open(content: unknown) {
  const subject = await mount('sales-mirror-answer', { rubric });
  const told = heard(subject, 'activity');
  const chosen = [new File([JSON.stringify(content)], 'back.json')];
  find(subject, 'sales-mirror-file-drop').dispatchEvent(new CustomEvent('files-chosen', { detail: chosen }));
  await until(() => {
    expect(findAll(subject, 'sales-mirror-correction, .alert').length).toBeGreaterThan(0);
  });
  return { subject, told };
}

test('a corrected file is answered and saved with its corrections, under a new chain', async () => {
  const saved: string[] = [];
  vi.spyOn(files, 'save').mockImplementation((_, content) => saved.push(content));
  const { subject, told } = await open(
    await sealed(corrected([opened({ person: 'Ada', results })], results)),
  );
  const note = {
    ...{ id: 'n', competency: 'growth', sentence: null, claim: 'wrong', text: 'No.' },
    at: '2026-02-02T00:00:00.000Z',
  };
  find(subject, 'sales-mirror-notes').dispatchEvent(
    new CustomEvent('note-added', { detail: { report: results[0]?.report.id, note } }),
  );
  await rendered(subject);
  findAll<HTMLButtonElement>(subject, 'button').at(-1)?.click();
  await until(() => {
    expect(saved).toHaveLength(1);
  });
  const content: unknown = JSON.parse(saved[0] ?? '');
  expect(content).toMatchObject({ person: 'Ada', results: [{ corrections: [correction], notes: [note] }] });
  expect(await checkSeal(content)).toBe('intact');
  expect(told.map(({ what, results }) => [what, results.length])).toEqual([
    ['opened', 1],
    ['noted', 1],
    ['handed_over', 1],
  ]);
});

test('the page around hears the levels of the latest text that was decided on', async () => {
  const told: unknown[] = [];
  const hear = ({ detail }: EventOf<'sales-mirror-levels'>) => told.push(detail);
  document.body.addEventListener('sales-mirror-levels', hear);
  const [first] = results;
  const of = (date: string, corrections: Result['corrections']) => {
    const later = result('I called.', { growth: { level: 3 } });
    return { ...later, corrections, report: { ...later.report, date } };
  };
  const [later, undecided] = [of('2030-01-01', [{ ...correction, level: 5 }]), of('2031-01-01', [])];
  await open(
    await sealed(opened({ person: 'Ada', results: [first, later, undecided].filter((entry) => !!entry) })),
  );
  document.body.removeEventListener('sales-mirror-levels', hear);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ from: 'file' });
  expect(JSON.stringify(told)).toContain('"level":5,"decided":true');
});

test('a file that is none is told', async () => {
  const { subject, told } = await open({});
  expect(told).toEqual([]);
  expect(textOf(find(subject, '.alert'))).toMatch(/^back\.json: This is not a SalesMirror hand-over/);
});
