/** How files, storage and data beside the model fail; the engine's own failures are in engine/contract.ts. */

export const TROUBLE_CODES = [
  'file_unknown',
  'file_too_large',
  'file_unreadable',
  'file_empty',
  'reader_missing',
  'rubric_invalid',
  'development_invalid',
  'profile_invalid',
  'handover_invalid',
  'handover_other_rubric',
  'storage_unavailable',
  'storage_damaged',
  'passphrase_wrong',
  'passphrase_insecure',
] as const;

export type TroubleCode = (typeof TROUBLE_CODES)[number];

/** An Error, so that it is never mistaken for a result; the message is for developers, the page words the code. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    readonly code: TroubleCode,
    message: string,
    /** What it is about: a file's name, a URL. */
    readonly about: string = '',
  ) {
    super(message);
  }
}

export function asTrouble(thrown: unknown, code: TroubleCode, about = ''): Trouble {
  return thrown instanceof Trouble ? thrown : new Trouble(code, String(thrown), about);
}
