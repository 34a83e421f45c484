import { afterEach, expect, test, vi } from 'vitest';
import { connectCmi5, readLaunch } from './cmi5';

const actor = { account: { homePage: 'https://example.com', name: 'learner-17' } };
const parameters = {
  endpoint: 'https://lrs.example/xapi',
  fetch: 'https://lms.example/token?k=1',
  actor: JSON.stringify(actor),
  registration: '760e3480-ba55-4991-94b0-01820dbd23a2',
  activityId: 'https://lms.example/activities/1',
};
const query = (change: Record<string, string> = {}) =>
  new URLSearchParams({ ...parameters, ...change }).toString();

interface Statement {
  readonly verb: { readonly id: string };
  readonly object: { readonly id: string };
  readonly result?: { readonly score?: object; readonly duration?: string; readonly completion?: boolean };
  readonly context: {
    readonly contextActivities: { readonly category?: readonly { readonly id: string }[] };
  };
}

/** A platform whose answers can be changed by the end of their path; it keeps the requests. */
function platform(answers: Record<string, () => Response> = {}) {
  const template = {
    contextActivities: { grouping: [{ id: 'https://example.com/course' }] },
    extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 's1' },
  };
  const all: Record<string, () => Response> = {
    token: () => Response.json({ 'auth-token': 'abc' }),
    state: () =>
      Response.json({ contextTemplate: template, launchMode: 'Normal', returnURL: 'javascript:alert(1)' }),
    profile: () => new Response(null, { status: 404 }),
    statements: () => Response.json({ statements: [] }),
    ...answers,
  };
  const requests: { readonly url: string; readonly options: RequestInit }[] = [];
  vi.stubGlobal('fetch', (url: string, options: RequestInit) => {
    requests.push({ url, options });
    const answer = all[new URL(url).pathname.split('/').at(-1) ?? ''];
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('no such host'));
  });
  const sent = () =>
    requests
      .filter(({ url, options }) => url.endsWith('/statements') && options.method === 'POST')
      .flatMap(({ options }) => [JSON.parse(options.body as string) as Statement | Statement[]].flat());
  return { requests, sent };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the address of the page is checked', () => {
  const code = (change: string) => {
    try {
      readLaunch(change);
      return 'fine';
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  };
  expect(readLaunch(query())).toMatchObject({ endpoint: 'https://lrs.example/xapi/', actor });
  expect(code('')).toBe('no_platform');
  expect(code('?lang=zh')).toBe('no_platform');
  const wrongs: Record<string, string>[] = [
    { endpoint: 'javascript:1' },
    { fetch: 'x' },
    { actor: '{' },
    { actor: '{"mbox":"a"}' },
    { registration: '' },
  ];
  for (const wrong of wrongs) expect(code(query(wrong))).toBe('launch_invalid');
});

test('a session: initialized, completed, levels that no platform decides by, and terminated by a request that outlives the page', async () => {
  const { requests, sent } = platform();
  const subject = await connectCmi5(query());
  expect(subject).toMatchObject({
    recipient: 'lrs.example',
    records: true,
    completed: false,
    returnTo: undefined,
  });
  await subject.complete();
  await subject.send(
    [
      { id: 'r.growth', name: { en: 'Growth' }, level: 3.4, min: 1, max: 5 },
      { id: 'r.planning', name: { en: 'Planning' }, level: 1, min: 1, max: 5 },
    ],
    'en',
  );
  subject.end();
  subject.end();
  const statements = sent();
  const names = statements.map(({ verb }) => verb.id.split('/').at(-1));
  expect(names).toEqual(['initialized', 'completed', 'scored', 'scored', 'terminated']);
  const categories = statements.map(({ context }) =>
    (context.contextActivities.category ?? []).map(({ id }) => id.split('/').at(-1)),
  );
  expect(categories).toEqual([['cmi5'], ['cmi5', 'moveon'], [], [], ['cmi5']]);
  expect(statements[2]).toMatchObject({
    actor,
    object: { id: 'https://lms.example/activities/1#r.growth' },
    result: { score: { scaled: 0.6, raw: 3.4, min: 1, max: 5 } },
    context: {
      registration: parameters.registration,
      extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 's1' },
    },
  });
  expect(statements[1]?.result).toMatchObject({
    completion: true,
    duration: expect.stringMatching(/^PT/) as string,
  });
  expect(requests.at(-1)?.options).toMatchObject({
    keepalive: true,
    headers: { Authorization: 'Basic abc' },
  });
  await expect(subject.complete()).rejects.toMatchObject({ code: 'session_over' });
});

test('completed is known from an earlier session, the language from the preferences; a store may refuse both', async () => {
  platform({
    statements: () => Response.json({ statements: [{}] }),
    profile: () => Response.json({ languagePreference: 'zh-CN,en' }),
  });
  expect(await connectCmi5(query())).toMatchObject({ completed: true, language: 'zh-CN' });
  let asked = 0;
  platform({
    // The first request asks, the second adds.
    statements: () => (asked++ ? Response.json([]) : new Response(null, { status: 403 })),
    profile: () => new Response(null, { status: 403 }),
  });
  expect(await connectCmi5(query())).toMatchObject({ completed: false, language: '' });
});

test('what goes wrong has a code', async () => {
  platform({ token: () => Response.json({ 'error-code': '1' }) });
  await expect(connectCmi5(query())).rejects.toMatchObject({ code: 'session_over' });
  platform({ token: () => Response.json({ 'error-code': '3' }) });
  await expect(connectCmi5(query())).rejects.toMatchObject({ code: 'refused' });
  platform({ token: () => new Response('<!doctype html>') });
  await expect(connectCmi5(query())).rejects.toMatchObject({ code: 'refused' });
  platform({ state: () => new Response(null, { status: 404 }) });
  await expect(connectCmi5(query())).rejects.toMatchObject({ code: 'launch_invalid' });
  platform({ state: () => new Response(null, { status: 500 }) });
  await expect(connectCmi5(query())).rejects.toMatchObject({ code: 'refused', message: /status 500/ });
  platform();
  await expect(connectCmi5(query({ fetch: 'https://nowhere.example/gone' }))).rejects.toMatchObject({
    code: 'unreachable',
  });
});
