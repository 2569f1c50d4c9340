"""The pages of sources: every preset has one, and what they give to paste passes the parse."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt_project import ROOT, Project
from wrong_inputs import PRESETS

FENCED = re.MULTILINE | re.DOTALL


def preset_names() -> set[str]:
    return set(PRESETS.split(", "))


def source_pages() -> dict[str, str]:
    """The page of each preset, by its name."""
    return {page.stem: page.read_text() for page in (ROOT / "docs/sources").glob("*.md")}


def five_lines(page: str) -> str:
    """The lines that connect a source: the page's one YAML block."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, flags=FENCED)
    return block


def alternatives(page: str) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """All else on a page that is pasted into the settings, each as inputs of their own."""
    preset = yaml.safe_load(five_lines(page))["vars"]["engagement_inputs"]["interactions"][0]
    unfenced = re.sub(r"^```.*?^```$", "", page, flags=FENCED)
    for block in re.findall(r"(?:^    .*\n)+", unfenced, flags=re.MULTILINE):
        pasted = yaml.safe_load(block)
        if isinstance(pasted, list):
            yield {"interactions": pasted}
        elif "columns" in pasted:
            yield {"interactions": [{**preset, **pasted}]}
        else:
            yield pasted
    for code in re.findall(r"`(\{.*?\})`", page):
        yield {"interactions": [{**preset, "columns": yaml.safe_load(code)}]}
    for code in re.findall(r"`((?:columns|where): [^`]*)`", page.replace("\n", " ")):
        yield {"interactions": [{**preset, **yaml.safe_load(code)}]}


def test_every_preset_has_a_page_and_a_test() -> None:
    """And the index lists each; that the list is complete, the unknown preset above checks."""
    assert source_pages().keys() == preset_names()
    index = (ROOT / "docs/sources.md").read_text()
    for name in preset_names():
        assert f"[`{name}`](sources/{name}.md)" in index
    tested = {path.stem for path in (ROOT / "tests/python/support/preset_rows").glob("*.yml")}
    assert tested == preset_names()


def test_what_the_pages_give_to_paste_passes_the_parse(
    tmp_path: Path, input_models: Project
) -> None:
    """Five lines that name their preset, and every alternative to them, in one parse."""
    inputs: dict[str, list[dict[str, Any]]] = {}
    for name, page in source_pages().items():
        lines = five_lines(page)
        assert len(lines.splitlines()) == 5, name
        (entry,) = yaml.safe_load(lines)["vars"]["engagement_inputs"]["interactions"]
        assert entry["preset"] == name
        for pasted in [{"interactions": [entry]}, *alternatives(page)]:
            for key, entries in pasted.items():
                listed = inputs.setdefault(key, [])
                listed += [{**each, "name": f"{name} {len(listed)}"} for each in entries]

    sources: dict[str, set[str]] = {}
    for entry in chain(*inputs.values()):
        if "source" in entry:
            source, table = entry["source"].split(".")
            sources.setdefault(source, set()).add(table)
    declared = [
        {"name": source, "tables": [{"name": table} for table in sorted(tables)]}
        for source, tables in sources.items()
    ]
    connected = input_models.copy(tmp_path / "connected")
    (connected.folder / "models/sources.yml").write_text(yaml.safe_dump({"sources": declared}))
    shutil.copy(ROOT / "models/staging/stg_engagement__identities.sql", connected.folder / "models")

    run = connected.dbt("parse", variables={"engagement_inputs": inputs})
    assert run.success, run.error

    for entry in chain(*inputs.values()):
        for expression in [*entry.get("columns", {}).values(), entry.get("where", "true")]:
            assert is_sql(f"select {expression}"), (entry, expression)
        assert is_sql(f"select * from {entry.get('relation', 'there')} as entry"), entry


def is_sql(statement: str) -> bool:
    """Whether DuckDB can read the statement; nothing that it names need be there."""
    (tree,) = duckdb.execute("select json_serialize_sql(?)", [statement]).fetchone() or ("",)
    return json.loads(tree)["error"] is False


def test_the_rows_that_the_pages_give_for_activity_types_fit_the_seed() -> None:
    """A row of a type that is shipped is the shipped one; others have values that it has too."""
    with (ROOT / "seeds/config/activity_types.csv").open(newline="") as file:
        header, *shipped_rows = csv.reader(file)
    shipped = {row[0]: row for row in shipped_rows}
    accepted = [{row[column] for row in shipped_rows} for column in range(1, len(header))]
    for name, page in source_pages().items():
        (block,) = re.findall(r"^```csv\n(.*?)^```$", page, flags=FENCED)
        for row in csv.reader(block.splitlines()):
            assert len(row) == len(header), (name, row)
            assert row == shipped.get(row[0], row), name
            for value, values in zip(row[1:], accepted, strict=True):
                assert value in values, (name, row)
