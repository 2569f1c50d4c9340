"""What tests of the seeds share: a project of settings alone, whose seeds are put back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dbt_project import Project, copy_project
from right_rows import CONFIG, SEEDS

SeedRows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="session")
def settings_alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The seeds and the models that check them."""
    return copy_project(tmp_path_factory.mktemp("settings_alone") / "project", CONFIG)


@pytest.fixture(scope="session")
def as_shipped(settings_alone: Project) -> SeedRows:
    """The rows of every seed."""
    return {seed: settings_alone.seed_rows(seed) for seed in SEEDS}


@pytest.fixture
def restored(settings_alone: Project, as_shipped: SeedRows) -> Iterator[Project]:
    """The shipped seeds, to change at will: afterwards they are as before."""
    yield settings_alone
    for seed in SEEDS:
        settings_alone.write_seed(seed, as_shipped[seed])
