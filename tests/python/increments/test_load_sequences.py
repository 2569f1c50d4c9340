"""A project that is run after every load equals one that is built once, from the last files alone.

Companies and loads are drawn (load_sequences), so that nobody has to think of the case that breaks.
More of them: `ENGAGEMENT_SEQUENCES=50 ENGAGEMENT_SEQUENCE_SEED=100 pytest <this file>`.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from dbt_project import Project, Run, whole_project
from load_sequences import (
    APPEND_ONLY,
    LOAD_HISTORY,
    OPERATIONS,
    Load,
    LoadSequence,
    Row,
    Rows,
    load_sequence,
    nothing,
)
from own_metrics import OwnMetrics

SEQUENCES = int(os.environ.get("ENGAGEMENT_SEQUENCES", "2"))
FIRST_SEED = int(os.environ.get("ENGAGEMENT_SEQUENCE_SEED", "46"))


DRAWN = 50
SHOWN = 3
ERASED = "int_engagement__erased_ids"


# --- an incremental project and one from nothing ---


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project's files, to be copied."""
    return whole_project(tmp_path_factory.mktemp("template") / "project")


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEQUENCES))
def test_a_project_run_load_by_load_equals_one_built_from_nothing(
    template: Project, tmp_path: Path, seed: int
) -> None:
    sequence = load_sequence(seed)
    # Every other company has metrics of its own as well.
    own = OwnMetrics(Random(seed)) if seed % 2 else None
    grown, again = (template.copy(tmp_path / name) for name in ("grown", "again"))

    def write(load: Load, project: Project) -> None:
        load.write(project)
        if own:
            own.write(project, load)

    for number, load in enumerate(sequence.loads, start=1):
        seeds_differ = number == 1 or load.seeds != sequence.loads[number - 2].seeds
        if own:
            own.step(load)
        write(load, grown)
        succeed(run(grown, load, with_seeds=seeds_differ), where(sequence, number))
        if number == len(sequence.loads) or sequence.compares_each:
            start_again(again, grown)
            write(load, again)
            succeed(run(again, load, with_seeds=True), where(sequence, number))
            found = differences(grown, again)
            assert not found, "\n".join([where(sequence, number), *found])
    # Some hundred databases would fill a disk.
    shutil.rmtree(tmp_path, ignore_errors=True)


def start_again(again: Project, grown: Project) -> None:
    """An empty database, but for the list of whom to keep out: the inputs do not hold all of it."""
    again.database.unlink(missing_ok=True)
    with duckdb.connect(str(again.database)) as connection:
        connection.execute(f"attach '{grown.database}' as grown (read_only)")
        connection.execute(f"create table {ERASED} as from grown.{ERASED}")


def run(project: Project, load: Load, with_seeds: bool) -> Run:
    """`dbt run`, in one command with `dbt seed` where the seeds are others."""
    return project.dbt(
        "build" if with_seeds else "run",
        variables={"restate_published": True} if load.restates else None,
    )


def succeed(outcome: Run, place: str) -> None:
    assert outcome.success, f"{place}\n{outcome.said}"


def where(sequence: LoadSequence, number: int) -> str:
    """All that it takes to do it again."""
    loads = [
        f"  load {each}: {', '.join(load.operations) or 'the first'}"
        for each, load in enumerate(sequence.loads[:number], start=1)
    ]
    variables = sequence.loads[number - 1].variables
    return "\n".join([f"sequence {sequence.seed}, load {number}, {variables}", *loads])


def differences(grown: Project, again: Project) -> list[str]:
    """Marts that are not the same to the last digit, each with the first rows that differ."""
    found = []
    for mart in grown.marts:
        if mart in APPEND_ONLY | LOAD_HISTORY:
            continue
        columns, other_columns = (names(project, mart) for project in (grown, again))
        if columns != other_columns:
            found.append(f"{mart}: columns {columns}, from nothing {other_columns}")
        rows, other_rows = (project.contents([mart])[mart] for project in (grown, again))
        if rows != other_rows:
            found += [f"{mart}: {len(rows)} rows, from nothing {len(other_rows)}"]
            found += shown("only load by load", extra(rows, other_rows))
            found += shown("only from nothing", extra(other_rows, rows))
    if "engagement_published_settings" in grown.marts:
        found += differences_in_force(grown, again)
    return found


