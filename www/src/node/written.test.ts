import { expect, test } from 'vitest';
import { assessment, evidence, refusal, rubric } from '../testing/fixtures';
import { written } from './written';

const TEXT = 'I offered 5%.\nHe signed.';

test('levels come with their evidence, and what is not shown says so', () => {
  const shown = { negotiation: { level: 4.2, evidence: [evidence(0, 13), evidence(14, 24, 'negative')] } };
  const lines = written('a.txt', TEXT, assessment(shown), rubric, 'en').split('\n');
  expect(lines[0]).toBe('a.txt');
  const at = lines.findIndex((line) => line.startsWith('Negotiation and closing: 4.2 of 5'));
  expect(lines.slice(at + 1, at + 3)).toEqual(['  ＋ I offered 5%.', '  － He signed.']);
  expect(lines).toContain('Communication: Not shown in this text');
});

test('a text that is refused has no levels, and says why in the language that was asked for', () => {
  const said = written('a.txt', TEXT, refusal(), rubric, 'zh');
  expect(said).toContain('因此不给出等级');
  expect(said).not.toContain('文中未体现');
});
