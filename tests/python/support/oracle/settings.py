"""The configuration seeds as text, and what their rows say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Row = Mapping[str, str]
# Rows by the name of their seed, without `demo_`; a seed that is left out has none.
Rows = Mapping[str, Sequence[Row]]
ModelKey = tuple[str, str]

NOT_ENGAGED = ("exposure", "cancellation", "refund", "follow_up")
# What the company does: its points count nothing.
WITHOUT_POINTS = ("exposure", "follow_up")
POINTS_FORMULAS = ("weighted_sum", "metric_mean", "weighted_mean")
# Less is better; and where 0 stands, when the seed leaves `lower` blank: else at 0.
LESS_IS_BETTER = ("recency_days", "churn")
DEFAULT_LOWER = {"recency_days": 90.0, "churn": 1.0, "sentiment": -1.0}


@dataclass(frozen=True)
class Variables:
    """The variables of the project, with their defaults."""

    scoring_grain: str = "week"
    week_start: str = "monday"
    reporting_timezone: str = "UTC"
    scoring_start: date | None = None
    scoring_end: date | None = None
    detail_periods: int = 4
    min_exposure_days: int = 7
    horizon_gap_days: int = 31
    strict_activity_types: bool = False


@dataclass(frozen=True)
class ActivityType:
    """What an interaction counts as."""

    touchpoint: str | None
    role: str
    exposed_by: str | None
    value_basis: str

    @property
    def is_engaged(self) -> bool:
        return self.role not in NOT_ENGAGED


UNLISTED = ActivityType(touchpoint=None, role="engagement", exposed_by=None, value_basis="count")


@dataclass(frozen=True)
class SurveyType:
    metric: str
    scale_min: Decimal
    scale_max: Decimal
    valid_days: int


@dataclass(frozen=True)
class ActivityWeight:
    """Points per unit of the activity's value basis, of which a day counts up to the cap."""

    points: Decimal
    daily_cap: Decimal | None
    half_life_days: float | None


@dataclass(frozen=True)
class MetricSetting:
    metric: str
    dimension: str
    weight: Decimal
    scaling: str
    lower: float
    goal: float | None
    missing: str


@dataclass(frozen=True)
class Band:
    lower_bound: float
    name: str
    settle_margin: float


@dataclass(frozen=True)
class Override:
    customer_id: str
    score_model: str
    score: float
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class ScoreModel:
    """A version of a score model, for the days on which it is in force: `valid_until` is not."""

    score_model: str
    version: str
    is_challenger: bool
    valid_from: date | None
    valid_until: date | None
    formula: str
    aggregation: str
    window_days: int
    min_coverage: Decimal
    segment_column: str | None
    segment_value: str | None
    priority: int
    metrics: Sequence[MetricSetting]
    weights: Mapping[str, ActivityWeight]
    bands: Sequence[Band]

    @property
    def key(self) -> ModelKey:
        return self.score_model, self.version

    def is_in_force(self, day: date) -> bool:
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class Settings:
    """All configuration seeds; of the score models those with which any period is scored."""

    models: Sequence[ScoreModel]
    activity_types: Mapping[str, ActivityType]
    survey_types: Mapping[str, SurveyType]
    overrides: Sequence[Override] = field(default=())

    def activity(self, activity_type: str) -> ActivityType:
        """What an activity counts as; one that is not in the seed is engagement at 0 points."""
        return self.activity_types.get(activity_type, UNLISTED)


# Zero-width space and byte order mark are none to Python.
WHITE_SPACE = " \t\n\r\v\f\u00a0\u200b\ufeff"


def text(row: Row, column: str) -> str | None:
    """A value without white space around it; None if it is blank, NULL, or its column left out."""
    found = (row.get(column) or "").strip(WHITE_SPACE)
    return None if found in ("", "NULL", "null", "\\N") else found


def needed(row: Row, column: str) -> str:
    """A value that has to be there."""
    found = text(row, column)
    assert found is not None, (column, row)
    return found


def number(row: Row, column: str) -> float | None:
    found = text(row, column)
    return None if found is None else float(found)


def day(row: Row, column: str) -> date | None:
    found = text(row, column)
    return None if found is None else date.fromisoformat(found)


def model_key(row: Row) -> ModelKey:
    return needed(row, "score_model"), needed(row, "version")


