//! Checks that the gradients of every operation and every encoder parameter agree with finite differences, that the forward
//! pass agrees with candle's own BERT, and that a run that resumes from a checkpoint gives the same bits.

mod common;

use std::collections::HashMap;

use candle_core::quantized::GgmlDType;
use candle_core::{Device, Result, Tensor, Var};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salesmirror::model::{self, EncoderConfig, ExpertsConfig};
use salesmirror_trainer::autograd::kernels::{self, View};
use salesmirror_trainer::autograd::{
    AdamW, Adapters, Encoder, Gradients, Group, Input, Parameters, Pass, ops, random_weights, upcycled,
};
use salesmirror_trainer::model_dir::{EncoderDirectory, ReferenceEncoder};
use salesmirror_trainer::run::checkpoint;
use salesmirror_trainer::run::schedule::Schedule;

fn tiny_encoder() -> (EncoderConfig, HashMap<String, Tensor>) {
    let directory = EncoderDirectory::read(common::TINY_BERT.as_ref()).unwrap();
    (directory.config, directory.weights)
}

fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut random = StdRng::seed_from_u64(seed);
    (0..count).map(|_| random.random_range(-1.0..1.0)).collect()
}

fn variable(shape: &[usize], seed: u64) -> Var {
    let tensor = Tensor::from_vec(numbers(shape.iter().product(), seed), shape, &Device::Cpu).unwrap();
    Var::from_tensor(&tensor).unwrap()
}

/// Sums all numbers with varying weights, so that all gradients differ.
fn weighted(x: &Tensor) -> Result<Tensor> {
    let weights: Vec<f32> = (0..x.elem_count()).map(|i| ((i * 7 % 13) as f32 - 5.0) / 5.0).collect();
    (x * Tensor::from_vec(weights, x.dims(), &Device::Cpu)?)?.sum_all()
}

/// Compares the gradients of some variables with finite differences, at the element with the largest gradient and at others.
fn check_gradients(name: &str, variables: &[&Var], loss: &dyn Fn() -> Result<Tensor>) {
    let gradients = loss().unwrap().backward().unwrap();
    for (v, variable) in variables.iter().enumerate() {
        let gradient =
            gradients.get(variable).unwrap_or_else(|| panic!("{name}: variable {v} has no gradient"));
        let gradient: Vec<f32> = gradient.flatten_all().unwrap().to_vec1().unwrap();
        let original: Vec<f32> = variable.flatten_all().unwrap().to_vec1().unwrap();
        let largest = (0..gradient.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs()));
        let largest = largest.unwrap();
        assert!(gradient[largest].abs() > 1e-5, "{name}: the gradient of variable {v} is zero");
        let scale = gradient[largest].abs();
        for at in [largest, 0, gradient.len() / 2, gradient.len() - 1] {
            let loss_with = |delta: f32| {
                let mut values = original.clone();
                values[at] += delta;
                let set =
                    |values| variable.set(&Tensor::from_vec(values, variable.dims(), &Device::Cpu).unwrap());
                set(values).unwrap();
                let value = f64::from(loss().unwrap().to_scalar::<f32>().unwrap());
                set(original.clone()).unwrap();
                value
            };
            let numeric = (loss_with(1e-2) - loss_with(-1e-2)) / 2e-2;
            let difference = (numeric - f64::from(gradient[at])).abs();
            assert!(
                difference < 0.03 * f64::from(scale) + 1e-3,
                "{name}: variable {v} at {at}: {} by backward, {numeric} by differences",
                gradient[at]
            );
        }
    }
}

#[test]
fn operations_have_the_gradients_of_finite_differences() {
    let (x, weight, bias) = (variable(&[5, 8], 1), variable(&[6, 8], 2), variable(&[6], 3));
    check_gradients("linear", &[&x, &weight, &bias], &|| weighted(&ops::linear(&x, &weight, &bias)?));
    check_gradients("gelu", &[&x], &|| weighted(&ops::gelu(&(x.as_tensor() * 3.0)?)?));
    let (weight, bias) = (variable(&[8], 4), variable(&[8], 5));
    check_gradients("layer norm", &[&x, &weight, &bias], &|| {
        weighted(&ops::layer_norm(&x, &weight, &bias, 1e-12)?)
    });
    let projected = variable(&[7, 24], 6);
    check_gradients("attention", &[&projected], &|| {
        weighted(&ops::attention(&(projected.as_tensor() * 2.0)?, &[4, 3], 2)?)
    });
    check_gradients("dropout", &[&x], &|| weighted(&ops::dropout(&x, 0.7, 42)?));
    check_gradients("segment mean", &[&x], &|| {
        weighted(&ops::segment_mean(&x, vec![vec![0..2], vec![2..3, 4..5]])?)
    });
    check_gradients("cross-entropy", &[&x], &|| {
        ops::cross_entropy(&(&*x * 4.0)?, vec![0, 7, 3, 3, 1])? * 5.0
    });
}

