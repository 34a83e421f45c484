/** Failures of files, of the history, of the page's surroundings and of the data that comes with the model. The engine's own failures are in engine/contract.ts. */

/** Codes that only the reading of files raises. */
export const READING_CODES = [
  'file_unknown',
  'file_not_allowed',
  'file_unreadable',
  'file_empty',
  'file_protected',
  'file_picture',
  'file_binary',
  'file_scan',
  'file_team_table',
  'save_as_docx',
  'save_as_xlsx',
  'mail_unsaved',
  'reader_missing',
] as const;

export type ReadingCode = (typeof READING_CODES)[number];

export const TROUBLE_CODES = [
  ...READING_CODES,
  'file_too_large',
  'file_gone',
  'wasm_missing',
  'policy_wasm',
  'policy_worker',
  'policy_trusted_types',
  'signed_out',
  'page_updated',
  'model_invalid',
  'data_missing',
  'rubric_invalid',
  'development_invalid',
  'profile_invalid',
  'questions_invalid',
  'handover_invalid',
  'handover_other_rubric',
  'handover_newer',
  'handover_expired',
  'storage_unavailable',
  'storage_damaged',
  'storage_newer',
  'history_invalid',
  'passphrase_wrong',
  'passphrase_wait',
  'passphrase_short',
  'passphrase_insecure',
] as const;

export type TroubleCode = (typeof TROUBLE_CODES)[number];

/** The message is for developers; words.ts has what a person reads for each code. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    readonly code: TroubleCode,
    message: string,
    /** What it concerns: the name of a file, or a URL. */
    readonly about: string = '',
  ) {
    super(message);
  }
}

/** Returns a Trouble as it is, and wraps anything else in one with the given code. */
export function asTrouble(thrown: unknown, code: TroubleCode, about = ''): Trouble {
  return thrown instanceof Trouble ? thrown : new Trouble(code, String(thrown), about);
}
