"""Wrong rows of score_metrics."""

from __future__ import annotations

from collections.abc import Mapping

from right_rows import METRICS

from wrong_rows.case import Case


def metric(name: str, row: Mapping[str, str], *says: str) -> Case:
    """A metric of an index of its own, beside a metric that is right."""
    needs = (
        ("score_models", {"score_model": name, "formula": "index"}),
        ("score_metrics", {"score_model": name, "metric": "interaction_depth"}),
    )
    return Case(name, "score_metrics", {"score_model": name, **row}, says, needs)


CASES = [
    metric(
        "metric_unknown",
        {"metric": "recencydays"},
        'metric is "recencydays"',
        "use one of: " + ", ".join(METRICS),
    ),
    metric(
        "dimension_unknown",
        {"dimension": "social"},
        'dimension is "social"',
        "behavioural, attitudinal, transactional, advocacy",
    ),
    metric("weight_negative", {"weight": "-2"}, 'weight is "-2"', "at least 0"),
    metric("weight_in_percent", {"weight": "20%"}, 'weight is "20%"', "not a number"),
    metric("weight_blank", {"weight": ""}, "weight is blank", "metric=active_days"),
    metric(
        "scaling_unknown",
        {"scaling": "linear"},
        'scaling is "linear"',
        "goal, log_goal, saturation, percentile",
    ),
    metric(
        "percentile_to_goal",
        {"metric": "csat", "scaling": "percentile", "goal": "80"},
        "scaling is percentile",
        "lower is blank and goal is 80",
        "leave both blank",
        "goal, log_goal, saturation",
    ),
    metric(
        "percentile_from_lower",
        {"metric": "recency_days", "scaling": "percentile", "lower": "90", "goal": ""},
        "scaling is percentile",
        "lower is 90 and goal is blank",
        "leave both blank",
    ),
    metric("scaling_blank", {"scaling": ""}, "scaling is blank", "goal, log_goal, saturation"),
    metric(
        "missing_unknown",
        {"missing": "ignore"},
        'missing is "ignore"',
        "rescale, zero, neutral, require",
    ),
    metric(
        "goal_no_number", {"goal": "a lot"}, 'goal is "a lot"', "not a number", "or leave it blank"
    ),
    metric(
        "lower_is_goal", {"lower": "5", "goal": "5.0"}, "goal is 5.0", "must differ, by at least"
    ),
    metric(
        "log_reversed",
        {"scaling": "log_goal", "lower": "10", "goal": "5"},
        "scaling is log_goal",
        "goal is 5",
        "lower is 10",
        "above lower",
    ),
    metric(
        "log_of_nothing",
        {"scaling": "log_goal", "lower": "5", "goal": "5"},
        "scaling is log_goal",
        "goal is 5",
        "above lower",
    ),
    metric(
        "saturation_from_two",
        {"scaling": "saturation", "lower": "2", "goal": "5"},
        "scaling is saturation",
        "lower 0 or blank",
    ),
    metric(
        "saturation_to_zero",
        {"scaling": "saturation", "goal": "0"},
        "scaling is saturation",
        "a goal above 0",
    ),
    metric(
        "recency_upside_down",
        {"metric": "recency_days", "lower": "0", "goal": "90"},
        "goal is 90",
        "less recency_days is better",
        "below lower",
    ),
    metric(
        "recency_beyond_default",
        {"metric": "recency_days", "lower": "", "goal": "120"},
        "goal is 120 and lower is 90",
        "below lower",
    ),
    metric(
        "share_in_percent",
        {"metric": "csat", "dimension": "attitudinal", "goal": "80"},
        "goal is 80",
        "csat is measured as 0..1",
        "at most 1",
    ),
    metric(
        "sentiment_in_percent",
        {"metric": "sentiment", "dimension": "attitudinal", "lower": "", "goal": "40"},
        "lower is -1",
        "goal is 40",
        "sentiment is measured as -1..1",
        "at most 1",
    ),
    metric(
        "points_unweighted",
        {"metric": "decayed_points"},
        "weight is 1",
        "activity_weights has no row",
    ),
    Case(
        "metric_twice",
        "score_metrics",
        {"score_model": "metric_twice"},
        ("2 rows have the same score_model and version and metric",),
        (
            ("score_metrics", {"score_model": "metric_twice", "weight": "2"}),
            ("score_models", {"score_model": "metric_twice", "formula": "index"}),
        ),
    ),
    Case(
        "metric_without_model",
        "score_metrics",
        {"score_model": "metric_without_model"},
        ('a score model "metric_without_model"', "use one of: ", "engagement 1"),
    ),
]
