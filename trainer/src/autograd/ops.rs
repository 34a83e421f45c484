//! Differentiable operations that candle lacks or has only without a backward pass (its fused layer norm and softmax silently
//! cut gradients). Each is one candle custom op built on [`super::kernels`]. Rows are divided among rayon's threads in pieces
//! of a fixed size, so that the sums do not depend on the number of threads.

use std::ops::Range;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{CpuStorage, CustomOp1, CustomOp3, Device, Layout, Result, Shape, Storage, Tensor, bail};
use rayon::prelude::*;

use super::kernels::{self, View};

/// The number of rows that a thread takes at a time.
const ROWS: usize = 64;

/// Computes x · weightᵀ + bias, from `[rows, inputs]`, `[outputs, inputs]` and `[outputs]` to `[rows, outputs]`.
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op3(&weight.contiguous()?, bias, Linear)
}

/// Computes the exact GELU, x · Φ(x), element by element.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op1(Gelu)
}

/// Computes the layer norm over the last dimension, from `[rows, width]`, `[width]` and `[width]` to `[rows, width]`.
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    x.contiguous()?.apply_op3(weight, bias, LayerNorm { epsilon: epsilon as f32 })
}

/// Computes scaled dot-product attention (Vaswani et al. 2017) within each of several concatenated windows, from queries, keys
/// and values, `[tokens, 3 · hidden]`, to `[tokens, hidden]`. The backward pass recomputes the probabilities (Dao et al. 2022),
/// so that memory grows linearly with the number of tokens and not quadratically.
pub fn attention(projected: &Tensor, lengths: &[usize], heads: usize) -> Result<Tensor> {
    projected.contiguous()?.apply_op1(Attention { lengths: lengths.to_vec(), heads })
}

/// Applies inverted dropout that keeps a share of the numbers. The seed alone decides which ones.
pub fn dropout(x: &Tensor, keep: f32, seed: u64) -> Result<Tensor> {
    if keep >= 1.0 {
        return Ok(x.clone());
    }
    x.contiguous()?.apply_op1(Dropout { keep, seed })
}

/// Computes the mean row of each segment, from `[rows, width]` to `[segments, width]`. A segment is a list of row ranges.
pub fn segment_mean(x: &Tensor, segments: Vec<Vec<Range<usize>>>) -> Result<Tensor> {
    x.contiguous()?.apply_op1(SegmentMean { segments })
}

/// Computes the mean cross-entropy, in nats, of rows of logits, `[rows, classes]`, against the right class of each row. The
/// backward pass recomputes the probabilities: if the classes are a vocabulary, keeping them would take most of the memory.
///
/// # Errors
/// When there are no rows, or when a row has no class or one out of range.
pub fn cross_entropy(logits: &Tensor, classes: Vec<u32>) -> Result<Tensor> {
    logits.contiguous()?.apply_op1(CrossEntropy { classes })
}

/// Rounds a weight to a quantized type. Gradients pass as if it had not been rounded (straight-through estimator, Bengio et al.
/// 2013). The rounding is candle's, which has a larger error than that of the model file but takes a tenth of the time.
pub fn quantized(weight: &Tensor, dtype: GgmlDType) -> Result<Tensor> {
    weight.contiguous()?.apply_op1(Quantized(dtype))
}

fn floats<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&values[start..end]),
        _ => bail!("the operation needs contiguous tensors in f32"),
    }
}

/// Calls `f` with the numbers of a tensor, which are copied only if they are not contiguous.
pub(super) fn with_floats<R>(tensor: &Tensor, f: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => f(floats(storage, layout)?),
        _ => bail!("training computes on the CPU"),
    }
}

/// Makes a tensor in the backward pass, which is not differentiated again.
fn constant(values: Vec<f32>, shape: &Shape) -> Result<Tensor> {
    Tensor::from_vec(values, shape, &Device::Cpu)
}

