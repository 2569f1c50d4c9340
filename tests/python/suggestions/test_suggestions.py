"""What `make suggest` proposes, on histories made so that the right answer is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from scoring_frames import DATABASE, Row, collected, lazy, python_model
from scoring_frames import parameter as scored_parameter

activities = python_model("scoring_engagement__suggested_activities")
metrics = python_model("scoring_engagement__suggested_metrics")
scoring = python_model("scoring_engagement__scores")

Numbers = npt.NDArray[np.float64]
HISTORY = pa.schema(
    {
        "customer_id": pa.string(),
        "activity_type": pa.string(),
        "value_basis": pa.string(),
        "days_ago": pa.int64(),
        "daily_value": pa.float64(),
    }
)


def history(rows: Iterable[tuple[int, int, int, float]], customers: int | None = None) -> Any:
    """Rows of customer, activity, days ago and value."""
    table = np.array(sorted(rows), np.float64).reshape(-1, 4)
    customer, activity, days_ago = table[:, :3].astype(np.int64).T
    count = customers if customers is not None else int(customer.max()) + 1
    return activities.History(customer, activity, days_ago, table[:, 3], count)


def days_of(*days_ago: Iterable[int]) -> Any:
    """Active days, one list for each customer."""
    rows = [(number, 0, ago, 1.0) for number, days in enumerate(days_ago) for ago in days]
    return history(rows, len(days_ago))


def numbered(activity: npt.NDArray[Any], *columns: npt.NDArray[Any]) -> Any:
    """A history from columns: customer, days ago, value."""
    customer, days_ago, value = columns
    order = np.lexsort((days_ago, activity, customer))
    return activities.History(
        customer[order].astype(np.int64),
        activity[order].astype(np.int64),
        days_ago[order].astype(np.int64),
        value[order].astype(np.float64),
        int(customer.max()) + 1,
    )


# --- when to judge ---


def test_the_usual_gap_is_that_between_active_days_of_the_same_customer() -> None:
    # Gaps of 3 and 7, 1, and none of who came once.
    assert activities.median_gap(days_of([10, 7, 0], [50, 49], [200])) == 3
    assert activities.median_gap(days_of([10], [3])) == float("inf")


def test_a_day_is_active_once_whatever_was_done_on_it() -> None:
    days = history([(0, 0, 5, 3.0), (0, 1, 5, 9.0), (0, 1, 2, 4.0), (1, 0, 5, 1.0)]).active_days()
    assert list(zip(days.customer, days.days_ago, days.value, strict=True)) == [
        (0, 2, 1),
        (0, 5, 1),
        (1, 5, 1),
    ]


@pytest.mark.parametrize(
    ("gap", "history_days", "expected"),
    [
        (1, 365, 28),
        (7, 365, 28),
        (7.5, 365, 56),
        (14, 365, 56),
        (14.5, 365, 84),
        (60, 365, 84),
        (float("inf"), 365, 84),
        # A shorter history allows less: a third of it.
        (14.5, 252, 84),
        (14.5, 251, 56),
        (14.5, 167, 28),
        (1, 40, 28),
    ],
)
def test_the_horizon_is_the_first_of_at_least_four_usual_gaps_that_the_history_allows(
    gap: float, history_days: int, expected: int
) -> None:
    assert activities.horizon(gap, history_days) == expected


@pytest.mark.parametrize(
    ("horizon", "history_days", "expected"),
    [
        (28, 55, []),
        (28, 56, [28]),
        (28, 83, [28]),
        (28, 84, [28, 56]),
        (84, 1000, [84, 168]),
    ],
)
def test_a_history_is_cut_where_a_horizon_lies_before_and_after(
    horizon: int, history_days: int, expected: list[int]
) -> None:
    assert activities.cuts(horizon, history_days) == expected


def test_of_each_customer_the_days_up_to_a_cut_tell_and_those_of_the_horizon_after_it_judge() -> (
    None
):
    days = days_of([28], [27], [0], [40, 10, 5], [])
    assert activities.seen_by(days, 28).tolist() == [True, False, False, True, False]
    assert activities.later_days(days, 28, 28).tolist() == [0, 1, 1, 2, 0]
    # The day before the horizon begins, and the one after it ends.
    assert activities.later_days(days, 28, 20).tolist() == [0, 1, 0, 1, 0]
    assert activities.later_days(days, 41, 28).tolist() == [1, 1, 0, 1, 0]


@pytest.mark.parametrize("half_life", [7, 14, 3])
@pytest.mark.parametrize("cut", [0, 28, 56])
def test_decayed_values_are_those_of_a_plain_loop(half_life: int, cut: int) -> None:
    draw = np.random.default_rng(5)
    rows = [
        (int(draw.integers(0, 20)), 0, int(ago), float(draw.integers(1, 9)))
        for ago in draw.integers(0, 200, 800)
    ]
    expected = [0.0] * 20
    for customer, _, ago, value in rows:
        if cut <= ago < cut + 5 * half_life:
            expected[customer] += value * 0.5 ** ((ago - cut) / half_life)
    found = activities.decayed(history(rows, 20), cut, half_life)
    assert found == pytest.approx(expected, abs=1e-9)
    assert found.dtype == np.float64


def test_the_window_ends_after_five_half_lives_and_nothing_after_the_cut_is_seen() -> None:
    """The last day of the window is worth a little over a thirty-second."""
    days = days_of([10], [10 + 34], [10 + 35], [9], [0])
    assert activities.decayed(days, 10, 7).tolist() == [1, 2 ** (-34 / 7), 0, 0, 0]


def test_what_comes_after_a_cut_cannot_change_what_is_made_of_the_days_before_it() -> None:
    draw = np.random.default_rng(6)
    before = [(int(draw.integers(0, 9)), 0, int(ago), 1.0) for ago in draw.integers(28, 99, 99)]
    after = [(number, 0, ago, 1000.0) for number in range(9) for ago in range(28)]
    known, whole = history(before, 9), history(before + after, 9)
    assert activities.decayed(whole, 28, 14).tolist() == activities.decayed(known, 28, 14).tolist()
    assert activities.seen_by(whole, 28).tolist() == activities.seen_by(known, 28).tolist()


# --- how well a score agrees ---

both = pytest.mark.parametrize("module", [activities, metrics], ids=lambda module: module.__name__)


def numbers(*values: float) -> Numbers:
    return np.array(values, np.float64)


@both
def test_agreement_is_the_mean_of_gini_and_the_rank_correlation(module: Any) -> None:
    """Of four pairs of one who came back and one who did not, three are in order: Gini .5.

    The ranks 4, 3, 2, 1 against 4, 1.5, 3, 1.5 correlate by 3 in the root of 5 times 4.5.
    """
    found = module.agreement(numbers(40, 30, 20, 10), numbers(5, 0, 2, 0))
    assert found == pytest.approx((0.5 + 3 / (5 * 4.5) ** 0.5) / 2, abs=1e-12)


@both
def test_a_perfect_order_agrees_by_1_its_reverse_by_minus_1_and_a_constant_by_0(
    module: Any,
) -> None:
    later = numbers(0, 0, 0, 1, 2, 9)
    assert module.agreement(numbers(1, 1, 1, 3, 4, 5), later) == pytest.approx(1)
    assert module.agreement(-numbers(1, 1, 1, 3, 4, 5), later) == pytest.approx(-1)
    assert module.agreement(numbers(7, 7, 7, 7, 7, 7), later) == 0
    assert module.agreement(later, numbers(3, 3, 3, 3, 3, 3)) == 0


@both
def test_where_everybody_came_back_only_the_order_of_their_days_is_judged(module: Any) -> None:
    assert module.agreement(numbers(1, 2, 3), numbers(1, 2, 3)) == pytest.approx(1)
    assert module.agreement(numbers(1, 2, 3), numbers(1, 3, 2)) == pytest.approx(0.5)


@both
def test_a_score_of_chance_agrees_by_about_0(module: Any) -> None:
    draw = np.random.default_rng(8)
    assert abs(module.agreement(draw.random(4000), draw.poisson(1.0, 4000) * 1.0)) < 0.05


# --- half-lives, caps and points ---


def excited(half_life: float, seed: int, customers: int = 2000, days: int = 400) -> Any:
    """Customers who come the likelier the more they came, halved with each half-life since."""
    draw = np.random.default_rng(seed)
    kept = 2.0 ** (-1 / half_life)
    state, came = np.zeros(customers), []
    for _ in range(days):
        came.append(draw.random(customers) < 0.004 + 0.85 * (1 - kept) * state)
        state = (state + came[-1]) * kept
    day, customer = np.nonzero(np.array(came))
    return numbered(np.zeros(len(day)), customer, days - 1 - day, np.ones(len(day)))


def suggested(whole: Any, *names: str, is_count: bool = True) -> dict[str, Row]:
    found = activities.suggest(whole, list(names), [is_count] * len(names))
    assert [row["activity_type"] for row in found] == list(names)
    return {row["activity_type"]: row for row in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("planted", [7, 14, 28, 56, 91])
def test_the_half_life_of_a_habit_is_found_back_within_one_step(planted: int, seed: int) -> None:
    row = suggested(excited(planted, seed), "visit")["visit"]
    place = activities.HALF_LIVES.index
    assert abs(place(int(row["half_life_days"])) - place(planted)) <= 1
    assert row["is_judged"]


def test_a_half_life_is_at_most_half_of_the_history() -> None:
    days = excited(91, 1, days=120)
    assert suggested(days, "visit")["visit"]["half_life_days"] <= 60


def keen_customers(seed: int = 1, customers: int = 1500, days: int = 300) -> Any:
    """Who is keen comes often, all the time: columns of customer, days ago, and how keen."""
    draw = np.random.default_rng(seed)
    keen = draw.gamma(1.0, 1.0, customers)
    day, customer = np.nonzero(draw.random((days, customers)) < np.minimum(0.02 + 0.03 * keen, 0.9))
    return draw, customer, days - 1 - day, keen[customer]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_of_bots_and_of_bulk_call_for_a_cap_of_1(seed: int) -> None:
    """One day in twenty holds hundreds, whoever's it is."""
    draw, customer, days_ago, _ = keen_customers(seed)
    is_bulk = draw.random(len(customer)) < 0.05
    counts = np.where(is_bulk, draw.integers(50, 500, len(customer)), 1)
    row = suggested(numbered(np.zeros(len(counts)), customer, days_ago, counts), "open")["open"]
    assert row["daily_cap"] == 1
    assert "cap: 1 a day predicts as much as any" in row["reason"]
    # Points are for what counts: once a day.
    assert row["points"] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_that_tell_how_keen_somebody_is_are_not_cut_to_1(seed: int) -> None:
    draw, customer, days_ago, keen = keen_customers(seed)
    counts = 1 + draw.poisson(2 * keen)
    row = suggested(numbered(np.zeros(len(counts)), customer, days_ago, counts), "open")["open"]
    assert row["daily_cap"] is None or row["daily_cap"] >= np.quantile(counts, 0.9)