def read_settings(config_rows: Rows) -> Settings:
    """Types the rows of the configuration seeds, which are taken to be free of mistakes."""
    return Settings(
        models=score_models(config_rows),
        activity_types={
            needed(row, "activity_type"): ActivityType(
                touchpoint=needed(row, "touchpoint"),
                role=needed(row, "role"),
                exposed_by=text(row, "exposed_by"),
                value_basis=text(row, "value_basis") or "count",
            )
            for row in config_rows["activity_types"]
        },
        survey_types={
            needed(row, "survey_type"): SurveyType(
                metric=needed(row, "metric"),
                scale_min=Decimal(needed(row, "scale_min")),
                scale_max=Decimal(needed(row, "scale_max")),
                valid_days=int(needed(row, "valid_days")),
            )
            for row in config_rows["survey_types"]
        },
        overrides=[
            Override(
                customer_id=needed(row, "customer_id"),
                score_model=needed(row, "score_model"),
                score=float(needed(row, "score")),
                valid_from=date.fromisoformat(needed(row, "valid_from")),
                valid_to=date.fromisoformat(needed(row, "valid_to")),
            )
            for row in config_rows.get("score_overrides", [])
        ],
    )


def score_models(config_rows: Rows) -> list[ScoreModel]:
    """The versions with which any period is scored.

    A version ends on the day on which the next of its model begins, challengers aside; a retired
    one that no other follows is not scored.
    """
    metrics: dict[ModelKey, list[MetricSetting]] = defaultdict(list)
    for row in config_rows["score_metrics"]:
        metrics[model_key(row)].append(metric_setting(row))
    weights: dict[ModelKey, dict[str, ActivityWeight]] = defaultdict(dict)
    pointless = {
        row["activity_type"]
        for row in config_rows["activity_types"]
        if row["role"] in WITHOUT_POINTS
    }
    for row in config_rows["activity_weights"]:
        daily_cap, activity_type = text(row, "daily_cap"), needed(row, "activity_type")
        weights[model_key(row)][activity_type] = ActivityWeight(
            points=Decimal(0 if activity_type in pointless else needed(row, "points")),
            daily_cap=None if daily_cap is None else Decimal(daily_cap),
            half_life_days=number(row, "half_life_days"),
        )
    bands: dict[ModelKey, list[Band]] = defaultdict(list)
    for row in config_rows["score_bands"]:
        bands[model_key(row)].append(
            Band(
                lower_bound=float(needed(row, "lower_bound")),
                name=needed(row, "band"),
                settle_margin=float(text(row, "settle_margin") or 0),
            )
        )

    rows = config_rows["score_models"]
    found = []
    for row in rows:
        key, begins = model_key(row), day(row, "valid_from")
        is_challenger = row["status"] == "challenger"
        successors = [
            other_begins
            for other in rows
            if model_key(other)[0] == key[0]
            and not is_challenger
            and other["status"] != "challenger"
            and (other_begins := day(other, "valid_from")) is not None
            and (begins is None or begins < other_begins)
        ]
        if row["status"] == "retired" and not successors:
            continue
        found.append(
            ScoreModel(
                *key,
                is_challenger=is_challenger,
                valid_from=begins,
                valid_until=min(successors, default=None),
                formula=needed(row, "formula"),
                aggregation=text(row, "aggregation") or "arithmetic",
                window_days=int(needed(row, "window_days")),
                min_coverage=Decimal(needed(row, "min_coverage")),
                segment_column=text(row, "segment_column"),
                segment_value=text(row, "segment_value"),
                priority=int(needed(row, "priority")),
                metrics=metrics[key],
                weights=weights[key],
                bands=sorted(bands[key], key=lambda band: band.lower_bound),
            )
        )
    return found


def metric_setting(row: Row) -> MetricSetting:
    metric, lower = needed(row, "metric"), number(row, "lower")
    return MetricSetting(
        metric=metric,
        dimension=needed(row, "dimension"),
        weight=Decimal(needed(row, "weight")),
        scaling=needed(row, "scaling"),
        lower=DEFAULT_LOWER.get(metric, 0.0) if lower is None else lower,
        goal=number(row, "goal"),
        missing=text(row, "missing") or "rescale",
    )
