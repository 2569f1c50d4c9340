"""Experiments: what is found, what is not, and what stops a comparison.

Simulations draw with fixed seeds and hand their sums to the model's own functions.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import statsmodels.api as sm
from dbt_project import ROOT, Project
from scipy.stats import ttest_ind, ttest_ind_from_stats
from statsmodels.stats.proportion import proportions_ztest

sys.path.insert(0, str(ROOT / "models/marts/experiments"))
import scoring_engagement__experiments as experiments

Row = dict[str, Any]
Sample = tuple[np.ndarray, np.ndarray]


def sums(
    values: Sequence[float] | np.ndarray,
    covariates: Sequence[float] | np.ndarray | None = None,
    customers: int | None = None,
    **names: Any,
) -> Row:
    """A variant's row of int_engagement__experiment_sums; nan: the customer has no covariate."""
    y = np.asarray(values, dtype=float)
    x = np.zeros(len(y)) if covariates is None else np.asarray(covariates, dtype=float)
    is_covered = ~np.isnan(x)
    x = np.where(is_covered, x, 0.0)
    return {
        "experiment_id": "e",
        "outcome": "score",
        "is_version_frozen": True,
        "customers": len(y) if customers is None else customers,
        "measured_customers": len(y),
        "covered_customers": int(is_covered.sum()),
        "value_lowest": 0.0,
        "value_range": 1.0,
        "value_sum": y.sum(),
        "value_square_sum": (y * y).sum(),
        "covariate_sum": x.sum(),
        "covariate_square_sum": (x * x).sum(),
        "product_sum": (x * y).sum(),
        "uncovered_value_sum": y[~is_covered].sum(),
        **names,
    }


def counts(customers: int, successes: int, **names: Any) -> Row:
    """The same from published counts."""
    return sums([], **names) | {
        "customers": customers,
        "measured_customers": customers,
        "value_sum": float(successes),
        "value_square_sum": float(successes),
        "uncovered_value_sum": float(successes),
    }


def analysed(*rows: Row, shares: Mapping[str, Any] | None = None) -> dict[str, Row]:
    """The rows of the mart by variant."""
    found = experiments.analyse(rows, "control", shares or {})
    return {row["variant"]: row for row in found}


def two_variants(control: Sample, treated: Sample) -> tuple[Row, Row]:
    """The sums of two variants of outcomes and covariates."""
    return sums(*control, variant="control"), sums(*treated, variant="treatment")


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


def test_a_plan_is_for_its_own_experiment() -> None:
    of_a = {"a": {"control": 0.6, "treatment": 0.4}}
    uneven = counts(600, 300, variant="control"), counts(400, 300, variant="treatment")
    for experiment_id, status in {"a": "compared", "b": "sample_ratio_blocked"}.items():
        rows = [{**row, "experiment_id": experiment_id} for row in uneven]
        assert analysed(*rows, shares=of_a)["treatment"]["status"] == status
    # What is said of all is for those that have these variants; others are split equally.
    even = counts(500, 300, variant="control"), counts(500, 300, variant="blue")
    assert (
        analysed(*even, shares={"control": 0.6, "treatment": 0.4})["blue"]["status"] == "compared"
    )


def test_a_variant_that_was_not_planned_blocks_and_so_does_one_that_is_missing() -> None:
    plan = {"e": {"control": 1, "treatment": 1}}
    control, treated, other = (
        counts(500, 300, variant=variant) for variant in ("control", "treatment", "other")
    )
    assert analysed(control, treated, shares=plan)["treatment"]["status"] == "compared"
    for rows in (control, treated, other), (control, other):
        assert {row["status"] for row in analysed(*rows, shares=plan).values()} == {
            "sample_ratio_blocked"
        }


def test_unequal_shares_unscored_block_and_equal_ones_do_not() -> None:
    values = np.linspace(0, 100, 400)
    control = sums(values, variant="control", customers=440)
    unequal = sums(values[:330], variant="treatment", customers=440)
    equal = sums(values[:395], variant="treatment", customers=440)
    assert analysed(control, unequal)["treatment"]["status"] == "unscored_blocked"
    assert analysed(control, equal)["treatment"]["status"] == "compared"
    # The second analysis has everybody, and stands beside the first that is blocked.
    names: Row = {"customers": 440, "outcome": "score_unscored_as_lowest"}
    second = [
        sums([*kept, *[0.0] * (440 - len(kept))], variant=variant, **names)
        for variant, kept in {"control": values, "treatment": values[:330]}.items()
    ]
    assert analysed(*second)["treatment"]["status"] == "compared"


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
    assert (same["verdict"], same["standardised_lift"]) == ("no_difference_shown", None)


# that the arithmetic is right