def test_an_amount_has_no_cap_of_1_unit() -> None:
    draw, customer, days_ago, _ = keen_customers()
    amounts = draw.choice([20.0, 30.0, 5000.0], len(customer), p=[0.5, 0.45, 0.05])
    whole = numbered(np.zeros(len(amounts)), customer, days_ago, amounts)
    row = suggested(whole, "purchase", is_count=False)["purchase"]
    assert row["daily_cap"] in (20, 30)


def two_activities(
    seed: int = 1, promise: float = 0.06, others: float = 0.02, doers: float = 0.4
) -> Any:
    """Everybody browses; some also compare (activity 1), and those come with another chance."""
    draw = np.random.default_rng(seed)
    customers, days = 1200, 200
    compares = draw.random(customers) < doers
    chance = np.where(compares, promise, others)
    day, customer = np.nonzero(draw.random((days, customers)) < chance)
    does_both = compares[customer] & (draw.random(len(customer)) < 0.5)
    activity = np.concatenate([np.zeros(len(day)), np.ones(int(does_both.sum()))])
    customer = np.concatenate([customer, customer[does_both]])
    day = np.concatenate([day, day[does_both]])
    return numbered(activity, customer, days - 1 - day, np.ones(len(day)))


def test_an_activity_whose_doers_return_more_is_worth_more_and_one_whose_return_less_less() -> None:
    more = suggested(two_activities(), "browse", "compare")
    assert more["compare"]["points"] > 1.2 * more["browse"]["points"] > 0
    # About three times as many later days as the others, and 1.7 times as many as all.
    less = suggested(two_activities(promise=0.02, others=0.06), "browse", "compare")
    assert less["compare"]["points"] < 0.8 * less["browse"]["points"]


