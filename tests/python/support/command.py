"""Projects for tests of the command line, and how it is called: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from database import HasDatabase
from dbt_project import ROOT

LONGEST_WAIT = 120

# A project that takes dbt a second: its scores have the version of a variable. A test fails, and a
# model waits at a pipe, where a variable says so.
TINY = {
    "dbt_project.yml": yaml.safe_dump(
        {
            "name": "tiny",
            "profile": "tiny",
            "flags": {"send_anonymous_usage_stats": False},
            "models": {"+materialized": "table"},
        }
    ),
    "profiles.yml": """
tiny:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('ENGAGEMENT_DUCKDB_PATH', 'tiny.duckdb') }}"
      threads: 1
""",
    "models/customers.sql": "select * from read_csv('customers.csv', header = true)",
    "models/scores.sql": """
select customers.*, {{ var('version', 1) }} as version from {{ ref('customers') }} as customers
{% if var('pipe', none) %}
cross join (select max(content) as content from read_text('{{ var('pipe') }}')) as waited
where waited.content is distinct from 'never'
{% endif %}
""",
    "models/named_scores.sql": """
{{ config(materialized='view') }} select * from {{ ref('scores') }}
""",
    "models/int_engagement__erased_ids.sql": """
select id from read_csv('erased.csv', header = true, all_varchar = true) where id is not null
""",
    "tests/no_failure.sql": "select * from {{ ref('scores') }} where {{ var('fails', false) }}",
    "macros/summary/summary.sql": """
{% macro summary() %}{% if execute %}{% do print('SCORED ' ~ run_query(
    'select string_agg(id, chr(44) order by id) from ' ~ ref('scores')
).rows[0][0] ~ ' in ' ~ env_var('ENGAGEMENT_PUBLISHED_PATH')) %}{% endif %}{% endmacro %}
""",
    "customers.csv": "id\nann\nben\n",
    "erased.csv": "id\n",
}

# Asks twice a second, as a tool for dashboards does, until it is stopped; says what it heard.
READER = """
import sys, time, duckdb
while True:
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            found = connection.execute(sys.argv[2]).fetchone()[0]
        print("ok", found, flush=True)
    except Exception as error:
        print("ERROR", error, flush=True)
    time.sleep(0.5)
"""


@dataclass(frozen=True)
class Commanded(HasDatabase):
    """A project in a folder, and the command line in it."""

    folder: Path
    file_name: str = "tiny.duckdb"
    profiles: Path | None = None

    @property
    def database(self) -> Path:
        return self.folder / self.file_name

    def environment(self, **added: str) -> dict[str, str]:
        """Nothing of the environment of the tests but the interpreter's."""
        dropped = ("DBT_", "ENGAGEMENT_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        own = {"DBT_PROFILES_DIR": str(self.profiles)} if self.profiles else {}
        return {
            **kept,
            **own,
            "PYTHONPATH": str(ROOT),
            "DO_NOT_TRACK": "1",
            "ENGAGEMENT_DUCKDB_PATH": str(self.database),
            **added,
        }

    def started(self, *arguments: str, **added: str) -> subprocess.Popen[str]:
        """The command, at work, as the leader of a group of processes."""
        return subprocess.Popen(
            [sys.executable, "-m", "engagement", *arguments],
            cwd=self.folder,
            env=self.environment(**added),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **added: str) -> tuple[int, str]:
        """The command, done: its exit code and what it said."""
        process = self.started(*arguments, **added)
        said, _ = process.communicate(timeout=5 * LONGEST_WAIT)
        return process.returncode, said

    def succeed(self, *arguments: str) -> str:
        code, said = self.run(*arguments)
        assert code == 0, said
        return said

    def files(self) -> set[str]:
        """Every file below the folder and beside it."""
        above = self.folder.parent
        return {str(path.relative_to(above)) for path in above.rglob("*") if path.is_file()}

    def files_with(self, text: str, but: Sequence[str] = ()) -> list[str]:
        """The files in which the bytes of a text are found."""
        return sorted(
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file() and path.name not in but and text.encode() in path.read_bytes()
        )


def tiny_project(folder: Path) -> Commanded:
    """Writes the project."""
    for name, text in TINY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Commanded(folder)


@contextmanager
def reading(project: Commanded, sql: str) -> Iterator[list[str]]:
    """A reader that polls while the block runs; afterwards the list has what it heard."""
    heard: list[str] = []
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(project.database), sql],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        # It asks before anything happens.
        heard.append(process.stdout.readline().strip())
        yield heard
        time.sleep(0.7)
    finally:
        process.terminate()
        heard += process.communicate()[0].splitlines()


def opened(pipe: Path, process: subprocess.Popen[str]) -> int:
    """The pipe, as soon as a build waits to read from it."""
    for _ in range(LONGEST_WAIT * 50):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.02)
    raise AssertionError(f"Nothing was read from the pipe in {LONGEST_WAIT} s")
