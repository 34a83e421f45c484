// Rebuilds rated public texts from the files that they were taken from. Fetching the files is left to pkg-scripts/public-texts.
import { createHash } from 'node:crypto';

/** The repository, and the path in it, that `origin` names as owner/name:path, with or without #part. */
export function place(origin) {
  const [, repository, path] = /^([^:]+):(.*?)(?:#[^#/]*)?$/s.exec(origin) ?? [];
  if (!path) throw new Error(`${origin} names no file; expected owner/name:path`);
  return { repository, path };
}

/**
 * Joins the pieces of a text. `[start, end]` is a range of code points of the file that the origin names, `[start, end, path]` one of
 * another file of the repository, both with line ends of one character; a string, such as the label of a speaker, stands for itself.
 * @param read returns the bytes of the file at a path
 */
export function textOf({ origin, encoding = 'utf-8', pieces }, read) {
  const points = new Map();
  const pointsOf = (path) => {
    if (!points.has(path)) {
      const file = new TextDecoder(encoding, { ignoreBOM: true }).decode(read(path));
      points.set(path, Array.from(file.replaceAll('\r\n', '\n')));
    }
    return points.get(path);
  };
  const { path: own } = place(origin);
  const textOfRange = ([start, end, path = own]) => pointsOf(path).slice(start, end).join('');
  return pieces.map((piece) => (typeof piece === 'string' ? piece : textOfRange(piece))).join('');
}

/**
 * Makes a labelled report of a rating. Throws where the text is not the one that was rated.
 * @param read returns the bytes of the file at a path
 */
export function labelledReport(rating, read) {
  const { commit, encoding, pieces, sha256, ...labels } = rating;
  const text = textOf(rating, read);
  const found = createHash('sha256').update(text).digest('hex');
  if (found !== sha256) throw new Error(`${labels.origin} has other text at ${commit} than was rated`);
  return { ...labels, text, source: 'public', writer: place(labels.origin).repository };
}