def test_points_are_how_much_longer_the_doers_were_active_than_all_who_were() -> None:
    # At cut 10: 0 and 1 did it, 2 and 3 were active otherwise, 4 was not in the ten days before.
    active = days_of([15, 5, 4, 3], [19, 2], [12], [10, 1], [30, 9, 8])
    did = days_of([15], [19], [], [], [30])
    ratio, people = activities.later_ratio(did, active, [10], 10)
    # Later days 3 and 1, of all four 3, 1, 0 and 1.
    assert (ratio, people) == (pytest.approx(2 / 1.25), 2)
    # The least number of doers of all cuts: none in the days 20 to 29 ago, one of them before.
    assert activities.later_ratio(did, active, [10, 25], 10)[1] == 1
    assert activities.later_ratio(days_of([], [], [], [], []), active, [10], 10) == (1.0, 0)


@pytest.mark.parametrize(
    ("ratio", "values", "expected"),
    [
        (1.5, [1, 1, 1], 1.5),
        # A usual day holds four.
        (2.0, [2, 6], 0.5),
        (1.2345, [1], 1.2),
        # Never beyond 10, never nothing.
        (50, [1], 10),
        (0, [1], 0.001),
        (1, [600_000], 0.001),
    ],
)
def test_points_for_each_unit_make_a_usual_day_worth_the_ratio(
    ratio: float, values: list[float], expected: float
) -> None:
    assert activities.points_each(ratio, numbers(*values)) == expected


