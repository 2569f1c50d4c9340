"""Wrong rows of score_models."""

from __future__ import annotations

from collections.abc import Mapping

from wrong_rows.case import Case


def model(name: str, row: Mapping[str, str], *says: str) -> Case:
    weights = ("activity_weights", {"score_model": name})
    return Case(name, "score_models", {"score_model": name, **row}, says, (weights,))


CASES = [
    model(
        "status_unknown", {"status": "live"}, 'status is "live"', "champion, challenger, retired"
    ),
    model(
        "formula_unknown",
        {"formula": "sum"},
        'formula is "sum"',
        "index, weighted_sum, weighted_mean, metric_mean",
    ),
    model(
        "aggregation_unknown",
        {"aggregation": "mean"},
        'aggregation is "mean"',
        "arithmetic, geometric",
    ),
    model(
        "aggregation_of_points",
        {"aggregation": "geometric"},
        "aggregation is geometric",
        "formula is weighted_sum",
        "use arithmetic, leave it blank, or use formula index",
    ),
    model(
        "valid_from_no_date",
        {"valid_from": "31.12.2025"},
        'valid_from is "31.12.2025"',
        "not a date",
        "YYYY-MM-DD",
    ),
    model(
        "window_no_weeks",
        {"window_days": "90"},
        "window_days is 90",
        "whole number of scoring periods",
        "multiple of 7",
    ),
    model(
        "window_all_new",
        {"window_days": "7"},
        "window_days is 7",
        "min_exposure_days is 14",
        "a window of at least 14",
    ),
    model("window_zero", {"window_days": "0"}, 'window_days is "0"', "at least 1"),
    model(
        "window_half_a_day", {"window_days": "45.5"}, 'window_days is "45.5"', "not a whole number"
    ),
    model(
        "coverage_in_percent",
        {"min_coverage": "50"},
        'min_coverage is "50"',
        "at least 0 and at most 1",
    ),
    model("coverage_negative", {"min_coverage": "-0.1"}, 'min_coverage is "-0.1"', "at least 0"),
    model("priority_blank", {"priority": ""}, "priority is blank", "fill it in"),
    model(
        "segment_without_value",
        {"segment_column": "plan"},
        'segment_column is "plan" and segment_value is blank',
        "fill in both",
        "or neither",
    ),
    model(
        "segment_without_column",
        {"segment_value": "pro"},
        'segment_column is blank and segment_value is "pro"',
        "fill in both",
        "or neither",
    ),
    model(
        "segment_unknown",
        {"segment_column": "tier", "segment_value": "gold"},
        'segment_column is "tier"',
        "segment_columns",
        "use one of: plan, region",
    ),
    Case(
        "priority_shared",
        "score_models",
        {"score_model": "priority_shared", "status": "champion", "priority": "3"},
        ("priority is 3", 'in score model "priority_taken"', "different priorities"),
        (
            ("activity_weights", {"score_model": "priority_shared"}),
            ("activity_weights", {"score_model": "priority_taken"}),
            (
                "score_models",
                {
                    "score_model": "priority_taken",
                    "status": "champion",
                    "priority": "3",
                    "segment_column": "plan",
                    "segment_value": "pro",
                },
            ),
        ),
    ),
    Case(
        "priority_taken",
        "score_models",
        {"score_model": "priority_retired", "status": "retired", "priority": "3"},
        ("priority is 3", 'in score model "priority_shared"'),
        (("activity_weights", {"score_model": "priority_retired"}),),
        key="score_model=priority_taken",
    ),
    Case(
        "same_first_day",
        "score_models",
        {
            "score_model": "same_first_day",
            "status": "champion",
            "priority": "4",
            "valid_from": "2025-01-01",
        },
        ("valid_from is 2025-01-01", 'as in version "2"', "two versions would be in force"),
        (
            ("activity_weights", {"score_model": "same_first_day"}),
            ("activity_weights", {"score_model": "same_first_day", "version": "2"}),
            (
                "score_models",
                {
                    "score_model": "same_first_day",
                    "version": "2",
                    "priority": "4",
                    "status": "champion",
                    "valid_from": " 2025-01-01",
                },
            ),
        ),
        key="score_model=same_first_day, version=1",
    ),
    Case(
        "same_first_day_other",
        "score_models",
        {"score_model": "same_first_day_2", "version": "x", "priority": "5"},
        ('as in version "1"',),
        (("activity_weights", {"score_model": "same_first_day_2", "version": "x"}),),
        key="score_model=same_first_day, version=2",
    ),
    Case(
        "successor_withdrawn",
        "score_models",
        {"score_model": "successor_withdrawn", "status": "champion", "priority": "6"},
        ('the last version, "2", is retired', "not scored", "add a new version"),
        (
            ("activity_weights", {"score_model": "successor_withdrawn"}),
            ("activity_weights", {"score_model": "successor_withdrawn", "version": "2"}),
            (
                "score_models",
                {
                    "score_model": "successor_withdrawn",
                    "version": "2",
                    "priority": "6",
                    "status": "retired",
                    "valid_from": "2025-01-01",
                },
            ),
        ),
    ),
    Case(
        "model_twice",
        "score_models",
        {"score_model": "model_twice"},
        ("2 rows have the same score_model and version", "keep one"),
        (
            ("activity_weights", {"score_model": "model_twice"}),
            ("score_models", {"score_model": "model_twice", "priority": "8"}),
            # Joined to the model twice, its one band must not seem to overlap itself.
            ("score_bands", {"score_model": "model_twice", "lower_bound": "0"}),
        ),
    ),
    Case(
        "index_without_metrics",
        "score_models",
        {"score_model": "index_without_metrics", "formula": "index"},
        ("formula is index", "score_metrics has no row", "weighted_sum"),
    ),
    Case(
        "points_without_weights",
        "score_models",
        {"score_model": "points_without_weights", "formula": "metric_mean"},
        ("formula is metric_mean", "activity_weights has no row", "use index"),
    ),
    Case(
        "points_all_zero",
        "score_models",
        {"score_model": "points_all_zero", "formula": "weighted_mean"},
        ("formula is weighted_mean", "points other than 0"),
        (("activity_weights", {"score_model": "points_all_zero", "points": "0"}),),
    ),
    Case(
        "weights_all_zero",
        "score_models",
        {"score_model": "weights_all_zero", "formula": "index"},
        ("all its weights in score_metrics are 0", "above 0"),
        (
            ("score_metrics", {"score_model": "weights_all_zero", "weight": "0"}),
            (
                "score_metrics",
                {"score_model": "weights_all_zero", "weight": "0.0", "metric": "csat", "goal": "1"},
            ),
        ),
    ),
]
