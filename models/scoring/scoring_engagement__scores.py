"""The score of every customer, score model and period: scale, weigh, judge, band.

Everything here builds lazy narwhals expressions out of a few rows of configuration; the engine
evaluates them, and no customer's row ever enters Python.

The step `now` is the score; the others are the steps from the score of the period before to it, of
which engagement_score_changes reads the raw score alone. All are one statement, so that a change is
explained by the very arithmetic that scores.
"""

import datetime as dt
import functools
import math
import operator
from typing import Any

import narwhals as nw

# A row of configuration, and several.
Row = dict[str, Any]
Rows = list[Row]

# Under this lies the noise of floating point: an exact 80 must not read 79.99999999999999.
SCORE_DECIMALS = 10

KEYS = ["customer_id", "score_model", "version", "period_index", "period_end", "step"]


def scale(value: nw.Expr, parameter: Row) -> nw.Expr:
    """A metric on the scale 0 to 100; NULL stays NULL.

    goal: linear, 0 at `lower` and 100 at `goal` (lower > goal reverses); log_goal:
    100 ln(1 + x - lower) / ln(1 + goal - lower); saturation: 100 (1 - 20^(-x / goal)), 95 at the
    goal. These are clamped, absolute (no other customer matters) and monotone. percentile is
    relative: the share of the others with a value in the same period and step who are behind, times
    100.
    """
    scaling, lower, goal = parameter["scaling"], parameter["lower"], parameter["goal"]
    if scaling == "goal":
        # All three are monotone: clamping what goes in clamps what comes out, and costs least.
        between = value.clip(min(lower, goal), max(lower, goal))
        return (between - lower) * (100.0 / (goal - lower))
    if scaling == "log_goal":
        reach = math.log(1.0 + goal - lower)
        return (value.clip(lower, goal) + (1.0 - lower)).log() * (100.0 / reach)
    if scaling == "saturation":
        return (nw.lit(1.0) - (value.clip(0.0) * (-math.log(20.0) / goal)).exp()) * 100.0
    if scaling == "percentile":
        is_less_better = parameter["direction"] == "down"
        # Equal values that were added up differently are equal.
        ranked = value.round(SCORE_DECIMALS - 1)
        among = ["period_end", "step"]
        behind = ranked.rank(method="min", descending=is_less_better).over(*among) - 1
        others = value.count().over(*among) - 1
        share = nw.when(others > 0).then(behind * 100.0 / others).otherwise(nw.lit(0.0))
        return nw.when(~value.is_null()).then(share)
    raise ValueError(f"scaling {scaling!r}: accepted are goal, log_goal, saturation, percentile")


def index_columns(
    parameters: Rows, availability: Rows, aggregation: str = "arithmetic"
) -> dict[str, nw.Expr]:
    """`raw_score`, `coverage` and `lacks_required` of an index, over one column for each metric.

    arithmetic: the mean of the scaled values s by weight; geometric: exp of the mean of ln(1 + s),
    less 1, at most the arithmetic one (OECD/JRC handbook on composite indicators, 2008, step 6).

    A metric counts in the periods in which anybody has a value (`availability`). Where a customer
    has none, `missing` decides: rescale leaves it out and the other weights grow, zero and neutral
    put 0 or 50 in its place, require gives no score. Coverage is the share of the weights, of
    metrics that count, for which the customer has a value of their own.
    """
    is_geometric = aggregation == "geometric"
    first = min((run["available_from"] for run in availability), default=None)
    last = max((run["available_until"] for run in availability), default=None)
    weighed, present, standing_in, possible = [], [], [], []
    always_possible = 0.0
    lacks_required = nw.lit(False)
    for row in parameters:
        runs = [run for run in availability if run["metric"] == row["metric"]]
        if not runs:
            continue
        value, weight = nw.col(row["metric"]), row["weight"]
        scaled = scale(value, row)
        stand_in = {"zero": 0.0, "neutral": 50.0}.get(row["missing"])
        part = (scaled + 1.0).log() if is_geometric else scaled
        missing_part = 0.0
        if stand_in is not None:
            missing_part = math.log(stand_in + 1.0) if is_geometric else stand_in
        has_value, is_missing = ~value.is_null(), value.is_null()
        if (runs[0]["available_from"], runs[-1]["available_until"]) == (first, last) and not runs[
            1:
        ]:
            # On in every period: most are, and a row need not be asked.
            always_possible += weight
            weighed.append((part * weight).fill_null(missing_part * weight))
        else:
            is_on = within(runs)
            has_value, is_missing = is_on & has_value, is_on & is_missing
            possible.append(nw.when(is_on).then(nw.lit(weight)).otherwise(0.0))
            counted = (part * weight).fill_null(missing_part * weight)
            weighed.append(nw.when(is_on).then(counted).otherwise(0.0))
        present.append(nw.when(has_value).then(nw.lit(weight)).otherwise(0.0))
        if stand_in is not None:
            standing_in.append(nw.when(is_missing).then(nw.lit(weight)).otherwise(0.0))
        if row["missing"] == "require":
            lacks_required = lacks_required | is_missing
    has_weight = total(present)
    mean = ratio(total(weighed), total([has_weight, *standing_in]))
    return {
        "raw_score": (mean.exp() - 1.0 if is_geometric else mean).round(SCORE_DECIMALS),
        "coverage": ratio(has_weight, total([nw.lit(always_possible), *possible]))
        .fill_null(0.0)
        .round(SCORE_DECIMALS),
        "lacks_required": lacks_required,
    }