def test_of_settings_that_agree_as_well_the_first_is_taken() -> None:
    assert activities.first_best([0.2, 0.4996, 0.5, 0.4]) == 1
    assert activities.first_best([0.2, 0.4994, 0.5, 0.4]) == 2


def test_fewer_than_thirty_who_came_back_at_any_cut_are_too_few_to_judge_by() -> None:
    thirty = days_of(*[[60, 40, 5]] * 30)
    assert activities.can_judge(thirty, [28, 56], 28)
    assert not activities.can_judge(days_of(*[[60, 40, 5]] * 29), [28, 56], 28)
    # Who comes for the first time after the cut does not come back.
    assert not activities.can_judge(days_of(*[[60, 40, 5]] * 29, [5]), [28], 28)
    # Nobody came back after the second cut.
    assert not activities.can_judge(days_of(*[[60, 5]] * 30), [28, 56], 28)
    assert not activities.can_judge(thirty, [], 28)


def test_too_little_history_gives_defaults_and_says_how_little() -> None:
    """Ten customers of a year, and a hundred of a month."""
    few = suggested(days_of(*[range(0, 365, 5)] * 10), "visit")["visit"]
    short = suggested(days_of(*[range(0, 40, 5)] * 100), "visit")["visit"]
    for row in (few, short):
        assert (row["half_life_days"], row["daily_cap"], row["points"]) == (27, None, None)
        assert not row["is_judged"]
        assert row["reason"].startswith("too little history to judge: ")
    assert "in 361 days fewer than 30 customers came back" in few["reason"]
    # All hundred came back: it is the days that are too few.
    assert "36 days, of 56 at least" in short["reason"] and "came back" not in short["reason"]


