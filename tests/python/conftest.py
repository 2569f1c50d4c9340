"""What several files share: the demo company and the worked example, each built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import worked_example as example
from dbt_project import ROOT, Project, put_back, scoring_project, whole_project
from oracle import Tables
from oracle_comparison import expected_tables
from without_dbt import without_dbt

# A file goes to one process: the longest first, so that none waits for another at the end.
LONGEST_FIRST = (
    "test_killed_runs.py",
    "test_increments.py",
    "test_load_sequences.py",
    "test_oracle.py",
    "test_restatements.py",
    "test_inputs_between_runs.py",
    "test_versions.py",
    "test_backtest.py",
    "test_repeatability.py",
    "test_publishing.py",
    "test_user_mistakes.py",
    "test_dashboards.py",
    "test_score_changes.py",
    "test_cdnow.py",
    "test_alerts.py",
    "test_properties.py",
    "test_command.py",
    "test_method.py",
    "test_package.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of `make check`."""
    parser.addoption("--without-dbt", action="store_true", help="skip tests that need a build")


@pytest.fixture(scope="session", autouse=True)
def builds_if_asked(request: pytest.FixtureRequest) -> Iterator[None]:
    """With `--without-dbt`, a test that starts dbt is skipped."""
    if not request.config.getoption("--without-dbt"):
        yield
        return
    with without_dbt():
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the files by how long they take; within a file the order stays."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session")
def marts() -> list[str]:
    """The names of all marts."""
    return Project(ROOT).marts


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project as it is shipped, built; read it only, or `copy` it."""
    project = whole_project(tmp_path_factory.mktemp("demo") / "project")
    run = project.build(writes_json=True)
    assert run.success, run.said
    return project


@pytest.fixture(scope="session")
def expected(demo: Project) -> Tables:
    """What the demo should hold, by the oracle."""
    return expected_tables(demo)


@pytest.fixture(scope="session")
def worked_example(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project on the rows of the worked example, built; read it only, or use `breakable`."""
    project = scoring_project(tmp_path_factory.mktemp("worked_example") / "project")
    example.set_up(project)
    run = project.build()
    assert run.success, run.said
    return project


@pytest.fixture
def breakable(worked_example: Project) -> Iterator[Project]:
    """The worked example, to change at will: files and database are put back after the test."""
    folder = worked_example.folder
    kept = [
        folder / "dbt_project.yml",
        example.events_file(worked_example),
        worked_example.database,
        *folder.glob("seeds/config/*.csv"),
    ]
    there = set(folder.glob("data/*"))
    with put_back(kept):
        yield worked_example
    for path in set(folder.glob("data/*")) - there:
        path.unlink()
