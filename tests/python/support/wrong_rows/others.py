"""Wrong rows of external_events, badge_rules and kpi_targets."""

from __future__ import annotations

from collections.abc import Mapping

from wrong_rows.case import Case


def event(name: str, row: Mapping[str, str], *says: str) -> Case:
    """An event with a note of its own."""
    return Case(name, "external_events", {"note": name, **row}, says, key=name)


def badge(name: str, row: Mapping[str, str], *says: str) -> Case:
    return Case(name, "badge_rules", {"badge": name, **row}, says, key=name)


def target(name: str, row: Mapping[str, str], *says: str, **more: str) -> Case:
    """A target of a segment of its own, unless the row says otherwise."""
    row = {"segment_column": "plan", "segment_value": name, **row}
    return Case(name, "kpi_targets", row, says, key=more.get("key", name))


CASES = [
    # external_events
    event("event_no_date", {"starts_on": "January"}, 'starts_on is "January"', "YYYY-MM-DD"),
    event("event_open", {"ends_on": " "}, "ends_on is blank", "fill it in"),
    event("event_without_kind", {"kind": ""}, "kind is blank", "note=event_without_kind"),
    event(
        "event_ends_first",
        {"ends_on": "2024-12-31"},
        "ends_on is 2024-12-31",
        "before starts_on 2025-01-01",
        "must be starts_on or later",
    ),
    # badge_rules
    badge(
        "badge_measure_unknown",
        {"measure": "cleverness"},
        'measure is "cleverness"',
        "score, percentile_rank, rank_change, score_streak, activity_streak, "
        "interaction_frequency, active_days",
    ),
    badge("badge_of_points", {"measure": "decayed_points"}, 'measure is "decayed_points"'),
    badge(
        "badge_comparison",
        {"comparison": ">="},
        'comparison is ">="',
        "use one of: at_least, at_most",
    ),
    badge("badge_threshold", {"threshold": "four"}, 'threshold is "four"', "not a number"),
    badge("badge_open", {"threshold": ""}, "threshold is blank"),
    badge("badge_unsaid", {"description": ""}, "description is blank"),
    Case(
        "badge_twice",
        "badge_rules",
        {"badge": "badge_twice", "threshold": "5"},
        ("2 rows have the same badge", "keep one"),
        (("badge_rules", {"badge": "badge_twice"}),),
        key="badge_twice",
    ),
    # kpi_targets
    target("target_of_nothing", {"kpi": ""}, "kpi is blank", "fill it in"),
    target(
        "target_of_no_kpi",
        {"kpi": "retension"},
        'kpi is "retension"',
        "mean_score, share_good, retention, churn",
        "or band_share:<band>",
    ),
    target(
        "target_of_no_band",
        {"kpi": "band_share:", "target": "1"},
        'kpi is "band_share:"',
        "not a KPI",
    ),
    target(
        "target_of_all_bands",
        {"kpi": "band_share", "target": "1"},
        'kpi is "band_share"',
        "not a KPI",
    ),
    target("target_no_number", {"target": "60 %"}, 'target is "60 %"', "not a number"),
    target("target_blank", {"target": ""}, "target is blank", "fill it in"),
    target("target_no_date", {"valid_from": "May"}, 'valid_from is "May"', "not a date"),
    target("target_undated", {"valid_from": ""}, "valid_from is blank", "fill it in"),
    target("target_percent", {"kpi": "csat", "target": "80"}, "target is 80", "as 0.4"),
    target(
        "target_band_percent",
        {"kpi": "band_share:Low", "target": "-0.1"},
        "target is -0.1",
        "a ratio from 0 to 1",
    ),
    target("target_half", {"segment_column": ""}, "segment_column is blank", "fill in both"),
    target("target_no_grain", {"kpi": "revenue"}, "period_grain is blank", "week, month, quarter"),
    target(
        "target_odd_grain",
        {"period_grain": "year"},
        'period_grain is "year"',
        "day, week, month, quarter",
    ),
    Case(
        "target_twice",
        "kpi_targets",
        {"segment_column": "plan", "segment_value": "target_twice", "target": "61"},
        ("2 rows have the same kpi and segment_column and segment_value and period_grain",),
        (("kpi_targets", {"segment_column": "plan", "segment_value": "target_twice"}),),
        key="target_twice",
    ),
]
