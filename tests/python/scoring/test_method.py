"""What the score promises, with the numbers that everybody can check by hand: a test per promise.

In the order of the promises, each end to end on built marts. One company serves most of them: the
rows of a promise's customers and score model stand above its test, and are built together. It is
scored on each of 111 days; `once` is the same company scored on one day alone, with every row twice
and in another order, and a thousand extreme customers more.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dbt_project import Project, scoring_project
from made_company import FIRST_DAY, MadeCompany, assert_lines_lead_to_the_scores, columns_of

DAYS = 111
# The longest half-life of 30 days leaves under a tenth at the edge of this window.
WINDOW = 100
EXTREMES = 1000


def on(day: int) -> date:
    """A day of the company's, counted from 0."""
    return FIRST_DAY + timedelta(days=day)


LATEST = on(DAYS - 1)
# Thirty days after the gift that decays, on day 10.
ONE_DAY = on(40)

BANDS = (("Low", 0, 2), ("Moderate", 60, 2), ("Excellent", 80, 2))
EVERYBODY = {"signed_up_at": f"{FIRST_DAY} 00:00:00"}

COMPANY = MadeCompany()
# The data begin on day 0 and have no gap; `steady` is nobody's story.
COMPANY.customer("steady", **EVERYBODY)
COMPANY.did("steady", "website_visit", *(on(day) for day in range(0, DAYS, 3)))
COMPANY.did("steady", "purchase", FIRST_DAY, amount=10, quantity=1)

# Counts for everybody who has no score model of their own.
COMPANY.score_model(
    "overall",
    {
        "interaction_frequency": {"goal": 15, "dimension": "behavioural"},
        "recency_days": {"lower": 90, "goal": 0, "dimension": "behavioural"},
    },
    bands=BANDS,
    window_days=28,
    priority=3,
)
# Its points have no cap, decay or other models' divisors, but where a promise needs them.
COMPANY.score_model(
    "points",
    points={
        "website_visit": 1,
        "email_open": {"points": 1, "daily_cap": 20},
        "support_ticket": -1,
        "purchase": 10,
        "store_visit": 1,
        "app_download": {"points": 10, "half_life_days": 30},
    },
    window_days=WINDOW,
)


