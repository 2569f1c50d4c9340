"""A project that installs the package: tests/package_project, as in docs/own-metrics.md.

Its models are the inputs, it replaces a seed and a variable, and it has metrics of its own.
"""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt_project import ROOT, Project, Run, put_back, scoring_project
from made_company import assert_lines_lead_to_the_scores

SOURCE = ROOT / "tests/package_project"
COMPARED = (
    "customer_engagement",
    "engagement_scores",
    "engagement_contributions",
    "int_engagement__customer_metrics",
    "int_engagement__step_metrics",
)
SUNDAYS = [date(2025, 1, 12) + timedelta(days=7 * week) for week in range(10)]
# The data tests of what own metrics pass through; they do not affect the others.
TESTED = (
    "int_engagement__custom_metrics",
    "int_engagement__customer_metrics",
    "int_engagement__step_metrics",
    "engagement_scores",
    "engagement_contributions",
    "engagement_score_changes",
    "test_type:singular",
)


def install(package: Path, folder: Path) -> Project:
    """The project with a package from a local folder, installed by dbt deps alone."""
    made = ("dbt_packages", "target", "logs", "package-lock.yml", "*.duckdb*")
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns(*made))
    (folder / "packages.yml").write_text(yaml.safe_dump({"packages": [{"local": str(package)}]}))
    project = Project(folder, profiles=folder)
    succeed(project.dbt("deps"))
    return project


def succeed(run: Run) -> None:
    assert run.success, run.said


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with the whole package, built; read it only."""
    project = install(ROOT, tmp_path_factory.mktemp("package") / "project")
    succeed(project.build("--exclude-resource-type", "test", "unit_test"))
    return project


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same without dbt's tests and what acts on scores; to change it, use `changeable`."""
    folder = tmp_path_factory.mktemp("small")
    project = install(scoring_project(folder / "package").folder, folder / "project")
    succeed(project.build())
    return project


@pytest.fixture
def changeable(small: Project) -> Iterator[Project]:
    """The small project, to change at will: files and database are restored afterwards."""
    folder = small.folder
    sources = [*folder.glob("models/*"), *folder.glob("seeds/*")]
    kept = [folder / "dbt_project.yml", small.database, *sources]
    with put_back(kept):
        yield small


def settings(project: Project) -> dict[str, Any]:
    return yaml.safe_load((project.folder / "dbt_project.yml").read_text())


