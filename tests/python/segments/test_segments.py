"""Segments, accounts and touchpoints show the planted stories of docs/demo.md, and add up.

The unit tests of the models check a few rows; here it is the whole demo, and randomly drawn
segments.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from dbt_project import Project
from scipy import stats

LATEST = date(2025, 6, 29)
LEAST_CUSTOMERS = 5
# The numbers that a segment hides where it is too small.
NUMBERS = (
    "mean_score",
    "mean_score_lower",
    "mean_score_upper",
    "median_score",
    "top_band_share",
    "bottom_band_share",
    "band_shares",
    "activities_per_customer",
    "answered_customers",
    "mean_satisfaction",
    "mean_score_change",
    "within_change",
    "mix_change",
    "share_of_change",
    "above_total_share",
    "trend",
)

Row = dict[str, Any]


@pytest.fixture(scope="module")
def segments(demo: Project) -> list[Row]:
    return demo.records("select * from engagement_segments")


def latest(rows: list[Row], segment_column: str) -> dict[str, Row]:
    """The rows of a segment column at the end, by segment."""
    return {
        row["segment"]: row
        for row in rows
        if row["segment_column"] == segment_column and row["period_end"] == LATEST
    }


# --- stories of segments ---


def test_the_segment_that_churns_is_the_one_that_declines(segments: list[Row]) -> None:
    pairs = latest(segments, "plan x region")
    assert {name for name, row in pairs.items() if row["trend"] == "declining"} == {"free x south"}
    assert pairs["free x south"]["customers"] == 32
    # It was above the total's mean until May.
    assert 0.5 < pairs["free x south"]["above_total_share"] < 1
    assert pairs["free x south"]["mean_score_upper"] < pairs["free x east"]["mean_score"]


def test_the_segment_that_churns_takes_the_total_down(segments: list[Row]) -> None:
    """From May on; the gains of most others make up for part of it."""
    parts: dict[str, float] = defaultdict(float)
    for row in segments:
        if row["segment_column"] == "plan x region" and row["period_end"] > date(2025, 5, 4):
            parts[row["segment"]] += row["within_change"] + row["mix_change"]
    first, second = sorted(parts, key=parts.__getitem__)[:2]
    assert first == "free x south"
    assert parts[first] < 3 * parts[second]


def test_events_are_shown_beside_the_segments(segments: list[Row]) -> None:
    during = {
        row["period_end"]
        for row in segments
        if row["segment_column"] == "all" and "campaign" in (row["external_events"] or "")
    }
    assert during == {date(2025, 5, 4), date(2025, 5, 11)}


def test_engagement_is_not_satisfaction(demo: Project, segments: list[Row]) -> None:
    quadrants = latest(segments, "satisfaction_quadrant")
    assert quadrants.keys() == {
        "engaged_happy",
        "engaged_unhappy",
        "quiet_happy",
        "quiet_unhappy",
        "(unknown)",
    }
    assert quadrants["engaged_unhappy"]["customers"] > 10
    # The highest scores do not have the best answers.
    bands = latest(segments, "band")
    assert bands["Excellent"]["mean_satisfaction"] < bands["Low"]["mean_satisfaction"]
    assert demo.query(
        "select satisfaction_quadrant from int_engagement__customer_states "
        f"where customer_id = 'c003' and period_end = date '{LATEST}'"
    ) == [("engaged_unhappy",)]


@pytest.mark.parametrize(
    ("customer", "stage", "purchases"),
    [
        ("c002", "at_risk", "repeat_buyer"),
        ("c004", "established", "repeat_buyer"),
        ("c005", "established", "lapsed_buyer"),
        ("c008", "new", "repeat_buyer"),
        ("c009", "new", "never_bought"),
        ("c033", "churned", "never_bought"),
        ("c375", "unknown", "never_bought"),
    ],
)
def test_the_customers_of_the_stories_are_in_their_stages(
    demo: Project, customer: str, stage: str, purchases: str
) -> None:
    found = demo.query(
        "select lifecycle_stage, purchase_segment from int_engagement__customer_states "
        f"where customer_id = '{customer}' and period_end = date '{LATEST}'"
    )
    assert found == [(stage, purchases)]


def test_customers_who_cancelled_are_churned(segments: list[Row]) -> None:
    assert latest(segments, "lifecycle_stage")["churned"]["customers"] == 46


# --- intervals and suppression ---


def test_the_interval_of_a_mean_is_that_of_scipy(demo: Project, segments: list[Row]) -> None:
    """Recomputed from the customers; the smallest size shown, five, is the hardest case."""
    scores = defaultdict(list)
    for segment, period_end, score in demo.query(
        "select lifecycle_stage, period_end, score from int_engagement__customer_states "
        "inner join int_engagement__score_trends using (customer_id, period_end) "
        "where score is not null"
    ):
        scores[segment, period_end].append(score)
    sizes = set()
    for row in segments:
        if row["segment_column"] != "lifecycle_stage" or row["mean_score"] is None:
            continue
        values = scores[row["segment"], row["period_end"]]
        assert row["mean_score"] == pytest.approx(math.fsum(values) / len(values), abs=1e-9)
        if len(set(values)) == 1:
            assert row["mean_score_upper"] - row["mean_score_lower"] < 1e-6
            continue
        lower, upper = stats.t.interval(
            0.95, len(values) - 1, loc=row["mean_score"], scale=stats.sem(values)
        )
        width = upper - lower
        assert row["mean_score_lower"] == pytest.approx(lower, abs=1e-3 * width + 1e-9)
        assert row["mean_score_upper"] == pytest.approx(upper, abs=1e-3 * width + 1e-9)
        sizes.add(len(values))
    assert min(sizes) < 8
    assert max(sizes) > 200


def test_small_segments_show_their_sizes_only(segments: list[Row]) -> None:
    small = [row for row in segments if row["is_suppressed"]]
    assert len(small) > 50
    for row in small:
        assert row["customers"] < LEAST_CUSTOMERS or row["scored_customers"] < LEAST_CUSTOMERS
        assert {row[number] for number in NUMBERS} == {None}
    for row in segments:
        if row["segment_column"] != "all" and 0 < row["scored_customers"] < LEAST_CUSTOMERS:
            assert row["is_suppressed"], row


# --- parts of a change ---


def assert_parts_add_up(rows: list[Row]) -> int:
    """To 1e-9 in every column and period that has a change; returns how many these are."""
    totals = {
        (row["score_model"], row["period_end"]): row
        for row in rows
        if row["segment_column"] == "all" and row["mean_score_change"] is not None
    }
    parts = defaultdict(list)
    for row in rows:
        parts[row["segment_column"], row["score_model"], row["period_end"]].append(row)
    found = 0
    for (segment_column, score_model, period_end), column in parts.items():
        total = totals.get((score_model, period_end))
        if total is None:
            assert {row["within_change"] for row in column} == {None}
            continue
        found += 1
        added = math.fsum(row["within_change"] + row["mix_change"] for row in column)
        change = total["mean_score_change"]
        assert added == pytest.approx(change, abs=1e-9), (segment_column, period_end)
        if abs(change) > 1e-3:
            shares = math.fsum(row["share_of_change"] for row in column)
            assert shares == pytest.approx(1, abs=1e-6)
    return found


def drawn_segments(draw: Random, score_model: str) -> list[tuple]:
    """Rows of a segment column and of all, from drawn customers; segments come and go."""
    rows = []
    for week in range(8):
        period_end = LATEST - timedelta(days=7 * week)
        everybody: list[int] = []
        for segment in "abcd":
            scored = draw.choice([0, 0, 1, 2, 5, draw.randint(1, 50)])
            scores = [draw.randint(0, 100) for _ in range(scored)]
            unscored = draw.choice([0, 0, 3])
            everybody += scores
            if scores or unscored:
                rows.append((score_model, "drawn", segment, period_end, scores, unscored))
        rows.append((score_model, "all", "all", period_end, everybody, 5))
    return rows


def simpsons(before: date, after: date) -> list[tuple]:
    """Both segments rise; eight of ten customers are in the better one before, and two after."""
    return [
        ("simpson", "drawn", "free", before, [10] * 2, 0),
        ("simpson", "drawn", "pro", before, [80] * 8, 0),
        ("simpson", "all", "all", before, [10] * 2 + [80] * 8, 0),
        ("simpson", "drawn", "free", after, [20] * 8, 0),
        ("simpson", "drawn", "pro", after, [85] * 2, 0),
        ("simpson", "all", "all", after, [20] * 8 + [85] * 2, 0),
    ]


@pytest.fixture(scope="module")
def unsuppressed(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Segments of the demo, of thirty drawn score models and of Simpson's, however small."""
    project = demo.copy(tmp_path_factory.mktemp("segments") / "project")
    draw = Random(5)
    rows = [row for number in range(30) for row in drawn_segments(draw, f"m{number}")]
    rows += simpsons(LATEST - timedelta(days=7), LATEST)
    with duckdb.connect(str(project.database)) as connection:
        connection.executemany(
            "insert into int_engagement__segment_sums "
            "(score_model, version, segment_column, segment, "
            "period_end, customers, scored_customers, score_sum, score_square_sum, "
            "engaged_interactions, answered_customers, is_partial_period) "
            "values (?, '1', ?, ?, ?, ?, ?, ?, ?, 0, 0, false)",
            [
                (
                    *keys,
                    len(scores) + unscored,
                    len(scores),
                    sum(scores) if scores else None,
                    sum(score**2 for score in scores) if scores else None,
                )
                for *keys, scores, unscored in rows
            ],
        )
    run = project.dbt("run", "--select", "engagement_segments", variables={"min_segment_size": 1})
    assert run.success, run.said
    return project.records("select * from engagement_segments")


