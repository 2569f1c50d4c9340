"""Writes the catalog of KPIs as blocks for dbt's documentation: python seeds/config/kpi_catalog.py.

Run it after an edit of kpi_catalog.csv; a test compares the two.
"""

from __future__ import annotations

import csv
from pathlib import Path

CATALOG = Path(__file__).with_suffix(".csv")
BLOCKS = CATALOG.with_suffix(".md")


def catalog_rows() -> list[dict[str, str]]:
    """The rows of the seed, one per metric or KPI, columns in its order."""
    with CATALOG.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def block(row: dict[str, str]) -> str:
    """One row as a block that descriptions can refer to as kpi_<name>."""
    attributes = [
        f"- *{column.replace('_', ' ').capitalize()}*: {text}"
        for column, text in row.items()
        if column != "kpi"
    ]
    lines = [f"{{% docs kpi_{row['kpi']} %}}", f"**{row['kpi']}**", "", *attributes]
    return "\n".join([*lines, "{% enddocs %}", ""])


def blocks() -> str:
    """The whole file."""
    return "\n".join(block(row) for row in catalog_rows())


if __name__ == "__main__":
    BLOCKS.write_text(blocks(), encoding="utf-8")
