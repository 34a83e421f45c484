/** For tests: checks JSON by the published schemas of data/schemas, as another program would. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Trouble } from '../failure/trouble';
import { data } from '../testing/fixtures';
import { readsAnything } from '../testing/json';

type Schema = Readonly<Record<string, unknown>>;

/** The schemas by the format and version that their files are named by, such as "rubric-1". */
export const SCHEMAS: ReadonlyMap<string, Schema> = new Map(
  readdirSync(join(import.meta.dirname, '../../../data/schemas'))
    .filter((file) => file.endsWith('.schema.json'))
    .map((file) => [file.replace('.schema.json', ''), data(`schemas/${file}`) as Schema]),
);

// A type need not be repeated beside a reference to what has one.
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
for (const schema of SCHEMAS.values()) ajv.addSchema(schema);
// Now rather than in the middle of a test that looks at the time.
for (const { $id } of SCHEMAS.values()) ajv.getSchema(String($id));

/** What is wrong with a value by a schema, each place once; empty if nothing is. */
export function problems(schema: string | Schema, value: unknown): string[] {
  const { $id } = typeof schema === 'string' ? (SCHEMAS.get(schema) ?? {}) : schema;
  const found = ajv.getSchema(String($id));
  const validate: ValidateFunction = found ?? ajv.compile(schema as Schema);
  validate(value);
  const errors = (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  return [...new Set(errors)];
}

/** The value that a path such as "$defs/part/properties/reason" leads to in a schema. */
export function part(schema: string, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], SCHEMAS.get(schema));
}

/**
 * Checks that a schema refuses whatever a reader refuses, by random changes to a good value.
 * @param beyond matches the messages of what the reader refuses although no schema can know of it
 */
export async function refusesAsMuch(
  schema: string,
  good: unknown,
  read: (value: unknown) => unknown,
  beyond: RegExp,
): Promise<void> {
  await readsAnything(good, (value) => {
    try {
      read(value);
    } catch (thrown) {
      const known = thrown instanceof Trouble && beyond.test(thrown.message);
      if (!known && problems(schema, value).length === 0)
        throw new Error(`${schema} accepts what the reader refuses: ${String(thrown)}`);
      throw thrown;
    }
  });
}