def test_a_reason_names_its_figures() -> None:
    row = suggested(two_activities(), "browse", "compare")["compare"]
    assert re.fullmatch(
        r"half-life: of 7 to 182 days it predicts best who came back within \d+ days "
        r"\(agreement \d\.\d{3}; usual gap \d+ days\); "
        r"cap: (none|\d+ a day) predicts as much as any; "
        r"points: customers who did it were active \d\.\d\d times as much later, by usual day",
        row["reason"],
    ), row["reason"]


def test_what_too_few_did_keeps_its_points_and_has_no_cap() -> None:
    """Five customers, each of their days with another count: nothing to choose a cap by."""
    visits = two_activities()
    rare = [(number, 2, ago, float(ago)) for number in range(5) for ago in (3, 40, 41, 90, 150)]
    # And what began yesterday, by everybody, tells nothing yet.
    new = [(number, 3, 1, 1.0) for number in range(1000)]
    columns = zip(visits.customer, visits.activity, visits.days_ago, visits.value, strict=True)
    whole = history([*columns, *rare, *new])
    found = suggested(whole, "browse", "compare", "rare", "new")
    for name, people in (("rare", 5), ("new", 0)):
        assert (found[name]["points"], found[name]["daily_cap"]) == (None, None)
        assert f"only {people} customers did it" in found[name]["reason"]
        assert "predicts as much as any" not in found[name]["reason"]
    assert found["browse"]["points"] is not None


# --- whole models, from tables ---


def dbt_of(**tables: Any) -> Any:
    """What dbt hands to a Python model: relations by name."""
    return SimpleNamespace(ref=lambda name: DATABASE.from_arrow(tables[name]))


def history_table(whole: Any, names: Sequence[str]) -> pa.Table:
    return pa.table(
        {
            "customer_id": [f"customer {number}" for number in whole.customer],
            "activity_type": [names[number] for number in whole.activity],
            "value_basis": ["count"] * len(whole.customer),
            "days_ago": whole.days_ago,
            "daily_value": whole.value,
        },
        HISTORY,
    )


def shuffled(table: pa.Table, seed: int = 3) -> pa.Table:
    return table.take(np.random.default_rng(seed).permutation(len(table)))


def renamed(table: pa.Table) -> pa.Table:
    """Other names of the same customers, in another alphabetical order."""
    names = [f"{hash_of(name)} {name}" for name in table["customer_id"].to_pylist()]
    place = table.schema.get_field_index("customer_id")
    return table.set_column(place, "customer_id", pa.array(names))


def hash_of(name: str) -> int:
    return sum(ord(letter) * 7**place for place, letter in enumerate(name)) % 1009


def test_neither_the_order_of_rows_nor_the_names_of_customers_change_what_is_suggested() -> None:
    table = history_table(two_activities(), ["browse", "compare"])
    found = activities.model(dbt_of(scoring_engagement__suggestion_history=table), None)
    assert found["activity_type"].to_pylist() == ["browse", "compare"]
    assert all(found["is_judged"].to_pylist())
    for other in (shuffled(table), renamed(table), shuffled(renamed(table), 4)):
        assert activities.model(dbt_of(scoring_engagement__suggestion_history=other), None) == found


def test_a_history_of_nothing_suggests_nothing() -> None:
    found = activities.model(
        dbt_of(scoring_engagement__suggestion_history=HISTORY.empty_table()), None
    )
    assert len(found) == 0 and "half_life_days" in found.column_names


def test_an_activity_is_counted_where_its_basis_is_a_count() -> None:
    rows = [
        {
            "customer_id": "c",
            "activity_type": name,
            "value_basis": basis,
            "days_ago": 3,
            "daily_value": value,
        }
        for name, basis, value in (("visit", "count", 1.0), ("purchase", "amount", 20.0))
    ]
    table = pa.Table.from_pylist(rows, HISTORY)
    whole, names, is_count = activities.to_history(nw.from_native(table, eager_only=True))
    assert (names, is_count) == (["purchase", "visit"], [False, True])
    assert (whole.activity.tolist(), whole.value.tolist()) == ([0, 1], [20, 1])


