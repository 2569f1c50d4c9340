"""What scoring_contributions promises: lines that say what a score is made of, and add up to it."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest
from scoring_frames import MODEL, PERIOD_END, Row, collected, lazy_rows, python_model

scoring = python_model("scoring_scores")
contributions = python_model("scoring_contributions")

VALUE_TYPES = {"value": pa.float64()}
PARAMETER_TYPES = {"available_from": pa.date32()}


def parameter(metric: str, weight: float, **given: Any) -> Row:
    """A metric that is 0 to 100 by itself, with its weight."""
    return {
        **MODEL,
        "metric": metric,
        "dimension": "attitudinal",
        "weight": float(weight),
        "scaling": "goal",
        "lower": 0.0,
        "goal": 100.0,
        "missing": "rescale",
        "available_from": PERIOD_END - timedelta(days=70),
        **given,
    }


def values_of(customer_id: str, values: Mapping[str, float | None]) -> list[Row]:
    return [
        {
            "customer_id": customer_id,
            **MODEL,
            "period_end": PERIOD_END,
            "metric": metric,
            "value": value,
        }
        for metric, value in values.items()
    ]


def index_lines(values: list[Row], parameters: list[Row]) -> list[Row]:
    found = contributions.index_lines(
        lazy_rows(values, **VALUE_TYPES), lazy_rows(parameters, **PARAMETER_TYPES)
    )
    return collected(found)


def lines_by_component(lines: list[Row]) -> dict[str, Row]:
    found = {line["component"]: line for line in lines}
    assert len(found) == len(lines), "a component has two lines"
    return found


def sums(lines: list[Row]) -> dict[str, float]:
    """The sum of each customer's lines."""
    parts: dict[str, list[float]] = {}
    for line in lines:
        parts.setdefault(line["customer_id"], []).append(line["contribution"])
    return {customer_id: math.fsum(found) for customer_id, found in parts.items()}


# --- an index ---


def test_a_line_is_the_applied_weight_times_the_scaled_value() -> None:
    """20, 15 and 22 become .351, .263 and .386; 47, 59 and 21 make 40.12."""
    parameters = [parameter("csat", 20), parameter("nps", 15), parameter("loyalty", 22)]
    found = lines_by_component(
        index_lines(values_of("c", {"csat": 47.0, "nps": 59.0, "loyalty": 21.0}), parameters)
    )
    weights = {component: round(line["applied_weight"], 3) for component, line in found.items()}
    assert weights == {"csat": 0.351, "nps": 0.263, "loyalty": 0.386}
    assert found["csat"]["value"] == found["csat"]["scaled_value"] == 47
    assert found["csat"]["contribution"] == pytest.approx(20 / 57 * 47, abs=1e-12)
    assert round(sums(list(found.values()))["c"], 2) == 40.12


@pytest.mark.parametrize(
    ("policy", "weight", "scaled_value", "contribution", "total"),
    [
        ("rescale", 0, None, 0, 86.25),
        ("zero", 0.2, 0, 0, 69),
        ("neutral", 0.2, 50, 10, 79),
        ("require", 0, None, 0, 86.25),
    ],
)
def test_the_line_of_a_missing_value_shows_its_policy(
    policy: str, weight: float, scaled_value: float | None, contribution: float, total: float
) -> None:
    """90, 80 and none at .5, .3 and .2."""
    parameters = [
        parameter("csat", 0.5),
        parameter("nps", 0.3),
        parameter("loyalty", 0.2, missing=policy),
    ]
    lines = index_lines(values_of("c", {"csat": 90.0, "nps": 80.0, "loyalty": None}), parameters)
    line = lines_by_component(lines)["loyalty"]
    assert line["missing"] == policy
    assert line["value"] is None
    assert line["scaled_value"] == scaled_value
    assert line["applied_weight"] == pytest.approx(weight, abs=1e-12)
    assert line["contribution"] == pytest.approx(contribution, abs=1e-12)
    assert sums(lines)["c"] == pytest.approx(total, abs=1e-9)


