"""What tests of the variable `engagement_inputs` share."""

from __future__ import annotations

import shutil

import pytest
from dbt_project import ROOT, Project, copy_project


@pytest.fixture(scope="session")
def input_models(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Models that read inputs, with the hook that checks the variables; for parses only."""
    project = copy_project(tmp_path_factory.mktemp("inputs") / "project", [], with_hooks=True)
    for model in ["stg_engagement__interactions", "stg_engagement__customers"]:
        shutil.copy(ROOT / f"models/staging/{model}.sql", project.folder / "models")
    return project
