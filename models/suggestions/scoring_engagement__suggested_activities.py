"""What `make suggest` proposes for each activity: half-life, daily cap and points.

Everything is judged inside the data up to the last scored day: the history is cut one and two
horizons before that day, and a setting is good if what it makes of the days before a cut agrees
with what the same customers did in the horizon after it.
"""

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

Numbers = npt.NDArray[np.float64]

# Days that a judgement looks ahead: four, eight or twelve weeks.
HORIZONS = (28, 56, 84)
# Days in which an activity loses half of its weight: one week to half a year.
HALF_LIVES = (7, 14, 21, 28, 35, 42, 56, 70, 91, 112, 140, 182)
# The window in half-lives: what drops out at its edge is down to a thirty-second.
WINDOW_HALF_LIVES = 5
# The half-life under the default window of 91 days, where the data cannot tell.
DEFAULT_HALF_LIFE = 27
# Fewer customers who came back, or who did something, tell nothing.
LEAST_CUSTOMERS = 30
# Settings that agree as well as this are the same; the first one is taken.
NO_DIFFERENCE = 0.0005
LEAST_POINTS, MOST_POINTS = 0.001, 10.0


@dataclass(frozen=True)
class History:
    """Activity days of customers, one element each; `days_ago` counts from the last scored day.

    customer and activity are numbers from 0; value is the day's sum on the activity's own basis.
    """

    customer: npt.NDArray[np.int64]
    activity: npt.NDArray[np.int64]
    days_ago: npt.NDArray[np.int64]
    value: Numbers
    customers: int

    def only(self, rows: npt.NDArray[np.bool_]) -> "History":
        """The chosen elements; the customers keep their numbers."""
        return History(
            self.customer[rows],
            self.activity[rows],
            self.days_ago[rows],
            self.value[rows],
            self.customers,
        )

    def active_days(self) -> "History":
        """One element of value 1 for each customer and day, whatever was done."""
        days = np.unique(np.column_stack([self.customer, self.days_ago]), axis=0)
        customer, days_ago = days[:, 0], days[:, 1]
        return History(
            customer, np.zeros(len(days), np.int64), days_ago, np.ones(len(days)), self.customers
        )


def median_gap(days: History) -> float:
    """The median of the days between one active day of a customer and the next."""
    order = np.lexsort((-days.days_ago, days.customer))
    customer, days_ago = days.customer[order], days.days_ago[order]
    gaps = (days_ago[:-1] - days_ago[1:])[customer[:-1] == customer[1:]]
    return float(np.median(gaps)) if len(gaps) else float("inf")


def horizon(gap: float, history_days: int) -> int:
    """How far ahead to judge: four usual gaps, whoever is silent for longer has gone for now.

    Two thirds of the history lie before the first cut, where it is long enough for that at all.
    """
    allowed = [days for days in HORIZONS if days <= history_days / 3] or [HORIZONS[0]]
    enough = [days for days in allowed if days >= 4 * gap]
    return min(enough) if enough else max(allowed)


def cuts(horizon_days: int, history_days: int) -> list[int]:
    """The days ago at which the history is cut: one and two horizons, if as much lies before."""
    return [cut for cut in (horizon_days, 2 * horizon_days) if history_days - cut >= horizon_days]


def decayed(days: History, cut: int, half_life: float) -> Numbers:
    """Per customer the sum of the window's values up to the cut, halved with each half-life."""
    age = days.days_ago - cut
    past = (age >= 0) & (age < WINDOW_HALF_LIVES * half_life)
    weights = days.value[past] * 2.0 ** (-age[past] / half_life)
    return np.bincount(days.customer[past], weights, minlength=days.customers).astype(np.float64)


def seen_by(active_days: History, cut: int) -> npt.NDArray[np.bool_]:
    """Which customers had been active by the cut."""
    there = np.zeros(active_days.customers, np.bool_)
    there[active_days.customer[active_days.days_ago >= cut]] = True
    return there


