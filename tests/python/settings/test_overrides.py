"""A score set by hand: it holds for its days, says who set it and why, and ends by itself.

The company is built twice, with the overrides and without: scores without an override must be the
same in both, to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from dbt_project import Project, scoring_project
from made_company import FIRST_DAY, MadeCompany, assert_lines_lead_to_the_scores

# Six weeks, Monday to Sunday.
WEEKS = [FIRST_DAY + timedelta(days=7 * week + 6) for week in range(6)]
LATEST = WEEKS[-1]

BANDS = (("Low", 0, 2), ("Moderate", 60, 2), ("Excellent", 80, 2))
BY_VALUE = {"lifetime_value": {"goal": 100}}

Key = tuple[str, str, str, date]
Row = dict[str, Any]


def monday(week: int) -> date:
    return FIRST_DAY + timedelta(days=7 * week)


def the_company() -> MadeCompany:
    """Everybody but `fresh` and `card` has a value of 50: Low in the index, 1 in the sum."""
    company = MadeCompany()
    # `value` is the champion; `other` reads the same, and no override is for it.
    company.score_model("value", BY_VALUE, bands=BANDS, window_days=42)
    company.score_model("other", BY_VALUE, bands=BANDS, window_days=42)
    company.score_model("sum", points={"purchase": 1}, window_days=42)
    company.score_model(
        "value", BY_VALUE, bands=BANDS, window_days=42, version="2", status="challenger"
    )
    company.score_model(
        "value", BY_VALUE, window_days=42, version="3", status="champion", valid_from=monday(4)
    )
    company.seeds["score_bands"] += [
        {**row, "version": "3"}
        for row in company.seeds["score_bands"]
        if row["score_model"] == "value" and row["version"] == "1"
    ]
    for customer_id in (
        "vip", "over", "under", "equal", "alias", "points", "sunday", "saturday", "plain", "own",
    ):  # fmt: skip
        company.did(customer_id, "purchase", FIRST_DAY, amount=50)
    # A month without any event would end the data.
    company.did("plain", "website_visit", *WEEKS)
    company.inputs["identities"] = [
        {"id": "alias", "customer_id": "merged"},
        {"id": "alias_of_own", "customer_id": "own"},
    ]
    company.did("fresh", "purchase", LATEST, amount=30)
    company.customer("card")
    return company


def set_by_hand(company: MadeCompany) -> None:
    """Fills score_overrides."""
    # Weeks 1 to 3 of 0 to 5.
    company.override("vip", "value", 95, monday(1), WEEKS[3])
    company.override("over", "value", 120, monday(2), LATEST + timedelta(days=30))
    company.override("under", "value", -20, monday(2), LATEST, reason="fraud", author="risk")
    company.override("equal", "value", 50, monday(2), LATEST)
    company.override("alias", "value", 70, monday(2), LATEST)
    company.override("own", "value", 80, monday(2), LATEST)
    company.override("alias_of_own", "value", 10, monday(1), LATEST)
    company.override("points", "sum", 500, monday(2), LATEST)
    # A period is judged on its last day, Sunday.
    company.override("sunday", "value", 60, WEEKS[2], WEEKS[2])
    company.override("saturday", "value", 60, monday(2), WEEKS[2] - timedelta(days=1))
    company.override("fresh", "value", 88, monday(5), LATEST)
    company.override("card", "value", 65, monday(5), LATEST)
    # Nobody by that name.
    company.override("nobody", "value", 65, monday(0), LATEST)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built with the overrides; their file is beside the database."""
    project = scoring_project(tmp_path_factory.mktemp("overrides") / "project")
    company = the_company()
    set_by_hand(company)
    company.set_up(project, scoring_end=str(LATEST), detail_periods=len(WEEKS))
    run = project.build()
    assert run.success, run.said
    return project


