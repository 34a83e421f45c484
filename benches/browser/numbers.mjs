/** Statistics of repeated measurements, and the tables they are shown in. */

/** A value below which a share of the sorted samples lies. */
function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** Median, least and greatest, and the spread: the middle half of the samples as a share of the median. */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const spread = median === 0 ? 0 : (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median;
  return { median, min: sorted[0], max: sorted.at(-1), spread, samples };
}

/** How many times as much each sample of the first is as the second's of the same round: what a noisy machine leaves true. */
export function ratio(samples, others) {
  return summary(samples.map((sample, i) => sample / others[i]));
}

/** Mean cosine of the rows of two matrices with rows of `width`. */
export function meanCosine(a, b, width) {
  if (a.length !== b.length || a.length === 0) throw new Error(`${a.length} and ${b.length} numbers cannot be compared`);
  let sum = 0;
  for (let row = 0; row < a.length; row += width) {
    let [dot, aa, bb] = [0, 0, 0];
    for (let i = row; i < row + width; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    sum += dot / Math.sqrt(aa * bb);
  }
  return (sum * width) / a.length;
}

/** Rounds of measurements taken in turn (A B C A B C): the samples of each name. */
export async function interleave(rounds, measurements) {
  const samples = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(measurements)) samples[name].push(await measure(round));
  }
  return samples;
}

export const ms = (value) => `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
export const percent = (share) => `${Math.round(100 * share)} %`;
export const times = (value) => `${value.toFixed(2)}x`;

/** Columns aligned under their heads; the first to the left, the others to the right. */
export function table(head, rows) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  const [first, ...rest] = lines.map((line) => line.map(pad).join('  '));
  return [first, widths.map((width) => '-'.repeat(width)).join('  '), ...rest].join('\n');
}
