"""What separates high scorers from low ones, and which first actions go with a high score later.

From the sums of scoring_engagement__driver_sums alone, so that the number of customers does not
matter here:
Hedges' g with its 95% interval (Hedges 1981, by statsmodels), Welch's t-test (by scipy), and
p-values corrected for the number of comparisons (Benjamini and Hochberg 1995, by statsmodels).
"""

from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.stats import norm, ttest_ind_from_stats
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.multitest import multipletests

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Names = npt.NDArray[np.str_]

# One in twenty of the differences found may be none.
FALSE_DISCOVERIES = 0.05
INTERVAL = 0.95

KEY = ["score_model", "segment_column", "segment", "driver_type", "driver"]


def effect_sizes(
    mean: Numbers,
    variance: Numbers,
    customers: Numbers,
    other_mean: Numbers,
    other_variance: Numbers,
    other_customers: Numbers,
) -> tuple[Numbers, Numbers, Numbers]:
    """Hedges' g of the first group over the other, and its interval; one element per comparison.

    The groups' difference in pooled standard deviations, without the bias of small groups. The
    interval is that of the normal approximation. Needs at least 2 customers in each group and a
    spread in one of them.
    """
    effect, variance_of_effect = effectsize_smd(
        mean,
        np.sqrt(variance),
        customers,
        other_mean,
        np.sqrt(other_variance),
        other_customers,
    )
    reach = norm.ppf((1.0 + INTERVAL) / 2.0) * np.sqrt(variance_of_effect)
    return effect, effect - reach, effect + reach


def p_values(
    mean: Numbers,
    variance: Numbers,
    customers: Numbers,
    other_mean: Numbers,
    other_variance: Numbers,
    other_customers: Numbers,
) -> Numbers:
    """Two-sided p-values of Welch's t-test, which lets the groups differ in spread and size."""
    test = ttest_ind_from_stats(
        mean,
        np.sqrt(variance),
        customers,
        other_mean,
        np.sqrt(other_variance),
        other_customers,
        equal_var=False,
    )
    return np.asarray(test.pvalue, dtype=np.float64)


def corrected(p: Numbers, family: Names) -> Numbers:
    """p-values after Benjamini and Hochberg, within each family; NaN is not tested and stays."""
    adjusted = np.full(len(p), np.nan)
    for name in np.unique(family):
        tested = (family == name) & ~np.isnan(p)
        if tested.any():
            adjusted[tested] = multipletests(p[tested], method="fdr_bh")[1]
    return adjusted


def results(difference: Numbers, adjusted: Numbers, is_enough: Flags, has_spread: Flags) -> Names:
    """What is found, in a word for each comparison."""
    return np.select(
        [
            ~is_enough,
            ~has_spread,
            (adjusted < FALSE_DISCOVERIES) & (difference > 0),
            (adjusted < FALSE_DISCOVERIES) & (difference < 0),
        ],
        ["not_enough_data", "no_spread", "higher", "lower"],
        default="no_clear_difference",
    ).astype(np.str_)


def compare(groups: dict[str, Numbers], is_enough: Flags, family: Names) -> dict[str, Any]:
    """Every comparison at once: column -> one element per row, NaN where there is none.

    groups: mean, variance, customers, other_mean, other_variance, other_customers, in the driver's
    unit. A family is corrected together.
    """
    spread = np.nan_to_num(groups["variance"]) + np.nan_to_num(groups["other_variance"])
    has_spread = spread > 0.0
    is_tested = is_enough & has_spread
    tested = {name: values[is_tested] for name, values in groups.items()}
    found = {
        name: np.full(len(is_enough), np.nan)
        for name in ("effect_size", "effect_size_lower", "effect_size_upper", "p_value")
    }
    if is_tested.any():
        effect, lower, upper = effect_sizes(**tested)
        found["effect_size"][is_tested] = effect
        found["effect_size_lower"][is_tested] = lower
        found["effect_size_upper"][is_tested] = upper
        found["p_value"][is_tested] = p_values(**tested)
    difference = np.where(is_enough, groups["mean"] - groups["other_mean"], np.nan)
    adjusted = corrected(found["p_value"], family)
    return {
        "difference": difference,
        **found,
        "adjusted_p_value": adjusted,
        "result": results(difference, adjusted, is_enough, has_spread),
    }


def families(score_model: Names, driver_type: Names, is_in_score: Flags) -> Names:
    """What is corrected together: of a score model, metrics in the score, those outside, actions.

    Metrics in the score separate by construction. Corrected with the rest, their certainty would
    make room for false finds among it.
    """
    part = np.where(is_in_score, "in", "outside")
    return np.array(
        ["\t".join(names) for names in zip(score_model, driver_type, part, strict=True)],
        dtype=np.str_,
    )


def numbers(frame: nw.DataFrame, column: str) -> Numbers:
    """A column as floats, NaN where it is NULL."""
    return frame[column].cast(nw.Float64).to_numpy().astype(np.float64)


def model(dbt: Any, session: Any) -> Any:
    """Grain: score model, segment column, segment, driver type, driver."""
    import pyarrow as pa

    sums = (
        nw.from_native(dbt.ref("scoring_engagement__driver_sums")).lazy().collect(backend="pyarrow")
    )
    sums = sums.sort(*KEY)
    found = compare(
        {
            "mean": numbers(sums, "mean_value"),
            "variance": numbers(sums, "value_variance"),
            "customers": numbers(sums, "customers"),
            "other_mean": numbers(sums, "other_mean_value"),
            "other_variance": numbers(sums, "other_value_variance"),
            "other_customers": numbers(sums, "other_customers"),
        },
        sums["has_enough_data"].to_numpy().astype(np.bool_),
        families(
            sums["score_model"].to_numpy().astype(np.str_),
            sums["driver_type"].to_numpy().astype(np.str_),
            sums["is_in_score"].to_numpy().astype(np.bool_),
        ),
    )
    table = sums.to_native()
    for column, values in found.items():
        kind = pa.string() if column == "result" else pa.float64()
        table = table.append_column(column, pa.array(values, type=kind, from_pandas=True))
    return table
