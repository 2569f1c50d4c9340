"""What a built project can be asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


class HasDatabase:
    """A project whose tables stand in a DuckDB file, `database`."""

    @property
    def database(self) -> Path:
        raise NotImplementedError

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query over the project's database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def records(self, sql: str) -> list[dict[str, Any]]:
        """The same as one dict a row."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            found = connection.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