struct Linear;

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, inputs) = x_layout.shape().dims2()?;
        let (outputs, width) = weight_layout.shape().dims2()?;
        let bias = floats(bias, bias_layout)?;
        if width != inputs || bias.len() != outputs {
            bail!(
                "linear: {inputs} inputs do not fit a weight of {outputs} x {width} and a bias of {}",
                bias.len()
            );
        }
        let mut out = Vec::with_capacity(rows * outputs);
        (0..rows).for_each(|_| out.extend_from_slice(bias));
        let x = View::new(floats(x, x_layout)?, rows, inputs, inputs);
        let weight = View::new(floats(weight, weight_layout)?, outputs, inputs, inputs);
        kernels::multiply(&mut out, outputs, x, weight.transposed(), 1.0, true, true);
        Ok((CpuStorage::F32(out), Shape::from((rows, outputs))))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let to_x = x.track_op().then(|| gradient.matmul(weight)).transpose()?;
        let to_weight = weight.track_op().then(|| gradient.t()?.matmul(x)).transpose()?;
        let to_bias = bias.track_op().then(|| column_sums(&gradient)).transpose()?;
        Ok((to_x, to_weight, to_bias))
    }
}

fn column_sums(rows: &Tensor) -> Result<Tensor> {
    let (_, width) = rows.dims2()?;
    with_floats(rows, |values| {
        let partial: Vec<Vec<f32>> = values
            .par_chunks(ROWS * width)
            .map(|rows| {
                let mut sums = vec![0.0; width];
                kernels::add_rows(rows, &mut sums);
                sums
            })
            .collect();
        let mut sums = vec![0.0; width];
        partial.iter().for_each(|partial| kernels::add_rows(partial, &mut sums));
        constant(sums, &Shape::from(width))
    })
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = floats(x, layout)?;
        let mut out = vec![0.0; x.len()];
        out.par_chunks_mut(1 << 15)
            .zip(x.par_chunks(1 << 15))
            .for_each(|(out, x)| kernels::gelu_forward(x, out));
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        with_floats(x, |values| {
            with_floats(gradient, |gradient| {
                let mut out = vec![0.0; values.len()];
                out.par_chunks_mut(1 << 15)
                    .zip(values.par_chunks(1 << 15).zip(gradient.par_chunks(1 << 15)))
                    .for_each(|(out, (x, gradient))| kernels::gelu_backward(x, gradient, out));
                constant(out, x.shape()).map(Some)
            })
        })
    }
}

struct LayerNorm {
    epsilon: f32,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, weight, bias) =
            (floats(x, layout)?, floats(weight, weight_layout)?, floats(bias, bias_layout)?);
        let width = weight.len();
        if layout.dims().last() != Some(&width) || bias.len() != width {
            bail!("layer norm: {:?} does not fit weight {width} and bias {}", layout.dims(), bias.len());
        }
        let mut out = vec![0.0; x.len()];
        out.par_chunks_mut(ROWS * width)
            .zip(x.par_chunks(ROWS * width))
            .for_each(|(out, x)| kernels::layer_norm_forward(x, weight, bias, self.epsilon, out));
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let width = weight.dim(0)?;
        let compute = |x_values: &[f32], weight_values: &[f32], gradient: &[f32]| {
            let mut out = vec![0.0; x_values.len()];
            let partial: Vec<Vec<f32>> = out
                .par_chunks_mut(ROWS * width)
                .zip(x_values.par_chunks(ROWS * width).zip(gradient.par_chunks(ROWS * width)))
                .map(|(out, (x, gradient))| {
                    let mut weights = vec![0.0; 2 * width];
                    kernels::layer_norm_backward(x, weight_values, self.epsilon, gradient, out, &mut weights);
                    weights
                })
                .collect();
            let mut weights = vec![0.0; 2 * width];
            partial.iter().for_each(|partial| kernels::add_rows(partial, &mut weights));
            let to_bias = constant(weights.split_off(width), bias.shape())?;
            let to_weight = constant(weights, bias.shape())?;
            Ok((constant(out, x.shape())?, to_weight, to_bias))
        };
        let (to_x, to_weight, to_bias) = with_floats(x, |x| {
            with_floats(weight, |weight| with_floats(gradient, |gradient| compute(x, weight, gradient)))
        })?;
        Ok((Some(to_x), Some(to_weight), Some(to_bias)))
    }
}

struct Attention {
    lengths: Vec<usize>,
    heads: usize,
}

