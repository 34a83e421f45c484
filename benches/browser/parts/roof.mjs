/** The roof that the browser's instructions set, and one matrix product under it: ours and rten-gemm's. */
import { interleave, ms, percent, ratio, summary, table, times } from '../numbers.mjs';
import { LOOPS, roofLoop } from './roof-loops.mjs';

/** Multiply-adds of a measurement. */
const WORK = 2e9;
const SHAPE = { rows: 256, inputs: 384, outputs: 1536 };

/** The builds, and the instruction that multiplies in each: simd128 has no dot product of int8. */
const BUILDS = { simd128: 'int16', 'relaxed-simd': 'int8' };

/** Starts the loops in a worker; gives for each a function that measures its multiply-adds per second. */
export async function startRoof(arena) {
  const loops = Object.fromEntries(LOOPS.map((loop) => [loop, roofLoop(loop)]));
  const bytes = Object.fromEntries(LOOPS.map((loop) => [loop, loops[loop].bytes]));
  const contender = { name: 'roof', module: 'roof', options: { loops: bytes } };
  await arena.start(contender);
  const measure = async (loop) => {
    const rounds = Math.round(WORK / loops[loop].macs);
    return (1e3 * rounds * loops[loop].macs) / (await arena.time(contender, { loop, rounds }));
  };
  return Object.fromEntries(LOOPS.map((loop) => [loop, () => measure(loop)]));
}

export async function run({ openArena, rounds }) {
  const arena = await openArena();
  const measurements = await startRoof(arena);
  for (const build of Object.keys(BUILDS)) {
    const product = { name: `product, ${build}`, module: 'product', options: { build, ...SHAPE } };
    await arena.start(product);
    for (const by of ['ours', 'rten']) measurements[`${by}, ${build}`] = () => arena.time(product, by);
  }
  const samples = await interleave(rounds, measurements);
  await arena.close();

  const macs = SHAPE.rows * SHAPE.inputs * SHAPE.outputs;
  const products = Object.entries(BUILDS).map(([build, loop]) => {
    const [ours, rten] = [samples[`ours, ${build}`], samples[`rten, ${build}`]];
    const perSecond = ours.map((t) => (1e3 * macs) / t);
    return { build, shape: SHAPE, macs, ours: summary(ours), rten: summary(rten), rtenToOurs: ratio(rten, ours), shareOfRoof: ratio(perSecond, samples[loop]) };
  });
  return { loops: LOOPS.map((loop) => ({ loop, macsPerSecond: summary(samples[loop]) })), products };
}

export function show({ loops, products }) {
  const { rows, inputs, outputs } = SHAPE;
  return [
    'The roof: multiply-adds over registers and nothing else, by i32x4.relaxed_dot_i8x16_i7x16_add_s (int8) and i32x4.dot_i16x8_s (int16)',
    table(
      ['', 'GMAC/s', 'max', 'spread'],
      loops.map(({ loop, macsPerSecond: m }) => [loop, (m.median / 1e9).toFixed(1), (m.max / 1e9).toFixed(1), percent(m.spread)]),
    ),
    `\nOne product of int8, ${rows} x ${inputs} x ${outputs}: ours with scales and bias applied, rten-gemm's to i32 sums; the roof of the build's own instruction`,
    table(
      ['', 'ours', 'min', 'rten-gemm', 'min', 'rten-gemm / ours', 'spread', 'ours, of the roof'],
      products.map(({ build, ours, rten, rtenToOurs, shareOfRoof }) => [
        build, ms(ours.median), ms(ours.min), ms(rten.median), ms(rten.min), times(rtenToOurs.median), percent(rtenToOurs.spread), percent(shareOfRoof.median),
      ]),
    ),
  ].join('\n');
}

export const claims = ({ products }) =>
  products.map(({ build, rtenToOurs }) => ({ claim: `one product, times as fast as rten-gemm, ${build}`, wanted: '>=', bound: 1, measured: rtenToOurs.median }));
