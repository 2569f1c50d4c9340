"""Variants of an experiment against its control, from sums alone.

Intention to treat: everybody who was assigned counts, whatever became of them. Means are compared
by Welch's t-test, plainly and with what the outcome was before the assignment as covariate (CUPED:
Deng, Xu, Kohavi and Walker 2013, "Improving the sensitivity of online controlled experiments by
utilizing pre-experiment data"), which leaves 1 - r squared of the variance. The p-value that may be
looked at daily is the mixture sequential probability ratio test (Robbins 1970; Johari, Koomen,
Pekelis and Walsh 2017, "Peeking at A/B tests"); no library of the environment has it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import narwhals as nw
from scipy.stats import chi2_contingency, chisquare, t, ttest_ind_from_stats
from statsmodels.stats.multitest import multipletests

Row = dict[str, Any]

CONFIDENCE = 0.95
# Under so many measured customers in an arm nothing is claimed.
FEWEST = 10
# A split, or a share without a score, as unequal as this is a fault of the experiment.
WARNS_UNDER = 0.01
BLOCKS_UNDER = 0.001
# The sequential test is sharpest for a lift of so many standard deviations of the outcome.
EXPECTED_LIFT = 0.3
# The score once more, with who has none counted as 0: the lowest band.
SECOND_ANALYSIS = "score_unscored_as_lowest"
SCORE_OUTCOMES = ("score", SECOND_ANALYSIS)

STATUSES = (
    "control",
    "compared",
    "no_control",
    "sample_ratio_blocked",
    "version_changed",
    "unscored_blocked",
    "not_enough_data",
)


@dataclass(frozen=True)
class Arm:
    """An arm's outcome y and covariate x, over the customers with an outcome.

    Covariates are counted from their mean over the experiment; one who has none counts 0.
    """

    customers: int
    mean: float
    variance: float
    covariate_mean: float
    covariate_variance: float
    covariance: float


def arm(row: Row) -> Arm:
    """Moments of a sample from its sums; all 0 where there are too few."""
    n = int(row["measured_customers"])
    if n < 2:
        return Arm(n, 0.0, 0.0, 0.0, 0.0, 0.0)
    y, x = float(row["value_sum"]), float(row["covariate_sum"])
    return Arm(
        customers=n,
        mean=y / n,
        variance=max((float(row["value_square_sum"]) - y * y / n) / (n - 1), 0.0),
        covariate_mean=x / n,
        covariate_variance=max((float(row["covariate_square_sum"]) - x * x / n) / (n - 1), 0.0),
        covariance=(float(row["product_sum"]) - x * y / n) / (n - 1),
    )


@dataclass(frozen=True)
class Comparison:
    """A difference of means, in the outcome's unit."""

    lift: float
    low: float
    high: float
    p_value: float
    variance: float
    """Of the lift: the square of its standard error."""


def compare(treated: tuple[float, float, int], control: tuple[float, float, int]) -> Comparison:
    """Welch's t-test of two (mean, variance, customers); p is 1 where nothing varies or differs."""
    (m1, v1, n1), (m0, v0, n0) = treated, control
    lift, variance = m1 - m0, v1 / n1 + v0 / n0
    if variance <= 0.0:
        return Comparison(lift, lift, lift, 1.0 if lift == 0.0 else 0.0, 0.0)
    p_value = ttest_ind_from_stats(
        m1, math.sqrt(v1), n1, m0, math.sqrt(v0), n0, equal_var=False
    ).pvalue
    freedom = variance**2 / ((v1 / n1) ** 2 / (n1 - 1) + (v0 / n0) ** 2 / (n0 - 1))
    half = float(t.ppf((1.0 + CONFIDENCE) / 2.0, freedom)) * math.sqrt(variance)
    return Comparison(lift, lift - half, lift + half, float(p_value), variance)


def covariate_slope(arms: Sequence[Arm]) -> float:
    """Slope of the outcome on the covariate within the arms, pooled; 0 where it does not vary."""
    varies = sum((each.customers - 1) * each.covariate_variance for each in arms)
    together = sum((each.customers - 1) * each.covariance for each in arms)
    return together / varies if varies > 0.0 else 0.0


