"""Assesses a column of a pandas data frame. pandas is imported only when it is needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from ._native import Assessor, SalesMirrorError

if TYPE_CHECKING:
    import pandas

    from .types import Assessment


@lru_cache(maxsize=1)
def _default_assessor() -> Assessor:
    return Assessor.load()


def assess_frame(
    df: pandas.DataFrame,
    text: str = "text",
    *,
    assessor: Optional[Assessor] = None,
    threads: Optional[int] = None,
) -> pandas.DataFrame:
    """Assesses the texts of a column and returns a frame with the same index.

    The columns are those that ``trainer score`` writes: ``overall``, ``overall.low`` and ``overall.high``; then, for each
    competency, ``<competency>.level``, ``.low``, ``.high`` and ``.presence``. ``account`` says whether the text is an
    account of the writer's own work with customers; only such texts have levels. What a text does not show is missing. A text that cannot
    be assessed, or that is missing itself, has only an ``error``.

    assessor: the model; by default the one of the package, which is loaded at the first call
    threads: how many threads assess; by default one for each core

    Raises ``KeyError`` if there is no such column.
    """
    import pandas

    assessor = assessor or _default_assessor()
    names = _columns(assessor)
    texts = [value if isinstance(value, str) else "" for value in df[text]]
    rows = [_row(names, result) for result in assessor.assess_batch(texts, threads=threads, errors="return")]
    frame = pandas.DataFrame(rows, index=df.index, columns=[*names, "account", "error"])
    types: Dict[str, str] = {name: "float32" for name in names}
    return frame.astype({**types, "account": "boolean", "error": "object"})


def _columns(assessor: Assessor) -> List[str]:
    parts = ("level", "low", "high", "presence")
    ids = [competency["id"] for competency in assessor.rubric["competencies"]]
    return ["overall", "overall.low", "overall.high"] + [f"{name}.{part}" for name in ids for part in parts]


def _row(names: List[str], result: Assessment | SalesMirrorError) -> List[Any]:
    if isinstance(result, SalesMirrorError):
        return [None] * len(names) + [None, str(result)]
    overall = result["overall"]
    values: List[Any] = [None] * 3 if overall is None else [overall["level"], *overall["interval"]]
    for competency in result["competencies"]:
        low, high = competency["interval"] or (None, None)
        values += [competency["level"], low, high, competency["presence"]]
    return [*values, result["account"]["accepted"], None]
