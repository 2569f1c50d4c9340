"""The columns that users depend on: those of every mart and configuration seed, in their order.

The YAML says them, and the enforced contracts and column types hold the tables to it.
To accept what stands now: `python tests/python/support/contracts.py`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
ACCEPTED = ROOT / "tests/python/contracts.csv"
HEADER = ("kind", "name", "column", "type")
# Where the YAML of each kind lies, and the key under which it lists.
FOLDERS = {"mart": ("models/marts", "models"), "seed": ("seeds/config", "seeds")}

# What is summed beside a mart is no promise.
PRIVATE = ("int_", "scoring_")

Contract = tuple[str, str, str, str]


def contracts_in_the_yaml() -> list[Contract]:
    """What is promised now."""
    found = []
    for kind, (folder, key) in FOLDERS.items():
        for path in sorted((ROOT / folder).glob("**/*.yml"), key=lambda path: path.name):
            for node in yaml.safe_load(path.read_text()).get(key, []):
                if node["name"].startswith(PRIVATE):
                    continue
                for column in node["columns"]:
                    found.append((kind, node["name"], column["name"], column["data_type"]))
    return found


def accepted_contracts() -> list[Contract]:
    """What was promised when somebody last decided on it."""
    with ACCEPTED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [tuple(row[name] for name in HEADER) for row in rows]  # type: ignore[misc]


def accept() -> None:
    """Writes down what stands in the YAML."""
    with ACCEPTED.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(contracts_in_the_yaml())


if __name__ == "__main__":
    accept()