def set_up(project: Project, company: MadeCompany, *marts: str, **variables: Any) -> Project:
    """The company in a project, its store visits counted by what they brought; builds the marts."""
    types = project.seed_rows("activity_types")
    for row in types:
        if row["activity_type"] == "store_visit":
            row["value_basis"] = "amount"
    project.write_seed("activity_types", types)
    settings: dict[str, Any] = {
        "scoring_grain": "day",
        "scoring_end": str(LATEST),
        "detail_periods": DAYS,
        "reporting_timezone": "Europe/Berlin",
        "segment_columns": ["story", "plan", "region"],
        "min_segment_size": 1,
    }
    company.set_up(project, **{**settings, **variables})
    run = project.build("--select", *(f"+{mart}" for mart in marts))
    assert run.success, run.said
    return project


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return set_up(
        scoring_project(tmp_path_factory.mktemp("method") / "project"),
        COMPANY,
        "customer_engagement",
        "engagement_segments",
        "engagement_what_if",
    )


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One run on one day, and much that must not move a score."""
    draw = random.Random(3)
    other = MadeCompany()
    extremes = MadeCompany()
    for number in range(EXTREMES):
        customer = f"extreme{number:03}"
        extremes.did(customer, "website_visit", *(on(day) for day in range(25, 41)))
        extremes.did(customer, "purchase", on(30), amount=99999999, quantity=9999)
    for row in extremes.inputs["interactions"]:
        row["interaction_id"] = f"x{row['interaction_id']}"
    for name, rows in COMPANY.inputs.items():
        twice = rows * 2 if name == "interactions" else rows
        more = extremes.inputs[name]
        other.inputs[name] = draw.sample([*twice, *more], len(twice) + len(more))
    for seed, rows in COMPANY.seeds.items():
        other.seeds[seed] = rows[::-1]
    return set_up(
        scoring_project(tmp_path_factory.mktemp("once") / "project"),
        other,
        "customer_engagement",
        scoring_start=str(ONE_DAY),
        scoring_end=str(ONE_DAY),
    )


Score = dict[str, Any]


@pytest.fixture(scope="module")
def scores(company: Project) -> dict[tuple[str, str, date], Score]:
    """By customer, score model and day, in the first version."""
    return {
        (row["customer_id"], row["score_model"], row["period_end"]): row
        for row in company.records("select * from engagement_scores where version = '1'")
    }


Scores = dict[tuple[str, str, date], Score]


def lines(
    project: Project, customer: str, score_model: str, day: date = LATEST
) -> dict[str, Score]:
    """The lines of a score, by component."""
    return {
        row["component"]: row
        for row in project.records(
            "select * from engagement_contributions where version = '1' "
            f"and customer_id = '{customer}' and score_model = '{score_model}' "
            f"and period_end = date '{day}'"
        )
    }


def contributions(found: Mapping[str, Score]) -> dict[str, float]:
    return {component: line["contribution"] for component, line in found.items()}


# --- the score ---

for formula in ("weighted_sum", "metric_mean", "weighted_mean"):
    COMPANY.score_model(
        formula,
        points={"website_visit": 1, "email_click": 2, "purchase": 5},
        formula=formula,
        window_days=WINDOW,
    )
COMPANY.customer("ann", "ben", story="formulas", **EVERYBODY)
COMPANY.did("ann", "website_visit", *(on(day) for day in range(50, 60)))
COMPANY.did("ann", "email_click", *(on(day) for day in range(60, 65)))
COMPANY.did("ann", "purchase", on(65), on(66))
for done in ("website_visit", "email_click", "purchase"):
    COMPANY.did("ben", done, on(70))


def test_every_formula(company: Project, scores: Scores) -> None:
    """10 visits, 5 clicks, 2 purchases at 1, 2, 5: 30, 10 and 3.75; 10 activities per customer."""
    found = {
        formula: scores["ann", formula, LATEST]["score"]
        for formula in ("weighted_sum", "metric_mean", "weighted_mean")
    }
    assert found == {"weighted_sum": 30, "metric_mean": 10, "weighted_mean": 3.75}
    assert company.query(
        "select customers, activities_per_customer from engagement_segments "
        "where segment_column = 'story' and segment = 'formulas' "
        f"and score_model = 'weighted_sum' and period_end = date '{LATEST}'"
    ) == [(2, 10)]


# Visits to the site count by their number, visits to a store by their amount.
COMPANY.customer("cy", "di", **EVERYBODY)
for customer, amount in (("cy", 12.5), ("di", 25)):
    COMPANY.did(customer, "website_visit", on(60), on(61), amount=amount)
    COMPANY.did(customer, "store_visit", on(60), on(62), amount=amount)


def test_counts_and_values(company: Project) -> None:
    """Twice the amounts: twice the value of an activity by amount, and of no other."""
    assert contributions(lines(company, "cy", "points")) == {"website_visit": 2, "store_visit": 25}
    assert contributions(lines(company, "di", "points")) == {"website_visit": 2, "store_visit": 50}


COMPANY.score_model(
    "relative", {"interaction_frequency": {"scaling": "percentile"}}, window_days=WINDOW
)


def test_absolute_scale(scores: Scores, once: Project) -> None:
    """A thousand extreme customers more: no score moves; percentile ranks do."""
    moved = set()
    found = once.records("select * from engagement_scores where version = '1'")
    for row in found:
        key = (row["customer_id"], row["score_model"], row["period_end"])
        if row["customer_id"].startswith("extreme"):
            continue
        if row["score_model"] == "relative":
            if row["score"] != scores[key]["score"]:
                moved.add(row["customer_id"])
        else:
            assert_the_same(row, scores[key])
    assert "steady" in moved
    extremes = {row["customer_id"] for row in found if row["customer_id"].startswith("extreme")}
    assert len(extremes) == EXTREMES


def assert_the_same(row: Score, other: Score) -> None:
    """Two rows of engagement_scores but for settled_band, which knows of the days before."""
    for column in ("raw_score", "score", "coverage"):
        if row[column] is None or other[column] is None:
            assert row[column] is other[column] is None, (row, other)
        else:
            assert math.isclose(row[column], other[column], rel_tol=0, abs_tol=1e-9), (row, other)
    for column in ("status", "band", "is_champion", "is_overridden", "exposed_days"):
        assert row[column] == other[column], (row, other)


# The south's champion is the mean of three metrics from 0 to 100, here of equal ones.
for at in ("79.94", "79.96", "80"):
    COMPANY.customer(f"at_{at}", region="south", **EVERYBODY)
    COMPANY.did(f"at_{at}", "purchase", on(80), amount=at, quantity=at)

# Customers who spent 0 to 100 in steps of .001, on one day of one week.
STEPS = 100_001


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A customer for each step, whose lifetime value is scaled in three ways."""
    made = MadeCompany()
    for scaling, row in {
        "goal": {"goal": 100},
        "saturation": {"goal": 50},
        "log_goal": {"lower": 10, "goal": 50},
    }.items():
        made.score_model(
            scaling, {"lifetime_value": {"scaling": scaling, **row}}, bands=BANDS, window_days=7
        )
    for step in range(STEPS):
        made.did(f"c{step:06}", "purchase", FIRST_DAY, amount=step / 1000)
    project = scoring_project(tmp_path_factory.mktemp("ladder") / "project")
    made.set_up(project, scoring_end=str(FIRST_DAY + timedelta(days=6)))
    run = project.build("--select=+engagement_scores")
    assert run.success, run.said
    return project


