"""Trends, transitions, streaks, badges and gaming: the planted stories, and each number once more.

On the demo company, as it is shipped. The rules themselves are unit tests beside the models.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise, takewhile
from typing import Any

import pytest
from dbt_project import Project, put_back

LATEST = date(2025, 6, 29)
CAMPAIGN = {date(2025, 5, 4), date(2025, 5, 11)}
HOLIDAYS = {date(2024, 12, 29), date(2025, 1, 5)}

Row = dict[str, Any]


@pytest.fixture(scope="module")
def latest(demo: Project) -> dict[str, Row]:
    return {row["customer_id"]: row for row in demo.records("select * from customer_engagement")}


@pytest.fixture(scope="module")
def transitions(demo: Project) -> list[Row]:
    return demo.records("select * from engagement_band_transitions")


@pytest.fixture(scope="module")
def metrics(demo: Project) -> dict[str, Row]:
    rows = demo.records(
        f"select * from int_engagement__customer_metrics where period_end = date '{LATEST}'"
    )
    return {row["customer_id"]: row for row in rows}


def places(scores: dict[str, float | None]) -> dict[str, int]:
    """The places of those with a score; equals share one."""
    ranked = sorted(score for score in scores.values() if score is not None)
    return {
        customer: sum(other > score for other in ranked) + 1
        for customer, score in scores.items()
        if score is not None
    }


# --- trends ---


def test_each_story_has_the_trend_that_it_tells(latest: dict[str, Row]) -> None:
    """Who comes back, who goes quiet, the segment that churns, and who buys every 30 days."""
    told = {who: latest[who]["trend"] for who in ("c005", "c002", "c033", "c004")}
    assert told == {
        "c005": "improving",
        "c002": "declining",
        "c033": "declining",
        "c004": "stable",
    }
    assert latest["c005"]["slope"] > 5 and latest["c005"]["change_13"] > 60
    assert latest["c005"]["score_streak"] >= 5
    assert latest["c002"]["score_streak"] <= -10 and latest["c002"]["slope"] < -1
    assert abs(latest["c004"]["change_4"]) < latest["c004"]["noise"]


def test_a_newcomer_has_no_trend_yet(latest: dict[str, Row]) -> None:
    assert [latest[who]["trend"] for who in ("c008", "c009")] == [None, None]


def test_the_segment_that_churns_declines_more_than_twice_as_often_as_the_other_free_customers(
    demo: Project,
) -> None:
    declining = dict(
        demo.query(
            "select region = 'south', avg(case when trend = 'declining' then 1 else 0 end) "
            "from customer_engagement "
            "inner join int_engagement__customer_attributes using (customer_id) "
            "where plan = 'free' group by all"
        )
    )
    assert declining[True] > 2 * declining[False]


def test_changes_are_those_of_the_published_scores(demo: Project, latest: dict[str, Row]) -> None:
    scores = {
        (customer, period_end): score
        for customer, period_end, score in demo.query(
            "select customer_id, period_end, score from engagement_scores where is_champion"
        )
    }
    for column, then in (("change_4", date(2025, 6, 1)), ("change_13", date(2025, 3, 30))):
        for customer, row in latest.items():
            before = scores.get((customer, then))
            expected = None if None in (row["score"], before) else row["score"] - before
            assert row[column] == pytest.approx(expected, abs=1e-9), (customer, column)


# --- external events ---


def test_events_stand_beside_the_periods_that_they_touch(transitions: list[Row]) -> None:
    told = defaultdict(set)
    for row in transitions:
        told[row["external_events"]].add(row["period_end"])
    without = told.pop(None)
    assert {events.split(":")[0]: periods for events, periods in told.items()} == {
        "campaign": CAMPAIGN,
        "season": HOLIDAYS,
    }
    assert LATEST in without


def test_an_edited_event_is_shown_and_computes_no_score_again(demo: Project) -> None:
    outage = {"starts_on": "2025-06-24", "ends_on": "2025-06-24", "kind": "outage", "note": ""}
    with put_back([demo.seed_file("external_events"), demo.database]):
        demo.write_seed("external_events", [outage])
        run = demo.build(
            "--select",
            "external_events",
            "+int_engagement__rescored_customers",
            "+int_engagement__period_events",
        )
        assert run.success, run.said
        assert demo.query("select count(*) from int_engagement__rescored_customers") == [(0,)]
        assert demo.query(
            "select external_events from int_engagement__period_events "
            f"where period_end = '{LATEST}'"
        ) == [("outage",)]


# --- transitions ---


def test_the_transitions_of_a_period_add_up_to_its_customers(
    demo: Project, transitions: list[Row]
) -> None:
    found: dict[tuple, int] = defaultdict(int)
    settled: dict[tuple, int] = defaultdict(int)
    for row in transitions:
        key = (row["score_model"], row["version"], row["period_end"])
        found[key] += row["customers"]
        settled[*key, row["to_band"]] += row["customers"]
    groups = "score_model, version, period_end"
    scores = "from engagement_scores where is_champion group by all"
    assert found == {
        (*key,): customers for *key, customers in demo.query(f"select {groups}, count(*) {scores}")
    }
    assert settled == {
        (*key,): customers
        for *key, customers in demo.query(
            f"select {groups}, coalesce(settled_band, '(none)') as band, count(*) {scores}"
        )
    }


def test_who_stood_in_a_band_is_who_leaves_it_or_stays(transitions: list[Row]) -> None:
    """From period to period nobody is lost: the model has one version, and nobody leaves."""
    into: dict[tuple, int] = defaultdict(int)
    out_of: dict[tuple, int] = defaultdict(int)
    for row in transitions:
        into[row["period_end"], row["to_band"]] += row["customers"]
        out_of[row["period_end"], row["from_band"]] += row["customers"]
    ends = sorted({row["period_end"] for row in transitions})
    for before, end in pairwise(ends):
        for band in ("Excellent", "Moderate", "Low"):
            assert into[before, band] == out_of[end, band], (end, band)


def test_the_stories_move_between_bands(demo: Project) -> None:
    """c005 comes up from Low, and c002 and c033 go down, each once in a period of their story."""
    moves = demo.query(
        "select customer_id, previous_settled_band, settled_band from int_engagement__score_trends "
        "where customer_id in ('c002', 'c005', 'c033') and period_end > '2025-03-01' "
        "and previous_settled_band != settled_band order by customer_id, period_end"
    )
    assert ("c005", "Low", "Moderate") in moves
    assert ("c002", "Excellent", "Moderate") in moves
    assert [move for move in moves if move[0] == "c033"][-1][2] == "Low"


# --- ranks, streaks, badges ---


def test_places_won_are_the_difference_of_two_ranks(demo: Project, latest: dict[str, Row]) -> None:
    before = dict(
        demo.query(
            "select customer_id, score from engagement_scores "
            "where is_champion and period_end = '2025-06-22'"
        )
    )
    ranks = places({who: row["score"] for who, row in latest.items()})
    earlier = places(before)
    for who, row in latest.items():
        assert row["score_rank"] == ranks.get(who)
        assert row["previous_score_rank"] == earlier.get(who)
        expected = earlier[who] - ranks[who] if who in earlier and who in ranks else None
        assert row["rank_change"] == expected


def test_an_activity_streak_is_the_weeks_in_a_row_with_something_engaged(
    demo: Project, latest: dict[str, Row]
) -> None:
    days = demo.query(
        "select customer_id, occurred_on from int_engagement__customer_activity_days "
        "left join config_engagement__activity_types using (activity_type) "
        "where coalesce(is_engaged, true)"
    )
    weeks_ago: dict[str, set[int]] = defaultdict(set)
    for customer, day in days:
        weeks_ago[customer].add((LATEST - day).days // 7)
    for customer, row in latest.items():
        streak = len([*takewhile(lambda week: week in weeks_ago[customer], range(52))])  # noqa: B023
        assert row["activity_streak"] == streak, customer
    assert latest["c003"]["activity_streak"] >= 13 and latest["c002"]["activity_streak"] == 0


def test_badges_are_what_the_rules_give(
    demo: Project, latest: dict[str, Row], metrics: dict[str, Row]
) -> None:
    rules = demo.seed_rows("badge_rules")
    given = set()
    for customer, row in latest.items():
        earned = []
        for rule in rules:
            own = row | metrics[customer]
            value, threshold = own[rule["measure"]], float(rule["threshold"])
            sign = {"at_least": 1, "at_most": -1}[rule["comparison"]]
            if row["status"] != "new" and value is not None and sign * (value - threshold) >= 0:
                earned.append(rule["badge"])
        assert row["badges"] == (", ".join(sorted(earned)) or None), customer
        given |= set(earned)
    assert given == {rule["badge"] for rule in rules}
    assert "advocate" in latest["c012"]["badges"] and "rising" in latest["c005"]["badges"]


# --- gaming ---


def test_only_c001_games(latest: dict[str, Row]) -> None:
    gaming = {who: row["gaming_reason"] for who, row in latest.items() if row["is_possible_gaming"]}
    assert gaming == {"c001": "120 social_like on 2025-06-18"}
    assert {row["gaming_reason"] for who, row in latest.items() if who != "c001"} == {None}
