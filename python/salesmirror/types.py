"""The dicts that assessments consist of, the same as the JSON of the browser, of Node and of ``trainer score``.

``docs/embedding.md`` of the repository says what each field means.
"""

from __future__ import annotations

from typing import Dict, List, Literal, Optional, TypedDict

Offsets = Literal["code_point", "utf16", "byte"]


class Span(TypedDict):
    """A part of the text, in the unit that ``Assessment.offsets`` names; the end is exclusive."""

    start: int
    end: int


class _Evidence(Span):
    polarity: Literal["positive", "negative"]
    probability: float
    weight: float


class Evidence(_Evidence, total=False):
    """A sentence that is evidence for a competency, or for the lack of it."""

    without: Optional[float]
    """The level without this sentence; None if the competency would not be shown then."""


class CompetencyAssessment(TypedDict):
    """Where the text does not show the competency, level, likely, interval and distribution are None."""

    id: str
    presence: float
    level: Optional[float]
    likely: Optional[int]
    interval: Optional[List[float]]
    distribution: Optional[List[float]]
    evidence: List[Evidence]


class Overall(TypedDict):
    level: float
    interval: List[float]
    shown: int


class Part(Span):
    """A part of the text that did not count."""

    reason: Literal["not_an_account", "quoted_mail", "mail_frame", "other_speaker", "repeated"]


class Objection(Span):
    competency: str


class Speaker(TypedDict):
    name: str
    turns: int
    counts: bool


class Account(TypedDict):
    """Whether the text is an account of the writer's own work with customers."""

    probability: float
    accepted: bool


class ModelRef(TypedDict):
    id: str
    sha256: str


class RubricRef(TypedDict):
    id: str
    version: int


class Length(TypedDict):
    characters: int
    sentences: int
    tokens: int
    windows: int


class Warning(TypedDict):
    code: Literal[
        "short_text",
        "language_unsupported",
        "low_coverage",
        "nothing_shown",
        "not_an_account",
        "claimed_account",
        "parts_left_out",
        "unfamiliar_text",
    ]


class Timings(TypedDict):
    """Milliseconds; 0 where they were not measured."""

    text_ms: float
    encode_ms: float
    score_ms: float
    total_ms: float


class Assessment(TypedDict):
    """What one text shows of the writer's competencies."""

    schema: int
    model: ModelRef
    rubric: RubricRef
    language: Literal["zh", "en", "mixed", "other"]
    offsets: Offsets
    length: Length
    coverage: float
    account: Account
    left_out: List[Part]
    speakers: List[Speaker]
    objections: List[Objection]
    competencies: List[CompetencyAssessment]
    overall: Optional[Overall]
    warnings: List[Warning]
    timings: Timings


class ModelInfo(TypedDict):
    id: str
    sha256: str
    bytes: int
    layers: int
    hidden: int
    vocabulary: int


class LevelName(TypedDict):
    level: int
    name: Dict[str, str]


class Scale(TypedDict):
    min: int
    max: int
    names: List[LevelName]


class Level(TypedDict):
    level: int
    anchor: Dict[str, str]


class Competency(TypedDict):
    id: str
    name: Dict[str, str]
    definition: Dict[str, str]
    levels: List[Level]


class Rubric(TypedDict):
    id: str
    version: int
    languages: List[str]
    scale: Scale
    competencies: List[Competency]