def test_the_parts_of_each_column_add_up_to_the_change_of_the_total(
    unsuppressed: list[Row],
) -> None:
    assert not any(row["is_suppressed"] for row in unsuppressed)
    of_the_demo = [row for row in unsuppressed if row["score_model"] == "engagement"]
    assert assert_parts_add_up(of_the_demo) == 8 * 51
    drawn = [row for row in unsuppressed if row["score_model"] != "engagement"]
    assert assert_parts_add_up(drawn) > 200
    # Customers who left a segment that is now empty are part of the change.
    assert any(row["mix_change"] for row in drawn if row["customers"] == 0)


def test_every_segment_up_and_the_total_down(unsuppressed: list[Row]) -> None:
    """Simpson's case: the gain by the segments' means is far less than the loss by their sizes."""
    simpson = {
        row["segment"]: row
        for row in unsuppressed
        if row["score_model"] == "simpson" and row["period_end"] == LATEST
    }
    changes = {name: row["mean_score_change"] for name, row in simpson.items()}
    assert changes == {"free": 10, "pro": 5, "all": -33}
    within, mix, shares = (
        [simpson[name][part] for name in ("free", "pro")]
        for part in ("within_change", "mix_change", "share_of_change")
    )
    assert sum(within) == pytest.approx(7.5)
    assert sum(mix) == pytest.approx(-40.5)
    assert min(shares) > 0
    assert sum(shares) == pytest.approx(1)


