//! Native matrix products of the encoder's shapes on one thread, by our kernels and by rten-gemm's prepacked int8
//! kernels:
//!
//! ```sh
//! RAYON_NUM_THREADS=1 cargo bench -p salesmirror-bench
//! ```
//!
//! The two take turns, so that a machine that slows down slows down both. Ours includes scales and bias, while
//! rten-gemm's ends at the i32 sums. `pkg-scripts/bench --only roof` does the same in the browser.

use std::hint::black_box;
use std::time::Instant;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use salesmirror::kernels::tile::InstructionSet;
use salesmirror::kernels::{Linear, QuantizedRows};

const ROUNDS: usize = 41;

fn main() {
    if std::env::var("RAYON_NUM_THREADS").as_deref() != Ok("1") {
        eprintln!("note: set RAYON_NUM_THREADS=1, since rten-gemm uses all cores otherwise");
    }
    let set = InstructionSet::fastest();
    println!("{} against {}", set.name(), GemmExecutor::<u8, i8, i32>::new().kernel_name());
    for (inputs, outputs) in [(384, 1152), (384, 384), (384, 1536), (1536, 384)] {
        for rows in [32, 256] {
            compare(set, rows, inputs, outputs);
        }
    }
}

fn compare(set: InstructionSet, rows: usize, inputs: usize, outputs: usize) {
    let number = |i: usize| ((i * 7919 % 2003) as f32 - 1001.0) / 1001.0;
    let weight: Vec<f32> = (0..outputs * inputs).map(number).collect();
    let layer = Linear::pack(&weight, &vec![0.0; outputs], inputs);
    let mut quantized = QuantizedRows::default();
    quantized.reset(rows, inputs);
    for r in 0..rows {
        let row: Vec<f32> = (0..inputs).map(|i| number(r * 31 + i * 17)).collect();
        quantized.set(r, &row);
    }
    let mut out = vec![0.0; rows * outputs];

    let gemm = GemmExecutor::<u8, i8, i32>::new();
    let b = NdTensor::from_fn([inputs, outputs], |[k, n]| (number(n * inputs + k) * 127.0) as i8);
    let packed = gemm.prepack_b(b.view());
    let a = NdTensor::from_fn([rows, inputs], |[r, k]| ((r * 31 + k * 17) % 128) as u8);
    let mut sums = vec![0; rows * outputs];

    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        layer.forward(set, black_box(&mut quantized), &mut out);
        let between = Instant::now();
        let (left, right) = (GemmInputA::Unpacked(a.view()), GemmInputB::Packed(&packed));
        gemm.gemm(&mut sums, left, right, Default::default()).expect("the shapes fit");
        let end = Instant::now();
        black_box((&out, &sums));
        ours.push((between - begin).as_secs_f64());
        theirs.push((end - between).as_secs_f64());
        ratios.push((end - between).as_secs_f64() / (between - begin).as_secs_f64());
    }
    let products = (rows * inputs * outputs) as f64 / 1e9;
    for values in [&mut ours, &mut theirs, &mut ratios] {
        values.sort_by(f64::total_cmp);
    }
    println!(
        "[{rows} x {inputs}] x [{inputs} x {outputs}]: {:.0} against {:.0} GMAC/s, {:.2} times as fast ({:.2} to {:.2})",
        products / ours[ROUNDS / 2],
        products / theirs[ROUNDS / 2],
        ratios[ROUNDS / 2],
        ratios[ROUNDS / 10],
        ratios[ROUNDS - 1 - ROUNDS / 10],
    );
}
