//! The graph of the model: embeddings, layers, sentence vectors and heads, in the order in which a report passes through them.

use candle_core::{DType, Result, Tensor};
use salesmirror::model::tensor_names::heads::{
    EVIDENCE, GATE_QUERY, GATE_SUMMARY, LEVEL_WEIGHT, PRESENCE, PROJECTION, QUERY, SALES, SUMMARY,
};
use salesmirror::model::{EncoderConfig, ExpertsConfig, HeadsConfig, tensor_names};

use super::proto::{Attribute, Dim, Graph, Node, Tensor as Constant, ValueInfo, data_type};
use crate::model_dir::TrainedModel;

/// Added to the scores of masked positions, whose softmax weight is then zero in f32.
const MASKED: f32 = -1e9;

/// Collects the nodes and constants of the graph. Values are referred to by name.
struct Builder<'a> {
    trained: &'a TrainedModel,
    nodes: Vec<Node>,
    constants: Vec<Constant>,
}

/// Builds the graph of a model; see [`super`] for its inputs and outputs.
pub fn graph(trained: &TrainedModel) -> Result<Graph> {
    let mut builder = Builder { trained, nodes: Vec::new(), constants: Vec::new() };
    for (name, value) in
        [("half", 0.5), ("one", 1.0), ("root_two", std::f32::consts::SQRT_2), ("masked", MASKED)]
    {
        builder.float(name, value);
    }
    let states = builder.encoder(&trained.encoder.config)?;
    let sentences = builder.sentence_vectors(&states, trained.encoder.config.hidden_size);
    builder.heads(&trained.facts.heads, &sentences)?;

    let &HeadsConfig { competencies, levels, .. } = &trained.facts.heads;
    let tokens = || [Dim::Any("windows"), Dim::Any("tokens")];
    let (documents, sentences) = (|| Dim::Any("documents"), || Dim::Any("sentences"));
    let input =
        |name: &str, dims: &[Dim], meaning: &str| ValueInfo::new(name, data_type::INT64, dims, meaning);
    let output =
        |name: &str, dims: &[Dim], meaning: &str| ValueInfo::new(name, data_type::FLOAT, dims, meaning);
    let each = Dim::Fixed(competencies);
    Ok(Graph {
        name: Some("salesmirror".to_owned()),
        input: vec![
            input("input_ids", &tokens(), "token ids, framing ids included"),
            input("attention_mask", &tokens(), "1 for a token, 0 for padding"),
            input(
                "sentence",
                &tokens(),
                "document * sentences + sentence that a token belongs to; -1 for framing ids and padding",
            ),
            input("sentence_mask", &[documents(), sentences()], "1 for a sentence, 0 for padding"),
        ],
        output: vec![
            output(
                "evidence",
                &[documents(), sentences(), Dim::Fixed(2 * competencies)],
                "logits: at 2c of positive evidence for competency c, at 2c + 1 of negative; -1e9 at padding",
            ),
            output(
                "attention",
                &[documents(), Dim::Fixed(competencies), sentences()],
                "how much each sentence counts, 0 at padding",
            ),
            output("presence", &[documents(), each], "logits that the document shows a competency"),
            output(
                "cumulative",
                &[documents(), Dim::Fixed(competencies), Dim::Fixed(levels - 1)],
                "logits of P(level > k)",
            ),
            output("sales", &[documents()], "logits that the document is an account of own sales work"),
        ],
        node: builder.nodes,
        initializer: builder.constants,
    })
}

