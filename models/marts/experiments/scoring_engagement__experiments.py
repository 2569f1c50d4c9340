"""Variants of an experiment against its control, from sums alone.

Intention to treat: everybody who was assigned counts, whatever they did after it. Means are
compared by Welch's t-test, plainly and with the outcome before the assignment as covariate (CUPED:
Deng, Xu, Kohavi and Walker 2013, "Improving the sensitivity of online controlled experiments by
utilizing pre-experiment data"), which leaves 1 - r squared of the variance. The p-value that is
valid at every look is the mixture sequential probability ratio test (Robbins 1970; Johari, Koomen,
Pekelis and Walsh 2017, "Peeking at A/B tests"); with an estimated variance it holds for large
samples (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, "Time-uniform central limit theory
and asymptotic confidence sequences"). No installed library has it.
"""

import gc
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.stats import chi2_contingency, chisquare, t, ttest_ind_from_stats
from statsmodels.stats.multitest import multipletests

Row = dict[str, Any]
Numbers = npt.NDArray[np.float64]

CONFIDENCE = 0.95
# With fewer measured customers in an arm, nothing is claimed.
FEWEST = 10
# A split with a p-value under these is a fault of the experiment.
WARNS_UNDER = 0.01
BLOCKS_UNDER = 0.001
# So are unequal shares without an outcome. These block sooner, since there is a second analysis.
UNMEASURED_BLOCKS_UNDER = 0.01
# The sequential test is most powerful for a lift of this many standard deviations of the outcome.
EXPECTED_LIFT = 0.3
# The score once more, with customers who have none counted as 0: the lowest band.
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
    """An arm's customers with an outcome: their number, means and covariances.

    In this order: the outcome; the covariate, 0 where there is none; whether there is none.
    """

    customers: int
    means: Numbers
    covariances: Numbers


def arm(row: Row) -> Arm:
    """Moments of a sample from its sums; all 0 where there are too few."""
    n = int(row["measured_customers"])
    if n < 2:
        return Arm(n, np.zeros(3), np.zeros((3, 3)))

    def total(name: str) -> float:
        return float(row[name] or 0.0)

    uncovered = float(n - int(row["covered_customers"]))
    sums = np.array([total("value_sum"), total("covariate_sum"), uncovered])
    products = np.array(
        [
            [total("value_square_sum"), total("product_sum"), total("uncovered_value_sum")],
            [total("product_sum"), total("covariate_square_sum"), 0.0],
            [total("uncovered_value_sum"), 0.0, uncovered],
        ]
    )
    return Arm(n, sums / n, (products - np.outer(sums, sums) / n) / (n - 1))


@dataclass(frozen=True)
class Comparison:
    """A difference of means."""

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


def within(arms: Sequence[Arm]) -> Numbers:
    """Sums of squares and products within the arms, pooled."""
    return np.asarray(sum((each.customers - 1) * each.covariances for each in arms))


def covariate_slopes(arms: Sequence[Arm]) -> tuple[Numbers, float]:
    """Slopes of the outcome on the covariate and on having none, within the arms, pooled.

    With the second slope, the value filled in for a missing covariate does not matter (Cohen and
    Cohen 1983). 0 where nothing varies. Also returns the factor that corrects the variance left
    over for the slopes having been fitted to the same customers, as in a regression.
    """
    if not arms:
        return np.zeros(2), 1.0
    pooled = within(arms)
    slopes, _, fitted, _ = np.linalg.lstsq(pooled[1:, 1:], pooled[1:, 0], rcond=1e-12)
    freedom = sum(each.customers - 1 for each in arms)
    return slopes.astype(np.float64), freedom / (freedom - int(fitted))


def adjusted(each: Arm, slopes: Numbers, factor: float) -> tuple[float, float, int]:
    """Mean, variance and customers of the outcome, adjusted by the covariate."""
    weights = np.concatenate([[1.0], -slopes])
    variance = factor * float(weights @ each.covariances @ weights)
    return float(weights @ each.means), max(variance, 0.0), each.customers


def plain(each: Arm) -> tuple[float, float, int]:
    """The same, unadjusted."""
    return float(each.means[0]), max(float(each.covariances[0, 0]), 0.0), each.customers


