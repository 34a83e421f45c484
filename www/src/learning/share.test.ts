import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { levelsThatCount } from '../report/counted';
import { result, rubric } from '../testing/fixtures';
import { PlatformError, type Platform, type SentLevel } from './platform';
import { sendable, Share } from './share';

const counted = (levels: Parameters<typeof result>[1]) =>
  levelsThatCount(result('I called.', levels), rubric, 'text');
const one = counted({ growth: { level: 3.44 }, negotiation: { level: 2 } });

const page = readFileSync(join(import.meta.dirname, '../../learning/index.html'), 'utf8');
const get = (id: string) => document.getElementById(id);
const tick = (on: boolean) => {
  const box = get('consent') as HTMLInputElement;
  box.checked = on;
  box.dispatchEvent(new Event('change'));
};
const text = (id: string) => (get(id)?.hidden ? '' : (get(id)?.textContent ?? ''));
const rows = () => [...document.querySelectorAll('#levels tr')].map((row) => row.textContent);

beforeEach(() => {
  document.body.innerHTML = /<section[^]*<\/section>/.exec(page)?.[0] ?? '';
});

function share(send: Platform['send']) {
  const platform = { recipient: 'lms.example', notes: true, send } as Platform;
  return new Share(platform, 'en', vi.fn());
}

test('only what an accepted text shows is sent, with one decimal', () => {
  expect(sendable(one)).toMatchObject([
    { id: expect.stringMatching(/\.negotiation$/) as string, level: 2 },
    { level: 3.4, min: 1, max: 5 },
  ]);
  expect(sendable({ ...one, accepted: false })).toEqual([]);
});

test('nothing is sent without the tick, and other levels take it back', async () => {
  const sent: (readonly SentLevel[])[] = [];
  const subject = share((levels) => {
    sent.push(levels);
    return Promise.resolve();
  });
  expect(get('offer')?.hidden).toBe(true);
  subject.offer(one);
  const button = get('send') as HTMLButtonElement;
  button.click();
  tick(true);
  expect(button.disabled).toBe(false);
  tick(false);
  button.click();
  tick(true);
  subject.offer(counted({ growth: { level: 4 } }));
  button.click();
  await Promise.resolve();
  expect([button.disabled, sent]).toEqual([true, []]);
  subject.offer(counted({ growth: { level: 4.01 } }));
  tick(true);
  subject.offer(counted({ growth: { level: 3.99 } }));
  expect((get('consent') as HTMLInputElement).checked).toBe(true);
  button.click();
  await vi.waitFor(() => {
    expect(text('sent')).toMatch(/^Sent at/);
  });
  expect(sent).toMatchObject([[{ level: 4 }]]);
  expect((get('consent') as HTMLInputElement).checked).toBe(false);
  subject.offer(one);
  expect(text('sent')).toContain('The levels have changed since');
  subject.offer(counted({ planning: { level: 4 } }));
  expect(text('not-shown')).toMatch(/keeps what you sent earlier: [^,]+\.$/);
});

test('it shows to whom, what goes with it, and where a person decided, in both languages', () => {
  const subject = share(() => Promise.resolve());
  subject.offer({
    ...one,
    competencies: one.competencies.map((entry) => ({ ...entry, decided: entry.id === 'growth' })),
  });
  expect(text('recipient')).toContain('lms.example');
  expect(text('contents')).toContain('Not the score of a test');
  expect(rows()).toHaveLength(2);
  expect(rows().filter((row) => row.includes('decided by a person'))).toHaveLength(1);
  expect(text('not-shown')).toMatch(/^Not in this text, so nothing is sent: /);
  subject.speak('zh');
  expect(text('share-title')).toBe('要把等级发送给学习平台吗？');
  expect(rows().join()).toContain('由人工确定');
});

test('a failure is told, and the tick stays for another try', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const subject = share(() => Promise.reject(new PlatformError('levels_unsupported', 'x')));
  subject.offer(one);
  tick(true);
  get('send')?.click();
  await vi.waitFor(() => {
    expect(text('share-trouble')).toContain('no place for levels');
  });
  expect([(get('consent') as HTMLInputElement).checked, text('sent')]).toEqual([true, '']);
  vi.restoreAllMocks();
});
