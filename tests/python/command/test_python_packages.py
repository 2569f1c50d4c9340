"""Missing Python packages are named before anything is scored."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from dbt_project import ROOT, Project, copy_project, scoring_project
from right_rows import CONFIG

MODEL = ROOT / "models/settings/read/config_engagement__python_packages.py"
SUGGESTIONS = ROOT / "models/suggestions"


@pytest.fixture(scope="module")
def packages() -> dict[str, tuple[str, str]]:
    """PACKAGES of the model."""
    spec = importlib.util.spec_from_file_location("python_packages", MODEL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PACKAGES


def imported(path: Path) -> set[str]:
    """The packages that a file imports, without the standard library."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names


def test_the_list_is_what_the_models_import(packages: dict[str, tuple[str, str]]) -> None:
    models = set(ROOT.glob("models/**/*.py"))
    suggestions = {path for path in models if SUGGESTIONS in path.parents}
    build = set().union(*(imported(path) for path in models - suggestions)) - {"textblob"}
    suggest = set().union(*(imported(path) for path in suggestions))
    assert {name for name, (_, by) in packages.items() if by == "build"} == build
    assert {name for name, (_, by) in packages.items() if by == "suggest"} == suggest - build


def test_the_readme_lists_them(packages: dict[str, tuple[str, str]]) -> None:
    readme = (ROOT / "README.md").read_text()
    for package in [name for name, _ in packages.values()]:
        assert f"`{package}`" in readme


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("packages") / "project", CONFIG)


def without(*names: str) -> Any:
    """Pretends that these are not installed."""
    find = importlib.util.find_spec

    def found(name: str, package: str | None = None) -> Any:
        return None if name in names else find(name, package)

    return mock.patch.object(importlib.util, "find_spec", found)


SELECT = ("--select", "config_engagement__python_packages+1")


def test_missing_packages_are_named_with_the_command_that_installs_them(project: Project) -> None:
    with without("narwhals", "statsmodels", "sklearn"):
        run = project.build(*SELECT)
    assert not run.success
    assert "Python packages are missing, and nothing was scored: narwhals, statsmodels." in run.said
    assert "To fix it: pip install narwhals statsmodels into" in run.said
    assert "Traceback" not in run.said
    assert run.statuses["config_engagement__problems"] == "skipped"


def test_a_package_for_suggestions_is_required_only_there(tmp_path: Path) -> None:
    alone = copy_project(tmp_path / "alone", [])
    for path in MODEL.parent.glob(f"{MODEL.stem}.*"):
        shutil.copy(path, alone.folder / "models")
    with without("sklearn"):
        assert alone.build().success
        run = alone.build(variables={"suggesting": True})
    assert "pip install scikit-learn into" in run.said


def test_comments_require_their_reader_before_anything_is_scored(tmp_path: Path) -> None:
    """The demo company's customers write comments."""
    demo = scoring_project(tmp_path / "demo")
    select = ("--select", "+int_engagement__interaction_cells")
    with without("textblob"):
        run = demo.build(*select)
    assert run.statuses["int_engagement__interaction_cells"] == "error"
    assert "which is missing. To fix it: pip install textblob, or do not map comment" in run.said
