import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMAT, VERSION } from '../hand-over/hand-over';
import { asHandOver } from '../hand-over/open';
import { assessment, refused, result, rubric } from '../testing/fixtures';
import type { Activity } from './activity';
import { entryOf } from './entry';

const AT = new Date('2026-11-28T21:04:22Z');
const HASH = 'a'.repeat(64);

test('an entry says what was done, when, with what, and how many texts were refused', () => {
  const one = result('He signed.');
  const made = { ...one.assessment, model: { id: 'e5-small-9', sha256: HASH } };
  const results = [{ ...one, assessment: made }, refused('Five ways to close.')];
  expect(entryOf({ what: 'exported', form: 'csv', results }, AT)).toEqual({
    ...{ at: '2026-11-28T21:04:22.000Z', what: 'exported', form: 'csv', live: false, texts: 2, refused: 1 },
    assessment: null,
    models: [
      { id: 'e5-small-9', sha256: HASH },
      { id: 'test', sha256: '' },
    ],
    rubrics: [{ id: rubric.id, version: rubric.version }],
  });
});

test('an entry about one text has the id of its report', () => {
  const one = result('He signed.');
  expect(entryOf({ what: 'assessed', results: [one], live: true }, AT)).toMatchObject({
    ...{ assessment: one.report.id, live: true, form: null },
  });
});

test('a plan without its text has the model of its levels', () => {
  const made = [assessment(), assessment()];
  const entry = entryOf({ what: 'exported', form: 'ics', results: [], made }, AT);
  expect(entry).toMatchObject({ texts: 0, models: [{ id: 'test' }], rubrics: [{ id: rubric.id }] });
});

/** Words that people write, none of which is one of ours; long enough not to be in a random id by chance. */
const words = fc.oneof(
  fc.stringMatching(/^[G-Zg-z][a-z ]{7,30}$/),
  fc.stringMatching(/^[\u4e00-\u9fff]{4,20}$/),
  fc.string({ minLength: 8, maxLength: 40 }).filter((text) => /\P{ASCII}|\s/u.test(text)),
);

/** The parts of a text that would tell something of it: every four characters that are not spaces or digits. */
const parts = (text: string) =>
  Array.from({ length: Math.max(text.length - 3, 0) }, (_, i) => text.slice(i, i + 4)).filter(
    (part) => !/[\s\d"\\]/.test(part),
  );

test('whatever a text, its name, its speakers and corrections are, nothing of them is in an entry', () => {
  const frame = JSON.stringify(entryOf({ what: 'corrected', results: [result('')] }, AT));
  fc.assert(
    fc.property(words, words, words, (text, name, reviewer) => {
      const one = result(text, {}, name);
      const correction = {
        competency: 'growth',
        level: 1,
        was: 2,
        reason: text,
        reviewer,
        date: '2026-01-01',
      };
      const speakers = [{ name: reviewer, sentences: 1, own: true }] as never;
      const full = {
        ...one,
        assessment: { ...one.assessment, speakers },
        corrections: [correction],
        notes: [{ text, id: '1', competency: 'growth', sentence: null, claim: 'wrong' as const, at: '' }],
      };
      const entry = JSON.stringify(entryOf({ what: 'corrected', results: [full] }, AT));
      for (const part of [text, name, reviewer].flatMap(parts))
        expect(entry.includes(part) && !frame.includes(part), part).toBe(false);
    }),
  );
});

test('a forged hand-over file cannot write into an entry', () => {
  const one = result('He signed.');
  const words = 'Ada Byron told the customer a lie';
  const forged = {
    ...{ format: FORMAT, version: VERSION, person: 'Ada', exported: '' },
    rubric: { id: rubric.id, version: rubric.version },
    results: [
      {
        ...one,
        report: { ...one.report, id: words },
        assessment: {
          ...one.assessment,
          model: { id: words, sha256: words },
          rubric: { id: words, version: words },
        },
      },
    ],
  };
  const { results } = asHandOver(forged, rubric, 'a.json');
  const entry = entryOf({ what: 'opened', form: 'json', results }, AT);
  expect(JSON.stringify(entry)).not.toMatch(/Ada|lie/);
  expect(entry).toMatchObject({ assessment: null, models: [{ id: '', sha256: '' }] });
});

test('an entry about many models names only some of them', () => {
  const results: Activity['results'] = Array.from({ length: 30 }, (_, i) => {
    const one = result('a');
    return { ...one, assessment: { ...one.assessment, model: { id: `model-${i}`, sha256: HASH } } };
  });
  expect(entryOf({ what: 'exported', results }, AT).models).toHaveLength(8);
});
