import { afterEach, expect, test, vi } from 'vitest';
import type { LoadProgress, ModelInfo } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { rubric } from '../testing/fixtures';
import { FakeHost, heard } from '../testing/host';
import type { DataController } from './data-controller';
import { FailureController } from './failure-controller';
import { LoadingController, type LoadingHost } from './loading-controller';
import type { Mode } from './mode';
import { until } from '../testing/element';

const HOME = 'https://mirror.example/app/';
const info = { id: 'test' } as ModelInfo;
const progress: LoadProgress = { stage: 'download', loaded: 1, total: 2, cached: false };

class Host extends FakeHost implements LoadingHost {
  mode: Mode = 'self';
  model = '';
  modelKey = '';
  workers: number | undefined = undefined;
  rubric = '';
  profile = '';
  questions = '';
  development = '';
}

function setUp(change: Partial<Pick<Host, 'mode' | 'model' | 'modelKey' | 'workers'>> = {}) {
  const host = Object.assign(new Host(), change);
  const engine = {
    load: vi.fn((onProgress?: (progress: LoadProgress) => void) => {
      onProgress?.(progress);
      return Promise.resolve({ rubric, model: info });
    }),
    assess: vi.fn(),
    assessAll: vi.fn(),
    cancel: vi.fn(),
    dispose: vi.fn(),
  };
  const parts = {
    engine: vi.fn<(manifest: string, workers: number | undefined, key: string) => typeof engine>(
      () => engine,
    ),
    page: vi.fn((): Promise<unknown> => Promise.resolve()),
    team: vi.fn((): Promise<unknown> => Promise.resolve()),
    interview: vi.fn((): Promise<unknown> => Promise.resolve()),
  };
  const data = {
    rubric: undefined as typeof rubric | undefined,
    load: vi.fn(() => Promise.resolve()),
    reset: vi.fn(),
  };
  const failures = new FailureController(host);
  const subject = new LoadingController(host, HOME, data as unknown as DataController, failures, parts);
  return { host, engine, parts, data, failures, subject };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the model is loaded when the element is connected, and its engine ends when it is removed', async () => {
  const { host, engine, parts, data, subject } = setUp({ workers: 2 });
  const ready = heard(host, 'sales-mirror-ready');
  const told = heard(host, 'sales-mirror-progress');
  host.connect();
  expect(subject.loading).toBe(true);
  await until(() => {
    expect(ready).toEqual([info]);
  });
  expect(parts.engine).toHaveBeenCalledWith(`${HOME}models/default/manifest.json`, 2, '');
  expect(data.load).toHaveBeenCalledWith(rubric);
  expect([subject.loading, told]).toEqual([false, [progress]]);
  host.disconnect();
  await until(() => {
    expect(engine.dispose).toHaveBeenCalledOnce();
  });
  expect(subject.engine).toBeUndefined();
});

test('being ready is told once', async () => {
  const { host, subject } = setUp();
  const ready = heard(host, 'sales-mirror-ready');
  await subject.load();
  await subject.load();
  expect(ready).toHaveLength(1);
});

test.each([
  ['own', 'own/manifest.json'],
  ['/own/', '/own/manifest.json'],
])('the model %s is found relative to the page', async (model, manifest) => {
  const { parts, subject } = setUp({ model });
  await subject.load();
  expect(parts.engine).toHaveBeenCalledWith(new URL(manifest, document.baseURI).href, undefined, '');
});

test('each mode loads the parts of the page that it shows', async () => {
  for (const [mode, page, team, interview] of [
    ['self', 1, 0, 0],
    ['candidate', 1, 0, 1],
    ['team', 1, 1, 0],
    ['headless', 0, 0, 0],
  ] as const) {
    const { parts, subject } = setUp({ mode });
    await subject.load();
    const calls = [parts.page, parts.team, parts.interview].map(({ mock }) => mock.calls.length);
    expect([mode, ...calls]).toEqual([mode, page, team, interview]);
  }
});

test.each(['http://', 'https://other.example/m'])('the model %s is told to be no model', async (model) => {
  const { host, parts, failures, subject } = setUp({ model });
  await expect(subject.load()).rejects.toMatchObject({ code: 'model_invalid', about: model });
  expect([parts.engine.mock.calls.length, failures.shown?.code]).toEqual([0, 'model_invalid']);
  host.model = '';
  await subject.load();
  expect(failures.shown).toBeUndefined();
});

