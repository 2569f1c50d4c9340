"""A description that several marts share is written once, in models/marts/columns.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import yaml
from dbt_project import ROOT, Project

BLOCK = re.compile(r"\{\{ doc\('customer_engagement', '(\w+)'\) \}\}")


def described_columns() -> Iterator[tuple[str, str]]:
    """The name and the written description of each column of a mart."""
    marts = Project(ROOT).marts
    for path in sorted(ROOT.glob("models/marts/*/*.yml")):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            if model["name"] not in marts:
                continue
            for column in model.get("columns", []):
                yield column["name"], " ".join(column["description"].split())


def test_a_description_in_three_marts_is_a_doc_block() -> None:
    written = Counter(pair for pair in described_columns() if not BLOCK.fullmatch(pair[1]))
    assert [pair for pair, count in written.items() if count > 2] == []


def test_every_doc_block_is_used_by_several_columns() -> None:
    text = (ROOT / "models/marts/columns.md").read_text()
    used = Counter(name for _, words in described_columns() for name in BLOCK.findall(words))
    assert {name: used[name] for name in re.findall(r"\{% docs (\w+) %\}", text)} == used
    assert min(used.values()) > 1
