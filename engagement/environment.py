"""Checks settings of the environment before dbt starts, where errors would be harder to read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from engagement.errors import StoppedError

MEMORY = "ENGAGEMENT_MEMORY_LIMIT"
THREADS = "ENGAGEMENT_THREADS"

SIZE = re.compile(r"\d+(\.\d+)?\s*[kmgt]i?b", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?")
# DuckDB attaches files of these names under a name that dbt does not expect.
TAKEN = frozenset({"main", "memory", "system", "temp"})


def check_environment() -> None:
    """Refuses a memory size or a number of threads that DuckDB or dbt cannot use."""
    memory = os.environ.get(MEMORY)
    if memory is not None and not is_memory_limit(memory):
        raise StoppedError(
            f"{MEMORY} is {memory!r}, which is not a memory size. "
            "Accepted: a number with its unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 512MiB."
        )
    threads = os.environ.get(THREADS)
    if threads is not None and not re.fullmatch(r"[1-9][0-9]{0,3}", threads.strip()):
        raise StoppedError(
            f"{THREADS} is {threads!r}. Accepted: a whole number from 1 to 9999, such as 2."
        )


def is_memory_limit(text: str) -> bool:
    """Whether DuckDB starts with it; it reads -1GB as unlimited, so the form is checked first."""
    if not SIZE.fullmatch(text.strip()):
        return False
    try:
        with duckdb.connect(config={"memory_limit": text.strip()}) as connection:
            # A limit too small for this is too small for any build.
            connection.execute("create table numbers as select range as number from range(10000)")
    except duckdb.Error:
        return False
    return True


def check_file_name(path: Path) -> None:
    """Refuses a file name that cannot be the name of the database in every query."""
    if not NAME.fullmatch(path.name) or path.stem.lower() in TAKEN:
        raise StoppedError(
            f"The database cannot be called {path.name!r}. Accepted: letters, digits, _ and -, and "
            "an ending without other characters, such as customer_engagement.duckdb; "
            f"not {', '.join(sorted(TAKEN))}. Its folder can have any name. The name comes from "
            "ENGAGEMENT_DUCKDB_PATH or from the path in profiles.yml."
        )
