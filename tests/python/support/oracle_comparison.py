"""What a built project should hold, by the oracle, and where it differs."""

from __future__ import annotations

import csv
import math
from typing import Any

from dbt_project import Project
from oracle import Tables, Variables, oracle

TOLERANCE = 1e-9

KEYS = {
    "int_engagement__customer_metrics": ("customer_id", "window_periods", "period_index"),
    "int_engagement__customer_points": ("customer_id", "score_model", "version", "period_index"),
    "engagement_scores": ("customer_id", "score_model", "version", "period_end"),
    "engagement_contributions": (
        "customer_id",
        "score_model",
        "version",
        "period_end",
        "component",
    ),
}

Rows = list[dict[str, str]]
SeedRows = dict[str, Rows]
ByKey = dict[tuple, dict[str, Any]]


def seed_rows(project: Project, folder: str) -> SeedRows:
    """Every row of the seeds of a folder, as text, by the name of the seed."""
    found: SeedRows = {}
    for path in (project.folder / "seeds" / folder).glob("*.csv"):
        with path.open(newline="") as file:
            found[path.stem.removeprefix("demo_")] = list(csv.DictReader(file))
    return found


def write_seeds(project: Project, folder: str, seeds: SeedRows) -> None:
    """Replaces the seeds of a folder, with every column that any of their rows has."""
    for name, rows in seeds.items():
        prefix = "demo_" if folder == "demo" else ""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        path = project.folder / "seeds" / folder / f"{prefix}{name}.csv"
        if not rows:
            continue
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


def polarities(project: Project) -> dict[str, float | None]:
    """Per comment what the library makes of it, where the project is built and asks one."""
    if not project.database.exists():
        return {}
    tables = project.query("select table_name from information_schema.tables")
    if ("int_engagement__comment_sentiment",) not in tables:
        return {}
    return dict(
        project.query(
            "select distinct answers.comment, sentiment.polarity "
            "from int_engagement__survey_responses_judged as answers "
            "inner join int_engagement__comment_sentiment as sentiment using (comment_hash)"
        )
    )


def expected_tables(project: Project, variables: Variables | None = None) -> Tables:
    """All tables of the demo company, from the rows of the project's seeds."""
    return oracle(
        seed_rows(project, "config"), seed_rows(project, "demo"), variables, polarities(project)
    )


def by_key(table: str, rows: list[dict[str, Any]]) -> ByKey:
    """The rows of a table by its key, which has to be one."""
    found = {tuple(row[column] for column in KEYS[table]): row for row in rows}
    assert len(found) == len(rows), f"{table}: a key has two rows"
    return found


def differences(project: Project, expected: Tables, table: str) -> list[str]:
    """Every row that is missing or too many, every value that is another; numbers to 1e-9.

    Columns are compared both ways, too.
    """
    built = by_key(table, project.records(f"select * from {table}"))
    wanted = by_key(table, getattr(expected, table))
    assert built and wanted, f"{table}: nothing to compare"
    columns, wanted_columns = (set(next(iter(rows.values()))) for rows in (built, wanted))
    found = [f"{table}: no column {name}" for name in wanted_columns - columns]
    found += [f"{table}: unknown column {name}" for name in columns - wanted_columns]
    found += [f"{table}: missing {key}" for key in wanted.keys() - built.keys()]
    found += [f"{table}: too many {key}" for key in built.keys() - wanted.keys()]
    for key in built.keys() & wanted.keys():
        for name in columns & wanted_columns:
            value, other = built[key][name], wanted[key][name]
            if not are_equal(value, other):
                found.append(f"{table}: {key} {name}: {value}, by the oracle {other}")
    return sorted(found)


def are_equal(value: Any, other: Any) -> bool:
    """Whether two values are the same; numbers, of whatever type, to 1e-9."""
    if value is None or other is None or isinstance(other, bool | str):
        return type(value) is type(other) and value == other
    if isinstance(other, int | float):
        return math.isclose(value, other, rel_tol=0, abs_tol=TOLERANCE)
    return value == other
