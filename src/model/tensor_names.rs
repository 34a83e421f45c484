//! The name of every tensor of a model.
//!
//! The encoder's tensors are named as in Hugging Face's `BertModel`. In the table, L counts layers and E counts
//! experts, both from 0; a *module* stands for its two tensors, `MODULE.weight` and `MODULE.bias` (see [`weight`] and
//! [`bias`]).
//!
//! | tensor or module | shape of the weight | here |
//! |---|---|---|
//! | `embeddings.word_embeddings.weight` | `[vocabulary, hidden]` | [`WORD_EMBEDDINGS`] |
//! | `embeddings.position_embeddings.weight` | `[positions, hidden]` | [`POSITION_EMBEDDINGS`] |
//! | `embeddings.token_type_embeddings.weight` | `[token types, hidden]` | [`TOKEN_TYPE_EMBEDDINGS`] |
//! | module `embeddings.LayerNorm` | `[hidden]` | [`EMBEDDINGS_NORM`] |
//! | module `encoder.layer.L.attention.self.query`, `.key`, `.value` | `[hidden, hidden]` | [`layer`], [`QUERY_KEY_VALUE`] |
//! | module `encoder.layer.L.attention.output.dense` | `[hidden, hidden]` | [`layer`], [`ATTENTION_OUTPUT`] |
//! | module `encoder.layer.L.attention.output.LayerNorm` | `[hidden]` | [`layer`], [`ATTENTION_NORM`] |
//! | module `encoder.layer.L.intermediate.dense` | `[intermediate, hidden]` | [`layer`], [`INTERMEDIATE`] |
//! | module `encoder.layer.L.output.dense` | `[hidden, intermediate]` | [`layer`], [`OUTPUT`] |
//! | module `encoder.layer.L.output.LayerNorm` | `[hidden]` | [`layer`], [`OUTPUT_NORM`] |
//! | `encoder.layer.L.gate.weight` | `[experts, hidden]` | [`gate`] |
//! | module `encoder.layer.L.experts.E.intermediate.dense` | `[intermediate, hidden]` | [`expert`], [`INTERMEDIATE`] |
//! | module `encoder.layer.L.experts.E.output.dense` | `[hidden, intermediate]` | [`expert`], [`OUTPUT`] |
//! | `WEIGHT.adapter.a` beside a weight of `[outputs, inputs]` | `[rank, inputs]` | [`adapter_a`] |
//! | `WEIGHT.adapter.b` beside a weight of `[outputs, inputs]` | `[outputs, rank]` | [`adapter_b`] |
//! | module `heads.projection` | `[width, hidden]` | [`HEADS_PREFIX`], [`heads::PROJECTION`] |
//! | module `heads.evidence` | `[2 · competencies, width]` | [`HEADS_PREFIX`], [`heads::EVIDENCE`] |
//! | `heads.query` | `[competencies, width]` | [`HEADS_PREFIX`], [`heads::QUERY`] |
//! | module `heads.summary` | `[summary, width + 6]` | [`HEADS_PREFIX`], [`heads::SUMMARY`] |
//! | module `heads.presence` | `[competencies, summary]` | [`HEADS_PREFIX`], [`heads::PRESENCE`] |
//! | `heads.level.weight` | `[competencies, summary]` | [`HEADS_PREFIX`], [`heads::LEVEL_WEIGHT`] |
//! | `heads.level.steps` | `[competencies, levels - 1]` | [`HEADS_PREFIX`], [`heads::LEVEL_STEPS`] |
//! | `heads.gate.query` | `[4, width]` | [`HEADS_PREFIX`], [`heads::GATE_QUERY`] |
//! | module `heads.gate.summary` | `[summary, 4 · width]` | [`HEADS_PREFIX`], [`heads::GATE_SUMMARY`] |
//! | module `heads.gate.sales` | `[1, summary]` | [`HEADS_PREFIX`], [`heads::SALES`] |
//!
//! Layers with experts have a gate and experts in place of the layer's own `intermediate.dense` and `output.dense`.

/// Tensor of the word embeddings.
pub const WORD_EMBEDDINGS: &str = "embeddings.word_embeddings.weight";

/// Tensor of the position embeddings.
pub const POSITION_EMBEDDINGS: &str = "embeddings.position_embeddings.weight";

/// Tensor of the token type (segment) embeddings.
pub const TOKEN_TYPE_EMBEDDINGS: &str = "embeddings.token_type_embeddings.weight";