def names(project: Project, mart: str) -> list[tuple]:
    return project.query(
        "select column_name, data_type from information_schema.columns "
        f"where table_name = '{mart}' order by ordinal_position"
    )


def extra(rows: Iterable[tuple], others: Iterable[tuple]) -> list[str]:
    """The rows that the others lack, as text: a row may hold a list."""
    return sorted((Counter(map(repr, rows)) - Counter(map(repr, others))).elements())


def shown(what: str, rows: list[str]) -> list[str]:
    return [f"  {what}: {row}" for row in rows[:SHOWN]] + [f"  {what}: {len(rows)} in all"]


def differences_in_force(grown: Project, again: Project) -> list[str]:
    """What the last edition of each version says, of those that have scores.

    How many editions there were is history; so is a version whose periods are gone.
    """
    last = (
        "select company, score_model, version, seed, setting, settings "
        "from engagement_published_settings "
        "where (score_model, version) in (select score_model, version from engagement_scores) "
        "qualify edition = max(edition) over (partition by company, score_model, version) "
        "order by all"
    )
    rows, other_rows = grown.query(last), again.query(last)
    if rows == other_rows:
        return []
    return [
        "engagement_published_settings, the last editions:",
        *shown("only load by load", extra(rows, other_rows)),
        *shown("only from nothing", extra(other_rows, rows)),
    ]


# --- the comparison ---


