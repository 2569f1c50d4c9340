"""Wrong rows of every configuration seed, and rows that are just right."""

from __future__ import annotations

from wrong_rows import activities, bands, others, score_metrics, score_models
from wrong_rows.case import Case
from wrong_rows.just_right import JUST_RIGHT

__all__ = ["CASES", "JUST_RIGHT", "Case"]

CASES = [
    *activities.CASES,
    *score_models.CASES,
    *score_metrics.CASES,
    *bands.CASES,
    *others.CASES,
]
