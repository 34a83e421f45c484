import { afterEach, expect, test, vi } from 'vitest';
import { highlightName, painter } from './painter';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A document with highlights, which the environment of the tests does not have. */
function withHighlights() {
  const highlights = new Map<string, Set<Range>>();
  vi.stubGlobal('CSS', { highlights });
  vi.stubGlobal('Highlight', Set);
  return (look: string) => [...(highlights.get(highlightName(look)) ?? [])].map(String);
}

function block(text: string): HTMLElement {
  const element = document.createElement('div');
  element.append(text);
  document.body.append(element);
  return element;
}

test('a stroke is a range in the highlight of each of its looks; the text stays as it is', () => {
  const marked = withHighlights();
  const element = block('He signed. We met.');
  painter().paint(element, [{ start: 0, end: 10, looks: ['h3', 'positive'] }]);
  expect([marked('h3'), marked('positive'), marked('negative')]).toEqual([
    ['He signed.'],
    ['He signed.'],
    [],
  ]);
  expect(element.childNodes).toHaveLength(1);
});

test('two elements share the highlights of a page, and each takes back only what it drew', () => {
  const marked = withHighlights();
  const [one, other] = [painter(), painter()];
  const element = block('One.');
  one.paint(element, [{ start: 0, end: 4, looks: ['h0'] }]);
  other.paint(block('Other.'), [{ start: 0, end: 6, looks: ['h0'] }]);
  expect(marked('h0')).toEqual(['One.', 'Other.']);
  one.forget(element);
  expect(marked('h0')).toEqual(['Other.']);
});
