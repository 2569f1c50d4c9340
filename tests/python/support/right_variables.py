"""Variables that are right, some as far as each rule lets one go."""

from __future__ import annotations

from typing import Any

from wrong_inputs import interactions

RIGHT: dict[str, dict[str, Any]] = {
    "several entries, named": interactions(
        {"ref": "stg_engagement__customers", "name": "web"},
        {"ref": "customer_engagement.stg_engagement__customers", "name": "app"},
        {
            "relation": "read_parquet('events.2025.parquet')",
            "preset": "segment_tracks",
            "columns": {"channel": "'app'"},
            "where": "true",
        },
    ),
    "the same entry of two inputs": {
        "engagement_inputs": {
            "interactions": [{"relation": "events"}],
            "identities": [{"relation": "events"}],
        }
    },
    "an input without an entry": {
        "engagement_inputs": {"interactions": [{"relation": "events"}], "customers": []}
    },
    "every variable": {
        **interactions({"relation": "events"}),
        "scoring_grain": "month",
        "week_start": "sunday",
        "scoring_start": "2024-02-29",
        "scoring_end": "2024-02-29",
        "detail_periods": 1,
        "min_exposure_days": 0,
        "strict_activity_types": True,
        "restate_published": True,
        "reporting_timezone": "America/Argentina/Buenos_Aires",
        "segment_columns": [],
        "min_driver_customers": 2,
        "first_action_days": 56,
        "journey_stages": ["See", "see", "lovers' lane"],
        "segment_pairs": [["band", "lifecycle_stage"]],
        "onboarding_days": 0,
        "good_score": 0,
        "engaged_score": 99.5,
        "min_segment_size": 1,
        "experiment_outcomes": ["score", "recency_days", "activity:web visit"],
        "experiment_control": "0",
        "experiment_shares": {"control": 2, "pricing": {"0": 0.8, "1": 0.2}},
        "engagement_semantic_layer": False,
        "engagement_time_spine": False,
        "marts_grants": {"dev": {}, "prod": {"select": ["reporter"], "all": ["etl", "ops"]}},
    },
    "what only looks like personal data": {
        **interactions({"relation": "events"}),
        "segment_columns": ["has_email", "email_opt_in", "plan_name", "comments_last_month"],
    },
    "personal data that are meant": {
        **interactions({"relation": "events"}),
        "segment_columns": ["email", "last_name", "comment"],
        "allow_personal_data": ["name", "comment", "email"],
    },
}
