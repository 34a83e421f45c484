import { afterEach, expect, test, vi } from 'vitest';
import type { SentLevel } from './platform';
import { connectScorm, findApi } from './scorm';

const level = (id: string, value: number): SentLevel => ({
  ...{ id: `r.${id}`, name: { en: id }, level: value, min: 1, max: 5 },
});

/** A platform that remembers what it is told; `refused` names elements that it does not take. */
function platform(
  standard: 'scorm12' | 'scorm2004',
  known: Record<string, string> = {},
  refused: RegExp = /^$/,
) {
  const data: Record<string, string> = { ...known };
  const calls: string[] = [];
  const prefix = standard === 'scorm12' ? 'LMS' : '';
  const api: Record<string, (...values: string[]) => string> = {};
  const told = (name: string, answer: (...values: string[]) => string) => {
    api[`${prefix}${name}`] = (...values) => {
      calls.push(name);
      return answer(...values);
    };
  };
  told('Initialize', () => known.session ?? 'true');
  told(standard === 'scorm12' ? 'Finish' : 'Terminate', () => 'true');
  told('GetValue', (name = '') => {
    const count = Object.keys(data).filter((key) => /^cmi\.objectives\.\d+\.id$/.test(key)).length;
    return name.endsWith('_count') ? String(count) : (data[name] ?? '');
  });
  told('SetValue', (name = '', value = '') => {
    if (refused.test(name)) return 'false';
    data[name] = value;
    return 'true';
  });
  told('Commit', () => 'true');
  told('GetLastError', () => '401');
  told('GetErrorString', () => 'not implemented');
  const own = { location: { host: 'lms.example' }, opener: null } as unknown as Window &
    Record<string, unknown>;
  Object.assign(own, { parent: own, [standard === 'scorm12' ? 'API' : 'API_1484_11']: api });
  return { own, data, calls };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('the API is found in the windows around, then around the opener, also past one of another origin', () => {
  const window = (properties: object) => {
    const made = { opener: null, ...properties } as unknown as Window & { parent: Window };
    if (!('parent' in properties)) made.parent = made;
    return made;
  };
  const api = {};
  const foreign = new Proxy(window({}), {
    get: (target, name) => {
      if (name === 'API') throw new DOMException('blocked', 'SecurityError');
      return name === 'parent' ? top : (Reflect.get(target, name) as unknown);
    },
  });
  const top = window({ API: api });
  expect(findApi(window({ parent: foreign }), 'scorm12')?.home).toBe(top);
  expect(findApi(window({ parent: foreign }), 'scorm2004')).toBeUndefined();
  expect(findApi(window({ opener: window({ parent: top }) }), 'scorm12')?.home).toBe(top);
  const loop: Window & { parent: Window } = window({ parent: top });
  loop.parent = window({ parent: loop });
  expect(findApi(loop, 'scorm12')).toBeUndefined();
});

test('SCORM 1.2: incomplete, then completed, with the time; a level has no scaled score', async () => {
  const { own, data, calls } = platform('scorm12', { 'cmi.student_preference.language': 'zh' });
  const subject = connectScorm('scorm12', own);
  expect(subject).toMatchObject({
    recipient: 'lms.example',
    language: 'zh',
    records: true,
    completed: false,
  });
  expect(data['cmi.core.lesson_status']).toBe('incomplete');
  await subject.complete();
  await subject.send([level('growth', 3.4)], 'en');
  subject.end();
  subject.end();
  expect(calls.filter((name) => name === 'Finish')).toHaveLength(1);
  expect(data).toMatchObject({ 'cmi.core.lesson_status': 'completed', 'cmi.core.exit': '' });
  expect(data['cmi.core.session_time']).toMatch(/^\d{4}:\d\d:\d\d\.\d\d$/);
  const objective = Object.entries(data).filter(([name]) => name.startsWith('cmi.objectives'));
  expect(Object.fromEntries(objective)).toEqual({
    ...{ 'cmi.objectives.0.id': 'r.growth', 'cmi.objectives.0.score.raw': '3.4' },
    ...{ 'cmi.objectives.0.score.min': '1', 'cmi.objectives.0.score.max': '5' },
  });
});

test('SCORM 2004: a level that is sent again takes the place of the first; nothing is passed or failed', async () => {
  const { own, data } = platform('scorm2004');
  const subject = connectScorm('scorm2004', own);
  await subject.send([level('growth', 2), level('negotiation', 3)], 'zh');
  await subject.send([level('negotiation', 4)], 'zh');
  subject.end();
  expect(data).toMatchObject({
    ...{ 'cmi.objectives.0.id': 'r.growth', 'cmi.objectives.0.score.scaled': '0.25' },
    ...{ 'cmi.objectives.1.id': 'r.negotiation', 'cmi.objectives.1.score.scaled': '0.75' },
    ...{ 'cmi.completion_status': 'incomplete', 'cmi.exit': 'suspend' },
  });
  expect(data['cmi.objectives.0.description']).toMatch(/^\{lang=zh\}AI 系统/);
  expect(data['cmi.objectives.0.description']?.length).toBeLessThan(250);
  expect(Object.keys(data).join()).not.toMatch(/objectives\.2|success_status|progress_measure|cmi\.score/);
  await expect(subject.complete()).rejects.toMatchObject({ code: 'session_over' });
});

test('where somebody only looks, nothing is set', () => {
  const { own, data } = platform('scorm12', { 'cmi.core.lesson_mode': 'browse' });
  const subject = connectScorm('scorm12', own);
  subject.end();
  expect(subject.records).toBe(false);
  expect(data).toEqual({ 'cmi.core.lesson_mode': 'browse' });
});

test('what the platform refuses is told, and what is missing does not throw', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { own } = platform('scorm12', {}, /objectives|lesson_status|exit/);
  const subject = connectScorm('scorm12', own);
  await expect(subject.send([level('growth', 3)], 'en')).rejects.toMatchObject({
    code: 'levels_unsupported',
  });
  await expect(subject.complete()).rejects.toMatchObject({
    code: 'refused',
    message: /error 401, not implemented/,
  });
  expect(subject.completed).toBe(false);
  subject.end();
  expect(() => connectScorm('scorm2004', own)).toThrow(expect.objectContaining({ code: 'no_platform' }));
  const over = platform('scorm12', { session: 'false' });
  expect(() => connectScorm('scorm12', over.own)).toThrow(expect.objectContaining({ code: 'session_over' }));
});