def adjusted(each: Arm, slope: float) -> tuple[float, float, int]:
    """Mean and variance of the outcome less what the covariate tells."""
    variance = each.variance - 2.0 * slope * each.covariance + slope**2 * each.covariate_variance
    return each.mean - slope * each.covariate_mean, max(variance, 0.0), each.customers


def variance_ratio(arms: Sequence[Arm], slope: float) -> float:
    """What is left of the variance within the arms: 1 - r squared."""
    plain = sum((each.customers - 1) * each.variance for each in arms)
    left = sum((each.customers - 1) * adjusted(each, slope)[1] for each in arms)
    return left / plain if plain > 0.0 else 1.0


def sequential_p_value(lift: float, variance: float, deviation: float) -> float:
    """P-value of a lift that may be looked at again and again.

    Without an effect it is ever below a with a probability of at most a. variance: of the lift;
    deviation: of the outcome, in its unit. The mixture is normal around no effect, with
    EXPECTED_LIFT deviations.
    """
    if variance <= 0.0:
        return 1.0 if lift == 0.0 else 0.0
    ratio = (EXPECTED_LIFT * deviation) ** 2 / variance
    log_likelihood = lift**2 / variance * ratio / (2.0 * (1.0 + ratio)) - math.log1p(ratio) / 2.0
    return math.exp(-max(log_likelihood, 0.0))