def later_days(active_days: History, cut: int, horizon_days: int) -> Numbers:
    """Per customer the active days in the horizon after the cut."""
    ahead = (active_days.days_ago < cut) & (active_days.days_ago >= cut - horizon_days)
    counts = np.bincount(active_days.customer[ahead], minlength=active_days.customers)
    return counts.astype(np.float64)


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


def mean_agreement(
    days: History, active_days: History, half_life: float, at: list[int], horizon_days: int
) -> float:
    """The agreement over all cuts, of the customers who were there by then."""
    found = []
    for cut in at:
        is_there = seen_by(active_days, cut)
        later = later_days(active_days, cut, horizon_days)
        found.append(agreement(decayed(days, cut, half_life)[is_there], later[is_there]))
    return float(np.mean(found))


def first_best(values: list[float]) -> int:
    """The place of the first value that no other beats by more than nothing."""
    return next(i for i, value in enumerate(values) if value >= max(values) - NO_DIFFERENCE)


def can_judge(active_days: History, at: list[int], horizon_days: int) -> bool:
    """Whether at every cut enough customers came back, and there is a cut at all."""
    return bool(at) and all(
        np.count_nonzero(
            (later_days(active_days, cut, horizon_days) > 0) & seen_by(active_days, cut)
        )
        >= LEAST_CUSTOMERS
        for cut in at
    )


def too_little(at: list[int], history_days: int) -> str:
    """What there is too little of: days, or customers who came back."""
    if not at:
        return f"{history_days} days, of {2 * HORIZONS[0]} at least"
    return f"in {history_days} days fewer than {LEAST_CUSTOMERS} customers came back after a cut"


def best_half_life(
    active_days: History, at: list[int], horizon_days: int, history_days: int
) -> tuple[int, float]:
    """The half-life under which decayed active days agree best, and how well."""
    allowed = [days for days in HALF_LIVES if days <= max(history_days / 2, HALF_LIVES[0])]
    found = [mean_agreement(active_days, active_days, days, at, horizon_days) for days in allowed]
    best = int(np.argmax(found))
    return allowed[best], found[best]


def best_cap(
    days: History,
    active_days: History,
    half_life: float,
    at: list[int],
    horizon_days: int,
    is_count: bool,
) -> float | None:
    """The daily cap under which one activity agrees best; None: no cap. Of equals the lowest.

    Tried are 1 (of an activity that is counted), what a tenth, half and nine tenths of the days
    with any stay under, and no cap.
    """
    tried = sorted({float(np.ceil(np.quantile(days.value, share))) for share in (0.1, 0.5, 0.9)})
    tried = ([1.0] if is_count else []) + [cap for cap in tried if cap > (1.0 if is_count else 0.0)]
    tried = [cap for cap in tried if cap < days.value.max() or (is_count and cap == 1.0)]
    capped = [
        History(
            days.customer,
            days.activity,
            days.days_ago,
            np.minimum(days.value, cap),
            days.customers,
        )
        for cap in tried
    ]
    found = [
        mean_agreement(each, active_days, half_life, at, horizon_days) for each in (*capped, days)
    ]
    best = first_best(found)
    return tried[best] if best < len(tried) else None


def later_ratio(
    days: History, active_days: History, at: list[int], horizon_days: int
) -> tuple[float, int]:
    """Later active days of those who did it within a horizon before, by those of all active then.

    How scoring by hand weighs an action: by how much better those did who took it. Also how many
    they were, at the cut where they were fewest.
    """
    ratios, counts = [], []
    for cut in at:
        recently = (active_days.days_ago >= cut) & (active_days.days_ago < cut + horizon_days)
        all_active = np.unique(active_days.customer[recently])
        did = (days.days_ago >= cut) & (days.days_ago < cut + horizon_days)
        who = np.unique(days.customer[did])
        later = later_days(active_days, cut, horizon_days)
        counts.append(len(who))
        if len(who) and later[all_active].mean() > 0:
            ratios.append(later[who].mean() / later[all_active].mean())
    return (float(np.mean(ratios)) if ratios else 1.0), min(counts)


