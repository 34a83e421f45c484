import { expect, test } from 'vitest';
import { asExport } from '../history/export';
import { readExport, readPlan } from '../history/import';
import { provenance } from '../report/provenance';
import { csv } from '../team/csv';
import { people } from '../team/people';
import { reviews, summaries } from '../team/statistics';
import { evidence, result, rubric, tickedPlan } from '../testing/fixtures';
import { readsAnything } from '../testing/json';
import { checkSeal, sealed } from './chain';
import { handOver } from './hand-over';
import { asHandOver } from './open';

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

test('a hand-over file with anything in it is refused with a reason, or can be used as any other', async () => {
  const good = await sealed(handOver(results, rubric, choices, 'en'));
  await readsAnything(good, async (file) => {
    const content = asHandOver(file, rubric, 'x.json');
    const team = people([{ ...content, seal: await checkSeal(file) }]);
    summaries(team, rubric, 1);
    reviews(team);
    csv(team, rubric, { profile: null, language: 'zh', pseudonyms: false });
  });
});

test('so is an exported history', async () => {
  const good = asExport(results, 'en', tickedPlan(made, '2026-01-02'));
  await readsAnything(JSON.parse(good), (file) => {
    const entries = readExport(file, rubric, 'x.json');
    provenance(
      entries.map(({ assessment }) => assessment),
      'en',
    );
    const plan = readPlan(file, rubric, 'x.json');
    expect(plan === null ? [] : plan.goals).toBeInstanceOf(Array);
  });
});
