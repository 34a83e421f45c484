import { expect, test } from 'vitest';
import { emit } from './events';

test('what the log of use is told rises to the shadow root of <sales-mirror>, and ends there', () => {
  const heard: string[] = [];
  const outer = document.createElement('div');
  const root = outer.attachShadow({ mode: 'open' });
  const inner = root.appendChild(document.createElement('div'));
  outer.addEventListener('activity', () => heard.push('outer'));
  root.addEventListener('activity', () => heard.push('root'));
  emit(inner, 'activity', { what: 'assessed', results: [] });
  expect(heard).toEqual(['root']);
});

test('only the events of <sales-mirror> leave the shadow root', () => {
  const heard: [string, unknown][] = [];
  const outer = document.createElement('div');
  const inner = outer.attachShadow({ mode: 'open' }).appendChild(document.createElement('div'));
  for (const name of ['sales-mirror-error', 'text-change'] as const) {
    outer.addEventListener(name, ({ detail }) => heard.push([`outer ${name}`, detail]));
    inner.addEventListener(name, ({ detail }) => heard.push([`inner ${name}`, detail]));
  }
  const failure = { code: 'cancelled', message: '', detail: null } as const;
  emit(inner, 'sales-mirror-error', failure);
  emit(inner, 'text-change', 'a');
  expect(heard).toEqual([
    ['inner sales-mirror-error', failure],
    ['outer sales-mirror-error', failure],
    ['inner text-change', 'a'],
  ]);
});
