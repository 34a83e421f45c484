"""Writes trained model directories from an encoder directory and random heads, for checks that need no good model.

usage: make_trained.py ENCODER_DIRECTORY RUBRIC OUT

OUT/dense      the encoder as it is
OUT/experts    the same, with a mixture of four experts in every second layer, two of which serve each token
"""

import json
import os
import shutil
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

EXPERTS = {"count": 4, "top_k": 2, "every": 2}
WIDTH, SUMMARY, EVIDENCE_FEATURES, GATE_QUERIES = 48, 24, 6, 4


def main():
    encoder, rubric, out = sys.argv[1:]
    with open(f"{encoder}/config.json") as file:
        config = json.load(file)
    with open(rubric) as file:
        rubric = json.load(file)
    weights = load_file(f"{encoder}/model.safetensors")
    write(f"{out}/dense", config, weights, encoder, rubric)
    write(f"{out}/experts", config | {"experts": EXPERTS}, mixture(config, weights), encoder, rubric)


def mixture(config, weights):
    """Replaces dense feed-forward layers by experts, each the dense layer plus noise of its own, and adds gates."""
    rng = np.random.default_rng(1)
    mixed = dict(weights)
    for layer in range(EXPERTS["every"] - 1, config["num_hidden_layers"], EXPERTS["every"]):
        prefix = f"encoder.layer.{layer}."
        for rest in ("intermediate.dense.weight", "intermediate.dense.bias", "output.dense.weight", "output.dense.bias"):
            dense = mixed.pop(prefix + rest)
            for e in range(EXPERTS["count"]):
                noise = rng.normal(0, 0.2, dense.shape).astype(np.float32)
                mixed[f"{prefix}experts.{e}.{rest}"] = dense + noise
        mixed[prefix + "gate.weight"] = rng.normal(0, 0.5, (EXPERTS["count"], config["hidden_size"])).astype(np.float32)
    return mixed


def write(directory, config, weights, encoder, rubric):
    rng = np.random.default_rng(2)
    normal = lambda *shape: (rng.normal(0, 1, shape) / np.sqrt(shape[-1])).astype(np.float32)
    competencies, hidden = len(rubric["competencies"]), config["hidden_size"]
    levels = rubric["scale"]["max"] - rubric["scale"]["min"] + 1
    heads = {
        "projection.weight": normal(WIDTH, hidden),
        "projection.bias": normal(WIDTH),
        "evidence.weight": 3 * normal(2 * competencies, WIDTH),
        "evidence.bias": normal(2 * competencies),
        "query": 3 * normal(competencies, WIDTH),
        "summary.weight": normal(SUMMARY, WIDTH + EVIDENCE_FEATURES),
        "summary.bias": normal(SUMMARY),
        "presence.weight": 3 * normal(competencies, SUMMARY),
        "presence.bias": normal(competencies),
        "level.weight": 3 * normal(competencies, SUMMARY),
        "level.steps": normal(competencies, levels - 1),
        "gate.query": 3 * normal(GATE_QUERIES, WIDTH),
        "gate.summary.weight": normal(SUMMARY, GATE_QUERIES * WIDTH),
        "gate.summary.bias": normal(SUMMARY),
        "gate.sales.weight": 3 * normal(1, SUMMARY),
        "gate.sales.bias": normal(1),
    }
    shape = {"hidden": hidden, "width": WIDTH, "summary": SUMMARY, "competencies": competencies, "levels": levels}
    calibration = {
        "presence_threshold": [0.5] * competencies,
        "evidence_threshold": 0.5,
        "level_temperature": 1.0,
        "interval_mass": 0.8,
        "sales_threshold": 0.5,
        "familiar_threshold": 0.6,
        "part_threshold": 0.1,
    }
    os.makedirs(directory)
    shutil.copy(f"{encoder}/tokenizer.json", directory)
    save_file(weights, f"{directory}/model.safetensors")
    save_file(heads, f"{directory}/heads.safetensors")
    for name, value in [
        ("config", config),
        ("finetune", {"heads": shape, "reports": 0, "last_loss": 0.0, "options": {}}),
        ("calibration", calibration),
    ]:
        with open(f"{directory}/{name}.json", "w") as file:
            json.dump(value, file)


if __name__ == "__main__":
    main()
