"""A company made up for a test: who did what, and how it is scored, row by row.

Written where a user writes it: CSV files, a mapping, seeds. No model is touched.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dbt_project import Project
from worked_example import set_variables

FIRST_DAY = date(2025, 1, 6)
# Leaves room for score models that are to count before those in order.
FIRST_PRIORITY = 10
INPUTS = ("interactions", "customers", "survey_responses", "identities")

Row = dict[str, Any]


@dataclass
class MadeCompany:
    """Rows of the inputs and of the configuration seeds, by file; blank where a row says nothing.

    Seeds of which it has no row are those of the project, but for the score models: it has its own.
    """

    inputs: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in INPUTS})
    seeds: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def customer(self, *customer_ids: str, **columns: Any) -> None:
        """A customers row for each of them."""
        self.inputs["customers"] += [{"customer_id": each, **columns} for each in customer_ids]

    def did(
        self, customer_id: str, activity_type: str, *days: date, at: str = "12:00:00", **values: Any
    ) -> None:
        """An interaction on each of the days."""
        rows = self.inputs["interactions"]
        for day in days:
            rows.append(
                {
                    "interaction_id": f"i{len(rows)}",
                    "customer_id": customer_id,
                    "activity_type": activity_type,
                    "occurred_at": f"{day} {at}",
                    **values,
                }
            )

    def answered(self, customer_id: str, survey_type: str, rating: float, day: date) -> None:
        """A response to a survey."""
        self.inputs["survey_responses"].append(
            {
                "customer_id": customer_id,
                "survey_type": survey_type,
                "rating": rating,
                "responded_at": f"{day} 12:00:00",
            }
        )

    def score_model(
        self,
        score_model: str,
        metrics: Mapping[str, Mapping[str, Any]] | None = None,
        points: Mapping[str, Any] | None = None,
        bands: Sequence[tuple[str, float, float]] = (),
        **settings: Any,
    ) -> None:
        """A version of a score model, with its metrics, points, and bands (name, bound, margin).

        A metric or a weight of an activity is a row of its seed; points alone are enough. Unless a
        priority is given, the first score model counts before the second, and so on.
        """
        key = {"score_model": score_model, "version": settings.pop("version", "1")}
        earlier = [row["score_model"] for row in self.seeds["score_models"]]
        position = list(dict.fromkeys([*earlier, score_model])).index(score_model)
        row = {
            "status": "champion",
            "formula": "index" if metrics else "weighted_sum",
            "min_coverage": 0,
            "priority": FIRST_PRIORITY + position,
        }
        self.seeds["score_models"].append({**key, **row, **settings})
        self.seeds["score_metrics"] += [
            {
                **key,
                "metric": metric,
                "dimension": "transactional",
                "weight": 1,
                "scaling": "goal",
                **row,
            }
            for metric, row in (metrics or {}).items()
        ]
        self.seeds["activity_weights"] += [
            {
                **key,
                "activity_type": activity_type,
                **(row if isinstance(row, Mapping) else {"points": row}),
            }
            for activity_type, row in (points or {}).items()
        ]
        self.seeds["score_bands"] += [
            {**key, "band": band, "lower_bound": bound, "settle_margin": margin}
            for band, bound, margin in bands
        ]

    def override(
        self, customer_id: str, score_model: str, score: float, first: date, last: date, **row: Any
    ) -> None:
        """A score that somebody set by hand, from the first to the last day."""
        self.seeds["score_overrides"].append(
            {
                "customer_id": customer_id,
                "score_model": score_model,
                "score": score,
                "reason": "key account",
                "author": "ops",
                "valid_from": first,
                "valid_to": last,
                **row,
            }
        )

    def write_seeds(self, project: Project) -> None:
        """Writes the configuration alone."""
        for seed in ("score_models", "score_metrics", "score_bands", "activity_weights"):
            project.write_seed(seed, filled(self.seeds[seed]))
        for seed in self.seeds.keys() & {"activity_types", "score_overrides"}:
            project.write_seed(seed, filled(self.seeds[seed]))

    def set_up(self, project: Project, **variables: Any) -> None:
        """Writes everything, and maps the inputs of which there are rows."""
        self.map_inputs(project, **variables)
        self.write_seeds(project)

    def map_inputs(self, project: Project, **variables: Any) -> None:
        """Writes and maps the inputs alone; the configuration stays that of the project."""
        entries = {}
        (project.folder / "data").mkdir(exist_ok=True)
        for name, rows in self.inputs.items():
            if not rows:
                continue
            path = project.folder / f"data/{name}.csv"
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, columns_of(rows))
                writer.writeheader()
                writer.writerows(rows)
            relation = f"read_csv('{path}', all_varchar = true)"
            entries[name] = [{"name": "made", "relation": relation}]
        # Tests take rows away on purpose.
        variables = {"max_lost_rows": 1, **variables}
        set_variables(project, engagement_inputs=entries, **variables)


def columns_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every column that any row has, in the order of appearance."""
    return list(dict.fromkeys(column for row in rows for column in row))


def filled(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The rows with the same columns each, as text."""
    rows = list(rows)
    return [{column: str(row.get(column, "")) for column in columns_of(rows)} for row in rows]


def assert_lines_lead_to_the_scores(project: Project) -> int:
    """On every row the lines add up to raw_score, and with the adjustments to score.

    How many rows there were.
    """
    to_raw_score: dict[tuple, list[float]] = defaultdict(list)
    to_score: dict[tuple, list[float]] = defaultdict(list)
    for *key, dimension, contribution in project.query(
        "select customer_id, score_model, version, period_end, dimension, contribution "
        "from engagement_contributions"
    ):
        to_score[tuple(key)].append(contribution)
        if dimension != "adjustment":
            to_raw_score[tuple(key)].append(contribution)
    rows = project.query(
        "select customer_id, score_model, version, period_end, raw_score, score "
        "from engagement_scores inner join int_engagement__scoring_periods using (period_end) "
        "where is_detailed"
    )
    keys = {tuple(key) for *key, _, _ in rows}
    assert to_score.keys() <= keys
    for *key, raw_score, score in rows:
        for lines, expected in ((to_raw_score, raw_score), (to_score, score)):
            if expected is not None:
                assert abs(math.fsum(lines[tuple(key)]) - expected) <= 1e-9, key
    return len(rows)
