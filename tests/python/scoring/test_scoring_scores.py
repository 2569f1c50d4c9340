"""What scoring_engagement__scores promises: scale, weights, missing values, status, bands."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_frames import (
    BANDS,
    MODEL,
    PERIOD_END,
    TYPES,
    Row,
    Tables,
    always,
    collected,
    customer,
    lazy,
    lazy_rows,
    override,
    python_model,
    run,
    score_model,
    weighed,
)

scoring = python_model("scoring_engagement__scores")


def scaled(
    values: Iterable[float | None],
    scaling: str,
    lower: float = 0.0,
    goal: float | None = None,
    direction: str = "up",
    periods: Iterable[date] | None = None,
) -> list[Any]:
    """The values on the scale 0 to 100, in their order; all of one period unless it is given."""
    values = list(values)
    frame = lazy(
        {
            "row": range(len(values)),
            "x": pa.array(values, pa.float64()),
            "period_end": list(periods or [PERIOD_END] * len(values)),
            "step": ["now"] * len(values),
        }
    )
    scale = scoring.scale(
        nw.col("x"), {"scaling": scaling, "lower": lower, "goal": goal, "direction": direction}
    )
    return [row["s"] for row in collected(frame.select("row", s=scale).sort("row"))]


def scores(
    customers: Sequence[Row],
    metrics: Sequence[Row] = (),
    points: Sequence[Row] = (),
    models: Sequence[Row] | None = None,
    weights: Sequence[Row] = (),
    bands: Sequence[Row] = BANDS,
    availability: Sequence[Row] | None = None,
    overrides: Sequence[Row] = (),
    steps: Sequence[Row] = (),
    step_points: Sequence[Row] = (),
) -> list[Row]:
    """The rows of the model by score model, customer and period; all metrics are on by default."""
    found = Tables(
        int_engagement__customer_metrics=customers,
        int_engagement__customer_points=points,
        int_engagement__step_metrics=steps,
        int_engagement__step_points=step_points,
        int_engagement__score_overrides=overrides,
        int_engagement__metric_availability=always(metrics)
        if availability is None
        else availability,
        scoring_engagement__parameters=metrics,
        config_engagement__score_models=[score_model()] if models is None else models,
        config_engagement__activity_weights=weights,
        config_engagement__score_bands=bands,
    ).read_by(scoring)
    keys = ["score_model", "version", "customer_id", "period_end", "step"]
    return sorted(found, key=lambda row: [row[key] for key in keys])


def score(
    metrics: list[Row],
    models: list[Row] | None = None,
    availability: list[Row] | None = None,
    overrides: Sequence[Row] = (),
    **values: Any,
) -> Row:
    """The one row of one customer with these metrics."""
    (row,) = scores(
        [customer(**values)],
        metrics,
        models=models,
        availability=availability,
        overrides=overrides,
    )
    return row


def geometric_score(metrics: list[Row], **values: Any) -> Row:
    return score(metrics, [score_model(aggregation="geometric")], **values)


# --- scale ---


def test_a_goal_is_linear_between_lower_and_goal_and_clamped_beyond() -> None:
    values = [-10, 20, 45, 70, 120, None]
    assert scaled(values, "goal", 20, 70) == [0, 0, 50, 100, 100, None]


def test_lower_above_goal_reverses_the_scale() -> None:
    """Recency 90 to 0: today 100, 45 days 50, 90 days and more 0."""
    assert scaled([0, 45, 90, 91, 4000], "goal", 90, 0) == [100, 50, 0, 0, 0]


def test_a_saturation_is_0_at_0_and_95_at_the_goal_and_never_over_100() -> None:
    found = scaled([-1, 0, 5, 10, 1e9, None], "saturation", 0, 5)
    assert found[:2] == [0, 0]
    assert found[2:4] == pytest.approx([95, 100 * (1 - 1 / 400)], abs=1e-9)
    assert found[4:] == [100, None]


def test_a_log_goal_is_0_at_lower_and_100_at_the_goal_and_never_over_100() -> None:
    # Half way in the logarithm: 1 + x - 2 = sqrt(1 + 17 - 2) = 4.
    found = scaled([-100, 1, 2, 5, 17, 1e9, None], "log_goal", 2, 17)
    assert found[:3] == [0, 0, 0]
    assert found[3:5] == pytest.approx([50, 100], abs=1e-9)
    assert found[5:] == [100, None]


@pytest.mark.parametrize("scaling", ["log_goal", "saturation"])
def test_each_further_event_adds_no_more_than_the_one_before(scaling: str) -> None:
    found = scaled(range(60), scaling, 0, 20)
    steps = np.diff(found)
    assert (steps >= 0).all() and steps[0] > steps[10] > steps[19]
    assert (np.diff(steps) <= 1e-9).all()


def test_an_unknown_scaling_raises_with_those_that_are_accepted() -> None:
    accepted = "'linear': accepted are goal, log_goal, saturation, percentile"
    with pytest.raises(ValueError, match=accepted):
        scaled([1], "linear", goal=1)


def test_a_percentile_is_the_share_of_the_others_behind_and_ties_share_the_lower_place() -> None:
    assert scaled([4, 1, 2, 2, 3], "percentile") == [100, 0, 25, 25, 75]
    # Where less is better, those with more are behind.
    assert scaled([4, 1, 2, 2, 3], "percentile", direction="down") == [0, 100, 50, 50, 25]


def test_equal_values_that_were_added_up_differently_are_a_tie() -> None:
    added_up = [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1]
    assert added_up[0] != added_up[1]
    assert scaled([*added_up, 1.0], "percentile") == [0, 0, 100]
    assert scaled([*added_up, 0.0], "percentile", direction="down") == [0, 0, 100]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_percentile_of_one_value_or_of_equal_values_is_0(direction: str) -> None:
    """Nobody is behind."""
    assert scaled([7], "percentile", direction=direction) == [0]
    assert scaled([None, 7, None], "percentile", direction=direction) == [None, 0, None]
    assert scaled([7, 7, 7], "percentile", direction=direction) == [0, 0, 0]


def test_who_has_no_value_is_nobody_to_be_ahead_of() -> None:
    values = [None, 10, None, 20, 30, None]
    assert scaled(values, "percentile") == [None, 0, None, 50, 100, None]
    assert scaled(values, "percentile", direction="down") == [None, 100, None, 50, 0, None]


def test_a_percentile_is_relative_within_its_period_only() -> None:
    earlier = PERIOD_END - timedelta(days=7)
    periods = [earlier, PERIOD_END, earlier, PERIOD_END, earlier]
    found = scaled([5, 1000, 6, -1000, 7], "percentile", periods=periods)
    assert found == [0, 100, 50, 0, 100]


def test_a_percentile_is_among_those_of_the_model_s_window_and_period() -> None:
    """Of two windows in one table, the values of the other one do not count."""
    people = [
        customer(customer_id=f"{number} of {window}", csat=float(number), window_periods=window)
        for window in (13, 4)
        for number in (1, 2, 3)
    ]
    models = [score_model(), score_model(score_model="n", window_periods=4)]
    metrics = weighed({"csat": 1}, scaling="percentile", goal=None)
    metrics += [{**row, "score_model": "n", "window_periods": 4} for row in metrics]
    found = scores(people, metrics, models=models)
    assert [row["score"] for row in found] == [0, 50, 100] * 2


# Each example is a query over many values, so few of them are many cases.
@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    scaling=st.sampled_from(["goal", "log_goal", "saturation"]),
    lower=st.floats(-1e3, 1e3),
    reach=st.floats(1e-3, 1e6),
    is_reversed=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_scale_is_bounded_and_monotone(
    scaling: str, lower: float, reach: float, is_reversed: bool, seed: int
) -> None:
    is_reversed = is_reversed and scaling == "goal"
    lower = 0.0 if scaling == "saturation" else lower
    goal = lower - reach if is_reversed else lower + reach
    values = np.sort(np.random.default_rng(seed).normal(lower, 3 * reach, 400))
    found = np.array(scaled(values.tolist(), scaling, lower, goal))
    assert ((found >= 0) & (found <= 100)).all()
    steps = np.diff(found) * (-1 if is_reversed else 1)
    assert (steps >= -1e-9).all()


# --- weights and missing values ---


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([47, 59, 21], [20, 15, 22], 2287 / 57),  # 40.12
        ([100, 60, 40], [5, 3, 2], 76),
        ([10, 10, 0], [1, 1, 1], 20 / 3),  # 6.67
        ([120, 120, 120], [20, 15, 22], 100),
    ],
)
def test_the_index_is_the_mean_by_weight(
    values: list[float], weights: list[float], expected: float
) -> None:
    """The worked examples of vendors."""
    names = ["csat", "nps", "loyalty"]
    given: Row = dict(zip(names, values, strict=True))
    row = score(weighed(dict(zip(names, weights, strict=True))), **given)
    assert row["score"] == row["raw_score"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("policy", "expected"), [("rescale", 86.25), ("zero", 69.0), ("neutral", 79.0)]
)
def test_a_missing_value_counts_as_its_policy_says(policy: str, expected: float) -> None:
    """90, 80 and none at .5, .3 and .2."""
    metrics = weighed({"csat": 0.5, "nps": 0.3, "loyalty": 0.2}, missing=policy)
    row = score(metrics, csat=90.0, nps=80.0, loyalty=None)
    assert row["score"] == pytest.approx(expected, abs=1e-9)
    assert row["coverage"] == pytest.approx(0.8, abs=1e-12)
    assert row["status"] == "scored"


def test_who_lacks_a_required_metric_has_no_score() -> None:
    metrics = weighed({"csat": 0.9}) + weighed({"nps": 0.1}, missing="require")
    lacking, having = score(metrics, csat=90.0), score(metrics, csat=90.0, nps=0.0)
    assert (lacking["status"], lacking["score"], lacking["band"]) == (
        "insufficient_data",
        None,
        None,
    )
    assert having["status"] == "scored"
    assert having["score"] == pytest.approx(81, abs=1e-9)


@pytest.mark.parametrize("policy", ["rescale", "zero", "neutral", "require"])
def test_a_metric_that_nobody_has_yet_counts_neither_in_the_score_nor_in_coverage(
    policy: str,
) -> None:
    long_ago, tomorrow = PERIOD_END - timedelta(days=70), PERIOD_END + timedelta(days=1)
    metrics = (
        weighed({"csat": 1})
        + weighed({"nps": 8}, missing=policy)
        # A value that is there must not count before the metric is on.
        + weighed({"loyalty": 8}, missing=policy)
    )
    csat = run("csat", long_ago, PERIOD_END)
    late = run("loyalty", tomorrow, tomorrow)
    row = score(metrics, availability=[csat, late], csat=70.0, nps=None, loyalty=5.0)
    assert (row["score"], row["coverage"], row["status"]) == (70, 1, "scored")
    switched_on = run("loyalty", PERIOD_END, PERIOD_END)
    row = score(metrics, availability=[csat, switched_on], csat=70.0, nps=None, loyalty=5.0)
    assert row["score"] == pytest.approx((70 + 8 * 5) / 9, abs=1e-9)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
@pytest.mark.parametrize("policy", ["rescale", "zero", "neutral", "require"])
def test_a_metric_of_several_runs_counts_in_them_ends_included_and_not_in_the_gap(
    policy: str, aggregation: str
) -> None:
    days = [PERIOD_END + timedelta(weeks=week) for week in range(7)]
    metrics = weighed({"csat": 1}) + weighed({"nps": 3}, missing=policy)
    runs = [
        run("csat", days[0], days[-1]),
        run("nps", days[1], days[2]),
        run("nps", days[5], days[5]),
        # Of another window, so of no account.
        run("nps", days[0], days[-1], window_periods=4),
    ]
    has_none = dict.fromkeys((days[2], days[4]))
    people = [
        customer(period_index=index, period_end=day, csat=70.0, nps=has_none.get(day, 70.0))
        for index, day in enumerate(days)
    ]
    models = [score_model(aggregation=aggregation, min_coverage=0.0)]
    found = scores(people, metrics, models=models, availability=runs)
    # Only on day 2 is nps on and missing.
    assert [row["coverage"] for row in found] == [1, 1, 0.25, 1, 1, 1, 1]
    others = [row for number, row in enumerate(found) if number != 2]
    assert {row["status"] for row in others} == {"scored"}
    assert [row["score"] for row in others] == [70] * 6
    expected: dict[str, float] = {
        "rescale": 70,
        "require": 70,
        "zero": 17.5 if aggregation == "arithmetic" else 71**0.25 - 1,
        "neutral": 55 if aggregation == "arithmetic" else 71**0.25 * 51**0.75 - 1,
    }
    assert found[2]["raw_score"] == pytest.approx(expected[policy], abs=1e-9)
    assert (found[2]["score"] is None) == (policy == "require")


# --- geometric aggregation ---


def test_a_geometric_index_is_the_geometric_mean_of_one_more_less_one() -> None:
    """Of 0, 15 and 80 by 1, 2 and 1: the fourth root of 1 x 16 x 16 x 81, less 1."""
    metrics = weighed({"csat": 1, "nps": 2, "loyalty": 1})
    row = geometric_score(metrics, csat=0.0, nps=15.0, loyalty=80.0)
    assert row["score"] == row["raw_score"] == pytest.approx(11, abs=1e-9)
    assert score(metrics, csat=0.0, nps=15.0, loyalty=80.0)["score"] == 27.5


@pytest.mark.parametrize("value", [0.0, 1.0, 33.3, 50.0, 79.999, 80.0, 100.0])
def test_a_geometric_index_of_equal_parts_is_that_part(value: float) -> None:
    metrics = weighed({"csat": 20, "nps": 15, "loyalty": 22})
    row = geometric_score(metrics, csat=value, nps=value, loyalty=value)
    assert row["score"] == value


def test_a_part_of_0_lowers_a_geometric_index_and_it_stays_defined() -> None:
    metrics = weighed({"csat": 1, "nps": 1})
    row = geometric_score(metrics, csat=99.0, nps=0.0)
    assert (row["status"], row["score"]) == ("scored", pytest.approx(9, abs=1e-9))
    assert geometric_score(metrics, csat=0.0, nps=0.0)["score"] == 0


@pytest.mark.parametrize(
    ("policy", "raw_score", "status"),
    [
        ("rescale", 15, "scored"),
        # The root of 16 x 1, and of 16 x 51.
        ("zero", 3, "scored"),
        ("neutral", 816**0.5 - 1, "scored"),
        ("require", 15, "insufficient_data"),
    ],
)
def test_a_missing_value_counts_as_its_policy_says_in_a_geometric_index_too(
    policy: str, raw_score: float, status: str
) -> None:
    metrics = weighed({"csat": 1}) + weighed({"nps": 1}, missing=policy)
    row = geometric_score(metrics, csat=15.0, nps=None)
    assert row["raw_score"] == pytest.approx(raw_score, abs=1e-9)
    assert row["coverage"] == 0.5
    assert row["status"] == status
    assert row["score"] == (row["raw_score"] if status == "scored" else None)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_who_has_no_value_at_all_has_no_score(aggregation: str) -> None:
    models = [score_model(aggregation=aggregation, min_coverage=0.0)]
    row = score(weighed({"csat": 1}), models, csat=None)
    assert (row["raw_score"], row["score"], row["status"]) == (None, None, "insufficient_data")
    assert row["coverage"] == 0


def test_the_noise_of_floating_point_moves_nobody_out_of_a_band() -> None:
    noisy = 0.0 + 0.1 * 80 + 0.1 * 80 + 0.1 * 80
    assert noisy / (0.1 + 0.1 + 0.1) < 80
    weights = dict.fromkeys(["csat", "nps", "loyalty"], 0.1)
    given: Row = dict.fromkeys(weights, 80.0)
    row = score(weighed(weights), **given)
    assert (row["score"], row["band"]) == (80, "Excellent")


@pytest.fixture(scope="module")
def random_customers() -> list[Row]:
    """Random metrics, a fifth of them missing."""
    draw = random.Random(7)
    names = ["csat", "nps", "loyalty", "recency_days", "time_spent"]
    return [
        customer(
            customer_id=f"c{number:05}",
            **{name: None if draw.random() < 0.2 else draw.uniform(-20, 130) for name in names},
        )
        for number in range(10_000)
    ]


@pytest.fixture(scope="module")
def random_metrics() -> list[Row]:
    return [
        *weighed({"csat": 3, "nps": 2}),
        *weighed({"loyalty": 1}, missing="zero"),
        *weighed({"recency_days": 4}, lower=90.0, goal=0.0, missing="neutral"),
        *weighed({"time_spent": 2}, scaling="saturation", goal=30.0),
    ]


def test_ten_thousand_random_scores_are_bounded_and_blind_to_the_order_of_rows(
    random_customers: list[Row], random_metrics: list[Row]
) -> None:
    found = scores(random_customers, random_metrics)
    assert len(found) == len(random_customers)
    assert all(0 <= row["score"] <= 100 for row in found if row["score"] is not None)
    shuffled = random.Random(1).sample(random_customers, len(random_customers))
    assert scores(shuffled, random_metrics) == found


@pytest.mark.parametrize(
    ("metric", "step"),
    [("csat", 7), ("loyalty", 7), ("recency_days", -7), ("time_spent", 7)],
)
def test_a_better_metric_never_lowers_a_score(
    random_customers: list[Row], random_metrics: list[Row], metric: str, step: float
) -> None:
    before = [row for row in random_customers if row[metric] is not None]
    after = [{**row, metric: row[metric] + step} for row in before]
    pairs = list(zip(scores(before, random_metrics), scores(after, random_metrics), strict=True))
    gains = [b["raw_score"] - a["raw_score"] for a, b in pairs]
    assert min(gains) >= 0 and max(gains) > 0


# --- status ---


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, "scored"),
        ({"is_new": True}, "new"),
        ({"is_known": False}, "insufficient_data"),
        # Nothing but a customers row, since yesterday: not new, for nothing tells of a customer.
        ({"is_known": False, "is_new": True}, "insufficient_data"),
        ({"csat": None}, "insufficient_data"),
        ({"csat": None, "is_new": True}, "new"),
        # Silent is not missing: who was known and did nothing is scored, and Low.
        ({"csat": None, "nps": 0.0, "engaged_interactions": 0}, "scored"),
        ({"csat": None, "nps": None, "engaged_interactions": 0}, "insufficient_data"),
        ({"is_known": False, "engaged_interactions": 0}, "insufficient_data"),
    ],
)
def test_the_status_says_why_there_is_no_score(given: Row, status: str) -> None:
    row = score(weighed({"csat": 0.6, "nps": 0.4}), **{"csat": 50.0, "nps": 40.0, **given})
    assert row["status"] == status
    assert (row["score"] is None) == (row["band"] is None) == (status != "scored")


def test_min_coverage_is_enough_exactly_at_its_value() -> None:
    metrics = weighed({"csat": 1, "nps": 1})
    assert score(metrics, csat=1.0)["status"] == "scored"
    strict = [score_model(min_coverage=0.51)]
    assert score(metrics, strict, csat=1.0)["status"] == "insufficient_data"


@pytest.mark.parametrize(
    ("weights", "coverage"),
    [((0.7, 0.1, 0.2), 0.8), ((0.5, 0.1, 0.2), 0.75), ((0.1, 0.7, 0.8), 0.5)],
)
def test_coverage_on_its_bound_is_not_lost_to_the_noise_of_floating_point(
    weights: tuple[float, ...], coverage: float
) -> None:
    """Of .7, .1 and .2 those of the first two are .7999999999999999."""
    names = ["csat", "nps", "loyalty"]
    metrics = weighed(dict(zip(names, weights, strict=True)))
    row = score(metrics, [score_model(min_coverage=coverage)], csat=50.0, nps=50.0)
    assert (row["coverage"], row["status"]) == (coverage, "scored")


# --- overrides ---


@pytest.mark.parametrize(
    ("given", "raw_score", "status"),
    [
        ({}, 50, "scored"),
        ({"is_new": True}, 50, "new"),
        ({"is_known": False}, 50, "insufficient_data"),
        # Too little coverage, a required value that is missing, and nothing at all.
        ({"csat": None}, 50, "insufficient_data"),
        ({"nps": None}, 50, "insufficient_data"),
        ({"csat": None, "nps": None}, None, "insufficient_data"),
    ],
)
def test_an_override_wins_whatever_the_status_and_the_raw_score_stays(
    given: Row, raw_score: float | None, status: str
) -> None:
    metrics = weighed({"csat": 0.9}) + weighed({"nps": 0.1}, missing="require")
    values = {"csat": 50.0, "nps": 50.0, **given}
    by_data = score(metrics, **values)
    assert (by_data["status"], by_data["override_score"]) == (status, None)
    row = score(metrics, overrides=[override(85)], **values)
    assert (row["status"], row["score"], row["band"]) == ("scored", 85, "Excellent")
    assert row["override_score"] == 85
    assert row["raw_score"] == by_data["raw_score"] == raw_score
    assert row["coverage"] == by_data["coverage"]


@pytest.mark.parametrize(
    ("by_hand", "published", "band"),
    [(120, 100, "Excellent"), (-5, 0, "Low"), (0, 0, "Low"), (79.999, 79.999, "Moderate")],
)
def test_an_override_of_an_index_is_clamped_and_shown_as_it_was_written(
    by_hand: float, published: float, band: str
) -> None:
    row = score(weighed({"csat": 1}), overrides=[override(by_hand)], csat=70.0)
    assert (row["score"], row["override_score"]) == (published, by_hand)
    assert (row["raw_score"], row["band"]) == (70, band)


@pytest.mark.parametrize("formula", ["weighted_sum", "metric_mean", "weighted_mean"])
def test_an_override_of_a_points_formula_is_not_clamped(formula: str) -> None:
    (row,) = scores(
        [customer()],
        points=[{"customer_id": "c", "period_index": 50, **MODEL, "points": 12.0}],
        models=[score_model(formula=formula)],
        weights=[{**MODEL, "activity_type": "visit", "points": Decimal(1)}],
        overrides=[override(1234.5)],
        bands=[],
    )
    assert (row["score"], row["raw_score"]) == (1234.5, 12)


def test_an_override_holds_for_its_customer_model_and_period_and_under_every_version() -> None:
    last_week = {"period_index": 49, "period_end": PERIOD_END - timedelta(days=7)}
    people = [
        customer(csat=10.0),
        customer(csat=10.0, **last_week),
        customer(csat=10.0, customer_id="d"),
    ]
    models = [
        score_model(score_model=name, version=version) for name in "mn" for version in ("1", "2")
    ]
    metrics = [
        {**row, "score_model": each["score_model"], "version": each["version"]}
        for each in models
        for row in weighed({"csat": 1})
    ]
    found = scores(people, metrics, models=models, overrides=[override(90)])
    by_hand = [
        (row["score_model"], row["version"], row["customer_id"], row["period_end"])
        for row in found
        if row["override_score"] is not None
    ]
    assert by_hand == [("m", "1", "c", PERIOD_END), ("m", "2", "c", PERIOD_END)]
    assert {row["score"] for row in found if row["override_score"] is None} == {10}
    assert len(found) == len(people) * len(models)


def test_after_an_override_the_score_is_again_that_of_the_data() -> None:
    weeks = [
        {"period_index": 48 + n, "period_end": PERIOD_END + timedelta(weeks=n)} for n in (1, 2)
    ]
    people = [customer(csat=40.0 + n, **week) for n, week in enumerate(weeks)]
    found = scores(people, weighed({"csat": 1}), overrides=[override(95, **weeks[0])])
    assert [(row["score"], row["raw_score"]) for row in found] == [(95, 40), (41, 41)]


# --- bands ---


def test_every_score_from_0_to_100_is_in_exactly_one_band() -> None:
    values = [number / 1000 for number in range(100_001)]
    frame = lazy({"score": pa.array(values, pa.float64())})
    found = collected(frame.with_columns(band=scoring.band(BANDS)))
    assert {row["band"] for row in found} == {"Low", "Moderate", "Excellent"}
    for row in found:
        expected = "Low" if row["score"] < 60 else "Moderate" if row["score"] < 80 else "Excellent"
        assert row["band"] == expected, row


def test_bands_are_half_open_on_the_unrounded_score() -> None:
    values = [0.0, 59.999, 60.0, 79.96, 79.999, 80.0, 100.0, None]
    frame = lazy({"score": pa.array(values, pa.float64())})
    found = {
        row["score"]: row["band"] for row in collected(frame.with_columns(band=scoring.band(BANDS)))
    }
    assert found == {
        0.0: "Low",
        59.999: "Low",
        60.0: "Moderate",
        79.96: "Moderate",
        79.999: "Moderate",
        80.0: "Excellent",
        100.0: "Excellent",
        None: None,
    }


def test_a_model_without_bands_has_none() -> None:
    (row,) = scores([customer(csat=90.0)], weighed({"csat": 1}), bands=[])
    assert (row["score"], row["band"]) == (90, None)


# --- which rows are scored by what ---


def test_a_version_scores_from_valid_from_until_the_day_before_valid_until() -> None:
    days = [PERIOD_END + timedelta(weeks=week) for week in range(4)]
    people = [
        customer(period_index=index, period_end=day, csat=50.0) for index, day in enumerate(days)
    ]
    versions = [
        score_model(valid_until=days[2]),
        score_model(version="2", valid_from=days[2]),
    ]
    metrics = weighed({"csat": 1})
    metrics += [{**row, "version": "2"} for row in weighed({"csat": 1}, goal=50.0)]
    found = [
        (r["version"], r["period_end"], r["score"])
        for r in scores(people, metrics, models=versions)
    ]
    assert found == [
        ("1", days[0], 50),
        ("1", days[1], 50),
        ("2", days[2], 100),
        ("2", days[3], 100),
    ]


def test_a_model_reads_its_own_window_metrics_points_and_bands() -> None:
    people = [
        customer(csat=40.0),
        customer(csat=80.0, window_periods=4),
    ]
    models = [score_model(), score_model(score_model="n", window_periods=4)]
    metrics = weighed({"csat": 1, "decayed_points": 1})
    of_n = {"score_model": "n", "window_periods": 4}
    metrics += [{**row, **of_n} for row in weighed({"csat": 1, "decayed_points": 3})]
    points = [
        {"customer_id": "c", "period_index": 50, **MODEL, "points": 20.0},
        {"customer_id": "c", "period_index": 50, **MODEL, "score_model": "n", "points": 60.0},
        {"customer_id": "c", "period_index": 50, **MODEL, "version": "2", "points": 99.0},
    ]
    found = scores(people, metrics, points, models)
    assert [(r["score_model"], r["score"], r["band"]) for r in found] == [
        ("m", 30, "Low"),
        ("n", 65, None),
    ]


# --- the steps between two scores ---


def step(name: str, **given: Any) -> Row:
    """A customer at a step, scored by the version of the same day unless another is given."""
    row = customer(**given)
    return {"in_force_on": row["period_end"], **row, "step": name}


def test_a_step_is_scored_as_the_score_is_and_never_in_its_place() -> None:
    people = [customer(csat=50.0)]
    steps = [step("window_moved", csat=40.0), step("new_interactions", csat=None, nps=100.0)]
    for aggregation in ("arithmetic", "geometric"):
        models = [score_model(aggregation=aggregation)]
        found = scores(people, weighed({"csat": 1, "nps": 1}), models=models, steps=steps)
        assert {row["step"]: row["raw_score"] for row in found} == {
            "now": 50,
            "window_moved": 40,
            "new_interactions": 100,
        }


def test_a_step_has_points_of_its_own() -> None:
    models = [score_model(formula="weighted_sum")]
    key = {"customer_id": "c", "period_index": 50, **MODEL}
    found = scores(
        [customer()],
        points=[{**key, "points": 9.0}],
        models=models,
        steps=[step("window_moved"), step("new_interactions")],
        step_points=[
            {**key, "step": "window_moved", "points": 4.0},
            {**key, "step": "new_interactions", "points": 7.0},
        ],
    )
    assert {row["step"]: row["raw_score"] for row in found} == {
        "now": 9,
        "window_moved": 4,
        "new_interactions": 7,
    }


def test_a_relative_scale_compares_with_others_of_the_same_step() -> None:
    """Of the same period `b` is behind at one step and ahead at the other."""
    people = [customer(customer_id="a", csat=50.0), customer(customer_id="b", csat=10.0)]
    steps = [
        step("window_moved", customer_id="a", csat=20.0),
        step("window_moved", customer_id="b", csat=30.0),
    ]
    found = scores(people, weighed({"csat": 1}, scaling="percentile"), steps=steps)
    assert {(row["customer_id"], row["step"]): row["raw_score"] for row in found} == {
        ("a", "now"): 100,
        ("b", "now"): 0,
        ("a", "window_moved"): 0,
        ("b", "window_moved"): 100,
    }


def test_a_version_that_begins_scores_the_period_before_too() -> None:
    """By availability and rank of that period; versions that hold already have scored it."""
    before = PERIOD_END - timedelta(weeks=1)
    then = {"period_index": 49, "period_end": before, "csat": 50.0}
    versions = [
        score_model(valid_until=PERIOD_END),
        score_model(version="2", valid_from=PERIOD_END),
        score_model(score_model="n"),
        score_model(score_model="n", version="2", valid_from=before),
    ]
    metrics = [
        {**row, **{key: version[key] for key in ("score_model", "version")}}
        for version in versions
        for row in weighed({"csat": 1}, goal=50.0 if version["version"] == "2" else 100.0)
    ]
    found = scores(
        [customer(**then), customer(csat=20.0)],
        metrics,
        models=versions,
        availability=[run("csat", before, before)],
        steps=[step("new_version", in_force_on=PERIOD_END, **then)],
    )
    assert [
        (row["score_model"], row["version"], row["period_end"], row["raw_score"])
        for row in found
        if row["step"] == "new_version"
    ] == [("m", "2", before, 100)]


# --- points formulas ---


def points_score(formula: str, weights: Iterable[Any], points: float) -> Row:
    (row,) = scores(
        [customer(engaged_interactions=17)],
        points=[{"customer_id": "c", "period_index": 50, **MODEL, "points": points}],
        models=[score_model(formula=formula)],
        weights=[
            {**MODEL, "activity_type": f"activity {number}", "points": weight}
            for number, weight in enumerate(weights)
        ],
        bands=[],
    )
    return row


@pytest.mark.parametrize(
    ("formula", "expected"), [("weighted_sum", 30), ("metric_mean", 10), ("weighted_mean", 3.75)]
)
def test_a_points_formula_divides_the_points_by_what_the_model_weighs(
    formula: str, expected: float
) -> None:
    """10 visits, 5 clicks and 2 purchases at 1, 2 and 5; an activity at 0 is not weighed."""
    weights = [Decimal(1), Decimal(2), Decimal(5), Decimal(0)]
    row = points_score(formula, weights, 10 * 1 + 5 * 2 + 2 * 5)
    assert row["score"] == row["raw_score"] == expected
    assert (row["status"], row["coverage"]) == ("scored", 1)


def test_negative_points_count_by_their_size_in_the_divisor() -> None:
    assert points_score("weighted_mean", [2, -3], 10)["score"] == 2
    assert points_score("metric_mean", [2, -3], 10)["score"] == 5


def test_points_are_not_clamped_to_100() -> None:
    assert points_score("weighted_sum", [1], 1234.5)["score"] == 1234.5


# --- configuration ---


def test_a_version_that_is_not_scored_has_no_rows() -> None:
    models = [score_model(is_scored=False), score_model(score_model="n")]
    metrics = weighed({"csat": 1})
    metrics += [{**row, "score_model": "n"} for row in metrics]
    found = scores([customer(csat=50.0)], metrics, models=models)
    assert [row["score_model"] for row in found] == ["n"]


def test_configuration_is_read_in_one_order_whatever_the_order_of_its_rows() -> None:
    """The terms of a sum are added in this order, so the last digit depends on it."""
    rows = weighed({"csat": 1, "nps": 2, "loyalty": 3}, available_from=PERIOD_END)
    rows += weighed({"churn": 4}, available_from=None)
    types = TYPES["scoring_engagement__parameters"]
    found = scoring.config_rows(lazy_rows(rows, **types).to_native())
    assert sorted(row["metric"] for row in found) == ["churn", "csat", "loyalty", "nps"]
    assert isinstance(found[0]["weight"], float)
    assert {type(row["available_from"]) for row in found} == {date, type(None)}
    for shuffled in (rows[::-1], rows[2:] + rows[:2]):
        assert scoring.config_rows(lazy_rows(shuffled, **types).to_native()) == found
