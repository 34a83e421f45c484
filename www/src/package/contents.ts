/**
 * What lies beside the script of the site and is part of the scripts of the npm package, because a bundler gives files
 * other names and moves them: the default model, which is a package of its own, and the data that ships with it. In the
 * package they have addresses of this module's scheme. The build for the site contains none of this.
 */
import { inTime } from '../component/in-time';
import type { ModelSource, PackagedModel } from '../engine/ahead';
import type { Failure } from '../engine/contract';

/** The folder in which everything lies that the npm package contains. */
export const PACKAGE = 'salesmirror://package/';

/** The data by its path in ../../../data. */
const data =
  import.meta.env.MODE === 'npm'
    ? import.meta.glob<object>('../../../data/{development,profiles,questions}/*.json', { import: 'default' })
    : {};

/** The content of a JSON file of the package; undefined if there is no such file. Rejects if it does not arrive. */
export async function packagedData(url: string): Promise<object | undefined> {
  return data[`../../../data/${url.slice(PACKAGE.length)}`]?.();
}

/** How long the script of the default model's package may take, in milliseconds. */
const LIMIT_MILLISECONDS = 30_000;

/** What loads the model with this manifest. Rejects with a Failure if the package of the default model does not arrive. */
export async function modelSource(manifest: string): Promise<ModelSource> {
  if (import.meta.env.MODE !== 'npm' || !manifest.startsWith(PACKAGE)) return manifest;
  const detail = { url: '@salesmirror/model-default' };
  const model = import('@salesmirror/model-default').catch((error: unknown) => {
    const message = `@salesmirror/model-default cannot be loaded: ${String(error)}; install it, or set the attribute \`model\``;
    throw { code: 'not_found', message, detail } satisfies Failure;
  });
  const late = {
    code: 'stalled',
    message: '@salesmirror/model-default did not arrive',
    detail,
  } satisfies Failure;
  const found = await inTime(model, LIMIT_MILLISECONDS, late);
  // Next.js gives a path.
  return { manifest: found.manifest, url: new URL(found.url, location.href).href } satisfies PackagedModel;
}
