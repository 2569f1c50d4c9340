"""`python -m engagement build` publishes what passed at once, and readers never wait."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from command import Commanded, opened, reading, tiny_project

from engagement.publishing import wal_of

VERSION = "select max(version) from scores"
FAILS = "--vars={version: 2, fails: true}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    """The small project, with version 1 published; read it only."""
    project = tiny_project(tmp_path_factory.mktemp("publishing") / "project")
    project.succeed("build")
    return project


@pytest.fixture
def project(built: Commanded, tmp_path: Path) -> Commanded:
    shutil.copytree(built.folder, tmp_path / "project")
    return Commanded(tmp_path / "project")


@contextmanager
def waiting(project: Commanded) -> Iterator[subprocess.Popen[str]]:
    """A build of version 2 that pauses in the middle and continues when the block ends."""
    pipe = project.folder / "pipe"
    os.mkfifo(pipe)
    process = project.started("build", f"--vars={{version: 2, pipe: '{pipe}'}}")
    written_to = opened(pipe, process)
    try:
        yield process
    finally:
        os.close(written_to)
        if process.poll() is None:
            process.wait(120)
        pipe.unlink()


@dataclass(frozen=True)
class GoodBuild:
    """A build of version 2 that was published, and what two readers saw meanwhile."""

    project: Commanded
    said: str
    polled: list[str]
    kept_open: list[str]


KEEPS_OPEN = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(connection.execute(line).fetchone()[0], flush=True)
"""


