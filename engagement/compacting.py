"""Copies a database into a fresh file, because freed blocks keep deleted rows."""

from __future__ import annotations

from pathlib import Path

import duckdb

from engagement.errors import FAILED, StoppedError
from engagement.publishing import checkpoint, wal_of

# The parts of a database: queries that list them by schema and name.
PARTS = {
    "tables": (
        "select schema_name, table_name, column_count, sql from duckdb_tables()"
        " where database_name = ? and not temporary"
    ),
    "views": (
        "select schema_name, view_name, sql from duckdb_views()"
        " where database_name = ? and not internal and not temporary"
    ),
    "constraints": (
        "select schema_name, table_name, constraint_text from duckdb_constraints()"
        " where database_name = ?"
    ),
    "indexes": "select schema_name, index_name, sql from duckdb_indexes() where database_name = ?",
    "sequences": (
        "select schema_name, sequence_name from duckdb_sequences() where database_name = ?"
    ),
    "macros": (
        "select schema_name, function_name, macro_definition from duckdb_functions()"
        " where database_name = ? and not internal"
    ),
}


def compact(file: Path) -> None:
    """Rewrites the database and replaces the old file with the new one.

    The old one is attached under its own name, because the SQL of views names the database.
    """
    checkpoint(file)
    fresh = file.with_name(f"fresh-{file.name}")
    fresh.unlink(missing_ok=True)
    name = file.stem
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(file)} as {identifier(name)} (read_only)")
        connection.execute(f"attach {literal(fresh)} as {identifier(fresh.stem)}")
        connection.execute(f"copy from database {identifier(name)} to {identifier(fresh.stem)}")
        check_same(connection, name, fresh.stem)
        connection.execute(f"detach {identifier(fresh.stem)}")
    checkpoint(fresh)
    fresh.replace(file)
    wal_of(file).unlink(missing_ok=True)


def check_same(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    """Raises StoppedError unless the copy has every part and every row."""
    for part, query in PARTS.items():
        found = [
            sorted(map(repr, connection.execute(query, [name]).fetchall())) for name in (old, new)
        ]
        if found[0] != found[1]:
            raise StoppedError(
                f"The compacted copy has different {part}; nothing was published.", FAILED
            )
    for schema, table, *_ in connection.execute(PARTS["tables"], [old]).fetchall():
        counts = [
            connection.execute(
                f"select count(*) from {identifier(name)}.{identifier(schema)}.{identifier(table)}"
            ).fetchall()
            for name in (old, new)
        ]
        if counts[0] != counts[1]:
            raise StoppedError(
                f"The compacted copy has different rows in {table}; nothing was published.", FAILED
            )


def identifier(name: str) -> str:
    """A name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text, quoted for SQL."""
    return "'" + str(text).replace("'", "''") + "'"
