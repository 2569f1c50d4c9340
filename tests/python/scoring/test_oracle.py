"""Every row of the metrics, points, scores and contributions, from the raw rows in plain loops.

The oracle (support/oracle) is written after the documentation and shares nothing with the models.
It runs on the demo company as shipped; and, on a third of its customers, under configurations that
it does not use.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from dbt_project import Project, put_back, scoring_project
from oracle import Tables, Variables
from oracle_comparison import (
    KEYS,
    SeedRows,
    differences,
    expected_tables,
    seed_rows,
    write_seeds,
)
from oracle_configurations import CONFIGURATIONS, Configure

# Customers whom a configuration names.
NAMED = {*range(12), 65, 70, *range(390, 400)}


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo company, of which nothing is built."""
    return scoring_project(tmp_path_factory.mktemp("oracle") / "project")


@pytest.fixture
def project(unbuilt: Project) -> Iterator[Project]:
    """The same, to change and build: it is put back, in its place, since dbt parses a copy anew."""
    with put_back(unbuilt.folder.glob("seeds/**/*.csv")):
        yield unbuilt
    unbuilt.database.unlink()


@pytest.mark.parametrize("table", KEYS)
def test_every_row_of_the_demo_equals_the_oracle(
    demo: Project, expected: Tables, table: str
) -> None:
    assert differences(demo, expected, table) == []


@pytest.mark.parametrize("configure", CONFIGURATIONS, ids=lambda configure: configure.__name__)
def test_every_row_under_another_configuration_equals_the_oracle(
    project: Project, configure: Configure
) -> None:
    """And the oracle's own lines add up, before the models' are compared with them."""
    config_rows, raw_rows = seed_rows(project, "config"), a_third(seed_rows(project, "demo"))
    variables = configure(config_rows, raw_rows)
    write_seeds(project, "config", config_rows)
    write_seeds(project, "demo", raw_rows)

    # What stands behind the compared tables, and no more.
    run = project.build(
        "--select",
        "+engagement_contributions",
        "+int_engagement__customer_points",
        variables=variables,
    )
    assert run.success, run.said
    expected = expected_tables(project, as_variables(variables))
    assert_lines_add_up(expected)
    assert [each for table in KEYS for each in differences(project, expected, table)] == []


def a_third(rows: SeedRows) -> SeedRows:
    """Every third customer, those who have a part in a configuration, and visitors without a name.

    The loops of the oracle take most of the time of a test, and as much for each customer.
    """

    def is_in(row: dict[str, str]) -> bool:
        known = row.get("customer_id", "")
        number = int(known[1:]) if re.fullmatch(r"c\d+", known) else 0
        return number % 3 == 0 or number in NAMED

    return {name: [row for row in each if is_in(row)] for name, each in rows.items()}


def as_variables(given: dict[str, Any]) -> Variables:
    """The variables of dbt as the oracle takes them."""
    values: dict[str, Any] = dict(given)
    for name in {"scoring_start", "scoring_end"} & given.keys():
        values[name] = date.fromisoformat(given[name])
    return Variables(**values)


def assert_lines_add_up(tables: Tables) -> None:
    """Metrics or activities to the raw score, and with override and cap to the score."""
    raw: dict[tuple, list[float]] = defaultdict(list)
    steps: dict[tuple, list[float]] = defaultdict(list)
    for line in tables.engagement_contributions:
        is_step = line["component"] in ("override", "cap")
        (steps if is_step else raw)[score_key(line)].append(line["contribution"])
    for row in tables.engagement_scores:
        key = score_key(row)
        if key not in raw and key not in steps:
            continue
        raw_score = math.fsum(raw[key])
        assert math.isclose(raw_score, row["raw_score"] or 0, rel_tol=0, abs_tol=1e-9), row
        if row["score"] is not None:
            score = raw_score + math.fsum(steps[key])
            assert math.isclose(score, row["score"], rel_tol=0, abs_tol=1e-9), row


def score_key(row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in KEYS["engagement_scores"])