# --- accounts ---


def test_an_account_that_hangs_on_one_person_differs_from_one_that_does_not(demo: Project) -> None:
    accounts = {
        row["account_id"]: row
        for row in demo.records(
            f"select * from engagement_accounts where period_end = date '{LATEST}'"
        )
    }
    fragile, broad = accounts["k01"], accounts["k02"]
    assert (fragile["customers"], fragile["engaged_interactions"]) == (12, 50)
    assert (fragile["breadth"], fragile["concentration"]) == (1 / 12, 1)
    assert (fragile["busiest_customer_id"], fragile["is_hanging_on_one"]) == ("c013", True)
    assert (broad["customers"], broad["breadth"], broad["is_hanging_on_one"]) == (8, 1, False)
    assert broad["concentration"] == pytest.approx(0.16, abs=0.005)
    assert broad["score"] > fragile["score"] + 50


def test_an_account_hangs_on_one_from_the_week_that_the_others_leave_the_window(
    demo: Project,
) -> None:
    """In July 2024 all twelve of k01 came once."""
    breadth = demo.query(
        "select breadth from engagement_accounts where account_id = 'k01' "
        "and period_end in ('2024-07-14', '2024-10-06', '2024-10-13') order by period_end"
    )
    assert breadth[0][0] == 1
    assert breadth[-1][0] == 1 / 12


