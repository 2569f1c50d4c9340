"""Rows as far as each rule lets one go: no message may name any of them."""

from __future__ import annotations

JUST_RIGHT: list[tuple[str, dict[str, str]]] = [
    ("activity_types", {"activity_type": "right", "value_basis": "amount", "exposed_by": ""}),
    (
        "survey_types",
        {"survey_type": "right_nps", "metric": "nps", "scale_min": "0.0", "scale_max": "10"},
    ),
    ("score_models", {"score_model": "right", "formula": "index", "min_coverage": "0"}),
    (
        "score_models",
        {"score_model": "right", "version": "2", "formula": "index", "min_coverage": "1"},
    ),
    ("activity_weights", {"score_model": "right", "half_life_days": "27.39", "daily_cap": "0"}),
    # What the company does may keep its points: they count nothing.
    ("activity_weights", {"score_model": "right", "activity_type": "email_sent", "points": "1"}),
    ("score_metrics", {"score_model": "right", "goal": ""}),
    ("score_metrics", {"score_model": "right", "metric": "decayed_points", "weight": "0"}),
    ("score_metrics", {"score_model": "right", "metric": "csat", "lower": "1", "goal": "0.2"}),
    ("score_metrics", {"score_model": "right", "metric": "churn", "lower": "", "goal": "0"}),
    ("score_metrics", {"score_model": "right", "metric": "sentiment", "lower": "", "goal": "0"}),
    ("score_metrics", {"score_model": "right", "metric": "time_spent", "scaling": "saturation"}),
    ("score_metrics", {"score_model": "right", "version": "2", "goal": "30"}),
    (
        "score_bands",
        {"score_model": "right", "band": "Low", "lower_bound": "0", "settle_margin": "9"},
    ),
    (
        "score_bands",
        {"score_model": "right", "band": "Mid", "lower_bound": "2", "settle_margin": "1"},
    ),
    (
        "score_bands",
        {"score_model": "right", "band": "Top", "lower_bound": "98", "settle_margin": "2"},
    ),
    # Versions of one model may share a priority, and a retired model that nothing follows may too.
    (
        "score_models",
        {
            "score_model": "engagement",
            "version": "2",
            "status": "champion",
            "valid_from": "2025-01-01",
            "priority": "1",
        },
    ),
    ("activity_weights", {"score_model": "engagement", "version": "2"}),
    ("score_models", {"score_model": "right_retired", "status": "retired", "priority": "1"}),
    ("activity_weights", {"score_model": "right_retired"}),
    ("score_models", {"score_model": "right_window", "window_days": "14"}),
    ("activity_weights", {"score_model": "right_window"}),
    (
        "score_models",
        {"score_model": "right_geometric", "formula": "index", "aggregation": "geometric"},
    ),
    (
        "score_metrics",
        {
            "score_model": "right_geometric",
            "metric": "recency_days",
            "scaling": "percentile",
            "goal": "",
        },
    ),
    # One day; the next from the day after; another score model; over 100, which is clamped.
    ("score_overrides", {"customer_id": "right", "valid_to": "2025-01-01"}),
    ("score_overrides", {"customer_id": "right", "valid_from": "2025-01-02"}),
    ("score_overrides", {"customer_id": "right", "score_model": "right", "score": "120"}),
    ("score_overrides", {"customer_id": "right_too"}),
    # One day, and beside another event of the same day.
    ("external_events", {"note": "right", "ends_on": "2025-01-01"}),
    ("external_events", {"note": "right_too"}),
    ("badge_rules", {"badge": "right", "measure": "rank_change", "threshold": "-3.5"}),
    # Another day, another grain, a segment that nobody is in, a band that no version has.
    ("kpi_targets", {"segment_column": "tier", "segment_value": "right"}),
    ("kpi_targets", {"segment_column": "tier", "segment_value": "right", "period_grain": "week"}),
    (
        "kpi_targets",
        {"segment_column": "tier", "segment_value": "right", "valid_from": "2025-01-02"},
    ),
    ("kpi_targets", {"kpi": "band_share:Top", "target": "1", "valid_from": "2025-02-01"}),
    ("kpi_targets", {"kpi": "revenue", "period_grain": "quarter", "target": "-5"}),
    ("kpi_targets", {"kpi": "nps", "target": "-20", "valid_from": "2024-02-01"}),
]
