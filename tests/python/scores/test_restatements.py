"""What was published and changed since is logged: once, with the score first stored, by load.

A small company is built, and built again after a change of the past. The log names nobody who must
not be kept; it only counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt_project import Project, put_back, scoring_project
from made_company import FIRST_DAY, MadeCompany

# Six weeks, Monday to Sunday.
WEEKS = [FIRST_DAY + timedelta(days=7 * week + 6) for week in range(6)]
LATEST = WEEKS[-1]

BANDS = (("Low", 0, 2), ("Moderate", 60, 2), ("Excellent", 80, 2))
BY_VALUE = {"lifetime_value": {"goal": 100}}
# Enough people for a mean to be logged.
STAFF = [f"staff{number}" for number in range(10)]

VALUES = {"ann": 50.0, "ben": 20.0, "cas": 10.0, "dee": 5.0} | {
    person: 30.0 + number for number, person in enumerate(STAFF)
}

Log = list[dict[str, Any]]


def monday(week: int) -> date:
    return FIRST_DAY + timedelta(days=7 * week)


def the_company() -> MadeCompany:
    """A score is the money spent so far; ben is a pro, and has a score of a second model."""
    company = MadeCompany()
    # Written by each load, without rows too.
    company.seeds["score_overrides"] = []
    company.score_model("value", BY_VALUE, bands=BANDS, window_days=42)
    company.score_model("pro", BY_VALUE, window_days=42, segment_column="plan", segment_value="pro")
    company.score_model(
        "value",
        {"lifetime_value": {"goal": 200}},
        window_days=42,
        version="2",
        status="challenger",
    )
    for customer_id, amount in VALUES.items():
        company.did(customer_id, "purchase", FIRST_DAY, amount=amount)
        company.customer(customer_id, plan="pro" if customer_id == "ben" else "free", is_erased="")
    # A month without any event would end the data.
    company.did("dee", "website_visit", *WEEKS)
    # New in the last week.
    company.did("eve", "purchase", LATEST, amount=40)
    return company


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built once; read it only, or use `project`."""
    project = scoring_project(tmp_path_factory.mktemp("restatements") / "project")
    load(project, the_company())
    return project


@pytest.fixture
def project(first: Project) -> Iterator[Project]:
    """The same, to load into: its database and seeds are put back after the test."""
    with put_back([first.database, *seeds(first)]):
        yield first


@pytest.fixture
def company() -> MadeCompany:
    return the_company()


def load(project: Project, company: MadeCompany, *arguments: str, **variables: str) -> Log:
    """Builds with the company as it is now; the rows that this adds to the log."""
    is_built = project.database.exists()
    loaded = seeds(project)
    set_up(project, company, **variables)
    before = log(project)
    # Seeds are loaded only if they changed. Restating edited settings is not tested here.
    run = project.dbt(
        "run" if is_built and seeds(project) == loaded else "build",
        UP_TO_THE_RECORD,
        *arguments,
        variables={"restate_published": True},
    )
    assert run.success, run.said
    after = log(project)
    return [row for row in after if row not in before]


def set_up(project: Project, company: MadeCompany, scoring_start: str | None = None) -> None:
    """Writes the company and the variables."""
    company.set_up(
        project, scoring_end=str(LATEST), scoring_start=scoring_start, segment_columns=["plan"]
    )


def seeds(project: Project) -> dict[Path, bytes]:
    """The configuration seeds, as files."""
    return {path: path.read_bytes() for path in project.folder.glob("seeds/config/*.csv")}


def log(project: Project) -> Log:
    """The whole log."""
    is_there = "select count(*) from duckdb_tables() where table_name = 'engagement_restatements'"
    if not project.database.exists() or project.query(is_there) == [(0,)]:
        return []
    return project.records("select * from engagement_restatements order by all")


def short(rows: Log, *columns: str) -> list[tuple]:
    """The rows by week, with the columns that a test asks for."""
    return sorted(
        (
            row["customer_id"] or "",
            row["score_model"],
            WEEKS.index(row["period_end"]),
            *(row[column] for column in columns),
        )
        for row in rows
    )


# The scores, all that they are made of, and the settings that were published with them.
UP_TO_THE_RECORD = "--select=+engagement_published_settings"
SCORES = ("kind", "published_score", "previous_score", "restated_score")


def erased(company: MadeCompany, customer_id: str, is_erased: str = "true") -> None:
    (row,) = (row for row in company.inputs["customers"] if row["customer_id"] == customer_id)
    row["is_erased"] = is_erased


def assert_nowhere_in_the_log(project: Project, *customer_ids: str) -> None:
    texts = [str(value) for row in log(project) for value in row.values()]
    for customer_id in customer_ids:
        assert not [text for text in texts if customer_id in text]


# --- what is a restatement ---


