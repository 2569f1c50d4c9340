"""The goals of settings that are shipped: what the best quarter of all customers reaches.

`make suggest` asks those who have any (decisions.md says why); the shipped goals were found before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from database import HasDatabase


def goals_of_a_quarter(
    built: HasDatabase, seed_rows: Iterable[Mapping[str, str]], default_lower: float = 0.0
) -> dict[str, float]:
    """Metric -> the goal that the customers of a built company give it, to three digits.

    Where the best quarter of all is no better than `lower`, it is that of those who have any.
    """
    goals = {}
    for row in seed_rows:
        metric, lower = row["metric"], float(row["lower"] or default_lower)
        is_down = float(row["goal"]) < lower
        values = values_of(built, metric)
        goal = best_quarter(values, is_down)
        if not (goal < lower if is_down else goal > lower):
            goal = best_quarter(values[values < lower if is_down else values > lower], is_down)
        goals[metric] = goal
    return goals


def values_of(built: HasDatabase, metric: str) -> np.ndarray:
    """The values of those who are known and no longer new, on the last scored day."""
    column = "points.points" if metric == "decayed_points" else f"metrics.{metric}"
    rows = built.query(
        f"select {column} from int_engagement__customer_metrics as metrics "
        "left join int_engagement__customer_points as points using (customer_id, period_index) "
        f"where metrics.is_known and not metrics.is_new and {column} is not null "
        "and metrics.period_end = (select max(period_end) from int_engagement__customer_metrics)"
    )
    return np.array(rows, dtype=float).ravel()


def best_quarter(values: np.ndarray, is_down: bool) -> float:
    quartile = float(np.quantile(values, 0.25 if is_down else 0.75))
    return round(quartile, 2 - math.floor(math.log10(abs(quartile)))) if quartile else 0.0
