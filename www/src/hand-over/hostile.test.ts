import { expect, test } from 'vitest';
import { Trouble } from '../failure/trouble';
import { asExport, readExport } from '../history/export';
import { provenance } from '../report/provenance';
import { csv } from '../team/csv';
import { people } from '../team/people';
import { reviews, summaries } from '../team/statistics';
import { evidence, result, rubric } from '../testing/fixtures';
import { seeded } from '../testing/seeded';
import { checkSeal, sealed } from './chain';
import { asHandOver, handOver } from './hand-over';

const correction = {
  ...{ competency: 'growth', level: 2, was: 3, reason: 'r', reviewer: 'Zoe', date: '2026-02-01', own: 1 },
  ...{ at: '2026-02-01T00:00:00.000Z', answers: [{ note: 'n', answer: 'a' }] },
};
const note = {
  ...{ id: 'n', competency: 'growth', sentence: { start: 0, end: 3 }, claim: 'wrong' as const, text: 'No.' },
  at: '2026-01-02T00:00:00.000Z',
};
const made = result('I called the plant.', { growth: { level: 3, evidence: [evidence(0, 8)] } });
const results = [{ ...made, self: { growth: 3 }, corrections: [correction], notes: [note] }];
const choices = {
  ...{ person: 'Ada', writer: 'w', purpose: '', audience: '', deleteBy: null },
  ...{ withText: true, withSelf: true, names: [] },
};
const JUNK = [
  ...['null', '[]', '{}', '"x"', '""', '-1', '1e999', '0.5', 'true', '[[[]]]', '[null]', '"2026-01-01"'],
  ...['{"__proto__":{"level":5}}', '{"constructor":1}', '{"toString":null}', '"\\u0000"', '[{"start":0}]'],
];

/** Replaces one value somewhere in a file by junk. */
function spoil(value: unknown, random: () => number): void {
  let at = value as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(at);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined) return;
    const next = at[key];
    if (typeof next === 'object' && next !== null && random() < 0.8) {
      at = next as Record<string, unknown>;
      continue;
    }
    at[key] = JSON.parse(JUNK[Math.floor(random() * JUNK.length)] ?? 'null');
    return;
  }
}

/** What reading gives, or null if it is refused as it should be: with a reason that a person can read. */
function read<T>(reading: () => T): T | null {
  try {
    return reading();
  } catch (thrown) {
    if (thrown instanceof Trouble) return null;
    throw thrown;
  }
}

test('a file that is spoilt anywhere is refused with a reason, or can be used as any other', async () => {
  const random = seeded(3);
  const good = JSON.stringify(await sealed(handOver(results, rubric, choices, 'en')));
  const counts = { refused: 0, used: 0 };
  for (let round = 0; round < 600; round++) {
    const file: unknown = JSON.parse(good);
    for (let times = 0; times <= round % 3; times++) spoil(file, random);
    const content = read(() => asHandOver(file, rubric, 'x.json'));
    if (!content) {
      counts.refused++;
      continue;
    }
    counts.used++;
    const team = people([{ ...content, seal: await checkSeal(file) }]);
    summaries(team, rubric, 1);
    reviews(team);
    csv(team, rubric, { profile: null, language: 'zh', pseudonyms: false });
  }
  expect(Math.min(counts.refused, counts.used)).toBeGreaterThan(50);
  expect(({} as { level?: number }).level).toBeUndefined();
});

test('so is an exported history', () => {
  const random = seeded(5);
  const good = asExport(results, 'en');
  const counts = { refused: 0, used: 0 };
  for (let round = 0; round < 400; round++) {
    const file: unknown = JSON.parse(good);
    spoil(file, random);
    const entries = read(() => readExport(file, rubric, 'x.json'));
    if (!entries) counts.refused++;
    else {
      counts.used++;
      provenance(
        entries.map(({ assessment }) => assessment),
        'en',
      );
    }
  }
  expect(Math.min(counts.refused, counts.used)).toBeGreaterThan(30);
});