def test_a_metric_that_is_off_has_no_line() -> None:
    tomorrow = PERIOD_END + timedelta(days=1)
    parameters = [
        parameter("csat", 1),
        parameter("nps", 8, available_from=None, missing="zero"),
        parameter("loyalty", 8, available_from=tomorrow),
        parameter("churn", 0.5, available_from=PERIOD_END),
    ]
    values = values_of("c", {"csat": 70.0, "nps": None, "loyalty": 5.0, "churn": 40.0})
    found = lines_by_component(index_lines(values, parameters))
    assert found.keys() == {"csat", "churn"}
    assert sums(list(found.values()))["c"] == pytest.approx(60, abs=1e-9)


def test_a_metric_that_is_not_weighed_and_a_customer_without_a_value_have_no_line() -> None:
    parameters = [parameter("csat", 1)]
    values = values_of("c", {"csat": 70.0, "nps": 10.0}) + values_of("d", {"csat": None})
    found = index_lines(values, parameters)
    assert [(line["customer_id"], line["component"]) for line in found] == [("c", "csat")]


@pytest.mark.parametrize(
    ("scaling", "lower", "goal"),
    [
        ("goal", 0.0, 80.0),
        ("goal", 90.0, 0.0),
        ("goal", 20.0, 70.0),
        ("log_goal", 0.0, 50.0),
        ("log_goal", 5.0, 50.0),
        ("saturation", 0.0, 30.0),
    ],
)
def test_both_models_scale_a_value_alike(scaling: str, lower: float, goal: float) -> None:
    # Rows of every scaling in one table, because each branch is evaluated for each of them.
    others = [
        parameter("nps", 1, scaling="log_goal", goal=7.0),
        parameter("loyalty", 1, scaling="saturation", goal=7.0),
        parameter("churn", 1, lower=1.0, goal=0.0),
    ]
    parameters = [parameter("csat", 1, scaling=scaling, lower=lower, goal=goal), *others]
    beside = {"nps": 1.0, "loyalty": 1.0, "churn": 1.0}
    numbers = [number / 4 for number in range(-100, 500)]
    values = [
        row for number in numbers for row in values_of(str(number), {**beside, "csat": number})
    ]
    lines = [line for line in index_lines(values, parameters) if line["component"] == "csat"]
    assert len(lines) == len(numbers)
    frame = lazy_rows([{"x": number} for number in numbers])
    other_way = collected(frame.with_columns(s=scoring.scale(nw.col("x"), scaling, lower, goal)))
    expected = {row["x"]: row["s"] for row in other_way}
    for line in lines:
        assert line["scaled_value"] == pytest.approx(expected[line["value"]], abs=1e-9)


def test_the_lines_add_up_to_the_raw_score_that_is_computed_another_way() -> None:
    """2,000 random customers, a third of their values missing, under every policy and scaling."""
    draw = random.Random(11)
    parameters = [
        parameter("csat", 3),
        parameter("nps", 2, missing="zero"),
        parameter("loyalty", 1, missing="neutral", scaling="log_goal", lower=2.0),
        parameter("recency_days", 4, lower=90.0, goal=0.0),
        parameter("time_spent", 2, scaling="saturation", goal=30.0, missing="require"),
        parameter("churn", 5, available_from=None),
    ]
    people = {
        f"c{number}": {
            row["metric"]: None if draw.random() < 0.33 else draw.uniform(-20, 130)
            for row in parameters
        }
        for number in range(2000)
    }
    lines = index_lines(
        [row for name, values in people.items() for row in values_of(name, values)], parameters
    )
    scored = collected(
        scoring.score_customers(
            metrics=lazy_rows(
                [
                    {
                        "customer_id": name,
                        "window_periods": 13,
                        "period_index": 1,
                        "period_end": PERIOD_END,
                        "is_known": True,
                        "is_new": False,
                        "engaged_interactions": 1,
                        "exposed_days": 91,
                        **values,
                    }
                    for name, values in people.items()
                ]
            ),
            # Without decayed_points nothing is read from it.
            points=None,
            score_models=[
                {
                    **MODEL,
                    "formula": "index",
                    "window_periods": 13,
                    "min_coverage": 0.0,
                    "valid_from": None,
                    "valid_until": None,
                }
            ],
            parameters=parameters,
            weights=[],
            bands=[],
        )
    )
    raw_scores = {row["customer_id"]: row["raw_score"] for row in scored}
    # nps counts as 0 and loyalty as 50 where they are missing, so everybody has lines.
    assert sums(lines).keys() == raw_scores.keys()
    assert len({round(score) for score in raw_scores.values()}) > 50
    assert sums(lines) == pytest.approx(raw_scores, abs=1e-9)


