"""Writes the outputs of independent implementations that the tests compare our code with.

usage: make_fixtures.py ENCODER_DIRECTORY REPORTS OUT

OUT/tokens.jsonl                     [text, ids] from Python's tokenizers with ENCODER_DIRECTORY/tokenizer.json
OUT/encoder.safetensors              token ids and last hidden states (f16) of ENCODER_DIRECTORY, computed by ONNX Runtime in f32
OUT/tiny-bert/                       a random BERT directory
OUT/tiny-bert/expected.safetensors   its token ids and last hidden states (f32), computed by ONNX Runtime
"""

import json
import os
import random
import re
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

TEXTS = 1_200
LONGEST = 80
INPUTS = [
    "I worked out the payback with the plant manager's own figures: eleven months, at 4,000 an hour of stopped line.",
    "他要降价12%，我用三年维保换了5%，当场签字；会后两小时内把纪要发给双方，谁做什么、哪天做，都写明了。",
    "下午给 HR 邱经理讲 proposal，讲完请她用自己的话说一遍免赔额，recap email 当天发出，她回“与我理解一致”。",
    "Lost. I never asked who signs. Next time: 1) map the buyers 2) ask what a failure costs 3) confirm in writing.",
]


def main():
    directory, reports, out = sys.argv[1:]
    tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
    ids_of = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    with open(f"{out}/tokens.jsonl", "w") as file:
        for text in texts(reports):
            file.write(json.dumps([text, ids_of(text)], ensure_ascii=False, separators=(",", ":")) + "\n")

    frame = [tokenizer.token_to_id("<s>")], [tokenizer.token_to_id("</s>")]
    inputs = [frame[0] + ids_of(text) + frame[1] for text in INPUTS]
    save_file(expected(directory, inputs, np.float16), f"{out}/encoder.safetensors")

    tiny = f"{out}/tiny-bert"
    os.makedirs(tiny, exist_ok=True)
    make_tiny_bert(tiny)
    generator = np.random.default_rng(1)
    inputs = [generator.integers(0, 300, length).tolist() for length in (1, 7, 32, 61)]
    save_file(expected(tiny, inputs, np.float32), f"{tiny}/expected.safetensors")


