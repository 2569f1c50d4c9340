"""Made rows for the functions of the Python models: over DuckDB relations, as in the project."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import ModuleType
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
from dbt_project import ROOT

Row = dict[str, Any]

MODEL = {"score_model": "m", "version": "1"}
PERIOD_END = date(2025, 6, 29)
WINDOW_PERIODS = 13
DATABASE = duckdb.connect()

BANDS = [
    {**MODEL, "band": "Moderate", "lower_bound": 60.0},
    {**MODEL, "band": "Low", "lower_bound": 0.0},
    {**MODEL, "band": "Excellent", "lower_bound": 80.0},
]

# The columns that the Python models read, by table, so that a table may be empty.
OF_MODEL = {"score_model": pa.string(), "version": pa.string()}
OF_CUSTOMER = {"customer_id": pa.string(), "period_end": pa.date32()}
TYPES: dict[str, dict[str, pa.DataType]] = {
    "int_engagement__customer_metrics": {
        **OF_CUSTOMER,
        "period_index": pa.int32(),
        "window_periods": pa.int32(),
        "is_known": pa.bool_(),
        "is_new": pa.bool_(),
        "engaged_interactions": pa.int64(),
        "exposed_days": pa.int32(),
    },
    "int_engagement__rescored_customers": {
        "customer_id": pa.string(),
        "rescored_from": pa.date32(),
        "rescored_until": pa.date32(),
    },
    "int_engagement__customer_points": {
        **OF_CUSTOMER,
        **OF_MODEL,
        "period_index": pa.int32(),
        "points": pa.float64(),
    },
    "int_engagement__score_overrides": {
        **OF_CUSTOMER,
        "score_model": pa.string(),
        "period_index": pa.int32(),
        "override_score": pa.float64(),
        "is_detailed": pa.bool_(),
    },
    "int_engagement__metric_availability": {
        "window_periods": pa.int32(),
        "metric": pa.string(),
        "available_from": pa.date32(),
        "available_until": pa.date32(),
    },
    "int_engagement__metric_values": {
        **OF_CUSTOMER,
        **OF_MODEL,
        "metric": pa.string(),
        "value": pa.float64(),
    },
    "int_engagement__activity_points": {
        **OF_CUSTOMER,
        **OF_MODEL,
        "activity_type": pa.string(),
        "points_each": pa.decimal128(18, 6),
        "value": pa.float64(),
        "counted_value": pa.float64(),
        "points": pa.float64(),
    },
    "scoring_engagement__parameters": {
        **OF_MODEL,
        "metric": pa.string(),
        "dimension": pa.string(),
        "weight": pa.float64(),
        "scaling": pa.string(),
        "direction": pa.string(),
        "lower": pa.float64(),
        "goal": pa.float64(),
        "missing": pa.string(),
        "aggregation": pa.string(),
        "window_periods": pa.int32(),
        "available_from": pa.date32(),
    },
    "config_engagement__score_models": {
        **OF_MODEL,
        "formula": pa.string(),
        "aggregation": pa.string(),
        "window_periods": pa.int32(),
        "min_coverage": pa.float64(),
        "valid_from": pa.date32(),
        "valid_until": pa.date32(),
        "is_scored": pa.bool_(),
    },
    "config_engagement__activity_weights": {
        **OF_MODEL,
        "activity_type": pa.string(),
        "points": pa.decimal128(18, 6),
    },
    "config_engagement__score_bands": {
        **OF_MODEL,
        "band": pa.string(),
        "lower_bound": pa.float64(),
    },
}
OF_STEP = {"step": pa.string()}
TYPES["int_engagement__step_metrics"] = {
    **TYPES["int_engagement__customer_metrics"],
    **OF_STEP,
    "in_force_on": pa.date32(),
}
TYPES["int_engagement__step_points"] = {**TYPES["int_engagement__customer_points"], **OF_STEP}


def python_model(name: str) -> ModuleType:
    """The module of a Python model; dbt reads it as a file, so nothing can import it by name."""
    [path] = ROOT.glob(f"models/**/{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Where dataclasses look for their own module.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def lazy(columns: Mapping[str, Any]) -> nw.LazyFrame:
    """Columns as a lazy frame over a relation, all of one database."""
    return nw.from_native(DATABASE.from_arrow(pa.table(dict(columns)))).lazy()


def lazy_rows(rows: Iterable[Row], **types: pa.DataType) -> nw.LazyFrame:
    """Rows as a lazy frame; `types` for the columns that the rows alone do not tell."""
    rows = list(rows)
    names = list(dict.fromkeys([*types, *(name for row in rows for name in row)]))
    return lazy(
        {name: pa.array([row.get(name) for row in rows], types.get(name)) for name in names}
    )


def collected(frame: nw.LazyFrame) -> list[Row]:
    return frame.collect(backend="pyarrow").to_native().to_pylist()


# --- made rows, each as its table has them ---


def customer(**given: Any) -> Row:
    """A customer who is known for long and active; metrics are given by name."""
    return {
        "customer_id": "c",
        "window_periods": WINDOW_PERIODS,
        "period_index": 50,
        "period_end": PERIOD_END,
        "is_known": True,
        "is_new": False,
        "engaged_interactions": 5,
        "exposed_days": 91,
        **given,
    }


def score_model(**given: Any) -> Row:
    """An index that needs half of its weights."""
    return {
        **MODEL,
        "formula": "index",
        "aggregation": "arithmetic",
        "window_periods": WINDOW_PERIODS,
        "min_coverage": 0.5,
        "valid_from": None,
        "valid_until": None,
        "is_scored": True,
        **given,
    }


def parameter(metric: str, weight: float, **given: Any) -> Row:
    """A metric that is 0 to 100 by itself, with its weight."""
    return {
        **MODEL,
        "metric": metric,
        "dimension": "attitudinal",
        "weight": float(weight),
        "scaling": "goal",
        "direction": "up",
        "lower": 0.0,
        "goal": 100.0,
        "missing": "rescale",
        "aggregation": "arithmetic",
        "window_periods": WINDOW_PERIODS,
        **given,
    }


def weighed(weights: Mapping[str, float], **given_for_all: Any) -> list[Row]:
    """Several metrics that are 0 to 100 by themselves."""
    return [parameter(metric, weight, **given_for_all) for metric, weight in weights.items()]


def run(metric: str, first: date, last: date, window_periods: int = WINDOW_PERIODS) -> Row:
    """A run of periods in which somebody has a value of a metric."""
    return {
        "window_periods": window_periods,
        "metric": metric,
        "available_from": first,
        "available_until": last,
    }


def always(parameters: Iterable[Row]) -> list[Row]:
    """Runs under which every metric is on, in every window that reads it."""
    reads = dict.fromkeys((row["metric"], row["window_periods"]) for row in parameters)
    return [run(metric, date(2024, 1, 1), date(2026, 1, 1), window) for metric, window in reads]


def override(score: float, **given: Any) -> Row:
    """A score that somebody set by hand."""
    return {
        "customer_id": "c",
        "score_model": "m",
        "period_index": 50,
        "period_end": PERIOD_END,
        "override_score": float(score),
        "is_detailed": True,
        **given,
    }


def metric_values(
    customers: Iterable[Row], parameters: Iterable[Row], points: Iterable[Row] = ()
) -> list[Row]:
    """A row per customer and weighed metric, as int_engagement__metric_values has them."""
    earned = {
        (row["customer_id"], row["period_index"], row["score_model"], row["version"]): row["points"]
        for row in points
    }
    parameters = list(parameters)
    return [
        {
            **{key: each[key] for key in ("customer_id", "period_end")},
            **{key: row[key] for key in ("score_model", "version", "metric")},
            "value": earned.get(
                (each["customer_id"], each["period_index"], row["score_model"], row["version"])
            )
            if row["metric"] == "decayed_points"
            else each.get(row["metric"]),
        }
        for each in customers
        for row in parameters
        if each["window_periods"] == row["window_periods"]
    ]


def sums(lines: Iterable[Row]) -> dict[str, float]:
    """The sum of each customer's lines."""
    parts: dict[str, list[float]] = {}
    for line in lines:
        parts.setdefault(line["customer_id"], []).append(line["contribution"])
    return {customer_id: math.fsum(found) for customer_id, found in parts.items()}