impl Builder<'_> {
    /// Adds a node with one output and returns the name of the output.
    fn node(&mut self, op: &str, inputs: &[&str], output: &str, attribute: Vec<Attribute>) -> String {
        self.nodes.push(Node {
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.to_owned()],
            name: Some(output.to_owned()),
            op_type: Some(op.to_owned()),
            attribute,
        });
        output.to_owned()
    }

    fn op(&mut self, op: &str, inputs: &[&str], output: &str) -> String {
        self.node(op, inputs, output, Vec::new())
    }

    fn constant(&mut self, name: &str, dims: &[usize], data_type: i32, raw_data: Vec<u8>) -> String {
        self.constants.push(Constant {
            dims: dims.iter().map(|&length| length as i64).collect(),
            data_type: Some(data_type),
            name: Some(name.to_owned()),
            raw_data: Some(raw_data),
        });
        name.to_owned()
    }

    fn float(&mut self, name: &str, value: f32) -> String {
        self.constant(name, &[], data_type::FLOAT, value.to_le_bytes().to_vec())
    }

    /// Adds a constant list of integers and returns its name.
    fn ints(&mut self, name: &str, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, &[values.len()], data_type::INT64, bytes)
    }

    fn int(&mut self, name: &str, value: i64) -> String {
        self.constant(name, &[], data_type::INT64, value.to_le_bytes().to_vec())
    }

    fn floats(&mut self, name: &str, tensor: &Tensor) -> Result<String> {
        let values: Vec<f32> = tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Ok(self.constant(name, tensor.dims(), data_type::FLOAT, bytes))
    }

    /// Returns a tensor of the encoder by its name.
    fn weight(&self, name: &str) -> Result<Tensor> {
        match self.trained.encoder.weights.get(name) {
            Some(tensor) => Ok(tensor.clone()),
            None => candle_core::bail!("model.safetensors has no tensor {name}"),
        }
    }

    /// Returns a parameter of the heads by its name.
    fn parameter(&self, name: &str) -> Result<Tensor> {
        match self.trained.heads.get(name) {
            Some(tensor) => Ok(tensor.clone()),
            None => candle_core::bail!("heads.safetensors has no tensor {name}"),
        }
    }

    /// Returns the weight and the bias of a module of the heads.
    fn head(&self, module: &str) -> Result<(Tensor, Tensor)> {
        let get = |name: String| self.parameter(&name);
        Ok((get(tensor_names::weight(module))?, get(tensor_names::bias(module))?))
    }

    /// Adds x · weightᵀ + bias over the last dimension.
    fn linear(&mut self, x: &str, weight: &Tensor, bias: &Tensor, output: &str) -> Result<String> {
        let weight = self.floats(&tensor_names::weight(output), &weight.t()?)?;
        let bias = self.floats(&tensor_names::bias(output), bias)?;
        let product = self.op("MatMul", &[x, &weight], &format!("{output}.product"));
        Ok(self.op("Add", &[&product, &bias], output))
    }

    /// Adds a linear layer of the encoder, whose output has the name of its module.
    fn encoder_linear(&mut self, x: &str, name: &str) -> Result<String> {
        let weight = self.weight(&tensor_names::weight(name))?;
        let bias = self.weight(&tensor_names::bias(name))?;
        self.linear(x, &weight, &bias, name)
    }

    fn norm(&mut self, x: &str, name: &str, epsilon: f64) -> Result<String> {
        let (weight, bias) = (tensor_names::weight(name), tensor_names::bias(name));
        let weight = self.floats(&weight, &self.weight(&weight)?)?;
        let bias = self.floats(&bias, &self.weight(&bias)?)?;
        let attributes = vec![Attribute::int("axis", -1), Attribute::float("epsilon", epsilon as f32)];
        Ok(self.node("LayerNormalization", &[x, &weight, &bias], name, attributes))
    }

    /// Adds the exact GELU, x · (1 + erf(x / √2)) / 2.
    fn gelu(&mut self, x: &str) -> String {
        let scaled = self.op("Div", &[x, "root_two"], &format!("{x}.scaled"));
        let erf = self.op("Erf", &[&scaled], &format!("{x}.erf"));
        let shifted = self.op("Add", &[&erf, "one"], &format!("{x}.shifted"));
        let twice = self.op("Mul", &[x, &shifted], &format!("{x}.twice"));
        self.op("Mul", &[&twice, "half"], &format!("{x}.gelu"))
    }

    fn softmax(&mut self, x: &str, output: &str) -> String {
        self.node("Softmax", &[x], output, vec![Attribute::int("axis", -1)])
    }

    fn transpose(&mut self, x: &str, order: &[i64], output: &str) -> String {
        self.node("Transpose", &[x], output, vec![Attribute::ints("perm", order)])
    }

    fn cast_to_float(&mut self, x: &str, output: &str) -> String {
        self.node("Cast", &[x], output, vec![Attribute::int("to", i64::from(data_type::FLOAT))])
    }

    /// Adds the penalty for the scores of masked positions: 0 where `mask` is 1, and -1e9 where it is 0.
    fn penalty(&mut self, mask: &str, output: &str) -> String {
        let padding = self.op("Sub", &["one", mask], &format!("{output}.padding"));
        self.op("Mul", &[&padding, "masked"], output)
    }

    fn reduce_sum(&mut self, x: &str, axis: &str, keep: bool, output: &str) -> String {
        self.node("ReduceSum", &[x, axis], output, vec![Attribute::int("keepdims", keep.into())])
    }

    fn reduce_max(&mut self, x: &str, axis: i64, output: &str) -> String {
        let attributes = vec![Attribute::ints("axes", &[axis]), Attribute::int("keepdims", 0)];
        self.node("ReduceMax", &[x], output, attributes)
    }

    /// Adds the encoder, which gives the token vectors, `[windows, tokens, hidden]`.
    fn encoder(&mut self, config: &EncoderConfig) -> Result<String> {
        let (words, positions) = (tensor_names::WORD_EMBEDDINGS, tensor_names::POSITION_EMBEDDINGS);
        let segment = self.weight(tensor_names::TOKEN_TYPE_EMBEDDINGS)?.get(0)?;
        let table = self.weight(positions)?.broadcast_add(&segment)?;
        let positions = self.floats(positions, &table)?;
        let words = self.floats(words, &self.weight(words)?)?;
        let words = self.node("Gather", &[&words, "input_ids"], "word", vec![Attribute::int("axis", 0)]);
        let length = self.node("Shape", &["input_ids"], "length", vec![Attribute::int("start", 1)]);
        let zero = self.ints("axis_0", &[0]);
        let positions = self.op("Slice", &[&positions, &zero, &length, &zero], "position");
        let summed = self.op("Add", &[&words, &positions], "embedded");
        let mut states = self.norm(&summed, tensor_names::EMBEDDINGS_NORM, config.layer_norm_eps)?;

        let mask = self.cast_to_float("attention_mask", "token_mask");
        let penalty = self.penalty(&mask, "token_penalty");
        let axes = self.ints("axes_1_2", &[1, 2]);
        let penalty = self.op("Unsqueeze", &[&penalty, &axes], "score_penalty");

        let (heads, hidden) = (config.num_attention_heads, config.hidden_size);
        let width = hidden / heads;
        self.ints("split_heads", &[0, 0, heads as i64, width as i64]);
        self.ints("join_heads", &[0, 0, hidden as i64]);
        self.float("score_scale", 1.0 / (width as f32).sqrt());
        for i in 0..config.num_hidden_layers {
            states = self.layer(config, i, &states, &penalty)?;
        }
        Ok(states)
    }

    fn layer(&mut self, config: &EncoderConfig, i: usize, x: &str, penalty: &str) -> Result<String> {
        let layer = tensor_names::layer(i);
        let within = |module: &str| tensor_names::within(&layer, module);
        let mut heads = |module: &str, order: &[i64]| {
            let name = within(module);
            let projected = self.encoder_linear(x, &name)?;
            let split = self.op("Reshape", &[&projected, "split_heads"], &format!("{name}.split"));
            Ok::<_, candle_core::Error>(self.transpose(&split, order, &format!("{name}.heads")))
        };
        let [query, key, value] = tensor_names::QUERY_KEY_VALUE;
        let query = heads(query, &[0, 2, 1, 3])?;
        let key = heads(key, &[0, 2, 3, 1])?;
        let value = heads(value, &[0, 2, 1, 3])?;
        let name = |part: &str| format!("{layer}.attention.{part}");
        let products = self.op("MatMul", &[&query, &key], &name("products"));
        let scores = self.op("Mul", &[&products, "score_scale"], &name("scores"));
        let scores = self.op("Add", &[&scores, penalty], &name("masked"));
        let weights = self.softmax(&scores, &name("weights"));
        let context = self.op("MatMul", &[&weights, &value], &name("context"));
        let context = self.transpose(&context, &[0, 2, 1, 3], &name("context.tokens"));
        let context = self.op("Reshape", &[&context, "join_heads"], &name("context.joined"));
        let attended = self.encoder_linear(&context, &within(tensor_names::ATTENTION_OUTPUT))?;
        let summed = self.op("Add", &[&attended, x], &name("output.residual"));
        let states = self.norm(&summed, &within(tensor_names::ATTENTION_NORM), config.layer_norm_eps)?;

        let fed = match config.experts_of(i) {
            None => self.feed_forward(&layer, &states)?,
            Some(experts) => self.experts(i, experts, &states)?,
        };
        let summed = self.op("Add", &[&fed, &states], &within("output.residual"));
        self.norm(&summed, &within(tensor_names::OUTPUT_NORM), config.layer_norm_eps)
    }

    fn feed_forward(&mut self, prefix: &str, x: &str) -> Result<String> {
        let inner = self.encoder_linear(x, &tensor_names::within(prefix, tensor_names::INTERMEDIATE))?;
        let inner = self.gelu(&inner);
        self.encoder_linear(&inner, &tensor_names::within(prefix, tensor_names::OUTPUT))
    }

    /// Adds a mixture of experts. All experts are computed, because a graph has no cheap way to leave some out; those that the
    /// gate does not choose have a weight of zero. TopK chooses the first of equal experts.
    fn experts(&mut self, layer: usize, experts: &ExpertsConfig, x: &str) -> Result<String> {
        let name = |part: &str| tensor_names::within(&tensor_names::layer(layer), part);
        let gate = tensor_names::gate(layer);
        let gate = self.floats(&gate, &self.weight(&gate)?.t()?)?;
        let logits = self.op("MatMul", &[x, &gate], &name("gate"));
        let count = self.ints(&name("gate.count"), &[experts.top_k as i64]);
        let (largest, which) = (name("gate.largest"), name("gate.which"));
        self.nodes.push(Node {
            input: vec![logits.clone(), count],
            output: vec![largest.clone(), which.clone()],
            name: Some(name("gate.choice")),
            op_type: Some("TopK".to_owned()),
            attribute: vec![
                Attribute::int("axis", -1),
                Attribute::int("largest", 1),
                Attribute::int("sorted", 1),
            ],
        });
        let shares = self.softmax(&largest, &name("gate.shares"));
        let nothing = self.op("Sub", &[&logits, &logits], &name("gate.nothing"));
        let last = vec![Attribute::int("axis", -1)];
        let shares = self.node("ScatterElements", &[&nothing, &which, &shares], &name("gate.weights"), last);
        let mut sum: Option<String> = None;
        for e in 0..experts.count {
            let expert = tensor_names::expert(layer, e);
            let answer = self.feed_forward(&expert, x)?;
            let index = self.ints(&format!("{expert}.index"), &[e as i64]);
            let last = vec![Attribute::int("axis", -1)];
            let share = self.node("Gather", &[&shares, &index], &format!("{expert}.share"), last);
            let weighted = self.op("Mul", &[&answer, &share], &format!("{expert}.weighted"));
            sum = Some(match sum {
                None => weighted,
                Some(sum) => self.op("Add", &[&sum, &weighted], &format!("{expert}.sum")),
            });
        }
        // The configuration has been checked, so there is at least one expert.
        sum.ok_or_else(|| candle_core::Error::Msg(format!("layer {layer} has no experts")))
    }

    /// Adds the mean token vectors of the sentences, `[documents, sentences, hidden]`, which are zero at padding.
    fn sentence_vectors(&mut self, states: &str, hidden: usize) -> String {
        let rows = self.ints("rows", &[-1, hidden as i64]);
        let tokens = self.op("Reshape", &[states, &rows], "token_rows");
        let row = self.ints("row", &[1, -1]);
        let sentence = self.op("Reshape", &["sentence", &row], "sentence_row");
        let (start, step) = (self.int("zero", 0), self.int("step", 1));
        let count = self.op("Size", &["sentence_mask"], "sentence_count");
        let numbers = self.op("Range", &[&start, &count, &step], "sentence_numbers");
        let axis = self.ints("axis_1", &[1]);
        let numbers = self.op("Unsqueeze", &[&numbers, &axis], "sentence_column");
        // `[documents · sentences, windows · tokens]`: 1 where a token belongs to a sentence.
        let member = self.op("Equal", &[&numbers, &sentence], "membership");
        let member = self.cast_to_float(&member, "membership_weights");
        let sums = self.op("MatMul", &[&member, &tokens], "sentence_sums");
        let lengths = self.reduce_sum(&member, &axis, true, "sentence_lengths");
        let lengths = self.op("Max", &[&lengths, "one"], "sentence_divisors");
        let means = self.op("Div", &[&sums, &lengths], "sentence_means");
        let shape = self.op("Shape", &["sentence_mask"], "document_shape");
        let width = self.ints("hidden", &[hidden as i64]);
        let first = vec![Attribute::int("axis", 0)];
        let shape = self.node("Concat", &[&shape, &width], "vector_shape", first);
        self.op("Reshape", &[&means, &shape], "sentence_vectors")
    }

    /// Adds the heads, with the same steps as `salesmirror::model::Heads`.
    fn heads(&mut self, config: &HeadsConfig, sentences: &str) -> Result<()> {
        let &HeadsConfig { width, competencies, .. } = config;
        let axis = |builder: &mut Self, number: i64| builder.ints(&format!("heads.axis_{number}"), &[number]);
        let (one, two, last) = (axis(self, 1), axis(self, 2), axis(self, -1));
        let mask = self.cast_to_float("sentence_mask", "heads.mask");
        let (weight, bias) = self.head(PROJECTION)?;
        let projected = self.linear(sentences, &weight, &bias, "heads.projection")?;
        let projected = self.gelu(&projected);

        let (weight, bias) = self.head(EVIDENCE)?;
        let logits = self.linear(&projected, &weight, &bias, "heads.evidence")?;
        let real = self.op("Greater", &[&mask, "half"], "heads.real");
        let real = self.op("Unsqueeze", &[&real, &last], "heads.real.column");
        self.op("Where", &[&real, &logits, "masked"], "evidence");

        // `[documents, competencies, sentences, 2]`, zero at padding.
        let probability = self.op("Sigmoid", &[&logits], "heads.probability.flat");
        let pairs = self.ints("heads.pairs", &[0, 0, competencies as i64, 2]);
        let probability = self.op("Reshape", &[&probability, &pairs], "heads.probability.pairs");
        let probability = self.transpose(&probability, &[0, 2, 1, 3], "heads.probability.all");
        let outer = self.ints("heads.axes_1_3", &[1, 3]);
        let mask_column = self.op("Unsqueeze", &[&mask, &outer], "heads.mask.column");
        let probability = self.op("Mul", &[&probability, &mask_column], "heads.probability");
        let strongest = self.reduce_max(&probability, 3, "heads.strongest");

        // Attention over sentences, biased towards evidence.
        let query = self.floats("heads.query", &self.parameter(QUERY)?.t()?)?;
        let scores = self.op("MatMul", &[&projected, &query], "heads.scores.products");
        let scores = self.transpose(&scores, &[0, 2, 1], "heads.scores.transposed");
        let root = self.float("heads.root", (width as f64).sqrt() as f32);
        let scores = self.op("Div", &[&scores, &root], "heads.scores.scaled");
        let floor = self.float("heads.floor", 1e-3);
        let steering = self.op("Add", &[&strongest, &floor], "heads.steering.raised");
        let steering = self.op("Log", &[&steering], "heads.steering.logarithm");
        let squared = self.float("heads.two", 2.0);
        let steering = self.op("Mul", &[&steering, &squared], "heads.steering");
        let scores = self.op("Add", &[&scores, &steering], "heads.scores");
        let penalty = self.penalty(&mask, "heads.penalty");
        let penalty = self.op("Unsqueeze", &[&penalty, &one], "heads.penalty.row");
        let scores = self.op("Add", &[&scores, &penalty], "heads.scores.masked");
        let attention = self.softmax(&scores, "attention");
        let attended = self.op("MatMul", &[&attention, &projected], "heads.attended");

        // The strongest, total and attended evidence.
        let most = self.reduce_max(&probability, 2, "heads.most");
        let squares = self.op("Mul", &[&probability, &probability], "heads.squares");
        let total = self.reduce_sum(&squares, &two, false, "heads.sum");
        let total = self.op("Add", &[&total, "one"], "heads.sum.raised");
        let total = self.op("Log", &[&total], "heads.total");
        let column = self.op("Unsqueeze", &[&attention, &last], "heads.attention.column");
        let weighted = self.op("Mul", &[&probability, &column], "heads.weighted");
        let weighted = self.reduce_sum(&weighted, &two, false, "heads.weighted.sum");
        let parts = [attended.as_str(), &most, &total, &weighted];
        let features = self.node("Concat", &parts, "heads.features", vec![Attribute::int("axis", -1)]);
        let (weight, bias) = self.head(SUMMARY)?;
        let summary = self.linear(&features, &weight, &bias, "heads.summary")?;
        let summary = self.gelu(&summary);

        let (weight, bias) = self.head(PRESENCE)?;
        let weight = self.floats("heads.presence.weight", &weight)?;
        let bias = self.floats("heads.presence.bias", &bias)?;
        let products = self.op("Mul", &[&summary, &weight], "heads.presence.products");
        let sum = self.reduce_sum(&products, &last, false, "heads.presence.sum");
        self.op("Add", &[&sum, &bias], "presence");

        let weight = self.floats("heads.level.weight", &self.parameter(LEVEL_WEIGHT)?)?;
        let products = self.op("Mul", &[&summary, &weight], "heads.level.products");
        let latent = self.reduce_sum(&products, &last, true, "heads.level.latent");
        let thresholds = self.floats("heads.level.thresholds", &self.trained.heads()?.thresholds()?)?;
        self.op("Sub", &[&latent, &thresholds], "cumulative");

        // The gate: attention over sentences for each of its queries.
        let query = self.parameter(GATE_QUERY)?;
        let inputs = (query.dim(0)? * width) as i64;
        let query = self.floats("heads.gate.query", &query.t()?)?;
        let scores = self.op("MatMul", &[&projected, &query], "heads.gate.products");
        let scores = self.transpose(&scores, &[0, 2, 1], "heads.gate.transposed");
        let scores = self.op("Div", &[&scores, &root], "heads.gate.scaled");
        let scores = self.op("Add", &[&scores, &penalty], "heads.gate.scores");
        let attention = self.softmax(&scores, "heads.gate.attention");
        let contexts = self.op("MatMul", &[&attention, &projected], "heads.gate.contexts");
        let flat = self.ints("heads.gate.shape", &[0, inputs]);
        let contexts = self.op("Reshape", &[&contexts, &flat], "heads.gate.flat");
        let (weight, bias) = self.head(GATE_SUMMARY)?;
        let summary = self.linear(&contexts, &weight, &bias, "heads.gate.summary")?;
        let summary = self.gelu(&summary);
        let (weight, bias) = self.head(SALES)?;
        let sales = self.linear(&summary, &weight, &bias, "heads.gate.sales")?;
        self.op("Squeeze", &[&sales, &last], "sales");
        Ok(())
    }
}
