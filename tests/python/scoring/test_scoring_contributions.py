"""What scoring_engagement__contributions promises: lines of a score that add up to it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import pytest
from scoring_frames import (
    MODEL,
    PERIOD_END,
    Row,
    Tables,
    always,
    collected,
    customer,
    lazy_rows,
    metric_values,
    override,
    parameter,
    python_model,
    run,
    score_model,
    sums,
    weighed,
)

scoring = python_model("scoring_engagement__scores")
contributions = python_model("scoring_engagement__contributions")


def values_of(customer_id: str, values: Row, **given: Any) -> list[Row]:
    """A row per metric, as int_engagement__metric_values has them."""
    return [
        {
            "customer_id": customer_id,
            **MODEL,
            "period_end": PERIOD_END,
            "metric": metric,
            "value": value,
            **given,
        }
        for metric, value in values.items()
    ]


def index_lines(
    values: list[Row], parameters: list[Row], availability: list[Row] | None = None
) -> list[Row]:
    """The lines of an index; metrics are on unless it is said when."""
    tables = Tables(
        int_engagement__metric_values=values,
        scoring_engagement__parameters=parameters,
        int_engagement__metric_availability=always(parameters)
        if availability is None
        else availability,
    )
    found = contributions.index_lines(
        tables.frame("int_engagement__metric_values"),
        tables.frame("scoring_engagement__parameters").drop("available_from"),
        tables.frame("int_engagement__metric_availability"),
    )
    return collected(found)


def lines_by_component(lines: list[Row]) -> dict[str, Row]:
    found = {line["component"]: line for line in lines}
    assert len(found) == len(lines), "a component has two lines"
    return found


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
    assert round(sums(found.values())["c"], 2) == 40.12


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
    long_ago, tomorrow = PERIOD_END - timedelta(days=70), PERIOD_END + timedelta(days=1)
    parameters = [
        parameter("csat", 1),
        parameter("nps", 8, missing="zero"),
        parameter("loyalty", 8),
        parameter("churn", 0.5),
        parameter("advocacy", 8, missing="neutral"),
    ]
    runs = [
        run("csat", long_ago, tomorrow),
        run("loyalty", tomorrow, tomorrow),
        run("churn", PERIOD_END, PERIOD_END),
        # Before and after, but not now.
        run("advocacy", long_ago, PERIOD_END - timedelta(days=1)),
        run("advocacy", tomorrow, tomorrow),
        run("advocacy", long_ago, tomorrow, window_periods=4),
    ]
    values = values_of(
        "c", {"csat": 70.0, "nps": None, "loyalty": 5.0, "churn": 40.0, "advocacy": None}
    )
    found = lines_by_component(index_lines(values, parameters, runs))
    assert found.keys() == {"csat", "churn"}
    assert sums(found.values())["c"] == pytest.approx(60, abs=1e-9)


def test_a_metric_of_several_runs_has_one_line_in_each_of_them_and_none_in_the_gap() -> None:
    days = [PERIOD_END + timedelta(weeks=week) for week in range(5)]
    values = [
        row for day in days for row in values_of("c", {"csat": 70.0, "nps": 10.0}, period_end=day)
    ]
    runs = [
        run("csat", days[0], days[4]),
        run("nps", days[0], days[1]),
        run("nps", days[4], days[4]),
    ]
    found = index_lines(values, weighed({"csat": 1, "nps": 1}), runs)
    of_nps = sorted(line["period_end"] for line in found if line["component"] == "nps")
    assert of_nps == [days[0], days[1], days[4]]
    assert len(found) == 5 + 3
    assert {line["applied_weight"] for line in found if line["period_end"] in days[2:4]} == {1}


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
    frame = lazy_rows(
        [{"x": number, "period_end": PERIOD_END, "step": "now"} for number in numbers]
    )
    other_way = collected(frame.with_columns(s=scoring.scale(nw.col("x"), parameters[0])))
    expected = {row["x"]: row["s"] for row in other_way}
    for line in lines:
        assert line["scaled_value"] == pytest.approx(expected[line["value"]], abs=1e-9)


@pytest.mark.parametrize(
    ("direction", "expected"), [("up", [0, 25, 25, 75, 100]), ("down", [100, 50, 50, 25, 0])]
)
def test_a_percentile_shows_the_share_of_the_others_behind_in_the_same_period_and_model(
    direction: str, expected: list[float]
) -> None:
    parameters = [
        parameter("csat", 1, scaling="percentile", direction=direction, goal=None, lower=None),
        # Metrics of another scale, and of another direction, are no others of csat.
        parameter("nps", 1),
        parameter("loyalty", 1, scaling="percentile", goal=None),
    ]
    parameters += [{**row, "score_model": "n"} for row in parameters]
    week = timedelta(weeks=1)
    values = [
        row
        for customer_id, value in zip("abcdef", [1.0, 2.0, 2.0, 3.0, 4.0, None], strict=True)
        for row in (
            *values_of(customer_id, {"csat": value, "nps": 1000.0, "loyalty": 1000.0}),
            *values_of(customer_id, {"csat": -7.0}, score_model="n"),
            *values_of(customer_id, {"csat": ord(customer_id) * 1.0}, period_end=PERIOD_END + week),
        )
    ]
    found = {
        line["customer_id"]: line["scaled_value"]
        for line in index_lines(values, parameters)
        if (line["score_model"], line["component"], line["period_end"]) == ("m", "csat", PERIOD_END)
    }
    assert [found[customer_id] for customer_id in "abcde"] == expected
    assert found["f"] is None


def test_equal_values_that_were_added_up_differently_are_a_tie() -> None:
    parameters = [parameter("csat", 1, scaling="percentile")]
    values = {"c": 0.1 + 0.2 + 0.3, "d": 0.3 + 0.2 + 0.1, "e": 1.0}
    rows = [row for name, value in values.items() for row in values_of(name, {"csat": value})]
    found = {line["customer_id"]: line["scaled_value"] for line in index_lines(rows, parameters)}
    assert found == {"c": 0, "d": 0, "e": 100}


def test_a_percentile_of_one_value_is_0() -> None:
    parameters = [parameter("csat", 1, scaling="percentile"), parameter("nps", 1)]
    (line,) = index_lines(values_of("c", {"csat": 7.0}), parameters)
    assert (line["scaled_value"], line["contribution"]) == (0, 0)


def test_a_geometric_line_is_its_part_of_the_logarithm() -> None:
    """Of 0, 15 and 80 by 1, 2 and 1 the score is 11; ln 16 counts twice, ln 81 once."""
    parameters = weighed({"csat": 1, "nps": 2, "loyalty": 1}, aggregation="geometric")
    found = lines_by_component(
        index_lines(values_of("c", {"csat": 0.0, "nps": 15.0, "loyalty": 80.0}), parameters)
    )
    whole = 2 * math.log(16) + math.log(81)
    assert found["csat"]["contribution"] == 0
    assert found["nps"]["contribution"] == pytest.approx(11 * 2 * math.log(16) / whole, abs=1e-9)
    assert found["loyalty"]["contribution"] == pytest.approx(11 * math.log(81) / whole, abs=1e-9)
    assert [found[name]["applied_weight"] for name in ("csat", "nps", "loyalty")] == [
        0.25,
        0.5,
        0.25,
    ]


@pytest.mark.parametrize(
    ("policy", "weight", "scaled_value", "total"),
    [
        ("rescale", 0, None, 15),
        ("zero", 0.5, 0, 3),
        ("neutral", 0.5, 50, 816**0.5 - 1),
        ("require", 0, None, 15),
    ],
)
def test_the_geometric_line_of_a_missing_value_shows_its_policy(
    policy: str, weight: float, scaled_value: float | None, total: float
) -> None:
    parameters = weighed({"csat": 1}, aggregation="geometric")
    parameters += weighed({"nps": 1}, aggregation="geometric", missing=policy)
    lines = index_lines(values_of("c", {"csat": 15.0, "nps": None}), parameters)
    line = lines_by_component(lines)["nps"]
    assert (line["applied_weight"], line["scaled_value"]) == (weight, scaled_value)
    assert (line["contribution"] > 0) == (policy == "neutral")
    assert sums(lines)["c"] == pytest.approx(total, abs=1e-9)


def test_a_geometric_index_of_0_has_lines_of_0() -> None:
    parameters = weighed({"csat": 1, "nps": 2}, aggregation="geometric")
    found = index_lines(values_of("c", {"csat": 0.0, "nps": -3.0}), parameters)
    assert [line["contribution"] for line in found] == [0, 0]


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_lines_repeat_to_the_last_digit_in_whatever_order_the_values_come(aggregation: str) -> None:
    """Logarithms have no last decimal: added as doubles, one customer in thirty moves."""
    numbers = random.Random(8)
    names = ["csat", "nps", "loyalty", "churn", "advocacy", "active_days", "sentiment"]
    parameters = weighed({name: numbers.randint(1, 40) for name in names}, aggregation=aggregation)
    values = [
        row
        for person in range(500)
        for row in values_of(f"c{person}", {name: numbers.uniform(0, 100) for name in names})
    ]
    found = []
    for _ in range(3):
        numbers.shuffle(values)
        lines = index_lines(values, parameters)
        found.append(
            sorted((line["customer_id"], line["component"], line["contribution"]) for line in lines)
        )
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_the_lines_add_up_to_the_raw_score_that_is_computed_another_way(aggregation: str) -> None:
    """2,000 random customers, a third of their values missing, under every policy and scaling."""
    draw = random.Random(11)
    parameters = [
        {**row, "aggregation": aggregation}
        for row in (
            parameter("csat", 3),
            parameter("nps", 2, missing="zero"),
            parameter("loyalty", 1, missing="neutral", scaling="log_goal", lower=2.0),
            parameter("recency_days", 4, lower=90.0, goal=0.0),
            parameter("time_spent", 2, scaling="saturation", goal=30.0, missing="require"),
            parameter("rating", 3, scaling="percentile", direction="down", goal=None),
            parameter("churn", 5),
        )
    ]
    people = [
        customer(
            customer_id=f"c{number}",
            **{
                row["metric"]: None if draw.random() < 0.33 else draw.uniform(-20, 130)
                for row in parameters
            },
        )
        for number in range(2000)
    ]
    tables = Tables(
        int_engagement__customer_metrics=people,
        int_engagement__metric_values=metric_values(people, parameters),
        scoring_engagement__parameters=parameters,
        int_engagement__metric_availability=always(
            row for row in parameters if row["metric"] != "churn"
        ),
        config_engagement__score_models=[score_model(aggregation=aggregation, min_coverage=0.0)],
    )
    lines = tables.read_by(contributions)
    raw_scores = {row["customer_id"]: row["raw_score"] for row in tables.read_by(scoring)}
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
        "counted_value": float(value),
        "points": float(points_each * value),
        **given,
    }


def activity_lines(
    activities: list[Row], formula: str = "weighted_sum", unused: Iterable[int] = ()
) -> dict[str, Row]:
    """The lines, under a model that weighs these activities and those that nobody did."""
    weights = {row["activity_type"]: row["points_each"] for row in activities}
    weights.update({f"unused {points}": Decimal(points) for points in unused})
    weighed_rows = [
        {**MODEL, "activity_type": name, "points": each} for name, each in weights.items()
    ]
    found = contributions.activity_lines(
        lazy_rows(activities),
        lazy_rows([{**MODEL, "formula": formula}]),
        lazy_rows(weighed_rows),
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
    assert sums(found.values())["c"] == pytest.approx(30 / divisor, abs=1e-12)


def test_the_divisor_counts_activities_that_the_model_weighs_and_nobody_did() -> None:
    """It belongs to the model, not to the customer; an activity at 0 is not weighed."""
    assert activity_lines(WORKED_EXAMPLE, "metric_mean", (7, 0))["visit"]["contribution"] == 2.5
    assert activity_lines(WORKED_EXAMPLE, "weighted_mean", (-2, 0))["visit"]["contribution"] == 1


def test_negative_points_within_the_limit_count_in_full() -> None:
    found = activity_lines([activity("visit", 1, 10), activity("complaint", -4, 2)])
    assert found["complaint"]["contribution"] == -8
    assert sums(found.values()) == {"c": 2}


def test_a_line_shows_what_was_done_and_what_of_it_counts() -> None:
    """25 opens, of which the daily cap lets 20 count, each worth half by now."""
    opens = activity("email_open", 2, 25, counted_value=20.0, points=20.0)
    line = activity_lines([opens], "weighted_mean", unused=[3])["email_open"]
    assert (line["value"], line["counted_value"]) == (25, 20)
    assert (line["applied_weight"], line["contribution"]) == (2 / 5, 20 / 5)
    assert (line["missing"], line["scaled_value"]) == (None, None)
    (of_metric,) = index_lines(values_of("c", {"csat": 70.0}), [parameter("csat", 1)])
    assert of_metric["counted_value"] is None


@pytest.mark.parametrize(
    ("formula", "divisor"), [("weighted_sum", 1), ("metric_mean", 3), ("weighted_mean", 9)]
)
def test_a_thousand_complaints_leave_a_fifth_and_a_line_gives_the_excess_back(
    formula: str, divisor: int
) -> None:
    found = activity_lines(
        [activity("visit", 1, 10), activity("complaint", -6, 1000), activity("refund", -2, 1000)],
        formula,
    )
    assert found["visit"]["contribution"] == 10 / divisor
    assert found["complaint"]["contribution"] == -6000 / divisor
    assert found["refund"]["contribution"] == -2000 / divisor
    limit = found["negative_limit"]
    assert limit["contribution"] == pytest.approx((8000 - 8) / divisor, abs=1e-9)
    assert limit["dimension"] == "activity"
    for column in ("missing", "value", "counted_value", "scaled_value", "applied_weight"):
        assert limit[column] is None
    assert sums(found.values())["c"] == pytest.approx(2 / divisor, abs=1e-9)


def test_at_the_limit_itself_nothing_is_given_back() -> None:
    found = activity_lines([activity("visit", 1, 10), activity("complaint", -4, 2)])
    assert found.keys() == {"visit", "complaint"}
    just_over = activity_lines([activity("visit", 1, 10), activity("complaint", -1, 8.001)])
    assert just_over["negative_limit"]["contribution"] == pytest.approx(0.001, abs=1e-9)


def test_complaints_alone_take_nothing_and_those_of_another_customer_or_day_do_not_count() -> None:
    week = date(2025, 6, 22)
    activities = [
        activity("complaint", -6, 5),
        activity("visit", 1, 10, customer_id="d"),
        activity("complaint", -6, 5, period_end=week, customer_id="d"),
        activity("visit", 1, 10, score_model="n"),
    ]
    models = [
        score_model(formula="weighted_sum"),
        score_model(formula="weighted_sum", score_model="n"),
    ]
    lines = Tables(
        int_engagement__activity_points=activities,
        config_engagement__score_models=models,
        config_engagement__activity_weights=[
            {**each, "activity_type": "visit", "points": Decimal(1)}
            for each in (MODEL, {**MODEL, "score_model": "n"})
        ],
    ).read_by(contributions)
    found = {
        tuple(
            str(line[key]) for key in ("score_model", "customer_id", "period_end", "component")
        ): line["contribution"]
        for line in lines
    }
    assert found == {
        ("m", "c", f"{PERIOD_END}", "complaint"): -30,
        ("m", "c", f"{PERIOD_END}", "negative_limit"): 30,
        ("m", "d", f"{week}", "complaint"): -30,
        ("m", "d", f"{week}", "negative_limit"): 30,
        ("m", "d", f"{PERIOD_END}", "visit"): 10,
        ("n", "c", f"{PERIOD_END}", "visit"): 10,
    }


# --- from the raw score to the score ---


def published(
    overrides: Sequence[Row], formula: str = "index", **values: float | None
) -> tuple[Row, dict[str, Row]]:
    """The score and its lines, of one customer: metrics of equal weight, or activities at 1."""
    people = [customer(**values)] if formula == "index" else [customer()]
    parameters = weighed(dict.fromkeys(values, 1.0)) if formula == "index" else []
    activities = (
        [] if parameters else [activity(name, 1, value or 0) for name, value in values.items()]
    )
    tables = Tables(
        int_engagement__customer_metrics=people,
        int_engagement__metric_values=metric_values(people, parameters),
        int_engagement__metric_availability=always(parameters),
        scoring_engagement__parameters=parameters,
        int_engagement__score_overrides=overrides,
        int_engagement__activity_points=activities,
        int_engagement__customer_points=[
            {**customer(), **MODEL, "points": math.fsum(row["points"] for row in activities)}
        ],
        config_engagement__score_models=[score_model(formula=formula)],
        config_engagement__activity_weights=[
            {**MODEL, "activity_type": row["activity_type"], "points": Decimal(1)}
            for row in activities
        ],
    )
    (score,) = tables.read_by(scoring)
    return score, lines_by_component(tables.read_by(contributions))


def test_a_score_set_by_hand_beyond_100_has_a_line_to_what_was_written_and_a_cap() -> None:
    score, lines = published([override(120)], csat=60.0, nps=80.0)
    contributions_of = {name: line["contribution"] for name, line in lines.items()}
    assert contributions_of == {"csat": 30, "nps": 40, "override": 50, "cap": -20}
    assert (score["raw_score"], score["score"]) == (70, 100)
    for name in ("override", "cap"):
        assert lines[name]["dimension"] == "adjustment"
        for column in ("missing", "value", "counted_value", "scaled_value", "applied_weight"):
            assert lines[name][column] is None


@pytest.mark.parametrize(
    ("by_hand", "expected"),
    [
        (-5, {"csat": 70, "override": -75, "cap": 5}),
        (30, {"csat": 70, "override": -40}),
        # What changes nothing has no line.
        (70, {"csat": 70}),
        (100, {"csat": 70, "override": 30}),
    ],
)
def test_an_override_within_0_and_100_needs_no_cap(by_hand: float, expected: Row) -> None:
    score, lines = published([override(by_hand)], csat=70.0)
    assert {name: line["contribution"] for name, line in lines.items()} == expected
    assert sums(lines.values())["c"] == score["score"] == min(max(by_hand, 0), 100)


def test_of_who_has_no_raw_score_the_override_is_the_whole() -> None:
    score, lines = published([override(120)], csat=None)
    assert score["raw_score"] is None
    assert {name: line["contribution"] for name, line in lines.items()} == {
        "override": 120,
        "cap": -20,
    }
    assert score["score"] == 100


@pytest.mark.parametrize("formula", ["weighted_sum", "metric_mean", "weighted_mean"])
def test_an_override_of_points_has_no_cap(formula: str) -> None:
    score, lines = published([override(1234.5)], formula, visit=300.0, click=100.0)
    assert lines.keys() == {"visit", "click", "override"}
    assert score["raw_score"] + lines["override"]["contribution"] == score["score"] == 1234.5


def test_without_an_override_there_is_no_line_that_adjusts() -> None:
    _, lines = published([], csat=70.0, nps=100.0)
    assert lines.keys() == {"csat", "nps"}
    of_others = [override(5, customer_id="d"), override(5, score_model="n")]
    score, _ = published(of_others, csat=70.0)
    assert score["score"] == 70


def test_an_override_has_lines_in_detailed_periods_and_under_the_version_in_force_only() -> None:
    weeks = [PERIOD_END + timedelta(weeks=week) for week in range(4)]
    versions = [
        score_model(valid_until=weeks[2]),
        score_model(version="2", valid_from=weeks[2]),
    ]
    by_hand = [
        override(90, period_index=50 + number, period_end=week, is_detailed=number > 0)
        for number, week in enumerate(weeks)
    ]
    found = Tables(
        config_engagement__score_models=versions, int_engagement__score_overrides=by_hand
    ).read_by(contributions)
    assert sorted((line["version"], line["period_end"]) for line in found) == [
        ("1", weeks[1]),
        ("2", weeks[2]),
        ("2", weeks[3]),
    ]
    assert {line["component"] for line in found} == {"override"}