@pytest.fixture(scope="module")
def built(template: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = template.copy(tmp_path_factory.mktemp("built") / "project")
    load = load_sequence(FIRST_SEED).loads[0]
    load.write(project)
    succeed(run(project, load, with_seeds=True), "the first load")
    return project


def changed(built: Project, folder: Path, statement: str) -> Project:
    """Its database in another folder, after a statement."""
    shutil.copytree(built.folder / "models", folder / "models")
    shutil.copy(built.database, folder)
    copy = Project(folder)
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(statement)
    return copy


@pytest.mark.parametrize(
    ("mart", "statement"),
    [
        (
            "engagement_scores",
            "update engagement_scores set raw_score = nextafter(raw_score, 1000) where rowid = "
            "(select min(rowid) from engagement_scores where raw_score > 0)",
        ),
        (
            "engagement_contributions",
            "delete from engagement_contributions "
            "where rowid = (select max(rowid) from engagement_contributions)",
        ),
        (
            "engagement_segments",
            "insert into engagement_segments select * from engagement_segments limit 1",
        ),
        ("customer_engagement", "alter table customer_engagement rename score to scored"),
        (
            "engagement_published_settings",
            "update engagement_published_settings set settings = 'priority=99' "
            "where seed = 'score_models'",
        ),
    ],
    ids=["a last digit", "a row gone", "a row twice", "a column", "a setting"],
)
def test_the_comparison_tells_a_difference(
    built: Project, tmp_path: Path, mart: str, statement: str
) -> None:
    other = changed(built, tmp_path / "other", statement)
    assert {line.split(":")[0].split(",")[0] for line in differences(built, other)} >= {mart}


def test_the_comparison_finds_a_project_equal_to_itself(built: Project) -> None:
    assert differences(built, built) == []


# --- the generator ---


@pytest.fixture(scope="module")
def sequences() -> list[LoadSequence]:
    return [load_sequence(seed) for seed in range(DRAWN)]


def pairs(sequences: Iterable[LoadSequence]) -> list[tuple[Load, Load]]:
    """Each load but the first, with the one before."""
    return [
        (sequence.loads[number - 1], sequence.loads[number])
        for sequence in sequences
        for number in range(1, len(sequence.loads))
    ]


def test_a_seed_draws_the_same_sequence_again_and_another_seed_another(
    sequences: list[LoadSequence],
) -> None:
    assert [load_sequence(sequence.seed) for sequence in sequences[:3]] == sequences[:3]
    assert sequences[0].loads[0].inputs != sequences[1].loads[0].inputs


def test_every_operation_is_drawn_and_each_load_but_an_empty_one_changes_something(
    sequences: list[LoadSequence],
) -> None:
    drawn = Counter(name for _, load in pairs(sequences) for name in load.operations)
    wanted = {each.__name__ for each in [*OPERATIONS, nothing]}
    assert {name for name in wanted if drawn[name] < 3} == set()
    for before, load in pairs(sequences):
        same = before.variables == load.variables and all(
            multiset(before, name) == multiset(load, name) for name in files(load)
        )
        assert same == (load.operations == ("nothing",)), load.operations


def test_companies_are_small_and_variables_vary(sequences: list[LoadSequence]) -> None:
    assert {len(sequence.loads) for sequence in sequences} == {3, 4, 5}
    assert 2 < sum(sequence.compares_each for sequence in sequences) < DRAWN / 2
    first = [sequence.loads[0] for sequence in sequences]
    for load in first:
        rows = [*load.inputs["interactions"], *load.inputs["till"]]
        assert 300 < len(rows) < 4000
        assert 20 <= len(load.inputs["customers"]) <= 40
    for name, least in {
        "scoring_grain": 3, "week_start": 3, "reporting_timezone": 3, "detail_periods": 4,
        "min_exposure_days": 3, "strict_activity_types": 2, "scoring_start": 5, "scoring_end": 5,
    }.items():  # fmt: skip
        assert len({load.variables.get(name) for load in first}) >= least, name
    scalings = [{row["scaling"] for row in load.seeds["score_metrics"]} for load in first]
    assert 5 < sum("percentile" in each for each in scalings) < DRAWN - 5


def test_loads_come_in_another_order(sequences: list[LoadSequence]) -> None:
    empty = [(b, a) for b, a in pairs(sequences) if a.operations == ("nothing",)]
    assert empty
    for before, after in empty:
        assert before.inputs["interactions"] != after.inputs["interactions"]


def frozen(row: Row) -> tuple:
    return tuple(sorted((name, str(value)) for name, value in row.items() if value != ""))


def files(load: Load) -> dict[str, Rows]:
    return {**load.inputs, **{f"{name} seed": rows for name, rows in load.seeds.items()}}


def multiset(load: Load, name: str) -> Counter:
    return Counter(map(frozen, files(load)[name]))


def by_id(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["interaction_id"], []).append(row)
    return found


def events(load: Load) -> Rows:
    return load.inputs["interactions"]


def days(load: Load) -> list[str]:
    """The days of the rows that have one; years apart are the strays'."""
    return sorted(row["occurred_at"][:10] for row in events(load) if row["occurred_at"] > "2024")


def new_rows(before: Load, after: Load) -> Rows:
    known = by_id(events(before))
    return [row for row in events(after) if row["interaction_id"] not in known]


def copies_of_known(before: Load, after: Load) -> list[tuple[Row, Row]]:
    """A row of before, and one more row of its id."""
    known, now = by_id(events(before)), by_id(events(after))
    return [
        (rows[0], row)
        for key, rows in known.items()
        if len(now.get(key, [])) > len(rows)
        for row in now[key]
    ]


def replaced(before: Load, after: Load) -> list[tuple[Row, Row]]:
    """Rows of ids that have one row in both."""
    known, now = by_id(events(before)), by_id(events(after))
    return [
        (known[key][0], now[key][0])
        for key in known.keys() & now.keys()
        if len(known[key]) == len(now[key]) == 1
    ]


def marked(load: Load, column: str) -> set[str]:
    return {row["customer_id"] for row in load.inputs["customers"] if row.get(column) == "true"}


def added(name: str) -> Callable[[Load, Load], Any]:
    return lambda before, after: multiset(after, name) - multiset(before, name)


def removed(name: str) -> Callable[[Load, Load], Any]:
    return lambda before, after: multiset(before, name) - multiset(after, name)


def versions(load: Load) -> dict[tuple, Row]:
    return {(row["score_model"], row["version"]): row for row in load.seeds["score_models"]}


def new_versions(before: Load, after: Load) -> Rows:
    return [row for key, row in versions(after).items() if key not in versions(before)]


# What must be seen in the rows themselves, whatever an operation says that it did.
SEEN: dict[str, Callable[[Load, Load], Any]] = {
    "new days": lambda b, a: days(a)[-1] > days(b)[-1],
    "late rows": lambda b, a: any(
        row["occurred_at"][:10] < days(b)[len(days(b)) // 2] for row in new_rows(b, a)
    ),
    "earlier history": lambda b, a: days(a)[0] < days(b)[0],
    "a copy": lambda b, a: any(row == copy for row, copy in copies_of_known(b, a)),
    "another content, loaded earlier": lambda b, a: any(
        copy["loaded_at"] < row["loaded_at"] for row, copy in copies_of_known(b, a)
    ),
    "another content, loaded later": lambda b, a: any(
        copy["loaded_at"] > row["loaded_at"] for row, copy in copies_of_known(b, a)
    ),
    "hundreds of copies": lambda b, a: len(copies_of_known(b, a)) > 600,
    "rows removed": lambda b, a: by_id(events(b)).keys() - by_id(events(a)).keys(),
    "rows without ids added": added("till"),
    "rows without ids removed": removed("till"),
    "changed in place": lambda b, a: any(row != other for row, other in replaced(b, a)),
    "another customer": lambda b, a: any(
        row["customer_id"] != other["customer_id"] for row, other in replaced(b, a)
    ),
    "merged": added("identities"),
    "unmerged": removed("identities"),
    "merged from a day on": lambda b, a: any("valid_from" in r for r in a.inputs["identities"]),
    "erased": lambda b, a: marked(a, "is_erased") - marked(b, "is_erased"),
    "erasure revoked": lambda b, a: marked(b, "is_erased") - marked(a, "is_erased"),
    "internal": lambda b, a: marked(a, "is_internal") - marked(b, "is_internal"),
    "answers": added("survey_responses"),
    "answers removed": removed("survey_responses"),
    "attributes": added("customers"),
    "attributes removed": removed("customers"),
    "unreadable times": lambda b, a: any("-13-" in row["occurred_at"] for row in new_rows(b, a)),
    "a stray row ahead": lambda b, a: days(a)[-1] > "2025-08-15" and days(a)[-2] < "2025-07-15",
    "a version for the past": lambda b, a: any(
        str(row.get("valid_from")) < days(a)[-1] for row in new_versions(b, a)
        if row["status"] == "champion"
    ),
    "a version for the future": lambda b, a: any(
        str(row.get("valid_from")) > days(a)[-1] for row in new_versions(b, a)
    ),
    "a version that came into force": lambda b, a: any(
        days(b)[-1] < str(row.get("valid_from")) <= days(a)[-1]
        for key, row in versions(a).items() if key in versions(b)
    ),
    "a version gone": lambda b, a: versions(b).keys() - versions(a).keys(),
    "a challenger promoted": lambda b, a: any(
        row["status"] == "challenger" and key in versions(a)
        and versions(a)[key]["status"] == "champion"
        for key, row in versions(b).items()
    ),
    "a band's bound": added("score_bands seed"),
    "a weight": added("activity_weights seed"),
    "a metric's weight": added("score_metrics seed"),
    "an activity type": added("activity_types seed"),
    "an activity type gone": removed("activity_types seed"),
    "a survey's days": added("survey_types seed"),
    "an override": added("score_overrides seed"),
    "an override gone": removed("score_overrides seed"),
    "a published version edited": lambda b, a: a.restates,
    "a variable": lambda b, a: a.variables != b.variables,
}  # fmt: skip


def test_what_the_operations_promise_is_seen_in_the_rows(sequences: list[LoadSequence]) -> None:
    loads = pairs(sequences)
    for what, is_seen in SEEN.items():
        seen = (pair for pair in loads if is_seen(*pair))
        assert len(list(islice(seen, 3))) == 3, what