# --- which metrics, and how much each ---


def goal(metric: str, **given: Any) -> Row:
    """A metric as scoring_engagement__goal_suggestions has it, 0 to 100 by itself."""
    return {
        "metric": metric,
        "dimension": "behavioural",
        "scaling": "goal",
        "lower": 0.0,
        "goal": 100.0,
        "reason": "a quarter of 2,000 customers reach it on 2025-06-29",
        **given,
    }


def planted(seed: int = 1, customers: int = 2000) -> tuple[Numbers, Numbers, np.random.Generator]:
    """A habit from 0 to 100, and later days that follow it loosely."""
    draw = np.random.default_rng(seed)
    habit = draw.uniform(0, 100, customers)
    return habit, draw.poisson(habit / 25).astype(np.float64), draw


def test_a_suggested_scale_is_that_of_the_scoring() -> None:
    values = [-50.0, -1.0, 0.0, 0.5, 10.0, 45.0, 90.0, 100.0, 1e6]
    frame = lazy({"x": values})
    for setting in (
        goal("a", scaling="goal", lower=90.0, goal=0.0),
        goal("b", scaling="goal", lower=-1.0, goal=50.0),
        goal("c", scaling="saturation", goal=30.0),
    ):
        parameter = scored_parameter(
            "x", 1, **{k: setting[k] for k in ("scaling", "lower", "goal")}
        )
        rows = collected(frame.with_columns(s=scoring.scale(nw.col("x"), parameter)))
        expected = {row["x"]: row["s"] for row in rows}
        found = metrics.scale(
            numbers(*values), setting["scaling"], setting["lower"], setting["goal"]
        )
        assert found.tolist() == pytest.approx([expected[x] for x in values], abs=1e-9)


def test_the_metric_that_tells_what_comes_is_chosen_and_what_adds_nothing_is_not() -> None:
    habit, later, draw = planted()
    values = {
        "habit": habit,
        "copy_of_habit": habit.copy(),
        "constant": np.full(len(habit), 50.0),
        "chance": draw.uniform(0, 100, len(habit)),
        "opposite": 100 - habit,
    }
    found = metrics.chosen_weights([metrics.Cut(values, later)], [goal(name) for name in values])
    # Of a metric and its copy one is enough: the first by name.
    assert found == {"copy_of_habit": 1}
    del values["copy_of_habit"]
    found = metrics.chosen_weights([metrics.Cut(values, later)], [goal(name) for name in values])
    assert found == {"habit": 1}


def test_two_metrics_that_tell_each_a_part_share_the_weight_and_who_tells_more_has_more() -> None:
    draw = np.random.default_rng(2)
    values = {"much": draw.uniform(0, 100, 3000), "little": draw.uniform(0, 100, 3000)}
    later = draw.poisson((2 * values["much"] + values["little"]) / 60).astype(np.float64)
    found = metrics.chosen_weights([metrics.Cut(values, later)], [goal(name) for name in values])
    assert 1.2 < found["much"] / found["little"] < 3.5
    assert sum(found.values()) <= metrics.STEPS


def test_what_is_judged_at_several_cuts_must_hold_at_all_of_them() -> None:
    """A metric that told at one cut alone is beaten by one that told at both."""
    habit, later, draw = planted()
    chance = draw.uniform(0, 100, len(habit))
    once = [
        metrics.Cut({"habit": habit, "once": later * 10}, later),
        metrics.Cut({"habit": habit, "once": 100 - later * 10}, later),
    ]
    assert metrics.chosen_weights(once, [goal("habit"), goal("once")]) == {"habit": 1}
    nothing = [metrics.Cut({"chance": np.zeros(len(chance))}, later)]
    assert metrics.chosen_weights(nothing, [goal("chance")]) == {}
    assert metrics.chosen_weights([], [goal("habit")]) == {}


