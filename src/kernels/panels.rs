//! Linear layers over quantized rows: weights are packed once into int8 panels, with one scale per output channel. Rows
//! and weights are both rotated before they are quantized, and the rotations cancel in the product.

use super::lanes::{Fastest, Lanes};
use super::rows;
use super::tile::{self, COLUMNS, GROUP, InstructionSet, ROWS, Sums};

/// The largest magnitude of a quantized weight.
const WEIGHT_LIMIT: f32 = 127.0;

/// Rows of 7-bit activations, where each row has a scale and a zero point: x ≈ scale · (value - zero), with the rotated
/// row x.
#[derive(Debug, Default)]
pub struct QuantizedRows {
    /// Quantized values, interleaved by tiles (see [`tile::interleaved`]).
    values: Vec<u8>,
    scales: Vec<f32>,
    zeros: Vec<i32>,
    /// Scratch: the row being rotated.
    rotated: Vec<f32>,
    /// Scratch: the row being interleaved, with zeros beyond the width.
    row: Vec<u8>,
    /// Scratch: the products of all rows with one panel, `[rows]`.
    sums: Vec<Sums>,
    width: usize,
    /// The width rounded up to whole groups.
    stride: usize,
}

impl QuantizedRows {
    /// Makes room for `rows` rows of `width` values, reusing memory.
    pub fn reset(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.stride = width.next_multiple_of(GROUP);
        self.row.clear();
        self.row.resize(self.stride, 0);
        self.values.resize(rows.next_multiple_of(ROWS) * self.stride, 0);
        self.scales.resize(rows, 0.0);
        self.zeros.resize(rows, 0);
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rotates and quantizes one row. The row's extremes decide its scale.
    pub fn set(&mut self, row: usize, values: &[f32]) {
        self.rotated.clear();
        self.rotated.extend_from_slice(values);
        rows::rotate(&mut self.rotated);
        (self.scales[row], self.zeros[row]) = rows::quantize(&self.rotated, &mut self.row[..self.width]);
        let first = tile::interleaved(row, 0, self.stride / GROUP);
        let targets = self.values.as_chunks_mut::<GROUP>().0[first..].iter_mut().step_by(ROWS);
        for (group, target) in self.row.as_chunks::<GROUP>().0.iter().zip(targets) {
            *target = *group;
        }
    }
}

/// A linear layer, y = W·x + b, over quantized rows.
pub struct Linear {
    /// Quantized weights, [panels, groups, [`COLUMNS`], [`GROUP`]], with zeros beyond the outputs and inputs.
    panels: Vec<i8>,
    /// The scales, sums and biases of the output channels, one entry per panel.
    channels: Vec<Channels>,
    inputs: usize,
    outputs: usize,
}

/// The data of a panel's output channels, other than the weights.
#[derive(Clone, Copy, Default)]
struct Channels {
    scales: [f32; COLUMNS],
    /// The sum of each channel's weights.
    sums: [i32; COLUMNS],
    bias: [f32; COLUMNS],
}

impl Channels {
    /// Dequantizes the i32 sums of a row: (sum - zero · weight_sum) · row_scale · channel_scale + bias.
    #[inline(always)]
    fn dequantize<V: Lanes>(&self, sums: &[i32; COLUMNS], scale: f32, zero: i32) -> [f32; COLUMNS] {
        let shift = V::mul_ints(V::splat_int(zero), V::load_ints(&self.sums));
        let exact = V::to_floats(V::sub_ints(V::load_ints(sums), shift));
        let scaled = V::mul(exact, V::mul(V::splat(scale), V::load(&self.scales)));
        let mut line = [0.0; COLUMNS];
        V::store(V::add(scaled, V::load(&self.bias)), &mut line);
        line
    }
}

impl Linear {
    /// Packs a weight of `[outputs, inputs]` and a bias of `[outputs]`.
    ///
    /// # Panics
    /// When the length of the weight is not outputs · inputs.
    pub fn pack(weight: &[f32], bias: &[f32], inputs: usize) -> Self {
        let outputs = bias.len();
        assert_eq!(weight.len(), outputs * inputs, "weight is not [outputs, inputs]");
        let groups = inputs.div_ceil(GROUP);
        let mut panels = vec![0; outputs.div_ceil(COLUMNS) * groups * GROUP * COLUMNS];
        let mut channels = vec![Channels::default(); outputs.div_ceil(COLUMNS)];
        let mut row = Vec::with_capacity(inputs);
        for (c, weights) in weight.chunks_exact(inputs).enumerate() {
            row.clear();
            row.extend_from_slice(weights);
            let factor = rows::rotate(&mut row);
            let largest = row.iter().fold(0.0f32, |m, w| m.max(w.abs()));
            let scale = if largest > 0.0 { largest / WEIGHT_LIMIT } else { 1.0 };
            let panel = &mut panels[c / COLUMNS * groups * GROUP * COLUMNS..];
            let mut sum = 0;
            for (k, w) in row.iter().enumerate() {
                let value = (w / scale).round_ties_even() as i8;
                panel[(k / GROUP * COLUMNS + c % COLUMNS) * GROUP + k % GROUP] = value;
                sum += i32::from(value);
            }
            let channels = &mut channels[c / COLUMNS];
            channels.scales[c % COLUMNS] = scale / factor;
            channels.sums[c % COLUMNS] = sum;
            channels.bias[c % COLUMNS] = bias[c];
        }
        Self { panels, channels, inputs, outputs }
    }

    /// Returns the number of output channels.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Computes W·x + b for each row, into `out`, `[rows, outputs]`.
    ///
    /// # Panics
    /// When the rows are not as wide as the layer's inputs, or `out` has another size.
    pub fn forward(&self, set: InstructionSet, rows: &mut QuantizedRows, out: &mut [f32]) {
        assert_eq!(rows.width, self.inputs, "rows are not as wide as the layer's inputs");
        assert_eq!(out.len(), rows.len() * self.outputs, "out is not [rows, outputs]");
        let QuantizedRows { values, scales, zeros, sums, .. } = rows;
        sums.resize(scales.len(), [0; COLUMNS]);
        let panel_len = self.inputs.next_multiple_of(GROUP) * COLUMNS;
        let panels = self.panels.chunks_exact(panel_len).zip(&self.channels);
        for (p, (panel, channels)) in panels.enumerate() {
            tile::int8(set, values, panel, sums);
            let lines = sums.iter().zip(scales.iter().zip(zeros.iter()));
            for ((sums, (scale, zero)), row) in lines.zip(out.chunks_exact_mut(self.outputs)) {
                let line = channels.dequantize::<Fastest>(sums, *scale, *zero);
                let into = &mut row[p * COLUMNS..];
                // A copy of constant length is inlined instead of being a call.
                match into.first_chunk_mut::<COLUMNS>() {
                    Some(whole) => *whole = line,
                    None => into.copy_from_slice(&line[..into.len()]),
                }
            }
        }
    }
}

/// Adds B·A to a weight of `[outputs, inputs]`, where `b` is `[outputs, rank]` and `a` is `[rank, inputs]`. Products are
/// added one after the other, so that every target rounds alike.
pub fn add_low_rank(weight: &mut [f32], b: &[f32], a: &[f32], rank: usize) {
    let inputs = a.len() / rank.max(1);
    if inputs == 0 {
        return;
    }
    for (row, factors) in weight.chunks_exact_mut(inputs).zip(b.chunks_exact(rank)) {
        for (factor, direction) in factors.iter().zip(a.chunks_exact(inputs)) {
            row.iter_mut().zip(direction).for_each(|(x, d)| *x += factor * d);
        }
    }
}
