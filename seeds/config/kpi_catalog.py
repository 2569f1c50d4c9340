"""Writes the catalog of KPIs as blocks for dbt's documentation: python seeds/config/kpi_catalog.py.

Run it after an edit of kpi_catalog.csv; a test compares the two.
"""

from __future__ import annotations

import csv
from pathlib import Path

CATALOG = Path(__file__).with_suffix(".csv")
BLOCKS = CATALOG.with_suffix(".md")
# KPIs come first in the seed.
FIRST_METRIC = "interaction_frequency"


def catalog_rows() -> list[dict[str, str]]:
    """The rows of the seed, one per metric or KPI, columns in its order."""
    with CATALOG.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entry(row: dict[str, str]) -> str:
    """One row as Markdown."""
    attributes = [
        f"- *{column.replace('_', ' ').capitalize()}*: {text}"
        for column, text in row.items()
        if column != "kpi"
    ]
    return "\n".join([f"**{row['kpi']}**", "", *attributes, ""])


def blocks() -> str:
    """The whole file: a block of the KPIs and one of the metrics that are no KPI."""
    rows = catalog_rows()
    first_metric = [row["kpi"] for row in rows].index(FIRST_METRIC)
    parts = {"catalog_of_kpis": rows[:first_metric], "catalog_of_metrics": rows[first_metric:]}
    return "\n".join(
        "\n".join([f"{{% docs {name} %}}", *map(entry, part), "{% enddocs %}", ""])
        for name, part in parts.items()
    )


if __name__ == "__main__":
    BLOCKS.write_text(blocks(), encoding="utf-8")
