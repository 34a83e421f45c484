import { expect, test } from 'vitest';
import type { Assessment, Evidence, Part } from '../engine/contract';
import { segments } from './highlight';

const span = (start: number, end: number, polarity: Evidence['polarity'] = 'positive'): Evidence => ({
  start,
  end,
  polarity,
  probability: 0.9,
  weight: 0.5,
  without: null,
});

const assessment = (evidence: Record<string, Evidence[]>, left_out: readonly Part[] = []) =>
  ({
    left_out,
    competencies: Object.entries(evidence).map(([id, list]) => ({ id, evidence: list })),
  }) as unknown as Assessment;

test('segments joined are the text, and evidence is where it was found', () => {
  const text = '👍🏽 Good. 好。Rest';
  const found = segments(text, assessment({ planning: [span(5, 10)], growth: [span(11, 13, 'negative')] }));
  expect(found.map((s) => s.text).join('')).toBe(text);
  expect(found.map((s) => [s.text, s.marks.map((m) => m.competency)])).toEqual([
    ['👍🏽 ', []],
    ['Good.', ['planning']],
    [' ', []],
    ['好。', ['growth']],
    ['Rest', []],
  ]);
});

test('one sentence may be evidence for several competencies', () => {
  const [first] = segments('Both.', assessment({ planning: [span(0, 5)], growth: [span(0, 5, 'negative')] }));
  expect(first?.marks.map((m) => m.polarity)).toEqual(['positive', 'negative']);
});

test('overlapping evidence is cut at every border', () => {
  const found = segments('abcdef', assessment({ planning: [span(0, 4)], growth: [span(2, 6)] }));
  expect(found.map((s) => [s.text, s.marks.length])).toEqual([
    ['ab', 1],
    ['cd', 2],
    ['ef', 1],
  ]);
});

test('only what is asked for is marked', () => {
  const both = assessment({ planning: [span(0, 2)], growth: [span(4, 6)] });
  expect(segments('abcdef', both, 'growth').map((s) => [s.text, s.marks.length])).toEqual([
    ['abcd', 0],
    ['ef', 1],
  ]);
});

test('a part that did not count is one segment, whatever is found in it', () => {
  const parts: Part[] = [
    { start: 2, end: 6, reason: 'other_speaker' },
    { start: 6, end: 8, reason: 'repeated' },
  ];
  const found = segments('abcdefghij', assessment({ planning: [span(3, 4), span(8, 10)] }, parts));
  expect(found.map(({ text, marks, leftOut }) => [text, marks.length, leftOut])).toEqual([
    ['ab', 0, null],
    ['cdef', 0, 'other_speaker'],
    ['gh', 0, 'repeated'],
    ['ij', 1, null],
  ]);
});

test('no evidence is one segment, no text is none', () => {
  expect(segments('abc', assessment({}))).toHaveLength(1);
  expect(segments('', assessment({}))).toEqual([]);
});
