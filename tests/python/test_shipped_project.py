"""The whole project, compiled once in a fresh checkout; and the diagram that is drawn from it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from data_flow import PAGE, data_flow
from dbt_project import Run, whole_project


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Any]]:
    """What `dbt compile` came to before anything was built, and its manifest."""
    project = whole_project(tmp_path_factory.mktemp("compiled") / "project")
    run = project.dbt("compile", writes_json=True)
    return run, json.loads((project.folder / "target/manifest.json").read_text())


def test_the_project_compiles_before_anything_is_built(
    compiled: tuple[Run, dict[str, Any]],
) -> None:
    """As linters and `dbt docs generate` do in a fresh checkout."""
    run, _ = compiled
    assert run.success, run.said


def test_the_diagram_is_what_the_manifest_gives(compiled: tuple[Run, dict[str, Any]]) -> None:
    _, manifest = compiled
    assert data_flow(manifest) == PAGE.read_text(), (
        "To fix it: .venv/bin/dbt parse && .venv/bin/python tests/python/data_flow.py"
    )


def test_stages_that_read_each_other_are_refused() -> None:
    """A model that is put into the wrong box shows as a circle, which no diagram can order."""
    nodes = {
        f"model.{name}": {
            "name": name,
            "resource_type": "model",
            "original_file_path": f"models/{name}.sql",
            "depends_on": {"nodes": [f"model.{parent}"]},
        }
        for name, parent in [
            ("stg_a", "int_engagement__scoring_periods"),
            ("int_engagement__scoring_periods", "stg_a"),
        ]
    }
    with pytest.raises(ValueError, match="circle"):
        data_flow({"nodes": nodes})


def test_a_model_of_no_stage_is_named() -> None:
    node = {
        "name": "int_new_idea",
        "resource_type": "model",
        "original_file_path": "models/intermediate/int_new_idea.sql",
        "depends_on": {"nodes": []},
    }
    with pytest.raises(ValueError, match="int_new_idea belongs to no stage"):
        data_flow({"nodes": {"model.int_new_idea": node}})
