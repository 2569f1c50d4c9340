"""Why a score is what it is: its lines, for the last periods.

A second way to the same numbers, on purpose: scoring_engagement__scores reads one column for each
metric and writes the parameters into the arithmetic, here a metric is a row and its parameters are
columns.
The lines of metrics and activities add up to the raw score, those of `override` and `cap` lead
from there to the score, to 1e-9; a test of engagement_contributions proves both.
"""

import math
from typing import Any

import narwhals as nw

# The engine may add doubles in any order. Weights and points have fewer decimals than these, so
# that rounding gives their exact sum; what has more is added as decimals.
SUM_DECIMALS = 12
EXACT = nw.Decimal(38, 16)
# Two values closer than this are the same.
VALUE_DECIMALS = 9
# The noise that two ways to one number may leave; no line is made of it.
NOISE = 1e-9

LINE = ["customer_id", "score_model", "version", "period_end"]
COLUMNS = [
    *LINE,
    "component",
    "dimension",
    "missing",
    "value",
    "counted_value",
    "scaled_value",
    "applied_weight",
    "contribution",
]


def scaled_value() -> nw.Expr:
    """The value between `lower` and `goal` on 0 to 100, by the row's own `scaling`, if absolute."""
    distance = nw.col("value") - nw.col("lower")
    reach = nw.col("goal") - nw.col("lower")
    by_goal = distance / reach * 100.0
    # Where the scaling is another one, 1 is used instead: the engine evaluates every branch.
    is_log = nw.col("scaling") == "log_goal"
    log_reach = nw.when(is_log).then(reach).otherwise(1.0)
    log_distance = nw.when(is_log & (distance > 0.0)).then(distance).otherwise(0.0)
    by_log = (log_distance + 1.0).log() / (log_reach + 1.0).log() * 100.0
    by_saturation = (
        nw.lit(1.0) - (nw.col("value") / nw.col("goal") * -math.log(20.0)).exp()
    ) * 100.0
    chosen = (
        nw.when(is_log)
        .then(by_log)
        .otherwise(
            nw.when(nw.col("scaling") == "saturation").then(by_saturation).otherwise(by_goal)
        )
    )
    return chosen.clip(0.0, 100.0)


def share_behind() -> nw.Expr:
    """Which share of the others with a value of this metric in this period is behind."""
    among = ["score_model", "version", "metric", "period_end"]
    # Equal values that were added up differently are equal.
    value = nw.col("value").round(VALUE_DECIMALS)
    value = nw.when(nw.col("direction") == "down").then(-value).otherwise(value)
    others = nw.col("value").count().over(*among) - 1
    behind = value.rank(method="min").over(*among) - 1
    return nw.when(others > 0).then(behind / others).otherwise(nw.lit(0.0))


def weighed_metrics(
    values: nw.LazyFrame, parameters: nw.LazyFrame, availability: nw.LazyFrame, scaled: nw.Expr
) -> nw.LazyFrame:
    """The values of metrics that are weighed and on, with their parameters and `scaled_value`."""
    is_missing = nw.col("value").is_null()
    policy = nw.col("missing")
    return (
        values.join(
            parameters.join(availability, on=["window_periods", "metric"], how="inner"),
            on=["score_model", "version", "metric"],
            how="inner",
        )
        .filter(
            (nw.col("period_end") >= nw.col("available_from"))
            & (nw.col("period_end") <= nw.col("available_until"))
        )
        .with_columns(
            scaled_value=nw.when(~is_missing)
            .then(scaled)
            .otherwise(
                nw.when(policy == "zero")
                .then(nw.lit(0.0))
                .otherwise(nw.when(policy == "neutral").then(nw.lit(50.0)))
            )
        )
    )