impl Attention {
    /// Calls `f` for each window, with its queries, keys and values and its part of `out`, whose rows have `wide` numbers.
    fn each_window(
        &self,
        projected: &[f32],
        width: usize,
        out: &mut [f32],
        wide: usize,
        f: impl Fn(Range<usize>, &[f32], &mut [f32]) + Sync,
    ) {
        let mut rest = out;
        let mut windows = Vec::with_capacity(self.lengths.len());
        let mut start = 0;
        for &length in &self.lengths {
            let (window, others) = rest.split_at_mut(length * wide);
            rest = others;
            windows.push((start..start + length, window));
            start += length;
        }
        windows.into_par_iter().for_each(|(tokens, window)| {
            f(tokens.clone(), &projected[tokens.start * width..tokens.end * width], window);
        });
    }

    /// Computes the attention probabilities of one head in a window, `[length, length]`.
    fn probabilities(&self, window: &[f32], length: usize, hidden: usize, head: usize, out: &mut [f32]) {
        let [query, key, _] = self.parts(window, length, hidden, head);
        kernels::multiply(out, length, query, key.transposed(), self.scale(hidden), false, false);
        kernels::softmax_forward(out, length);
    }

    /// Returns the queries, keys and values of one head, each `[length, hidden / heads]`.
    fn parts<'a>(&self, window: &'a [f32], length: usize, hidden: usize, head: usize) -> [View<'a>; 3] {
        let size = hidden / self.heads;
        [0, 1, 2].map(|part| View::new(&window[part * hidden + head * size..], length, size, 3 * hidden))
    }

    fn scale(&self, hidden: usize) -> f32 {
        1.0 / ((hidden / self.heads) as f32).sqrt()
    }
}

impl CustomOp1 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, projected: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (tokens, width) = layout.shape().dims2()?;
        let hidden = width / 3;
        if self.lengths.iter().sum::<usize>() != tokens || !hidden.is_multiple_of(self.heads) {
            bail!("attention: windows of {:?} tokens in {tokens} x {width}", self.lengths);
        }
        let size = hidden / self.heads;
        let mut out = vec![0.0; tokens * hidden];
        self.each_window(floats(projected, layout)?, width, &mut out, hidden, |tokens, window, out| {
            let length = tokens.len();
            let mut probabilities = vec![0.0; length * length];
            for head in 0..self.heads {
                self.probabilities(window, length, hidden, head, &mut probabilities);
                let weights = View::new(&probabilities, length, length, length);
                let [_, _, value] = self.parts(window, length, hidden, head);
                kernels::multiply(&mut out[head * size..], hidden, weights, value, 1.0, false, false);
            }
        });
        Ok((CpuStorage::F32(out), Shape::from((tokens, hidden))))
    }

    fn bwd(&self, projected: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let (tokens, width) = projected.dims2()?;
        let hidden = width / 3;
        let (size, scale) = (hidden / self.heads, self.scale(hidden));
        let mut out = vec![0.0; tokens * width];
        with_floats(projected, |values| {
            with_floats(gradient, |gradient| {
                self.each_window(values, width, &mut out, width, |tokens, window, out| {
                    let length = tokens.len();
                    let gradient = &gradient[tokens.start * hidden..tokens.end * hidden];
                    let mut probabilities = vec![0.0; length * length];
                    let mut scores = vec![0.0; length * length];
                    for head in 0..self.heads {
                        self.probabilities(window, length, hidden, head, &mut probabilities);
                        let [query, key, value] = self.parts(window, length, hidden, head);
                        let gradient = View::new(&gradient[head * size..], length, size, hidden);
                        let mut multiply = |part: usize, a: View, b: View, scale: f32| {
                            let out = &mut out[part * hidden + head * size..];
                            kernels::multiply(out, width, a, b, scale, false, false);
                        };
                        let weights = View::new(&probabilities, length, length, length);
                        multiply(2, weights.transposed(), gradient, 1.0);
                        kernels::multiply(
                            &mut scores,
                            length,
                            gradient,
                            value.transposed(),
                            1.0,
                            false,
                            false,
                        );
                        kernels::softmax_backward(&probabilities, &mut scores, length);
                        let scores = View::new(&scores, length, length, length);
                        multiply(0, scores, key, scale);
                        multiply(1, scores.transposed(), query, scale);
                    }
                });
                Ok(())
            })
        })?;
        constant(out, projected.shape()).map(Some)
    }
}

struct Dropout {
    keep: f32,
    seed: u64,
}

