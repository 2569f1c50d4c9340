"""What holds of every score, whatever the settings and the customers: 10,000 random cases each.

An example draws the settings of two score models and 200 customers, and is scored in one query; the
same ones are drawn in every run. Duplicates of interactions are dropped long before: what can stand
twice here is a customer under another name, a weight as a multiple of itself, and another model.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
    Row,
    Tables,
    always,
    collected,
    customer,
    lazy,
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

# `make check` takes fewer.
EXAMPLES = int(os.environ.get("ENGAGEMENT_EXAMPLES", "25"))
CUSTOMERS, MODELS = 200, ("m", "n")
ten_thousand_cases = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)

YESTERDAY, TOMORROW = PERIOD_END - timedelta(days=1), PERIOD_END + timedelta(days=1)
LONG_AGO, SOME_DAY = date(2024, 1, 1), date(2026, 1, 1)
ABSOLUTE = ("goal", "log_goal", "saturation")
POLICIES = ("rescale", "zero", "neutral", "require")
seeds = st.integers(0, 2**32 - 1)

# When a metric is on: all the time, or in runs that hold this period or leave it out.
RUNS: dict[str, list[tuple[date, date]]] = {
    "always": [(LONG_AGO, SOME_DAY)],
    "now": [(LONG_AGO, LONG_AGO), (PERIOD_END, PERIOD_END)],
    "not now": [(LONG_AGO, YESTERDAY), (TOMORROW, SOME_DAY)],
    "never": [],
}


@dataclass
class Company:
    """Settings and customers; of a metric that is off now nobody has a value."""

    models: list[Row]
    parameters: list[Row]
    availability: list[Row]
    people: list[Row]

    def tables(self, **given: Sequence[Row]) -> Tables:
        values = metric_values(self.people, self.parameters)
        tables: dict[str, Sequence[Row]] = {
            "int_engagement__customer_metrics": self.people,
            "int_engagement__metric_values": values,
            "scoring_engagement__parameters": self.parameters,
            "int_engagement__metric_availability": self.availability,
            "config_engagement__score_models": self.models,
            "config_engagement__score_bands": BANDS,
        }
        return Tables(**{**tables, **given})

    def scores(self, **given: Sequence[Row]) -> dict[tuple[str, str], Row]:
        """The rows by score model and customer."""
        found = self.tables(**given).read_by(scoring)
        return {(row["score_model"], row["customer_id"]): row for row in found}


def values_between(numbers: np.random.Generator, low: float, high: float) -> list[float | None]:
    """Values inside, outside, at both ends and at 0, a fifth of them missing."""
    reach = high - low
    inside = numbers.uniform(low - reach / 2, high + reach / 2, CUSTOMERS)
    chosen = numbers.choice(7, CUSTOMERS, p=[0.5, 0.1, 0.1, 0.05, 0.025, 0.025, 0.2])
    others = [low, high, 0.0, low - 100 * reach, high + 100 * reach]
    return [
        float(inside[place]) if which == 0 else None if which == 6 else float(others[which - 1])
        for place, which in enumerate(chosen)
    ]


@st.composite
def companies(
    draw: st.DrawFn,
    scalings: Sequence[str] = (*ABSOLUTE, "percentile"),
    aggregations: Sequence[str] = ("arithmetic", "geometric"),
) -> Company:
    """Two score models over the same few metrics, each with its own settings of them."""
    numbers = np.random.default_rng(draw(seeds))
    names = [f"metric_{number}" for number in range(draw(st.integers(1, 5)))]
    is_down = {name: draw(st.booleans()) for name in names}
    # Most are always on.
    is_on = {name: draw(st.sampled_from(["always", "always", *RUNS])) for name in names}
    models, parameters = [], []
    for model_name in MODELS:
        aggregation = draw(st.sampled_from(aggregations))
        models.append(
            score_model(
                score_model=model_name,
                aggregation=aggregation,
                min_coverage=draw(st.sampled_from([0.0, 0.3, 0.5, 1.0])),
            )
        )
        for name in names:
            # What is better downwards has a goal under `lower`, or is relative.
            allowed = [each for each in scalings if each in ("goal", "percentile")]
            scaling = draw(st.sampled_from(allowed if is_down[name] else scalings))
            lower = 0.0 if scaling == "saturation" else draw(st.integers(-500, 500)) / 10
            reach = draw(st.integers(1, 20000)) / 100 * (-1 if is_down[name] else 1)
            parameters.append(
                parameter(
                    name,
                    draw(st.integers(1, 1000)) / 10,
                    score_model=model_name,
                    scaling=scaling,
                    direction="down" if is_down[name] else "up",
                    lower=lower,
                    goal=None if scaling == "percentile" else lower + reach,
                    missing=draw(st.sampled_from(POLICIES)),
                    aggregation=aggregation,
                )
            )
    values = {}
    for name in names:
        ends = {
            row[end] for row in parameters if row["metric"] == name for end in ("lower", "goal")
        }
        ends = ends - {None} | {1.0}
        found = values_between(numbers, min(ends), max(ends))
        values[name] = found if is_on[name] in ("always", "now") else [None] * CUSTOMERS
    people = [
        customer(
            customer_id=f"c{number:03}",
            is_known=bool(numbers.random() > 0.05),
            is_new=bool(numbers.random() < 0.05),
            engaged_interactions=int(numbers.integers(0, 4)),
            **{name: values[name][number] for name in names},
        )
        for number in range(CUSTOMERS)
    ]
    availability = [run(name, *ends) for name in names for ends in RUNS[is_on[name]]]
    # Points are 0 for who has none, so that some metric is on in every period.
    availability.append(run("decayed_points", LONG_AGO, SOME_DAY))
    return Company(models, parameters, availability, people)


def overrides_of(company: Company, seed: int) -> list[Row]:
    """A tenth of the customers of one model, far out of 0 to 100 too."""
    numbers = random.Random(seed)
    return [
        override(round(numbers.uniform(-50, 150), 3), customer_id=each["customer_id"])
        for each in company.people
        if numbers.random() < 0.1
    ]


# --- an index ---


@ten_thousand_cases
@given(company=companies(), seed=seeds)
def test_a_score_lies_between_0_and_100_and_stands_where_the_status_says_so(
    company: Company, seed: int
) -> None:
    found = company.scores(int_engagement__score_overrides=overrides_of(company, seed))
    assert len(found) == len(MODELS) * CUSTOMERS
    for row in found.values():
        assert row["raw_score"] is None or 0 <= row["raw_score"] <= 100
        assert 0 <= row["coverage"] <= 1
        assert (row["score"] is not None) == (row["status"] == "scored")
        assert row["score"] is None or 0 <= row["score"] <= 100


@ten_thousand_cases
@given(company=companies(), seed=seeds)
def test_a_better_value_of_any_metric_never_lowers_a_score(company: Company, seed: int) -> None:
    """Where a scale is relative, of one customer alone: others fall behind who gets ahead."""
    numbers = random.Random(seed)
    metric = numbers.choice(company.parameters)["metric"]
    settings_of = [row for row in company.parameters if row["metric"] == metric]
    sign = -1 if settings_of[0]["direction"] == "down" else 1
    moved = {each["customer_id"] for each in company.people if each[metric] is not None}
    if any(row["scaling"] == "percentile" for row in settings_of):
        moved = set(numbers.sample(sorted(moved), min(1, len(moved))))
    people = [
        {**each, metric: each[metric] + sign * numbers.choice([0.001, 1.0, 50.0])}
        if each["customer_id"] in moved
        else each
        for each in company.people
    ]
    before, after = company.scores(), company.scores(int_engagement__customer_metrics=people)
    for key, row in before.items():
        if key[1] in moved:
            # But for the last decimal to which scores are rounded.
            assert after[key]["raw_score"] >= row["raw_score"] - 2e-10


@ten_thousand_cases
@given(company=companies(aggregations=["arithmetic"]))
def test_a_geometric_score_is_at_most_the_arithmetic_one(company: Company) -> None:
    geometric = [{**row, "aggregation": "geometric"} for row in company.models]
    arithmetic_scores = company.scores()
    geometric_scores = company.scores(config_engagement__score_models=geometric)
    for key, row in arithmetic_scores.items():
        other = geometric_scores[key]
        assert (other["raw_score"] is None) == (row["raw_score"] is None)
        assert (other["status"], other["coverage"]) == (row["status"], row["coverage"])
        if row["raw_score"] is not None:
            assert other["raw_score"] <= row["raw_score"] + 1e-9


@ten_thousand_cases
@given(
    weights=st.lists(st.integers(1, 1000), min_size=1, max_size=5),
    seed=seeds,
)
def test_where_all_parts_are_equal_both_aggregations_give_that_part(
    weights: list[int], seed: int
) -> None:
    numbers = np.random.default_rng(seed)
    names = {f"metric_{number}": weight / 10 for number, weight in enumerate(weights)}
    parts = np.round(numbers.uniform(0, 100, len(MODELS) * CUSTOMERS // 2), 3)
    people = [
        customer(customer_id=f"c{number}", **dict.fromkeys(names, float(part)))
        for number, part in enumerate(parts)
    ]
    models = [
        score_model(score_model=name, aggregation=aggregation)
        for name, aggregation in zip(MODELS, ("arithmetic", "geometric"), strict=True)
    ]
    parameters = [
        {**row, "score_model": model["score_model"]} for model in models for row in weighed(names)
    ]
    found = Company(models, parameters, always(parameters), people).scores()
    for (_, customer_id), row in found.items():
        assert row["score"] == parts[int(customer_id[1:])]


@ten_thousand_cases
@given(company=companies(), seed=seeds)
def test_the_order_of_rows_moves_no_score(company: Company, seed: int) -> None:
    """Of no table: customers, metrics, when they are on, models, bands, overrides."""
    overrides = overrides_of(company, seed)
    tables = company.tables(int_engagement__score_overrides=overrides).tables
    numbers = random.Random(seed)
    shuffled = {name: numbers.sample(list(rows), len(rows)) for name, rows in tables.items()}
    assert company.scores(**shuffled) == company.scores(int_engagement__score_overrides=overrides)


@ten_thousand_cases
@given(company=companies(scalings=ABSOLUTE), constant=st.sampled_from([0.5, 0.01, 3.0, 57.0]))
def test_only_the_proportions_of_weights_matter_and_nobody_else_s_score(
    company: Company, constant: float
) -> None:
    """Weights by a constant, every customer twice under other names, 1,000 extreme ones beside."""
    before = company.scores()
    parameters = [{**row, "weight": row["weight"] * constant} for row in company.parameters]
    twice = [
        {**each, "customer_id": f"{prefix}{each['customer_id']}"}
        for prefix in ("", "twin of ")
        for each in company.people
    ]
    extremes = [
        {
            key: 1e6 if key.startswith("metric") and value is not None else value
            for key, value in {**each, "customer_id": f"extreme {number}"}.items()
        }
        for number, each in enumerate(company.people * 5)
    ]
    after = company.scores(
        scoring_engagement__parameters=parameters, int_engagement__customer_metrics=twice + extremes
    )
    for (name, customer_id), row in before.items():
        for found in (after[name, customer_id], after[name, f"twin of {customer_id}"]):
            assert found["status"] == row["status"]
            if row["raw_score"] is not None:
                assert found["raw_score"] == pytest.approx(row["raw_score"], abs=1e-9)


def test_a_percentile_moves_where_others_come_and_a_goal_does_not() -> None:
    parameters = weighed({"csat": 1})
    parameters += weighed({"csat": 1}, scaling="percentile", score_model="n")
    models = [score_model(), score_model(score_model="n")]
    people = [customer(customer_id=f"c{number}", csat=float(number)) for number in range(101)]
    extremes = [customer(customer_id=f"extreme {number}", csat=1e6) for number in range(1000)]
    company = Company(models, parameters, always(parameters), people)
    before, after = (
        company.scores(),
        company.scores(int_engagement__customer_metrics=people + extremes),
    )
    for number in range(101):
        of_goal, of_percentile = (("m", f"c{number}"), ("n", f"c{number}"))
        assert before[of_goal] == after[of_goal]
        assert before[of_percentile]["score"] == number
        assert after[of_percentile]["score"] == pytest.approx(number / 11)


# --- the scales ---


def scaled(values: Iterable[float], setting: Row) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = list(values)
    frame = lazy({"row": range(len(values)), "x": pa.array(values, pa.float64())})
    found = collected(frame.select("row", s=scoring.scale(nw.col("x"), setting)).sort("row"))
    return np.array([row["s"] for row in found])


@ten_thousand_cases
@given(
    scaling=st.sampled_from(["log_goal", "saturation"]),
    lower=st.integers(-500, 500),
    reach=st.integers(1, 5000),
)
def test_saturation_and_log_goal_rise_ever_more_slowly_from_0_to_100(
    scaling: str, lower: int, reach: int
) -> None:
    """400 units each: from 0 (log_goal: from lower) to beyond the goal."""
    start = 0.0 if scaling == "saturation" else lower / 10
    goal = start + reach / 10
    setting = parameter("x", 1, scaling=scaling, lower=start, goal=goal)
    assert scaled([start, goal], setting) == pytest.approx(
        [0, 95 if scaling == "saturation" else 100], abs=1e-9
    )
    found = scaled(np.linspace(start - 1, goal + reach / 5, 400), setting)
    assert found.min() == 0 and found.max() <= 100 + 1e-9
    steps = np.diff(found)
    assert (steps >= 0).all()
    rising = np.diff(scaled(np.linspace(start, goal, 400), setting))
    assert (rising > 0).all()
    assert (np.diff(rising) <= 1e-9).all()


@ten_thousand_cases
@given(lower=st.integers(-500, 500), goal=st.integers(-500, 500))
def test_a_goal_is_a_straight_line_from_lower_to_goal_in_either_direction(
    lower: int, goal: int
) -> None:
    goal += lower == goal
    setting = parameter("x", 1, lower=lower / 10, goal=goal / 10)
    numbers = np.linspace(lower / 10, goal / 10, 400)
    assert scaled(numbers, setting) == pytest.approx(np.linspace(0, 100, 400), abs=1e-9)
    beyond = scaled([lower / 10 + (lower - goal), goal / 10 + (goal - lower)], setting)
    assert beyond == pytest.approx([0, 100], abs=1e-9)


@ten_thousand_cases
@given(seed=seeds, is_down=st.booleans())
def test_a_percentile_counts_the_others_behind_in_a_plain_loop(seed: int, is_down: bool) -> None:
    """Ties, and values that are equal but for the order in which they were added up."""
    numbers = np.random.default_rng(seed)
    values = numbers.integers(0, 60, 400) / 10
    noisy = values + numbers.choice([0.0, 1e-14, -1e-14], 400)
    setting = parameter("x", 1, scaling="percentile", direction="down" if is_down else "up")
    frame = lazy(
        {"row": range(400), "x": noisy, "period_end": [PERIOD_END] * 400, "step": ["now"] * 400}
    )
    found = collected(frame.select("row", s=scoring.scale(nw.col("x"), setting)).sort("row"))
    is_behind: Callable[[float, float], bool] = (
        (lambda other, own: other > own) if is_down else (lambda other, own: other < own)
    )
    assert [row["s"] for row in found] == pytest.approx(
        [100 * sum(is_behind(other, own) for other in values) / 399 for own in values], abs=1e-9
    )


# --- bands ---


@ten_thousand_cases
@given(bounds=st.lists(st.integers(1, 100_000), min_size=0, max_size=6, unique=True), seed=seeds)
def test_every_score_is_in_the_one_band_whose_bounds_hold_it(bounds: list[int], seed: int) -> None:
    """Bands of any number in any order; scores by .001, on each bound and just under it."""
    lowest = [{**MODEL, "band": "0", "lower_bound": 0.0}]
    bands = lowest + [{**MODEL, "band": f"{b}", "lower_bound": b / 1000} for b in bounds]
    random.Random(seed).shuffle(bands)
    thousandths = {0, 100_000, *bounds, *(bound - 1 for bound in bounds)}
    thousandths |= set(np.random.default_rng(seed).integers(0, 100_001, 400).tolist())
    frame = lazy({"score": [number / 1000 for number in thousandths]})
    for row in collected(frame.with_columns(band=scoring.band(bands))):
        number = round(row["score"] * 1000)
        assert row["band"] == f"{max(bound for bound in [0, *bounds] if bound <= number)}"


# --- the lines ---


@ten_thousand_cases
@given(company=companies(), seed=seeds)
def test_the_lines_of_an_index_add_up_to_its_raw_score_and_to_its_score(
    company: Company, seed: int
) -> None:
    """Both aggregations, missing metrics under all policies, metrics off, scores set by hand."""
    tables = company.tables(int_engagement__score_overrides=overrides_of(company, seed))
    lines = tables.read_by(contributions)
    check_the_sums(tables.read_by(scoring), lines)
    parts = [line for line in lines if line["dimension"] != "adjustment"]
    weights: dict[tuple[str, str], list[float]] = {}
    for line in parts:
        key = (line["score_model"], line["customer_id"])
        weights.setdefault(key, []).append(line["applied_weight"])
        assert line["contribution"] >= 0
    for applied in weights.values():
        assert math.fsum(applied) == pytest.approx(1, abs=1e-9)


def check_the_sums(scores: list[Row], lines: list[Row]) -> None:
    """Lines of components add up to raw_score, with those of override and cap to score."""
    assert len({(each["score_model"], each["customer_id"]) for each in scores}) == len(scores)
    for name in {each["score_model"] for each in scores}:
        own = [line for line in lines if line["score_model"] == name]
        raw = sums(line for line in own if line["dimension"] != "adjustment")
        whole = sums(own)
        for each in scores:
            if each["score_model"] != name:
                continue
            customer_id = each["customer_id"]
            if each["raw_score"] is None:
                assert customer_id not in raw
            else:
                assert raw.get(customer_id, 0.0) == pytest.approx(each["raw_score"], abs=1e-9)
            if each["score"] is not None:
                assert whole.get(customer_id, 0.0) == pytest.approx(each["score"], abs=1e-9)


@st.composite
def activities_done(draw: st.DrawFn) -> tuple[list[Row], dict[str, float]]:
    """What 400 customers did, and what each of the activities is worth: some take away."""
    names = [f"activity_{number}" for number in range(draw(st.integers(1, 5)))]
    points = {name: draw(st.integers(-50, 50)) / 10 for name in names}
    # Whoever scores by points weighs something.
    points["visit"] = draw(st.integers(1, 50)) / 10
    numbers = np.random.default_rng(draw(seeds))
    rows = []
    for number in range(2 * CUSTOMERS):
        for name, each in points.items():
            if numbers.random() < 0.6:
                value, share_left = float(numbers.integers(1, 60)), float(numbers.random())
                counted = min(value, 20.0)
                rows.append(
                    {
                        "customer_id": f"c{number:03}",
                        **MODEL,
                        "period_end": PERIOD_END,
                        "activity_type": name,
                        "points_each": Decimal(str(each)),
                        "value": value,
                        "counted_value": counted,
                        "points": round(each * counted * share_left, 6),
                    }
                )
    return rows, points


def points_tables(
    rows: list[Row], points: dict[str, float], formula: str, overrides: Sequence[Row] = ()
) -> Tables:
    """Both ways to the score: the activities, and the points standing as the ledger sums them."""
    gains: dict[str, list[float]] = {row["customer_id"]: [] for row in rows}
    losses: dict[str, list[float]] = {row["customer_id"]: [] for row in rows}
    for row in rows:
        (gains if row["points"] > 0 else losses)[row["customer_id"]].append(abs(row["points"]))
    people = [customer(customer_id=customer_id) for customer_id in gains]
    standing = []
    for each in people:
        gain, loss = (math.fsum(of[each["customer_id"]]) for of in (gains, losses))
        standing.append({**each, **MODEL, "points": gain - min(loss, 0.8 * gain)})
    return Tables(
        int_engagement__customer_metrics=people,
        int_engagement__customer_points=standing,
        int_engagement__activity_points=rows,
        int_engagement__score_overrides=overrides,
        config_engagement__score_models=[score_model(formula=formula)],
        config_engagement__activity_weights=[
            {**MODEL, "activity_type": name, "points": Decimal(str(each))}
            for name, each in points.items()
        ],
    )


formulas = st.sampled_from(["weighted_sum", "metric_mean", "weighted_mean"])


@ten_thousand_cases
@given(done=activities_done(), formula=formulas, seed=seeds)
def test_the_lines_of_points_add_up_to_the_raw_score_and_to_the_score(
    done: tuple[list[Row], dict[str, float]], formula: str, seed: int
) -> None:
    numbers = random.Random(seed)
    overrides = [
        override(round(numbers.uniform(0, 900), 3), customer_id=customer_id)
        for customer_id in sorted({row["customer_id"] for row in done[0]})
        if numbers.random() < 0.1
    ]
    tables = points_tables(*done, formula, overrides)
    scores = tables.read_by(scoring)
    assert min(row["raw_score"] for row in scores) >= 0
    check_the_sums(scores, tables.read_by(contributions))


@ten_thousand_cases
@given(done=activities_done(), formula=formulas, seed=seeds)
def test_more_of_an_activity_with_positive_points_always_raises_a_score(
    done: tuple[list[Row], dict[str, float]], formula: str, seed: int
) -> None:
    """However much is taken away: a fifth of what was earned stands."""
    rows, points = done
    name = random.Random(seed).choice(sorted(each for each in points if points[each] > 0))
    more = [
        {
            **row,
            "customer_id": f"more of {row['customer_id']}",
            "points": row["points"] + (points[name] if row["activity_type"] == name else 0),
        }
        for row in rows
    ]
    tables = points_tables(rows + more, points, formula)
    names = (
        "int_engagement__activity_points",
        "config_engagement__score_models",
        "config_engagement__activity_weights",
    )
    found = sums(collected(contributions.activity_lines(*map(tables.frame, names))))
    did = {row["customer_id"] for row in rows if row["activity_type"] == name}
    for customer_id in {row["customer_id"] for row in rows}:
        before, after = found[customer_id], found[f"more of {customer_id}"]
        if customer_id in did:
            assert after > before + 1e-9
        else:
            assert after == pytest.approx(before, abs=1e-9)


# --- the examples that the promises name ---


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([47.0, 59.0, 21.0], [20, 15, 22], 40.12),
        ([10.0, 10.0, 0.0], [1, 1, 1], 6.67),
        ([100.0, 60.0, 40.0], [5, 3, 2], 76),
        ([120.0, 120.0, 120.0], [5, 3, 2], 100),
        ([90.0, 80.0, None], [0.5, 0.3, 0.2], 86.25),
    ],
)
def test_score_and_lines_give_the_worked_examples_of_vendors(
    values: list[float | None], weights: list[float], expected: float
) -> None:
    names = ["csat", "nps", "loyalty"]
    parameters = weighed(dict(zip(names, weights, strict=True)))
    given: Row = dict(zip(names, values, strict=True))
    company = Company([score_model()], parameters, always(parameters), [customer(**given)])
    (score,) = company.tables().read_by(scoring)
    lines = company.tables().read_by(contributions)
    assert round(score["score"], 2) == round(sums(lines)["c"], 2) == expected
    if weights == [20, 15, 22]:
        applied = {line["component"]: round(line["applied_weight"], 3) for line in lines}
        assert applied == {"csat": 0.351, "nps": 0.263, "loyalty": 0.386}


def test_recency_of_today_is_100_of_45_days_50_and_of_90_days_and_more_0() -> None:
    recency = parameter("recency_days", 1, lower=90.0, goal=0.0, direction="down")
    found = scaled(range(120), recency)
    assert found[[0, 45, 90, 91, 119]].tolist() == [100, 50, 0, 0, 0]
    assert (np.diff(found[:91]) < 0).all()


def test_the_bounds_of_the_bands_hold_the_scores_at_them() -> None:
    frame = lazy({"score": [59.999, 60.0, 79.999, 80.0]})
    found = collected(frame.with_columns(band=scoring.band(BANDS)))
    assert [row["band"] for row in sorted(found, key=lambda row: row["score"])] == [
        "Low",
        "Moderate",
        "Moderate",
        "Excellent",
    ]
