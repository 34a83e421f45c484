import { expect, test } from 'vitest';
import { allowedOrigins, asRequest } from './protocol';

test('only the own origin and those listed may talk', () => {
  const allowed = allowedOrigins(
    'https://mirror.example',
    'https://portal.example/path  nonsense data:x http://intranet:8080',
  );
  expect([...allowed]).toEqual(['https://mirror.example', 'https://portal.example', 'http://intranet:8080']);
});

test('pages without an origin may not talk, even to a frame without one', () => {
  expect([...allowedOrigins('null', 'null file:///a data:,b')]).toEqual([]);
});

test('what is no message of ours is left alone', () => {
  for (const data of [
    null,
    'hello',
    {},
    { type: 'hello' },
    { salesmirror: 2, type: 'hello' },
    { salesmirror: 1, type: 'assess', id: 1, text: 'x' },
    { salesmirror: 1, type: 'assess', id: 'a', text: ['x'] },
    { salesmirror: 1, type: 'set', attributes: 'lang' },
    { salesmirror: 1, type: ['hello'] },
    [1, 'hello'],
    JSON.parse('{"__proto__":{"salesmirror":1,"type":"hello"}}') as unknown,
  ]) {
    expect(asRequest(data)).toBeNull();
  }
  expect(asRequest({ salesmirror: 1, type: 'assess', id: 'a', text: 'x', more: 1 })).toEqual({
    type: 'assess',
    id: 'a',
    text: 'x',
  });
  const set = asRequest({
    salesmirror: 1,
    type: 'set',
    attributes: { lang: 'zh', kind: 'email', model: 'https://evil.example', live: 3 },
  });
  expect(set).toEqual({ type: 'set', attributes: { lang: 'zh', kind: 'email' } });
});