/// Softmax and layer norm agree with plain loops in f64, for rows that are wider than a vector and for widths that are not a
/// multiple of its lanes.
#[test]
fn float_kernels_equal_plain_loops() {
    for width in [1, 7, 32, 45, 384] {
        let x = numbers(3 * width, width as u64);
        let mut soft = x.clone();
        kernels::softmax_forward(&mut soft, width);
        let (weight, bias) = (numbers(width, 8), numbers(width, 9));
        let mut norm = vec![0.0; x.len()];
        kernels::layer_norm_forward(&x, &weight, &bias, 1e-5, &mut norm);
        for (r, row) in x.chunks(width).enumerate() {
            let row: Vec<f64> = row.iter().map(|x| f64::from(*x)).collect();
            let total: f64 = row.iter().map(|x| x.exp()).sum();
            let mean = row.iter().sum::<f64>() / width as f64;
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / width as f64;
            for (i, x) in row.iter().enumerate() {
                assert!((f64::from(soft[r * width + i]) - x.exp() / total).abs() < 1e-6);
                let normal = (x - mean) / (variance + 1e-5).sqrt();
                let expected = normal * f64::from(weight[i]) + f64::from(bias[i]);
                assert!((f64::from(norm[r * width + i]) - expected).abs() < 1e-4, "{width}: {expected}");
            }
        }
    }
    for i in -1000..=1000 {
        let x = i as f32 / 100.0;
        let mut y = [0.0];
        kernels::gelu_forward(&[x], &mut y);
        let expected = f64::from(x) * 0.5 * libm::erfc(-f64::from(x) / std::f64::consts::SQRT_2);
        assert!((f64::from(y[0]) - expected).abs() < 2e-6, "gelu({x}) = {} not {expected}", y[0]);
    }
}

#[test]
fn cross_entropy_is_that_of_the_definition() {
    for (rows, width) in [(1, 2), (3, 45), (20, 300)] {
        let logits: Vec<f32> = numbers(rows * width, 3).into_iter().map(|x| 30.0 * x).collect();
        let classes: Vec<u32> = (0..rows).map(|row| (row * 31 % width) as u32).collect();
        let expected: f64 = logits
            .chunks(width)
            .zip(&classes)
            .map(|(row, &class)| {
                let total: f64 = row.iter().map(|x| f64::from(*x).exp()).sum();
                total.ln() - f64::from(row[class as usize])
            })
            .sum();
        let logits = Tensor::from_vec(logits, (rows, width), &Device::Cpu).unwrap();
        let loss = ops::cross_entropy(&logits, classes).unwrap().to_scalar::<f32>().unwrap();
        assert!((f64::from(loss) - expected / rows as f64).abs() < 1e-4, "{loss}");
    }
    let logits = Tensor::zeros((2, 3), candle_core::DType::F32, &Device::Cpu).unwrap();
    assert!(ops::cross_entropy(&logits, vec![0, 3]).is_err(), "there is no class 3");
}

#[test]
fn products_equal_plain_loops() {
    let (a, b) = (numbers(5 * 9, 1), numbers(9 * 7, 2));
    for add in [false, true] {
        let mut out = vec![1.0; 5 * 10];
        kernels::multiply(&mut out, 10, View::new(&a, 5, 9, 9), View::new(&b, 9, 7, 7), 0.5, add, false);
        let mut transposed = vec![1.0; 5 * 7];
        let bt: Vec<f32> = (0..63).map(|i| b[i % 9 * 7 + i / 9]).collect();
        let view = View::new(&bt, 7, 9, 9).transposed();
        kernels::multiply(&mut transposed, 7, View::new(&a, 5, 9, 9), view, 0.5, add, true);
        for (row, column) in (0..5).flat_map(|row| (0..7).map(move |column| (row, column))) {
            let sum: f32 = (0..9).map(|k| a[row * 9 + k] * b[k * 7 + column]).sum();
            let expected = 0.5 * sum + if add { 1.0 } else { 0.0 };
            assert!((out[row * 10 + column] - expected).abs() < 1e-5);
            assert!((transposed[row * 7 + column] - expected).abs() < 1e-5);
        }
        assert_eq!(out[7], 1.0, "what lies between the rows stays");
    }
}

