// Compares the files of a model with its manifest.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the name of the first file in a folder that is not the one that the manifest describes; undefined if all are.
 * `read` reads a file; it may end the program if it cannot.
 */
export const mismatch = (folder, files, read = readFileSync) =>
  files.find(({ name, size, sha256 }) => {
    const content = read(join(folder, name));
    return content.length !== size || createHash('sha256').update(content).digest('hex') !== sha256;
  })?.name;
