import { afterEach, expect, test, vi } from 'vitest';
import { Trouble } from '../failure/trouble';
import { data, rubric } from '../testing/fixtures';
import { FakeHost, heard } from '../testing/host';
import { DataController, type DataHost } from './data-controller';
import type { Mode } from './mode';

const HOME = 'https://mirror.example/app/';

class Host extends FakeHost implements DataHost {
  mode: Mode = 'self';
  rubric = '';
  profile = '';
  questions = '';
  development = '';
}

/** The controller, and a server that has the shipped data and these files. */
function setUp(
  change: Partial<Pick<Host, 'mode' | 'rubric' | 'profile' | 'questions' | 'development'>> = {},
  files: object = {},
) {
  const served = new Map(Object.entries(files));
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    if (served.has(url)) return Promise.resolve(Response.json(served.get(url)));
    if (!url.startsWith(HOME)) return Promise.resolve(new Response('', { status: 404 }));
    return Promise.resolve(Response.json(data(url.slice(HOME.length))));
  });
  const host = Object.assign(new Host(), change);
  return { host, asked, served, subject: new DataController(host, HOME) };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the shipped data is fetched once, in both languages', async () => {
  const { asked, subject } = setUp();
  await Promise.all([subject.load(rubric), subject.load(rubric)]);
  expect(subject.rubric).toBe(rubric);
  expect(subject.profiles.map(({ id }) => id)).toEqual([
    'inside-sales',
    'key-account-manager',
    'sales-team-lead',
  ]);
  expect([subject.profile, subject.troubles]).toEqual([null, []]);
  expect(Object.keys(subject.advice)).toEqual(['en', 'zh']);
  expect(asked).toHaveLength(5);
});

test('each mode fetches what it shows', async () => {
  for (const [mode, requests] of [
    ['candidate', 6],
    ['team', 3],
    ['headless', 0],
  ] as const) {
    const { asked, subject } = setUp({ mode });
    await subject.load(rubric);
    expect([mode, asked.length]).toEqual([mode, requests]);
  }
});

test('a single profile of the company is chosen from the start', async () => {
  const own = { ...(data('profiles/inside-sales.json') as object), id: 'own' };
  const url = new URL('own.json', document.baseURI).href;
  const { subject } = setUp({ profile: 'own.json' }, { [url]: own });
  await subject.load(rubric);
  expect(subject.profile?.id).toBe('own');
  subject.choose('');
  expect(subject.profile).toBeNull();
  subject.choose('own');
  expect(subject.profile?.id).toBe('own');
});

test('a profile that cannot be read is told, and the others work', async () => {
  const url = new URL('own.json', document.baseURI).href;
  const { host, subject } = setUp(
    { profile: 'own.json missing.json' },
    { [url]: data('profiles/inside-sales.json') },
  );
  const errors = heard(host, 'sales-mirror-error');
  await subject.load(rubric);
  expect(subject.profiles).toHaveLength(1);
  expect(subject.troubles).toMatchObject([{ code: 'profile_invalid', about: 'missing.json' }]);
  expect(errors).toEqual(subject.troubles);
});

test('an interviewer has the shipped questions, or those of the company', async () => {
  const shipped = setUp({ mode: 'candidate' });
  await shipped.subject.load(rubric);
  expect(shipped.subject.questions.map(({ id }) => id)).toEqual([
    'field-sales',
    'inside-sales',
    'key-account',
  ]);
  const url = new URL('own.json', document.baseURI).href;
  const { host, subject } = setUp(
    { mode: 'candidate', questions: 'own.json missing.json' },
    { [url]: { ...(data('questions/field-sales.json') as object), id: 'own' } },
  );
  const errors = heard(host, 'sales-mirror-error');
  await subject.load(rubric);
  expect(subject.questions.map(({ id }) => id)).toEqual(['own']);
  expect(subject.profiles).toHaveLength(3);
  expect(errors).toMatchObject([{ code: 'questions_invalid', about: 'missing.json' }]);
});

test('a rubric that goes with the model is used; any other fails, and can be tried again', async () => {
  const url = new URL('own.json', document.baseURI).href;
  const { served, subject } = setUp({ rubric: 'own.json' }, { [url]: { ...rubric, id: 'another' } });
  await expect(subject.load(rubric)).rejects.toMatchObject({ code: 'rubric_invalid' });
  expect(subject.rubric).toBeUndefined();
  served.set(url, { ...rubric, version: 99 });
  await subject.load(rubric);
  expect(subject.rubric).toMatchObject({ version: 99 });
});

test('plans that cannot be read leave the rest working', async () => {
  const { subject } = setUp({ development: 'nowhere' });
  await subject.load(rubric);
  expect(subject.advice.en).toBeInstanceOf(Trouble);
  expect(subject.advice.zh).toMatchObject({ code: 'development_invalid', about: 'zh.json' });
  expect(subject.rubric).toBe(rubric);
});

test('after a reset the data is fetched again', async () => {
  const { asked, subject } = setUp();
  await subject.load(rubric);
  subject.reset();
  await subject.load(rubric);
  expect(asked).toHaveLength(10);
});