def texts(reports):
    """Returns sentences of the reports and strings of things that trip up tokenizers, shuffled with a fixed seed."""
    chance = random.Random(0)
    sentences = []
    with open(reports) as file:
        for line in file:
            sentences += re.split(r"(?<=[。！？；.!?\n])", json.loads(line)["text"])
    sentences = sorted({s[:LONGEST] for s in sentences if s.strip()})
    found = chance.sample(sentences, TEXTS // 2)
    odd = (
        ["👍🏽", "👩‍🔬", "🇨🇳", "❤️", "e\u0301", "ﬁ", "№", "㎡", "½", "Ａ１", "（", "％", "￥", "\u3000", "\u00a0", "\u200b", "\ufeff"]
        + ["\t", "\r\n", "  ", "\x00", "\x07", "\x1b[0m", "\x7f", "\ufffd", "\u202e", "\u00ad", "𠮷", "價", "ひらがな", "한국어", "Привет"]
        + ["https://a.example/x?y=1&z=%20", "a.b@c.example", "3.14", "1,234.50", "2026-11-24", "24/7", "v2.1.0", "$1.2M", "±5%"]
        + ["<s>", "</s>", "<unk>", "▁", "——", "……", "“", "”", "'", "|", "#", "**", "①", "1)", "- "]
    )
    words = [w for s in chance.sample(sentences, 400) for w in re.findall(r"[A-Za-z]+|[\u4e00-\u9fff]{1,4}", s)]
    made = []
    while len(made) < TEXTS - len(found):
        parts = [chance.choice(odd if chance.random() < 0.4 else words) for _ in range(chance.randint(1, 9))]
        made.append(chance.choice(["", " "]).join(parts)[:LONGEST])
    both = found + made + ["", " ", "a", "。"]
    chance.shuffle(both)
    return both


def make_tiny_bert(directory):
    """Writes a random BERT of two layers with a vocabulary of letters, Chinese characters and a few words."""
    hidden, inner, positions, rng = 64, 128, 64, np.random.default_rng(0)
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁"] + [chr(c) for c in range(33, 127)]
    pieces += list("，。！？；：“”（）、客户要求降价我用三年维保换当场签字交付那边没说他们是从里才知道日期的报告发给双方好价格一二四五六七八九十")
    pieces += ["▁" + w for w in "the a to and of in we he she it they is was i on for with customer price offer".split()]
    pieces += ["er", "ing", "ed", "re", "客户", "报价", "签字", "交付"]
    pieces = list(dict.fromkeys(pieces))
    pieces += [f"▁x{i}" for i in range(299 - len(pieces))] + ["<mask>"]
    with open(f"{sys.argv[1]}/tokenizer.json") as file:
        tokenizer = json.load(file)
    tokenizer["model"]["vocab"] = [[p, -2.0 - 0.02 * i + len(p)] for i, p in enumerate(pieces)]
    tokenizer["model"]["unk_id"] = 3
    for token in tokenizer["added_tokens"]:
        token["id"] = pieces.index(token["content"])
    for name, special in tokenizer["post_processor"]["special_tokens"].items():
        special["ids"] = [pieces.index(name)]
    with open(f"{directory}/tokenizer.json", "w") as file:
        json.dump(tokenizer, file, ensure_ascii=False)
    config = {
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": inner,
        "vocab_size": len(pieces),
        "max_position_embeddings": positions,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
    with open(f"{directory}/config.json", "w") as file:
        json.dump(config, file, indent=1)
    normal = lambda *shape: rng.normal(0, 0.2, shape).astype(np.float32)
    weights = {
        "embeddings.word_embeddings.weight": normal(len(pieces), hidden),
        "embeddings.position_embeddings.weight": normal(positions, hidden),
        "embeddings.token_type_embeddings.weight": normal(2, hidden),
        "embeddings.LayerNorm.weight": 1 + normal(hidden),
        "embeddings.LayerNorm.bias": normal(hidden),
    }
    for i in range(2):
        layer = f"encoder.layer.{i}."
        for name, rows, columns in [
            ("attention.self.query", hidden, hidden),
            ("attention.self.key", hidden, hidden),
            ("attention.self.value", hidden, hidden),
            ("attention.output.dense", hidden, hidden),
            ("intermediate.dense", inner, hidden),
            ("output.dense", hidden, inner),
        ]:
            weights[f"{layer}{name}.weight"] = normal(rows, columns)
            weights[f"{layer}{name}.bias"] = normal(rows)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights[f"{layer}{name}.weight"] = 1 + normal(hidden)
            weights[f"{layer}{name}.bias"] = normal(hidden)
    save_file(weights, f"{directory}/model.safetensors")


def expected(directory, inputs, dtype):
    """Returns token ids and ONNX Runtime's last hidden states, as `ids.N` and `states.N`."""
    session = onnxruntime.InferenceSession(bert_graph(directory).SerializeToString(), providers=["CPUExecutionProvider"])
    tensors = {}
    for i, ids in enumerate(inputs):
        (states,) = session.run(None, {"ids": np.array(ids, np.int64)})
        tensors[f"ids.{i}"] = np.array(ids, np.uint32)
        tensors[f"states.{i}"] = states.astype(dtype)
    return tensors


def bert_graph(directory):
    """Returns BertModel over one unpadded sequence, ids [tokens] to states [tokens, hidden], as an ONNX model (opset 17)."""
    with open(f"{directory}/config.json") as file:
        config = json.load(file)
    weights = load_file(f"{directory}/model.safetensors")
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def norm(x, name, output):
        scale, bias = (constant(f"{name}.{p}", weights[f"{name}.{p}"]) for p in ("weight", "bias"))
        return node("LayerNormalization", [x, scale, bias], output, axis=-1, epsilon=config["layer_norm_eps"])

    def linear(x, name, output):
        product = node("MatMul", [x, constant(f"{name}.weight", weights[f"{name}.weight"].T)], f"{output}.product")
        return node("Add", [product, constant(f"{name}.bias", weights[f"{name}.bias"])], output)

    split = constant("split", np.array([0, heads, hidden // heads], np.int64))
    join = constant("join", np.array([0, hidden], np.int64))
    scale = constant("scale", np.float32(1 / np.sqrt(hidden // heads)))
    half, one, root = (constant(n, np.float32(v)) for n, v in (("half", 0.5), ("one", 1), ("root", np.sqrt(2))))

    table = "embeddings.{}_embeddings.weight".format
    words = node("Gather", [constant("words", weights[table("word")]), "ids"], "word")
    length = node("Shape", ["ids"], "length")
    zero = constant("zero", np.array([0], np.int64))
    places = constant("positions", weights[table("position")] + weights[table("token_type")][0])
    x = node("Add", [words, node("Slice", [places, zero, length, zero], "position")], "embedded")
    x = norm(x, "embeddings.LayerNorm", "embeddings")
    for i in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{i}."
        attention = f"{layer}attention.self."

        def heads_of(name, order):
            projected = node("Reshape", [linear(x, attention + name, f"{i}.{name}"), split], f"{i}.{name}.split")
            return node("Transpose", [projected], f"{i}.{name}.heads", perm=order)

        query, key, value = heads_of("query", [1, 0, 2]), heads_of("key", [1, 2, 0]), heads_of("value", [1, 0, 2])
        scores = node("Mul", [node("MatMul", [query, key], f"{i}.raw"), scale], f"{i}.scores")
        context = node("MatMul", [node("Softmax", [scores], f"{i}.attention", axis=-1), value], f"{i}.context")
        context = node("Reshape", [node("Transpose", [context], f"{i}.joined", perm=[1, 0, 2]), join], f"{i}.flat")
        y = linear(context, layer + "attention.output.dense", f"{i}.output")
        y = norm(node("Add", [y, x], f"{i}.residual"), layer + "attention.output.LayerNorm", f"{i}.normed")
        z = linear(y, layer + "intermediate.dense", f"{i}.inner")
        erf = node("Erf", [node("Div", [z, root], f"{i}.scaled")], f"{i}.erf")
        z = node("Mul", [node("Mul", [z, node("Add", [erf, one], f"{i}.shifted")], f"{i}.twice"), half], f"{i}.gelu")
        z = linear(z, layer + "output.dense", f"{i}.outer")
        x = norm(node("Add", [z, y], f"{i}.residual2"), layer + "output.LayerNorm", f"{i}.states")
    graph = helper.make_graph(
        nodes,
        "bert",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["tokens", hidden])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    main()
