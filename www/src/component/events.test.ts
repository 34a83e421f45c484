import { expect, test } from 'vitest';
import { emit } from './events';

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
