import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparison } from './comparison.mjs';

const scored = (id, model, levels, accepted = true) => ({
  id,
  assessment: { model: { id: model }, account: { accepted }, competencies: Object.entries(levels).map(([id, level]) => ({ id, level })) },
});

test('levels that both models give are compared, and others counted', () => {
  const older = [scored('a', 'm1', { growth: 3, planning: null }), scored('b', 'm1', { growth: 2, planning: 4 }), scored('gone', 'm1', { growth: 1, planning: 1 })];
  const newer = [scored('b', 'm2', { growth: 2.2, planning: null }), scored('a', 'm2', { growth: 2.4, planning: 5 })];
  const lines = comparison(older, newer).split('\n');
  assert.equal(lines[0], 'm1 → m2, 2 texts; refused: 0 → 0');
  assert.deepEqual(lines.slice(4), [
    '| growth | 2 | 0 | 0 | −0.20 | 0.40 | 50 % |',
    '| planning | 0 | 1 | 1 |  |  |  |',
    '| all | 2 | 1 | 1 | −0.20 | 0.40 | 50 % |',
  ]);
});

test('texts that a model refuses are counted', () => {
  const older = [scored('a', 'm1', { growth: 3 })];
  assert.match(comparison(older, [scored('a', 'm2', { growth: null }, false)]), /refused: 0 → 1/);
});

test('what is no output of trainer score, or of other texts, is refused', () => {
  assert.throws(() => comparison([{ id: 'a' }], []), /row 1 has no assessment/);
  assert.throws(() => comparison([scored('a', 'm', {})], [scored('b', 'm', {})]), /no text in common/);
});