def index_lines(
    values: nw.LazyFrame,
    parameters: nw.LazyFrame,
    availability: nw.LazyFrame,
    overrides: nw.LazyFrame | None = None,
) -> nw.LazyFrame:
    """One line per metric that is weighed and that anybody has in the period.

    `values` has one row per customer, score model, version, period_end and metric; with
    `overrides`, the lines are those of the scores that somebody has set by hand. The applied
    weights w of a customer add up to 1: a metric without a value has none under `rescale`, and its
    own under `zero` and `neutral`, which put 0 or 50 in its place.

    Of an arithmetic mean of scaled values s a line is w s. Of a geometric one it is the part of
    score = exp(sum of w ln(1 + s)) - 1 in proportion to w ln(1 + s): the logarithmic mean Divisia
    index (Ang 2005, Energy Policy 33), exact and without a rest, measured from a customer with 0
    everywhere.
    """
    is_percentile = nw.col("scaling") == "percentile"
    absolute, relative = parameters.filter(~is_percentile), parameters.filter(is_percentile)
    scaled = [
        weighed_metrics(overridden(values, overrides), absolute, availability, scaled_value())
    ]
    # Ranking sorts all values, and would do so for the other scalings too.
    if has_rows(relative):
        ranked = weighed_metrics(values, relative, availability, share_behind() * 100.0)
        scaled.append(overridden(ranked, overrides))
    is_geometric = nw.col("aggregation") == "geometric"
    counted = (
        nw.concat(scaled, how="vertical")
        .with_columns(
            counted_weight=nw.when(~nw.col("scaled_value").is_null())
            .then(nw.col("weight"))
            .otherwise(0.0),
            log_value=nw.when(is_geometric)
            .then((nw.col("scaled_value").fill_null(0.0) + 1.0).log())
            .otherwise(0.0),
        )
        .with_columns(weighed_log=nw.col("counted_weight") * nw.col("log_value"))
        # Over the rows themselves: sums apart, joined with them, would make all of this twice.
        .with_columns(
            total_weight=nw.col("counted_weight").sum().over(*LINE).round(SUM_DECIMALS),
            total_log=nw.col("weighed_log")
            .cast(EXACT)
            .sum()
            .over(*LINE)
            .cast(nw.Float64)
            .round(SUM_DECIMALS),
        )
    )
    # The whole of a geometric score for each unit of w ln(1 + s); nothing to share out at 0.
    by_unit = (
        nw.when(nw.col("total_log") > 0.0)
        .then(
            ((nw.col("total_log") / nw.col("total_weight")).exp() - 1.0)
            / nw.col("total_log")
            * nw.col("total_weight")
        )
        .otherwise(nw.lit(0.0))
    )
    return (
        counted.filter(nw.col("total_weight") > 0.0)
        .with_columns(applied_weight=nw.col("counted_weight") / nw.col("total_weight"))
        .with_columns(
            component=nw.col("metric"),
            counted_value=nw.lit(None, dtype=nw.Float64),
            contribution=nw.when(is_geometric)
            .then(nw.col("applied_weight") * nw.col("log_value") * by_unit)
            .otherwise(nw.col("applied_weight") * nw.col("scaled_value").fill_null(0.0)),
        )
        .select(*COLUMNS)
    )


def activity_lines(
    activities: nw.LazyFrame, score_models: nw.LazyFrame, weights: nw.LazyFrame
) -> nw.LazyFrame:
    """One line per activity of a points formula, and one for the limit of negative points.

    A line holds its points, capped per day and decayed, by the formula's divisor. Where negative
    points would take away over .8 of the positive ones, `negative_limit` gives the excess back.
    """
    sizes = (
        weights.filter(nw.col("points") != 0)
        .with_columns(size=nw.col("points").cast(nw.Float64).abs())
        .group_by("score_model", "version")
        .agg(activities=nw.len(), total_size=nw.col("size").sum())
    )
    divisors = score_models.join(sizes, on=["score_model", "version"], how="inner").select(
        "score_model",
        "version",
        divisor=nw.when(nw.col("formula") == "metric_mean")
        .then(nw.col("activities").cast(nw.Float64))
        .otherwise(
            nw.when(nw.col("formula") == "weighted_mean")
            .then(nw.col("total_size"))
            .otherwise(nw.lit(1.0))
        ),
    )
    counted = activities.join(divisors, on=["score_model", "version"], how="inner")
    own_lines = counted.with_columns(
        component=nw.col("activity_type"),
        dimension=nw.lit("activity"),
        applied_weight=nw.col("points_each").cast(nw.Float64) / nw.col("divisor"),
        contribution=nw.col("points") / nw.col("divisor"),
        **without("missing", "scaled_value"),
    ).select(*COLUMNS)
    limit_lines = (
        counted.with_columns(
            gain=nw.when(nw.col("points") > 0).then(nw.col("points")).otherwise(0.0),
            loss=nw.when(nw.col("points") < 0).then(-nw.col("points")).otherwise(0.0),
        )
        .group_by(*LINE, "divisor")
        .agg(
            gain=nw.col("gain").sum().round(SUM_DECIMALS),
            loss=nw.col("loss").sum().round(SUM_DECIMALS),
        )
        .with_columns(excess=nw.col("loss") - nw.col("gain") * 0.8)
        .filter(nw.col("excess") > NOISE)
        .with_columns(
            component=nw.lit("negative_limit"),
            dimension=nw.lit("activity"),
            contribution=nw.col("excess") / nw.col("divisor"),
            **without("missing", "value", "counted_value", "scaled_value", "applied_weight"),
        )
        .select(*COLUMNS)
    )
    return nw.concat([own_lines, limit_lines], how="vertical")


