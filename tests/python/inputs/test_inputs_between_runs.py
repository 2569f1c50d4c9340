"""What happens to an input between two runs: people are erased, files come back short or broken.

One company is built once; every test starts from that build and puts its files back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from command import Commanded
from dbt_project import Project, Run, put_back, scoring_project
from made_company import FIRST_DAY, MadeCompany
from worked_example import set_variables

PEOPLE = ("ann", "ben", "cem", "end9")
VARIABLES: dict[str, Any] = {"segment_columns": ["plan"], "max_lost_rows": 0.2}
# The list that is kept, and the ids that it and internal people set aside.
KEPT_OUT = {"int_engagement__erased_ids", "int_engagement__excluded_customers"}
MARTS = ("engagement_scores", "engagement_contributions", "customer_engagement")
# What a run does before it replaces the ledger: enough to see a guard at work.
UP_TO_THE_GUARD = ("--select", "+int_engagement__touched_records")


def the_company() -> MadeCompany:
    """Four people with a weekly habit; anon9 was mid9, and mid9 is end9."""
    company = MadeCompany()
    for number, person in enumerate(PEOPLE):
        company.customer(person, plan="free", is_erased="")
        for week in range(8):
            day = FIRST_DAY + timedelta(days=7 * week + number)
            company.did(person, "website_visit", day)
            company.did(person, "purchase", day, amount=20)
    for alias in ("anon9", "mid9"):
        company.did(alias, "website_visit", FIRST_DAY + timedelta(days=9))
    company.inputs["identities"] = [
        {"id": "anon9", "customer_id": "mid9"},
        {"id": "mid9", "customer_id": "end9"},
    ]
    return company


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = scoring_project(tmp_path_factory.mktemp("between_runs") / "project")
    the_company().map_inputs(project, **VARIABLES)
    run = project.build()
    assert run.success, run.said
    return project


@pytest.fixture
def project(built: Project) -> Iterator[Project]:
    """The build, to change at will."""
    folder = built.folder
    with put_back([built.database, folder / "dbt_project.yml", *folder.glob("data/*.csv")]):
        yield built


def file_of(project: Project, name: str) -> Path:
    return project.folder / f"data/{name}.csv"


def marked(project: Project, customer_id: str, is_erased: str) -> None:
    """Writes the customers file with one person marked."""
    company = the_company()
    for row in company.inputs["customers"]:
        if row["customer_id"] == customer_id:
            row["is_erased"] = is_erased
    company.map_inputs(project, **VARIABLES)


def succeed(run: Run) -> None:
    assert run.success, run.said


def found_in(project: Project, *ids: str) -> set[str]:
    """The tables that have any of the ids as a whole value."""
    found = set()
    for table, column in project.query(
        "select table_name, column_name from duckdb_columns() inner join duckdb_tables() "
        "using (table_name) where data_type = 'VARCHAR'"
    ):
        if project.query(f"select 1 from {table} where {column} in {ids} limit 1"):
            found.add(table)
    return found


# --- erasure ---


def test_an_erasure_reaches_every_id_and_stays_until_a_row_says_otherwise(project: Project) -> None:
    ids = ("anon9", "mid9", "end9")
    assert "engagement_scores" in found_in(project, *ids)
    command = Commanded(project.folder, project.database.name, project.profiles)
    for trace in ("logs/dbt.log", "target/dashboard/customer.html"):
        (project.folder / trace).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / trace).write_text("end9 fell by 20 points")
    marked(project, "end9", "true")
    assert "ERASED" in command.succeed("build")
    # No table but the list of whom to keep out, and no file but the inputs themselves.
    assert found_in(project, *ids) == KEPT_OUT
    inputs = {"data/customers.csv", "data/identities.csv", "data/interactions.csv"}
    for each in ids:
        assert set(command.files_with(each)) <= {"engagement.duckdb", *inputs}
    audit = project.records("from interaction_audit")
    erased = {row["input"]: row["rejected_erased"] for row in audit}
    assert erased == {"interactions": 18, "customers": 1, "identities": 2}

    # The file comes back with its header alone: the guard stops it, and erasure holds regardless.
    file_of(project, "customers").write_text("customer_id,plan,is_erased\n")
    file_of(project, "identities").write_text("id,customer_id\n")
    stopped = project.build()
    assert not stopped.success and "customers, made: 3 rows were accepted" in stopped.said
    succeed(project.build(variables={"max_lost_rows": 1}))
    assert found_in(project, *ids) == KEPT_OUT

    # A blank says nothing; `false` about an alias is not about the person.
    file_of(project, "customers").write_text("customer_id,is_erased\nend9,\nmid9,false\n")
    succeed(project.build(*UP_TO_THE_GUARD, variables={"max_lost_rows": 1}))
    assert project.query("select count(*) from int_engagement__erased_ids") == [(3,)]

    file_of(project, "customers").write_text("customer_id,is_erased\nend9,false\n")
    said = command.succeed("build", "--vars={max_lost_rows: 1}")
    assert "engagement_inputs.customers (made): is_erased is false for 1 person who was" in said
    scored = project.query("select customer_id from customer_engagement where score is not null")
    assert {"end9", "mid9", "anon9"} <= {customer for (customer,) in scored}
    assert project.query("select count(*) from int_engagement__erased_ids") == [(0,)]


def test_a_full_refresh_keeps_the_list_of_whom_to_keep_out(project: Project) -> None:
    marked(project, "ben", "true")
    succeed(project.build(*UP_TO_THE_GUARD))
    marked(project, "ben", "")
    succeed(project.build(*UP_TO_THE_GUARD, "--full-refresh"))
    assert project.query("select distinct id from int_engagement__erased_ids") == [("ben",)]


# --- lost input ---


def lines_of(project: Project, name: str) -> list[str]:
    return file_of(project, name).read_text().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        (7, "58 of them are gone; 8 rows are there now"),
        (0, "66 of them are gone; 0 rows are there now"),
    ],
    ids=["cut to a tenth", "nothing but the header"],
)
def test_a_file_that_lost_its_rows_stops_the_run_before_anything_is_replaced(
    project: Project, kept: int, says: str
) -> None:
    before = project.contents(MARTS)
    header, *rows = lines_of(project, "interactions")
    file_of(project, "interactions").write_text("".join([header, *rows[: kept + bool(kept)]]))
    run = project.build()
    assert not run.success
    assert "- interactions, made: 66 rows were accepted in the last run" in run.said
    assert says in run.said
    assert "--vars 'max_lost_rows: 1'" in run.said
    assert project.contents(MARTS) == before


def test_rows_of_other_days_do_not_make_up_for_those_that_are_lost(project: Project) -> None:
    """As many rows as before, and none of the old ones: last month's file was replaced."""
    header, *rows = lines_of(project, "interactions")
    moved = [row.replace("2025-", "2026-") for row in rows]
    file_of(project, "interactions").write_text("".join([header, *moved]))
    run = project.build(*UP_TO_THE_GUARD)
    assert "66 of them are gone; 66 rows are there now" in run.said


