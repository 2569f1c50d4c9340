"""Copies of the project in a test's own folder: edit a seed, run dbt in-process, query."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """What a dbt command came to; by node name, or `error` if it stopped early."""

    success: bool
    statuses: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Project:
    """A dbt project in a folder, with its own database, target and logs beside it."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "engagement.duckdb"

    def seed_rows(self, seed: str) -> list[dict[str, str]]:
        """The rows of a configuration seed, as text."""
        with (self.folder / f"seeds/config/{seed}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def write_seed(self, seed: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Replaces a configuration seed; the first row names its columns, the rest may be blank."""
        rows = list(rows)
        with (self.folder / f"seeds/config/{seed}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(rows)

    def dbt(self, *arguments: str, variables: Mapping[str, Any] | None = None) -> Run:
        """Runs a dbt command in this process, quietly."""
        command = [
            *arguments,
            f"--project-dir={self.folder}",
            f"--profiles-dir={ROOT / 'profiles'}",
            f"--target-path={self.folder / 'target'}",
            f"--log-path={self.folder / 'logs'}",
            "--quiet",
            "--log-level=none",
            f"--vars={yaml.safe_dump(dict(variables or {}))}",
        ]
        environment = {"ENGAGEMENT_DUCKDB_PATH": str(self.database), "DO_NOT_TRACK": "1"}
        with mock.patch.dict(os.environ, environment):
            outcome = dbtRunner().invoke(command)
        # dbt keeps the file open for the life of the process.
        DuckDBConnectionManager.close_all_connections()
        results = getattr(outcome.result, "results", [])
        return Run(
            success=outcome.success,
            statuses={result.node.name: str(result.status) for result in results},
            messages={result.node.name: result.message or "" for result in results},
            error=str(outcome.exception or ""),
        )

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query over the project's database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def copy_project(folder: Path, parts: Iterable[str]) -> Project:
    """Copies folders of the project, without its hooks: those look at the whole project."""
    for part in ["macros", *parts]:
        shutil.copytree(ROOT / part, folder / part)
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    hooks = {"on-run-start", "on-run-end"}
    kept = {key: value for key, value in settings.items() if key not in hooks}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(kept))
    return Project(folder)
