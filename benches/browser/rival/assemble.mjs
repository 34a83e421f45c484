/** Puts the rival's page together as one would publish it: compressed where a server would compress. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const HERE = import.meta.dirname;
const TRANSFORMERS = join(HERE, '../node_modules/@huggingface/transformers');
const COMPRESSED = ['.html', '.js', '.json', '.wasm'];
const RUNTIMES = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'];

/** The folder of its own runtime: npm puts it inside where another version is installed beside it. */
function runtime(name) {
  const own = join(TRANSFORMERS, 'node_modules/onnxruntime-web/dist');
  return join(existsSync(own) ? own : join(HERE, '../node_modules/onnxruntime-web/dist'), name);
}

/** Assembles what is new into `work`/rival; gives the folder. */
export function assembleRival(work, progress) {
  const out = join(work, 'rival');
  const sources = {
    'index.html': join(HERE, 'index.html'),
    'assets/page.js': join(HERE, 'page.js'),
    'assets/transformers.js': join(TRANSFORMERS, 'dist/transformers.min.js'),
    ...Object.fromEntries(RUNTIMES.map((name) => [`assets/${name}.wasm`, runtime(`${name}.wasm`)])),
    ...Object.fromEntries(RUNTIMES.map((name) => [`assets/${name}.js`, runtime(`${name}.mjs`)])),
    'assets/models/encoder/config.json': join(work, 'encoders/6/config.json'),
    'assets/models/encoder/tokenizer.json': join(work, 'encoders/6/tokenizer.json'),
    'assets/models/encoder/tokenizer_config.json': join(HERE, 'tokenizer_config.json'),
    'assets/models/encoder/onnx/model_quantized.onnx': join(work, 'onnx/6/int8.onnx'),
  };
  for (const [name, source] of Object.entries(sources)) {
    const content = readFileSync(source);
    const file = join(out, name);
    const done = COMPRESSED.includes(extname(name)) ? `${file}.br` : file;
    if (existsSync(done) && readFileSync(file).equals(content)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (done === file) continue;
    progress(`compressing ${name} (${(content.length / 1e6).toFixed(1)} MB)`);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(done, brotliCompressSync(content, { params }));
  }
  return out;
}
