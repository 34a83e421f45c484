"""Makes of a Hugging Face BERT directory what the rivals run: the same weights as ONNX.

usage: encoder_onnx.py ENCODER_DIRECTORY REPORTS OUT

OUT/fp32.onnx   input_ids and attention_mask [batch, tokens] to last_hidden_state [batch, tokens, hidden], in f32
OUT/int8.onnx   the same after onnxruntime.quantization.quantize_dynamic, as its documentation recommends it for BERT
OUT/ids.json    token ids of reports, Chinese and English by turns: what the encoders are given
"""

import json
import logging
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

TOKENS = 512


class Graph:
    """Nodes and weights, added one by one; what is added is known by the name that is returned."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], name=f"{output}_node", **attributes))
        return output


def encoder(config, weights):
    """The graph of a BERT encoder, in the form in which exporters write it and ONNX Runtime finds what to fuse."""
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    width = hidden // heads
    graph = Graph()
    add, constant = graph.add, graph.constant
    integer = lambda name, *values: constant(name, np.array(values, np.int64))
    number = lambda name, value: constant(name, np.array(value, np.float32))

    def norm(x, name, out):
        scale, bias = constant(f"{name}.weight", weights[f"{name}.weight"]), constant(f"{name}.bias", weights[f"{name}.bias"])
        return add("LayerNormalization", [x, scale, bias], out, axis=-1, epsilon=config["layer_norm_eps"])

    def linear(x, name, out):
        product = add("MatMul", [x, constant(f"{name}.weight", weights[f"{name}.weight"].T)], f"{out}_product")
        return add("Add", [product, constant(f"{name}.bias", weights[f"{name}.bias"])], out)

    integer("zero", 0), integer("axis1", 1), integer("mask_axes", 1, 2)
    integer("split", 0, 0, heads, width), integer("joined", 0, 0, hidden)
    number("one", 1.0), number("half", 0.5), number("root2", np.sqrt(2.0)), number("root_width", np.sqrt(width)), number("far", -1e4)

    add("Shape", ["input_ids"], "shape")
    add("Gather", ["shape", "axis1"], "tokens", axis=0)
    words = add("Gather", [constant("word", weights["embeddings.word_embeddings.weight"]), "input_ids"], "words", axis=0)
    constant("position", weights["embeddings.position_embeddings.weight"])
    add("Slice", ["position", "zero", "tokens", "zero"], "positions")
    add("Add", [words, "positions"], "placed")
    add("Add", ["placed", constant("type", weights["embeddings.token_type_embeddings.weight"][0])], "embedded")
    x = norm("embedded", "embeddings.LayerNorm", "normed")

    add("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
    add("Unsqueeze", ["mask_float", "mask_axes"], "mask_spread")
    add("Sub", ["one", "mask_spread"], "masked")
    add("Mul", ["masked", "far"], "mask")

    for i in range(config["num_hidden_layers"]):
        layer, at = f"encoder.layer.{i}", lambda name: f"{name}{i}"
        parts = {}
        for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
            rows = linear(x, f"{layer}.attention.self.{part}", at(part))
            parts[part] = add("Transpose", [add("Reshape", [rows, "split"], at(f"{part}_split"))], at(f"{part}_heads"), perm=order)
        add("MatMul", [parts["query"], parts["key"]], at("scores"))
        add("Div", [at("scores"), "root_width"], at("scaled"))
        add("Add", [at("scaled"), "mask"], at("seen"))
        add("Softmax", [at("seen")], at("shares"), axis=-1)
        add("MatMul", [at("shares"), parts["value"]], at("context_heads"))
        add("Transpose", [at("context_heads")], at("context_split"), perm=[0, 2, 1, 3])
        add("Reshape", [at("context_split"), "joined"], at("context"))
        attended = linear(at("context"), f"{layer}.attention.output.dense", at("attended"))
        x = norm(add("Add", [attended, x], at("residual")), f"{layer}.attention.output.LayerNorm", at("attention"))
        inner = linear(x, f"{layer}.intermediate.dense", at("inner"))
        # GELU by the error function.
        add("Div", [inner, "root2"], at("gelu_argument"))
        add("Erf", [at("gelu_argument")], at("gelu_erf"))
        add("Add", [at("gelu_erf"), "one"], at("gelu_sum"))
        add("Mul", [inner, at("gelu_sum")], at("gelu_product"))
        outer = linear(add("Mul", [at("gelu_product"), "half"], at("gelu")), f"{layer}.output.dense", at("outer"))
        x = norm(add("Add", [outer, x], at("residual_outer")), f"{layer}.output.LayerNorm", at("layer"))
    add("Identity", [x], "last_hidden_state")

    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", hidden])
    made = helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def ids_of_reports(tokenizer, path):
    """The ids of whole reports, one Chinese, one English, and so on, between the marks that the encoder knows."""
    texts = {"zh": [], "en": []}
    with open(path) as file:
        for report in map(json.loads, file):
            if report["lang"] in texts:
                texts[report["lang"]].append(report["text"])
    ids = [tokenizer.token_to_id("<s>")]
    for pair in zip(texts["zh"], texts["en"]):
        for text in pair:
            ids += tokenizer.encode(text, add_special_tokens=False).ids
        if len(ids) >= TOKENS:
            return ids[:TOKENS]
    sys.exit(f"{path} has too little text")


def main():
    directory, reports, out = sys.argv[1:]
    with open(f"{directory}/config.json") as file:
        config = json.load(file)
    weights = {name.removeprefix("bert."): w.astype(np.float32) for name, w in load_file(f"{directory}/model.safetensors").items()}
    model = encoder(config, weights)
    onnx.checker.check_model(model)
    onnx.save(model, f"{out}/fp32.onnx")
    # It recommends a step of preparation that changes nothing for this graph.
    logging.disable(logging.WARNING)
    quantize_dynamic(f"{out}/fp32.onnx", f"{out}/int8.onnx", weight_type=QuantType.QInt8, per_channel=True)
    with open(f"{out}/ids.json", "w") as file:
        json.dump(ids_of_reports(Tokenizer.from_file(f"{directory}/tokenizer.json"), reports), file)


if __name__ == "__main__":
    main()
