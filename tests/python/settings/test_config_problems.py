"""Wrong settings stop the run with a list that names seed, row, problem and what is accepted.

The wrong rows stand together in one run, each in a score model, activity or survey of its own:
every message is looked up there, and none may appear that no case expects.

A run takes about two seconds, of which most is dbt's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from dbt_project import Project, Run, copy_project
from right_rows import CONFIG, METRICS, SEEDS, SELECT_CONFIG, right_row


@dataclass(frozen=True)
class Case:
    """A wrong row (where it differs from a right one), the rows it needs, what must be said."""

    name: str
    seed: str
    row: Mapping[str, str]
    says: tuple[str, ...]
    with_rows: tuple[tuple[str, Mapping[str, str]], ...] = ()
    key: str | None = None


def activity(name: str, row: Mapping[str, str], *says: str) -> Case:
    return Case(name, "activity_types", {"activity_type": name, **row}, says)


def weight(name: str, row: Mapping[str, str], *says: str) -> Case:
    """A weight in a score model of its own, with a window of 91 days."""
    needs = (("score_models", {"score_model": name}),)
    row = {"score_model": name, **row}
    right = ("activity_weights", {"score_model": name, "activity_type": "store_visit"})
    return Case(name, "activity_weights", row, says, (*needs, right))


def survey(name: str, row: Mapping[str, str], *says: str) -> Case:
    return Case(name, "survey_types", {"survey_type": name, **row}, says)


def model(name: str, row: Mapping[str, str], *says: str) -> Case:
    weights = ("activity_weights", {"score_model": name})
    return Case(name, "score_models", {"score_model": name, **row}, says, (weights,))


def metric(name: str, row: Mapping[str, str], *says: str) -> Case:
    """A metric of an index of its own, beside a metric that is right."""
    needs = (
        ("score_models", {"score_model": name, "formula": "index"}),
        ("score_metrics", {"score_model": name, "metric": "interaction_depth"}),
    )
    return Case(name, "score_metrics", {"score_model": name, **row}, says, needs)


def bands(
    name: str, wrong: Mapping[str, str], right: list[tuple[str, str, str]], *says: str
) -> Case:
    """A band of an index of its own, beside bands (name, bound, margin) that are right."""
    needs = (
        ("score_models", {"score_model": name, "formula": "index"}),
        ("score_metrics", {"score_model": name}),
        *(
            (
                "score_bands",
                {"score_model": name, "band": b, "lower_bound": bound, "settle_margin": m},
            )
            for b, bound, m in right
        ),
    )
    return Case(name, "score_bands", {"score_model": name, **wrong}, says, needs)


def override(
    name: str, row: Mapping[str, str], *says: str, others: tuple[Mapping[str, str], ...] = ()
) -> Case:
    """An override of a customer of its own, beside others of the same customer."""
    customer = {"customer_id": name}
    beside = tuple(("score_overrides", {**customer, **other}) for other in others)
    return Case(name, "score_overrides", {**customer, **row}, says, beside, key=name)


def event(name: str, row: Mapping[str, str], *says: str) -> Case:
    """An event with a note of its own."""
    return Case(name, "external_events", {"note": name, **row}, says, key=name)


def badge(name: str, row: Mapping[str, str], *says: str) -> Case:
    return Case(name, "badge_rules", {"badge": name, **row}, says, key=name)


def target(name: str, row: Mapping[str, str], *says: str, **more: str) -> Case:
    """A target of a segment of its own, unless the row says otherwise."""
    row = {"segment_column": "plan", "segment_value": name, **row}
    return Case(name, "kpi_targets", row, says, key=more.get("key", name))


LOW = [("Low", "0", "2")]

CASES = [
    # activity_types
    activity(
        "touchpoint_misspelt",
        {"touchpoint": "wb"},
        'touchpoint is "wb"',
        "web, app, email, social, support, purchase, offline",
    ),
    activity(
        "role_unknown",
        {"role": "clicking"},
        'role is "clicking"',
        "engagement, exposure, conversion, purchase, refund, renewal, "
        "cancellation, referral, follow_up",
    ),
    activity(
        "role_blank", {"role": " "}, "role is blank", "touchpoint=web", "use one of: engagement"
    ),
    activity(
        "value_basis_unknown",
        {"value_basis": "money"},
        'value_basis is "money"',
        "count, duration_seconds, amount, quantity",
        "leave it blank",
    ),
    activity(
        "exposed_by_unlisted",
        {"exposed_by": "letter_sent"},
        'exposed_by is "letter_sent"',
        "use one of: ",
        "email_sent",
    ),
    activity(
        "exposed_by_no_exposure",
        {"exposed_by": "website_visit"},
        'exposed_by is "website_visit"',
        "of role exposure",
        "email_sent",
    ),
    activity(
        "exposed_exposure",
        {"role": "exposure", "exposed_by": "email_sent"},
        'exposed_by is "email_sent"',
        "an exposure itself",
        "leave exposed_by blank",
    ),
    activity(
        "journey_stage_unknown",
        {"journey_stage": "lovers' lane"},
        'journey_stage is "lovers\' lane"',
        "which the variable journey_stages does not name",
        "awareness, consideration, activation, adoption, purchase, retention, advocacy",
        "leave it blank",
    ),
    Case(
        "activity_twice",
        "activity_types",
        {"activity_type": "activity_twice"},
        ("2 rows have the same activity_type", "keep one"),
        (("activity_types", {"activity_type": " activity_twice ", "touchpoint": "app"}),),
    ),
    Case(
        "activity_blank",
        "activity_types",
        {"activity_type": "", "touchpoint": "offline"},
        ("activity_type is blank", "touchpoint=offline", "fill it in"),
        key="activity_type=(blank)",
    ),
    # activity_weights
    weight("points_no_number", {"points": "five"}, 'points is "five"', "not a number"),
    weight("points_infinite", {"points": "inf"}, 'points is "inf"', "not a number"),
    weight(
        "points_blank", {"points": ""}, "points is blank", "activity_type=purchase", "fill it in"
    ),
    weight(
        "cap_negative", {"daily_cap": "-1"}, 'daily_cap is "-1"', "at least 0", "leave it blank"
    ),
    weight("cap_no_number", {"daily_cap": "1,000"}, 'daily_cap is "1,000"', "not a number"),
    weight(
        "half_life_zero", {"half_life_days": "0"}, 'half_life_days is "0"', "least 0.1", "blank"
    ),
    weight(
        "half_life_too_long",
        {"half_life_days": "27.40"},
        "half_life_days is 27.40",
        "window_days 91",
        "at most 27.39",
    ),
    weight(
        "weight_unlisted_activity",
        {"activity_type": "skydive"},
        'activity_type is "skydive"',
        "not in activity_types",
        "website_visit",
        "add it there",
    ),
    Case(
        "weight_twice",
        "activity_weights",
        {"score_model": "weight_twice"},
        ("2 rows have the same score_model and version and activity_type",),
        (
            ("activity_weights", {"score_model": "weight_twice", "points": "2"}),
            ("score_models", {"score_model": "weight_twice"}),
        ),
    ),
    Case(
        "weight_without_model",
        "activity_weights",
        {"score_model": "weight_without_model"},
        ('no version "1" of a score model "weight_without_model"', "use one of: ", "engagement 1"),
    ),
    Case(
        "weight_of_other_version",
        "activity_weights",
        {"score_model": "engagement", "version": "7"},
        ('no version "7" of a score model "engagement"', "engagement 1"),
        key="score_model=engagement, version=7",
    ),
    # survey_types
    survey(
        "survey_of_no_attitude",
        {"metric": "churn"},
        'metric is "churn"',
        "csat, nps, loyalty, brand_perception, brand_affinity, purchase_intent, support_quality",
    ),
    # Comments make it, of whichever survey.
    survey("survey_of_sentiment", {"metric": "sentiment"}, 'metric is "sentiment"', "csat, nps"),
    survey(
        "scale_reversed",
        {"scale_min": "5", "scale_max": "1"},
        "scale_min is 5 and scale_max is 1",
        "must be below",
    ),
    survey("scale_no_number", {"scale_max": "many"}, 'scale_max is "many"', "not a number"),
    survey("nps_of_five", {"metric": "nps"}, "1 to 5", "must be 0 to 10"),
    survey("valid_days_zero", {"valid_days": "0"}, 'valid_days is "0"', "at least 1"),
    survey("valid_days_half", {"valid_days": "7.5"}, 'valid_days is "7.5"', "not a whole number"),
    # score_models
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
    # score_metrics
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
    # score_bands
    bands("bound_no_number", {"lower_bound": "high"}, LOW, 'lower_bound is "high"', "not a number"),
    bands("margin_negative", {"settle_margin": "-1"}, LOW, 'settle_margin is "-1"', "at least 0"),
    bands(
        "lowest_above_zero",
        {"lower_bound": "10"},
        [("High", "60", "2")],
        "lower_bound is 10",
        "must start at 0",
    ),
    Case(
        "points_bands_above_zero",
        "score_bands",
        {"score_model": "points_bands_above_zero", "lower_bound": "120"},
        ("lower_bound is 120", "must start at 0"),
        (
            ("score_models", {"score_model": "points_bands_above_zero"}),
            ("activity_weights", {"score_model": "points_bands_above_zero"}),
        ),
    ),
    bands("bound_over_hundred", {"lower_bound": "101"}, LOW, "lower_bound is 101", "0 to 100"),
    bands(
        "bands_overlap",
        {"band": "Other", "lower_bound": "0.0", "settle_margin": "2"},
        LOW,
        "the two bands overlap",
    ),
    bands(
        "switches_cross",
        {"lower_bound": "62", "settle_margin": "2"},
        [*LOW, ("Moderate", "60", "2")],
        'band "Moderate"',
        "switch points cross",
    ),
    bands(
        "never_left",
        {"lower_bound": "5", "settle_margin": "5"},
        LOW,
        'band "Low"',
        "switch points cross",
        "smaller margins",
    ),
    bands(
        "never_settled",
        {"lower_bound": "99", "settle_margin": "2"},
        LOW,
        "over 100",
        "smaller margin",
    ),
    Case(
        "band_twice",
        "score_bands",
        {"score_model": "band_twice", "band": "Low"},
        ("2 rows have the same score_model and version and band",),
        (
            ("score_bands", {"score_model": "band_twice", "band": "Low", "lower_bound": "0"}),
            ("score_metrics", {"score_model": "band_twice"}),
            ("score_models", {"score_model": "band_twice", "formula": "index"}),
        ),
    ),
    Case(
        "band_without_model",
        "score_bands",
        {"score_model": "band_without_model", "lower_bound": "0"},
        ('a score model "band_without_model"', "engagement 1"),
    ),
    # score_overrides
    Case(
        "override_of_nobody",
        "score_overrides",
        {"customer_id": "", "author": "override_of_nobody"},
        ("customer_id is blank", "author=override_of_nobody", "fill it in"),
        key="customer_id=(blank)",
    ),
    override(
        "override_of_no_model",
        {"score_model": "loyal"},
        'score_model is "loyal"',
        "use one of: ",
        ", engagement, ",
    ),
    override("override_to_high", {"score": "high"}, 'score is "high"', "not a number"),
    override("override_to_blank", {"score": ""}, "score is blank", "fill it in"),
    override("override_unreasoned", {"reason": " "}, "reason is blank", "author=kim", "fill it in"),
    override("override_by_nobody", {"author": ""}, "author is blank", "fill it in"),
    override("override_since_ever", {"valid_from": ""}, "valid_from is blank", "fill it in"),
    override("override_for_ever", {"valid_to": ""}, "valid_to is blank", "fill it in"),
    override(
        "override_no_date",
        {"valid_from": "1 May 2025"},
        'valid_from is "1 May 2025"',
        "not a date",
        "YYYY-MM-DD",
    ),
    override(
        "override_to_no_date", {"valid_to": "2025-02-30"}, 'valid_to is "2025-02-30"', "not a date"
    ),
    override(
        "override_backwards",
        {"valid_from": "2025-03-01", "valid_to": "2025-02-28"},
        "valid_to is 2025-02-28, before valid_from 2025-03-01",
        "valid_from or later",
    ),
    override(
        "override_overlaps",
        {"valid_from": "2025-03-31", "valid_to": "2025-04-30"},
        "its days overlap",
        "from 2025-01-01 to 2025-03-31",
        "keep one of them",
        others=({},),
    ),
    override(
        "override_twice",
        {},
        "2 rows have the same customer_id and score_model and valid_from",
        "keep one",
        others=({"score": "10"},),
    ),
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


# As far as each rule lets one go: no message may name any of these.
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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("config") / "project", CONFIG)


@pytest.fixture(scope="module")
def as_shipped(project: Project) -> dict[str, list[dict[str, str]]]:
    return {seed: project.seed_rows(seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def clean_run(project: Project, as_shipped: dict) -> Run:
    return project.dbt("build", *SELECT_CONFIG)


@dataclass(frozen=True)
class Wrong:
    run: Run
    problems: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def wrong(project: Project, as_shipped: dict, clean_run: Run) -> Wrong:
    """One run over the shipped seeds, with every wrong row added and those that are just right."""
    rows = {seed: list(as_shipped[seed]) for seed in SEEDS}
    for case in CASES:
        for seed, row in [(case.seed, case.row), *case.with_rows]:
            rows[seed].append(right_row(seed, row))
    for seed, row in JUST_RIGHT:
        rows[seed].append(right_row(seed, row))
    for seed in SEEDS:
        project.write_seed(seed, rows[seed])
    variables = {"segment_columns": ["plan", "region"], "min_exposure_days": 14}
    run = project.dbt("build", *SELECT_CONFIG, variables=variables)
    problems = project.query("select seed, row_key, problem from config_engagement__problems")
    for seed in SEEDS:
        project.write_seed(seed, as_shipped[seed])
    return Wrong(run, problems)


def key_of(case: Case) -> str:
    return case.key or case.row.get("score_model") or case.name


def is_of(case: Case, problem: tuple[str, str, str]) -> bool:
    seed, row_key, text = problem
    values = row_key.replace("=", ", ").split(", ")
    named = key_of(case) in values or f"{row_key}, ".startswith(f"{key_of(case)}, ")
    return seed == case.seed and named and all(part in text for part in case.says)


def test_the_shipped_settings_pass(project: Project, clean_run: Run) -> None:
    assert clean_run.success, clean_run.messages
    built = [name for name, status in clean_run.statuses.items() if status == "success"]
    assert {f"config_engagement__{seed}" for seed in SEEDS} <= set(built)


def test_the_wrong_rows_are_many_and_of_every_seed() -> None:
    assert len(CASES) >= 95
    assert {case.seed for case in CASES} == set(SEEDS)
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_row_is_named_with_what_is_accepted(wrong: Wrong, case: Case) -> None:
    found = [problem for problem in wrong.problems if is_of(case, problem)]
    assert len(found) == 1, [p for p in wrong.problems if key_of(case) in p[1]]


def test_no_right_row_is_reported(wrong: Wrong) -> None:
    unexpected = [p for p in wrong.problems if not any(is_of(case, p) for case in CASES)]
    assert unexpected == []


def test_a_wrong_row_stops_the_run_with_a_readable_list(wrong: Wrong) -> None:
    message = wrong.run.messages["config_engagement__problems"]
    assert not wrong.run.success
    assert f"The configuration seeds have {len(wrong.problems)} problems" in message
    assert "nothing was scored" in message
    listed = [f"- {seed} [{key}]: {text}" for seed, key, text in sorted(wrong.problems)][:40]
    assert [line.strip() for line in message.splitlines() if " - " in line] == listed
    assert f"... and {len(wrong.problems) - 40} more: select * from " in message


def test_nothing_downstream_of_a_wrong_row_is_built(project: Project, wrong: Wrong) -> None:
    assert {wrong.run.statuses[f"config_engagement__{seed}"] for seed in SEEDS} == {"skipped"}
    # The tables of the last good run stay as they were.
    assert project.query("select count(*) from config_engagement__score_models") == [(1,)]


@pytest.fixture
def restored(project: Project, as_shipped: dict) -> Iterator[Project]:
    """The shipped seeds, whatever the test makes of them."""
    yield project
    for seed in SEEDS:
        project.write_seed(seed, as_shipped[seed])


def test_without_a_champion_and_under_months(restored: Project, as_shipped: dict) -> None:
    restored.write_seed("score_models", [{**as_shipped["score_models"][0], "status": "challenger"}])
    run = restored.dbt("build", *SELECT_CONFIG, variables={"scoring_grain": "month"})
    message = run.messages["config_engagement__problems"]
    assert not run.success
    assert "The configuration seeds have 2 problems" in message
    assert "score_models [(all rows)]: no row has status champion" in message
    assert "window_days is 91" in message and "under scoring_grain month" in message
    assert "must be a multiple of 30" in message


def test_wrong_columns_stop_the_run(restored: Project, as_shipped: dict) -> None:
    renamed = [
        {"model" if c == "score_model" else c: v for c, v in row.items()}
        for row in as_shipped["score_bands"]
    ]
    restored.write_seed("score_bands", renamed)
    run = restored.dbt("build", *SELECT_CONFIG)
    message = run.messages["config_engagement__problems"]
    assert not run.success
    assert "The seed score_bands has the wrong columns" in message
    assert 'the column "score_model" is missing; the column "model" is not known' in message
    assert "score_model, version, band, lower_bound, settle_margin, action, reason" in message
    assert "may be left out: settle_margin, action, reason" in message
    assert run.statuses["config_engagement__score_bands"] == "skipped"


def test_a_replaced_seed_may_lack_optional_columns_and_have_other_types(
    tmp_path: Path, as_shipped: dict
) -> None:
    """A package user's own seeds: no YAML, so types are inferred, and only what they need."""
    project = copy_project(tmp_path / "project", CONFIG)
    for seed in SEEDS:
        (project.folder / f"seeds/config/{seed}.yml").unlink()
    optional = {
        "activity_types": {"exposed_by", "journey_stage", "value_basis"},
        "activity_weights": {"daily_cap", "half_life_days", "reason"},
        "score_models": {"valid_from", "aggregation", "segment_column", "segment_value"},
        "score_metrics": {"lower", "missing", "reason"},
        "score_bands": {"settle_margin", "action"},
        "kpi_targets": {"segment_column", "segment_value", "period_grain"},
    }
    as_shipped = {**as_shipped, "kpi_targets": [right_row("kpi_targets", {})]}
    for seed, columns in optional.items():
        rows = [{c: v for c, v in row.items() if c not in columns} for row in as_shipped[seed]]
        project.write_seed(seed, rows)
    run = project.dbt("build", *SELECT_CONFIG)
    assert run.success, run.messages
    assert project.query("select version, aggregation from config_engagement__score_models") == [
        ("1", "arithmetic")
    ]
    assert project.query(
        "select distinct settle_margin, action from config_engagement__score_bands"
    ) == [(0, None)]
    assert project.query(
        "select lower, missing from config_engagement__score_metrics where metric = 'recency_days'"
    ) == [(90, "rescale")]
