// Compares the levels that two models give to the same texts. Reading the files is left to pkg-scripts/compare-levels.

/** A change of a level that a person notices. */
const NOTICEABLE = 0.5;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** The assessments by the id of the text. Throws if a row is no row of `trainer score`. */
function assessments(rows) {
  return new Map(
    rows.map(({ id, assessment }, i) => {
      if (!Array.isArray(assessment?.competencies)) throw new Error(`row ${i + 1} has no assessment; give the JSONL output of trainer score`);
      return [id, assessment];
    }),
  );
}

/** What stands between two levels of one competency, by text. */
function row(name, pairs) {
  const both = pairs.filter(([older, newer]) => older !== null && newer !== null);
  const changes = both.map(([older, newer]) => newer - older);
  const counts = [both.length, pairs.filter(([older, newer]) => older !== null && newer === null).length, pairs.filter(([older, newer]) => older === null && newer !== null).length];
  const moved = changes.length ? [signed(mean(changes)), mean(changes.map(Math.abs)).toFixed(2), `${Math.round((100 * changes.filter((change) => Math.abs(change) >= NOTICEABLE).length) / changes.length)} %`] : ['', '', ''];
  return `| ${[name, ...counts, ...moved].join(' | ')} |`;
}

/**
 * A Markdown table of what a newer model does to levels.
 * @param older rows of `trainer score`, `{id, assessment}`
 * @param newer the same of the newer model
 */
export function comparison(older, newer) {
  const [before, after] = [assessments(older), assessments(newer)];
  const ids = [...before.keys()].filter((id) => after.has(id));
  if (ids.length === 0) throw new Error('the two outputs have no text in common');
  const level = (found, id, competency) => found.get(id).competencies.find((entry) => entry.id === competency)?.level ?? null;
  const names = before.get(ids[0]).competencies.map(({ id }) => id);
  const pairs = (name) => ids.map((id) => [level(before, id, name), level(after, id, name)]);
  const refused = (found) => ids.filter((id) => found.get(id).account?.accepted === false).length;
  const models = [before, after].map((found) => found.get(ids[0]).model.id);
  return [
    `${models.join(' → ')}, ${ids.length} texts; refused: ${refused(before)} → ${refused(after)}`,
    '',
    '| competency | shown by both | by the old only | by the new only | mean change | mean size of change | moved by half a level or more |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...names.map((name) => row(name, pairs(name))),
    row('all', names.flatMap(pairs)),
  ].join('\n');
}
