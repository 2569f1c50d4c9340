"""The demo company's scores: explained, bounded, plausible. test_oracle.py has them row for row."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
from dbt_project import Project
from shipped_goals import goals_of_a_quarter, values_of

LATEST = date(2025, 6, 29)

Row = dict[str, Any]
Key = tuple[str, date]


@pytest.fixture(scope="module")
def scores(demo: Project) -> dict[Key, Row]:
    rows = demo.records("select * from engagement_scores")
    found = {(row["customer_id"], row["period_end"]): row for row in rows}
    assert len(found) == len(rows), "a customer has two scores in one period"
    return found


@pytest.fixture(scope="module")
def lines(demo: Project) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in demo.records("select * from engagement_contributions"):
        found[row["customer_id"], row["period_end"]].append(row)
    return found


def test_the_contributions_add_up_to_the_raw_score_on_every_row(
    demo: Project, scores: dict[Key, Row], lines: dict[Key, list[Row]]
) -> None:
    detailed = demo.query(
        "select period_end from int_engagement__scoring_periods where is_detailed"
    )
    assert len(detailed) == 4
    raw_scores = {
        key: row["raw_score"]
        for key, row in scores.items()
        if (key[1],) in detailed and row["raw_score"] is not None
    }
    assert lines.keys() == raw_scores.keys()
    for key, raw_score in raw_scores.items():
        parts = [line["contribution"] for line in lines[key]]
        assert math.isclose(math.fsum(parts), raw_score, rel_tol=0, abs_tol=1e-9), key
        applied = math.fsum(line["applied_weight"] for line in lines[key])
        assert math.isclose(applied, 1, rel_tol=0, abs_tol=1e-9), key


def test_every_scored_customer_has_a_score_from_0_to_100_and_one_band(
    scores: dict[Key, Row],
) -> None:
    for key, row in scores.items():
        if row["status"] == "scored":
            assert 0 <= row["score"] <= 100, key
            assert row["band"] in ("Low", "Moderate", "Excellent"), key
        else:
            assert (row["score"], row["band"]) == (None, None), key


def test_no_band_holds_over_seventy_percent(scores: dict[Key, Row]) -> None:
    bands = Counter(
        row["band"] for (_, day), row in scores.items() if day == LATEST and row["band"] is not None
    )
    assert bands.keys() == {"Low", "Moderate", "Excellent"}
    assert max(bands.values()) <= 0.7 * bands.total()


def test_the_shipped_goals_are_what_a_quarter_of_the_demo_company_reaches(demo: Project) -> None:
    rows = demo.seed_rows("score_metrics")
    in_the_seed = {row["metric"]: float(row["goal"]) for row in rows}
    assert in_the_seed == pytest.approx(goals_of_a_quarter(demo, rows))
    for row in rows:
        customers = len(values_of(demo, row["metric"]))
        assert f"{customers} customers" in row["reason"]
        assert row["reason"].endswith(f"reach it on {LATEST}")


# --- the planted stories of docs/demo.md ---


@pytest.fixture(scope="module")
def latest(demo: Project) -> dict[str, Row]:
    return {row["customer_id"]: row for row in demo.records("select * from customer_engagement")}


def test_pro_is_above_free(demo: Project) -> None:
    means = dict(
        demo.query(
            "select segment, mean_score from engagement_segments "
            f"where segment_column = 'plan' and period_end = date '{LATEST}'"
        )
    )
    assert means["pro"] > means["free"] + 10


def test_free_in_the_south_falls_from_march_on_and_free_elsewhere_does_not(demo: Project) -> None:
    month_ends = "('2025-02-23', '2025-03-30', '2025-04-27', '2025-05-25', '2025-06-29')"
    means = demo.query(
        "select avg(score) filter (where region = 'south'), "
        "avg(score) filter (where region != 'south') "
        "from engagement_scores inner join int_engagement__customer_attributes using (customer_id) "
        f"where plan = 'free' and period_end in {month_ends} "
        "group by period_end order by period_end"
    )
    south, elsewhere = zip(*means, strict=True)
    assert list(south) == sorted(south, reverse=True)
    assert south[0] - south[-1] > 25
    assert abs(elsewhere[0] - elsewhere[-1]) < 5


def test_the_unhappy_c003_is_among_the_most_engaged(latest: dict[str, Row]) -> None:
    assert latest["c003"]["band"] == "Excellent"
    assert latest["c003"]["percentile_rank"] > 0.8


def test_the_promoter_c002_falls_out_of_excellent(scores: dict[Key, Row]) -> None:
    assert scores["c002", date(2025, 4, 13)]["band"] == "Excellent"
    assert scores["c002", date(2025, 4, 13)]["score"] - scores["c002", LATEST]["score"] > 20
    assert scores["c002", LATEST]["band"] != "Excellent"


def test_c005_is_low_for_months_and_comes_back(scores: dict[Key, Row]) -> None:
    assert scores["c005", date(2025, 5, 18)]["band"] == "Low"
    assert scores["c005", LATEST]["score"] > scores["c005", date(2025, 5, 18)]["score"] + 50


def test_promoters_who_were_silent_for_the_whole_window_are_low(
    demo: Project, latest: dict[str, Row]
) -> None:
    """A high NPS alone, the only thing that is not old, saves nobody."""
    silent = demo.query(
        "select customer_id from int_engagement__customer_metrics "
        f"where period_end = date '{LATEST}' and nps >= 9 and engaged_interactions = 0"
    )
    assert silent
    assert {latest[customer_id]["band"] for (customer_id,) in silent} == {"Low"}


def test_a_customers_row_alone_is_insufficient_data_and_newcomers_are_new(
    latest: dict[str, Row],
) -> None:
    for number in range(375, 383):
        assert latest[f"c{number}"]["status"] == "insufficient_data"
        assert latest[f"c{number}"]["band"] is None
    assert {latest[newcomer]["status"] for newcomer in ("c008", "c009")} == {"new"}
    statuses = Counter(row["status"] for row in latest.values())
    assert (statuses["insufficient_data"], statuses["new"]) == (8, 2)
