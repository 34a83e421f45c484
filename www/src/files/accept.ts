/** The files that can be read, as a file field wants them. */
export const ACCEPT = '.txt,.md,.markdown,.csv,.docx,.pdf';
