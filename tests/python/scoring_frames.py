"""Made rows for the functions of the Python models: over DuckDB relations, as in the project."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from datetime import date
from types import ModuleType
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
from dbt_project import ROOT

Row = dict[str, Any]

MODEL = {"score_model": "m", "version": "1"}
PERIOD_END = date(2025, 6, 29)
DATABASE = duckdb.connect()


def python_model(name: str, folder: str = "scoring") -> ModuleType:
    """The module of a Python model; dbt reads it as a file, so nothing can import it by name."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"models/{folder}/{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lazy(columns: Mapping[str, Any]) -> nw.LazyFrame:
    """Columns as a lazy frame over a relation, all of one database."""
    return nw.from_native(DATABASE.from_arrow(pa.table(dict(columns)))).lazy()


def lazy_rows(rows: list[Row], **types: pa.DataType) -> nw.LazyFrame:
    """Rows as a lazy frame; `types` for the columns that the rows alone do not tell."""
    names = list(dict.fromkeys([*types, *(name for row in rows for name in row)]))
    return lazy(
        {name: pa.array([row.get(name) for row in rows], types.get(name)) for name in names}
    )


def collected(frame: nw.LazyFrame) -> list[Row]:
    return frame.collect(backend="pyarrow").to_native().to_pylist()
