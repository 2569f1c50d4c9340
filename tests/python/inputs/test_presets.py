"""Every ready column map reads what its vendor exports, typed and as text, to the same rows.

`preset_rows/<preset>.yml` has made rows under the column names that the vendor publishes (`rows`,
SQL), and what staging makes of them (`expected`, CSV; a blank is NULL), both written by hand. The
rows are read as Parquet, as JSON lines and as a CSV of nothing but texts. `text_rows` adds what
only texts can hold: blank and misspelt flags, spaces, values that cannot be read.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt_project import ROOT, Project, copy_project

FOLDER = ROOT / "tests/python/support/preset_rows"
PRESETS = sorted(path.stem for path in FOLDER.glob("*.yml"))
FORMS = ("parquet", "json", "text")
STAGED = "stg_engagement__interactions"


def number(value: Any) -> Decimal:
    return Decimal(value).normalize()


READ: dict[str, Callable[[Any], Any]] = {
    "occurred_at": lambda text: datetime.fromisoformat(str(text)),
    "loaded_at": lambda text: datetime.fromisoformat(str(text)),
    "duration_seconds": number,
    "amount": number,
    "quantity": number,
    "is_automated": lambda text: str(text).lower() == "true",
}


def in_order(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[tuple]:
    """The rows in these columns, as Python's values and in an order of their own."""
    read = [
        tuple(
            None if row[column] in (None, "") else READ.get(column, str)(row[column])
            for column in columns
        )
        for row in rows
    ]
    return sorted(read, key=str)


@dataclass(frozen=True)
class Staged:
    """The rows of every preset in every form, read in one run."""

    rows: Sequence[Mapping[str, Any]]
    cases: Mapping[str, Mapping[str, str]]

    def assert_read(self, entry: str, expected: str) -> None:
        """Staging made of an entry what is right, in the columns that are written."""
        right = list(csv.DictReader(expected.splitlines()))
        columns = list(right[0])
        found = [row for row in self.rows if row["input_entry"] == entry]
        assert in_order(found, columns) == in_order(right, columns)


def write_forms(folder: Path, preset: str, case: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Writes the rows in every form; gives the entry's name and the relation that reads it."""
    path = folder / preset
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table made as {case['rows']}")
        texts = ", ".join(
            f'to_json("{name}") as "{name}"' if "STRUCT" in kind else f'"{name}"'
            for name, kind, *_ in connection.execute("describe made").fetchall()
        )
        connection.execute(f"copy made to '{path}.parquet'")
        connection.execute(f"copy made to '{path}.json'")
        connection.execute(f"copy (select {texts} from made) to '{path}.csv'")
    yield f"{preset} parquet", f"read_parquet('{path}.parquet')"
    yield f"{preset} json", f"read_json('{path}.json')"
    yield f"{preset} text", f"read_csv('{path}.csv', all_varchar = true)"
    (folder / f"{preset}.texts.csv").write_text(case["text_rows"])
    yield f"{preset} texts", f"read_csv('{path}.texts.csv', all_varchar = true)"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What reads the inputs."""
    project = copy_project(tmp_path_factory.mktemp("presets") / "project", [])
    shutil.copy(ROOT / f"models/staging/{STAGED}.sql", project.folder / "models")
    return project


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Staged:
    """An entry per preset and form."""
    folder = tmp_path_factory.mktemp("rows")
    cases = {name: yaml.safe_load((FOLDER / f"{name}.yml").read_text()) for name in PRESETS}
    entries = [
        {"name": name, "preset": preset, "relation": relation}
        for preset, case in cases.items()
        for name, relation in write_forms(folder, preset, case)
    ]
    run = project.dbt("run", variables={"engagement_inputs": {"interactions": entries}})
    assert run.success, run.said
    return Staged(project.records(f"select * from {STAGED}"), cases)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_reads_the_same_rows_in_every_form(staged: Staged, preset: str, form: str) -> None:
    staged.assert_read(f"{preset} {form}", staged.cases[preset]["expected"])


@pytest.mark.parametrize("preset", PRESETS)
def test_blanks_are_no_values_and_what_cannot_be_read_is_set_aside(
    staged: Staged, preset: str
) -> None:
    staged.assert_read(f"{preset} texts", staged.cases[preset]["expected_of_text"])


def test_the_error_of_an_engine_names_the_entry_the_preset_and_the_column(
    project: Project,
) -> None:
    """One with a lambda is not checked beforehand: the engine finds that the column is missing."""
    entry = {
        "name": "*/ ga4 /*",
        "preset": "ga4_events",
        "relation": "(select 'purchase' as event_name, 'u' as user_id, 'b' as user_pseudo_id, "
        "'1' as event_timestamp, 'WEB' as platform, {'transaction_id': 'T'} as ecommerce)",
    }
    run = project.dbt("run", variables={"engagement_inputs": {"interactions": [entry]}})
    assert not run.success
    assert '"event_params"' in run.said
    assert "interactions[0], preset ga4_events: session_id */ event_params" in run.said


def test_a_missing_column_is_named_with_the_preset_that_reads_it(project: Project) -> None:
    """Not with the preset's expression, which nobody wrote."""
    entry = {"name": "shop", "preset": "shopify_orders", "relation": "(select 1 as id)"}
    run = project.dbt("run", variables={"engagement_inputs": {"interactions": [entry]}})
    assert not run.success
    assert (
        "interactions[0] (shop): the entry has no column 'customer_id', "
        "which the preset shopify_orders for 'customer_id' reads."
    ) in run.said


def test_reading_a_value_writes_its_expression_once(project: Project) -> None:
    """Staging names a value dozens of times; a preset's expression is long enough as it is."""
    columns = ["id", "customer_id", "processed_at", "total_price", "source_name", "test"]
    entry = {
        "name": "shop",
        "preset": "shopify_orders",
        "relation": "(select '1' as " + ", '1' as ".join([*columns, "cancelled_at"]) + ")",
    }
    run = project.dbt("run", variables={"engagement_inputs": {"interactions": [entry]}})
    assert run.success, run.said
    compiled = next(project.folder.glob(f"target/compiled/**/{STAGED}.sql")).read_text()
    assert compiled.count("preset shopify_orders: occurred_at */ processed_at") == 1
