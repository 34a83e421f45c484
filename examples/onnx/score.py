"""Scores a text with a model that `trainer export --format onnx` wrote, without any code of ours.

usage: score.py DIRECTORY < TEXT      a sentence a line; needs onnxruntime, tokenizers and numpy
"""

import json
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


class Scorer:
    """A model in ONNX Runtime."""

    def __init__(self, directory):
        self.tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
        self.session = onnxruntime.InferenceSession(f"{directory}/model.onnx")
        facts = self.session.get_modelmeta().custom_metadata_map
        self.competencies, self.lowest = json.loads(facts["competencies"]), int(facts["lowest_level"])
        self.calibration = json.loads(facts["calibration"])

    def score(self, sentences):
        """The probability that sentences are an account of the writer's own work, and the levels of the competencies that they show."""
        first, last = self.tokenizer.encode("").ids
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch(sentences, add_special_tokens=False)]
        ids = [first, *sum(tokens, []), last]
        of_sentence = [-1, *(s for s, row in enumerate(tokens) for _ in row), -1]
        inputs = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "sentence": [of_sentence], "sentence_mask": [[1] * len(tokens)]}
        outputs = ["sales", "presence", "cumulative"]
        sales, presence, cumulative = self.session.run(outputs, {name: np.array(rows, np.int64) for name, rows in inputs.items()})
        # P(level > k), which cannot grow with k whatever the logits say; its sum over k is the expected level above the lowest.
        above = np.minimum.accumulate(sigmoid(cumulative[0] / self.calibration["level_temperature"]), axis=1)
        levels = self.lowest + above.sum(axis=1)
        shown = sigmoid(presence[0]) >= self.calibration["presence_threshold"]
        return sigmoid(sales[0]), {c: float(level) if show else None for c, level, show in zip(self.competencies, levels, shown)}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


if __name__ == "__main__":
    scorer = Scorer(sys.argv[1])
    account, levels = scorer.score([line.strip() for line in sys.stdin if line.strip()])
    likely = account >= scorer.calibration["sales_threshold"]
    print(f"{'an' if likely else 'no'} account of the writer's own work ({account:.3f})")
    for competency, level in levels.items() if likely else ():
        print(f"{competency}: {'not shown' if level is None else f'{level:.2f}'}")
