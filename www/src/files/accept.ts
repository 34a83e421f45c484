/** The extensions of files that can be read, as in the accept attribute of a file field. */
export const ACCEPT = '.txt,.md,.markdown,.vtt,.srt,.csv,.tsv,.xlsx,.xlsm,.docx,.docm,.odt,.pdf,.eml,.msg';

/**
 * Whether a file may be opened by the end of its name.
 * @param accept extensions, separated by commas, as in the accept attribute of a file field
 */
export function isAccepted(name: string, accept: string): boolean {
  const extensions = accept.toLowerCase().split(',');
  return extensions.some((extension) => extension.trim() && name.toLowerCase().endsWith(extension.trim()));
}
