// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Assessor } from '../../pkg/simd128.js';
import { bindings, build } from '../engine/build';
import { REASONS, WARNING_CODES, type Assessment, type Objection, type Whose } from '../engine/contract';
import { SCHEMAS as READ } from '../report/stored';
import { assessment, evidence, refusal } from '../testing/fixtures';
import { part, problems } from './validator';

const www = join(import.meta.dirname, '../..');
const EN =
  'I asked the plant manager what a stopped line costs him and he said 4,000 an hour. ' +
  'I worked out the payback with his own figures: eleven months. ' +
  'He asked for 12% off; I offered 5% against a three-year service contract, and he signed. ' +
  'I told nobody in delivery, so they learned of the date from the customer.';
const ZH =
  '我先问了车间主任停线一小时损失多少，他说四千。我按他的数字算了投入产出，十一个月回本。他要降价12%，我用三年维保换5%，当场签字。';
const TALK =
  'Rep: I asked what a stopped line costs. You said 4,000 an hour?\nCustomer: Yes, 4,000 an hour.\n' +
  'Rep: Then I offer 5% against a three-year service contract.\nCustomer: Agreed, send it over.';
const MAIL = `${EN}\n\nOn Mon, 2 Mar 2026 at 09:12, Ann Lee <ann@example.com> wrote:\n> Please send the offer by Friday.\n> The last one was too high.`;
const ARTICLE =
  'Five ways to close more deals\n\nGreat salespeople listen more than they talk. Ask open questions before you mention a price. ' +
  'Never give a discount without asking for something in return: a longer contract, a bigger order or a reference. ' +
  'Always agree on the next step before you leave the room. Finally, review your lost deals once a month. ' +
  'Which of these tips will you try first? Subscribe to our newsletter for more.';

let assessor: Assessor;

beforeAll(async () => {
  // src/browser resolves URLs against the address of its worker; threads of Node have none.
  Object.defineProperty(globalThis, 'location', { value: pathToFileURL(`${www}/`), configurable: true });
  const { initSync, Assessor } = await bindings();
  initSync({ module: readFileSync(`${www}/pkg/${build}_bg.wasm`) });
  const open = (url: string) => Promise.resolve(new Response(readFileSync(new URL(url))));
  const nothing = () => undefined;
  const manifest = pathToFileURL(`${www}/models/default/manifest.json`).href;
  assessor = await Assessor.load(manifest, open, nothing, nothing, new AbortController().signal);
});

function assess(text: string, whose?: Partial<Whose>, objections?: readonly Objection[]): Assessment {
  const reading = assessor.begin(text, whose, objections);
  try {
    do
      for (const window of reading.missing())
        reading.fill(window, assessor.encode(reading.ids(window), reading.lengths(window)));
    while (assessor.reread(reading) > 0);
    return assessor.finish(reading) as Assessment;
  } finally {
    reading.free();
  }
}

test('what the shipped model says of real texts follows the schema', () => {
  const first = assess(EN);
  const negotiation = first.competencies.find(({ id }) => id === 'negotiation');
  const [sentence] = negotiation?.evidence ?? [];
  if (!sentence) throw new Error('the report is about a negotiation');
  const objection = { competency: 'negotiation', start: sentence.start, end: sentence.end };
  const all = [
    first,
    assess(EN, undefined, [objection]),
    assess(ZH),
    assess(TALK),
    assess(MAIL),
    assess(ARTICLE),
    assess(ARTICLE, { account: true }),
  ];
  for (const made of all) expect(problems('assessment-4', JSON.parse(JSON.stringify(made)))).toEqual([]);
  // The texts bring out each part that an assessment need not have.
  expect(all.some(({ account }) => !account.accepted)).toBe(true);
  expect(all.some(({ objections }) => objections.length > 0)).toBe(true);
  expect(all.some(({ speakers }) => speakers.length > 0)).toBe(true);
  expect(all.some(({ left_out }) => left_out.some(({ reason }) => reason === 'quoted_mail'))).toBe(true);
});

