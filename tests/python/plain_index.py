"""The index once more, in plain loops: from int_customer_metrics and the seeds to a score.

Written after docs/score.md and not after the models, so that both can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dbt_project import Project

Row = dict[str, Any]
Key = tuple[str, date]

# Where 0 stands when the seed leaves `lower` blank: everywhere else at 0.
DEFAULT_LOWER = {"recency_days": 90.0, "churn": 1.0, "sentiment": -1.0}


@dataclass(frozen=True)
class PlainScore:
    """What the loops make of one customer in one period."""

    raw_score: float | None
    score: float | None
    status: str
    band: str | None
    coverage: float
    scaled: Mapping[str, float]


def scaled(value: float, setting: Mapping[str, str]) -> float:
    """A metric on the scale 0 to 100."""
    lower = float(setting["lower"] or DEFAULT_LOWER.get(setting["metric"], 0))
    goal = float(setting["goal"])
    if setting["scaling"] == "goal":
        found = 100 * (value - lower) / (goal - lower)
    elif setting["scaling"] == "log_goal":
        found = 100 * math.log1p(max(value - lower, 0)) / math.log1p(goal - lower)
    else:
        found = 100 * (1 - 20 ** (-value / goal))
    return min(max(found, 0.0), 100.0)


def plain_scores(project: Project) -> dict[Key, PlainScore]:
    """Every customer and period of the demo's one score model, version 1."""
    (model,) = (row for row in project.seed_rows("score_models") if row["version"] == "1")
    settings = [row for row in project.seed_rows("score_metrics") if row["version"] == "1"]
    bands = sorted(
        (float(row["lower_bound"]), row["band"])
        for row in project.seed_rows("score_bands")
        if row["version"] == "1"
    )
    customers = project.records(
        "select metrics.*, points.points as decayed_points from int_customer_metrics as metrics "
        "left join int_customer_points as points on metrics.customer_id = points.customer_id "
        "and metrics.period_end = points.period_end and points.version = '1'"
    )
    first_seen = {
        row["metric"]: min(
            (each["period_end"] for each in customers if each[row["metric"]] is not None),
            default=date.max,
        )
        for row in settings
    }
    return {
        (each["customer_id"], each["period_end"]): plain_score(
            each,
            [row for row in settings if each["period_end"] >= first_seen[row["metric"]]],
            float(model["min_coverage"]),
            bands,
        )
        for each in customers
    }


def plain_score(
    customer: Row,
    settings: Iterable[Mapping[str, str]],
    min_coverage: float,
    bands: Iterable[tuple[float, str]],
) -> PlainScore:
    """One customer in one period, under the metrics that count."""
    parts: dict[str, float] = {}
    weights: dict[str, float] = {}
    known_weight = possible_weight = 0.0
    lacks_required = False
    for setting in settings:
        metric, weight = setting["metric"], float(setting["weight"])
        value = customer[metric]
        possible_weight += weight
        if value is not None:
            known_weight += weight
            parts[metric] = scaled(float(value), setting)
        elif setting["missing"] in ("zero", "neutral"):
            parts[metric] = 0.0 if setting["missing"] == "zero" else 50.0
        else:
            lacks_required = lacks_required or setting["missing"] == "require"
            continue
        weights[metric] = weight
    total_weight = math.fsum(weights.values())
    raw_score = (
        math.fsum(parts[metric] * weights[metric] for metric in parts) / total_weight
        if total_weight
        else None
    )
    coverage = known_weight / possible_weight if possible_weight else 0.0
    is_silent = customer["engaged_interactions"] == 0
    if not customer["is_known"]:
        status = "insufficient_data"
    elif customer["is_new"]:
        status = "new"
    elif raw_score is None or lacks_required or (coverage < min_coverage and not is_silent):
        status = "insufficient_data"
    else:
        status = "scored"
    score = raw_score if status == "scored" else None
    band = None
    for bound, name in bands:
        # The tolerance of one rounding, as an exact bound is reached by sums of floating point.
        if score is not None and score >= bound - 1e-9:
            band = name
    return PlainScore(raw_score, score, status, band, coverage, parts)
