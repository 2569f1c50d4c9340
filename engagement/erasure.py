"""Erased ids: which files still contain them after a build, and how those are cleared."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from engagement.compacting import identifier
from engagement.dbt_process import shown
from engagement.profile import Place

ERASED = "int_engagement__erased_ids"

# What a run writes below dbt's target and can contain an id: SQL with literals, messages, pages.
# Not the manifest: every run rewrites it, and it holds code and settings only.
IN_TARGET = ("compiled", "run", "run_results.json", "dashboard")


def erased_ids(file: Path) -> set[str]:
    """The ids that a database keeps out; empty if it has no such table (yet)."""
    if not file.exists():
        return set()
    ids: set[str] = set()
    with duckdb.connect(str(file), read_only=True) as connection:
        for (schema,) in connection.execute(
            "select schema_name from duckdb_tables()"
            " where database_name = current_database() and table_name = ?",
            [ERASED],
        ).fetchall():
            rows = connection.execute(
                f"select id from {identifier(schema)}.{identifier(ERASED)} where id is not null"
            )
            ids |= {str(row[0]) for row in rows.fetchall()}
    return ids


def clear_traces(place: Place) -> list[str]:
    """Removes what earlier runs wrote beside the database; returns the paths for the screen."""
    target = place.folder("DBT_TARGET_PATH", "target")
    logs = place.folder("DBT_LOG_PATH", "logs")
    paths = [
        # By name: a folder that the user chose may contain more than logs.
        *sorted({*logs.glob("dbt.log*"), *logs.glob("query_log*")}),
        *(target / name for name in IN_TARGET),
        place.project / "suggestions",
    ]
    cleared = []
    for path in paths:
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            continue
        cleared.append(shown(path))
    return cleared