def test_a_fifth_of_the_rows_may_go_and_duplicates_are_no_loss(project: Project) -> None:
    header, *rows = lines_of(project, "interactions")
    text = "".join([header, *rows[:53], *rows[:20]])
    file_of(project, "interactions").write_text(text)
    succeed(project.build(*UP_TO_THE_GUARD))


@pytest.mark.parametrize(("share", "passes"), [(0.9, True), (0.8, False)])
def test_how_much_may_go_is_a_variable(project: Project, share: float, passes: bool) -> None:
    header, *rows = lines_of(project, "interactions")
    file_of(project, "interactions").write_text("".join([header, *rows[:10]]))
    run = project.build(*UP_TO_THE_GUARD, variables={"max_lost_rows": share})
    assert run.success == passes


@pytest.mark.parametrize(
    ("name", "column"), [("interactions", "amount"), ("customers", "is_erased")]
)
def test_an_optional_column_that_vanished_stops_the_run(
    project: Project, name: str, column: str
) -> None:
    header, *rows = lines_of(project, name)
    text = "".join([header.replace(column, "renamed"), *rows])
    file_of(project, name).write_text(text)
    run = project.build(*UP_TO_THE_GUARD)
    assert f"- {name}, made: the last run read the column {column}, and the entry no longer" in (
        run.said
    )
    succeed(project.build(*UP_TO_THE_GUARD, variables={"max_lost_rows": 1}))


def test_an_entry_that_is_no_longer_mapped_is_no_loss(project: Project) -> None:
    relation = f"read_csv('{file_of(project, 'interactions')}', all_varchar = true)"
    set_variables(project, engagement_inputs={"interactions": [{"relation": relation}]})
    succeed(project.build(*UP_TO_THE_GUARD))


# --- files that cannot be read ---

