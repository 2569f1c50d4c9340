"""Settings of the environment, checked before dbt starts: later they fail in the engine's words."""

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
# DuckDB opens files of these names under another name than the one that dbt looks for.
TAKEN = frozenset({"main", "memory", "system", "temp"})


def check_environment() -> None:
    """Refuses a size or a number of threads that DuckDB or dbt would stumble over."""
    memory = os.environ.get(MEMORY)
    if memory is not None and not is_memory_limit(memory):
        raise StoppedError(
            f"{MEMORY} is {memory!r}, which is no size of memory. "
            "Accepted: a number with its unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 512MiB."
        )
    threads = os.environ.get(THREADS)
    if threads is not None and not re.fullmatch(r"[1-9][0-9]{0,3}", threads.strip()):
        raise StoppedError(
            f"{THREADS} is {threads!r}. Accepted: a whole number from 1 to 9999, such as 2."
        )


def is_memory_limit(text: str) -> bool:
    """Whether DuckDB starts with it: it takes -1GB for a lot, so the form is looked at first."""
    if not SIZE.fullmatch(text.strip()):
        return False
    try:
        with duckdb.connect(config={"memory_limit": text.strip()}) as connection:
            # Too little for this is too little for anything.
            connection.execute("create table numbers as select range as number from range(10000)")
    except duckdb.Error:
        return False
    return True


def check_file_name(path: Path) -> None:
    """The name of the file becomes the name of the database in every query, so it must be plain."""
    if not NAME.fullmatch(path.name) or path.stem.lower() in TAKEN:
        raise StoppedError(
            f"The database cannot be called {path.name!r}. Accepted: letters, digits, _ and -, and "
            "an ending without other signs, such as customer_engagement.duckdb; "
            f"not {', '.join(sorted(TAKEN))}. Its folder can have any name. The name comes from "
            "ENGAGEMENT_DUCKDB_PATH, or from the path in profiles.yml."
        )
