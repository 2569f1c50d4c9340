"""A fresh file with the same contents: blocks that were freed keep old rows until then."""

from __future__ import annotations

from pathlib import Path

import duckdb

from engagement.errors import FAILED, StoppedError
from engagement.publishing import checkpoint, wal_of

# What a database is made of, by the schema and name of each part.
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
    """Writes the database anew and puts the new file in the place of the old one.

    The old one is attached under its own name, since the SQL of views names the database.
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
    """Every part and every row came along."""
    for part, query in PARTS.items():
        found = [
            sorted(map(repr, connection.execute(query, [name]).fetchall())) for name in (old, new)
        ]
        if found[0] != found[1]:
            raise StoppedError(
                f"The compacted copy does not have the same {part}; nothing was published.", FAILED
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
                f"The compacted copy has other rows in {table}; nothing was published.", FAILED
            )


def identifier(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text as SQL takes it."""
    return "'" + str(text).replace("'", "''") + "'"