def sample_ratio_p_value(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Chi-squared test of how many were assigned to each variant against the planned shares."""
    total = sum(counts)
    if total == 0 or len(counts) < 2:
        return 1.0
    whole = sum(shares)
    return float(chisquare(counts, [total * share / whole for share in shares]).pvalue)


def unscored_p_value(customers: Sequence[int], measured: Sequence[int]) -> float:
    """Whether the share without an outcome differs between the variants (chi-squared test)."""
    without = [n - m for n, m in zip(customers, measured, strict=True)]
    if len(customers) < 2 or sum(without) == 0 or sum(measured) == 0:
        return 1.0
    return float(chi2_contingency([list(measured), without], correction=False).pvalue)


def check(p_value: float) -> str:
    """What a check of the experiment itself says."""
    if p_value < BLOCKS_UNDER:
        return "blocks"
    return "warns" if p_value < WARNS_UNDER else "passes"


def analyse_outcome(rows: Sequence[Row], control: str, shares: dict[str, float]) -> list[Row]:
    """The variants of one outcome of one experiment: its sums per variant in, a row each out.

    rows: experiment_id, outcome, variant, customers, measured_customers, value_sum,
    value_square_sum, covariate_sum, covariate_square_sum, product_sum, covered_customers,
    is_version_frozen. shares: variant -> planned share, 1 each where it is not named.
    """
    rows = sorted(rows, key=lambda row: row["variant"])
    customers = [int(row["customers"]) for row in rows]
    measured = [int(row["measured_customers"]) for row in rows]
    ratio_p = sample_ratio_p_value(customers, [shares.get(row["variant"], 1.0) for row in rows])
    unscored_p = unscored_p_value(customers, measured)
    arms = {row["variant"]: arm(row) for row in rows}
    enough = [each for each in arms.values() if each.customers >= FEWEST]
    slope = covariate_slope(enough)
    base = arms.get(control)

    analysed = []
    for row in rows:
        variant = row["variant"]
        own = arms[variant]
        is_score = row["outcome"] in SCORE_OUTCOMES
        if base is None or len(rows) < 2:
            status = "no_control"
        elif check(ratio_p) == "blocks":
            status = "sample_ratio_blocked"
        elif is_score and not row["is_version_frozen"]:
            status = "version_changed"
        elif check(unscored_p) == "blocks":
            status = "unscored_blocked"
        elif min(own.customers, base.customers) < FEWEST:
            status = "not_enough_data"
        else:
            status = "control" if variant == control else "compared"

        result: Row = {
            "experiment_id": row["experiment_id"],
            "variant": variant,
            "outcome": row["outcome"],
            "status": status,
            "customers": int(row["customers"]),
            "measured_customers": own.customers,
            "covered_customers": int(row["covered_customers"]),
            "mean": own.mean if own.customers >= FEWEST else None,
            "sample_ratio_p_value": ratio_p,
            "sample_ratio_check": check(ratio_p),
            "unmeasured_p_value": unscored_p,
            "unmeasured_check": check(unscored_p),
        }
        if status == "compared" and base is not None:
            plain = compare(
                (own.mean, own.variance, own.customers), (base.mean, base.variance, base.customers)
            )
            better = compare(adjusted(own, slope), adjusted(base, slope))
            deviation = math.sqrt(
                ((own.customers - 1) * own.variance + (base.customers - 1) * base.variance)
                / (own.customers + base.customers - 2)
            )
            result |= {
                "control_mean": base.mean,
                "lift": plain.lift,
                "lift_low": plain.low,
                "lift_high": plain.high,
                "p_value": plain.p_value,
                "adjusted_lift": better.lift,
                "adjusted_low": better.low,
                "adjusted_high": better.high,
                "adjusted_p_value": better.p_value,
                "sequential_p_value": sequential_p_value(better.lift, better.variance, deviation),
                "standardised_lift": better.lift / deviation if deviation > 0.0 else None,
                "variance_ratio": variance_ratio(enough, slope),
            }
        analysed.append(result)
    return analysed


def correct(rows: list[Row]) -> list[Row]:
    """Corrects the p-values of one experiment for its variants and outcomes (Holm 1979).

    The second analysis of the score is no further question, and is corrected for variants alone.
    """
    compared = [row for row in rows if row["status"] == "compared"]
    for is_second in (False, True):
        family = [row for row in compared if (row["outcome"] == SECOND_ANALYSIS) == is_second]
        for name, source in {
            "corrected_p_value": "adjusted_p_value",
            "corrected_sequential_p_value": "sequential_p_value",
        }.items():
            if family:
                values = multipletests([row[source] for row in family], method="holm")[1]
                for row, value in zip(family, values, strict=True):
                    row[name] = float(value)
    for row in compared:
        found = row["corrected_p_value"] < 1.0 - CONFIDENCE
        up = row["adjusted_lift"] > 0.0
        row["verdict"] = ("higher" if up else "lower") if found else "no_difference_shown"
    return rows


def analyse(sums: Sequence[Row], control: str, shares: dict[str, float]) -> list[Row]:
    """All experiments: sums per experiment, outcome and variant in, rows of the mart out."""

    def experiment(row: Row) -> str:
        return str(row["experiment_id"])

    def outcome(row: Row) -> str:
        return str(row["outcome"])

    analysed = []
    for _, in_experiment in groupby(sorted(sums, key=experiment), key=experiment):
        rows = []
        for _, of_outcome in groupby(sorted(in_experiment, key=outcome), key=outcome):
            rows += analyse_outcome(list(of_outcome), control, shares)
        analysed += correct(rows)
    return analysed


NUMBERS = (
    "mean",
    "control_mean",
    "lift",
    "lift_low",
    "lift_high",
    "p_value",
    "adjusted_lift",
    "adjusted_low",
    "adjusted_high",
    "adjusted_p_value",
    "corrected_p_value",
    "sequential_p_value",
    "corrected_sequential_p_value",
    "standardised_lift",
    "variance_ratio",
    "sample_ratio_p_value",
    "unmeasured_p_value",
)


def model(dbt: Any, session: Any) -> Any:
    """Grain: experiment, variant and outcome."""
    import pyarrow as pa

    control = dbt.config.get("control")
    shares = {name: float(share) for name, share in (dbt.config.get("shares") or {}).items()}
    sums = nw.from_native(dbt.ref("int_experiment_sums")).lazy().collect(backend="pyarrow")
    texts = ["experiment_id", "variant", "outcome", "status", "verdict"]
    counts = ["customers", "measured_customers", "covered_customers"]
    checks = ["sample_ratio_check", "unmeasured_check"]
    return pa.Table.from_pylist(
        analyse(sums.rows(named=True), control, shares),
        schema=pa.schema(
            [(name, pa.string()) for name in [*texts, *checks]]
            + [(name, pa.int64()) for name in counts]
            + [(name, pa.float64()) for name in NUMBERS]
        ),
    )
