"""The tables that the project should build, under its own names of tables and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from oracle.inputs import Customer, read_inputs
from oracle.metrics import History, Polarities, Window, first_records, metric_values
from oracle.periods import DAYS_PER_PERIOD, Period, scoring_periods, window_first_day
from oracle.points import Points, daily_points, points_in_window
from oracle.scores import (
    index,
    is_just_below_bound,
    judged,
    points_formula,
    rounded,
    settled_bands,
)
from oracle.settings import (
    ModelKey,
    Override,
    Rows,
    ScoreModel,
    Variables,
    read_settings,
)

Table = list[dict[str, Any]]


@dataclass(frozen=True)
class Tables:
    """Every row of four tables, in no particular order."""

    int_engagement__customer_metrics: Table = field(default_factory=list)
    int_engagement__customer_points: Table = field(default_factory=list)
    engagement_scores: Table = field(default_factory=list)
    engagement_contributions: Table = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A customer on a period's end: by window length in periods, by version of a score model."""

    customer: Customer
    exposed_days: Mapping[int, int]
    engaged_interactions: Mapping[int, int]
    is_known: bool
    metrics: Mapping[int, Mapping[str, float | None]]
    points: Mapping[ModelKey, Points]

    def is_new(self, window_periods: int, variables: Variables) -> bool:
        return self.exposed_days[window_periods] < variables.min_exposure_days

    def values(self, model: ScoreModel, window_periods: int) -> dict[str, float | None]:
        """All metrics, as a version of a score model sees them."""
        points = self.points.get(model.key)
        decayed_points = None if points is None else points.total
        return {**self.metrics[window_periods], "decayed_points": decayed_points}

    def is_scored_by(self, model: ScoreModel, period: Period) -> bool:
        """Whether a version is in force, and for customers like this one."""
        column = model.segment_column
        is_meant = column is None or (
            self.customer.segment(column, period.end) == model.segment_value
        )
        return is_meant and model.is_in_force(period.end)


class Company:
    """The rows of a company, read once."""

    def __init__(
        self, config_rows: Rows, raw_rows: Rows, variables: Variables, polarities: Polarities
    ) -> None:
        self.variables, self.polarities = variables, polarities
        self.settings = read_settings(config_rows)
        inputs = read_inputs(raw_rows, self.settings, variables)
        self.first_day, self.customers = inputs.first_day, inputs.customers
        self.periods = scoring_periods(inputs.first_day, inputs.last_day, variables)
        self.histories = {each.customer_id: History(each, self.settings) for each in self.customers}
        self.recorded = first_records(self.histories.values())
        self.known_from = {each.customer_id: each.known_from() for each in self.customers}
        self.in_scope_from = {
            each.customer_id: each.in_scope_from(self.first_day) for each in self.customers
        }
        self.daily_points = {
            (each.customer_id, model.key): daily_points(each, model, self.settings)
            for each in self.customers
            for model in self.settings.models
        }

    def window_periods(self, model: ScoreModel) -> int:
        return model.window_days // DAYS_PER_PERIOD[self.variables.scoring_grain]

    def states(self, period: Period) -> list[State]:
        """The customers in scope by the period's end."""
        windows = {
            length: Window(window_first_day(period, length, self.variables), period.end)
            for length in map(self.window_periods, self.settings.models)
        }
        return [
            self.state(customer, windows)
            for customer in self.customers
            if max(self.in_scope_from[customer.customer_id], self.first_day) <= period.end
        ]

    def state(self, customer: Customer, windows: Mapping[int, Window]) -> State:
        customer_id = customer.customer_id
        begins = max(self.in_scope_from[customer_id], self.first_day)
        exposed_days, metrics, engaged = {}, {}, {}
        for length, window in windows.items():
            exposed_days[length] = (window.last - max(begins, window.first)).days + 1
            found = metric_values(
                self.histories[customer_id],
                window,
                exposed_days[length],
                self.recorded,
                self.settings.survey_types,
                self.polarities,
            )
            metrics[length] = {
                metric: None if value is None else float(value) for metric, value in found.items()
            }
            engaged[length] = len(window.of(self.histories[customer_id].engaged))
        points = {
            model.key: points_in_window(
                self.daily_points[customer_id, model.key],
                windows[self.window_periods(model)],
                model,
            )
            for model in self.settings.models
            if model.weights
        }
        known_from = self.known_from[customer_id]
        on = max(window.last for window in windows.values())
        is_known = known_from is not None and known_from <= on
        return State(customer, exposed_days, engaged, is_known, metrics, points)

    def override(self, customer_id: str, model: ScoreModel, on: date) -> Override | None:
        found = [
            each
            for each in self.settings.overrides
            if (each.customer_id, each.score_model) == (customer_id, model.score_model)
            and each.valid_from <= on <= each.valid_to
        ]
        assert len(found) <= 1, found
        return found[0] if found else None