test('another mode loads its parts and its data, also while something loads', async () => {
  const { host, parts, data, subject } = setUp();
  host.connect();
  host.mode = 'team';
  host.update();
  await until(() => {
    expect(subject.loading).toBe(false);
  });
  expect([parts.team.mock.calls.length, parts.engine.mock.calls.length]).toEqual([1, 1]);
  expect(data.reset).toHaveBeenCalled();
});

test.each(['rubric', 'profile', 'development'] as const)(
  'another %s is loaded with the same engine',
  async (name) => {
    const { host, parts, data, engine, subject } = setUp();
    host.connect();
    await subject.load();
    host.update();
    expect(data.load).toHaveBeenCalledOnce();
    host[name] = 'own';
    host.update();
    await until(() => {
      expect(data.load).toHaveBeenCalledTimes(2);
    });
    expect([data.reset.mock.calls.length, parts.engine.mock.calls.length]).toEqual([1, 1]);
    expect(engine.dispose).not.toHaveBeenCalled();
  },
);

test('another model takes the place of the one that loads, and nothing is told to have failed', async () => {
  const { host, parts, engine, failures, subject } = setUp();
  let give: () => void = () => undefined;
  engine.load.mockImplementationOnce(
    () =>
      new Promise(
        (_, reject) =>
          (give = () => {
            reject({ code: 'cancelled', message: '', detail: null });
          }),
      ),
  );
  const ready = heard(host, 'sales-mirror-ready');
  host.connect();
  const waiting = subject.load();
  await until(() => {
    expect(engine.load).toHaveBeenCalledOnce();
  });
  engine.dispose.mockImplementationOnce(() => {
    give();
  });
  host.model = 'own';
  host.update();
  await waiting;
  expect(parts.engine.mock.calls.map(([url]) => url.split('/').slice(-2).join('/'))).toEqual([
    'default/manifest.json',
    'own/manifest.json',
  ]);
  expect([failures.shown, ready.length, engine.dispose.mock.calls.length]).toEqual([undefined, 1, 1]);
});

test('an element that is moved keeps its engine', async () => {
  const { host, parts, engine, subject } = setUp();
  host.connect();
  await subject.load();
  host.disconnect();
  host.connect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([parts.engine.mock.calls.length, engine.dispose.mock.calls.length]).toEqual([1, 0]);
});

test('an element that is removed while it loads, and added again, loads again and tells no failure', async () => {
  const { host, engine, failures, subject } = setUp();
  engine.load.mockImplementationOnce(() => new Promise(() => undefined));
  host.connect();
  const waiting = expect(subject.load()).rejects.toMatchObject({ code: 'cancelled' });
  host.disconnect();
  await waiting;
  host.connect();
  await subject.load();
  expect([subject.loading, failures.shown]).toEqual([false, undefined]);
});

test('loading can be cancelled while the rest of the page is waited for', async () => {
  const { host, engine, parts, failures, subject } = setUp();
  parts.page.mockImplementationOnce(() => new Promise(() => undefined));
  host.connect();
  const waiting = expect(subject.load()).rejects.toMatchObject({ code: 'cancelled' });
  await until(() => {
    expect(parts.page).toHaveBeenCalled();
  });
  subject.cancel();
  await waiting;
  expect([engine.cancel.mock.calls.length, failures.shown?.code, subject.loading]).toEqual([
    1,
    'cancelled',
    false,
  ]);
  await subject.load();
  expect(failures.shown).toBeUndefined();
});

test('a part that cannot be fetched is a network failure, and can be tried again', async () => {
  const { host, parts, failures, subject } = setUp();
  const errors = heard(host, 'sales-mirror-error');
  parts.page.mockRejectedValueOnce({ code: 'network', message: 'offline', detail: null });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
  await expect(subject.load()).rejects.toMatchObject({ code: 'network' });
  expect([subject.loading, failures.shown?.code, errors.length]).toEqual([false, 'network', 1]);
  await subject.load();
  expect(failures.shown).toBeUndefined();
});

test('a part that is missing while the server answers is told as an update of the page', async () => {
  const { parts, subject } = setUp();
  parts.page.mockRejectedValueOnce({ code: 'network', message: 'not found', detail: null });
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ format: 1 })));
  await expect(subject.load()).rejects.toMatchObject({ code: 'page_updated' });
});

test('data that cannot be used fails the loading; an empty text stays told', async () => {
  const { data, failures, subject } = setUp();
  data.load.mockRejectedValueOnce(new Trouble('rubric_invalid', 'not a rubric'));
  await expect(subject.load()).rejects.toMatchObject({ code: 'rubric_invalid' });
  failures.show({ code: 'empty_text', message: '', detail: null });
  await subject.load();
  expect(failures.shown?.code).toBe('empty_text');
});