def test_the_first_build_and_the_same_again_log_nothing(
    first: Project, project: Project, company: MadeCompany
) -> None:
    assert first.query("select count(*) > 80 from engagement_scores") == [(True,)]
    assert log(first) == []
    assert load(project, company) == []
    assert load(project, company, "--full-refresh") == []
    assert log(project) == []


def test_late_rows_log_what_they_change_and_what_was_published_stays(
    project: Project, company: MadeCompany
) -> None:
    company.did("ann", "purchase", WEEKS[2], amount=10)
    company.did("ben", "purchase", WEEKS[5], amount=1)
    # With an earlier first day eve is no longer new, and has weeks that were never published.
    company.did("eve", "purchase", monday(4), amount=2)
    late = load(project, company)
    assert short(late, *SCORES) == [
        *(("ann", "value", week, "rescored", 50, 50, 60) for week in (2, 3, 4, 5)),
        ("ben", "pro", 5, "rescored", 20, 20, 21),
        ("ben", "value", 5, "rescored", 20, 20, 21),
        ("eve", "value", 5, "scored", None, None, 42),
    ]
    assert {(row["company"], row["load_number"], row["customers"]) for row in late} == {
        ("own", 1, 1)
    }
    said = ("published_band", "restated_band", "restated_status")
    assert [row[3:] for row in short(late, *said) if row[:2] == ("ann", "value")] == [
        ("Low", "Moderate", "scored")
    ] * 4

    company.did("ann", "purchase", WEEKS[4], amount=25)
    later = load(project, company, "--full-refresh")
    assert short(later, "load_number", *SCORES) == [
        ("ann", "value", week, 2, "rescored", 50, 60, 85) for week in (4, 5)
    ]
    # Nothing new: no load, and the full refresh has kept the log.
    assert load(project, company) == []
    assert len(log(project)) == len(late) + len(later)

    # The published score stays the first one, even when the score returns to an earlier value.
    del company.inputs["interactions"][-1]
    back = load(project, company)
    assert short(back, "load_number", *SCORES) == [
        ("ann", "value", week, 3, "rescored", 50, 85, 60) for week in (4, 5)
    ]


def test_a_score_set_by_hand_for_the_past_is_a_restatement_and_so_is_its_end(
    project: Project, company: MadeCompany
) -> None:
    company.override("eve", "value", 70, monday(5), LATEST)
    company.override("ann", "value", 50, monday(1), LATEST)
    company.override("cas", "pro", 50, monday(1), LATEST)
    # ann is set to the same score, cas in a model for others: nothing has changed.
    assert short(load(project, company), *SCORES) == [("eve", "value", 5, "scored", None, None, 70)]
    company.seeds["score_overrides"].pop(0)
    assert short(load(project, company), *SCORES, "restated_status") == [
        ("eve", "value", 5, "unscored", None, 70, None, "new")
    ]


def test_a_merged_customer_is_gone_and_back_when_unmerged(
    project: Project, company: MadeCompany
) -> None:
    company.inputs["identities"] = [{"id": "cas", "customer_id": "ann"}]
    assert short(load(project, company), "load_number", *SCORES) == [
        *(("ann", "value", week, 1, "rescored", 50, 50, 60) for week in range(6)),
        *(("cas", "value", week, 1, "gone", 10, 10, None) for week in range(6)),
    ]
    # Gone once.
    assert load(project, company) == []
    company.inputs["identities"] = []
    assert short(load(project, company), "load_number", *SCORES) == [
        *(("ann", "value", week, 2, "rescored", 50, 60, 50) for week in range(6)),
        *(("cas", "value", week, 2, "scored", 10, None, 10) for week in range(6)),
    ]


def test_what_leaves_the_table_is_gone(project: Project, company: MadeCompany) -> None:
    """A segment, a period, a version that another replaces; first scores are not logged."""
    (ben,) = (row for row in company.inputs["customers"] if row["customer_id"] == "ben")
    ben["plan"] = "free"
    assert short(load(project, company), *SCORES) == [
        ("ben", "pro", week, "gone", 20, 20, None) for week in range(6)
    ]
    everybody = sorted(VALUES)
    assert short(load(project, company, scoring_start=str(monday(1))), "kind") == [
        (customer_id, "value", 0, "gone") for customer_id in everybody
    ]
    assert short(load(project, company), *SCORES) == [
        (customer_id, "value", 0, "scored", VALUES[customer_id], None, VALUES[customer_id])
        for customer_id in everybody
    ]

    # The challenger takes the place of version 1 from the fourth week on. It was not published.
    company.seeds["score_models"][-1] |= {"status": "champion", "valid_from": monday(3)}
    assert short(load(project, company), "version", "kind") == [
        (customer_id, "value", week, "1", "gone") for customer_id in everybody for week in (3, 4, 5)
    ]
    # Now it is.
    company.did("ann", "purchase", WEEKS[5], amount=10)
    assert short(load(project, company), "version", *SCORES) == [
        ("ann", "value", 5, "2", "rescored", 25, 25, 30)
    ]


