"""A wrong row of a configuration seed, and what must be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A wrong row (where it differs from a right one), the rows it needs, what must be said."""

    name: str
    seed: str
    row: Mapping[str, str]
    says: tuple[str, ...]
    with_rows: tuple[tuple[str, Mapping[str, str]], ...] = ()
    key: str | None = None

    @property
    def named(self) -> str:
        """What the message names the row by."""
        return self.key or self.row.get("score_model") or self.name

    def is_in(self, problem: tuple[str, str, str]) -> bool:
        """Whether a problem (seed, row_key, text) is the one that this row has."""
        seed, row_key, text = problem
        values = row_key.replace("=", ", ").split(", ")
        is_named = self.named in values or f"{row_key}, ".startswith(f"{self.named}, ")
        return seed == self.seed and is_named and all(part in text for part in self.says)
