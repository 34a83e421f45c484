import { expect, test } from 'vitest';
import type { Part, Speaker } from '../engine/contract';
import { find, findAll, mount, rendered, textOf } from '../testing/element';
import { result } from '../testing/fixtures';
import { heard } from '../testing/host';
import './authorship';

const TEXT = 'Rep: I asked why.\nCustomer: Price.\nRep: I see.\nCustomer: Yes.';
const speaker = (name: string, counts: boolean): Speaker => ({ name, turns: 2, counts });

function conversation(speakers: readonly Speaker[], left_out: readonly Part[] = []) {
  const plain = result(TEXT, {});
  return { ...plain, assessment: { ...plain.assessment, speakers, left_out } };
}

test('a text of one writer asks nothing', async () => {
  const subject = await mount('sales-mirror-authorship', { result: result(TEXT, {}) });
  expect(textOf(subject)).toBe('');
});

test('the person says which speaker they are', async () => {
  const speakers = [speaker('Rep', true), speaker('Customer', false)];
  const subject = await mount('sales-mirror-authorship', { result: conversation(speakers) });
  const changes = heard(subject, 'whose-change');
  const radios = findAll<HTMLInputElement>(subject, 'input[type=radio]');
  expect(radios.map(({ checked }) => checked)).toEqual([true, false, false]);
  expect(textOf(subject)).toContain('Which of the speakers are you?');
  expect(textOf(subject)).toContain('Customer (2 turns)');
  radios[1]?.click();
  expect(changes).toEqual([{ speaker: 'Customer', whole: false, quoted: false, account: false }]);
  subject.language = 'zh';
  await rendered(subject);
  expect(textOf(subject)).toContain('哪一位是你？');
});

test('where the names tell no roles, nobody is chosen', async () => {
  const speakers = [speaker('Anna', true), speaker('Tom', true)];
  const subject = await mount('sales-mirror-authorship', { result: conversation(speakers), reviewed: true });
  const radios = findAll<HTMLInputElement>(subject, 'input[type=radio]');
  expect(radios.map(({ checked }) => checked)).toEqual([false, false, false]);
  expect(textOf(subject)).toContain('Which of the speakers is assessed?');
  expect(textOf(subject)).toContain('Until you choose');
});

test('quoted mails can be counted, and left out again', async () => {
  const quoted = conversation([], [{ start: 0, end: 5, reason: 'quoted_mail' }]);
  const subject = await mount('sales-mirror-authorship', { result: quoted });
  const changes = heard(subject, 'whose-change');
  find<HTMLInputElement>(subject, 'input[type=checkbox]').click();
  expect(changes).toEqual([{ speaker: null, whole: false, quoted: true, account: false }]);
  const plain = conversation([]);
  subject.result = {
    ...plain,
    report: { ...plain.report, whose: { speaker: null, whole: false, quoted: true, account: false } },
  };
  await rendered(subject);
  find<HTMLInputElement>(subject, 'input[type=checkbox]').click();
  expect(changes[1]).toEqual({ speaker: null, whole: false, quoted: false, account: false });
});

test('a refused text can be claimed as an account of own work, and given up again', async () => {
  const plain = result(TEXT, {});
  const refused = {
    ...plain,
    assessment: { ...plain.assessment, account: { probability: 0.1, accepted: false } },
  };
  const subject = await mount('sales-mirror-authorship', { result: refused });
  const changes = heard(subject, 'whose-change');
  expect(textOf(subject)).toContain('This is about my own work with customers');
  find<HTMLInputElement>(subject, 'input[type=checkbox]').click();
  expect(changes).toEqual([{ speaker: null, whole: false, quoted: false, account: true }]);
  const [claim] = changes;
  subject.result = { ...plain, report: { ...plain.report, whose: claim } };
  subject.language = 'zh';
  await rendered(subject);
  expect(textOf(subject)).toContain('请评估全文');
  find<HTMLInputElement>(subject, 'input[type=checkbox]').click();
  expect(changes[1]).toEqual({ speaker: null, whole: false, quoted: false, account: false });
});