def adjustment_lines(
    lines: nw.LazyFrame, overrides: nw.LazyFrame, score_models: nw.LazyFrame
) -> nw.LazyFrame:
    """The lines from raw score to score, where somebody has set a score by hand.

    `lines` are the others of at least these scores.

    `override` is what it differs from the raw score (from 0 where there is none), `cap` what an
    index loses beyond 0..100; a line of nothing is left out.
    """
    raw_scores = lines.group_by(*LINE).agg(
        raw_score=nw.col("contribution").cast(EXACT).sum().cast(nw.Float64).round(SUM_DECIMALS)
    )
    set_by_hand = (
        overrides.join(
            score_models.select("score_model", "version", "formula", "valid_from", "valid_until"),
            on="score_model",
            how="inner",
        )
        .filter(
            (nw.col("valid_from").is_null() | (nw.col("period_end") >= nw.col("valid_from")))
            & (nw.col("valid_until").is_null() | (nw.col("period_end") < nw.col("valid_until")))
        )
        .join(raw_scores, on=LINE, how="left")
        .with_columns(
            override=nw.col("override_score") - nw.col("raw_score").fill_null(0.0),
            cap=nw.when(nw.col("formula") == "index")
            .then(nw.col("override_score").clip(0.0, 100.0) - nw.col("override_score"))
            .otherwise(nw.lit(0.0)),
        )
    )
    return nw.concat(
        [
            set_by_hand.filter(nw.col(component).abs() > NOISE)
            .with_columns(
                component=nw.lit(component),
                dimension=nw.lit("adjustment"),
                contribution=nw.col(component),
                **without("missing", "value", "counted_value", "scaled_value", "applied_weight"),
            )
            .select(*COLUMNS)
            for component in ("override", "cap")
        ],
        how="vertical",
    )


def overridden(frame: nw.LazyFrame, overrides: nw.LazyFrame | None) -> nw.LazyFrame:
    """The rows of the scores that somebody has set by hand; all without `overrides`."""
    if overrides is None:
        return frame
    return frame.join(overrides, on=["customer_id", "score_model", "period_end"], how="semi")


def has_rows(frame: nw.LazyFrame) -> bool:
    """Whether there are any: what is made of none costs the engine as much as what is not."""
    return bool(frame.select(rows=nw.len()).collect(backend="pyarrow").item() > 0)


def without(*columns: str) -> dict[str, nw.Expr]:
    """Columns that mean nothing for a kind of line."""
    types = {"missing": nw.String}
    return {column: nw.lit(None, dtype=types.get(column, nw.Float64)) for column in columns}


def model(dbt: Any, session: Any) -> Any:
    """Grain: customer, score model, version, period_end (the last `detail_periods`), component."""
    values, parameters, availability, activities, overrides, score_models, weights = (
        nw.from_native(relation).lazy()
        for relation in (
            dbt.ref("int_engagement__metric_values"),
            dbt.ref("scoring_engagement__parameters"),
            dbt.ref("int_engagement__metric_availability"),
            dbt.ref("int_engagement__activity_points"),
            dbt.ref("int_engagement__score_overrides"),
            dbt.ref("config_engagement__score_models"),
            dbt.ref("config_engagement__activity_weights"),
        )
    )
    parameters = parameters.drop("available_from")
    detailed = overrides.filter(nw.col("is_detailed"))
    has_points = has_rows(activities)

    def raw_lines(overrides: nw.LazyFrame | None = None) -> list[nw.LazyFrame]:
        lines = [index_lines(values, parameters, availability, overrides)]
        if has_points:
            lines.append(activity_lines(overridden(activities, overrides), score_models, weights))
        return lines

    lines = raw_lines()
    if has_rows(detailed):
        by_hand = nw.concat(raw_lines(detailed), how="vertical")
        lines.append(adjustment_lines(by_hand, detailed, score_models))
    return nw.concat(lines, how="vertical").to_native()
