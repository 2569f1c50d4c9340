"""What `make suggest` proposes to weigh: which metrics, and how much each.

Weights are chosen as ensembles of models are (Caruana, Niculescu-Mizil, Crew and Ksikes 2004,
"Ensemble selection from libraries of models"): begin with the metric that alone agrees best with
what customers did later, then add, twentieth by twentieth, whichever metric makes the weighted mean
agree best. Everything is judged at cuts inside the data up to the last scored day.
"""

import math
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

Numbers = npt.NDArray[np.float64]
Rows = list[dict[str, Any]]

# Weights are chosen in twentieths of what behaviour may decide.
STEPS = 20
# What behaviour cannot judge (attitudes) keeps its share, and all weights add up to this.
TOTAL_WEIGHT = 100
# A metric that fewer customers have is no common ground to rank all of them on.
LEAST_KNOWN = 0.95
# What alone agrees not even half as well as the best only blurs it.
LEAST_OF_BEST = 0.5
# Another step must agree better by more than this: a simpler score is as good.
NO_DIFFERENCE = 0.0005


@dataclass(frozen=True)
class Cut:
    """Customers as they stood on a day, with their active days after it.

    values: metric -> one element per customer, NaN where there is none.
    """

    values: dict[str, Numbers]
    later: Numbers


def agreement(score: Numbers, later: Numbers) -> float:
    """How well a score orders customers by what they did later: 1 is perfect, 0 is chance.

    The mean of Gini's coefficient (2 AUC - 1) for coming back at all and Spearman's rank
    correlation with the active days.
    """
    if np.ptp(score) == 0 or np.ptp(later) == 0:
        return 0.0
    rank_correlation = float(spearmanr(score, later).statistic)
    came_back = later > 0
    if came_back.all():
        return rank_correlation
    return (2.0 * float(roc_auc_score(came_back, score)) - 1.0 + rank_correlation) / 2.0


def scale(values: Numbers, scaling: str, lower: float, goal: float) -> Numbers:
    """Values on 0 to 100 as the scoring scales them; only the scalings that are proposed."""
    if scaling == "saturation":
        scaled = 100.0 * (1.0 - 20.0 ** (-values / goal))
    else:
        scaled = (values - lower) / (goal - lower) * 100.0
    return np.clip(scaled, 0.0, 100.0)


def candidates(cuts: list[Cut], goals: Rows) -> list[str]:
    """What to choose from: no attitudes, known of nearly everybody, and telling something."""
    told = {
        goal["metric"]: alone(cuts, goal)
        for goal in goals
        if goal["dimension"] != "attitudinal"
        and min(known(cut, goal["metric"]) for cut in cuts) >= LEAST_KNOWN
    }
    enough = LEAST_OF_BEST * max(told.values(), default=0.0)
    return [metric for metric, agreed in told.items() if 0.0 < agreed >= enough]


def scaled_values(cut: Cut, goal: dict[str, Any]) -> Numbers:
    """A metric on 0 to 100 at a cut; the few without a value are at 0."""
    return np.nan_to_num(
        scale(cut.values[goal["metric"]], goal["scaling"], goal["lower"], goal["goal"])
    )


def alone(cuts: list[Cut], goal: dict[str, Any]) -> float:
    """How well a metric alone agrees with what came later, over all cuts."""
    return float(np.mean([agreement(scaled_values(cut, goal), cut.later) for cut in cuts]))


def known(cut: Cut, metric: str) -> float:
    """The share of customers who have a value."""
    return float(np.mean(~np.isnan(cut.values[metric])))


def chosen_weights(cuts: list[Cut], goals: Rows) -> dict[str, int]:
    """Metric -> how often it was chosen; empty where nothing can be judged.

    The selection as it stood when a further step did not help any more.
    """
    names = candidates(cuts, goals) if cuts else []
    by_name = {goal["metric"]: goal for goal in goals}
    scaled = [{name: scaled_values(cut, by_name[name]) for name in names} for cut in cuts]
    counts: dict[str, int] = {}
    best_counts: dict[str, int] = {}
    best = -math.inf
    sums = [np.zeros(len(cut.later)) for cut in cuts]
    for _ in range(STEPS if names else 0):
        found = {
            name: float(
                np.mean(
                    [
                        agreement(total + own[name], cut.later)
                        for total, own, cut in zip(sums, scaled, cuts, strict=True)
                    ]
                )
            )
            for name in names
        }
        # Of equals the first by name.
        name = min(names, key=lambda each: (-found[each], each))
        counts[name] = counts.get(name, 0) + 1
        sums = [total + own[name] for total, own in zip(sums, scaled, strict=True)]
        if found[name] > best + NO_DIFFERENCE:
            best, best_counts = found[name], dict(counts)
    return best_counts


