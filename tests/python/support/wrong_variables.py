"""Wrong values of other variables, each with what the message must say."""

from __future__ import annotations

from typing import Any

WRONG_GRANTS: tuple[Any, ...] = (
    "reporter",
    ["reporter"],
    {"prod": "reporter"},
    {"prod": ["select"]},
    {"prod": {"select": "reporter"}},
    {"prod": {"select": []}},
    {"prod": {"select": [1]}},
    {"prod": {"select": {"reporter": True}}},
    {"prod": {"select": None}},
)
NOT_WHOLE = (0.5, "4", True, None, -1)


WRONG_VARIABLES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    **{
        f"grants: {grants!r}": (
            {"marts_grants": grants},
            (
                "variable 'marts_grants'",
                "a mapping of targets to privileges, each with the list of those who have it",
                "{prod: {select: [reporter]}}",
            ),
        )
        for grants in WRONG_GRANTS
    },
    **{
        f"personal data: {value!r}": (
            {"allow_personal_data": value},
            (
                "variable 'allow_personal_data'",
                "a list of what marts may hold: email, name, comment",
            ),
        )
        for value in ("email", ["emails"], {"email": True}, True)
    },
    **{
        f"a segment that names a person: {column}": (
            {"segment_columns": ["plan", column], "allow_personal_data": allowed},
            (
                "variable 'segment_columns'",
                f"a list without {column}, as marts show segments to whoever reads them",
                f"allow_personal_data: [{kind}]",
            ),
        )
        for column, kind, allowed in [
            ("email", "email", []),
            ("work_email_address", "email", ["name"]),
            ("E_Mail", "email", []),
            ("name", "name", ["email", "comment"]),
            ("last_name", "name", []),
            ("sales_comment", "comment", []),
        ]
    },
    **{
        f"{name} that is a text": (
            {name: "no"},
            (f"variable '{name}' is no. It must be true or false",),
        )
        for name in ("engagement_semantic_layer", "engagement_time_spine")
    },
    "grain": (
        {"scoring_grain": "quarter"},
        ("variable 'scoring_grain' is quarter. It must be one of day, week, month",),
    ),
    "week_start": (
        {"week_start": "sun"},
        ("variable 'week_start' is sun. It must be one of monday, tuesday,", "saturday, sunday"),
    ),
    "a date of another form": (
        {"scoring_start": "30.06.2025"},
        ("variable 'scoring_start' is 30.06.2025. It must be a date such as 2025-06-30",),
    ),
    "a month that is none": (
        {"scoring_end": "2025-13-01"},
        ("variable 'scoring_end' is 2025-13-01. It must be a date",),
    ),
    "a day that is none": (
        {"scoring_end": "2025-02-29"},
        ("variable 'scoring_end' is 2025-02-29. It must be a date",),
    ),
    "start after end": (
        {"scoring_start": "2025-06-30", "scoring_end": "2025-06-01"},
        (
            "variable 'scoring_start' is 2025-06-30",
            "a date that is not after scoring_end (2025-06-01)",
        ),
    ),
    "no detail": (
        {"detail_periods": 0},
        ("variable 'detail_periods' is 0. It must be a whole number of at least 1",),
    ),
    "no gap": (
        {"horizon_gap_days": 0},
        ("variable 'horizon_gap_days' is 0. It must be a whole number of at least 1",),
    ),
    "no action is gaming": (
        {"gaming_daily_interactions": 0},
        ("variable 'gaming_daily_interactions' is 0. It must be a whole number of at least 2",),
    ),
    "nothing is a drop": (
        {"alert_drop_points": 0},
        ("variable 'alert_drop_points' is 0. It must be a number above 0",),
    ),
    "a global shift that is a text": (
        {"alert_global_points": "five"},
        ("variable 'alert_global_points' is five. It must be a number above 0",),
    ),
    "a good score that is a text": (
        {"good_score": "high"},
        ("variable 'good_score' is high. It must be a number from 0 to 100",),
    ),
    "engaged beyond any score": (
        {"engaged_score": 101},
        ("variable 'engaged_score' is 101. It must be a number from 0 to 100",),
    ),
    "no budget": (
        {"alert_budget": 0},
        ("variable 'alert_budget' is 0. It must be a whole number of at least 1",),
    ),
    "an owner that is no segment": (
        {"segment_columns": ["plan"], "owner_column": "manager"},
        ("variable 'owner_column' is manager. It must be one of segment_columns (plan)",),
    ),
    **{
        f"{name}: {value!r}": (
            {name: value},
            (f"variable '{name}' is {value}. It must be a whole number of at least {least}",),
        )
        for name, least in [
            ("detail_periods", 1),
            ("min_exposure_days", 0),
            ("onboarding_days", 0),
            ("min_segment_size", 1),
        ]
        for value in NOT_WHOLE
    },
    "strict flag that is a text": (
        {"strict_activity_types": "yes"},
        ("variable 'strict_activity_types' is yes. It must be true or false",),
    ),
    "restating that is a text": (
        {"restate_published": "engagement 1"},
        ("variable 'restate_published' is engagement 1. It must be true or false",),
    ),
    "timezone with a blank": (
        {"reporting_timezone": "Europe Berlin"},
        (
            "variable 'reporting_timezone' is Europe Berlin",
            "a zone of the IANA database such as Europe/Berlin",
        ),
    ),
    "segments that are a text": (
        {"segment_columns": "plan"},
        ("variable 'segment_columns' is plan. It must be a list of column names",),
    ),
    "segments that are a mapping": (
        {"segment_columns": {"plan": "free"}},
        ("variable 'segment_columns'", "It must be a list of column names"),
    ),
    "a segment that is taken": (
        {"segment_columns": ["plan", "customer_id"]},
        ("variable 'segment_columns'", "other than customer_id, account_id, signed_up_at"),
    ),
    "a segment that is no name": (
        {"segment_columns": ["plan of the customer"]},
        ("variable 'segment_columns'", "column names, of letters, digits and _"),
    ),
    "a segment twice": (
        {"segment_columns": ["plan", "region", "Plan"]},
        ("variable 'segment_columns'", "a list that names each of them once"),
    ),
    "groups too small to compare": (
        {"min_driver_customers": 1},
        ("variable 'min_driver_customers' is 1. It must be a whole number of at least 2",),
    ),
    "no first days": (
        {"first_action_days": 0},
        ("variable 'first_action_days' is 0. It must be a whole number of at least 1",),
    ),
    "first days longer than the score waits": (
        {"first_action_days": 57},
        ("variable 'first_action_days' is 57. It must be at most 56",),
    ),
    **{
        f"journey stages: {value!r}": (
            {"journey_stages": value},
            ("variable 'journey_stages'", "a list of stages, first to last"),
        )
        for value in ["awareness", {"awareness": 1}, [], [1, 2], ["entered"], ["a", "b", "a"]]
    },
    "a segment that we derive": (
        {"segment_columns": ["plan", "band"]},
        ("variable 'segment_columns'", "other than customer_id", "lifecycle_stage, band"),
    ),
    **{
        f"pairs: {pairs!r}": (
            {"segment_columns": ["plan"], "segment_pairs": pairs},
            (
                "variable 'segment_pairs'",
                "a list of pairs of different columns, each of plan, purchase_segment",
            ),
        )
        for pairs in ("plan", 5, ["plan"], [["plan"]], [["plan", "region"]], [["plan", "plan"]])
    },
    **{
        f"experiment outcomes: {value!r}": (
            {"experiment_outcomes": value},
            (
                "variable 'experiment_outcomes'",
                "a list, each once, of activity:<activity type>, score, interaction_frequency",
            ),
        )
        for value in ["score", {"score": 1}, [5], ["scores"], ["activity:"], ["score", "score"]]
    },
    **{
        f"experiment control: {value!r}": (
            {"experiment_control": value},
            ("variable 'experiment_control'", "must be the name of a variant"),
        )
        for value in ["", 0, ["control"]]
    },
    **{
        f"experiment shares: {value!r}": (
            {"experiment_shares": value},
            ("variable 'experiment_shares'", "variants with their planned shares"),
        )
        for value in ["equal", {"a": 0}, {"a": True}, {"a": "1"}, {"e": {"a": -1}}]
    },
    "a pair twice": (
        {"segment_columns": ["plan"], "segment_pairs": [["plan", "band"], ["band", "plan"]]},
        ("variable 'segment_pairs'", "a list that names each pair once"),
    ),
}