def test_challengers_and_changes_of_them_are_not_logged(
    project: Project, company: MadeCompany
) -> None:
    company.seeds["score_metrics"][-1]["goal"] = 400
    assert load(project, company) == []
    for rows in company.seeds.values():
        rows[:] = [row for row in rows if row.get("version") != "2"]
    assert load(project, company) == []


# --- a run that fails ---


def test_a_run_that_ends_after_the_log_adds_nothing_twice(
    project: Project, company: MadeCompany
) -> None:
    """engagement_scores fails by a column that its contract refuses."""
    company.did("ann", "purchase", WEEKS[2], amount=10)
    erased(company, "ben")
    model = project.folder / "models/marts/scores/engagement_scores.sql"
    sound = model.read_text()
    model.write_text(sound.replace("cast(exposed_days as", "cast('many' || exposed_days as"))
    set_up(project, company)
    once: Log = []
    try:
        for _ in range(2):
            run = project.build(UP_TO_THE_RECORD)
            assert run.statuses["engagement_restatements"] == "success"
            assert run.statuses["engagement_scores"] == "error"
            once = once or log(project)
            assert log(project) == once
    finally:
        model.write_text(sound)
    assert short(once, "load_number", "kind") == [
        *(("", model, week, 1, "excluded") for model in ("pro", "value") for week in range(6)),
        *(("ann", "value", week, 1, "rescored") for week in (2, 3, 4, 5)),
    ]
    # The old scores are kept, without the person who must not be kept.
    assert project.query(
        "select distinct customer_id, score from engagement_scores "
        "where version = '1' and customer_id in ('ann', 'ben')"
    ) == [("ann", 50)]

    # The row is taken back before a run succeeds: the log is ahead, and a row takes it back.
    company.inputs["interactions"].pop()
    assert short(load(project, company), "load_number", *SCORES) == [
        ("ann", "value", week, 2, "rescored", 50, 60, 50) for week in (2, 3, 4, 5)
    ]
    assert load(project, company) == []


# --- people who must not be kept ---


def test_erased_people_leave_the_log_under_every_id(project: Project, company: MadeCompany) -> None:
    company.did("ann", "purchase", WEEKS[2], amount=10)
    company.did("dee", "purchase", WEEKS[5], amount=1)
    load(project, company)
    company.inputs["identities"] = [{"id": "cas", "customer_id": "ann"}]
    load(project, company)
    assert {row["customer_id"] for row in log(project)} == {"ann", "cas", "dee"}

    # Under an id that is merged into another.
    erased(company, "cas")
    assert short(load(project, company), "load_number", "kind", "customers", *SCORES[1:]) == [
        ("", "value", week, 3, "excluded", 1, None, None, None) for week in range(6)
    ]
    assert_nowhere_in_the_log(project, "ann", "cas")
    # The others' rows stay.
    assert short(log(project))[-1] == ("dee", "value", 5)
    assert project.query(
        "select count(*) from engagement_scores where customer_id in ('ann', 'cas')"
    ) == [(0,)]
    assert load(project, company, "--full-refresh") == []

    # The erasure is revoked and the merge undone: they are published anew.
    erased(company, "cas", "false")
    company.inputs["identities"] = []
    assert load(project, company) == []
    assert_nowhere_in_the_log(project, "ann", "cas")
    company.did("ann", "purchase", WEEKS[5], amount=20)
    assert short(load(project, company), "load_number", *SCORES) == [
        ("ann", "value", 5, 4, "rescored", 60, 60, 80)
    ]


def test_two_people_merged_and_erased_at_once_count_as_two(
    project: Project, company: MadeCompany
) -> None:
    """The period has two customers fewer."""
    company.inputs["identities"] = [{"id": "cas", "customer_id": "ann"}]
    erased(company, "ann")
    assert short(load(project, company), "kind", "customers") == [
        ("", "value", week, "excluded", 2) for week in range(6)
    ]
    assert_nowhere_in_the_log(project, "ann", "cas")


def test_there_is_a_mean_of_ten_people_and_none_of_fewer(
    project: Project, company: MadeCompany
) -> None:
    company.did("staff0", "purchase", WEEKS[5], amount=10)
    load(project, company)
    for row in company.inputs["customers"]:
        row["is_internal"] = row["customer_id"] in STAFF
    mean = sum(VALUES[person] for person in STAFF) / len(STAFF)
    left = load(project, company)
    assert short(left, "load_number", "kind", "customers", *SCORES[1:]) == [
        ("", "value", week, 2, "excluded", 10, mean, mean + (week == 5), None) for week in range(6)
    ]
    assert log(project) == left


def test_the_demo_and_own_data_are_apart(demo: Project, tmp_path: Path) -> None:
    """Own data in the database of the demo: nothing is published yet."""
    project = demo.copy(tmp_path / "project")
    company = the_company()
    assert load(project, company) == []
    company.did("ann", "purchase", WEEKS[2], amount=10)
    assert {row["company"] for row in load(project, company)} == {"own"}
