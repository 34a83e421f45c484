from os import PathLike
from typing import Literal, Sequence, Union, overload

from .types import Assessment, ModelInfo, Offsets, Rubric

__version__: str

class SalesMirrorError(Exception):
    """Why a model could not be loaded, or a text not be assessed. The message says what to do."""

    code: str
    """Tells failures apart, by the same words as in the browser and in Node."""

class ModelError(SalesMirrorError):
    """The model cannot be used: ``not_found``, ``manifest_invalid``, ``hash_mismatch``, ``model_corrupt``, ``model_version`` or ``internal``."""

class TextError(SalesMirrorError):
    """The text cannot be assessed: ``empty_text``, ``text_too_long`` or ``not_text``."""

class Assessor:
    """A loaded model that assesses texts. It can be used by several threads at the same time."""

    @staticmethod
    def load(path: Union[str, PathLike[str], None] = None) -> Assessor:
        """Loads a model: the default one, which is part of the package, or that of a folder with its ``manifest.json``, or of a
        model file.

        Raises ``ModelError``.
        """

    @property
    def rubric(self) -> Rubric:
        """Competencies and levels, with their names."""

    @property
    def model(self) -> ModelInfo: ...
    def assess(
        self,
        text: str,
        *,
        speaker: Union[str, None] = None,
        whole: bool = False,
        quoted: bool = False,
        account: bool = False,
        offsets: Offsets = "code_point",
    ) -> Assessment:
        """Assesses a text, in Chinese or English. A text that is no account of the writer's own work with customers has an assessment too, without
        levels.

        speaker: the name of the speaker whose words count in a conversation; by default this follows from the roles
        whole: whether all of a text is the writer's own that only looks like a conversation
        quoted: whether quoted mails, headers and signatures count too
        account: whether the text is an account of the writer's own work with customers, even where it does not read so
        offsets: the unit of all offsets; with ``code_point``, ``text[start:end]`` is the sentence

        Raises ``TextError``.
        """

    @overload
    def assess_batch(
        self,
        texts: Sequence[str],
        *,
        threads: Union[int, None] = None,
        account: bool = False,
        offsets: Offsets = "code_point",
        errors: Literal["raise"] = "raise",
    ) -> list[Assessment]: ...
    @overload
    def assess_batch(
        self,
        texts: Sequence[str],
        *,
        threads: Union[int, None] = None,
        account: bool = False,
        offsets: Offsets = "code_point",
        errors: Literal["return"],
    ) -> list[Union[Assessment, SalesMirrorError]]:
        """Assesses texts in several threads, by default one for each core, and returns the assessments in the order of the texts.

        errors: ``raise`` raises the first error; ``return`` puts each error in the place of the assessment
        """