def test_the_sums_give_what_scipy_and_statsmodels_give_from_the_rows() -> None:
    draw = np.random.default_rng(7)
    x0, x1 = draw.normal(50, 10, 300), draw.normal(50, 10, 280)
    y0 = 0.8 * x0 + draw.normal(0, 6, 300)
    y1 = 0.8 * x1 + draw.normal(1, 9, 280)
    found = analysed(*two_variants((y0, x0), (y1, x1)))["treatment"]

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


def test_customers_without_a_past_are_told_apart_and_not_left_out() -> None:
    draw = np.random.default_rng(14)
    x = draw.normal(50, 10, (2, 400))
    # Newcomers are unlike the others, and a third of each arm.
    is_new = draw.random((2, 400)) < 1 / 3
    y = np.where(is_new, 20, 0.8 * x) + draw.normal(0, 5, (2, 400))
    known = np.where(is_new, np.nan, x)
    found = analysed(*two_variants((y[0], known[0]), (y[1], known[1])))["treatment"]
    arm = np.repeat([0.0, 1.0], 400)
    filled = np.where(is_new, x[~is_new].mean(), x).ravel()
    columns = np.column_stack([arm, filled, is_new.ravel()])
    fitted = sm.OLS(y.ravel(), sm.add_constant(columns)).fit()
    assert found["adjusted_lift"] == pytest.approx(fitted.params[1], rel=1e-9)
    standard_error = (found["adjusted_high"] - found["adjusted_lift"]) / 1.96
    assert standard_error == pytest.approx(fitted.bse[1], rel=0.01)
    assert (found["customers"], found["covered_customers"]) == (400, int((~is_new[1]).sum()))
    none = analysed(*two_variants((y[0], x[0] * np.nan), (y[1], x[1] * np.nan)))["treatment"]
    assert (none["adjusted_p_value"], none["variance_ratio"]) == (none["p_value"], 1)


def test_the_variance_ratio_is_1_less_r_squared() -> None:
    draw = np.random.default_rng(8)
    x = draw.normal(0, 1, (2, 5_000))
    y = 0.6 * x + 0.8 * draw.normal(0, 1, (2, 5_000))
    found = analysed(*two_variants((y[0], x[0]), (y[1], x[1])))["treatment"]
    within = np.concatenate([y[0] - y[0].mean(), y[1] - y[1].mean()])
    correlation = np.corrcoef(within, np.concatenate([x[0] - x[0].mean(), x[1] - x[1].mean()]))[
        0, 1
    ]
    assert found["variance_ratio"] == pytest.approx(1 - correlation**2, rel=1e-9)
    width = (found["adjusted_high"] - found["adjusted_low"]) / (
        found["lift_high"] - found["lift_low"]
    )
    assert width**2 == pytest.approx(found["variance_ratio"], rel=0.01)
    useless = analysed(*two_variants((y[0], x[0] * 0), (y[1], x[1] * 0)))["treatment"]
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
    # A verdict that holds on any day wants more than one that holds on a day fixed before.
    for row in found:
        assert row["sequential_p_value"] >= row["adjusted_p_value"]
        assert (row["sequential_verdict"] == "no_difference_shown") == (
            row["corrected_sequential_p_value"] >= 0.05
        )


def test_the_order_of_rows_does_not_matter() -> None:
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


@pytest.mark.parametrize("newcomers", [0.0, 0.3])
@pytest.mark.parametrize("customers", [(120, 120), (12, 30)])
def test_without_an_effect_one_in_twenty_is_a_false_alarm(
    customers: tuple[int, int], newcomers: float
) -> None:
    draw = np.random.default_rng(11)
    plain = adjusted = 0
    for _ in range(1_000):
        arms = []
        for each in customers:
            x = draw.gamma(2, 10, each)
            y = x + draw.gamma(2, 8, each)
            arms.append(
                experiments.arm(sums(y, np.where(draw.random(each) < newcomers, np.nan, x)))
            )
        fitted = experiments.covariate_slopes(arms)
        plain += p_value([experiments.plain(arm) for arm in arms]) < 0.05
        adjusted += p_value([experiments.adjusted(arm, *fitted) for arm in arms]) < 0.05
    assert 35 <= plain <= 65
    assert 35 <= adjusted <= 65


def p_value(arms: list[tuple[float, float, int]]) -> float:
    """Of the second arm against the first."""
    return experiments.compare(arms[1], arms[0]).p_value


def alarms(
    means: np.ndarray, variances: np.ndarray, customers: np.ndarray
) -> tuple[float, float, float]:
    """Shares of tests with an alarm in any of the looks, the last axis; the first is the arm.

    By the sequential p-value and by the plain one; and of those with a sequential one at the end.
    """
    plain = ttest_ind_from_stats(
        means[1],
        variances[1] ** 0.5,
        customers,
        means[0],
        variances[0] ** 0.5,
        customers,
        equal_var=False,
    ).pvalue
    sequential = np.vectorize(experiments.sequential_p_value)(
        means[1] - means[0], variances.sum(axis=0) / customers, (variances.sum(axis=0) / 2) ** 0.5
    )
    return (
        float((sequential.min(axis=1) < 0.05).mean()),
        float((plain.min(axis=1) < 0.05).mean()),
        float((sequential[:, -1] < 0.05).mean()),
    )