# --- whole models ---


class Tables:
    """What dbt hands to a Python model: its tables, by name; those that are not given are empty."""

    def __init__(self, **tables: Sequence[Row]) -> None:
        unknown = tables.keys() - TYPES.keys()
        assert not unknown, unknown
        self.tables = tables

    def frame(self, name: str) -> nw.LazyFrame:
        types = dict(TYPES[name])
        if name in ("int_engagement__customer_metrics", "int_engagement__step_metrics"):
            metrics = {
                row["metric"] for row in self.tables.get("scoring_engagement__parameters", [])
            }
            types |= dict.fromkeys(sorted(metrics - {"decayed_points"}), pa.float64())
        is_everybody = name == "int_engagement__rescored_customers" and name not in self.tables
        rows = self.everybody() if is_everybody else self.tables.get(name, [])
        return lazy_rows(rows, **types)

    def everybody(self) -> list[Row]:
        """Every customer, for all days."""
        customers = {
            row["customer_id"]
            for rows in self.tables.values()
            for row in rows
            if "customer_id" in row
        }
        always = {"rescored_from": date.min, "rescored_until": date(9999, 12, 31)}
        return [{"customer_id": customer_id, **always} for customer_id in sorted(customers)]

    def ref(self, name: str) -> Any:
        return self.frame(name).to_native()

    def read_by(self, module: ModuleType) -> list[Row]:
        """The rows that a Python model makes of them."""
        return collected(nw.from_native(module.model(self, None)).lazy())