def variance_ratio(arms: Sequence[Arm], slopes: Numbers) -> float:
    """What is left of the variance within the arms: 1 - r squared."""
    pooled = within(arms)
    weights = np.concatenate([[1.0], -slopes])
    whole, left = float(pooled[0, 0]), float(weights @ pooled @ weights)
    return min(max(left / whole, 0.0), 1.0) if whole > 0.0 else 1.0


def sequential_p_value(lift: float, variance: float, deviation: float) -> float:
    """P-value of a lift that is valid at every look.

    Without an effect, the probability that it ever falls below a is at most a. variance: of the
    lift; deviation: of the outcome, in its unit. The mixture is normal around no effect, with
    EXPECTED_LIFT deviations.
    """
    if variance <= 0.0:
        return 1.0 if lift == 0.0 else 0.0
    ratio = (EXPECTED_LIFT * deviation) ** 2 / variance
    log_likelihood = lift**2 / variance * ratio / (2.0 * (1.0 + ratio)) - math.log1p(ratio) / 2.0
    return math.exp(-max(log_likelihood, 0.0))


def planned_shares(
    shares: Mapping[str, Any], experiment_id: str, variants: Sequence[str]
) -> dict[str, float]:
    """How an experiment's customers were to be split: by its own plan, else by the general one.

    In its own plan, a variant that is not named has no share, and a named one without customers has
    its share. The general plan applies to experiments whose variants it all names. Without a plan,
    shares are equal.
    """
    own = shares.get(experiment_id)
    if isinstance(own, Mapping):
        return dict.fromkeys(variants, 0.0) | {str(name): float(own[name]) for name in own}
    if all(isinstance(shares.get(variant), int | float) for variant in variants):
        return {variant: float(shares[variant]) for variant in variants}
    return dict.fromkeys(variants, 1.0)