@pytest.fixture(scope="module")
def untouched(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same company without an override."""
    copy = project.copy(tmp_path_factory.mktemp("untouched") / "project")
    copy.write_seed("score_overrides", [])
    run = copy.build("--select=score_overrides+")
    assert run.success, run.said
    return copy


def scores_of(project: Project) -> dict[Key, Row]:
    return {
        (row["customer_id"], row["score_model"], row["version"], row["period_end"]): row
        for row in project.records("select * from engagement_scores")
    }


@pytest.fixture(scope="module")
def scores(project: Project) -> dict[Key, Row]:
    return scores_of(project)


@pytest.fixture(scope="module")
def now(project: Project) -> dict[str, Row]:
    return {row["customer_id"]: row for row in project.records("select * from customer_engagement")}


def in_force(week: int) -> str:
    return "1" if week < 4 else "3"


def by_week(scores: Mapping[Key, Row], customer_id: str, column: str, model: str = "value") -> list:
    """A column over the weeks, in the version in force."""
    return [
        scores[customer_id, model, in_force(week) if model == "value" else "1", day][column]
        for week, day in enumerate(WEEKS)
        if (customer_id, model, in_force(week) if model == "value" else "1", day) in scores
    ]


def adjustments(project: Project, customer_id: str, day: date, model: str = "value") -> dict:
    """The lines that lead from raw_score to score."""
    return dict(
        project.query(
            "select component, contribution from engagement_contributions "
            f"where customer_id = '{customer_id}' and score_model = '{model}' "
            f"and version = '{in_force(WEEKS.index(day)) if model == 'value' else '1'}' "
            f"and period_end = date '{day}' and dimension = 'adjustment'"
        )
    )


def test_it_holds_from_its_first_to_its_last_day_and_the_score_returns(
    project: Project, scores: dict[Key, Row]
) -> None:
    assert by_week(scores, "vip", "score") == [50, 95, 95, 95, 50, 50]
    assert by_week(scores, "vip", "raw_score") == [50] * 6
    assert by_week(scores, "vip", "is_overridden") == [False, True, True, True, False, False]
    assert by_week(scores, "vip", "band") == [
        "Low", "Excellent", "Excellent", "Excellent", "Low", "Low",
    ]  # fmt: skip
    assert by_week(scores, "vip", "status") == ["scored"] * 6
    assert [adjustments(project, "vip", day) for day in WEEKS] == [
        {}, {"override": 45}, {"override": 45}, {"override": 45}, {}, {},
    ]  # fmt: skip


def test_the_day_that_counts_is_the_last_of_the_period(scores: dict[Key, Row]) -> None:
    assert by_week(scores, "sunday", "score") == [50, 50, 60, 50, 50, 50]
    assert by_week(scores, "sunday", "band")[2] == "Moderate"
    assert by_week(scores, "saturday", "score") == [50] * 6
    assert not any(by_week(scores, "saturday", "is_overridden"))


def test_an_index_is_clamped_and_a_line_says_so(
    project: Project, scores: dict[Key, Row], now: dict[str, Row]
) -> None:
    assert by_week(scores, "over", "score") == [50, 50, 100, 100, 100, 100]
    assert by_week(scores, "under", "score") == [50, 50, 0, 0, 0, 0]
    assert by_week(scores, "over", "raw_score") == by_week(scores, "under", "raw_score")
    assert adjustments(project, "over", LATEST) == {"override": 70, "cap": -20}
    assert adjustments(project, "under", LATEST) == {"override": -70, "cap": 20}
    assert (now["over"]["band"], now["under"]["band"]) == ("Excellent", "Low")
    assert now["over"]["score_rank"] == 1
    assert now["under"]["percentile_rank"] == 0


def test_points_are_not_clamped(project: Project, scores: dict[Key, Row]) -> None:
    assert by_week(scores, "points", "score", "sum") == [1, 1, 500, 500, 500, 500]
    assert by_week(scores, "points", "raw_score", "sum") == [1] * 6
    assert adjustments(project, "points", LATEST, "sum") == {"override": 499}


def test_the_score_shows_who_set_it_why_and_until_when(now: dict[str, Row]) -> None:
    columns = ("override_reason", "override_author", "override_valid_to")
    said = {customer: tuple(row[column] for column in columns) for customer, row in now.items()}
    assert said["under"] == ("fraud", "risk", LATEST)
    assert said["over"] == ("key account", "ops", LATEST + timedelta(days=30))
    assert (now["under"]["score"], now["under"]["raw_score"]) == (0, 50)
    by_hand = {customer for customer, row in now.items() if row["is_overridden"]}
    assert by_hand == {"over", "under", "equal", "merged", "own", "fresh", "card"}
    # `points` has one, but not of the score model that counts; that of `vip` has expired.
    assert {said[customer] for customer in now.keys() - by_hand} == {(None, None, None)}


def test_set_to_what_it_is_anyway_it_is_still_set_by_hand(
    project: Project, scores: dict[Key, Row]
) -> None:
    assert by_week(scores, "equal", "score") == [50] * 6
    assert by_week(scores, "equal", "is_overridden") == [False] * 2 + [True] * 4
    assert adjustments(project, "equal", LATEST) == {}


def test_it_follows_a_merged_identity(scores: dict[Key, Row], now: dict[str, Row]) -> None:
    """Set for an alias it is the customer's; where both have one, that of the customer's own id."""
    assert by_week(scores, "merged", "score") == [50, 50, 70, 70, 70, 70]
    assert by_week(scores, "own", "score") == [50, 10, 80, 80, 80, 80]
    assert now["merged"]["override_reason"] == "key account"
    assert not {"alias", "alias_of_own", "nobody"} & {key[0] for key in scores}


def test_it_gives_a_score_to_customers_without_one(
    project: Project, untouched: Project, now: dict[str, Row]
) -> None:
    """To a new customer, and to one that is only a customers row."""
    without = dict(untouched.query("select customer_id, status from customer_engagement"))
    assert (without["fresh"], without["card"]) == ("new", "insufficient_data")
    found = {
        customer: (now[customer]["status"], now[customer]["score"], now[customer]["band"])
        for customer in ("fresh", "card")
    }
    assert found == {"fresh": ("scored", 88, "Excellent"), "card": ("scored", 65, "Moderate")}
    # What the data say stays: 30 of a hundred, and nothing.
    assert (now["fresh"]["raw_score"], now["card"]["raw_score"]) == (30, 0)
    assert adjustments(project, "fresh", LATEST) == {"override": 58}
    assert adjustments(project, "card", LATEST) == {"override": 65}


def test_lines_lead_from_raw_score_to_score_on_every_row(project: Project) -> None:
    assert assert_lines_lead_to_the_scores(project) > 200


def test_every_version_of_the_score_model_is_set_and_no_other_score_model(
    project: Project, untouched: Project, scores: dict[Key, Row]
) -> None:
    """Other scores are the same as without the seed, settled bands apart."""
    before = scores_of(untouched)
    assert scores.keys() == before.keys()
    by_hand = {key for key, row in scores.items() if row["is_overridden"]}
    assert {key[1:3] for key in by_hand} == {
        ("value", "1"), ("value", "2"), ("value", "3"), ("sum", "1"),
    }  # fmt: skip
    assert {key[0] for key in by_hand if key[1] == "sum"} == {"points"}
    assert scores["over", "value", "2", LATEST]["score"] == 100
    for key, row in scores.items():
        assert row["raw_score"] == before[key]["raw_score"], key
        if key not in by_hand:
            # A band that settled under an override may hold on after it.
            without = {**before[key], "settled_band": row["settled_band"]}
            assert row == without, key
        if key[1] == "other":
            assert row == before[key], key
