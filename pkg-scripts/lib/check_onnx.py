"""Runs an exported graph in ONNX Runtime and compares its outputs with the expected ones stored beside it.

usage: check_onnx.py DIRECTORY      containing model.onnx and check.safetensors

Where the export was given reports, it also has examples/onnx/score.py score them, and compares the levels.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

TOLERANCE = 1e-4

#: The largest difference of a level, and of the probability of an account.
LEVEL_TOLERANCE = 1e-3

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples/onnx"))


def main():
    (directory,) = sys.argv[1:]
    path = f"{directory}/model.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    opset = {entry.domain: entry.version for entry in model.opset_import}[""]
    assert opset >= 17, f"opset {opset}, but at least 17 is expected"

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    competencies, calibration = json.loads(facts["competencies"]), json.loads(facts["calibration"])
    assert facts["rubric_id"] and len(calibration["presence_threshold"]) == len(competencies) > 0

    names = [output.name for output in session.get_outputs()]
    tensors = load_file(f"{directory}/check.safetensors")
    batches = sorted({name.split(".")[0] for name in tensors})
    largest = dict.fromkeys(names, 0.0)
    shapes = []
    for n in batches:
        inputs = {entry.name: tensors[f"{n}.{entry.name}"] for entry in session.get_inputs()}
        real = inputs["sentence_mask"] != 0
        shapes.append("x".join(map(str, inputs["input_ids"].shape)) + f" for {len(real)}")
        for name, value in zip(names, session.run(names, inputs)):
            expected = tensors[f"{n}.{name}"]
            assert value.shape == expected.shape, f"{name} has the shape {value.shape}, not {expected.shape}"
            if name == "evidence":
                assert (value[~real] <= -1e8).all(), "padding sentences have evidence"
                value, expected = value[real], expected[real]
            assert np.isfinite(value).all(), f"{name} is not finite"
            largest[name] = max(largest[name], float(np.abs(value - expected).max()))
    assert len(batches) >= 4, "check.safetensors has fewer than four batches"
    print(
        f"opset {opset}, windows x tokens for documents: {', '.join(shapes)}; largest difference "
        + ", ".join(f"{name} {value:.1e}" for name, value in largest.items())
    )
    assert max(largest.values()) <= TOLERANCE, f"the largest difference exceeds {TOLERANCE}"
    reports = pathlib.Path(directory, "reports.jsonl")
    if reports.exists():
        check_reports(directory, [json.loads(line) for line in reports.read_text(encoding="utf-8").splitlines()])


def check_reports(directory, reports):
    import score

    scorer = score.Scorer(directory)
    largest, levels = 0.0, 0
    for report in reports:
        sales, found = scorer.score(report["sentences"])
        assert found.keys() == report["levels"].keys(), f"{report['id']}: other competencies"
        pairs = [(sales, report["sales"]), *((level, report["levels"][c]) for c, level in found.items())]
        for value, expected in pairs:
            assert (value is None) == (expected is None), f"{report['id']}: {pairs}"
            if value is not None:
                largest, levels = max(largest, abs(value - expected)), levels + 1
    print(f"examples/onnx/score.py: {len(reports)} reports, {levels} figures, largest difference {largest:.1e}")
    assert reports and largest <= LEVEL_TOLERANCE, f"a level differs by more than {LEVEL_TOLERANCE}"


if __name__ == "__main__":
    main()
