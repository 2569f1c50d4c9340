"""The catalog of metrics and KPIs is complete, repeats nothing, and is what dbt's docs show.

Its formulas name columns that exist.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import kpi_catalog
import pytest
import yaml
from dbt_project import ROOT
from right_rows import METRICS

ATTRIBUTES = [
    "definition",
    "business_insights",
    "measurement_approach",
    "formula",
    "trend_analysis",
    "diagnostic_questions",
    "actionable_tips",
    "visualization",
    "risk_warnings",
    "tools",
    "integration_points",
    "change_impact",
]
ROWS = kpi_catalog.catalog_rows()
# The rows of the macro kpis.
KPIS = re.findall(
    r"^        '(\w+)': (?:dict\(|money|{$)",
    (ROOT / "macros/kpis/kpis.sql").read_text(),
    re.MULTILINE,
)


def texts() -> list[tuple[str, str, str]]:
    return [(row["kpi"], attribute, row[attribute]) for row in ROWS for attribute in ATTRIBUTES]


def documented(node: dict[str, Any]) -> set[str]:
    return {node["name"], *(column["name"] for column in node.get("columns", []))}


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every model, seed and column that some YAML file describes."""
    found: set[str] = set()
    for path in [*ROOT.glob("models/**/*.yml"), *ROOT.glob("seeds/**/*.yml")]:
        settings = yaml.safe_load(path.read_text())
        for kind in ("models", "seeds"):
            for node in settings.get(kind, []):
                found |= documented(node)
    return found


def test_every_metric_and_kpi_has_one_row() -> None:
    assert Counter(row["kpi"] for row in ROWS) == Counter({*METRICS, *KPIS})


def test_all_twelve_attributes_are_present() -> None:
    assert all(list(row) == ["kpi", *ATTRIBUTES] for row in ROWS)


def test_no_attribute_is_short_of_a_sentence() -> None:
    assert [row for row in texts() if len(row[2]) < 40] == []
    unfinished = [row for row in texts() if not row[2].endswith((".", "?"))]
    assert [row for row in unfinished if row[1] != "formula"] == []


def test_nothing_is_said_twice() -> None:
    sentences = Counter(
        sentence.strip().lower()
        for _, _, text in texts()
        for sentence in re.split(r"(?<=[.?!;:])\s", text)
        if len(sentence) > 12
    )
    assert [sentence for sentence, number in sentences.items() if number > 1] == []


def test_no_two_texts_are_one_with_another_name_put_in() -> None:
    """Texts of one attribute share hardly any run of six words."""
    runs = Counter(
        (attribute, run)
        for _, attribute, text in texts()
        if attribute != "formula"
        for run in {
            " ".join(words)
            for words in zip(*(text.lower().split()[n:] for n in range(6)), strict=False)
        }
    )
    assert [run for run, number in runs.items() if number > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["kpi"])
def test_a_formula_names_the_real_columns(row: dict[str, str], names: set[str]) -> None:
    named = re.findall(r"`([a-z_]+)`", row["formula"])
    assert named and set(named) <= names


def test_names_in_other_texts_exist_too(names: set[str]) -> None:
    """Marts without a description of their own here are named as well."""
    planned = {
        "engagement_accounts",
        "engagement_alerts",
        "engagement_band_transitions",
        "engagement_drivers",
        "engagement_experiments",
        "engagement_funnel",
        "engagement_kpis",
        "engagement_touchpoints",
    }
    named = {name for _, _, text in texts() for name in re.findall(r"`([a-z_]+)`", text)}
    variables = {"follow_up_days", "reporting_timezone"}
    assert named - names <= planned | variables


def test_the_documentation_shows_the_same_text() -> None:
    assert kpi_catalog.BLOCKS.read_text(encoding="utf-8") == kpi_catalog.blocks()
    settings = yaml.safe_load(Path(kpi_catalog.CATALOG).with_suffix(".yml").read_text())
    blocks = kpi_catalog.BLOCKS.read_text(encoding="utf-8").split("{% docs ")[1:]
    shown = re.findall(r"doc\('(\w+)'\)", settings["seeds"][0]["description"])
    assert shown == [block.split()[0] for block in blocks]
    named = [re.findall(r"^\*\*(\w+)\*\*$", block, re.MULTILINE) for block in blocks]
    assert [name for names in named for name in names] == [row["kpi"] for row in ROWS]
    assert sorted(named[0]) == sorted(KPIS)


def test_the_guide_lists_every_kpi() -> None:
    guide = (ROOT / "docs/kpis.md").read_text(encoding="utf-8")
    assert [kpi for kpi in KPIS if f"`{kpi}" not in guide] == []
