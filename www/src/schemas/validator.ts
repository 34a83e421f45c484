/** For tests: checks JSON by the published schemas of data/schemas, as another program would. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { data } from '../testing/fixtures';

/** The schemas by the format and version that their files are named by, such as "rubric-1". */
export const SCHEMAS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  readdirSync(join(import.meta.dirname, '../../../data/schemas'))
    .filter((file) => file.endsWith('.schema.json'))
    .map((file) => [
      file.replace('.schema.json', ''),
      data(`schemas/${file}`) as Readonly<Record<string, unknown>>,
    ]),
);

// A type need not be repeated beside a reference to what has one.
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
for (const schema of SCHEMAS.values()) ajv.addSchema(schema);

/** What is wrong with a value by a schema, each place once; empty if nothing is. */
export function problems(schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(String(SCHEMAS.get(schema)?.$id)) as ValidateFunction;
  validate(value);
  return [
    ...new Set(
      (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      ),
    ),
  ];
}

/** The value that a path such as "$defs/part/properties/reason" leads to in a schema. */
export function part(schema: string, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], SCHEMAS.get(schema));
}