def points_each(ratio: float, counted: Numbers) -> float:
    """Points per unit, so that a usual day of the activity is worth the ratio: two digits of it."""
    points = ratio / max(float(counted.mean()), 1e-9)
    return float(f"{min(max(points, LEAST_POINTS), MOST_POINTS):.2g}")


def suggest(history: History, activities: list[str], is_count: list[bool]) -> list[dict[str, Any]]:
    """One row per activity: points, daily_cap, half_life_days, horizon_days, and the reason."""
    history_days = int(history.days_ago.max()) + 1
    active_days = history.active_days()
    gap = median_gap(active_days)
    horizon_days = horizon(gap, history_days)
    at = cuts(horizon_days, history_days)
    is_judged = can_judge(active_days, at, horizon_days)
    half_life, fit = DEFAULT_HALF_LIFE, 0.0
    if is_judged:
        half_life, fit = best_half_life(active_days, at, horizon_days, history_days)
    rows = []
    for number, activity in enumerate(activities):
        cap: float | None = None
        points: float | None = None
        reason = (
            f"too little history to judge: {too_little(at, history_days)};"
            " the default half-life, caps and points as they are"
        )
        if is_judged:
            days = history.only(history.activity == number)
            ratio, people = later_ratio(days, active_days, at, horizon_days)
            reason = (
                f"half-life: of {HALF_LIVES[0]} to {HALF_LIVES[-1]} days it predicts best who came "
                f"back within {horizon_days} days (agreement {fit:.3f}; usual gap {gap:.0f} days); "
            )
            if people >= LEAST_CUSTOMERS:
                cap = best_cap(days, active_days, half_life, at, horizon_days, is_count[number])
                points = points_each(ratio, days.value if cap is None else days.value.clip(max=cap))
                reason += (
                    f"cap: {'none' if cap is None else f'{cap:g} a day'} predicts as much as any; "
                    f"points: customers who did it were active {ratio:.2f} times as much later, "
                    "by usual day"
                )
            else:
                reason += (
                    "cap: as it was; points: as they were, in proportion (new: 1), as only "
                    f"{people} customers did it"
                )
        rows.append(
            {
                "activity_type": activity,
                "points": points,
                "daily_cap": cap,
                "half_life_days": float(half_life),
                "horizon_days": horizon_days,
                "is_judged": is_judged,
                "reason": reason,
            }
        )
    return rows


def to_history(frame: nw.DataFrame) -> tuple[History, list[str], list[bool]]:
    """The table as arrays, in an order of its own, with the activities' names and bases."""
    ordered = frame.sort("customer_id", "activity_type", "days_ago")
    customers, customer = np.unique(ordered["customer_id"].to_numpy(), return_inverse=True)
    activities, first, activity = np.unique(
        ordered["activity_type"].to_numpy(), return_index=True, return_inverse=True
    )
    bases = ordered["value_basis"].to_numpy()[first]
    history = History(
        customer,
        activity,
        ordered["days_ago"].to_numpy().astype(np.int64),
        ordered["daily_value"].to_numpy().astype(np.float64),
        len(customers),
    )
    return history, [str(name) for name in activities], [basis == "count" for basis in bases]


def model(dbt: Any, session: Any) -> Any:
    """Grain: activity type that customers do."""
    import pyarrow as pa

    frame = (
        nw.from_native(dbt.ref("scoring_engagement__suggestion_history"))
        .lazy()
        .collect(backend="pyarrow")
    )
    rows = suggest(*to_history(frame)) if len(frame) else []
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [
                ("activity_type", pa.string()),
                ("points", pa.float64()),
                ("daily_cap", pa.float64()),
                ("half_life_days", pa.float64()),
                ("horizon_days", pa.int32()),
                ("is_judged", pa.bool_()),
                ("reason", pa.string()),
            ]
        ),
    )
