"""What the command checks before dbt starts, and what the screen shows."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from command import Commanded, tiny_project

from engagement import environment
from engagement.cli import app
from engagement.dbt_process import Event
from engagement.errors import StoppedError
from engagement.progress import Progress, visible


def refused(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, **added: str
) -> StoppedError:
    """How the command stops, in this process: a process of its own spends seconds on imports."""
    for name in ("DBT_PROFILES_DIR", "DBT_TARGET", "ENGAGEMENT_DUCKDB_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in added.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    with pytest.raises(StoppedError) as stopped:
        app(arguments, standalone_mode=False)
    return stopped.value


# --- the environment ---


@pytest.mark.parametrize("size", ["lots", "4", "-1GB", "1e308GB", "80%", "0GB", "", "4GB; x"])
def test_a_memory_limit_that_is_not_a_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_MEMORY_LIMIT", size)
    with pytest.raises(StoppedError, match=r"Accepted: a number with its unit .*4GB or 512MiB"):
        environment.check_environment()


@pytest.mark.parametrize("threads", ["x", "0", "-1", "1.5", "", "1e3"])
def test_threads_that_are_not_a_number_are_refused(
    monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_THREADS", threads)
    with pytest.raises(StoppedError, match="Accepted: a whole number from 1"):
        environment.check_environment()


@pytest.mark.parametrize(("size", "threads"), [("4GB", "2"), ("512MiB", "1"), ("1.5 gb", "16")])
def test_a_valid_size_and_number_of_threads_pass(
    monkeypatch: pytest.MonkeyPatch, size: str, threads: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_MEMORY_LIMIT", size)
    monkeypatch.setenv("ENGAGEMENT_THREADS", threads)
    environment.check_environment()


@pytest.mark.parametrize("name", ["x's", "a b", "a[b]", 'a"b', "a.b", "temp", "Main"])
def test_a_file_name_that_cannot_name_a_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """In every query the database has the name of its file."""
    folder = tiny_project(tmp_path / "project").folder
    database = str(folder / f"{name}.duckdb")
    stopped = refused(monkeypatch, folder, "build", ENGAGEMENT_DUCKDB_PATH=database)
    assert stopped.code == 2
    assert "Accepted: letters, digits, _ and -" in str(stopped)
    assert not list(folder.glob("*.duckdb"))


def test_a_refusal_is_a_message_and_an_exit_code_without_a_traceback(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "project")
    code, said = project.run("build", ENGAGEMENT_DUCKDB_PATH=str(project.folder / "x's.duckdb"))
    assert code == 2
    assert "Accepted: letters, digits, _ and -" in said and "Traceback" not in said
    assert not list(project.folder.glob("*.duckdb"))


def test_a_folder_can_have_any_name(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "o'brien's [new] project")
    project.succeed("build")
    project.succeed("compact")
    assert project.query("select count(*) from named_scores") == [(2,)]


@pytest.mark.parametrize("variables", ["[1]", "{a: ", "text"])
def test_variables_that_are_not_a_mapping_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: str
) -> None:
    folder = tiny_project(tmp_path / "project").folder
    stopped = refused(monkeypatch, folder, "build", f"--vars={variables}")
    assert stopped.code == 2
    assert "is not a mapping. Accepted: YAML such as {name: value}." in str(stopped)


def test_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("empty").mkdir()
    code, said = Commanded(tmp_path / "empty").run("build")
    assert code == 2
    assert f"{tmp_path / 'empty'} is not a dbt project" in said


# --- the screen ---


def test_names_in_the_data_cannot_control_the_terminal() -> None:
    assert visible("a\x1b[2Jb\rc") == "a\\x1b[2Jb\\rc"
    assert visible("▲ müller\t1") == "▲ müller\t1"


def test_progress_is_a_moving_line_in_a_terminal_and_tenths_in_a_file() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    steps = [
        Event("LogModelResult", f"{n} of 20 OK created sql table model main.m{n} .... [OK]", "info")
        for n in range(1, 21)
    ]
    failure = Event("LogTestResult", "20 of 20 FAIL 3 my_test ....... [FAIL 3 in 0.1s]", "error")
    file, terminal = StringIO(), Terminal()
    for out in (file, terminal):
        progress = Progress(out)
        for event in [*steps[:-1], failure]:
            progress(event)
        progress.clear()
    assert file.getvalue().splitlines()[:2] == ["  2 of 20", "  4 of 20"]
    assert file.getvalue().splitlines()[-1].startswith("  FAIL 3 my_test")
    assert "\r\033[K  19 of 20  created sql table model main.m19" in terminal.getvalue()
