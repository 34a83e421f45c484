import { expect, test } from 'vitest';
import { FakeHost } from '../testing/host';
import { LeavingController } from './leaving-controller';

/** Whether the browser asks before the page is left. */
function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
}

test('the browser asks only while there is a text that was typed', () => {
  const host = new FakeHost();
  const state = { text: '', typed: false };
  const leaving = new LeavingController(
    host,
    () => state.text !== '',
    () => state.typed,
  );
  host.connect();
  expect(asks()).toBe(false);
  state.text = 'from a file';
  expect(asks()).toBe(false);
  leaving.edited = true;
  expect(asks()).toBe(true);
  state.text = '';
  expect(asks()).toBe(false);
  state.typed = true;
  expect(asks()).toBe(true);
  host.disconnect();
  expect(asks()).toBe(false);
});
