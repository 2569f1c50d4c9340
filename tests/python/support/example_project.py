"""The projects under examples/, built as a package user builds them: in a folder of their own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from database import HasDatabase

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Example(HasDatabase):
    """A copy of an example, and where its data lie."""

    folder: Path
    environment: dict[str, str]

    @property
    def settings(self) -> dict[str, Any]:
        return yaml.safe_load((self.folder / "dbt_project.yml").read_text())

    def write_settings(self, settings: Mapping[str, Any]) -> None:
        """Replaces dbt_project.yml."""
        (self.folder / "dbt_project.yml").write_text(yaml.safe_dump(dict(settings)))

    @property
    def database(self) -> Path:
        return self.folder / f"{self.settings['name']}.duckdb"

    def dbt(self, *arguments: str) -> str:
        """Runs dbt in the folder, and returns what it printed."""
        run = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--quiet", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


def package_folder(package: str) -> Path:
    """Where a Python package is installed; it is not imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


def copy_example(name: str, folder: Path, **data_folders: Path) -> Example:
    """Copies an example and installs this package in it."""
    made = ("dbt_packages", "target", "logs", "package-lock.yml", "*.duckdb*")
    shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns(*made))
    (folder / "packages.yml").write_text(yaml.safe_dump({"packages": [{"local": str(ROOT)}]}))
    # Where dbt writes is the caller's affair, and the example's own here.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    example = Example(
        folder,
        inherited
        | {"DO_NOT_TRACK": "1", "DBT_PROFILES_DIR": str(folder)}
        | {variable: str(path) for variable, path in data_folders.items()},
    )
    example.dbt("deps")
    return example


def build_example(name: str, folder: Path, **data_folders: Path) -> Example:
    """Copies an example and builds it without dbt's own tests."""
    example = copy_example(name, folder, **data_folders)
    example.dbt("build", "--exclude-resource-type", "test", "unit_test")
    return example
