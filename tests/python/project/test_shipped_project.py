"""The whole project, compiled once in a fresh checkout, and the diagram drawn from it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from data_flow import PAGE, data_flow
from dbt_project import Run, whole_project


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Any]]:
    """The result of `dbt compile` before anything was built, and its manifest."""
    project = whole_project(tmp_path_factory.mktemp("compiled") / "project")
    run = project.dbt("compile", writes_json=True)
    return run, json.loads((project.folder / "target/manifest.json").read_text())


def test_the_project_compiles_before_anything_is_built(
    compiled: tuple[Run, dict[str, Any]],
) -> None:
    """Linters and `dbt docs generate` do that in a fresh checkout."""
    run, _ = compiled
    assert run.success, run.said


def test_the_diagram_matches_the_manifest(compiled: tuple[Run, dict[str, Any]]) -> None:
    _, manifest = compiled
    assert data_flow(manifest) == PAGE.read_text(), (
        "To fix it: .venv/bin/dbt parse && .venv/bin/python tests/python/support/data_flow.py"
    )


def node(name: str, folder: str, parent: str = "") -> dict[str, Any]:
    """A model, as in the manifest."""
    return {
        "name": name,
        "resource_type": "model",
        "original_file_path": f"models/{folder}/{name}.sql",
        "depends_on": {"nodes": [f"model.{parent}"] if parent else []},
    }


def test_an_arrow_to_an_earlier_folder_is_refused() -> None:
    nodes = {
        "model.stg_a": node("stg_a", "staging", parent="int_b"),
        "model.int_b": node("int_b", "intermediate/changes"),
    }
    with pytest.raises(ValueError, match="a model of staging reads one of intermediate_changes"):
        data_flow({"nodes": nodes})


def test_a_model_in_an_unknown_folder_is_named() -> None:
    lost = {"model.int_new_idea": node("int_new_idea", "intermediate")}
    with pytest.raises(ValueError, match="int_new_idea is in a folder without a stage"):
        data_flow({"nodes": lost})
