import { expect, test } from 'vitest';
import { FakeHost } from '../testing/host';
import type { Mode } from './mode';
import { SelfRatingController, type SelfRatingHost } from './self-rating-controller';

class Host extends FakeHost implements SelfRatingHost {
  mode: Mode = 'self';
  selfRating: 'on' | 'off' = 'on';
}

test('a writer is asked once, before the first result', () => {
  const subject = new SelfRatingController(new Host());
  subject.begin();
  expect(subject.asking).toBe(true);
  subject.done();
  subject.begin();
  expect([subject.asking, subject.due]).toEqual([false, false]);
  subject.askAgain();
  subject.begin();
  expect(subject.asking).toBe(true);
});

test('without a result there is nothing to compare with, and the question comes again', () => {
  const subject = new SelfRatingController(new Host());
  subject.begin();
  subject.dismiss();
  expect([subject.asking, subject.due]).toEqual([false, true]);
});

test('nobody else is asked, and nobody who turned it off', () => {
  for (const change of [{ mode: 'candidate' }, { mode: 'headless' }, { selfRating: 'off' }] as const) {
    const subject = new SelfRatingController(Object.assign(new Host(), change));
    subject.begin();
    expect(subject.asking).toBe(false);
  }
});