def oracle(
    config_rows: Rows,
    raw_rows: Rows,
    variables: Variables | None = None,
    polarities: Polarities | None = None,
) -> Tables:
    """Computes all tables from the rows of the configuration seeds and of the inputs.

    Both are text, by the name of the seed or input: `score_models`, `interactions` and so on.
    `polarities` is given by comment, from wherever: without it nobody has a sentiment.
    """
    company = Company(config_rows, raw_rows, variables or Variables(), polarities or {})
    tables = Tables()
    for period in company.periods:
        if not period.is_scored:
            continue
        states = company.states(period)
        for state in states:
            tables.int_engagement__customer_metrics.extend(metrics_rows(company, state, period))
            tables.int_engagement__customer_points.extend(points_rows(state, period))
        for model in company.settings.models:
            add_scores(tables, company, model, states, period)
    add_settled_bands(tables.engagement_scores, company.settings.models)
    return tables


def metrics_rows(company: Company, state: State, period: Period) -> Table:
    """One row per window length."""
    return [
        {
            "customer_id": state.customer.customer_id,
            "window_periods": length,
            "period_index": period.index,
            "period_end": period.end,
            "is_known": state.is_known,
            "exposed_days": state.exposed_days[length],
            "is_new": state.is_new(length, company.variables),
            "engaged_interactions": state.engaged_interactions[length],
            **metrics,
        }
        for length, metrics in state.metrics.items()
    ]


def points_rows(state: State, period: Period) -> Table:
    """One row per version that weighs activities, in force or not."""
    return [
        {
            "customer_id": state.customer.customer_id,
            "score_model": score_model,
            "version": version,
            "period_index": period.index,
            "period_end": period.end,
            "positive_points": points.positive,
            "negative_points": points.negative,
            "points": points.total,
        }
        for (score_model, version), points in state.points.items()
    ]


def add_scores(
    tables: Tables, company: Company, model: ScoreModel, states: Sequence[State], period: Period
) -> None:
    """A score for every customer for whom the version is meant, and in the end its lines."""
    length = company.window_periods(model)
    values = {state.customer.customer_id: state.values(model, length) for state in states}
    metrics = {setting.metric for setting in model.metrics}
    # Of all customers, also of those for whom the version is not meant.
    in_company = {
        metric: sorted(
            rounded(value) for each in values.values() if (value := each[metric]) is not None
        )
        for metric in metrics
    }
    for state in states:
        if not state.is_scored_by(model, period):
            continue
        customer_id = state.customer.customer_id
        formula = (
            index(model, values[customer_id], in_company)
            if model.formula == "index"
            else points_formula(model, state.points[model.key])
        )
        override = company.override(customer_id, model, period.end)
        found = judged(
            model,
            formula,
            override,
            is_known=state.is_known,
            is_new=state.is_new(length, company.variables),
            is_silent=state.engaged_interactions[length] == 0,
        )
        key = {
            "customer_id": customer_id,
            "score_model": model.score_model,
            "version": model.version,
            "period_end": period.end,
        }
        tables.engagement_scores.append(
            {
                **key,
                "is_champion": is_champion(model, state, period, company.settings.models),
                "score": found.score,
                "raw_score": formula.raw_score,
                "is_overridden": override is not None,
                "band": found.band,
                "is_just_below_bound": is_just_below_bound(found.score, model.bands),
                "status": found.status,
                "coverage": formula.coverage,
                "exposed_days": state.exposed_days[length],
                "is_partial_period": period.is_partial,
            }
        )
        if period.is_detailed:
            tables.engagement_contributions.extend(
                {**key, **asdict(line)} for line in [*formula.lines, *found.lines]
            )


def is_champion(
    model: ScoreModel, state: State, period: Period, models: Sequence[ScoreModel]
) -> bool:
    """Whether it is the one of lowest priority number, of those that are no challengers."""
    if model.is_challenger:
        return False
    return model.priority == min(
        each.priority
        for each in models
        if not each.is_challenger and state.is_scored_by(each, period)
    )


def add_settled_bands(scores: Table, models: Sequence[ScoreModel]) -> None:
    """Follows every customer under every version through the periods, which stand in order."""
    bands = {model.key: model.bands for model in models}
    histories: dict[tuple[str, ModelKey], Table] = defaultdict(list)
    for row in scores:
        key = row["score_model"], row["version"]
        histories[row["customer_id"], key].append(row)
    for (_, key), rows in histories.items():
        settled = settled_bands([row["score"] for row in rows], bands[key])
        for row, band in zip(rows, settled, strict=True):
            row["settled_band"] = band
