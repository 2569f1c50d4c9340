"""What is to be kept out leaves the file of the database and what earlier runs wrote beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from command import Commanded, tiny_project

from engagement.compacting import check_same, compact
from engagement.errors import StoppedError

# Where the test itself puts the id.
SOURCES = ("customers.csv", "erased.csv")
ERASED = "carol-4711"
# Long, so that it is in the file as it is, and many, so that rows are freed in whole blocks.
CUSTOMERS = "id\nann\nben\n" + "".join(f"{ERASED}-{number:060}\n" for number in range(3000))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    """The small project, in which an id is everywhere that a run can put it; read it only."""
    project = tiny_project(tmp_path_factory.mktemp("erasure") / "project")
    (project.folder / "customers.csv").write_text(CUSTOMERS)
    # A table that is built by adding to it: its old rows stay in freed blocks.
    (project.folder / "models/kept.sql").write_text(
        "{{ config(materialized='incremental', pre_hook=\"{{ 'delete from ' ~ this"
        " ~ ' where id not in (select id from customers)' if is_incremental() else 'select 1' }}\","
        " ) }}"
        "{% if is_incremental() %}select * from {{ ref('customers') }} where false"
        "{% else %}select * from {{ ref('customers') }}{% endif %}"
    )
    project.succeed("build", f"--vars={{version: \"'{ERASED}'\"}}")
    for trace in ("target/dashboard/customer.html", "suggestions/activity_types.csv"):
        (project.folder / trace).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / trace).write_text(ERASED)
    return project


@pytest.fixture
def project(built: Commanded, tmp_path: Path) -> Commanded:
    shutil.copytree(built.folder, tmp_path / "project")
    return Commanded(tmp_path / "project")


def erase(project: Commanded) -> None:
    (project.folder / "customers.csv").write_text("id\nann\nben\n")
    (project.folder / "erased.csv").write_text(f"id\n{ERASED}\n")
    # The fake table of ids to keep out would hold the very text that is looked for.
    model = project.folder / "models/int_engagement__erased_ids.sql"
    model.write_text(model.read_text().replace("select id", "select md5(id) as id"))


def test_the_id_is_in_the_file_and_beside_it_before(built: Commanded) -> None:
    """Or the other tests would find nothing whatever happens."""
    found = built.files_with(ERASED, SOURCES)
    assert {"tiny.duckdb", "logs/dbt.log", "target/run_results.json"} <= set(found)
    assert any(name.startswith("target/compiled") for name in found)


def test_a_build_that_erases_leaves_no_byte_of_the_id(project: Commanded) -> None:
    erase(project)
    said = project.succeed("build")
    assert project.files_with(ERASED, SOURCES) == []
    assert "ERASED  There are new ids to keep out. The database was rewritten" in said
    assert "target/dashboard" in said and "suggestions" in said
    assert project.query("select count(*) from kept") == [(2,)]
    # Once: afterwards they are no news, and what runs write stays.
    assert "ERASED" not in project.succeed("build")
    assert (project.folder / "logs/dbt.log").exists()


def test_an_erasure_whose_test_fails_is_made_good_by_the_next_build(project: Commanded) -> None:
    erase(project)
    before = project.database.read_bytes()
    code, _ = project.run("build", "--vars={fails: true}")
    assert code == 1 and project.database.read_bytes() == before
    project.succeed("build")
    assert project.files_with(ERASED, SOURCES) == []


def test_compact_does_the_same_after_plain_dbt(project: Commanded) -> None:
    with duckdb.connect(str(project.database)) as connection:
        for table in ("customers", "scores", "kept"):
            connection.execute(f"delete from {table} where id like '{ERASED}%'")
        connection.execute("update scores set version = 'one'")
        connection.execute("checkpoint")
    (project.folder / "customers.csv").write_text("id\nann\nben\n")
    assert "tiny.duckdb" in project.files_with(ERASED, SOURCES)
    before = project.query("select * from named_scores order by all")
    said = project.succeed("compact")
    assert "Compacted tiny.duckdb" in said and "logs/dbt.log" in said
    assert project.files_with(ERASED, SOURCES) == []
    assert project.query("select * from named_scores order by all") == before


def test_compacting_keeps_everything_that_a_database_has(tmp_path: Path) -> None:
    file = tmp_path / "whole.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema other")
        connection.execute("create sequence other.numbers start 7")
        connection.execute("create table t (id integer primary key, name text not null)")
        connection.execute("create table other.u as select range as n from range(100)")
        connection.execute("create index by_name on t (name)")
        connection.execute("create view whole.other.v as select * from whole.main.t")
        connection.execute("create macro twice(x) as 2 * x")
        connection.execute("insert into t values (1, 'ann')")
    compact(file)
    with duckdb.connect(str(file)) as connection:
        assert connection.execute("select * from other.v").fetchall() == [(1, "ann")]
        assert connection.execute("select twice(count(*)) from other.u").fetchall() == [(200,)]
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("insert into t values (1, 'ben')")


def test_a_copy_that_lacks_a_row_is_not_taken() -> None:
    with duckdb.connect() as connection:
        for name, rows in (("old", 3), ("new", 2)):
            connection.execute(f"attach ':memory:' as {name}")
            connection.execute(f"create table {name}.t as select * from range({rows})")
        with pytest.raises(StoppedError, match="different rows in t; nothing was published"):
            check_same(connection, "old", "new")
