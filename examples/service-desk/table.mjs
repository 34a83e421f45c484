// Prints the learning curve that examples/service-desk/learning-curve has computed as a table in Markdown.
// usage: node table.mjs RUNS REPORTS...    RUNS has a run directory of `trainer crossval` named REPORTS-SEED for each draw
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [runs, ...sizes] = process.argv.slice(2);
const FIGURES = { kappa: 'kappa', mae: 'mean error', coverage: 'in interval', presence_f1: 'presence F1', evidence_ap: 'evidence AP', others_refused: 'others refused', accounts_refused: 'accounts refused' };

/** The figures over all reports by method, one entry for each draw. */
function draws(size) {
  const names = readdirSync(runs).filter((name) => name.startsWith(`${size}-`) && existsSync(join(runs, name, 'evaluation.json')));
  return names.map((name) => {
    const { methods } = JSON.parse(readFileSync(join(runs, name, 'evaluation.json'), 'utf8'));
    return new Map(methods.map(({ method, evaluation }) => [method, evaluation.slices[0].figures]));
  });
}

/** The median with the lowest and the highest value. */
function spread(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return '–';
  const text = (value) => value.toFixed(2);
  const middle = text((sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]].map(text);
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

console.log(`| learnt from | method | ${Object.values(FIGURES).join(' | ')} |`);
console.log(`|---:|---|${'---:|'.repeat(Object.keys(FIGURES).length)}`);
for (const size of sizes) {
  const all = draws(size);
  if (all.length === 0) continue;
  for (const method of all[0].keys()) {
    const cells = Object.keys(FIGURES).map((figure) => spread(all.map((draw) => draw.get(method)[figure]?.value)));
    console.log(`| ${size} | ${method} | ${cells.join(' | ')} |`);
  }
}