def suggest(cuts: list[Cut], goals: Rows, kept: dict[str, float], horizon_days: int) -> Rows:
    """The rows of score_metrics: those chosen, the attitudes that somebody has, the rest at 0.

    goals: one row per metric that somebody has, with scaling, lower, goal and the goal's reason.
    kept: metric -> share (0 to 1) of all weights that the present settings give it; attitudes keep
    it, for an answer is no habit. Where nothing can be judged, all keep their share.
    """
    counts = chosen_weights(cuts, goals)
    attitudes = {
        goal["metric"]: kept.get(goal["metric"], 0.0)
        for goal in goals
        if goal["dimension"] == "attitudinal"
    }
    by_behaviour = 1.0 - sum(attitudes.values())
    named = candidates(cuts, goals) if cuts else []
    rows = []
    for goal in goals:
        metric = goal["metric"]
        if metric in attitudes or not counts:
            share = kept.get(metric, 0.0)
            reason = "weight: kept, as no habit shows what an answer is worth"
            if not counts:
                reason = "weight: kept, as there is too little history to judge by"
        else:
            share = by_behaviour * counts.get(metric, 0) / sum(counts.values())
            reason = weight_reason(cuts, goal, share, metric in named, horizon_days)
        rows.append(
            {
                **{key: goal[key] for key in ("metric", "dimension", "scaling", "lower", "goal")},
                "weight": float(round(TOTAL_WEIGHT * share, 1)),
                "missing": "rescale",
                "reason": f"{reason}; goal: {goal['reason']}",
            }
        )
    return rows


def weight_reason(
    cuts: list[Cut], goal: dict[str, Any], share: float, is_candidate: bool, horizon_days: int
) -> str:
    """Why a metric has its weight, or none."""
    metric = goal["metric"]
    known_of = min(known(cut, metric) for cut in cuts)
    if known_of < LEAST_KNOWN:
        return f"weight: 0, as only {known_of:.1%} of the customers have a value"
    what = f"alone it agrees {alone(cuts, goal):.3f} with the {horizon_days} days after"
    if share > 0:
        return f"weight: {what}"
    if is_candidate:
        return f"weight: 0, as it adds nothing to the others; {what}"
    return f"weight: 0, as the best alone agrees more than twice as well; {what}"


def cuts_of(
    metrics: nw.DataFrame, history: nw.DataFrame, names: list[str], horizon_days: int
) -> list[Cut]:
    """The customers of the history as they stood at each cut, with their active days after it."""
    found = []
    for days_before in sorted(set(metrics["days_before"].to_list())):
        there = metrics.filter(nw.col("days_before") == days_before).sort("customer_id")
        ahead = (
            history.filter(
                (nw.col("days_ago") < days_before)
                & (nw.col("days_ago") >= days_before - horizon_days)
            )
            .group_by("customer_id")
            .agg(later=nw.col("days_ago").n_unique())
        )
        later = (
            there.select("customer_id")
            .join(ahead, on="customer_id", how="left")
            .sort("customer_id")["later"]
        )
        values = {
            name: there[name].cast(nw.Float64).to_numpy().astype(np.float64) for name in names
        }
        found.append(Cut(values, later.fill_null(0).to_numpy().astype(np.float64)))
    return found


def shares(goals: Rows) -> dict[str, float]:
    """Metric -> its share of the weights that the present settings give to what somebody has."""
    total = math.fsum(goal["weight"] for goal in goals)
    return {goal["metric"]: goal["weight"] / total if total else 0.0 for goal in goals}


def collected(relation: Any) -> nw.DataFrame:
    """A table in memory."""
    return nw.from_native(relation).lazy().collect(backend="pyarrow")


def model(dbt: Any, session: Any) -> Any:
    """Grain: metric that somebody has."""
    import pyarrow as pa

    suggested = collected(dbt.ref("scoring_engagement__goal_suggestions")).filter(
        (nw.col("version") == "suggested") & ~nw.col("goal").is_null()
    )
    goals = suggested.sort("metric").rows(named=True)
    activities = collected(dbt.ref("scoring_engagement__suggested_activities"))
    cuts, horizon_days = [], 0
    if len(activities) and activities["is_judged"].any():
        horizon_days = int(activities["horizon_days"].max())
        cuts = cuts_of(
            collected(dbt.ref("scoring_engagement__suggestion_metrics")),
            collected(dbt.ref("scoring_engagement__suggestion_history")),
            [goal["metric"] for goal in goals],
            horizon_days,
        )
    return pa.Table.from_pylist(
        suggest(cuts, goals, shares(goals), horizon_days),
        schema=pa.schema(
            [
                ("metric", pa.string()),
                ("dimension", pa.string()),
                ("weight", pa.float64()),
                ("scaling", pa.string()),
                ("lower", pa.float64()),
                ("goal", pa.float64()),
                ("missing", pa.string()),
                ("reason", pa.string()),
            ]
        ),
    )