# --- touchpoints ---


@pytest.fixture(scope="module")
def touchpoints(demo: Project) -> list[Row]:
    return demo.records("select * from engagement_touchpoints where segment_column = 'all'")


def weekly(rows: list[Row], value: str, *activity_types: str) -> dict[date, int]:
    sums: dict[date, int] = defaultdict(int)
    for row in rows:
        if row["activity_type"] in activity_types:
            sums[row["period_end"]] += row[value]
    return sums


def test_everybody_falls_in_the_season_and_is_back_at_once(touchpoints: list[Row]) -> None:
    types = {row["activity_type"] for row in touchpoints} - {"email_sent"}
    weeks = weekly(touchpoints, "interactions", *types)
    first = date(2024, 12, 15)
    assert [weeks[first + timedelta(days=7 * week)] for week in range(5)] == [
        320,
        355,
        128,
        98,
        375,
    ]


def test_the_campaign_shows_in_clicks_and_orders(touchpoints: list[Row]) -> None:
    during = (date(2025, 5, 4), date(2025, 5, 11))
    sent = weekly(touchpoints, "interactions", "email_sent")
    clicks = weekly(touchpoints, "interactions", "email_click")
    assert [sent[week] for week in during] == [100, 200]
    assert sum(clicks[week] for week in during) == 74
    buyers = weekly(touchpoints, "customers", "purchase")
    usual = [buyers[date(2025, 4, 6) + timedelta(days=7 * week)] for week in range(4)]
    assert min(buyers[week] for week in during) > max(usual)


def test_scores_fall_where_customers_cancel(touchpoints: list[Row]) -> None:
    changes = defaultdict(list)
    for row in touchpoints:
        if row["mean_score_change"] is not None:
            changes[row["activity_type"]].append(row["mean_score_change"])
    means = {name: sum(values) / len(values) for name, values in changes.items() if len(values) > 5}
    assert min(means, key=means.__getitem__) == "cancellation"
    assert means["cancellation"] < 0 < means["purchase"]


def test_unlisted_activities_have_a_touchpoint_of_their_own(touchpoints: list[Row]) -> None:
    sums: dict[str, float] = defaultdict(int)
    for row in touchpoints:
        if row["touchpoint"] == "(unlisted)":
            assert row["points"] == 0
            sums[row["activity_type"]] += row["interactions"]
    assert sums == {"webinar_joined": 40, "chatbot_opened": 6}


def test_likes_of_one_day_count_up_to_the_cap(touchpoints: list[Row]) -> None:
    """c001 gave 120 likes on a day, of which ten count at a point each."""
    week = [row for row in touchpoints if row["activity_type"] == "social_like"]
    (likes,) = [row for row in week if row["period_end"] == date(2025, 6, 22)]
    assert likes["interactions"] > 120
    assert likes["points"] == likes["interactions"] - 110
