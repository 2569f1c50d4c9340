"""The types that the YAML declares are those of the database."""

from __future__ import annotations

import json

import duckdb
import pytest
import yaml
from dbt_project import ROOT, Project

# By model and column; no type: the YAML names none.
Types = dict[str, dict[str, str]]

# dbt's names for DuckDB's types, where they differ.
ENGINE_NAMES = {"string": "varchar", "numeric": "decimal"}
# How DuckDB adds up whole numbers; what is stored is cast.
SUM_OF_BIGINT = "HUGEINT"


def engine_type(declared: str) -> str:
    """A declared type as DuckDB writes it: `numeric(28, 4)` is DECIMAL(28,4)."""
    name, parenthesis, rest = declared.replace(" ", "").partition("(")
    return (ENGINE_NAMES.get(name, name) + parenthesis + rest).upper()


@pytest.fixture(scope="module")
def declared() -> Types:
    """What the YAML says, of every model, in use or not."""
    return {
        model["name"]: {
            column["name"]: column.get("data_type", "") for column in model.get("columns", [])
        }
        for path in ROOT.glob("models/**/*.yml")
        for model in yaml.safe_load(path.read_text()).get("models", [])
    }


@pytest.fixture(scope="module")
def stored(demo: Project) -> Types:
    """What the demo company's database says; of an ephemeral model, its compiled query."""
    manifest = json.loads((demo.folder / "target/manifest.json").read_text())
    types: Types = {}
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        for node in manifest["nodes"].values():
            if node["resource_type"] != "model":
                continue
            is_ephemeral = node["config"]["materialized"] == "ephemeral"
            query = node["compiled_code"] if is_ephemeral else node["name"]
            columns = connection.execute(f"describe {query}").fetchall()
            types[node["name"]] = {
                name: "BIGINT" if is_ephemeral and kind == SUM_OF_BIGINT else kind
                for name, kind, *_ in columns
            }
    return types


def test_every_column_declares_a_type(declared: Types, stored: Types, demo: Project) -> None:
    """Of an ephemeral model, every column that it lists: others follow the settings."""
    manifest = json.loads((demo.folder / "target/manifest.json").read_text())
    ephemeral = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["config"].get("materialized") == "ephemeral"
    }
    without_type = {
        (model, column)
        for model, columns in declared.items()
        for column, kind in columns.items()
        if not kind
    }
    not_in_the_yaml = {
        (model, column)
        for model, columns in stored.items()
        for column in columns
        if column not in declared[model] and model not in ephemeral
    }
    assert (without_type, not_in_the_yaml) == (set(), set())


def test_declared_types_are_those_of_the_database(declared: Types, stored: Types) -> None:
    wrong = {
        (model, column, kind, stored[model].get(column))
        for model, columns in declared.items()
        if model in stored
        for column, kind in columns.items()
        if engine_type(kind) != stored[model].get(column)
    }
    assert wrong == set()