test('the schema has the version and the codes of the code', () => {
  const rust = readFileSync(join(www, '../src/assessment/schema.rs'), 'utf8');
  const [, version] = /SCHEMA_VERSION: u32 = (\d+);/.exec(rust) ?? [];
  expect(part('assessment-4', '$id')).toBe(`urn:salesmirror:schema:assessment:${version}`);
  expect(part('assessment-4', 'properties/schema/const')).toBe(Number(version));
  expect(Math.max(...([...READ] as number[]))).toBe(Number(version));
  expect(part('assessment-4', '$defs/part/properties/reason/enum')).toEqual(REASONS);
  const warnings = part('assessment-4', 'properties/warnings/items/properties/code/enum') as string[];
  expect([...warnings].sort()).toEqual([...WARNING_CODES].sort());
});

test('the fields of the schema are those of the Rust types', () => {
  const rust = readFileSync(join(www, '../src/assessment/schema.rs'), 'utf8');
  const fields = (type: string) => {
    const [, body = ''] = new RegExp(`pub struct ${type} \\{\n([\\s\\S]*?)\n\\}`).exec(rust) ?? [];
    return [...body.matchAll(/^ {4}pub (\w+):/gm)].map(([, name]) => name).sort();
  };
  const properties = (path: string) => Object.keys(part('assessment-4', path) as object).sort();
  const span = properties('$defs/span/properties');
  const pairs: [string, string[]][] = [
    ['Assessment', properties('properties')],
    ['Length', properties('properties/length/properties')],
    ['Account', properties('properties/account/properties')],
    ['Timings', properties('properties/timings/properties')],
    ['CompetencyAssessment', properties('$defs/shown/properties')],
    ['CompetencyAssessment', properties('$defs/not_shown/properties')],
    ['Overall', properties('$defs/overall/properties')],
    ['Evidence', [...span, ...properties('$defs/evidence/properties')].sort()],
    ['Part', [...span, ...properties('$defs/part/properties')].sort()],
    ['Objection', [...span, ...properties('$defs/objection/properties')].sort()],
  ];
  for (const [type, names] of pairs) expect([type, names]).toEqual([type, fields(type)]);
});

const shown = { growth: { level: 3, evidence: [evidence(0, 8)] } };
const changed = (change: (made: Record<string, unknown>) => void, made: unknown = assessment(shown)) => {
  const copy = structuredClone(made) as Record<string, unknown>;
  change(copy);
  return copy;
};
/** The competency that is shown. */
const growth = (made: Record<string, unknown>) =>
  (made.competencies as Record<string, unknown>[]).find(({ id }) => id === 'growth') ?? {};

test('an assessment of the fixtures is valid before it is spoilt', () => {
  // In a long text it is not known of all evidence.
  const { start, end, polarity, probability, weight } = evidence(0, 8);
  const long = assessment({
    growth: { level: 3, evidence: [{ start, end, polarity, probability, weight }] },
  });
  for (const made of [assessment(), assessment(shown), long, refusal()])
    expect(problems('assessment-4', made)).toEqual([]);
});

test.each<[string, unknown]>([
  ['an older version', changed((made) => (made.schema = 3))],
  ['no gate', changed((made) => delete made.account)],
  ['a field that nobody wrote', changed((made) => (made.verdict = 'unfit'))],
  ['an unknown warning', changed((made) => (made.warnings = [{ code: 'nonsense' }]))],
  ['a level in words', changed((made) => (growth(made).level = 'good'))],
  ['a level without an interval', changed((made) => (growth(made).interval = null))],
  ['an interval with one end', changed((made) => (growth(made).interval = [3]))],
  ['evidence for what is not shown', changed((made) => Object.assign(growth(made), { level: null }))],
  ['a probability above 1', changed((made) => (growth(made).presence = 1.5))],
  [
    'evidence before the text',
    changed((made) => Object.assign(growth(made), { evidence: [evidence(-1, 3)] })),
  ],
  ['half a code unit', changed((made) => Object.assign(growth(made), { evidence: [evidence(0.5, 3)] }))],
  ['a level of a refused text', changed((made) => (made.account = { probability: 0.1, accepted: false }))],
  ['no list of competencies', changed((made) => (made.competencies = {}))],
  ['a hash that is none', changed((made) => (made.model = { id: 'm', sha256: 'ff' }))],
])('%s is refused', (_, made) => {
  expect(problems('assessment-4', made)).not.toEqual([]);
});
