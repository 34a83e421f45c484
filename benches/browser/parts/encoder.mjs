/** The encoder alone, one worker each, all on the same weights and the same token ids. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, meanCosine, ms, percent, ratio, summary, table, times } from '../numbers.mjs';
import { startRoof } from './roof.mjs';

const LAYERS = [6, 12];
const TOKENS = [32, 128, 256, 512];

const OURS = 'ours, relaxed-simd';
const TRUTH = 'onnxruntime-web fp32';

/**
 * Name, module of pages/, where it runs, the instruction by which it multiplies integers (whose loop is its roof), and the
 * least mean cosine to the f32 run, under which it is another encoder.
 */
const CONTENDERS = [
  { name: OURS, module: 'ours', options: { build: 'relaxed-simd' }, roof: 'int8', least: 0.99 },
  { name: 'ours, simd128', module: 'ours', options: { build: 'simd128' }, roof: 'int16', least: 0.99 },
  { name: TRUTH, module: 'onnxruntime', options: { precision: 'fp32', threads: 1 }, least: 0.99 },
  // Its own quantization, with scales of a whole tensor for the activations, costs it more than ours does us: it is
  // shown, but does not end the run.
  { name: 'onnxruntime-web int8', module: 'onnxruntime', options: { precision: 'int8', threads: 1 }, roof: 'int16', least: 0.9 },
  { name: 'onnxruntime-web int8, 2 threads', module: 'onnxruntime', options: { precision: 'int8', threads: 2 }, where: 'isolated', least: 0.9 },
  { name: 'onnxruntime-web fp32, 2 threads', module: 'onnxruntime', options: { precision: 'fp32', threads: 2 }, where: 'isolated', least: 0.99 },
  { name: "candle's BertModel", module: 'candle', options: { build: 'simd128' }, least: 0.99 },
];

/** Multiply-adds of a text through the encoder: four square layers, two of the feed-forward, scores and contexts. */
function macs({ hidden_size: hidden, intermediate_size: inner }, layers, tokens) {
  return layers * (tokens * (4 * hidden * hidden + 2 * hidden * inner) + 2 * tokens * tokens * hidden);
}

export async function run({ openArena, rounds, work, progress }) {
  const rows = [];
  for (const layers of LAYERS) {
    // Opened anew, so that nothing of the encoders before is left in memory.
    const arena = await openArena();
    const config = JSON.parse(readFileSync(join(work, `encoders/${layers}/config.json`)));
    const ids = JSON.parse(readFileSync(join(work, `onnx/${layers}/ids.json`)));
    const contenders = CONTENDERS.map((contender) => ({ ...contender, options: { ...contender.options, layers } }));
    for (const contender of contenders) await arena.start(contender);
    const roof = await startRoof(arena);
    for (const tokens of TOKENS) {
      progress(`encoder: ${layers} layers, ${tokens} tokens`);
      const input = ids.slice(0, tokens);
      const cosines = await agreement(arena, contenders, input, config.hidden_size);
      const measurements = { ...roof };
      for (const contender of contenders) measurements[contender.name] = () => arena.time(contender, input);
      const samples = await interleave(rounds, measurements);
      rows.push({ layers, tokens, ...row(contenders, macs(config, layers, tokens), cosines, samples) });
    }
    await arena.close();
  }
  return { rows };
}

/** Mean cosine of each contender's token vectors to those in f32. Throws where one computes something else. */
async function agreement(arena, contenders, input, width) {
  const truth = await arena.result(contenders.find(({ name }) => name === TRUTH), input);
  const cosines = {};
  for (const contender of contenders) {
    const cosine = meanCosine(await arena.result(contender, input), truth, width);
    if (!(cosine >= contender.least)) throw new Error(`${contender.name}: mean cosine ${cosine} to f32 at ${input.length} tokens`);
    cosines[contender.name] = cosine;
  }
  return cosines;
}

function row(contenders, work, cosines, samples) {
  const measured = contenders.map(({ name, roof }) => {
    const perSecond = samples[name].map((t) => (1e3 * work) / t);
    return {
      name,
      cosine: cosines[name],
      milliseconds: summary(samples[name]),
      macsPerSecond: summary(perSecond),
      shareOfRoof: roof ? ratio(perSecond, samples[roof]) : null,
      toOurs: ratio(samples[name], samples[OURS]),
    };
  });
  return { macs: work, roof: { int8: summary(samples.int8), int16: summary(samples.int16) }, contenders: measured };
}

export function show({ rows }) {
  const giga = (value) => (value / 1e9).toFixed(1);
  const parts = ['The encoder alone; ratio: time by the time of ours, relaxed-simd, round by round; of the roof: of that of the instruction it multiplies with'];
  for (const { layers, tokens, macs: work, roof, contenders } of rows) {
    parts.push(
      `\n${layers} layers, ${tokens} tokens: ${(work / 1e9).toFixed(2)} GMAC; roof ${giga(roof.int8.median)} GMAC/s in int8, ${giga(roof.int16.median)} in int16`,
      table(
        ['', 'median', 'min', 'spread', 'GMAC/s', 'of the roof', 'ratio', 'spread', 'cosine'],
        contenders.map(({ name, cosine, milliseconds: t, macsPerSecond, shareOfRoof, toOurs }) => [
          name, ms(t.median), ms(t.min), percent(t.spread), giga(macsPerSecond.median), shareOfRoof ? percent(shareOfRoof.median) : '',
          times(toOurs.median), percent(toOurs.spread), cosine.toFixed(4),
        ]),
      ),
    );
  }
  return parts.join('\n');
}

export function claims({ rows }) {
  const { contenders } = rows.find(({ layers, tokens }) => layers === 6 && tokens === 256);
  const of = (name) => contenders.find((contender) => contender.name === name);
  const faster = (than) => of(than).toOurs.median;
  return [
    { claim: '256 tokens, times as fast as onnxruntime-web int8', wanted: '>=', bound: 2.5, measured: faster('onnxruntime-web int8') },
    { claim: "256 tokens, times as fast as candle's BertModel", wanted: '>=', bound: 5, measured: faster("candle's BertModel") },
    { claim: '256 tokens, times as fast as onnxruntime-web int8 with 2 threads', wanted: '>=', bound: 1, measured: faster('onnxruntime-web int8, 2 threads') },
    { claim: '256 tokens, share of the roof', wanted: '>=', bound: 0.65, measured: of(OURS).shareOfRoof.median },
  ];
}
