import { expect, test } from 'vitest';
import { endsSentence, isAnother } from './typing';

test.each([
  ['', 'He signed.', true],
  ['He signed', 'He signed.', true],
  ['He signed', 'He signed!', true],
  ['他签字了', '他签字了。', true],
  ['One Two.', 'One. Two.', true],
  ['a line', 'a line\n', true],
  ['“Yes', '“Yes.”', true],
  ['One. Two.', 'One. She agreed. Two.', true],
  ['One. Two.', 'Zero. One. Two.', true],
  ['他签字了', '他签字了。\u3000', true],
  ['He sign', 'He signe', false],
  ['He signed.', 'He signed. ', false],
  ['He signed.', 'He signed', false],
  ['One. Two.', 'One. Twos.', false],
])('%j to %j', (before, after, ends) => {
  expect(endsSentence(before, after)).toBe(ends);
});

test('another text is told from an edit of the same one', () => {
  expect(isAnother('He signed.', 'She did not want it.')).toBe(true);
  expect(isAnother('He signed.', '')).toBe(true);
  expect(isAnother('He signed.', 'He signed. So did she.')).toBe(false);
  expect(isAnother('He signed.', 'He signe')).toBe(false);
  expect(isAnother('', 'He signed.')).toBe(false);
});