# Beyond the lines that an engine looks at before it reads the file.
MANY = "".join(
    f"m{number},ann,website_visit,2025-01-{number % 28 + 1:02d} 09:00:00,5\n"
    for number in range(25_000)
)
SOME = "".join(MANY.splitlines(keepends=True)[:20])
HEADER = "interaction_id,customer_id,activity_type,occurred_at,amount\n"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ((HEADER + MANY).encode("utf-16"), "utf-8"),
        ((HEADER + "s,Jos\u00e9SECRET,website_visit,2025-01-09,5\n").encode("latin-1"), "utf-8"),
        ((HEADER + MANY + "s,Jos\u00e9SECRET,visit,2025-01-09,5\n").encode("latin-1"), "utf-8"),
        ((HEADER + MANY + "s,SECRET,web").encode(), "Number of Columns: 5 Found: 3"),
        ((HEADER + SOME + "s,SECRET,web").encode(), "columns cannot be identified"),
        ((HEADER + MANY + "s,SECRET,a,b,c,d,e\n" + MANY).encode(), "Number of Columns: 5"),
        ((HEADER + "s,SECRET,only three\n").encode(), "columns cannot be identified"),
        ((HEADER + '1,"an, n",a,2025-01-09,5\n2,"SECRET,a,2025-01-09,5\n').encode(), "same number"),
        (b"", "no header line"),
    ],
    ids=[
        "UTF-16",
        "latin-1",
        "latin-1, late",
        "cut mid-line",
        "a short file cut mid-line",
        "a long line, late",
        "a short line",
        "a quotation mark that is not closed",
        "empty",
    ],
)
def test_a_text_file_that_cannot_be_read_is_named_and_not_quoted(
    project: Project, raw: bytes, says: str
) -> None:
    file_of(project, "interactions").write_bytes(raw)
    run = project.build("--select", "stg_engagement__text_files")
    assert not run.success
    assert "engagement_inputs.interactions[0] (made): " in run.said
    assert says.lower() in run.said.lower()
    assert "To fix it:" in run.said
    assert "SECRET" not in run.said


def test_a_broken_parquet_file_is_named(project: Project) -> None:
    path = project.folder / "data/broken.parquet"
    path.write_bytes(b"PAR1" + b"x" * 100)
    entry = {"name": "lake", "relation": f"read_parquet('{path}')"}
    set_variables(project, engagement_inputs={"interactions": [entry]})
    run = project.build("--select", "stg_engagement__text_files")
    assert "engagement_inputs.interactions[0] (lake): it cannot be read" in run.said
    assert "it is cut off, or is not a Parquet file" in run.said


def test_every_file_of_a_list_is_looked_for(project: Project) -> None:
    there = file_of(project, "interactions")
    entry = {"name": "two", "relation": f"read_csv(['{there}', 'events/o''brien.csv'])"}
    set_variables(project, engagement_inputs={"interactions": [entry]})
    run = project.build("--select", "stg_engagement__text_files")
    assert "interactions[0] (two): there is no file at 'events/o'brien.csv'" in run.said


@pytest.mark.parametrize(
    "relation",
    [
        "postgres_scan('host=db user=u password=hunter2-SECRET', 'public', 'events')",
        "(select * from read_csv('x.csv') where 'postgres://u:hunter2-SECRET@db' is not null)",
        "read_csv('https://lake/x.csv?sv=1&sig=hunter2-SECRET')",
    ],
)
def test_a_password_in_a_relation_is_refused_and_written_nowhere(
    project: Project, relation: str
) -> None:
    set_variables(project, engagement_inputs={"interactions": [{"relation": relation}]})
    run = project.dbt("parse", writes_json=True)
    assert "engagement_inputs.interactions[0]: the relation seems to hold a password" in run.said
    assert "hunter2" not in run.said
    for path in [*project.folder.glob("target/**/*"), *project.folder.glob("logs/**/*")]:
        assert not path.is_file() or b"hunter2" not in path.read_bytes(), path


def test_a_relation_without_a_name_is_called_by_its_file_or_its_place(project: Project) -> None:
    path = file_of(project, "interactions")
    entries = [
        {"relation": f"read_csv('{path}', all_varchar = true)"},
        {"relation": f"(select * from read_csv('{path}', all_varchar = true))"},
    ]
    set_variables(project, engagement_inputs={"interactions": entries})
    succeed(project.build("--select", "+stg_engagement__interactions"))
    assert set(project.query("select input_entry from stg_engagement__interactions")) == {
        ("interactions.csv",),
        ("interactions[1]",),
    }
