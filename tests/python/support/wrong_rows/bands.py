"""Wrong rows of score_bands and score_overrides."""

from __future__ import annotations

from collections.abc import Mapping

from wrong_rows.case import Case


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


LOW = [("Low", "0", "2")]


CASES = [
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
]
