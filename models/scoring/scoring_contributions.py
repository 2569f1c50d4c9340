"""Why a score is what it is: its lines, for the last periods.

A second way to the same numbers, on purpose: scoring_scores reads one column for each metric and
writes the parameters into the arithmetic, here a metric is a row and its parameters are columns.
The lines add up to the raw score to 1e-9, which a test of engagement_contributions proves.
"""

import math
from typing import Any

import narwhals as nw

# The engine may add doubles in any order. Weights and points have fewer decimals than these, so
# that rounding gives their exact sum.
SUM_DECIMALS = 12

LINE = ["customer_id", "score_model", "version", "period_end"]
COLUMNS = [
    *LINE,
    "component",
    "dimension",
    "missing",
    "value",
    "scaled_value",
    "applied_weight",
    "contribution",
]


def scaled_value() -> nw.Expr:
    """The value between `lower` and `goal` on 0 to 100, by the row's own `scaling`."""
    distance = nw.col("value") - nw.col("lower")
    reach = nw.col("goal") - nw.col("lower")
    by_goal = distance / reach * 100.0
    # Where the scaling is another one, 1 stands in: the engine evaluates every branch.
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
    return nw.when(~nw.col("value").is_null()).then(chosen.clip(0.0, 100.0))


def index_lines(values: nw.LazyFrame, parameters: nw.LazyFrame) -> nw.LazyFrame:
    """One line per metric that is weighed and recorded: applied weight x scaled value.

    `values` has one row per customer, score model, version, period_end and metric. The applied
    weights of a customer add up to 1: a metric without a value has none under `rescale`, and its
    own under `zero` and `neutral`, which put 0 or 50 in its place.
    """
    is_missing = nw.col("value").is_null()
    policy = nw.col("missing")
    counted = (
        values.join(parameters, on=["score_model", "version", "metric"], how="inner")
        .filter(nw.col("period_end") >= nw.col("available_from"))
        .with_columns(
            scaled_value=nw.when(~is_missing)
            .then(scaled_value())
            .otherwise(
                nw.when(policy == "zero")
                .then(nw.lit(0.0))
                .otherwise(nw.when(policy == "neutral").then(nw.lit(50.0)))
            )
        )
        .with_columns(
            counted_weight=nw.when(~nw.col("scaled_value").is_null())
            .then(nw.col("weight"))
            .otherwise(0.0)
        )
    )
    totals = counted.group_by(*LINE).agg(
        total_weight=nw.col("counted_weight").sum().round(SUM_DECIMALS)
    )
    return (
        counted.join(totals, on=LINE, how="inner")
        .filter(nw.col("total_weight") > 0.0)
        .with_columns(applied_weight=nw.col("counted_weight") / nw.col("total_weight"))
        .with_columns(
            component=nw.col("metric"),
            contribution=nw.col("applied_weight") * nw.col("scaled_value").fill_null(0.0),
        )
        .select(*COLUMNS)
    )


def activity_lines(
    activities: nw.LazyFrame, score_models: nw.LazyFrame, weights: nw.LazyFrame
) -> nw.LazyFrame:
    """One line per activity of a points formula: its points, by the formula's divisor.

    Where negative points would take away over .8 of the positive ones, each takes its part of that.
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
    gains = nw.when(nw.col("points") > 0).then(nw.col("points")).otherwise(0.0)
    losses = nw.when(nw.col("points") < 0).then(-nw.col("points")).otherwise(0.0)
    totals = (
        activities.with_columns(gain=gains, loss=losses)
        .group_by(*LINE)
        .agg(
            gain=nw.col("gain").sum().round(SUM_DECIMALS),
            loss=nw.col("loss").sum().round(SUM_DECIMALS),
        )
        .with_columns(limit=nw.col("gain") * 0.8)
        .with_columns(
            loss_share=nw.when(nw.col("loss") > nw.col("limit"))
            .then(nw.col("limit") / nw.col("loss"))
            .otherwise(nw.lit(1.0))
        )
        .select(*LINE, "loss_share")
    )
    counted = (
        nw.when(nw.col("points") < 0)
        .then(nw.col("points") * nw.col("loss_share"))
        .otherwise(nw.col("points"))
    )
    return (
        activities.join(totals, on=LINE, how="inner")
        .join(divisors, on=["score_model", "version"], how="inner")
        .with_columns(
            component=nw.col("activity_type"),
            dimension=nw.lit("activity"),
            missing=nw.lit(None, dtype=nw.String),
            scaled_value=nw.lit(None, dtype=nw.Float64),
            applied_weight=nw.col("points_each").cast(nw.Float64) / nw.col("divisor"),
            contribution=counted / nw.col("divisor"),
        )
        .select(*COLUMNS)
    )


def model(dbt: Any, session: Any) -> Any:
    """Grain: customer, score model, version, period_end (the last `detail_periods`), component."""
    values, parameters, activities, score_models, weights = (
        nw.from_native(relation).lazy()
        for relation in (
            dbt.ref("int_metric_values"),
            dbt.ref("scoring_parameters"),
            dbt.ref("int_activity_points"),
            dbt.ref("config_score_models"),
            dbt.ref("config_activity_weights"),
        )
    )
    return nw.concat(
        [index_lines(values, parameters), activity_lines(activities, score_models, weights)],
        how="vertical",
    ).to_native()