# --- points formulas ---


def activity(activity_type: str, points_each: int, value: float, **given: Any) -> Row:
    return {
        "customer_id": "c",
        **MODEL,
        "period_end": PERIOD_END,
        "activity_type": activity_type,
        "points_each": Decimal(points_each),
        "value": float(value),
        "points": float(points_each * value),
        **given,
    }


def activity_lines(
    activities: list[Row], formula: str = "weighted_sum", unused: tuple[int, ...] = ()
) -> dict[str, Row]:
    """The lines, under a model that weighs these activities and those that nobody did."""
    weights = {row["activity_type"]: row["points_each"] for row in activities}
    weights.update({f"unused {points}": Decimal(points) for points in unused})
    found = contributions.activity_lines(
        lazy_rows(activities),
        lazy_rows([{**MODEL, "formula": formula}]),
        lazy_rows(
            [{**MODEL, "activity_type": name, "points": each} for name, each in weights.items()]
        ),
    )
    return lines_by_component(collected(found))


WORKED_EXAMPLE = [activity("visit", 1, 10), activity("click", 2, 5), activity("purchase", 5, 2)]


@pytest.mark.parametrize(
    ("formula", "divisor"), [("weighted_sum", 1), ("metric_mean", 3), ("weighted_mean", 8)]
)
def test_an_activity_gives_its_points_by_the_formulas_divisor(formula: str, divisor: int) -> None:
    """10 visits, 5 clicks, 2 purchases at 1, 2 and 5: 30, 10 and 3.75."""
    found = activity_lines(WORKED_EXAMPLE, formula)
    assert {name: line["contribution"] for name, line in found.items()} == pytest.approx(
        {"visit": 10 / divisor, "click": 10 / divisor, "purchase": 10 / divisor}, abs=1e-12
    )
    assert found["purchase"]["value"] == 2
    assert found["purchase"]["applied_weight"] == 5 / divisor
    assert found["purchase"]["dimension"] == "activity"
    assert sums(list(found.values()))["c"] == pytest.approx(30 / divisor, abs=1e-12)


def test_the_divisor_counts_activities_that_the_model_weighs_and_nobody_did() -> None:
    """It belongs to the model, not to the customer; an activity at 0 is not weighed."""
    assert activity_lines(WORKED_EXAMPLE, "metric_mean", (7, 0))["visit"]["contribution"] == 2.5
    assert activity_lines(WORKED_EXAMPLE, "weighted_mean", (-2, 0))["visit"]["contribution"] == 1


def test_negative_points_within_the_limit_count_in_full() -> None:
    found = activity_lines([activity("visit", 1, 10), activity("complaint", -4, 2)])
    assert found["complaint"]["contribution"] == -8
    assert sums(list(found.values())) == {"c": 2}


def test_a_thousand_complaints_leave_a_fifth_and_share_what_they_take() -> None:
    found = activity_lines(
        [activity("visit", 1, 10), activity("complaint", -6, 1000), activity("refund", -2, 1000)]
    )
    assert found["visit"]["contribution"] == 10
    assert found["complaint"]["contribution"] == pytest.approx(-6, abs=1e-9)
    assert found["refund"]["contribution"] == pytest.approx(-2, abs=1e-9)
    assert sums(list(found.values()))["c"] == pytest.approx(2, abs=1e-9)


def test_complaints_alone_take_nothing_and_those_of_another_customer_or_day_do_not_count() -> None:
    lines = contributions.activity_lines(
        lazy_rows(
            [
                activity("complaint", -6, 5),
                activity("visit", 1, 10, customer_id="d"),
                activity("complaint", -6, 5, period_end=date(2025, 6, 22), customer_id="d"),
            ]
        ),
        lazy_rows([{**MODEL, "formula": "weighted_sum"}]),
        lazy_rows([{**MODEL, "activity_type": "visit", "points": Decimal(1)}]),
    )
    found = {
        (line["customer_id"], line["component"]): line["contribution"] for line in collected(lines)
    }
    assert found == {("c", "complaint"): 0, ("d", "complaint"): 0, ("d", "visit"): 10}