/// Module that normalizes the sum of the three embeddings.
pub const EMBEDDINGS_NORM: &str = "embeddings.LayerNorm";

/// Modules that project a layer's input to queries, keys and values, within a [`layer`].
pub const QUERY_KEY_VALUE: [&str; 3] = ["attention.self.query", "attention.self.key", "attention.self.value"];

/// Module that projects the attention's context, within a [`layer`].
pub const ATTENTION_OUTPUT: &str = "attention.output.dense";

/// Module that normalizes after attention, within a [`layer`].
pub const ATTENTION_NORM: &str = "attention.output.LayerNorm";

/// First module of the feed-forward part, within a [`layer`] or an [`expert`].
pub const INTERMEDIATE: &str = "intermediate.dense";

/// Second module of the feed-forward part, within a [`layer`] or an [`expert`].
pub const OUTPUT: &str = "output.dense";

/// Module that normalizes after the feed-forward part, within a [`layer`].
pub const OUTPUT_NORM: &str = "output.LayerNorm";

/// The prefix of the heads' names in a model file. Files that hold only heads leave it out.
pub const HEADS_PREFIX: &str = "heads.";

/// The prefix of the encoder's names in some Hugging Face checkpoints. Names in this table leave it out.
pub const BERT_PREFIX: &str = "bert.";

/// Modules and tensors of [`Heads`](super::Heads), without [`HEADS_PREFIX`].
pub mod heads {
    /// Module that projects sentence vectors.
    pub const PROJECTION: &str = "projection";
    /// Module that gives the evidence logits.
    pub const EVIDENCE: &str = "evidence";
    /// Tensor of the attention queries, one per competency.
    pub const QUERY: &str = "query";
    /// Module of the layer below presence and level.
    pub const SUMMARY: &str = "summary";
    /// Module that gives the presence logits.
    pub const PRESENCE: &str = "presence";
    /// Tensor that gives the latent level; it has no bias, since the thresholds take its place.
    pub const LEVEL_WEIGHT: &str = "level.weight";
    /// Tensor of the lowest threshold and the steps to the others.
    pub const LEVEL_STEPS: &str = "level.steps";
    /// Tensor of the gate's attention queries.
    pub const GATE_QUERY: &str = "gate.query";
    /// Module of the layer below the gate.
    pub const GATE_SUMMARY: &str = "gate.summary";
    /// Module that gives the logit that a text is an account of the writer's own sales work.
    pub const SALES: &str = "gate.sales";
}

const EMBEDDINGS: &str = "embeddings.";
/// A buffer in Hugging Face checkpoints that holds 0, 1, 2, ...
const POSITION_IDS: &str = "embeddings.position_ids";
const LAYERS: &str = "encoder.layer.";
const ADAPTER: &str = ".adapter.";
const ADAPTER_A: &str = ".adapter.a";
const ADAPTER_B: &str = ".adapter.b";
const GATE: &str = "gate.weight";

/// Returns the name of a module's weight, `MODULE.weight`.
pub fn weight(module: &str) -> String {
    format!("{module}.weight")
}

/// Returns the name of a module's bias, `MODULE.bias`.
pub fn bias(module: &str) -> String {
    format!("{module}.bias")
}

/// Returns the name of a module within a [`layer`] or an [`expert`].
pub fn within(parent: &str, module: &str) -> String {
    format!("{parent}.{module}")
}

/// Returns the prefix of all tensors of a layer, without the dot after it.
pub fn layer(layer: usize) -> String {
    format!("{LAYERS}{layer}")
}

/// Returns the prefix of all tensors of an expert, without the dot after it.
pub fn expert(layer: usize, expert: usize) -> String {
    format!("{LAYERS}{layer}.experts.{expert}")
}

/// Returns the name of the gate that chooses among a layer's experts.
pub fn gate(layer: usize) -> String {
    format!("{LAYERS}{layer}.{GATE}")
}

/// Splits the name of a layer's tensor into the layer and the rest of the name. Returns `None` for embeddings and heads.
pub fn split_layer(name: &str) -> Option<(usize, &str)> {
    let (layer, rest) = name.strip_prefix(LAYERS)?.split_once('.')?;
    Some((layer.parse().ok()?, rest))
}

/// Returns the layer that a tensor of the encoder belongs to; `None` for embeddings and heads.
pub fn layer_of(name: &str) -> Option<usize> {
    split_layer(name).map(|(layer, _)| layer)
}