def test_an_attitude_is_never_judged_by_habits_and_keeps_its_share() -> None:
    habit, later, _ = planted()
    cut = metrics.Cut({"habit": habit, "nps": later * 10}, later)
    goals = [goal("habit"), goal("nps", dimension="attitudinal")]
    assert metrics.chosen_weights([cut], goals) == {"habit": 1}
    found = {
        row["metric"]: row
        for row in metrics.suggest([cut], goals, {"habit": 0.75, "nps": 0.25}, 28)
    }
    assert {metric: row["weight"] for metric, row in found.items()} == {"habit": 75, "nps": 25}
    assert "weight: kept, as no habit shows what an answer is worth" in found["nps"]["reason"]


def test_a_metric_that_less_than_95_of_100_have_is_not_weighed_and_the_reason_says_how_many() -> (
    None
):
    habit, later, _ = planted()
    for share, is_weighed in ((0.94, False), (0.96, True)):
        values = np.where(np.arange(len(habit)) < share * len(habit), later * 10, np.nan)
        weak = habit * 0 + np.arange(len(habit)) % 7
        cut = metrics.Cut({"habit": habit, "known": values, "weak": weak}, later)
        goals = [goal("habit"), goal("known"), goal("weak")]
        found = {row["metric"]: row for row in metrics.suggest([cut], goals, {}, 28)}
        assert (found["known"]["weight"] > found["habit"]["weight"]) == is_weighed
        assert (found["known"]["weight"] == 0) == (not is_weighed)
        assert ("94.0% of the customers" in found["known"]["reason"]) == (not is_weighed)
        assert "the best alone agrees more than twice as well" in found["weak"]["reason"]


def test_the_few_without_a_value_stand_at_0_of_the_scale_where_less_is_better_too() -> None:
    """A missing recency is no visit of today."""
    recency = goal("recency_days", lower=90.0, goal=0.0)
    cut = metrics.Cut({"recency_days": numbers(0, 45, np.nan, 90)}, numbers(1, 1, 1, 1))
    assert metrics.scaled_values(cut, recency).tolist() == [100, 50, 0, 0]
    rising = metrics.Cut({"x": numbers(-30, 20, np.nan)}, numbers(1, 1, 1))
    assert metrics.scaled_values(rising, goal("x", lower=-80.0, goal=20.0)).tolist() == [50, 100, 0]


def test_weights_add_up_to_100_and_every_reason_names_figures() -> None:
    draw = np.random.default_rng(4)
    values = {f"metric_{number}": draw.uniform(0, 100, 2000) for number in range(6)}
    later = draw.poisson(sum(values.values()) / 150).astype(np.float64)
    attitudes = {f"answer_{number}": np.full(2000, np.nan) for number in range(2)}
    cut = metrics.Cut({**values, **attitudes}, later)
    goals = [goal(name) for name in values]
    goals += [goal(name, dimension="attitudinal") for name in attitudes]
    kept = dict.fromkeys([*values, *attitudes], 1 / 8)
    found = metrics.suggest([cut], goals, kept, 56)
    assert [row["metric"] for row in found] == [each["metric"] for each in goals]
    assert sum(row["weight"] for row in found) == pytest.approx(100, abs=0.05 * len(found))
    assert sum(row["weight"] > 0 for row in found) > 4
    for row in found:
        assert row["missing"] == "rescale"
        weight, of_goal = row["reason"].split("; goal: ")
        assert of_goal == "a quarter of 2,000 customers reach it on 2025-06-29"
        if row["metric"] in values:
            assert re.search(r"alone it agrees \d\.\d{3} with the 56 days after", weight)


def test_where_nothing_can_be_judged_every_metric_keeps_its_share_and_the_reason_says_so() -> None:
    goals = [goal("a", weight=30.0), goal("b", weight=10.0), goal("c", dimension="attitudinal")]
    goals[2]["weight"] = 10.0
    kept = metrics.shares(goals)
    assert kept == {"a": 0.6, "b": 0.2, "c": 0.2}
    found = metrics.suggest([], goals, kept, 0)
    assert [row["weight"] for row in found] == [60, 20, 20]
    assert all("too little history to judge by" in row["reason"] for row in found)


