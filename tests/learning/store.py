"""Ralph 5.1.0 with its statements in a file, which takes two corrections: out of the box it refuses to write to that file
a second time, and it finds no statement by its verb or activity, because it compares a text with an object."""

from ralph.backends.data.base import BaseOperationType
from ralph.backends.data.fs import FSDataBackend
from ralph.models.xapi.base.common import IRI

FSDataBackend.default_operation_type = BaseOperationType.APPEND
IRI.__eq__ = lambda self, other: str(self) == str(other)

from ralph.api import app  # noqa: E402, F401 -- it makes its backend when it is imported
