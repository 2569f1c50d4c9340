"""The scores once more, slowly and plainly: from raw rows and configuration rows, in loops.

Written after the documentation (docs/, and the descriptions of the models) and not after the
models, and without anything of theirs, so that both can be compared on every row.
"""

from __future__ import annotations

from oracle.settings import Rows, Variables
from oracle.tables import Tables, oracle

__all__ = ["Rows", "Tables", "Variables", "oracle"]