def within(runs: Rows) -> nw.Expr:
    """Whether a period lies in one of the runs of periods, ends included."""
    result = nw.lit(False)
    for run in runs:
        first, last = nw.lit(run["available_from"]), nw.lit(run["available_until"])
        result = result | ((nw.col("period_end") >= first) & (nw.col("period_end") <= last))
    return result


def points_columns(formula: str, weights: Rows) -> dict[str, nw.Expr]:
    """The same three columns of a points formula, over the column `points`.

    weighted_sum is the sum of points; metric_mean divides it by the number of activities that the
    model weighs, weighted_mean by the sum of their points (sizes, where some are negative). Both
    divisors belong to the model, not to the customer: one more activity never lowers the score.
    """
    sizes = [abs(float(row["points"])) for row in weights if row["points"] != 0]
    divisor = {
        "weighted_sum": 1.0,
        "metric_mean": float(len(sizes)),
        "weighted_mean": math.fsum(sizes),
    }[formula]
    return {
        "raw_score": (nw.col("points") / divisor).round(SCORE_DECIMALS),
        "coverage": nw.lit(1.0),
        "lacks_required": nw.lit(False),
    }


def total(terms: list[nw.Expr]) -> nw.Expr:
    """The sum of the terms, always added in the same order."""
    return functools.reduce(operator.add, terms) if terms else nw.lit(0.0)


def ratio(numerator: nw.Expr, denominator: nw.Expr) -> nw.Expr:
    """A ratio; NULL without a denominator."""
    return nw.when(denominator > 0.0).then(numerator / denominator)


def status(min_coverage: float) -> nw.Expr:
    """`scored`, or why there is no score.

    A customer of whom nothing but a customers row is known, or too little, is `insufficient_data`.
    A known customer who was silent for the whole window is not: silence says enough. The author of
    an override knows what the data do not.
    """
    is_silent = nw.col("engaged_interactions") == 0
    lacks_data = (
        nw.col("raw_score").is_null()
        | nw.col("lacks_required")
        | ((nw.col("coverage") < min_coverage) & ~is_silent)
    )
    by_data = (
        nw.when(~nw.col("is_known"))
        .then(nw.lit("insufficient_data"))
        .otherwise(
            nw.when(nw.col("is_new"))
            .then(nw.lit("new"))
            .otherwise(
                nw.when(lacks_data).then(nw.lit("insufficient_data")).otherwise(nw.lit("scored"))
            )
        )
    )
    return nw.when(nw.col("override_score").is_null()).then(by_data).otherwise(nw.lit("scored"))


def published_score(is_index: bool) -> nw.Expr:
    """The override, else the raw score of who is scored; an index is clamped to 0..100."""
    standing = (
        nw.when(nw.col("override_score").is_null())
        .then(nw.col("raw_score"))
        .otherwise(nw.col("override_score"))
    )
    score = standing.clip(0.0, 100.0) if is_index else standing
    return nw.when(nw.col("status") == "scored").then(score)


def band(bands: Rows) -> nw.Expr:
    """The band whose bounds hold the unrounded score: the highest bound at or under it."""
    result = nw.lit(None, dtype=nw.String)
    for row in sorted(bands, key=lambda row: row["lower_bound"]):
        result = (
            nw.when(nw.col("score") >= row["lower_bound"])
            .then(nw.lit(row["band"]))
            .otherwise(result)
        )
    return result


def in_force(frame: nw.LazyFrame, score_model: Row) -> nw.LazyFrame:
    """The rows that a version of a score model scores: of the periods in which it holds.

    The step `new_version` is the period before, as the version that begins would have scored it.
    """
    is_new_version = nw.col("step") == "new_version"
    if score_model["valid_from"] is None:
        frame = frame.filter(~is_new_version)
    else:
        valid_from = nw.lit(score_model["valid_from"])
        frame = frame.filter(
            (nw.col("in_force_on") >= valid_from)
            & (~is_new_version | (nw.col("period_end") < valid_from))
        )
    if score_model["valid_until"] is not None:
        frame = frame.filter(nw.col("in_force_on") < nw.lit(score_model["valid_until"]))
    return frame


def with_steps(now: nw.LazyFrame, steps: nw.LazyFrame) -> nw.LazyFrame:
    """The rows that are scored in earnest, and those of the steps between two periods.

    Of `steps` every column but these two has to be in `now`: `step`, and `in_force_on`, the day
    whose versions score the row.
    """
    columns = steps.collect_schema().names()
    given = {"step": nw.lit("now"), "in_force_on": nw.col("period_end")}
    added = {column: given[column] for column in columns if column in given}
    now = now.with_columns(**added).select(*columns)
    return nw.concat([now, steps], how="vertical")