/// Returns the name of the factor A, `[rank, inputs]`, of the low-rank adapter beside a weight.
pub fn adapter_a(weight: &str) -> String {
    format!("{weight}{ADAPTER_A}")
}

/// Returns the name of the factor B, `[outputs, rank]`, of the low-rank adapter beside a weight.
pub fn adapter_b(weight: &str) -> String {
    format!("{weight}{ADAPTER_B}")
}

/// Whether a tensor is a factor of a low-rank adapter.
pub fn is_adapter(name: &str) -> bool {
    name.contains(ADAPTER)
}

/// Whether a tensor is the factor B, `[outputs, rank]`, of a low-rank adapter.
pub fn is_adapter_b(name: &str) -> bool {
    name.ends_with(ADAPTER_B)
}

/// Returns the weight that a tensor belongs to as its [`adapter_a`]; `None` for every other tensor.
pub fn weight_of_adapter_a(name: &str) -> Option<&str> {
    name.strip_suffix(ADAPTER_A)
}

/// Whether a tensor is the weight of a linear layer of the encoder, beside which an adapter can lie.
pub fn is_linear_weight(name: &str) -> bool {
    let in_linear = || [".dense.", "attention.self."].iter().any(|part| name.contains(part));
    layer_of(name).is_some() && name.ends_with(".weight") && in_linear()
}

/// Whether a tensor is the weight or the bias of a layer normalization.
pub fn is_norm(name: &str) -> bool {
    name.contains("LayerNorm")
}

/// Whether a tensor is the gate of a mixture of experts.
pub fn is_gate(name: &str) -> bool {
    split_layer(name).is_some_and(|(_, rest)| rest == GATE)
}

/// Whether a tensor lies below the first layer: the embeddings and their normalization.
pub fn is_embedding(name: &str) -> bool {
    name.starts_with(EMBEDDINGS)
}

/// Whether a tensor of a Hugging Face checkpoint belongs to the encoder: pooler, task heads and buffers do not.
pub fn is_encoder(name: &str) -> bool {
    (is_embedding(name) && name != POSITION_IDS) || name.starts_with("encoder.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_hugging_face() {
        assert_eq!(
            weight(&within(&layer(3), QUERY_KEY_VALUE[1])),
            "encoder.layer.3.attention.self.key.weight"
        );
        assert_eq!(bias(&within(&expert(3, 1), OUTPUT)), "encoder.layer.3.experts.1.output.dense.bias");
        assert_eq!(gate(3), "encoder.layer.3.gate.weight");
    }

    #[test]
    fn names_of_layers_are_split() {
        assert_eq!(split_layer("encoder.layer.11.output.dense.bias"), Some((11, "output.dense.bias")));
        for name in [WORD_EMBEDDINGS, "heads.query", "encoder.layer.x.gate.weight", "encoder.layer.3"] {
            assert_eq!(layer_of(name), None, "{name}");
        }
    }

    #[test]
    fn kinds_of_tensors_are_told_apart() {
        let query = weight(&within(&layer(0), QUERY_KEY_VALUE[0]));
        let (a, b) = (adapter_a(&query), adapter_b(&query));
        assert_eq!(a, "encoder.layer.0.attention.self.query.weight.adapter.a");
        assert!(is_adapter(&a) && is_adapter(&b) && !is_adapter(&query));
        assert!(is_adapter_b(&b) && !is_adapter_b(&a));
        assert_eq!((weight_of_adapter_a(&a), weight_of_adapter_a(&b)), (Some(query.as_str()), None));

        let norm = weight(&within(&layer(0), OUTPUT_NORM));
        for name in
            [&query, &weight(&within(&layer(0), OUTPUT)), &weight(&within(&expert(1, 0), INTERMEDIATE))]
        {
            assert!(is_linear_weight(name), "{name}");
        }
        for name in [&a, &norm, &gate(1), WORD_EMBEDDINGS, &bias(&within(&layer(0), OUTPUT))] {
            assert!(!is_linear_weight(name), "{name}");
        }
        assert!(is_norm(&norm) && is_norm(&bias(EMBEDDINGS_NORM)) && !is_norm(&query));
        assert!(is_gate(&gate(1)) && !is_gate(&query));

        assert!(is_embedding(WORD_EMBEDDINGS) && !is_embedding(&query));
        assert!(is_encoder(&query) && is_encoder(WORD_EMBEDDINGS));
        for name in ["embeddings.position_ids", "pooler.dense.weight", "cls.predictions.bias"] {
            assert!(!is_encoder(name), "{name}");
        }
    }
}
