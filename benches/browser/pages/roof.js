/** Loops of multiply-adds over registers: parts/roof-loops.mjs. */

export async function load({ loops }) {
  const compiled = {};
  for (const [name, bytes] of Object.entries(loops)) {
    compiled[name] = (await WebAssembly.instantiate(new Uint8Array(bytes))).instance.exports.loop;
  }
  return {
    run({ loop, rounds }) {
      compiled[loop](rounds);
      return [];
    },
  };
}