def climbing(ladder: Project, score_model: str) -> list[float]:
    """The raw score at each step, which no clamp of the index as a whole has seen."""
    found = ladder.query(
        "select raw_score from engagement_scores "
        f"where score_model = '{score_model}' order by customer_id"
    )
    assert len(found) == STEPS
    return [score for (score,) in found]


def test_gap_free_bands(ladder: Project, company: Project) -> None:
    """0 to 100 by .001: one band each; what shows as 80.0 and is not stays, and says so."""
    found = ladder.query(
        "select score, band, is_just_below_bound from engagement_scores "
        "where score_model = 'goal' order by customer_id"
    )
    assert len(found) == STEPS
    bands = {}
    for step, (score, band, is_just_below) in enumerate(found):
        assert score == pytest.approx(step / 1000, abs=1e-9)
        assert band == ("Excellent" if step >= 80_000 else "Moderate" if step >= 60_000 else "Low")
        # 79.95 is a tie that may be shown either way.
        if step not in (59_950, 79_950):
            assert is_just_below == (59_950 < step < 60_000 or 79_950 < step < 80_000), step
        bands[step] = band
    assert (bands[79_999], bands[80_000], bands[59_999]) == ("Moderate", "Excellent", "Low")
    notes = dict(
        company.query(
            "select customer_id, band_note from customer_engagement where customer_id like 'at_%'"
        )
    )
    assert notes == {
        "at_79.96": "shows as 80.0 and is under it: stays Moderate",
        "at_79.94": None,
        "at_80": None,
    }


# Just after midnight in Berlin is the day before in UTC: all 21 are of one local day.
COMPANY.customer("opener", "opener_20", **EVERYBODY)
COMPANY.did("opener", "email_open", *[on(69)] * 6, at="23:30:00")
COMPANY.did("opener", "email_open", *[on(70)] * 15)
COMPANY.did("opener_20", "email_open", *[on(70)] * 20)


def test_caps(company: Project, scores: Scores) -> None:
    """The 21st opening of a local day under a cap of 20 adds nothing: 20 counted, 1 capped."""
    line = lines(company, "opener", "points")["email_open"]
    assert (line["value"], line["counted_value"], line["contribution"]) == (21, 20, 20)
    assert scores["opener", "points", LATEST]["score"] == 20
    assert scores["opener_20", "points", LATEST]["score"] == 20


def test_saturation_and_log(ladder: Project) -> None:
    """From 0 at 0 (log: at lower, 10) to 95 and 100 at the goal of 50; ever less for a step."""
    saturation, log_goal = climbing(ladder, "saturation"), climbing(ladder, "log_goal")
    assert saturation[0] == 0
    assert saturation[50_000] == pytest.approx(95, abs=1e-9)
    assert 95 < saturation[-1] < 100
    assert set(log_goal[:10_001]) == {0}
    assert set(log_goal[50_000:]) == {100}
    assert log_goal[49_999] < 100 < log_goal[49_999] + 0.01
    for rising in (saturation, log_goal[10_000:50_001]):
        steps = [after - before for before, after in pairwise(rising)]
        assert min(steps) > 0
        # The scores themselves are rounded to ten decimals.
        assert all(later <= earlier + 1e-9 for earlier, later in pairwise(steps))


