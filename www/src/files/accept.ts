/** The extensions of files that can be read, as in the accept attribute of a file field. */
export const ACCEPT = '.txt,.md,.markdown,.vtt,.srt,.csv,.tsv,.xlsx,.xlsm,.docx,.docm,.odt,.pdf,.eml,.msg';
