/** The wasm of benches/browser/src, one of its builds; and the files of an encoder. */

export async function benchWasm(build) {
  const wasm = await import(`../pkg/${build}.js`);
  await wasm.default();
  return wasm;
}

/** config.json and model.safetensors of a Hugging Face directory. */
export async function encoderFiles(layers) {
  const get = async (name) => {
    const response = await fetch(new URL(`../encoders/${layers}/${name}`, import.meta.url));
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return response;
  };
  const config = await (await get('config.json')).text();
  return { config, weights: new Uint8Array(await (await get('model.safetensors')).arrayBuffer()) };
}