COMPANY.score_model(
    "recency", {"recency_days": {"lower": 90, "goal": 0}}, bands=BANDS, window_days=WINDOW
)
COMPANY.customer("once_only", **EVERYBODY)
COMPANY.did("once_only", "website_visit", on(10))


def test_direction(scores: Scores) -> None:
    """recency_days from 90 to 0: today 100, 45 days 50, 90 days and more 0."""
    found = {age: scores["once_only", "recency", on(10 + age)]["raw_score"] for age in range(101)}
    assert (found[0], found[45], found[90], found[91], found[100]) == (100, 50, 0, 0, 0)
    assert all(later < earlier for earlier, later in pairwise([found[age] for age in range(91)]))


COMPANY.customer("dee", "often", **EVERYBODY)
COMPANY.did("dee", "app_download", on(10))
# Each activity with and without decay, on many days.
COMPANY.did("often", "app_download", *(on(day) for day in range(2, 100, 5)))
COMPANY.did("often", "email_click", *(on(day) for day in range(3, 100, 7)))


def test_decay(scores: Scores, once: Project) -> None:
    """10 points, half-life 30 days: 5 and 2.5; daily for 30 days is once on day 30, to 1e-9."""
    found = {age: scores["dee", "points", on(10 + age)]["score"] for age in (0, 30, 60)}
    assert found == pytest.approx({0: 10, 30: 5, 60: 2.5}, abs=1e-9)
    in_one_run = dict(
        once.query(
            "select customer_id, raw_score from engagement_scores where score_model='points'"
        )
    )
    for customer in ("dee", "often"):
        daily = scores[customer, "points", ONE_DAY]["raw_score"]
        assert in_one_run[customer] == pytest.approx(daily, abs=1e-9)
    by_hand = math.fsum(10 * 2 ** (-(40 - day) / 30) for day in range(2, 41, 5))
    assert in_one_run["often"] == pytest.approx(by_hand, abs=1e-9)


COMPANY.customer("complainer", **EVERYBODY)
COMPANY.did("complainer", "purchase", *[on(20)] * 5)
COMPANY.did("complainer", "support_ticket", on(21))
COMPANY.did("complainer", "support_ticket", *[on(22)] * 999)
COMPANY.did("complainer", "purchase", on(23))


def test_negative_activities(company: Project, scores: Scores) -> None:
    """A complaint lowers 50; 1,000 leave a fifth; the next purchase raises at once."""
    found = [scores["complainer", "points", on(day)]["score"] for day in (20, 21, 22, 23)]
    assert found == [50, 49, 10, 12]
    assert contributions(lines(company, "complainer", "points", on(22))) == {
        "purchase": 50,
        "support_ticket": -1000,
        "negative_limit": 960,
    }


# Values of 90, 80 and none; nps is a metric that others have.
THREE = {
    "lifetime_value": {"weight": 0.5, "goal": 100},
    "average_order_value": {"weight": 0.3, "goal": 112.5},
}
for policy in ("rescale", "zero", "neutral", "require"):
    COMPANY.score_model(
        policy,
        {**THREE, "nps": {"weight": 0.2, "goal": 10, "missing": policy}},
        window_days=WINDOW,
        min_coverage=0.8,
    )
COMPANY.customer("unasked", **EVERYBODY)
COMPANY.did("unasked", "purchase", on(80), amount=90)
COMPANY.answered("steady", "nps", 8, on(5))


