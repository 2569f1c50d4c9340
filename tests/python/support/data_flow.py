"""The diagram of the data flow, drawn from dbt's manifest; `python` and this file draw it anew.

A hundred models are no picture, so they are drawn by stage, and a stage is a folder. Which stage
reads which comes from the manifest, and so does the list of models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/data-flow.md"


@dataclass(frozen=True)
class Stage:
    """The models of one folder, drawn as one box."""

    folder: str
    title: str
    note: str = ""

    @property
    def key(self) -> str:
        """The name of the box in the diagram."""
        return self.folder.removeprefix("models/").replace("/", "_")

    @property
    def holds_marts(self) -> bool:
        """Whether it is a topic of marts; a folder within one holds steps towards them."""
        return Path(self.folder).parent.as_posix() == "models/marts"


# In the order of the folders: none reads one that comes after it.
STAGES = (
    Stage("seeds/demo", "Inputs", "your tables, or the demo company's"),
    Stage("seeds/config", "Settings", "CSV files"),
    Stage("models/settings/read", "Typed settings", "each row of a seed, as text and typed"),
    Stage(
        "models/settings/problems", "Problems of settings", "one check per seed; any stops the run"
    ),
    Stage("models/settings", "Checked settings", "what everything else reads"),
    Stage("models/staging", "Staging", "typed, in UTC, valid or not"),
    Stage("models/intermediate/judged", "Judged", "whose row it is, and whether it counts"),
    Stage("models/intermediate/ledger", "Ledger", "everything that counts, once"),
    Stage("models/intermediate/changes", "Changes", "what this run has to compute"),
    Stage("models/intermediate/period_sums", "Period sums", "per customer and period"),
    Stage("models/intermediate/metrics", "Metrics and points", "per customer, window and period"),
    Stage("models/suggestions", "Suggestions", "what `make suggest` proposes"),
    Stage("models/scoring", "Scoring", "scale, weigh, explain (Python)"),
    Stage("models/marts/scores", "Scores", "of every period, and why"),
    Stage("models/marts/customers", "Customers", "one row each, and their accounts"),
    Stage("models/marts/segments", "Segments", "groups of customers"),
    Stage("models/marts/kpis", "KPIs", "figures with targets, and their calendar"),
    Stage("models/marts/alerts/conditions", "Alert conditions", "what may raise an alert"),
    Stage("models/marts/alerts", "Alerts", "what to act on"),
    Stage("models/marts/journey", "Journey", "how far customers come, and by what"),
    Stage("models/marts/experiments", "Experiments", "with and without, and what goes with more"),
    Stage("models/marts/audit", "Audit", "every row that was read"),
)


def stage_of(node: Mapping[str, Any]) -> str:
    """The key of the stage that a model or seed is drawn in."""
    folder = Path(node["original_file_path"]).parent.as_posix()
    for stage in STAGES:
        if stage.folder == folder:
            return stage.key
    raise ValueError(f"{node['name']} is in a folder without a stage: add it to {__name__}.STAGES")


def data_flow(manifest: Mapping[str, Any]) -> str:
    """The page docs/data-flow.md."""
    nodes = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    stages = {key: stage_of(node) for key, node in nodes.items()}
    reads = {stage.key: set[str]() for stage in STAGES}
    for key, node in nodes.items():
        for parent in node["depends_on"].get("nodes", []):
            if parent in stages and stages[parent] != stages[key]:
                reads[stages[key]].add(stages[parent])
    members = {
        stage.key: sorted(nodes[key]["name"] for key in nodes if stages[key] == stage.key)
        for stage in STAGES
    }
    drawn = [stage for stage in STAGES if members[stage.key]]
    refuse_arrows_back(reads)
    return "\n".join([*HEAD, *mermaid(drawn, members, reads), *table(drawn, members), ""])


HEAD = (
    "# Data flow",
    "",
    "Drawn from dbt's manifest by `tests/python/support/data_flow.py`, and compared with it in"
    " every test run: do not edit it by hand.",
    "A box is a folder. An arrow means that something in the box reads something in the other;"
    " one that others imply is left out.",
    "Marts have a thick border. Every single model and its lineage: `make docs`.",
    "",
)


def mermaid(
    drawn: Iterable[Stage], members: Mapping[str, list[str]], reads: Mapping[str, set[str]]
) -> list[str]:
    """The diagram, as lines."""
    lines = ["```mermaid", "flowchart TD"]
    for stage in drawn:
        kind = "seeds" if stage.folder.startswith("seeds/") else "models"
        words = [f"<b>{stage.title}</b>", stage.note, f"{kind}: {len(members[stage.key])}"]
        lines.append(f'    {stage.key}["{"<br/>".join(word for word in words if word)}"]')
    for stage in drawn:
        parents = reads[stage.key]
        implied = set().union(*(ancestors(parent, reads) for parent in parents))
        lines += [f"    {parent} --> {stage.key}" for parent in sorted(parents - implied)]
    marts = [stage.key for stage in drawn if stage.holds_marts]
    lines.append(f"    class {','.join(marts)} mart;")
    return [*lines, "```", ""]


def refuse_arrows_back(reads: Mapping[str, set[str]]) -> None:
    """A folder reads itself and those before it; anything else is an error."""
    order = [stage.key for stage in STAGES]
    for key, parents in reads.items():
        for parent in parents:
            if order.index(parent) > order.index(key):
                raise ValueError(f"an arrow runs back: a model of {key} reads one of {parent}")


def ancestors(key: str, reads: Mapping[str, set[str]]) -> set[str]:
    """All stages that a stage reads, directly or not."""
    return reads[key].union(*(ancestors(parent, reads) for parent in reads[key]))


def table(drawn: Iterable[Stage], members: Mapping[str, list[str]]) -> list[str]:
    """What is in each box."""
    return [
        "| stage | models and seeds |",
        "|---|---|",
        *(f"| {s.title} | {', '.join(f'`{name}`' for name in members[s.key])} |" for s in drawn),
    ]


if __name__ == "__main__":
    PAGE.write_text(data_flow(json.loads((ROOT / "target/manifest.json").read_text())))
