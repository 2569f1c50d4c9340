"""200 hostile rows in one build, with all data tests: it scores, and every row is accounted for.

One row must never stop the rest: what it takes from the run is itself, with a reason.
"""

from __future__ import annotations

import csv
import shutil

import pytest
from dbt_project import FAILED, Project, Run, copy_project
from hostile_rows import HOSTILE, PLAIN_CUSTOMERS, WHALE_PURCHASES, hostile_company

IDENTITY = "raw_rows = accepted_rows + duplicate_rows + rejected_rows"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """The company built as it is shipped, data tests among it."""
    project = copy_project(
        tmp_path_factory.mktemp("hostile") / "project", ["models", "seeds", "tests"], True
    )
    shutil.rmtree(project.folder / "tests/package_project", ignore_errors=True)
    hostile_company().map_inputs(
        project, segment_columns=["plan", "region"], reporting_timezone="Europe/Berlin"
    )
    weigh_amounts(project)
    return project, project.build("--exclude-resource-type=unit_test")


def weigh_amounts(project: Project) -> None:
    """Adds a model whose score is money, so that nothing bounds it: amounts times points."""
    types = project.seed_rows("activity_types")
    project.write_seed(
        "activity_types",
        [
            row | ({"value_basis": "amount"} if row["activity_type"] == "purchase" else {})
            for row in types
        ],
    )
    models = project.seed_rows("score_models")
    key = {"score_model": "money", "version": "1"}
    money = {**models[0], **key, "formula": "weighted_sum", "priority": "0"}
    money |= {"segment_column": "plan", "segment_value": "pro"}
    project.write_seed("score_models", [*models, money])
    weights = project.seed_rows("activity_weights")
    points = [{**key, "activity_type": "purchase", "points": "1000"}]
    project.write_seed("activity_weights", [*weights, *points])


def test_it_scores_and_every_data_test_passes(built: tuple[Project, Run]) -> None:
    project, run = built
    failed = {name for name, status in run.statuses.items() if status in FAILED}
    assert run.success and not failed, run.said
    assert len(run.statuses) > 900
    scored = project.query(
        "select count(*) from customer_engagement "
        f"where customer_id in {tuple(PLAIN_CUSTOMERS)} and score is not null"
    )
    assert scored == [(len(PLAIN_CUSTOMERS),)]


def test_no_row_is_lost(built: tuple[Project, Run]) -> None:
    project, _ = built
    assert project.query(f"select count(*) from interaction_audit where not ({IDENTITY})") == [(0,)]
    read = dict(project.query("select input, raw_rows from interaction_audit"))
    for name, rows in read.items():
        with (project.folder / f"data/{name}.csv").open(newline="") as file:
            assert sum(1 for _ in csv.DictReader(file)) == rows, name
    [(set_aside,)] = project.query("select sum(rejected_rows) from interaction_audit")
    assert HOSTILE / 3 < set_aside < HOSTILE


def test_each_kind_of_fault_is_set_aside_with_its_own_reason(built: tuple[Project, Run]) -> None:
    project, _ = built
    reasons = dict(
        project.query("select reject_reason, count(*) from engagement_rejected_rows group by 1")
    )
    assert reasons.keys() >= {
        "missing_customer_id",
        "missing_activity_type",
        "missing_time",
        "unreadable_time",
        "unreadable_value",
        "out_of_range",
        "after_load",
        "after_horizon",
    }


def test_the_largest_amounts_add_up_to_a_score_of_money(built: tuple[Project, Run]) -> None:
    project, _ = built
    [(most,)] = project.query(
        "select max(score) from engagement_scores where score_model = 'money'"
    )
    assert most > WHALE_PURCHASES * 999_999_999_999 * 1000 / 10


def test_what_lies_beyond_the_bounds_is_set_aside_and_what_lies_within_counts(
    built: tuple[Project, Run],
) -> None:
    project, _ = built
    [(largest,)] = project.query("select max(abs(amount)) from int_engagement__interaction_ledger")
    assert 999_999_999_999 <= largest < 1e12
    first, last = project.query(
        "select min(occurred_on), max(occurred_on) from int_engagement__interaction_ledger"
    )[0]
    assert (first.year, last.year) == (2025, 2025)
