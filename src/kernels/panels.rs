//! Linear layers over quantized rows: weights packed once into int8 panels with a scale per output channel. Rows and
//! weights are rotated before they are quantized, which cancels in the product.

use super::rows;
use super::tile::{self, COLUMNS, GROUP, InstructionSet, ROWS};

/// Largest magnitude of a quantized weight.
const WEIGHT_LIMIT: f32 = 127.0;

/// Rows of activations in 7 bits with a scale and a zero point each: `x ≈ scale · (value − zero)`,
/// where x is the rotated row.
#[derive(Debug, Default)]
pub struct QuantizedRows {
    /// [rows, stride]; beyond the width, up to the stride, zero.
    values: Vec<u8>,
    scales: Vec<f32>,
    zeros: Vec<i32>,
    /// The row that is being rotated.
    rotated: Vec<f32>,
    width: usize,
    stride: usize,
}

impl QuantizedRows {
    /// Makes room for rows of a width; keeps its memory from call to call.
    pub fn reset(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.stride = width.next_multiple_of(GROUP);
        self.values.clear();
        self.values.resize(rows * self.stride, 0);
        self.scales.resize(rows, 0.0);
        self.zeros.resize(rows, 0);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rotates and quantizes one row; its extremes decide the scale.
    pub fn set(&mut self, row: usize, values: &[f32]) {
        self.rotated.clear();
        self.rotated.extend_from_slice(values);
        rows::rotate(&mut self.rotated);
        let target = &mut self.values[row * self.stride..][..self.width];
        (self.scales[row], self.zeros[row]) = rows::quantize(&self.rotated, target);
    }
}

/// A linear layer, y = W x + b, over quantized rows.
pub struct Linear {
    /// [panels, groups, [`COLUMNS`], [`GROUP`]], zero beyond the outputs and inputs.
    panels: Vec<i8>,
    /// Per output channel, padded to whole panels: scale, sum of the weights, bias.
    channels: Vec<Channel>,
    inputs: usize,
    outputs: usize,
}

#[derive(Clone, Copy, Default)]
struct Channel {
    scale: f32,
    sum: i32,
    bias: f32,
}

impl Linear {
    /// Packs a weight of [outputs, inputs] and a bias of [outputs].
    ///
    /// # Panics
    /// When their lengths do not fit.
    pub fn pack(weight: &[f32], bias: &[f32], inputs: usize) -> Self {
        let outputs = bias.len();
        assert_eq!(weight.len(), outputs * inputs, "weight is not [outputs, inputs]");
        let groups = inputs.div_ceil(GROUP);
        let mut panels = vec![0; outputs.div_ceil(COLUMNS) * groups * GROUP * COLUMNS];
        let mut channels = vec![Channel::default(); outputs.next_multiple_of(COLUMNS)];
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
            channels[c] = Channel { scale: scale / factor, sum, bias: bias[c] };
        }
        Self { panels, channels, inputs, outputs }
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Writes W x + b of each row to `out`, [rows, outputs].
    ///
    /// # Panics
    /// When the rows are not as wide as the layer's inputs or `out` has another size.
    pub fn forward(&self, set: InstructionSet, rows: &QuantizedRows, out: &mut [f32]) {
        assert_eq!(rows.width, self.inputs, "rows are not as wide as the layer's inputs");
        assert_eq!(out.len(), rows.len() * self.outputs, "out is not [rows, outputs]");
        let panel_len = self.inputs.next_multiple_of(GROUP) * COLUMNS;
        let panels = self.panels.chunks_exact(panel_len).zip(self.channels.chunks_exact(COLUMNS));
        for (p, (panel, channels)) in panels.enumerate() {
            let columns = COLUMNS.min(self.outputs - p * COLUMNS);
            for first in (0..rows.len()).step_by(ROWS) {
                let count = ROWS.min(rows.len() - first);
                let tile = tile::int8(set, &rows.values[first * rows.stride..], rows.stride, count, panel);
                for (r, sums) in tile.iter().enumerate().take(count) {
                    let (scale, zero) = (rows.scales[first + r], rows.zeros[first + r]);
                    let mut line = [0.0; COLUMNS];
                    for ((y, sum), channel) in line.iter_mut().zip(sums).zip(channels) {
                        *y = (sum - zero * channel.sum) as f32 * (scale * channel.scale) + channel.bias;
                    }
                    let at = (first + r) * self.outputs + p * COLUMNS;
                    out[at..at + columns].copy_from_slice(&line[..columns]);
                }
            }
        }
    }
}
