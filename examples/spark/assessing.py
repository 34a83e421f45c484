"""What a worker process of Spark does: it assesses the texts of Arrow batches, with an assessor that it loads once.

A module of its own, which Spark ships to the workers (`addPyFile`): a worker process imports a module once and keeps it, while functions of
the script itself are sent again with every task. What is read and written is left to `score_archive.py`.
"""

from functools import lru_cache

import pyarrow as pa
import salesmirror
from pyspark import SparkFiles

# As in the assessments of the wheel; offsets count code points, as Spark's `substring` does.
EVIDENCE = pa.struct({"start": pa.int32(), "end": pa.int32(), "polarity": pa.string()})
LEVEL = {"level": pa.float32(), "low": pa.float32(), "high": pa.float32()}
COMPETENCY = pa.struct({**LEVEL, "presence": pa.float32(), "evidence": pa.list_(EVIDENCE)})
ERROR = pa.struct({"code": pa.string(), "message": pa.string()})


@lru_cache(maxsize=1)
def assessor(own_model):
    """The assessor of this process: of the model that the driver sent with `addFile`, or of the wheel's."""
    return salesmirror.Assessor.load(SparkFiles.getRootDirectory() if own_model else None)


def assessment_type(rubric):
    """The Arrow type of the column `assessment`. Fields are null where the text shows nothing; `error` is null where there was none."""
    competencies = {competency["id"]: COMPETENCY for competency in rubric["competencies"]}
    facts = {"language": pa.string(), "account": pa.bool_(), "overall": pa.struct(LEVEL)}
    return pa.struct({**facts, **competencies, "error": ERROR})


def assess_batches(batches, text, own_model):
    """For `mapInArrow`: leaves out the column `text`, adds the column `assessment`, and keeps all others as they are."""
    mirror = assessor(own_model)
    type_ = assessment_type(mirror.rubric)
    for batch in batches:
        kept = {name: batch.column(name) for name in batch.schema.names if name != text}
        yield pa.RecordBatch.from_pydict({**kept, "assessment": pa.array(_assess(mirror, batch.column(text)), type_)})


def _assess(mirror, texts):
    # As bytes: Spark does not check that a string is UTF-8, and one text that is not must not end the task.
    read = [_decode(value) for value in texts.cast(pa.large_binary()).to_pylist()]
    # One thread, because Spark runs a worker process for each core. Errors stand in the place of assessments.
    assessed = iter(mirror.assess_batch([text for text in read if isinstance(text, str)], threads=1, errors="return"))
    return [_row(next(assessed)) if isinstance(text, str) else {"error": text} for text in read]


def _decode(value):
    """The text, or the error of one that is not UTF-8. A missing text is an empty one."""
    try:
        return (value or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the text is not UTF-8 ({error.reason} at byte {error.start}); decode it when the archive is written"
        return {"code": "not_text", "message": message}


def _row(result):
    if isinstance(result, salesmirror.SalesMirrorError):
        return {"error": {"code": result.code, "message": str(result)}}
    row = {"language": result["language"], "account": result["account"]["accepted"]}
    if result["overall"]:
        row["overall"] = _with_interval(result["overall"])
    return row | {competency["id"]: _with_interval(competency) for competency in result["competencies"]}


def _with_interval(part):
    low, high = part["interval"] or (None, None)
    return {**part, "low": low, "high": high}
