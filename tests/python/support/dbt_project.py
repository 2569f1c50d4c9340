"""Copies of the project in a test's own folder: edit a seed, run dbt in-process, query."""

from __future__ import annotations

import csv
import gc
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import quick_dbt
import yaml
from database import HasDatabase
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from dbt_common.events.types import PrintEvent

ROOT = Path(__file__).resolve().parents[3]

FAILED = ("error", "fail")

# The folders that act on scores: nothing outside them reads them.
ACTING = ("kpis", "alerts", "journey", "experiments")

# Keys of YAML that a build does without, and a parse is shorter by: dbt's own tests are run once,
# by `make test`, and the semantic layer by test_semantic_layer.
TESTS = frozenset({"tests", "data_tests", "unit_tests"})
SEMANTICS = frozenset(
    {
        "semantic_model",
        "primary_entity",
        "agg_time_dimension",
        "derived_semantics",
        "time_spine",
        "metrics",
        "saved_queries",
    }
)

quick_dbt.install()


@dataclass(frozen=True)
class Run:
    """What a dbt command came to, by node name; what stopped it early; what its macros printed."""

    success: bool
    statuses: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    printed: str = ""

    @property
    def said(self) -> str:
        """What stopped the run, as the user reads it."""
        stopped = [
            self.messages[name] for name, status in self.statuses.items() if status in FAILED
        ]
        return "\n".join([self.error, *stopped])


@dataclass(frozen=True)
class Project(HasDatabase):
    """A dbt project in a folder, with its own database, target and logs beside it."""

    folder: Path
    profiles: Path = ROOT / "profiles"

    @property
    def database(self) -> Path:
        return self.folder / "engagement.duckdb"

    def seed_file(self, seed: str) -> Path:
        return self.folder / f"seeds/config/{seed}.csv"

    def seed_rows(self, seed: str) -> list[dict[str, str]]:
        """The rows of a configuration seed, as text."""
        with self.seed_file(seed).open(newline="") as file:
            return list(csv.DictReader(file))

    def write_seed(self, seed: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Replaces a configuration seed; the first row names its columns, the rest may be blank.

        Without rows the header stays.
        """
        rows = list(rows)
        with self.seed_file(seed).open(newline="") as file:
            header = next(csv.reader(file))
        with self.seed_file(seed).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else header, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def dbt(
        self,
        *arguments: str,
        variables: Mapping[str, Any] | None = None,
        writes_json: bool = False,
    ) -> Run:
        """Runs a dbt command in this process, quietly.

        Its manifest and results take a second to write, and few tests read them.
        """
        return run_dbt(
            [
                *arguments,
                *([] if writes_json else ["--no-write-json"]),
                f"--project-dir={self.folder}",
                f"--profiles-dir={self.profiles}",
                f"--vars={yaml.safe_dump(dict(variables or {}))}",
            ],
            {
                "ENGAGEMENT_DUCKDB_PATH": str(self.database),
                "DBT_TARGET_PATH": str(self.folder / "target"),
                "DBT_LOG_PATH": str(self.folder / "logs"),
                "DO_NOT_TRACK": "1",
            },
        )

    def build(
        self,
        *arguments: str,
        variables: Mapping[str, Any] | None = None,
        writes_json: bool = False,
    ) -> Run:
        """`dbt build`."""
        return self.dbt("build", *arguments, variables=variables, writes_json=writes_json)

    @property
    def marts(self) -> list[str]:
        """The names of its marts; the sums beside them are private, and their names say so."""
        files = (self.folder / "models/marts").glob("*/*.sql")
        return sorted(path.stem for path in files if not path.stem.startswith(("int_", "scoring_")))

    def contents(self, tables: Iterable[str]) -> dict[str, list[tuple]]:
        """Every row of the tables, in an order of their own, to compare to the last digit."""
        return {table: self.query(f"select * from {table} order by all") for table in tables}

    def copy(self, folder: Path) -> Project:
        """The project as it stands, with its database, in another folder."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("target", "logs"))
        return Project(folder, self.profiles)


def run_dbt(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs dbt in this process, quietly, and lets go of the database."""
    silent = ("--quiet", "--log-level=none", "--log-level-file=none")
    printed: list[str] = []

    def listen(message: EventMsg) -> None:
        if message.info.name == PrintEvent.__name__:
            printed.append(message.data.msg)

    with mock.patch.dict(os.environ, environment):
        outcome = dbtRunner(callbacks=[listen]).invoke([*command, *silent])
    results = getattr(outcome.result, "results", [])
    run = Run(
        success=outcome.success,
        statuses={name_of(result): str(result.status) for result in results},
        messages={name_of(result): result.message or "" for result in results},
        error=str(outcome.exception or ""),
        printed="\n".join(printed),
    )
    # dbt keeps the file open for the life of the process, and so does the trace of an error.
    DuckDBConnectionManager.close_all_connections()
    del outcome, results
    # A parse opens no file, and the collector takes a quarter of the time of one that fails.
    if not run.success and command[0] != "parse":
        gc.collect()
    return run


def name_of(result: Any) -> str:
    """The node of a result; the macro of a run-operation, which has none."""
    return result.node.name if hasattr(result, "node") else result.unique_id


@contextmanager
def put_back(files: Iterable[Path]) -> Iterator[None]:
    """Files of a project, to change at will: afterwards they hold what they held before."""
    contents = {path: path.read_bytes() for path in files}
    try:
        yield
    finally:
        for path, content in contents.items():
            path.write_bytes(content)


def copy_project(folder: Path, parts: Iterable[str], with_hooks: bool = False) -> Project:
    """Copies folders of the project; the hooks look at all of its inputs, so not all want them."""
    ignored = shutil.ignore_patterns("__pycache__", "python")
    for part in ["macros", *parts]:
        # A folder without a file is not in git, so it is not in every checkout.
        if (ROOT / part).exists():
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    # Whatever is copied belongs to the group of all models.
    (folder / "models").mkdir(exist_ok=True)
    shutil.copy(ROOT / "models/groups.yml", folder / "models")
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    hooks = set() if with_hooks else {"on-run-start", "on-run-end"}
    kept = {key: value for key, value in settings.items() if key not in hooks}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(kept))
    return Project(folder)


def whole_project(folder: Path) -> Project:
    """A copy of all that builds, as a user has it, but for dbt's own tests and the semantic layer.

    They stand in the YAML, and more than half of the time of a parse is theirs.
    """
    project = copy_project(folder, ["models", "seeds"], with_hooks=True)
    for path in folder.glob("*s/**/*.yml"):
        settings = without(TESTS | SEMANTICS, yaml.safe_load(path.read_text()))
        path.write_text(yaml.safe_dump(settings))
    return project


def scoring_project(folder: Path, *topics: str) -> Project:
    """The same without the models that act on scores, except these topics: up to a fifth less."""
    project = whole_project(folder)
    (project.folder / "models/exposures.yml").unlink()
    for topic in set(ACTING) - set(topics):
        shutil.rmtree(folder / "models/marts" / topic)
    return project


def without(keys: frozenset[str], settings: Any) -> Any:
    """The contents of a YAML file, less these keys wherever they stand."""
    if isinstance(settings, dict):
        return {key: without(keys, settings[key]) for key in settings if key not in keys}
    if isinstance(settings, list):
        return [without(keys, each) for each in settings]
    return settings
