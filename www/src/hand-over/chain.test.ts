import { afterEach, expect, test, vi } from 'vitest';
import { result, rubric } from '../testing/fixtures';
import { checkSeal, sealed } from './chain';
import { handOver } from './hand-over';
import { corrected } from './open';
import { opened } from '../testing/files/hand-over';

const correction = (level: number) => ({
  ...{ competency: 'growth', level, was: 2, reason: 'r', reviewer: 'R', date: '2026-03-01' },
});
const results = [
  { ...result('I called the plant.', { growth: { level: 2 } }), corrections: [correction(3), correction(4)] },
  result('I visited the plant.', { growth: { level: 3 } }),
];
const choices = {
  ...{ person: 'Ada', writer: 'w', purpose: '', audience: '', deleteBy: '2030-01-01' },
  ...{ withText: true, withSelf: true, names: [] },
};

/** A sealed file as it is written and read, with whatever somebody does to it in between. */
async function written(change: (file: Written) => void = () => undefined): Promise<unknown> {
  const file = JSON.parse(JSON.stringify(await sealed(handOver(results, rubric, choices, 'en')))) as Written;
  change(file);
  return file;
}
interface Written {
  person: string;
  deleteBy: string | null;
  results: {
    report: { text: string };
    assessment: { competencies: { level: number | null }[] };
    corrections: { level: number; reason: string }[];
  }[];
  chain?: { results: string[][] };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a file is intact as it was saved, whatever the order of its fields', async () => {
  expect(await checkSeal(await written())).toBe('intact');
  const reordered = JSON.stringify(await written(), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  );
  expect(await checkSeal(JSON.parse(reordered))).toBe('intact');
});

test.each<[string, (file: Written) => void]>([
  ['the person', (file) => (file.person = 'Ben')],
  ['the day of deletion', (file) => (file.deleteBy = null)],
  ['a level', (file) => file.results[0]?.assessment.competencies.forEach((entry) => (entry.level = 5))],
  ['a text', (file) => file.results[1]?.report && (file.results[1].report.text = 'Other.')],
  ['a correction', (file) => file.results[0]?.corrections[0] && (file.results[0].corrections[0].level = 5)],
  ['a correction that is dropped', (file) => file.results[0]?.corrections.pop()],
  [
    'a correction that is dropped with its hash',
    (file) => {
      file.results[0]?.corrections.pop();
      file.chain?.results[0]?.pop();
    },
  ],
  ['the order of corrections', (file) => file.results[0]?.corrections.reverse()],
  ['a result that is dropped', (file) => file.results.pop()],
])('a change of %s by hand is recognised', async (_, change) => {
  expect(await checkSeal(await written(change))).toBe('altered');
});

test('a file without a chain is told apart, and so is a page that cannot compute hashes', async () => {
  expect(await checkSeal(await written((file) => delete file.chain))).toBe('unsealed');
  const file = await written();
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(await checkSeal(file)).toBe('unchecked');
  expect(await sealed({ a: 1 })).toEqual({ a: 1 });
});

test('a file that was altered stays so when it is corrected and saved anew', async () => {
  const anew = await sealed(corrected([opened({ person: 'Ada', results, seal: 'altered' })], results));
  expect(await checkSeal(JSON.parse(JSON.stringify(anew)))).toBe('altered');
  const fine = await sealed(corrected([opened({ person: 'Ada', results })], results));
  expect(await checkSeal(JSON.parse(JSON.stringify(fine)))).toBe('intact');
});

test('of several files the earliest day of deletion holds', () => {
  const days = ['2030-05-01', null, '2030-02-01'];
  const files = days.map((deleteBy) => opened({ person: 'Ada', results, deleteBy }));
  expect(corrected(files, results).deleteBy).toBe('2030-02-01');
});
