"""Wrong rows of activity_types, activity_weights and survey_types."""

from __future__ import annotations

from collections.abc import Mapping

from wrong_rows.case import Case


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
]
