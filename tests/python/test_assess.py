"""The wheel gives the assessments of the Rust crate, and its errors are typed."""

import hashlib
import json

import pytest

import salesmirror

REPORT = (
    "Emoji 👍🏽 first. I asked the plant manager what a stopped line costs him and he said 4,000 an hour. "
    "我按他的数字算了投入产出，十一个月回本。He asked for 12% off; I offered 5% against a three-year service "
    "contract, and he signed."
)


def split(value, numbers):
    """As tests/shipped_model.rs does: takes numbers with a fraction out of a value, and returns the rest with keys sorted."""
    if isinstance(value, dict):
        return "{" + "".join(f'"{key}":{split(value[key], numbers)},' for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + "".join(f"{split(item, numbers)}," for item in value) + "]"
    if isinstance(value, float):
        numbers.append(value)
        return ""
    return json.dumps(value, ensure_ascii=False)


def test_assessments_are_those_of_the_crate(assessor, root):
    files = sorted((root / "data/reports").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n") if line]
    fixture = (root / "tests/fixtures/assessments.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {kept["id"]: kept for kept in map(json.loads, fixture)}
    sample = [report for report in map(json.loads, lines) if report["id"] in expected]
    assert len(sample) == len(expected) > 30
    assessments = assessor.assess_batch([report["text"] for report in sample], offsets="byte")
    for report, assessment in zip(sample, assessments):
        kept, numbers = expected[report["id"]], []
        rest = split({key: value for key, value in assessment.items() if key != "timings"}, numbers)
        assert hashlib.sha256(rest.encode()).hexdigest()[:16] == kept["digest"], report["id"]
        assert numbers == pytest.approx(kept["numbers"], abs=1e-4), report["id"]


def test_offsets_count_as_python_does_or_as_asked(assessor):
    assessment = assessor.assess(REPORT)
    assert assessment["offsets"] == "code_point"
    in_bytes, in_units = (assessor.assess(REPORT, offsets=unit) for unit in ("byte", "utf16"))
    as_bytes, as_units = REPORT.encode(), REPORT.encode("utf-16-le")
    evidence = 0
    for competency, bytes_of, units_of in zip(*(a["competencies"] for a in (assessment, in_bytes, in_units))):
        for here, in_byte, in_unit in zip(competency["evidence"], bytes_of["evidence"], units_of["evidence"]):
            shown = REPORT[here["start"] : here["end"]]
            assert shown == shown.strip() and shown[-1] in ".。;"
            assert as_bytes[in_byte["start"] : in_byte["end"]].decode() == shown
            assert as_units[2 * in_unit["start"] : 2 * in_unit["end"]].decode("utf-16-le") == shown
            evidence += 1
    assert evidence > 1


def test_the_reader_says_whose_words_count(assessor, root):
    chat = "Rep: What changed?\nCustomer: The budget.\nRep: I see.\nCustomer: Yes."
    counts = lambda **options: [s["counts"] for s in assessor.assess(chat, **options)["speakers"]]
    assert counts() == [True, False]
    assert counts(speaker="Customer") == [False, True]
    assert counts(whole=True) == [True, True]
    # A question in a forum is no account of one's own work.
    first = (root / "data/reports/gate-held-out.jsonl").read_text(encoding="utf-8").split("\n")[0]
    question = json.loads(first)["text"]
    assert not assessor.assess(question)["account"]["accepted"]
    assert assessor.assess(question, account=True)["account"]["accepted"]
    batch = assessor.assess_batch([question], account=True)
    assert [assessment["account"]["accepted"] for assessment in batch] == [True]


def test_rubric_and_model_are_described(assessor, root):
    assert assessor.rubric == json.loads((root / "data/rubric.json").read_text(encoding="utf-8"))
    manifest = json.loads((root / "www/models/default/manifest.json").read_text(encoding="utf-8"))
    assert assessor.model["id"] == manifest["id"] and assessor.model["sha256"] == manifest["files"][0]["sha256"]
    assert manifest["id"] in repr(assessor)


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_text"), (" \u200b\n", "empty_text"), ("x" * 300_000, "text_too_long"), ("\0" * 9, "not_text")]
)
def test_what_cannot_be_assessed_raises(assessor, text, code):
    with pytest.raises(salesmirror.TextError) as raised:
        assessor.assess(text)
    assert raised.value.code == code and str(raised.value)
    assert isinstance(raised.value, salesmirror.SalesMirrorError)


def test_arguments_that_make_no_sense_raise(assessor):
    for call in (
        lambda: assessor.assess(REPORT, offsets="words"),
        lambda: assessor.assess_batch([REPORT], errors="ignore"),
        lambda: assessor.assess_batch([REPORT], threads=0),
    ):
        with pytest.raises(ValueError):
            call()
    for text in (None, b"bytes", 3):
        with pytest.raises(TypeError):
            assessor.assess(text)
    with pytest.raises(UnicodeEncodeError):
        assessor.assess("a lone surrogate \ud800")


def test_models_that_cannot_be_used_raise(assessor, root, tmp_path):
    def code_of(path):
        with pytest.raises(salesmirror.ModelError) as raised:
            salesmirror.Assessor.load(path)
        return raised.value.code

    model = (root / "www/models/default/model.gguf").read_bytes()
    manifest = (root / "www/models/default/manifest.json").read_text()
    assert code_of(tmp_path / "none.gguf") == "not_found"
    assert code_of(tmp_path) == "not_found"
    (tmp_path / "model.gguf").write_bytes(model[:100_000])
    assert code_of(tmp_path / "model.gguf") == "model_corrupt"
    (tmp_path / "manifest.json").write_text("{")
    assert code_of(tmp_path) == "manifest_invalid"
    (tmp_path / "manifest.json").write_text(manifest.replace("model.gguf", "other.gguf"))
    assert code_of(tmp_path) == "manifest_invalid"
    (tmp_path / "manifest.json").write_text(manifest)
    assert code_of(str(tmp_path)) == "hash_mismatch"
    (tmp_path / "model.gguf").write_bytes(model)
    for path in (tmp_path, str(tmp_path), tmp_path / "model.gguf"):
        assert salesmirror.Assessor.load(path).model == assessor.model