def sample_ratio_p_value(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Chi-squared test of how many were assigned to each variant against the planned shares."""
    if any(count and not share for count, share in zip(counts, shares, strict=True)):
        return 0.0
    planned = [(n, share) for n, share in zip(counts, shares, strict=True) if share]
    total, whole = sum(counts), sum(shares)
    if total == 0 or len(planned) < 2:
        return 1.0
    expected = [total * share / whole for _, share in planned]
    return float(chisquare([n for n, _ in planned], expected).pvalue)


def unmeasured_p_value(customers: Sequence[int], measured: Sequence[int]) -> float:
    """Whether the share without an outcome differs between the variants (chi-squared test)."""
    without = [n - m for n, m in zip(customers, measured, strict=True)]
    if len(customers) < 2 or sum(without) == 0 or sum(measured) == 0:
        return 1.0
    return float(chi2_contingency([list(measured), without], correction=False).pvalue)


def check(p_value: float, blocks_under: float = BLOCKS_UNDER) -> str:
    """The result of a check of the experiment itself."""
    if p_value < blocks_under:
        return "blocks"
    return "warns" if p_value < WARNS_UNDER else "passes"


def analyse_outcome(rows: Sequence[Row], control: str, shares: Mapping[str, Any]) -> list[Row]:
    """One outcome of one experiment: takes its sums by variant, returns a row for each.

    rows: as in int_engagement__experiment_sums. shares: see planned_shares.
    """
    rows = sorted(rows, key=lambda row: row["variant"])
    customers = {row["variant"]: int(row["customers"]) for row in rows}
    planned = planned_shares(shares, rows[0]["experiment_id"], list(customers))
    ratio_p = sample_ratio_p_value(
        [customers.get(variant, 0) for variant in planned], list(planned.values())
    )
    unmeasured_p = unmeasured_p_value(
        list(customers.values()), [int(row["measured_customers"]) for row in rows]
    )
    ratio_check = check(ratio_p)
    unmeasured_check = check(unmeasured_p, UNMEASURED_BLOCKS_UNDER)
    arms = {row["variant"]: arm(row) for row in rows}
    enough = [each for each in arms.values() if each.customers >= FEWEST]
    slopes, factor = covariate_slopes(enough)
    base = arms.get(control)

    analysed = []
    for row in rows:
        variant = row["variant"]
        own = arms[variant]
        is_score = row["outcome"] in SCORE_OUTCOMES
        if base is None or len(rows) < 2:
            status = "no_control"
        elif ratio_check == "blocks":
            status = "sample_ratio_blocked"
        elif is_score and not row["is_version_frozen"]:
            status = "version_changed"
        elif unmeasured_check == "blocks":
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
            "mean": in_unit(row, own) if own.customers >= FEWEST else None,
            "sample_ratio_p_value": ratio_p,
            "sample_ratio_check": ratio_check,
            "unmeasured_p_value": unmeasured_p,
            "unmeasured_check": unmeasured_check,
        }
        if status == "compared" and base is not None:
            unit = float(row["value_range"])
            as_is = compare(plain(own), plain(base))
            better = compare(adjusted(own, slopes, factor), adjusted(base, slopes, factor))
            pooled = within([own, base])[0, 0] / (own.customers + base.customers - 2)
            deviation = math.sqrt(max(float(pooled), 0.0))
            result |= {
                "control_mean": in_unit(row, base),
                "lift": as_is.lift * unit,
                "lift_low": as_is.low * unit,
                "lift_high": as_is.high * unit,
                "p_value": as_is.p_value,
                "adjusted_lift": better.lift * unit,
                "adjusted_low": better.low * unit,
                "adjusted_high": better.high * unit,
                "adjusted_p_value": better.p_value,
                "sequential_p_value": sequential_p_value(better.lift, better.variance, deviation),
                "standardised_lift": better.lift / deviation if deviation > 0.0 else None,
                "variance_ratio": variance_ratio(enough, slopes),
            }
        analysed.append(result)
    return analysed


def in_unit(row: Row, each: Arm) -> float:
    """The mean of an arm in the outcome's unit; sums are on a scale of 0 to 1."""
    return float(row["value_lowest"]) + float(row["value_range"]) * float(each.means[0])


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values of one family, corrected for its size (Holm 1979)."""
    if len(p_values) < 2:
        return list(p_values)
    return [float(value) for value in multipletests(p_values, method="holm")[1]]


def verdict(p_value: float, lift: float) -> str:
    """What can be claimed of a lift."""
    if p_value >= 1.0 - CONFIDENCE:
        return "no_difference_shown"
    return "higher" if lift > 0.0 else "lower"


def correct(rows: list[Row]) -> list[Row]:
    """Corrects the p-values of one experiment for its variants and outcomes; adds the verdicts.

    The second analysis of the score asks no new question, and is corrected for variants alone.
    """
    compared = [row for row in rows if row["status"] == "compared"]
    for is_second in (False, True):
        family = [row for row in compared if (row["outcome"] == SECOND_ANALYSIS) == is_second]
        for corrected, source, said in (
            ("corrected_p_value", "adjusted_p_value", "verdict"),
            ("corrected_sequential_p_value", "sequential_p_value", "sequential_verdict"),
        ):
            values = holm([row[source] for row in family])
            for row, value in zip(family, values, strict=True):
                row[corrected] = value
                row[said] = verdict(value, row["adjusted_lift"])
    return rows


def analyse(sums: Sequence[Row], control: str, shares: Mapping[str, Any]) -> list[Row]:
    """All experiments: takes sums by experiment, outcome and variant, returns rows of the mart."""

    def experiment(row: Row) -> str:
        return str(row["experiment_id"])

    def outcome(row: Row) -> str:
        return str(row["outcome"])

    analysed = []
    # multipletests collects garbage at each call: a sixth of a second in a process as large as dbt.
    gc.freeze()
    try:
        for _, in_experiment in groupby(sorted(sums, key=experiment), key=experiment):
            rows = []
            for _, of_outcome in groupby(sorted(in_experiment, key=outcome), key=outcome):
                rows += analyse_outcome(list(of_outcome), control, shares)
            analysed += correct(rows)
    finally:
        gc.unfreeze()
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

    # On lines of their own: dbt does not see a config.get inside another expression. A name made of
    # digits comes as a number.
    control = dbt.config.get("control")
    shares = dbt.config.get("shares")
    shares = {str(name): share for name, share in (shares or {}).items()}
    sums = (
        nw.from_native(dbt.ref("int_engagement__experiment_sums")).lazy().collect(backend="pyarrow")
    )
    texts = ["experiment_id", "variant", "outcome", "status", "verdict", "sequential_verdict"]
    counts = ["customers", "measured_customers", "covered_customers"]
    checks = ["sample_ratio_check", "unmeasured_check"]
    return pa.Table.from_pylist(
        analyse(sums.rows(named=True), str(control), shares),
        schema=pa.schema(
            [(name, pa.string()) for name in [*texts, *checks]]
            + [(name, pa.int64()) for name in counts]
            + [(name, pa.float64()) for name in NUMBERS]
        ),
    )
