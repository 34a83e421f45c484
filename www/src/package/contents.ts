/**
 * What lies beside the script of the site and is part of the scripts of the npm package, because a bundler gives files
 * other names and moves them: the default model, which is a package of its own, and the data that ships with it. In the
 * package they have addresses of this module's scheme. The build for the site contains none of this.
 */
import type { ModelSource, PackagedModel } from '../engine/ahead';
import type { Failure } from '../engine/contract';

/** The folder in which everything lies that the npm package contains. */
export const PACKAGE = 'salesmirror://package/';

/** The data by its path in ../../../data. */
const data =
  import.meta.env.MODE === 'npm'
    ? import.meta.glob<object>('../../../data/{development,profiles}/*.json', { import: 'default' })
    : {};

/** The content of a JSON file of the package. Rejects if there is no such file. */
export async function packagedData(url: string): Promise<object> {
  const read = data[`../../../data/${url.slice(PACKAGE.length)}`];
  if (!read) throw new Error('the package has no such file');
  return read();
}

/** What loads the model with this manifest. Rejects with a Failure if the package of the default model is missing. */
export async function modelSource(manifest: string): Promise<ModelSource> {
  if (import.meta.env.MODE !== 'npm' || !manifest.startsWith(PACKAGE)) return manifest;
  try {
    const { manifest, url } = await import('@salesmirror/model-default');
    // Next.js gives a path.
    return { manifest, url: new URL(url, location.href).href } satisfies PackagedModel;
  } catch (error) {
    const message = `@salesmirror/model-default cannot be loaded: ${String(error)}; install it, or set the attribute \`model\``;
    throw { code: 'not_found', message, detail: { url: '@salesmirror/model-default' } } satisfies Failure;
  }
}
