"""A run that is killed leaves every mart whole, and the next plain run makes good.

The run stops in a named model and nowhere else, without a clock: a hook of the model opens a pipe
that nobody writes to, and the run is killed once it waits there. It runs in a fork of this process,
where dbt is imported and the project parsed already.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from dbt.artifacts.resources import Hook
from dbt.task.run import ModelRunner
from dbt_project import Project, whole_project
from load_sequences import APPEND_ONLY, LOAD_HISTORY, Load, load_sequence

Contents = dict[str, list[tuple]]

# A load of this sequence brings late rows, copies, erased people and more, but no other settings.
SEED = 33
LONGEST_WAIT = 120

# Where a model waits: before it is built, built and not committed, right after the commit.
BEFORE, WRITTEN, COMMITTED = "before", "written", "committed"
# A run is killed alone, or again and again while it makes good: a case each, and the marts are
# looked at after every kill.
KILLED_IN = [
    [("int_engagement__interactions_numbered", COMMITTED)],
    [
        ("int_engagement__interaction_ledger", WRITTEN),
        ("int_engagement__customer_activity_days", COMMITTED),
    ],
    [("engagement_restatements", COMMITTED), ("engagement_scores", COMMITTED)],
    [
        ("int_engagement__period_frequency", WRITTEN),
        ("int_engagement__customer_metrics", COMMITTED),
        ("engagement_segments", BEFORE),
    ],
    [
        ("scoring_engagement__scores", BEFORE),
        ("engagement_contributions", WRITTEN),
        ("customer_engagement", WRITTEN),
    ],
]
# After these the input is put back, too.
REVERTED_IN = (
    "int_engagement__interactions_numbered",
    "int_engagement__interaction_ledger",
    "engagement_restatements",
)

# What the load changes for certain.
MOVED = (
    "engagement_scores",
    "engagement_contributions",
    "engagement_segments",
    "customer_engagement",
)

Kill = tuple[str, str]


@dataclass(frozen=True)
class Company:
    """A built project, the load that comes next, and what the marts hold before and after it."""

    project: Project
    database: bytes
    earlier: Load
    later: Load
    before: Contents
    after: Contents
    # By the name of a model: how it is built.
    kinds: dict[str, str]

    def reset(self) -> None:
        """Built, with nothing of the load."""
        self.put_back(self.database)
        self.earlier.write_inputs(self.project)

    def put_back(self, database: bytes, wal: bytes | None = None) -> None:
        self.project.database.write_bytes(database)
        self.wal.unlink(missing_ok=True)
        if wal is not None:
            self.wal.write_bytes(wal)

    @property
    def wal(self) -> Path:
        """What the engine has committed since it last wrote the file of the database."""
        return self.project.database.with_name(self.project.database.name + ".wal")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    project = whole_project(tmp_path_factory.mktemp("killed") / "project")
    earlier, later = two_loads()
    earlier.write(project)
    built = project.build(writes_json=True)
    assert built.success, built.said
    database = project.database.read_bytes()
    before = marts(project)
    later.write_inputs(project)
    run(project)
    after = marts(project)
    assert [mart for mart in MOVED if before[mart] == after[mart]] == []
    manifest = json.loads((project.folder / "target/manifest.json").read_text())
    nodes = [each for each in manifest["nodes"].values() if each["resource_type"] == "model"]
    return Company(
        project,
        database,
        earlier,
        later,
        before,
        after,
        kinds={node["name"]: kind_of(node) for node in nodes},
    )


def two_loads() -> tuple[Load, Load]:
    """The first load of the sequence, and its last with the settings of the first."""
    first, *_, last = load_sequence(SEED).loads
    return first, Load(last.operations, last.inputs, first.seeds, first.variables, False)


def kind_of(node: dict) -> str:
    return "python" if node["language"] == "python" else node["config"]["materialized"]


def marts(project: Project) -> Contents:
    return project.contents(set(project.marts) - APPEND_ONLY)


def run(project: Project) -> None:
    outcome = project.dbt("run")
    assert outcome.success, outcome.said


# --- the kill ---


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def kill_in(company: Company, model: str, place: str, pipe: Path) -> None:
    """Runs dbt in a process of its own until it waits in the model, and kills it there."""
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=run_and_wait, args=(company.project, model, place, pipe))
    process.start()
    try:
        written_to = opened(pipe, process, model)
        process.kill()
        process.join()
        os.close(written_to)
    finally:
        process.kill()
        process.join()
    assert process.exitcode == -signal.SIGKILL


def run_and_wait(project: Project, model: str, place: str, pipe: Path) -> None:
    """`dbt run` that waits for the pipe at a place of the model.

    The hook is not in the model's code or properties: when these change, everything is computed
    again, which is another case.
    """
    execute = ModelRunner.execute
    waits = Hook(sql=f"select * from read_text('{pipe}')", transaction=place != COMMITTED)

    def executed(self: ModelRunner, node: Any, manifest: Any) -> Any:
        if node.name == model:
            # After the hooks that the model has.
            (node.config.pre_hook if place == BEFORE else node.config.post_hook).append(waits)
        return execute(self, node, manifest)

    with mock.patch.object(ModelRunner, "execute", executed):
        project.dbt("run")


def opened(pipe: Path, process: ForkProcess, model: str) -> int:
    """The pipe, as soon as somebody waits to read from it."""
    for _ in range(LONGEST_WAIT * 50):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert process.is_alive(), f"{model} was not reached"
            time.sleep(0.02)
    raise AssertionError(f"{model} was not reached in {LONGEST_WAIT} s")


# --- what holds ---


def assert_marts_are_whole(company: Company) -> set[str]:
    """Each mart is as before the load or as after it; a view may read tables of both.

    Those that are as after it.
    """
    found = marts(company.project)
    new = set()
    for mart, rows in found.items():
        is_old, is_new = rows == company.before[mart], rows == company.after[mart]
        assert is_old or is_new or company.kinds[mart] == "view", f"{mart} is mixed"
        if is_new and not is_old:
            new.add(mart)
    return new


def assert_same(found: Contents, expected: Contents, but: frozenset[str] = frozenset()) -> None:
    differing = [mart for mart in expected.keys() - but if found[mart] != expected[mart]]
    assert found.keys() == expected.keys() and not differing, differing


def kill_and_run_again(company: Company, kills: list[Kill], pipe: Path) -> None:
    company.reset()
    company.later.write_inputs(company.project)
    for model, place in kills:
        kill_in(company, model, place, pipe)
        new = assert_marts_are_whole(company)
        if model in MOVED:
            assert (model in new) == (place == COMMITTED)
    killed = company.project.database.read_bytes()
    wal = company.wal.read_bytes() if company.wal.exists() else None

    run(company.project)
    assert_same(marts(company.project), company.after)

    if kills[0][0] in REVERTED_IN:
        company.put_back(killed, wal)
        company.earlier.write_inputs(company.project)
        run(company.project)
        assert_same(marts(company.project), company.before, frozenset(LOAD_HISTORY))


@pytest.mark.parametrize("kills", KILLED_IN, ids=lambda kills: "-".join(m for m, _ in kills))
def test_a_run_killed_in_a_model_is_made_good_by_the_next(
    company: Company, pipe: Path, kills: list[Kill]
) -> None:
    for model, _ in kills:
        assert model in company.kinds, f"no model {model}: name another in KILLED_IN"
    kill_and_run_again(company, kills, pipe)


def test_a_run_is_killed_in_every_kind_of_model(company: Company) -> None:
    """A kind that the project does not have yet needs a model above."""
    killed = {company.kinds[model] for kills in KILLED_IN for model, _ in kills}
    # An ephemeral model is a part of others.
    assert killed == set(company.kinds.values()) - {"ephemeral"}


def test_a_first_run_that_is_killed_is_made_good_by_the_next(company: Company, pipe: Path) -> None:
    """There is nothing yet but the seeds."""
    company.put_back(b"")
    company.project.database.unlink()
    company.earlier.write_inputs(company.project)
    seeds = company.project.dbt("seed")
    assert seeds.success, seeds.said
    kill_in(company, "engagement_scores", COMMITTED, pipe)
    standing = company.project.query("select table_name from information_schema.tables")
    assert ("engagement_scores",) in standing and ("customer_engagement",) not in standing
    run(company.project)
    assert_same(marts(company.project), company.before)