def test_missing_is_not_zero(company: Project, scores: Scores) -> None:
    """90, 80 and none at .5, .3, .2: 86.25 rescaled, 69 as zero; the policy stands on the row."""
    found = {
        policy: scores["unasked", policy, LATEST]["score"]
        for policy in ("rescale", "zero", "neutral", "require")
    }
    assert found == {"rescale": 86.25, "zero": 69, "neutral": 79, "require": None}
    assert scores["unasked", "require", LATEST]["status"] == "insufficient_data"
    for policy, scaled, applied in (("rescale", None, 0), ("zero", 0, 0.2), ("neutral", 50, 0.2)):
        line = lines(company, "unasked", policy)["nps"]
        assert (line["missing_policy"], line["value"]) == (policy, None)
        assert line["scaled_value"] == scaled
        assert line["applied_weight"] == pytest.approx(applied, abs=1e-9)
        assert scores["unasked", policy, LATEST]["coverage"] == pytest.approx(0.8, abs=1e-9)


# Whoever orders nothing in four weeks lacks most of it.
COMPANY.score_model(
    "demanding",
    {"active_days": {"goal": 15}, "average_order_value": {"weight": 9, "goal": 100}},
    bands=BANDS,
    window_days=28,
    min_coverage=0.5,
)
COMPANY.customer("silent", "card", "buyer", **EVERYBODY)
COMPANY.did("buyer", "purchase", on(100), amount=10)
COMPANY.did("silent", "website_visit", *(on(day) for day in range(16)))


def test_silent_is_not_missing(company: Project, scores: Scores) -> None:
    """Silent for the whole window: Low. Nothing but a customers row: no score, and no rank.

    Low also where too little of the score can be told, which is no score for who was active.
    """
    now = {row["customer_id"]: row for row in company.records("select * from customer_engagement")}
    silent, card = now["silent"], now["card"]
    # 95 days ago at `lower` 90, and never in four weeks.
    assert (silent["status"], silent["score"], silent["band"]) == ("scored", 0, "Low")
    assert silent["score_rank"] is not None
    assert card["status"] == "insufficient_data"
    columns = ("score", "band", "settled_band", "score_rank", "percentile_rank")
    assert {card[column] for column in columns} == {None}
    for who, expected in (("silent", ("scored", "Low")), ("steady", ("insufficient_data", None))):
        row = scores[who, "demanding", LATEST]
        assert (row["status"], row["band"], row["coverage"]) == (*expected, 0.1)
    of_card = [row for (customer, _, _), row in scores.items() if customer == "card"]
    assert len(of_card) > DAYS
    assert {(row["status"], row["score"], row["band"]) for row in of_card} == {
        ("insufficient_data", None, None)
    }


COMPANY.score_model(
    "rates",
    {"interaction_frequency": {"goal": 40}, "active_days": {"goal": 30}},
    window_days=WINDOW,
)
# Every other day, for ninety days and for ten.
COMPANY.customer("veteran", signed_up_at=f"{on(21)} 00:00:00")
COMPANY.customer("newcomer", signed_up_at=f"{on(101)} 00:00:00")
COMPANY.did("veteran", "website_visit", *(on(day) for day in range(21, DAYS, 2)))
COMPANY.did("newcomer", "website_visit", *(on(day) for day in range(101, DAYS, 2)))
COMPANY.did("visitor", "website_visit", LATEST)


def test_newcomers(company: Project, scores: Scores) -> None:
    """The same habit for ten days and for ninety: the same rates. One visit on day one: new."""
    newcomer, veteran = (scores[who, "rates", LATEST] for who in ("newcomer", "veteran"))
    assert (newcomer["exposed_days"], veteran["exposed_days"]) == (10, 90)
    assert newcomer["score"] == veteran["score"] == 43.75
    for who in ("newcomer", "veteran"):
        found = lines(company, who, "rates")
        values = {component: line["value"] for component, line in found.items()}
        assert values == {"interaction_frequency": 15, "active_days": 15}
    of_visitor = [row for (customer, _, _), row in scores.items() if customer == "visitor"]
    assert {(row["status"], row["score"], row["band"]) for row in of_visitor} == {
        ("new", None, None)
    }


COMPANY.score_model(
    "clicks",
    {"interaction_frequency": {"goal": 6}, "click_through_rate": {"goal": 0.5}},
    window_days=WINDOW,
)
COMPANY.customer("never_sent", "never_clicked", "clicked", **EVERYBODY)
for who in ("never_sent", "never_clicked"):
    COMPANY.did(who, "website_visit", *(on(day) for day in range(20, 30)))
