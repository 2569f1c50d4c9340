"""What the command checks before dbt starts, and what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Commanded, tiny_project

from engagement import environment
from engagement.errors import StoppedError
from engagement.progress import Progress, visible

# --- the environment ---


@pytest.mark.parametrize("size", ["lots", "4", "-1GB", "1e308GB", "80%", "0GB", "", "4GB; x"])
def test_a_memory_limit_that_is_no_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_MEMORY_LIMIT", size)
    with pytest.raises(StoppedError, match=r"Accepted: a number with its unit .*4GB or 512MiB"):
        environment.check_environment()


@pytest.mark.parametrize("threads", ["x", "0", "-1", "1.5", "", "1e3"])
def test_threads_that_are_no_number_are_refused(
    monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_THREADS", threads)
    with pytest.raises(StoppedError, match="Accepted: a whole number from 1"):
        environment.check_environment()


@pytest.mark.parametrize(("size", "threads"), [("4GB", "2"), ("512MiB", "1"), ("1.5 gb", "16")])
def test_sizes_and_threads_that_are_good_pass(
    monkeypatch: pytest.MonkeyPatch, size: str, threads: str
) -> None:
    monkeypatch.setenv("ENGAGEMENT_MEMORY_LIMIT", size)
    monkeypatch.setenv("ENGAGEMENT_THREADS", threads)
    environment.check_environment()


@pytest.mark.parametrize("name", ["x's", "a b", "a[b]", 'a"b', "a.b", "temp", "Main"])
def test_a_name_that_is_none_of_a_database_is_refused(tmp_path: Path, name: str) -> None:
    """In every query the database has the name of its file."""
    project = tiny_project(tmp_path / "project")
    code, said = project.run("build", ENGAGEMENT_DUCKDB_PATH=str(project.folder / f"{name}.duckdb"))
    assert code == 2
    assert "Accepted: letters, digits, _ and -" in said
    assert not list(project.folder.glob("*.duckdb"))


def test_a_folder_can_have_any_name(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "o'brien's [new] project")
    project.succeed("build")
    project.succeed("compact")
    assert project.query("select count(*) from named_scores") == [(2,)]


@pytest.mark.parametrize("variables", ["[1]", "{a: ", "text"])
def test_variables_that_are_no_mapping_are_refused(tmp_path: Path, variables: str) -> None:
    code, said = tiny_project(tmp_path / "project").run("build", f"--vars={variables}")
    assert code == 2
    assert "is not a mapping. Accepted: YAML such as {name: value}." in said


def test_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("empty").mkdir()
    code, said = Commanded(tmp_path / "empty").run("build")
    assert code == 2
    assert f"{tmp_path / 'empty'} is not a dbt project" in said


# --- the screen ---


def test_names_in_the_data_cannot_write_to_the_terminal() -> None:
    assert visible("a\x1b[2Jb\rc") == "a\\x1b[2Jb\\rc"
    assert visible("▲ müller\t1") == "▲ müller\t1"


def test_progress_is_a_moving_line_in_a_terminal_and_tenths_in_a_file() -> None:
    from io import StringIO

    from engagement.dbt_process import Event

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
