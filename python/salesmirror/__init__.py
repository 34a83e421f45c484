"""Assesses which sales competencies a report shows, with the sentences that are the evidence. No text leaves the machine.

    >>> import salesmirror
    >>> assessor = salesmirror.Assessor.load()
    >>> assessment = assessor.assess("I called the customer back on the same day.")

``assess_frame`` assesses a column of a pandas data frame. The dicts are described in ``salesmirror.types``.
"""

from ._native import Assessor, ModelError, SalesMirrorError, TextError, __version__
from .frame import assess_frame

__all__ = ["Assessor", "ModelError", "SalesMirrorError", "TextError", "__version__", "assess_frame"]
