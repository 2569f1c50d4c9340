"""Experiments: what is found, what is not, and what stops a comparison.

Simulations draw with fixed seeds and hand their sums to the model's own functions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from dbt_project import ROOT, Project
from scipy.stats import ttest_ind, ttest_ind_from_stats
from statsmodels.stats.proportion import proportions_ztest

sys.path.insert(0, str(ROOT / "models/scoring"))
import scoring_experiments as experiments

Row = dict[str, Any]
Sample = tuple[np.ndarray, np.ndarray]


def sums(
    values: Sequence[float] | np.ndarray,
    covariates: Sequence[float] | np.ndarray | None = None,
    customers: int | None = None,
    **names: Any,
) -> Row:
    """What int_experiment_sums says of a variant; covariates are counted from their mean."""
    y = np.asarray(values, dtype=float)
    x = np.zeros(len(y)) if covariates is None else np.asarray(covariates, dtype=float)
    return {
        "experiment_id": "e",
        "outcome": "score",
        "is_version_frozen": True,
        "customers": len(y) if customers is None else customers,
        "measured_customers": len(y),
        "covered_customers": len(y),
        "value_sum": y.sum(),
        "value_square_sum": (y * y).sum(),
        "covariate_sum": x.sum(),
        "covariate_square_sum": (x * x).sum(),
        "product_sum": (x * y).sum(),
        **names,
    }


def counts(customers: int, successes: int, **names: Any) -> Row:
    """The same of published counts."""
    return sums([], **names) | {
        "customers": customers,
        "measured_customers": customers,
        "covered_customers": 0,
        "value_sum": float(successes),
        "value_square_sum": float(successes),
    }


def analysed(*rows: Row, shares: dict[str, float] | None = None) -> dict[str, Row]:
    """The rows of the mart by variant."""
    found = experiments.analyse(rows, "control", shares or {})
    return {row["variant"]: row for row in found}


def centred(control: Sample, treated: Sample) -> tuple[Row, Row]:
    """Two variants of which each customer has a covariate."""
    mean = np.concatenate([control[1], treated[1]]).mean()
    return (
        sums(control[0], control[1] - mean, variant="control"),
        sums(treated[0], treated[1] - mean, variant="treatment"),
    )


# what was published


def test_hillstroms_mail_test_is_rebuilt_from_its_counts() -> None:
    found = analysed(
        counts(21_306, 2_262, variant="control"),
        counts(21_307, 3_894, variant="mens"),
        counts(21_387, 3_238, variant="womens"),
    )
    assert {row["status"] for row in found.values()} == {"control", "compared"}
    assert found["mens"]["lift"] == pytest.approx(0.0766, abs=5e-5)
    assert found["womens"]["lift"] == pytest.approx(0.0452, abs=5e-5)
    assert found["mens"]["verdict"] == found["womens"]["verdict"] == "higher"


def test_cookie_cats_is_rebuilt_and_its_split_warns() -> None:
    found = analysed(
        counts(44_700, 8_502, variant="control"), counts(45_489, 8_279, variant="gate_40")
    )["gate_40"]
    assert found["lift"] == pytest.approx(-0.0082, abs=5e-5)
    assert found["p_value"] == pytest.approx(0.0016, abs=5e-5)
    expected = proportions_ztest([8_279, 8_502], [45_489, 44_700])[1]
    assert found["p_value"] == pytest.approx(expected, rel=0.01)
    assert found["sample_ratio_p_value"] == pytest.approx(0.0086, abs=5e-5)
    assert found["sample_ratio_check"] == "warns"
    assert (found["status"], found["verdict"]) == ("compared", "lower")


# what stops a comparison


def test_a_split_of_600_to_400_blocks_unless_it_was_planned() -> None:
    rows = counts(600, 300, variant="control"), counts(400, 300, variant="treatment")
    blocked = analysed(*rows)["treatment"]
    assert blocked["sample_ratio_check"] == "blocks"
    assert blocked["status"] == "sample_ratio_blocked"
    assert blocked.get("lift") is None
    planned = analysed(*rows, shares={"control": 0.6, "treatment": 0.4})["treatment"]
    assert (planned["sample_ratio_check"], planned["status"]) == ("passes", "compared")


def test_unequal_shares_unscored_block_and_equal_ones_do_not() -> None:
    values = np.linspace(0, 100, 400)
    control = sums(values, variant="control", customers=440)
    unequal = sums(values[:330], variant="treatment", customers=440)
    equal = sums(values[:395], variant="treatment", customers=440)
    assert analysed(control, unequal)["treatment"]["status"] == "unscored_blocked"
    assert analysed(control, equal)["treatment"]["status"] == "compared"


def test_the_score_says_nothing_when_its_version_changed_and_other_outcomes_do() -> None:
    values = np.linspace(0, 100, 50)
    for outcome, status in {
        "score": "version_changed",
        "score_unscored_as_lowest": "version_changed",
        "recency_days": "compared",
    }.items():
        rows = [
            sums(values, variant=variant, outcome=outcome, is_version_frozen=False)
            for variant in ("control", "treatment")
        ]
        assert analysed(*rows)["treatment"]["status"] == status


def test_without_control_or_with_few_customers_nothing_is_claimed() -> None:
    values = np.linspace(0, 100, 50)
    alone = analysed(sums(values, variant="a"), sums(values, variant="b"))
    assert {row["status"] for row in alone.values()} == {"no_control"}
    few = analysed(sums(values[:9], variant="control"), sums(values[:9], variant="b"))["b"]
    assert (few["status"], few.get("lift"), few["mean"]) == ("not_enough_data", None, None)


def test_nothing_that_varies_is_no_difference_and_no_error() -> None:
    same = analysed(sums([1.0] * 20, variant="control"), sums([1.0] * 20, variant="b"))["b"]
    assert (same["lift"], same["p_value"], same["sequential_p_value"]) == (0.0, 1.0, 1.0)


# that the arithmetic is right


def test_the_sums_give_what_scipy_and_statsmodels_give_from_the_rows() -> None:
    draw = np.random.default_rng(7)
    x0, x1 = draw.normal(50, 10, 300), draw.normal(50, 10, 280)
    y0 = 0.8 * x0 + draw.normal(0, 6, 300)
    y1 = 0.8 * x1 + draw.normal(1, 9, 280)
    found = analysed(*centred((y0, x0), (y1, x1)))["treatment"]

    plain = ttest_ind(y1, y0, equal_var=False)
    assert found["lift"] == pytest.approx(y1.mean() - y0.mean(), rel=1e-9)
    assert found["p_value"] == pytest.approx(plain.pvalue, rel=1e-6)
    interval = plain.confidence_interval()
    assert (found["lift_low"], found["lift_high"]) == pytest.approx(
        (interval.low, interval.high), rel=1e-6
    )
    # The covariate's slope within the arms is that of the regression on arm and covariate.
    arm = np.repeat([0.0, 1.0], [300, 280])
    outcome, covariate = np.concatenate([y0, y1]), np.concatenate([x0, x1])
    fitted = sm.OLS(outcome, sm.add_constant(np.column_stack([arm, covariate]))).fit()
    assert found["adjusted_lift"] == pytest.approx(fitted.params[1], rel=1e-9)


def test_the_variance_ratio_is_1_less_r_squared() -> None:
    draw = np.random.default_rng(8)
    x = draw.normal(0, 1, (2, 5_000))
    y = 0.6 * x + 0.8 * draw.normal(0, 1, (2, 5_000))
    found = analysed(*centred((y[0], x[0]), (y[1], x[1])))["treatment"]
    within = np.concatenate([y[0] - y[0].mean(), y[1] - y[1].mean()])
    correlation = np.corrcoef(within, np.concatenate([x[0] - x[0].mean(), x[1] - x[1].mean()]))[
        0, 1
    ]
    assert found["variance_ratio"] == pytest.approx(1 - correlation**2, rel=1e-9)
    width = (found["adjusted_high"] - found["adjusted_low"]) / (
        found["lift_high"] - found["lift_low"]
    )
    assert width**2 == pytest.approx(found["variance_ratio"], rel=0.01)
    useless = analysed(*centred((y[0], x[0] * 0), (y[1], x[1] * 0)))["treatment"]
    assert useless["variance_ratio"] == 1
    assert useless["adjusted_p_value"] == useless["p_value"]


def test_several_variants_and_outcomes_share_what_may_be_wrong() -> None:
    draw = np.random.default_rng(9)
    rows = [
        sums(draw.normal(shift, 1, 400), variant=variant, outcome=outcome)
        for outcome, shift_by in {"score": 0.25, "recency_days": 0.0}.items()
        for variant, shift in {"control": 0.0, "a": shift_by, "b": 0.0}.items()
    ]
    found = [row for row in experiments.analyse(rows, "control", {}) if row.get("lift") is not None]
    assert len(found) == 4
    ordered = sorted(found, key=lambda row: row["adjusted_p_value"])
    assert ordered[0]["corrected_p_value"] == pytest.approx(4 * ordered[0]["adjusted_p_value"])
    assert [row["verdict"] for row in ordered] == ["higher"] + ["no_difference_shown"] * 3


def test_the_order_of_rows_is_nothing() -> None:
    draw = np.random.default_rng(10)
    rows = [
        sums(draw.normal(0, 1, 50), variant=variant, outcome=outcome, experiment_id=experiment)
        for experiment in ("e", "f")
        for outcome in ("score", "recency_days")
        for variant in ("control", "a", "b")
    ]
    assert experiments.analyse(rows, "control", {}) == experiments.analyse(
        rows[::-1], "control", {}
    )


# how often it is wrong, and how often it finds what is there


def test_without_an_effect_one_in_twenty_is_a_false_alarm() -> None:
    draw = np.random.default_rng(11)
    plain = adjusted = 0
    for _ in range(1_000):
        x = draw.gamma(2, 10, (2, 120))
        y = x + draw.gamma(2, 8, (2, 120))
        arms = [experiments.arm(row) for row in centred((y[0], x[0]), (y[1], x[1]))]
        slope = experiments.covariate_slope(arms)
        plain += p_value([experiments.adjusted(arm, 0.0) for arm in arms]) < 0.05
        adjusted += p_value([experiments.adjusted(arm, slope) for arm in arms]) < 0.05
    assert 35 <= plain <= 65
    assert 35 <= adjusted <= 65


def p_value(arms: list[tuple[float, float, int]]) -> float:
    """Of the second arm against the first."""
    return experiments.compare(arms[1], arms[0]).p_value


def looked_at_daily(lift: float, seed: int, tests: int = 1_000) -> tuple[float, float]:
    """Shares of tests with an alarm in 30 daily looks: the sequential p-value, and the plain one.

    20 customers a day and arm, so 600 an arm in the end; outcomes like scores, skewed.
    """
    draw = np.random.default_rng(seed)
    y = draw.beta(2, 3, (2, tests, 600)) * 100
    y[1] += lift * y[0].std()
    days = 20 * np.arange(1, 31)
    means = y.cumsum(axis=2)[:, :, days - 1] / days
    squares = (y * y).cumsum(axis=2)[:, :, days - 1] / days
    variances = (squares - means**2) * days / (days - 1)
    plain = ttest_ind_from_stats(
        means[1], variances[1] ** 0.5, days, means[0], variances[0] ** 0.5, days, equal_var=False
    ).pvalue
    sequential = [
        experiments.sequential_p_value(lifted, variance, deviation)
        for lifted, variance, deviation in zip(
            (means[1] - means[0]).ravel(),
            (variances.sum(axis=0) / days).ravel(),
            ((variances.sum(axis=0) / 2) ** 0.5).ravel(),
            strict=True,
        )
    ]
    alarms = np.reshape(sequential, (tests, 30)).min(axis=1) < 0.05
    return float(alarms.mean()), float((plain.min(axis=1) < 0.05).mean())


def test_thirty_daily_looks_raise_no_more_false_alarms_than_one() -> None:
    sequential, plain = looked_at_daily(lift=0.0, seed=12)
    assert sequential <= 0.065
    # What the sequential p-value is for: the plain one, looked at daily, is wrong far more often.
    assert plain > 0.15


def test_a_lift_of_three_tenths_of_a_standard_deviation_is_found() -> None:
    assert looked_at_daily(lift=0.3, seed=13)[0] >= 0.8


# the demo company


def test_the_checklist_of_the_demo_is_found_by_variance_reduction_alone(demo: Project) -> None:
    found = demo.records(
        """
        select * from engagement_experiments
        where outcome = 'activity:product_session' and variant = 'treatment'
        """
    )[0]
    assert (found["status"], found["verdict"], found["customers"]) == ("compared", "higher", 120)
    assert found["plain_lift"] == pytest.approx(1.18, abs=0.005)
    assert found["plain_p_value"] > 0.05
    assert found["corrected_p_value"] < 0.05
    assert found["variance_ratio"] < 0.5
    others = demo.query(
        """
        select distinct verdict from engagement_experiments
        where outcome != 'activity:product_session' and variant = 'treatment'
        """
    )
    assert others == [("no_difference_shown",)]


def test_the_sums_are_those_of_the_days(demo: Project) -> None:
    counted = demo.query(
        """
        select assignments.variant, sum(days.interactions)
        from int_customer_activity_days as days
        inner join int_experiment_assignments_judged as assignments using (customer_id)
        where days.activity_type = 'product_session'
            and days.occurred_on > cast(assignments.assigned_at as date)
            and days.occurred_on <= date '2025-06-29'
        group by 1
        """
    )
    summed = demo.query(
        """
        select variant, value_sum from int_experiment_sums
        where outcome = 'activity:product_session'
        """
    )
    assert dict(counted) == dict(summed)
