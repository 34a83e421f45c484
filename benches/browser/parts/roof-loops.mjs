/**
 * The loops that give the roof, as WebAssembly. Written out by hand, because a compiler sees that the same product comes
 * again and again, and takes it out of the loop.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { default: binaryen } = await import(
  pathToFileURL(createRequire(new URL('../../../www/package.json', import.meta.url)).resolve('binaryen')).href
);

/**
 * What one instruction does at best on this machine. As many independent sums as hide its latency and lie in the sixteen
 * registers of x86-64 together with their operands.
 */
const KINDS = {
  // Adds to a sum, so every one has to be done. One right operand for all leaves registers for sums.
  int8: { macs: 16, sums: 12, rights: 1, step: (a, b, sum) => `(i32x4.relaxed_dot_i8x16_i7x16_add_s ${a} ${b} ${sum})` },
  // A product that V8 would find to be another one's: each has a right operand of its own.
  int16: { macs: 8, sums: 7, rights: 7, step: (a, b, sum) => `(i32x4.add ${sum} (i32x4.dot_i16x8_s ${a} ${b}))` },
};

export const LOOPS = Object.keys(KINDS);

/** Bytes of a module whose `loop(rounds)` runs an instruction, and the multiply-adds of a round. */
export function roofLoop(kind) {
  const { macs, sums, rights, step } = KINDS[kind];
  const each = (count, text) => Array.from({ length: count }, (_, i) => text(i)).join('\n');
  const text = `(module
    (memory 1)
    (func (export "loop") (param $rounds i32)
      (local $left v128)
      ${each(rights, (i) => `(local $right${i} v128)`)}
      ${each(sums, (i) => `(local $sum${i} v128)`)}
      (local.set $left (v128.const i8x16 ${each(16, (i) => 3 + i)}))
      ${each(rights, (i) => `(local.set $right${i} (v128.load (i32.const ${16 * i})))`)}
      (loop $again
        ${each(sums, (i) => `(local.set $sum${i} ${step('(local.get $left)', `(local.get $right${i % rights})`, `(local.get $sum${i})`)})`)}
        ;; Another left operand in each round, at the price of one addition.
        (local.set $left (i32x4.add (local.get $left) (local.get $right0)))
        (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      ${each(sums, (i) => `(v128.store (i32.const ${512 + 16 * i}) (local.get $sum${i}))`)})
    ;; Operands that are in range for both instructions.
    (data (i32.const 0) "${'\\05'.repeat(16 * rights)}"))`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  if (!module.validate()) throw new Error(`the ${kind} loop is not valid`);
  return { bytes: [...module.emitBinary()], macs: macs * sums };
}