def customers_every_day(lift: float, seed: int, tests: int = 1_000) -> tuple[float, float, float]:
    """Alarms in 30 daily looks: 20 customers per day and arm, so 600 per arm in the end.

    Outcomes like scores, skewed.
    """
    draw = np.random.default_rng(seed)
    y = draw.beta(2, 3, (2, tests, 600)) * 100
    y[1] += lift * y[0].std()
    days = 20 * np.arange(1, 31)
    means = y.cumsum(axis=2)[:, :, days - 1] / days
    squares = (y * y).cumsum(axis=2)[:, :, days - 1] / days
    return alarms(means, (squares - means**2) * days / (days - 1), days)


def customers_measured_again(seed: int, tests: int = 1_000) -> tuple[float, float, float]:
    """Alarms in 30 daily looks at 200 customers per arm, all assigned on the first day.

    What is counted of them grows from day to day; some do much more than others. No effect.
    """
    draw = np.random.default_rng(seed)
    rates = draw.gamma(1, 0.3, (2, tests, 200))
    y = np.zeros_like(rates)
    means, variances = [], []
    for _ in range(30):
        y = y + draw.poisson(rates)
        means.append(y.mean(axis=2))
        variances.append(y.var(axis=2, ddof=1))
    return alarms(np.stack(means, axis=-1), np.stack(variances, axis=-1), np.full(30, 200))


def test_thirty_daily_looks_raise_no_more_false_alarms_than_one() -> None:
    sequential, plain, _ = customers_every_day(lift=0.0, seed=12)
    assert sequential <= 0.065
    # What the sequential p-value is for: the plain one, looked at daily, is wrong far more often.
    assert plain > 0.15


def test_nor_do_repeated_looks_at_the_same_customers() -> None:
    sequential, plain, _ = customers_measured_again(seed=15)
    assert sequential <= 0.065
    assert plain > 0.1


def test_a_lift_of_three_tenths_of_a_standard_deviation_is_found() -> None:
    found, _, at_the_end = customers_every_day(lift=0.3, seed=13)
    assert found >= 0.8
    assert at_the_end >= 0.8


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
        from int_engagement__customer_activity_days as days
        inner join int_engagement__experiment_assignments_judged as assignments using (customer_id)
        where days.activity_type = 'product_session'
            and days.occurred_on > cast(assignments.assigned_at as date)
            and days.occurred_on <= date '2025-06-29'
        group by 1
        """
    )
    summed = demo.query(
        """
        select variant, round(value_lowest * customers + value_range * value_sum, 9)
        from int_engagement__experiment_sums
        where outcome = 'activity:product_session'
        """
    )
    assert dict(counted) == dict(summed) == {"control": 375, "treatment": 517}


def test_the_variables_reach_the_mart(demo: Project, tmp_path: Path) -> None:
    project = demo.copy(tmp_path / "project")
    with duckdb.connect(str(project.database)) as connection:
        # Variants named by digits, a second experiment that was to be split otherwise, and amounts
        # whose squares have 24 digits.
        connection.execute(
            "update demo_experiment_assignments set variant = "
            "case variant when 'control' then '0' else '1' end"
        )
        connection.execute(
            "insert into demo_experiment_assignments "
            "select * replace ('planned' as experiment_id) from demo_experiment_assignments"
        )
        connection.execute(
            "update int_engagement__customer_metrics set lifetime_value = lifetime_value * 1e9"
        )
    outcomes = ["activity:nothing", "lifetime_value"]
    run = project.dbt(
        "run",
        "--select=int_engagement__experiment_sums scoring_engagement__experiments "
        "engagement_experiments",
        variables={
            "experiment_outcomes": outcomes,
            "experiment_control": "0",
            "experiment_shares": {"planned": {"0": 0.8, "1": 0.2}},
        },
    )
    assert run.success, run.said
    found = project.records("select * from engagement_experiments order by all")
    assert [
        (row["experiment_id"], row["variant"], row["outcome"], row["status"]) for row in found
    ] == [
        (experiment_id, variant, outcome, status)
        for experiment_id, statuses in {
            "onboarding_checklist": {"0": "control", "1": "compared"},
            "planned": {"0": "sample_ratio_blocked", "1": "sample_ratio_blocked"},
        }.items()
        for variant, status in statuses.items()
        for outcome in outcomes
    ]
    assert max(row["mean"] for row in found) > 1e9
    # What is the same for all differs by nothing, to the last digit.
    (nothing,) = (
        row for row in found if row["outcome"] == outcomes[0] and row["status"] == "compared"
    )
    assert (nothing["lift"], nothing["verdict"]) == (0.0, "no_difference_shown")