COMPANY.did("never_clicked", "email_sent", *(on(day) for day in range(30, 40)))
COMPANY.did("clicked", "website_visit", *(on(day) for day in range(20, 25)))
COMPANY.did("clicked", "email_sent", *(on(day) for day in range(30, 40)))
COMPANY.did("clicked", "email_click", *(on(day) for day in range(30, 35)))


def test_fairness_of_exposure(company: Project, scores: Scores) -> None:
    """Never sent an e-mail: no penalty for no clicks. Sent 10 and clicked none: 0."""
    found = {
        who: lines(company, who, "clicks") for who in ("never_sent", "never_clicked", "clicked")
    }
    rates = {who: line["click_through_rate"] for who, line in found.items()}
    assert {who: (rate["value"], rate["scaled_value"]) for who, rate in rates.items()} == {
        "never_sent": (None, None),
        "never_clicked": (0, 0),
        "clicked": (0.5, 100),
    }
    # Ten interactions in the window of a hundred days each: 3 in 30, half of the goal.
    score = {who: scores[who, "clicks", LATEST]["score"] for who in found}
    assert score == {"never_sent": 50, "never_clicked": 25, "clicked": 75}


def test_minimal_input(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Three columns of interactions, and the score model as it is shipped: everybody is scored."""
    project = scoring_project(tmp_path_factory.mktemp("minimal") / "project")
    shipped = {seed: project.seed_rows(seed) for seed in ("score_models", "score_metrics")}
    made = MadeCompany()
    for number in range(12):
        done = ("website_visit", "email_click", "purchase", "feature_use")[number % 4]
        made.did(f"c{number}", done, *(on(day) for day in range(0, 56, number + 1)))
    for row in made.inputs["interactions"]:
        del row["interaction_id"]
    assert columns_of(made.inputs["interactions"]) == [
        "customer_id",
        "activity_type",
        "occurred_at",
    ]
    made.map_inputs(project)
    assert shipped == {seed: project.seed_rows(seed) for seed in shipped}
    run = project.build("--select=+path:models/marts/customers/customer_engagement.sql")
    assert run.success, run.said
    found = project.query("select status, score, band, top_driver_up from customer_engagement")
    assert len(found) == 12
    assert {status for status, *_ in found} == {"scored"}
    assert all(0 <= score <= 100 and band and driver for _, score, band, driver in found)
    assert len({score for _, score, _, _ in found}) > 6


# Groups of 47, 59 and 21, of 10, 10 and 0, of 60, 100 and 40: what an order is worth, what all of
# them are, and how many items are in one. A renewal has an amount and is no order.
GROUPS = ("average_order_value", "lifetime_value", "basket_size")


def grouped(*weights: float) -> dict[str, dict[str, float]]:
    """Three metrics from 0 to 100, at these weights."""
    return {
        metric: {"weight": weight, "goal": 100}
        for metric, weight in zip(GROUPS, weights, strict=True)
    }


COMPANY.score_model("weights_20_15_22", grouped(20, 15, 22), window_days=WINDOW)
COMPANY.score_model("weights_1_1_1", grouped(1, 1, 1), window_days=WINDOW)
COMPANY.score_model("weights_3_5_2", grouped(3, 5, 2), window_days=WINDOW)
COMPANY.score_model("geometric", grouped(20, 15, 22), window_days=WINDOW, aggregation="geometric")
for who, order, renewed, items in (
    ("groups_47_59_21", 47, 12, 21),
    ("groups_10_10_0", 10, 0, 0),
    ("groups_60_100_40", 60, 40, 40),
    ("groups_50_50_50", 50, 0, 50),
    ("groups_120", 120, 0, 120),
):
    COMPANY.customer(who, **EVERYBODY)
    COMPANY.did(who, "purchase", on(80), amount=order, quantity=items)
    if renewed:
        COMPANY.did(who, "renewal", on(81), amount=renewed)


def test_weights(company: Project) -> None:
    """20, 15, 22 become .351, .263, .386.

    Wrong weights stop the run before anything is scored: test_config_problems.
    """
    found = lines(company, "groups_47_59_21", "weights_20_15_22")
    applied = [found[metric]["applied_weight"] for metric in GROUPS]
    assert [round(weight, 3) for weight in applied] == [0.351, 0.263, 0.386]
    assert math.fsum(applied) == pytest.approx(1, abs=1e-9)


def test_aggregation(scores: Scores) -> None:
    """Geometric is at most arithmetic, equal where all parts are, and defined where one is 0."""
    both = {
        key: (row["raw_score"], scores[key[0], "weights_20_15_22", key[2]]["raw_score"])
        for key, row in scores.items()
        if key[1] == "geometric" and row["raw_score"] is not None
    }
    assert len(both) > DAYS
    assert all(0 <= geometric <= arithmetic + 1e-9 for geometric, arithmetic in both.values())
    found = {key[0]: pair for key, pair in both.items() if key[2] == LATEST}
    assert found["groups_50_50_50"] == pytest.approx((50, 50), abs=1e-9)
    assert found["groups_47_59_21"][0] < found["groups_47_59_21"][1] - 1
    # Of parts s: the mean of ln(1 + s) by weight, back from the logarithm.
    by_hand = math.exp(35 / 57 * math.log(11)) - 1
    assert found["groups_10_10_0"] == pytest.approx((by_hand, 350 / 57), abs=1e-9)


COMPANY.score_model(
    "pro", grouped(1, 1, 1), window_days=WINDOW, priority=2, segment_column="plan",
    segment_value="pro",
)  # fmt: skip
COMPANY.score_model(
    "south", grouped(1, 1, 1), bands=BANDS, window_days=WINDOW, priority=1, segment_column="region",
    segment_value="south",
)  # fmt: skip
COMPANY.customer("pro_south", plan="pro", region="south", **EVERYBODY)
COMPANY.customer("pro_north", plan="pro", region="north", **EVERYBODY)
COMPANY.customer("free_south", plan="free", region="south", **EVERYBODY)
for who in ("pro_south", "pro_north", "free_south"):
    COMPANY.did(who, "purchase", on(20), amount=30, quantity=2)


def test_one_model_a_customer(company: Project, once: Project) -> None:
    """In two segments the lower priority number wins; `once` has the rows in another order."""
    expected = {"pro_south": "south", "pro_north": "pro", "free_south": "south", "ann": "overall"}
    for project in (company, once):
        found = project.query("select customer_id, score_model from customer_engagement")
        assert expected.items() <= dict(found).items()
        assert len(found) == len(dict(found))


def test_vendors_worked_examples(company: Project, scores: Scores) -> None:
    """47, 59, 21 weighted 20, 15, 22: 40.12; 10, 10, 0: 6.67; 100, 60, 40 at 5, 3, 2: 76."""

    def score(customer: str, score_model: str) -> float:
        return scores[customer, score_model, LATEST]["score"]

    assert round(score("groups_47_59_21", "weights_20_15_22"), 2) == 40.12
    assert round(score("groups_10_10_0", "weights_1_1_1"), 2) == 6.67
    assert score("groups_60_100_40", "weights_3_5_2") == pytest.approx(76, abs=1e-9)
    # 120 capped at 100, where the value stays what it was.
    row = scores["groups_120", "weights_1_1_1", LATEST]
    assert (row["score"], row["raw_score"]) == (100, 100)
    for line in lines(company, "groups_120", "weights_1_1_1").values():
        assert (line["value"], line["scaled_value"]) == (120, 100)


def test_properties(company: Project, scores: Scores, once: Project) -> None:
    """Bounded, and blind to the order of rows and to duplicates; at random in test_properties."""
    index = dict(
        company.query("select score_model, formula = 'index' from config_engagement__score_models")
    )
    for (_, score_model, _), row in scores.items():
        for column in ("raw_score", "score"):
            if row[column] is not None:
                assert row[column] >= 0
                assert row[column] <= 100 or not index[score_model]
    # Every row is there twice: what was read is, what counts is not.
    twice = (
        f"count(*) from int_engagement__interaction_ledger where occurred_on <= date '{ONE_DAY}'"
    )
    made = "and customer_id not like 'extreme%'"
    assert once.query(f"select {twice} {made}") == company.query(f"select {twice}")
    for row in once.records(
        "select * from engagement_scores where version = '1' and score_model != 'relative' "
        "and customer_id not like 'extreme%'"
    ):
        assert_the_same(row, scores[row["customer_id"], row["score_model"], row["period_end"]])


# --- why, and why it changed ---


def test_contributions(company: Project) -> None:
    """Lines add up to raw_score, with `cap` and `override` to score, to 1e-9 on every row."""
    assert assert_lines_lead_to_the_scores(company) > 50_000


COMPANY.score_model("two_versions", grouped(20, 15, 22), window_days=WINDOW)
COMPANY.score_model(
    "two_versions", grouped(1, 1, 1), window_days=WINDOW, version="2", valid_from=on(90)
)


def test_versions(company: Project) -> None:
    """A new version leaves the rows before it alone.

    To the last digit, and an edited version stops the run: test_versions.
    """
    found = company.query(
        "select period_end, version, round(score, 2) from engagement_scores "
        "where customer_id = 'groups_47_59_21' and score_model = 'two_versions' "
        f"and period_end > date '{on(80)}' order by period_end"
    )
    assert found == [
        (on(day), *(("1", 40.12) if day < 90 else ("2", 42.33))) for day in range(81, DAYS)
    ]


COMPANY.score_model(
    "overall",
    {
        "interaction_frequency": {"goal": 15, "dimension": "behavioural"},
        "recency_days": {"lower": 90, "goal": 0, "dimension": "behavioural"},
    },
    bands=BANDS,
    window_days=28,
    version="challenger",
    status="challenger",
    priority=0,
)


def test_what_if(company: Project) -> None:
    """Champion = challenger: every difference 0; the migration matrix adds up to the customers."""
    found = company.query(
        "select champion_model, champion_score, score_difference, band_move, moved_by "
        "from engagement_what_if"
    )
    same = {
        (difference, move, moved_by)
        for model, score, difference, move, moved_by in found
        if model == "overall" and score is not None
    }
    assert same == {(0, "same", None)}
    matrix = company.query(
        "select champion_band, challenger_band, count(*) from engagement_what_if group by all"
    )
    (customers,) = company.query("select count(*) from customer_engagement")[0]
    assert sum(count for _, _, count in matrix) == customers == len(found)


COMPANY.score_model("value", {"lifetime_value": {"goal": 100}}, bands=BANDS, window_days=WINDOW)
COMPANY.customer("vip", **EVERYBODY)
COMPANY.did("vip", "purchase", on(10), amount=50)
COMPANY.override("vip", "value", 120, on(60), on(80), reason="key account", author="ops")


def test_overrides(company: Project, scores: Scores) -> None:
    """While it holds raw_score stays; after it has expired the score returns.

    Reason, author and expiry are required: test_config_problems.
    """
    held = [day for day in range(20, DAYS) if scores["vip", "value", on(day)]["is_overridden"]]
    assert held == list(range(60, 81))
    for day in range(20, DAYS):
        row = scores["vip", "value", on(day)]
        assert row["raw_score"] == 50
        assert (row["score"], row["band"]) == ((100, "Excellent") if day in held else (50, "Low"))
    assert contributions(lines(company, "vip", "value", on(60))) == {
        "lifetime_value": 50,
        "override": 70,
        "cap": -20,
    }


# 79, 81, 79 ... on twenty days, and 82 well after them.
COMPANY.customer("swing", **EVERYBODY)
COMPANY.did("swing", "purchase", on(20), amount=79)
COMPANY.did("swing", "purchase", *(on(day) for day in range(21, 40, 2)), amount=2)
COMPANY.did("swing", "refund", *(on(day) for day in range(22, 40, 2)), amount=2)
COMPANY.did("swing", "purchase", on(60), amount=1)


def test_bands_that_hold(scores: Scores) -> None:
    """79, 81, 79 ... 20 times with margin 2: band changes 19 times, settled_band never.

    Equal to a plain loop on random series with gaps: test_settled_bands.
    """
    rows = [scores["swing", "value", on(day)] for day in range(20, 40)]
    assert [row["score"] for row in rows] == [79, 81] * 10
    assert sum(one["band"] != two["band"] for one, two in pairwise(rows)) == 19
    assert {row["settled_band"] for row in rows} == {"Moderate"}
    later = [scores["swing", "value", on(day)] for day in (59, 60)]
    assert [(row["score"], row["settled_band"]) for row in later] == [
        (81, "Moderate"),
        (82, "Excellent"),
    ]