@pytest.fixture(scope="module")
def good_build(built: Commanded, tmp_path_factory: pytest.TempPathFactory) -> GoodBuild:
    """One reader asks again and again, the other keeps the file open."""
    folder = tmp_path_factory.mktemp("good") / "project"
    shutil.copytree(built.folder, folder)
    project = Commanded(folder)
    reader = subprocess.Popen(
        [sys.executable, "-c", KEEPS_OPEN, str(project.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin and reader.stdout
    kept_open = []

    def ask() -> None:
        assert reader.stdin and reader.stdout
        reader.stdin.write(f"{VERSION}\n")
        reader.stdin.flush()
        kept_open.append(reader.stdout.readline().strip())

    ask()
    with reading(project, VERSION) as polled, waiting(project) as process:
        pass
    said = process.communicate()[0]
    assert process.returncode == 0, said
    ask()
    reader.communicate()
    return GoodBuild(project, said, polled, kept_open)


def test_a_good_build_is_published_and_leaves_nothing_beside_it(good_build: GoodBuild) -> None:
    project = good_build.project
    assert "SCORED ann,ben in tiny.duckdb" in good_build.said
    assert project.query(VERSION) == [(2,)]
    assert not wal_of(project.database).exists()
    left = {path.name for path in (project.folder / ".tiny.building").iterdir()}
    assert left == {"lock", ".gitignore"}
    # Views name the database, which has the name of the file.
    assert project.query("select max(version) from named_scores") == [(2,)]


def test_a_reader_gets_answers_throughout_a_good_build(good_build: GoodBuild) -> None:
    polled = good_build.polled
    assert set(polled) == {"ok 1", "ok 2"} and polled == sorted(polled)


def test_a_reader_that_keeps_the_file_open_sees_the_tables_that_it_had(
    good_build: GoodBuild,
) -> None:
    assert good_build.kept_open == ["1", "1"]
    assert good_build.project.query(VERSION) == [(2,)]


def test_a_failed_test_publishes_nothing_and_readers_keep_the_last_good_tables(
    project: Commanded,
) -> None:
    before = project.database.read_bytes()
    with reading(project, VERSION) as heard:
        code, said = project.run("build", FAILS)
    assert code == 1
    assert set(heard) == {"ok 1"}
    assert project.database.read_bytes() == before
    assert "FAIL 2 no_failure" in said
    assert "Nothing was published: tiny.duckdb holds your last good tables, unchanged." in said
    # The failed build can be inspected, and the next run does not continue from it.
    with duckdb.connect(
        str(project.folder / ".tiny.building/tiny.duckdb"), read_only=True
    ) as connection:
        assert connection.execute(VERSION).fetchall() == [(2,)]
    project.succeed("build", "--vars={version: 3}")
    assert project.query(VERSION) == [(3,)]


def test_no_last_good_tables_are_promised_if_nothing_was_published(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "project")
    code, said = project.run("build", FAILS)
    assert code == 1
    assert "there is no earlier build either" in said and "last good tables" not in said
    assert not project.database.exists()


@pytest.mark.parametrize("whom", ["the command", "all of its processes"])
def test_a_killed_build_leaves_the_published_file_and_the_next_one_works(
    project: Commanded, whom: str
) -> None:
    before = project.database.read_bytes()
    with waiting(project) as process:
        if whom == "the command":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert project.database.read_bytes() == before
        # At once: the dbt of the killed command holds the lock for another moment.
        project.succeed("build", "--vars={version: 3}")
    assert project.query(VERSION) == [(3,)]


def test_a_second_build_at_the_same_time_is_refused_and_names_the_first(
    project: Commanded,
) -> None:
    with waiting(project) as process:
        code, said = project.run("build")
        assert code == 3, said
        assert f"Another command works on this database: process {process.pid}." in said
        assert "Traceback" not in said
    assert process.returncode == 0
    assert project.query(VERSION) == [(2,)]


def test_a_published_file_that_a_process_writes_to_is_refused_and_the_process_named(
    project: Commanded,
) -> None:
    writes = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    writer = subprocess.Popen(
        [sys.executable, "-c", writes, str(project.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout
    writer.stdout.readline()
    try:
        code, said = project.run("build")
    finally:
        writer.communicate("\n")
    assert code == 4, said
    assert f"tiny.duckdb is open for writing in process {writer.pid}" in said
    assert "Traceback" not in said


def test_what_another_program_wrote_during_a_build_is_not_undone(project: Commanded) -> None:
    with waiting(project) as process, duckdb.connect(str(project.database)) as connection:
        connection.execute("create table notes as select 'mine' as note")
    assert process.returncode == 4
    assert process.stdout
    assert "Another program changed" in process.stdout.read()
    assert project.query("select note from notes") == [("mine",)]


def test_rows_that_are_only_in_the_log_of_the_database_are_kept(project: Commanded) -> None:
    """A plain dbt build that was killed leaves a .wal; it belongs to the old file only."""
    dies = (
        "import os, sys, duckdb; c = duckdb.connect(sys.argv[1])\n"
        "c.execute('create table notes as select 1 as note'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", dies, str(project.database)], check=False)
    assert wal_of(project.database).exists()
    project.succeed("build", "--vars={version: 2}")
    assert not wal_of(project.database).exists()
    assert project.query("select note from notes") == [(1,)]
    assert project.query(VERSION) == [(2,)]


def test_a_link_to_the_database_stays_a_link(project: Commanded) -> None:
    elsewhere = project.folder / "elsewhere"
    elsewhere.mkdir()
    shutil.move(project.database, elsewhere / "real.duckdb")
    project.database.symlink_to(elsewhere / "real.duckdb")
    project.succeed("build", "--vars={version: 2}")
    assert project.database.is_symlink()
    assert project.query(VERSION) == [(2,)]


def test_a_profile_that_does_not_follow_the_variable_is_refused(project: Commanded) -> None:
    profiles = project.folder / "profiles.yml"
    text = profiles.read_text()
    profiles.write_text(
        text.replace("\"{{ env_var('ENGAGEMENT_DUCKDB_PATH', 'tiny.duckdb') }}\"", "tiny.duckdb")
    )
    before = project.database.read_bytes()
    code, said = project.run("build")
    assert code == 2
    assert "path: \"{{ env_var('ENGAGEMENT_DUCKDB_PATH', 'tiny.duckdb') }}\"" in said
    assert project.database.read_bytes() == before
