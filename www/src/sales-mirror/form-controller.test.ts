import { expect, test, vi } from 'vitest';
import type { Assessment } from '../engine/contract';
import { assessment } from '../testing/fixtures';
import { FakeHost } from '../testing/host';
import { FormController, type FormHost } from './form-controller';
import { until } from '../testing/element';

class Host extends FakeHost implements FormHost {
  assessment: Assessment | null = null;
  required = false;
  tabIndex = 0;
  removeAttribute = vi.fn();
}

function setUp() {
  const host = new Host();
  const internals = { setFormValue: vi.fn(), setValidity: vi.fn() };
  const field = document.createElement('textarea');
  const subject = new FormController(
    host,
    internals as unknown as ElementInternals,
    () => field,
    () => 'A text is missing.',
  );
  return { host, internals, field, subject };
}

test('the value is the assessment as JSON, set when it changes', () => {
  const { host, internals, subject } = setUp();
  host.update();
  expect(internals.setFormValue).toHaveBeenLastCalledWith(null);
  expect(subject.value).toBe('');
  host.assessment = assessment({ growth: { level: 2 } });
  host.update();
  host.update();
  expect(internals.setFormValue).toHaveBeenCalledTimes(2);
  expect(internals.setFormValue).toHaveBeenLastCalledWith(JSON.stringify(host.assessment));
  expect(subject.value).toBe(JSON.stringify(host.assessment));
});

test('a required assessment that is missing makes the form invalid, until there is one', () => {
  const { host, internals, field } = setUp();
  host.required = true;
  host.update();
  expect(internals.setValidity).toHaveBeenLastCalledWith({ valueMissing: true }, 'A text is missing.', field);
  expect(host.tabIndex).toBe(-1);
  host.assessment = assessment();
  host.update();
  expect(internals.setValidity).toHaveBeenLastCalledWith({});
  expect(host.removeAttribute).toHaveBeenLastCalledWith('tabindex');
});

test('the focus goes to the text area where the form finds it invalid', async () => {
  const { host, field } = setUp();
  document.body.append(field);
  host.connect();
  host.dispatchEvent(new Event('invalid'));
  await until(() => {
    expect(document.activeElement).toBe(field);
  });
  field.blur();
  host.disconnect();
  const focus = vi.spyOn(field, 'focus');
  host.dispatchEvent(new Event('invalid'));
  await new Promise((done) => setTimeout(done));
  expect(focus).not.toHaveBeenCalled();
});

test('a disabled fieldset disables the element', () => {
  const { host, subject } = setUp();
  subject.disable(true);
  expect([subject.disabled, host.updates]).toEqual([true, 1]);
});