def rows_of(project: Project, seed: str) -> list[dict[str, str]]:
    with (project.folder / f"seeds/{seed}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def write_rows(project: Project, seed: str, rows: list[dict[str, str]]) -> None:
    with (project.folder / f"seeds/{seed}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def seat_use(counts: list[dict[str, str]], customer: str, day: date) -> float | None:
    """The last count in the eight weeks up to a day."""
    valid = [
        row
        for row in counts
        if row["user_id"] == customer
        and 0 <= (day - date.fromisoformat(row["counted_on"])).days < 56
    ]
    if not valid:
        return None
    last = max(valid, key=lambda row: row["counted_on"])
    return int(last["used"]) / int(last["seats"])


# --- the project ---


def test_the_data_tests_of_the_package_hold_in_the_project(package: Project) -> None:
    run = package.dbt("test", "--exclude-resource-type", "unit_test", "--select", *TESTED)
    assert run.success, run.said
    assert len(run.statuses) > 60


def test_the_models_of_the_project_are_scored(package: Project) -> None:
    [audit] = package.records("from interaction_audit where input = 'interactions'")
    assert (audit["input_entry"], audit["raw_rows"]) == ("app_events", audit["accepted_rows"])
    assert audit["raw_rows"] == len(rows_of(package, "raw_events"))
    people = {row["user_id"] for row in rows_of(package, "raw_people")}
    found = package.query("select customer_id, status from customer_engagement")
    assert dict(found) == dict.fromkeys(people, "scored")


def test_the_seed_of_the_project_replaces_ours(package: Project) -> None:
    own = {row["metric"]: float(row["weight"]) for row in rows_of(package, "score_metrics")}
    assert len(own) == 4
    assert dict(package.query("select metric, weight from config_engagement__score_metrics")) == own


def test_the_variable_of_the_project_applies(package: Project) -> None:
    assert settings(package)["vars"]["detail_periods"] == 2
    detailed = package.query("select distinct period_end from engagement_contributions")
    assert {day for (day,) in detailed} == set(SUNDAYS[-2:])


def test_own_models_under_our_former_names_are_built_beside_ours(
    package: Project,
) -> None:
    people = {row["user_id"] for row in rows_of(package, "raw_people")}
    assert {user for (user,) in package.query("select user_id from stg_customers")} == people
    assert {user for (user,) in package.query("select user_id from int_customer_metrics")} == people
    assert package.query("select * from config_score_models") == [("propensity",)]
    for ours in ("stg_engagement__customers", "int_engagement__customer_metrics"):
        assert package.query(f"select count(*) > 0 from {ours}") == [(True,)]
    assert package.query("select status from config_engagement__score_models") == [("champion",)]


def relations(project: Project) -> set[str]:
    return {name for (name,) in project.query("select table_name from information_schema.tables")}


def test_tables_of_version_0_1_are_dropped_and_none_of_the_project(
    changeable: Project,
) -> None:
    """Only on request."""
    before = relations(changeable)
    # Of the project's graph, of no one, of version 0.1.
    own = {"stg_customers", "config_score_models", "int_customer_metrics"}
    assert own <= before
    with duckdb.connect(str(changeable.database)) as connection:
        connection.execute("create table int_of_somebody as select 1 as x")
        connection.execute("create table int_customer_points as select 1 as x")
        connection.execute("create view stg_interactions as select 1 as x")
        # Its model is gone.
        connection.execute("create view int_rescored_metrics as select 1 as x")
    left = {"int_of_somebody", "int_customer_points", "stg_interactions", "int_rescored_metrics"}
    succeed(changeable.dbt("run-operation", "drop_renamed_tables"))
    assert relations(changeable) == before | left
    succeed(changeable.dbt("run-operation", "drop_renamed_tables", "--args", "{dry_run: false}"))
    assert relations(changeable) == before | {"int_of_somebody"}
    run = changeable.dbt("run-operation", "drop_renamed_tables", "--args", "{dry_run: 'yes'}")
    assert "dry_run is yes. It must be true or false" in run.said


def test_the_old_names_are_those_of_version_0_1() -> None:
    """Models that came later had none, and some of these are gone."""
    macro = (
        (ROOT / "macros/governance/drop_renamed_tables.sql").read_text().split("macro old_names")[1]
    )
    listed = re.findall(r"'(\w+)',", macro)
    assert len(listed) == len(set(listed)) == 87
    assert {name.split("_")[0] for name in listed} == {"config", "int", "scoring", "stg"}


# --- its own metrics ---


def test_an_own_metric_has_the_values_of_its_model_in_every_period(package: Project) -> None:
    counts = rows_of(package, "raw_seat_counts")
    found = package.query(
        "select customer_id, period_end, seat_use from int_engagement__customer_metrics"
    )
    assert {day for _, day, _ in found} == set(SUNDAYS)
    for customer, day, value in found:
        assert value == seat_use(counts, customer, day), (customer, day)
    # A count of a stranger adds no customer, and a customer without a count has no value.
    assert "u9" not in {customer for customer, _, _ in found}
    assert {value for customer, _, value in found if customer == "u5"} == {None}


def test_an_own_metric_is_weighted_and_contributions_add_up(package: Project) -> None:
    assert assert_lines_lead_to_the_scores(package) > 0
    lines = {
        (row["customer_id"], row["component"]): row
        for row in package.records(
            f"from engagement_contributions where period_end = '{SUNDAYS[-1]}'"
        )
    }
    drivers = package.query("select distinct driver from engagement_drivers")
    assert {("seat_use",), ("support_share",)} <= set(drivers)
    # 5 of 10 seats, of a goal of .9, with 30 of 100.
    used = lines["u1", "seat_use"]
    assert used["value"] == 0.5
    assert used["scaled_value"] == pytest.approx(100 * 0.5 / 0.9)
    assert used["applied_weight"] == pytest.approx(0.3)
    assert used["contribution"] == pytest.approx(0.3 * 100 * 0.5 / 0.9)
    # Counted too long ago: no value, which the seed treats as neutral.
    unknown = lines["u4", "seat_use"]
    assert (unknown["value"], unknown["scaled_value"]) == (None, 50)
    # Less is better: the share of tickets in four weeks, on a scale that ends at a half.
    asked = lines["u3", "support_share"]
    tickets, all_days = package.query(
        "select sum(case when activity_type = 'support_ticket' then interactions else 0 end), "
        "sum(interactions) from int_engagement__customer_activity_days where customer_id = 'u3' "
        f"and occurred_on > date '{SUNDAYS[-1]}' - 28 and occurred_on <= date '{SUNDAYS[-1]}'"
    )[0]
    assert 0 < tickets / all_days < 0.5
    assert asked["value"] == pytest.approx(tickets / all_days)
    assert asked["scaled_value"] == pytest.approx(100 * (0.5 - tickets / all_days) / 0.5)


def test_a_change_of_an_own_metric_is_part_of_new_answers(package: Project) -> None:
    """Until that step it keeps its value of the week before; nobody answers a survey here."""
    before, now = SUNDAYS[-2:]
    lines: dict[tuple, dict[str, float]] = defaultdict(dict)
    for customer, day, metric, contribution in package.query(
        "select customer_id, period_end, component, contribution from engagement_contributions"
    ):
        lines[customer, day][metric] = contribution
    told = dict(
        package.query(
            "select customer_id, new_answers from engagement_score_changes "
            f"where period_end = '{now}'"
        )
    )
    for customer, part in told.items():
        own = [name for name in ("seat_use", "support_share") if name in lines[customer, now]]
        changes = [lines[customer, now][name] - lines[customer, before][name] for name in own]
        assert part == pytest.approx(math.fsum(changes)), customer
    # Of 20 seats 18 were used a week ago, and now 2.
    assert told["u3"] < -20
    assert told.keys() == {customer for customer, _ in lines}


# --- from load to load ---


def test_a_corrected_past_value_recomputes_its_customer_from_that_day(
    changeable: Project,
) -> None:
    """And the result equals a build from nothing."""
    grown = changeable
    counts = rows_of(grown, "raw_seat_counts")
    [late] = [r for r in counts if (r["user_id"], r["counted_on"]) == ("u1", "2025-02-14")]
    late["used"] = "8"
    write_rows(grown, "raw_seat_counts", counts)
    succeed(grown.build())
    touched = grown.query(
        "select customer_id, min(period_end) from scoring_engagement__scores group by 1"
    )
    assert touched == [("u1", date(2025, 2, 16))]
    found = {table: grown.contents([table]) for table in COMPARED}
    grown.database.unlink()
    succeed(grown.build())
    for table, rows in found.items():
        assert rows == grown.contents([table]), table


# --- what is wrong with an own metric's model ---

PERIODS = "cross join {{ ref('customer_engagement', 'int_engagement__scoring_periods') }}"
WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "a column is missing": (
        f"select customer_id, period_end, 1 as use from {{{{ ref('people') }}}} {PERIODS}",
        (
            "custom_metrics[0] (seat_use): the model seat_use has no column 'seat_use'",
            "it has customer_id, period_end, use",
        ),
    ),
    "two rows of a customer and period": (
        "select customer_id, period_end, 1 as seat_use from {{ ref('people') }} "
        f"{PERIODS} union all select 'u1', date '2025-01-12', 2",
        (
            "custom_metrics[0] (seat_use): the model seat_use has 2 rows of customer u1 on "
            "2025-01-12",
            "one row per customer_id and period_end",
        ),
    ),
    "a row of nobody": (
        f"select null as customer_id, period_end, 1 as seat_use from (select 1) {PERIODS}",
        ("custom_metrics[0] (seat_use): the model seat_use has rows without a customer_id",),
    ),
    "other ids": (
        "select 'crm-' || customer_id as customer_id, period_end, 1 as seat_use "
        f"from {{{{ ref('people') }}}} {PERIODS}",
        (
            "custom_metrics[0] (seat_use): nobody in the model seat_use is a customer",
            "crm-u1",
            "int_engagement__identity_map",
        ),
    ),
    "other days": (
        "select customer_id, period_start as period_end, 1 as seat_use "
        f"from {{{{ ref('people') }}}} {PERIODS}",
        (
            "rows of the model seat_use falls on a period_end (its last is of 2025-03-10, the last "
            "period ends on 2025-03-16)",
            "int_engagement__scoring_periods",
        ),
    ),
    "a text": (
        "select customer_id, period_end, 'most' as seat_use "
        f"from {{{{ ref('people') }}}} {PERIODS}",
        (
            "custom_metrics[0] (seat_use): column seat_use of the model seat_use has",
            "such as most",
        ),
    ),
    "an infinite number": (
        "select customer_id, period_end, 'infinity'::double as seat_use "
        f"from {{{{ ref('people') }}}} {PERIODS}",
        ("custom_metrics[0] (seat_use): column seat_use", "such as inf"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_model_that_breaks_its_contract_stops_the_run(changeable: Project, name: str) -> None:
    sql, says = WRONG[name]
    (changeable.folder / "models/seat_use.sql").write_text(sql)
    before = changeable.contents(["int_engagement__custom_metrics", "engagement_scores"])
    run = changeable.dbt("run", "--select", "seat_use", "int_engagement__custom_metrics")
    assert not run.success
    for part in (*says, "To fix it: "):
        assert part in run.said
    assert changeable.contents(before) == before


def test_a_reserved_word_of_sql_is_refused_as_a_metric(changeable: Project) -> None:
    entry = {"metric": "order", "ref": "people", "dimension": "behavioural"}
    run = changeable.dbt("run", "--select", "people", variables={"custom_metrics": [entry]})
    assert not run.success
    assert "custom_metrics[0] (order): SQL keeps that word for itself" in run.said


# --- other own metrics than before ---


def test_adding_or_removing_a_metric_needs_no_full_refresh(
    changeable: Project,
) -> None:
    grown = changeable
    project = settings(grown)
    [seats, _] = project["vars"]["custom_metrics"]
    added = {**seats, "metric": "seats_free", "column": "seats_free", "maximum": 1000}
    project["vars"]["custom_metrics"] = [seats, added]
    (grown.folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    model = grown.folder / "models/seat_use.sql"
    model.write_text(
        model.read_text().replace(
            "as seat_use", "as seat_use,\n    counts.seats - counts.used as seats_free"
        )
    )
    metrics = rows_of(grown, "score_metrics")
    write_rows(grown, "score_metrics", [r for r in metrics if r["metric"] != "support_share"])
    succeed(grown.build(variables={"restate_published": True}))
    counts = {row["user_id"]: row for row in rows_of(grown, "raw_seat_counts")}
    for row in grown.records(
        f"from int_engagement__customer_metrics where period_end = '{SUNDAYS[-1]}'"
    ):
        assert "support_share" not in row
        counted = counts.get(row["customer_id"])
        is_known = seat_use(list(counts.values()), row["customer_id"], SUNDAYS[-1]) is not None
        free = int(counted["seats"]) - int(counted["used"]) if counted and is_known else None
        assert row["seats_free"] == free
    # Customers of the week before have a step, with their value of that week.
    steps = grown.query(
        "select customer_id, seats_free from int_engagement__step_metrics "
        f"where step = 'window_moved' and period_end = '{SUNDAYS[-1]}'"
    )
    assert dict(steps) == dict(
        grown.query(
            "select customer_id, seats_free from int_engagement__customer_metrics "
            f"where period_end = '{SUNDAYS[-2]}'"
        )
    )
    assert_lines_lead_to_the_scores(grown)


# --- the package's unit tests, which run in the project ---

# Tables whose columns are those of the project's segments, which need not be the demo's.
BY_SEGMENT = (
    "int_engagement__customer_attributes",
    "int_engagement__customers_judged",
    "stg_engagement__customers",
)


def test_no_unit_test_relies_on_the_segments_of_the_demo() -> None:
    """Rows in CSV, or no rows, have the columns of the installing project's table."""
    found = []
    for path in ROOT.glob("models/**/*.yml"):
        for test in yaml.safe_load(path.read_text()).get("unit_tests", []):
            segments = test.get("overrides", {}).get("vars", {}).get("segment_columns", [])
            for given in test["given"]:
                rows = given["rows"]
                if not any(f"'{name}'" in given["input"] for name in BY_SEGMENT) or (
                    given.get("format") == "sql"
                ):
                    continue
                header = rows.split("\n")[0].split(",") if isinstance(rows, str) else segments
                if set(header) & {*segments, "plan", "region"}:
                    found.append(test["name"])
    assert found == []


# --- the guide ---


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind in the guide."""
    guide = (ROOT / "docs/own-metrics.md").read_text()
    return re.findall(rf"```{kind}\n(.*?)```", guide, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "is_in_project"),
    [
        ("sql", lambda block: block in [p.read_text() for p in SOURCE.glob("models/*.sql")]),
        ("csv", lambda block: block in (SOURCE / "seeds/score_metrics.csv").read_text()),
        (
            "yaml",
            lambda block: (
                yaml.safe_load(block)["vars"]["custom_metrics"]
                == yaml.safe_load((SOURCE / "dbt_project.yml").read_text())["vars"][
                    "custom_metrics"
                ]
            ),
        ),
    ],
    ids=["sql", "csv", "yaml"],
)
def test_the_guide_shows_the_files_of_the_project(
    kind: str, is_in_project: Callable[[str], bool]
) -> None:
    found = blocks(kind)
    assert found
    assert all(is_in_project(block) for block in found)
