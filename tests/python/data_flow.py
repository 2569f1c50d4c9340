"""The diagram of the data flow, drawn from dbt's manifest: `python tests/python/data_flow.py`.

A hundred models are no picture, so they are drawn by stage. Which model belongs to which stage is
written here; which stage reads which is not, and neither is the list of models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/data-flow.md"


@dataclass(frozen=True)
class Stage:
    """Models that are drawn as one box; a model belongs to the first stage with a pattern of it."""

    key: str
    title: str
    note: str
    patterns: tuple[str, ...]


STAGES = (
    Stage(
        "seeds",
        "Settings",
        "CSV files",
        ("seeds/config/*", "demo_kpi_targets", "demo_external_events"),
    ),
    Stage("inputs", "Inputs", "your tables, or the demo company's", ("demo_*",)),
    Stage("config", "Checked settings", "one check of all seeds stands before them", ("config_*",)),
    Stage("staging", "Staging", "typed, in UTC, valid or not", ("stg_*",)),
    Stage(
        "judged",
        "Judged",
        "whose row it is, and whether it counts",
        (
            "int_engagement__text_files",
            "int_engagement__erased_ids",
            "int_engagement__input_rows",
            "int_engagement__settled_input_rows",
            "int_*_judged",
            "int_engagement__identity_map",
            "int_engagement__excluded_customers",
            "int_engagement__interaction_cells",
            "int_engagement__data_horizon",
            "int_engagement__customer_attributes",
            "int_engagement__customer_segments",
            "int_engagement__comment_sentiment",
        ),
    ),
    Stage(
        "calendar",
        "Periods",
        "which are scored",
        ("int_engagement__scoring_periods", "int_engagement__period_events"),
    ),
    Stage(
        "ledger",
        "Ledger",
        "every accepted interaction, once",
        (
            "int_engagement__touched_records",
            "int_engagement__interactions_numbered",
            "int_engagement__interaction_ledger",
            "int_engagement__metric_starts",
            "int_engagement__unlisted_activity_types",
        ),
    ),
    Stage(
        "changes",
        "Changes",
        "what this run has to compute",
        (
            "int_engagement__scoring_facts",
            "int_engagement__settled_facts",
            "int_engagement__changed_days",
            "int_engagement__score_overrides",
        ),
    ),
    Stage(
        "days",
        "Days",
        "sums per customer, activity and day",
        (
            "int_engagement__customer_activity_*",
            "int_engagement__customer_scope",
            "int_engagement__customer_periods",
            "int_engagement__custom_metrics",
            "int_engagement__pending_*",
        ),
    ),
    Stage(
        "sums",
        "Sums",
        "per customer and period",
        ("int_engagement__period_*", "int_engagement__step_attitudes"),
    ),
    Stage(
        "metrics",
        "Metrics and points",
        "per customer, window and period",
        (
            "int_engagement__customer_metrics",
            "int_engagement__customer_points",
            "int_engagement__step_*",
            "int_engagement__metric_*",
            "int_engagement__available_metrics",
            "int_engagement__rescored_*",
            "int_engagement__activity_points",
        ),
    ),
    Stage(
        "scoring",
        "Scoring",
        "scale, weigh, explain (Python)",
        (
            "scoring_engagement__parameters",
            "scoring_engagement__goal_suggestions",
            "scoring_engagement__scores",
            "scoring_engagement__contrib*",
        ),
    ),
    Stage(
        "scores",
        "Scores",
        "of every period, and why",
        (
            "engagement_scores",
            "engagement_contributions",
            "engagement_score_changes",
            "engagement_restatements",
            "engagement_published_settings",
            "engagement_what_if",
        ),
    ),
    Stage(
        "compared",
        "Compared",
        "over time, by segment, with and without",
        (
            "int_engagement__score_trends",
            "int_engagement__customer_states",
            "int_engagement__activity_sums",
            "int_engagement__segment_sums",
            "int_engagement__kpi_sums",
            "int_engagement__alert_conditions",
            "int_engagement__new_alerts",
            "int_engagement__experiment_sums",
            "scoring_engagement__driver*",
            "scoring_engagement__experiments",
        ),
    ),
    Stage("now", "Customers now", "one row each", ("customer_engagement",)),
    Stage(
        "groups",
        "Groups",
        "segments, accounts, KPIs",
        (
            "engagement_segments",
            "engagement_accounts",
            "engagement_touchpoints",
            "engagement_kpis",
            "engagement_band_transitions",
            "engagement_funnel",
        ),
    ),
    Stage(
        "acting",
        "To act on",
        "alerts, drivers, experiments",
        ("engagement_*alerts", "engagement_drivers", "engagement_experiments"),
    ),
    Stage("audit", "Audit", "every row that was read", ("interaction_audit", "engagement_reject*")),
    Stage("time_spine", "Calendar", "the days of the semantic layer", ("engagement_calendar",)),
    Stage("marts", "Other marts", "", ("models/marts/*",)),
)

SEEDS = ("seeds", "inputs")
MARTS = ("scores", "now", "groups", "acting", "audit", "time_spine", "marts")


def stage_of(node: Mapping[str, Any]) -> str:
    """The key of the stage that a model or seed is drawn in."""
    for stage in STAGES:
        for pattern in stage.patterns:
            if fnmatch(node["original_file_path" if "/" in pattern else "name"], pattern):
                return stage.key
    raise ValueError(f"{node['name']} belongs to no stage: add it to STAGES in {__file__}")


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
    return "\n".join([*HEAD, *mermaid(drawn, members, reads), *table(drawn, members), ""])


HEAD = (
    "# Data flow",
    "",
    "Drawn from dbt's manifest by `tests/python/data_flow.py`, and compared with it in every test"
    " run: do not edit it",
    "by hand. An arrow means that something in the box reads something in the other; one that"
    " others imply is left out.",
    "Marts have a thick border. Every single model and its lineage: `make docs`.",
    "",
)


def mermaid(
    drawn: Iterable[Stage], members: Mapping[str, list[str]], reads: Mapping[str, set[str]]
) -> list[str]:
    """The diagram, as lines."""
    lines = ["```mermaid", "flowchart TD"]
    for stage in drawn:
        kind = "seeds" if stage.key in SEEDS else "models"
        words = [f"<b>{stage.title}</b>", stage.note, f"{kind}: {len(members[stage.key])}"]
        lines.append(f'    {stage.key}["{"<br/>".join(word for word in words if word)}"]')
    for stage in drawn:
        parents = reads[stage.key]
        implied = set().union(*(ancestors(parent, reads) for parent in parents))
        lines += [f"    {parent} --> {stage.key}" for parent in sorted(parents - implied)]
    lines.append("    classDef mart stroke-width:4px;")
    lines.append(f"    class {','.join(s.key for s in drawn if s.key in MARTS)} mart;")
    return [*lines, "```", ""]


def ancestors(key: str, reads: Mapping[str, set[str]], path: tuple[str, ...] = ()) -> set[str]:
    """All stages that a stage reads, directly or not; a circle is an error: no order shows it."""
    if key in path:
        raise ValueError(f"the stages read in a circle: {' -> '.join((key, *reversed(path)))}")
    found = set(reads[key])
    for parent in reads[key]:
        found |= ancestors(parent, reads, (*path, key))
    return found


def table(drawn: Iterable[Stage], members: Mapping[str, list[str]]) -> list[str]:
    """What is in each box."""
    return [
        "| stage | models and seeds |",
        "|---|---|",
        *(f"| {s.title} | {', '.join(f'`{name}`' for name in members[s.key])} |" for s in drawn),
    ]


if __name__ == "__main__":
    PAGE.write_text(data_flow(json.loads((ROOT / "target/manifest.json").read_text())))
