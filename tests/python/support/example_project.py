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
from dbt_project import ROOT, run_dbt, whole_project


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
        """Runs dbt on the project in this process, and returns what its macros printed."""
        run = run_dbt(
            [*arguments, f"--project-dir={self.folder}", f"--profiles-dir={self.folder}"],
            self.environment,
        )
        assert run.success, run.said
        return run.printed

    def shell(self, *arguments: str) -> str:
        """Runs dbt as a user does, in the folder, and returns all that it printed."""
        run = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--quiet", *arguments],
            cwd=self.folder,
            env=os.environ | self.environment | {"DBT_PROFILES_DIR": str(self.folder)},
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
    """Copies an example and installs this package in it, without dbt's own tests."""
    made = ("dbt_packages", "target", "logs", "package-lock.yml", "*.duckdb*")
    shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns(*made))
    package = whole_project(folder.with_name(f"{folder.name}_package"))
    local = {"packages": [{"local": str(package.folder)}]}
    (folder / "packages.yml").write_text(yaml.safe_dump(local))
    # Where dbt writes is the caller's affair, and the example's own here.
    example = Example(
        folder,
        {
            "DO_NOT_TRACK": "1",
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "ENGAGEMENT_DUCKDB_PATH": str(folder / f"{name}.duckdb"),
        }
        | {variable: str(path) for variable, path in data_folders.items()},
    )
    example.dbt("deps")
    return example


def build_example(name: str, folder: Path, **data_folders: Path) -> Example:
    """Copies an example and builds it."""
    example = copy_example(name, folder, **data_folders)
    example.dbt("build")
    return example
