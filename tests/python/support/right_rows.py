"""A right row of every configuration seed, and what a project of settings alone consists of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dbt_project import ROOT


def keys_of(macro: str) -> list[str]:
    """The names that a macro of macros/settings lists, in its order."""
    text = (ROOT / f"macros/settings/{macro}.sql").read_text()
    return re.findall(r"^ {8}'(\w+)': \{", text, re.MULTILINE)


CONFIG = ["seeds/config", "seeds/demo", "models/settings", "tests/generic"]
SELECT_CONFIG = [
    "--select=path:seeds/config",
    "demo_kpi_targets",
    "demo_external_events",
    "path:models/settings",
]
SEEDS = keys_of("config_seed_specs")
METRICS = keys_of("metric_catalog")


# A challenger stays out of the rules about which version is in force.
RIGHT_ROWS: dict[str, dict[str, str]] = {
    "activity_types": {"touchpoint": "web", "role": "engagement"},
    "activity_weights": {"version": "1", "activity_type": "purchase", "points": "1"},
    "survey_types": {"metric": "csat", "scale_min": "1", "scale_max": "5", "valid_days": "90"},
    "score_models": {
        "version": "1",
        "status": "challenger",
        "formula": "weighted_sum",
        "window_days": "91",
        "min_coverage": "0.5",
        "priority": "9",
    },
    "score_metrics": {
        "version": "1",
        "metric": "active_days",
        "dimension": "behavioural",
        "weight": "1",
        "scaling": "goal",
        "goal": "5",
    },
    "score_bands": {"version": "1", "band": "Wrong", "lower_bound": "50", "settle_margin": "0"},
    "score_overrides": {
        "score_model": "engagement",
        "score": "90",
        "reason": "a visit",
        "author": "kim",
        "valid_from": "2025-01-01",
        "valid_to": "2025-03-31",
    },
    "external_events": {"starts_on": "2025-01-01", "ends_on": "2025-01-31", "kind": "sale"},
    "badge_rules": {
        "measure": "active_days",
        "comparison": "at_least",
        "threshold": "4",
        "description": "Active on one day a week",
    },
    "kpi_targets": {
        "kpi": "mean_score",
        "period_grain": "",
        "valid_from": "2025-01-01",
        "target": "60",
    },
}


def right_row(seed: str, row: Mapping[str, str]) -> dict[str, str]:
    return {**RIGHT_ROWS[seed], **row}
