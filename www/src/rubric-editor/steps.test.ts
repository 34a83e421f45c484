import { expect, test } from 'vitest';
import { Steps, type Source, type State } from './steps';

const source: Source = { name: '', languages: ['en'], editions: [], saved: new Map() };
const state = (text: string, of = source): State => ({ source: of, values: new Map([['name/0/en', text]]) });
const text = (steps: Steps) => steps.state.values.get('name/0/en');

test('what is typed in one field without a pause is one step', () => {
  const steps = new Steps(state(''));
  steps.change(state('a'), 'name/0/en', 0);
  steps.change(state('ab'), 'name/0/en', 1000);
  steps.change(state('abc'), 'name/0/en', 2600);
  steps.change(state('abcd'), 'name/1/en', 2700);
  const seen = [text(steps)];
  while (steps.canUndo) {
    steps.undo();
    seen.push(text(steps));
  }
  expect(seen).toEqual(['abcd', 'abc', 'ab', '']);
  while (steps.canRedo) steps.redo();
  expect(text(steps)).toBe('abcd');
});

test('another change leaves no way forward', () => {
  const steps = new Steps(state(''));
  steps.change(state('a'));
  steps.undo();
  steps.change(state('b'));
  expect([steps.canRedo, text(steps)]).toEqual([false, 'b']);
});

test('what was saved stays saved on the way back, and an opened file can be taken back', () => {
  const steps = new Steps(state(''));
  steps.change(state('a'));
  const saved = { ...source, name: 'rubric-1.json' };
  steps.resource(saved);
  steps.undo();
  expect(steps.state.source).toBe(saved);
  steps.change(state('other', { ...source, name: 'other.json' }));
  expect(steps.left?.source).toBe(saved);
  steps.undo();
  expect(steps.state.source).toBe(saved);
});