#[test]
fn dropout_keeps_its_share_and_its_mean() {
    let ones = vec![1.0; 100_000];
    let mut out = vec![0.0; ones.len()];
    kernels::dropout(&ones, 0.9, 7, 0, &mut out);
    let kept = out.iter().filter(|x| **x > 0.0).count() as f32 / 1e5;
    let mean = out.iter().sum::<f32>() / 1e5;
    assert!((kept - 0.9).abs() < 0.01 && (mean - 1.0).abs() < 0.01, "{kept} kept, mean {mean}");
    let mut part = vec![0.0; 100];
    kernels::dropout(&ones[..100], 0.9, 7, 500, &mut part);
    assert_eq!(part, out[500..600], "a place decides, not the order of work");
}

const WINDOWS: [&[u32]; 2] = [&[0, 5, 9, 17, 23, 8, 2], &[0, 11, 4, 2]];

fn windows() -> Vec<Input<'static>> {
    WINDOWS.iter().map(|ids| Input::single(ids)).collect()
}

#[test]
fn the_forward_pass_is_candles_bert() {
    let (config, tensors) = tiny_encoder();
    let reference = ReferenceEncoder::new(&config, tensors.clone()).unwrap();
    let parameters = Parameters::new(tensors, |_| true).unwrap();
    let states = Encoder::new(&config, &parameters).forward(&windows(), &mut Pass::exact()).unwrap();
    let mut start = 0;
    for ids in WINDOWS {
        let expected = reference.forward(ids).unwrap();
        let own = states.narrow(0, start, ids.len()).unwrap();
        let difference =
            (own - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(difference < 1e-4, "{difference}");
        start += ids.len();
    }
}

#[test]
fn every_parameter_of_the_encoder_gets_the_gradient_of_finite_differences() {
    let (config, tensors) = tiny_encoder();
    let parameters = Parameters::new(tensors, |_| true).unwrap();
    let encoder = Encoder::new(&config, &parameters);
    let mut inputs = windows();
    inputs[0].second = 4;
    let loss = || weighted(&encoder.forward(&inputs, &mut Pass::training(0.1, 3))?);
    let gradients = loss().unwrap().backward().unwrap();
    let mut checked = 0;
    for (name, variable) in parameters.variables() {
        if name.contains("pooler") {
            continue;
        }
        assert!(gradients.get(variable).is_some(), "{name} gets no gradient");
        // The bias of a key shifts all scores of a softmax alike, so its gradient is zero.
        if !name.ends_with("key.bias") {
            check_gradients(name, &[variable], &loss);
        }
        checked += 1;
    }
    assert!(checked > 30, "{checked} parameters");
}

fn tiny_mixture() -> (EncoderConfig, HashMap<String, Tensor>) {
    let (dense, _) = tiny_encoder();
    let config = EncoderConfig { experts: Some(ExpertsConfig { count: 4, top_k: 2, every: 1 }), ..dense };
    let mut tensors = random_weights(&config, 5).unwrap();
    // Scale the weights to the size of trained ones, so that experts and gates matter.
    for (name, tensor) in &mut tensors {
        if name.ends_with("weight") && !name.contains("LayerNorm") {
            *tensor = (&*tensor * 5.0).unwrap();
        }
    }
    (config, tensors)
}

/// Returns the smallest cosine between corresponding rows of two `[tokens, hidden]` tensors.
fn smallest_cosine(a: &Tensor, b: &Tensor) -> f32 {
    let dot = |x: &Tensor, y: &Tensor| (x * y).unwrap().sum(1).unwrap();
    let norm = (dot(a, a) * dot(b, b)).unwrap().sqrt().unwrap();
    (dot(a, b) / norm).unwrap().min_all().unwrap().to_scalar().unwrap()
}

/// A trained mixture gives the same result everywhere: here, in the reference encoder, which works token by token, and in the
/// integer encoder of the widget.
#[test]
fn a_mixture_of_experts_computes_as_scoring_does() {
    let (config, tensors) = tiny_mixture();
    let reference = ReferenceEncoder::new(&config, tensors.clone()).unwrap();
    let integer = model::Encoder::from_tensors(&config, &tensors).unwrap();
    let parameters = Parameters::new(tensors, |_| false).unwrap();
    let mut pass = Pass::exact();
    let states = Encoder::new(&config, &parameters).forward(&windows(), &mut pass).unwrap();
    let mut start = 0;
    for ids in WINDOWS {
        let own = states.narrow(0, start, ids.len()).unwrap();
        let (plain, scored) = (reference.forward(ids).unwrap(), integer.forward(&[ids]).unwrap());
        assert!(smallest_cosine(&own, &plain) > 0.99999, "{}", smallest_cosine(&own, &plain));
        assert!(smallest_cosine(&own, &scored) > 0.99, "{}", smallest_cosine(&own, &scored));
        start += ids.len();
    }
    assert_eq!(pass.routing().len(), config.num_hidden_layers);
    for routing in pass.routing() {
        assert_eq!(routing.load.iter().sum::<usize>(), 2 * start, "{routing:?}");
        assert_eq!(routing.dropped, 0, "an exact pass drops nothing");
        assert!(routing.load.iter().filter(|load| **load > 0).count() > 2, "{routing:?}");
    }
}

#[test]
fn gates_and_experts_get_the_gradient_of_finite_differences() {
    let (config, tensors) = tiny_mixture();
    let parameters = Parameters::new(tensors, |_| true).unwrap();
    let encoder = Encoder::new(&config, &parameters);
    let (inputs, mut checked) = (windows(), 0);
    let states = || weighted(&encoder.forward(&inputs, &mut Pass::exact())?);
    let balance = || {
        let mut pass = Pass::exact();
        encoder.forward(&inputs, &mut pass)?;
        pass.balance()?.expect("there are mixtures") * 20.0
    };
    let gradients = states().unwrap().backward().unwrap();
    for (name, variable) in parameters.variables() {
        if name.contains("gate") {
            check_gradients(&format!("balance of {name}"), &[variable], &balance);
        }
        // An expert that no token chose has no gradient.
        if (name.contains("experts.") || name.contains("gate")) && gradients.get(variable).is_some() {
            check_gradients(name, &[variable], &states);
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} parameters of gates and experts");
}

#[test]
fn upcycling_begins_with_the_dense_function() {
    let (dense, tensors) = tiny_encoder();
    let experts = ExpertsConfig { count: 4, top_k: 2, every: 2 };
    let (config, mixture) = upcycled(&dense, tensors.clone(), experts.clone(), 9).unwrap();
    let forward = |config: &EncoderConfig, tensors: &HashMap<String, Tensor>| {
        let parameters = Parameters::new(tensors.clone(), |_| false).unwrap();
        Encoder::new(config, &parameters).forward(&windows(), &mut Pass::exact()).unwrap()
    };
    let (before, after) = (forward(&dense, &tensors), forward(&config, &mixture));
    let difference = (before - after).unwrap().abs().unwrap().max_all().unwrap();
    assert!(difference.to_scalar::<f32>().unwrap() < 1e-5, "{difference}");
    assert!(!mixture.contains_key("encoder.layer.1.output.dense.weight"), "what was replaced is gone");
    assert!(upcycled(&config, mixture, experts, 9).is_err(), "once is enough");
}

/// Tokens beyond the capacity of an expert skip it, and second choices are dropped before first ones.
#[test]
fn capacity_drops_what_is_beyond_it() {
    let (config, tensors) = tiny_mixture();
    let parameters = Parameters::new(tensors, |_| false).unwrap();
    let encoder = Encoder::new(&config, &parameters);
    let pass = |factor: f64| {
        let mut pass = Pass::exact().capacity(factor);
        encoder.forward(&windows(), &mut pass).unwrap();
        pass.routing()[0].clone()
    };
    let (wide, narrow) = (pass(4.0), pass(1.0));
    assert_eq!(wide.dropped, 0);
    let capacity = 22usize.div_ceil(4);
    let beyond: usize = narrow.load.iter().map(|load| load.saturating_sub(capacity)).sum();
    assert!(beyond > 0, "{narrow:?} must be uneven, or nothing is tested");
    assert_eq!(narrow.dropped, beyond);
    let balance = wide.balance.to_scalar::<f32>().unwrap();
    assert!((0.9..4.0).contains(&balance), "{balance}");
}

#[test]
fn adapters_begin_as_nothing_and_take_the_gradient() {
    let (config, tensors) = tiny_encoder();
    let plain = Parameters::new(tensors.clone(), |_| false).unwrap();
    let mut parameters = Parameters::new(tensors, |name| name.contains("layer.1")).unwrap();
    parameters.adapt(Adapters { rank: 2, scale: 2.0 }, 1, |name| name.ends_with("dense.weight")).unwrap();
    let forward = |parameters: &Parameters| {
        Encoder::new(&config, parameters).forward(&windows(), &mut Pass::exact()).unwrap()
    };
    let difference = (forward(&plain) - forward(&parameters)).unwrap().abs().unwrap().max_all().unwrap();
    assert_eq!(difference.to_scalar::<f32>().unwrap(), 0.0);
    let gradients = weighted(&forward(&parameters)).unwrap().backward().unwrap();
    let adapters: Vec<_> = parameters.variables().filter(|(name, _)| name.ends_with("adapter.b")).collect();
    assert_eq!(adapters.len(), 3, "attention output, intermediate and output");
    for (name, variable) in adapters {
        let gradient = gradients.get(variable).unwrap_or_else(|| panic!("{name} gets no gradient"));
        assert!(gradient.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap() > 0.0);
    }
    assert!(parameters.merged().unwrap().keys().all(|name| !name.contains("adapter")));
}

/// Rounding a weight to 4 bits a second time does not change it, and gradients pass through the rounding.
#[test]
fn quantization_in_training_rounds_once() {
    let weight = variable(&[4, 64], 1);
    let rounded = ops::quantized(&weight, GgmlDType::Q4_0).unwrap();
    let again = ops::quantized(&rounded, GgmlDType::Q4_0).unwrap();
    let difference = |a: &Tensor, b: &Tensor| {
        (a - b).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap()
    };
    assert!(difference(&rounded, &again) < 1e-3, "what was rounded stays");
    assert!(difference(&rounded, weight.as_tensor()) > 1e-3, "rounding changes something");
    let gradients = weighted(&rounded).unwrap().backward().unwrap();
    assert!(gradients.get(&weight).is_some(), "gradients pass");
}

/// Trains the tiny encoder for some steps towards zero states, and returns the last loss.
fn train(parameters: &Parameters, optimizer: &mut AdamW, steps: std::ops::Range<usize>) -> f32 {
    let (config, _) = tiny_encoder();
    let encoder = Encoder::new(&config, parameters);
    let schedule = Schedule { highest: 1e-2, warm_up: 2, steps: 10 };
    let mut last = f32::NAN;
    for step in steps {
        let states = encoder.forward(&windows(), &mut Pass::training(0.1, step as u64)).unwrap();
        let loss = states.sqr().unwrap().mean_all().unwrap();
        let mut gradients = Gradients::default();
        gradients.add(parameters, &loss.backward().unwrap()).unwrap();
        let group =
            |name: &str| Group { rate: 1.0, weight_decay: if name.ends_with("bias") { 0.0 } else { 0.01 } };
        optimizer.step(parameters, &gradients, schedule.rate(step), 1.0, group).unwrap();
        last = loss.to_scalar().unwrap();
    }
    last
}

#[test]
fn a_resumed_run_gives_the_same_bits() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkpoints");
    let _ = std::fs::remove_dir_all(&folder);
    let fresh = || Parameters::new(tiny_encoder().1, |name| !name.contains("pooler")).unwrap();
    let (whole, mut optimizer) = (fresh(), AdamW::default());
    let first = train(&whole, &mut optimizer, 0..1);
    let last = train(&whole, &mut optimizer, 1..10);
    assert!(last < first, "from {first} to {last}");

    let (begun, mut optimizer) = (fresh(), AdamW::default());
    train(&begun, &mut optimizer, 0..4);
    let files = [("parameters", &begun.snapshot().unwrap()), ("optimizer", &optimizer.state().unwrap())];
    checkpoint::save(&folder, 4, &files, &4usize).unwrap();
    // What a crash leaves of the next checkpoint is ignored.
    std::fs::create_dir_all(folder.join("partial-00000005")).unwrap();

    let found = checkpoint::list(&folder).unwrap();
    assert_eq!(found.len(), 1);
    let continued = fresh();
    continued.set(&checkpoint::tensors(&found[0], "parameters").unwrap()).unwrap();
    let mut optimizer = AdamW::restore(&checkpoint::tensors(&found[0], "optimizer").unwrap()).unwrap();
    train(&continued, &mut optimizer, checkpoint::state::<usize>(&found[0]).unwrap()..10);
    let bits = |parameters: &Parameters| -> HashMap<String, Vec<u32>> {
        let snapshot = parameters.snapshot().unwrap();
        let bits =
            |t: Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap().into_iter().map(f32::to_bits);
        snapshot.into_iter().map(|(name, tensor)| (name, bits(tensor).collect())).collect()
    };
    assert!(bits(&whole) == bits(&continued), "the runs differ");

    let mean = checkpoint::average(&[found[0].clone(), found[0].clone()], "parameters").unwrap();
    for (name, tensor) in checkpoint::tensors(&found[0], "parameters").unwrap() {
        let difference = (&mean[&name] - tensor).unwrap().abs().unwrap().max_all().unwrap();
        assert_eq!(difference.to_scalar::<f32>().unwrap(), 0.0, "{name}: the mean of equals is the same");
    }
}