impl Dropout {
    fn apply(&self, x: &[f32]) -> Vec<f32> {
        const CHUNK: usize = 1 << 15;
        let mut out = vec![0.0; x.len()];
        out.par_chunks_mut(CHUNK)
            .zip(x.par_chunks(CHUNK))
            .enumerate()
            .for_each(|(i, (out, x))| kernels::dropout(x, self.keep, self.seed, i * CHUNK, out));
        out
    }
}

impl CustomOp1 for Dropout {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F32(self.apply(floats(x, layout)?)), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        with_floats(gradient, |gradient| constant(self.apply(gradient), x.shape()).map(Some))
    }
}

struct SegmentMean {
    segments: Vec<Vec<Range<usize>>>,
}

impl CustomOp1 for SegmentMean {
    fn name(&self) -> &'static str {
        "segment-mean"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (_, width) = layout.shape().dims2()?;
        let x = floats(x, layout)?;
        let mut out = vec![0.0; self.segments.len() * width];
        for (segment, out) in self.segments.iter().zip(out.chunks_exact_mut(width)) {
            let count: usize = segment.iter().map(|rows| rows.len()).sum();
            for rows in segment {
                kernels::add_rows(&x[rows.start * width..rows.end * width], out);
            }
            out.iter_mut().for_each(|x| *x /= count.max(1) as f32);
        }
        Ok((CpuStorage::F32(out), Shape::from((self.segments.len(), width))))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let (rows, width) = x.dims2()?;
        let mut out = vec![0.0; rows * width];
        with_floats(gradient, |gradient| {
            for (segment, gradient) in self.segments.iter().zip(gradient.chunks_exact(width)) {
                let count: usize = segment.iter().map(|rows| rows.len()).sum();
                let share: Vec<f32> = gradient.iter().map(|g| g / count.max(1) as f32).collect();
                for row in segment.iter().flat_map(Range::clone) {
                    kernels::add_rows(&share, &mut out[row * width..][..width]);
                }
            }
            Ok(())
        })?;
        constant(out, x.shape()).map(Some)
    }
}

struct Quantized(GgmlDType);

impl CustomOp1 for Quantized {
    fn name(&self) -> &'static str {
        "quantized"
    }

    fn cpu_fwd(&self, weight: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let weight = constant(floats(weight, layout)?.to_vec(), layout.shape())?;
        let restored = QTensor::quantize(&weight, self.0)?.dequantize(&Device::Cpu)?;
        Ok((CpuStorage::F32(restored.flatten_all()?.to_vec1()?), layout.shape().clone()))
    }

    fn bwd(&self, _: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(gradient.clone()))
    }
}

struct CrossEntropy {
    classes: Vec<u32>,
}

impl CrossEntropy {
    /// The number of rows that a thread takes at a time. It is small, because the rows are long.
    const ROWS: usize = 8;
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(&self, logits: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, width) = layout.shape().dims2()?;
        if rows == 0
            || rows != self.classes.len()
            || self.classes.iter().any(|&class| class as usize >= width)
        {
            bail!("cross-entropy: {rows} rows of {width}, {} classes", self.classes.len());
        }
        let logits = floats(logits, layout)?;
        let mut sums = vec![0.0; rows];
        sums.par_chunks_mut(Self::ROWS)
            .zip(logits.par_chunks(Self::ROWS * width))
            .for_each(|(sums, logits)| kernels::log_sum_exp(logits, width, sums));
        let losses = sums.iter().zip(&self.classes).enumerate();
        let total: f64 =
            losses.map(|(row, (sum, &class))| f64::from(sum - logits[row * width + class as usize])).sum();
        Ok((CpuStorage::F32(vec![(total / rows as f64) as f32]), Shape::from(())))
    }

    fn bwd(&self, logits: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let (rows, width) = logits.dims2()?;
        let share = gradient.to_scalar::<f32>()? / rows as f32;
        let mut out = with_floats(logits, |logits| Ok(logits.to_vec()))?;
        out.par_chunks_mut(Self::ROWS * width).zip(self.classes.par_chunks(Self::ROWS)).for_each(
            |(out, classes)| {
                kernels::softmax_forward(out, width);
                for (row, &class) in out.chunks_exact_mut(width).zip(classes) {
                    row[class as usize] -= 1.0;
                    row.iter_mut().for_each(|x| *x *= share);
                }
            },
        );
        constant(out, logits.shape()).map(Some)
    }
}