def test_shares_of_no_weight_at_all_are_0() -> None:
    assert metrics.shares([goal("a", weight=0.0)]) == {"a": 0}
    assert metrics.shares([]) == {}


def suggestion_tables(names: Sequence[str]) -> dict[str, pa.Table]:
    """Two cuts of 400 customers, whose days after each follow one of two metrics."""
    draw = np.random.default_rng(9)
    people = [f"customer {number}" for number in range(400)]
    rows, days = [], []
    for days_before in (28, 56):
        for name in people:
            habit = float(draw.integers(0, 100))
            chance = float(draw.integers(0, 100))
            rows.append(
                {
                    "customer_id": name,
                    "period_index": 10,
                    "days_before": days_before,
                    **dict(zip(names, (habit, chance), strict=True)),
                }
            )
            came = draw.choice(28, min(int(draw.poisson(habit / 20)), 28), replace=False)
            # Two activities of a day are one active day.
            days += [
                (name, activity, days_before - 1 - int(ago)) for ago in came for activity in "ab"
            ]
    days_table = pa.Table.from_pylist(
        [
            {
                "customer_id": name,
                "activity_type": activity,
                "value_basis": "count",
                "days_ago": ago,
                "daily_value": 1.0,
            }
            for name, activity, ago in days
        ],
        HISTORY,
    )
    goals = [
        {**goal(name), "version": "suggested", "weight": weight}
        for name, weight in zip(names, (30.0, 70.0), strict=True)
    ]
    goals.append({**goal("nobody"), "version": "suggested", "weight": 9.0, "goal": None})
    goals.append({**goal(names[0]), "version": "1", "weight": 5.0})
    return {
        "scoring_engagement__goal_suggestions": pa.Table.from_pylist(goals),
        "scoring_engagement__suggested_activities": pa.table(
            {"is_judged": [True], "horizon_days": [28]}
        ),
        "scoring_engagement__suggestion_metrics": pa.Table.from_pylist(rows),
        "scoring_engagement__suggestion_history": days_table,
    }


def test_weights_change_neither_with_the_order_of_rows_nor_with_the_names_of_customers() -> None:
    tables = suggestion_tables(["habit", "chance"])
    found = metrics.model(dbt_of(**tables), None)
    weights = dict(zip(found["metric"].to_pylist(), found["weight"].to_pylist(), strict=True))
    assert weights == {"habit": 100, "chance": 0}
    per_customer = (
        "scoring_engagement__suggestion_metrics",
        "scoring_engagement__suggestion_history",
    )
    for change in (shuffled, renamed, lambda table: shuffled(renamed(table), 5)):
        other = {name: change(tables[name]) for name in per_customer}
        assert metrics.model(dbt_of(**{**tables, **other}), None) == found
    # Nothing was judged: what the version in the seeds says stays.
    unjudged = pa.table({"is_judged": [False], "horizon_days": [28]})
    kept = metrics.model(
        dbt_of(**{**tables, "scoring_engagement__suggested_activities": unjudged}), None
    )
    assert sorted(kept["weight"].to_pylist()) == [30, 70]


def test_a_cut_counts_the_distinct_days_of_its_horizon_and_0_for_who_was_not_there() -> None:
    days = [("c", 27), ("c", 27), ("c", 0), ("d", 28), ("d", 60), ("e", 55), ("e", 29)]
    history_rows = nw.from_native(
        pa.table({"customer_id": [n for n, _ in days], "days_ago": [ago for _, ago in days]}),
        eager_only=True,
    )
    at = nw.from_native(
        pa.table(
            {
                "customer_id": ["e", "d", "c", "c"],
                "days_before": [28, 28, 28, 56],
                "x": [5.0, None, 3.0, 4.0],
            }
        ),
        eager_only=True,
    )
    first, second = metrics.cuts_of(at, history_rows, ["x"], 28)
    assert first.later.tolist() == [2, 0, 0]
    assert first.values["x"].tolist() == pytest.approx([3, np.nan, 5], nan_ok=True)
    assert (second.later.tolist(), second.values["x"].tolist()) == ([0], [4])
