/**
 * Checks that a model's manifest was signed by whom the page trusts. `pkg-scripts/sign-manifest` writes the Ed25519
 * signature of manifest.json into signature.json beside it. In a chunk of its own, as few pages set a key. The manifest names
 * the SHA-256 of the model file, which src/browser checks.
 */
import { fetchFile } from '../component/fetch-file';
import { PACKAGE } from '../package/contents';
import type { ModelSource } from './ahead';
import type { Failure, FailureCode } from './contract';
import { refusal } from './refusal';

/** How long the server may take for the manifest and its signature, in milliseconds. */
const LIMIT_MILLISECONDS = 30_000;

/**
 * Fetches a manifest once and returns the model with that very manifest, so that nothing else can take its place.
 * Rejects with a Failure: `signature_missing`, `signature_wrong` where the manifest is not what was signed with this key,
 * `signature_unsupported` where the browser cannot tell, or one of the fetches.
 * @param manifest URL of the manifest
 * @param key the public key as SubjectPublicKeyInfo in base64
 */
export async function signedModel(manifest: string, key: string): Promise<ModelSource> {
  if (manifest.startsWith(PACKAGE))
    throw failure('signature_missing', 'the default model of the npm package is not signed', manifest);
  const verify = await verifier(manifest, key);
  const [content, signature] = await Promise.all([
    fetched(manifest, 'not_found'),
    fetched(new URL('signature.json', manifest).href, 'signature_missing').then(signatureOf),
  ]);
  if (!(await verify(signature, content)))
    throw failure('signature_wrong', `${manifest} is not the file that was signed with model-key`, manifest);
  try {
    const about = JSON.parse(new TextDecoder().decode(content)) as { files: readonly { name: string }[] };
    const [file] = about.files;
    return { manifest: about, url: new URL(file?.name ?? '', manifest).href };
  } catch (error) {
    throw failure('manifest_invalid', `${manifest}: ${String(error)}`, manifest);
  }
}

const failure = (code: FailureCode, message: string, url: string): Failure => ({
  code,
  message,
  detail: { url },
});

type Verify = (signature: BufferSource, content: BufferSource) => Promise<boolean>;

async function verifier(manifest: string, key: string): Promise<Verify> {
  // Only secure contexts have it.
  const subtle = (crypto as Partial<Crypto>).subtle;
  if (!subtle)
    throw failure('signature_unsupported', 'SubtleCrypto needs a page that is served over https', manifest);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decoded(key);
  } catch (error) {
    throw failure('signature_wrong', `model-key is not in base64: ${String(error)}`, manifest);
  }
  try {
    const imported = await subtle.importKey('spki', bytes, 'Ed25519', false, ['verify']);
    return (signature, content) => subtle.verify('Ed25519', imported, signature, content);
  } catch (error) {
    const unknown = error instanceof DOMException && error.name === 'NotSupportedError';
    throw unknown
      ? failure('signature_unsupported', `this browser does not know Ed25519: ${error.message}`, manifest)
      : failure('signature_wrong', `model-key is no public key of Ed25519: ${String(error)}`, manifest);
  }
}

/** @param absent what it means if there is no such file */
async function fetched(url: string, absent: FailureCode): Promise<Uint8Array<ArrayBuffer>> {
  let refused: Failure | undefined;
  try {
    const response = await fetchFile(url, { signal: AbortSignal.timeout(LIMIT_MILLISECONDS) });
    refused = refusal(response, url, absent);
    if (!refused) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw failure(late ? 'stalled' : 'network', `${url}: ${String(error)}`, url);
  }
  throw refused;
}

/** The signature in the content of signature.json. What is none matches nothing. */
function signatureOf(content: BufferSource): Uint8Array<ArrayBuffer> {
  try {
    return decoded((JSON.parse(new TextDecoder().decode(content)) as { signature: string }).signature);
  } catch {
    return new Uint8Array();
  }
}

const decoded = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
