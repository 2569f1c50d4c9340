"""`make suggest` on data with mails that were sent, and their role corrected afterwards.

In either order of the steps the build works, and a mail that somebody got counts nothing.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta

import pytest
from dbt_project import Project, scoring_project
from suggested import Seeds, suggested_seeds, try_out
from worked_example import set_variables

FIRST_DAY = date(2025, 1, 6)
DAYS = 182
# By its name it could be anything: the guess is that customers do it.
SENT = "weekly digest"


def events() -> list[list[str]]:
    """60 members who view pages and log in, a third of whom leave; a mail to all each Friday."""
    chance = random.Random(7)
    rows = []
    for number in range(60):
        member, often = f"m{number:02}", chance.uniform(0.1, 0.7)
        stays = chance.randrange(30, 150) if number % 3 == 0 else DAYS
        for day in range(DAYS):
            on = FIRST_DAY + timedelta(days=day)
            if day < stays and chance.random() < often:
                rows.append([member, "login", f"{on} 09:00:00"])
                rows += [[member, "page viewed", f"{on} 09:05:00"]] * chance.randrange(4)
            if on.weekday() == 4:
                rows.append([member, SENT, f"{on} 12:00:00"])
    return rows


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Members of whom the first suggestion is made, before anything was scored."""
    project = scoring_project(tmp_path_factory.mktemp("sent") / "project")
    file = project.folder / "events.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["member", "activity", "happened_at"], *events()])
    columns = {"customer_id": "member", "activity_type": "activity", "occurred_at": "happened_at"}
    entry = {
        "name": "events",
        "relation": f"read_csv('{file}', all_varchar = true)",
        "columns": columns,
    }
    set_variables(project, engagement_inputs={"interactions": [entry]})
    try_out(project)
    return project


@pytest.fixture(scope="module")
def first(project: Project) -> Seeds:
    """The first suggestion, with the role of what was sent corrected in it."""
    seeds = suggested_seeds(project, suggesting=True)
    [sent] = [row for row in seeds["activity_types"] if row["activity_type"] == SENT]
    assert sent["role"] == "engagement"
    sent["role"] = "exposure"
    return seeds


def points_of_sent(rows: list[dict[str, str]]) -> set[float]:
    return {float(row["points"]) for row in rows if row["activity_type"] == SENT}


def test_asked_again_with_the_role_corrected_it_proposes_no_points_for_mails(
    project: Project, first: Seeds
) -> None:
    assert any(points_of_sent(first["activity_weights"]))
    project.write_seed("activity_types", first["activity_types"])
    try_out(project)
    again = suggested_seeds(project, suggesting=True)
    assert points_of_sent(again["activity_weights"]) <= {0}
    [sent] = [row for row in again["activity_types"] if row["activity_type"] == SENT]
    assert sent["role"] == "exposure"


def test_the_first_suggestion_builds_as_well_and_its_points_of_mails_count_nothing(
    project: Project, first: Seeds
) -> None:
    for seed, rows in first.items():
        project.write_seed(seed, rows)
    run = project.build()
    assert run.success, run.said
    weights = project.records("from config_engagement__activity_weights")
    assert {float(row["points"]) for row in weights if row["activity_type"] == SENT} == {0}
    assert project.query(
        "select count(*) from int_engagement__activity_points "
        f"where points != 0 and activity_type = '{SENT}'"
    ) == [(0,)]