def of_rescored(frame: nw.LazyFrame, rescored_customers: nw.LazyFrame) -> nw.LazyFrame:
    """The rows of the customers and days whose scores are computed in this run."""
    day = nw.col("in_force_on")
    return (
        frame.join(rescored_customers, on="customer_id", how="inner")
        .filter((day >= nw.col("rescored_from")) & (day <= nw.col("rescored_until")))
        .drop("rescored_from", "rescored_until")
    )


def score_customers(
    metrics: nw.LazyFrame,
    points: nw.LazyFrame,
    overrides: nw.LazyFrame,
    score_models: Rows,
    parameters: Rows,
    availability: Rows,
    weights: Rows,
    bands: Rows,
) -> nw.LazyFrame:
    """All score models over all periods: a row per customer, version, period_end and step.

    `metrics` has one row per customer, window, period and step, `points` one per customer, score
    model, version, period and step, `overrides` one per customer, score model and period that
    somebody set by hand; the rest is configuration. Champions and challengers are branches of one
    statement.
    """
    scored = [
        score_one_model(
            metrics,
            points,
            overrides,
            score_model,
            [row for row in parameters if same_version(row, score_model)],
            [row for row in availability if row["window_periods"] == score_model["window_periods"]],
            [row for row in weights if same_version(row, score_model)],
            [row for row in bands if same_version(row, score_model)],
        )
        for score_model in score_models
    ]
    return nw.concat(scored, how="vertical")


def score_one_model(
    metrics: nw.LazyFrame,
    points: nw.LazyFrame,
    overrides: nw.LazyFrame,
    score_model: Row,
    parameters: Rows,
    availability: Rows,
    weights: Rows,
    bands: Rows,
) -> nw.LazyFrame:
    """One version of one score model, over the periods in which it is in force."""
    name, version = score_model["score_model"], score_model["version"]
    is_index = score_model["formula"] == "index"
    frame = in_force(
        metrics.filter(nw.col("window_periods") == score_model["window_periods"]), score_model
    )
    if not is_index or any(row["metric"] == "decayed_points" for row in parameters):
        own_points = points.filter(
            (nw.col("score_model") == name) & (nw.col("version") == version)
        ).select("customer_id", "period_index", "step", "points", decayed_points=nw.col("points"))
        frame = frame.join(own_points, on=["customer_id", "period_index", "step"], how="left")
    own_overrides = overrides.filter(nw.col("score_model") == name).select(
        "customer_id", "period_index", "override_score"
    )
    columns = (
        index_columns(parameters, availability, score_model["aggregation"])
        if is_index
        else points_columns(score_model["formula"], weights)
    )
    return (
        frame.join(own_overrides, on=["customer_id", "period_index"], how="left")
        .with_columns(score_model=nw.lit(name), version=nw.lit(version), **columns)
        .with_columns(status=status(score_model["min_coverage"]))
        .with_columns(score=published_score(is_index))
        .with_columns(band=band(bands))
        .select(
            *KEYS,
            "score",
            "raw_score",
            "override_score",
            "band",
            "status",
            "coverage",
            "exposed_days",
        )
    )


def same_version(row: Row, score_model: Row) -> bool:
    """Whether a row of configuration belongs to this version of this score model."""
    return all(row[key] == score_model[key] for key in ("score_model", "version"))


def config_rows(relation: Any) -> Rows:
    """A small configuration table as Python dicts, in an order of its own."""
    rows = nw.from_native(relation).lazy().collect(backend="pyarrow").rows(named=True)
    return sorted(rows, key=lambda row: [sort_key(value) for value in row.values()])


def sort_key(value: Any) -> str:
    """A key that orders values of any kind, NULLs first."""
    return "" if value is None else f"1{value.isoformat() if isinstance(value, dt.date) else value}"


def model(dbt: Any, session: Any) -> Any:
    """Grain: customer, score model, version, period_end, step."""
    metrics, steps, rescored_customers, points, step_points, overrides = (
        nw.from_native(relation).lazy()
        for relation in (
            dbt.ref("int_engagement__customer_metrics"),
            dbt.ref("int_engagement__step_metrics"),
            dbt.ref("int_engagement__rescored_customers"),
            dbt.ref("int_engagement__customer_points"),
            dbt.ref("int_engagement__step_points"),
            dbt.ref("int_engagement__score_overrides"),
        )
    )
    score_models = config_rows(dbt.ref("config_engagement__score_models"))
    return score_customers(
        metrics=of_rescored(with_steps(metrics, steps), rescored_customers),
        points=with_steps(points, step_points),
        overrides=overrides,
        score_models=[row for row in score_models if row["is_scored"]],
        parameters=config_rows(dbt.ref("scoring_engagement__parameters")),
        availability=config_rows(dbt.ref("int_engagement__metric_availability")),
        weights=config_rows(dbt.ref("config_engagement__activity_weights")),
        bands=config_rows(dbt.ref("config_engagement__score_bands")),
    ).to_native()
