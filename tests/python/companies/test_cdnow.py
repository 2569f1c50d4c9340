"""CDNOW, 69,659 purchases of 23,570 customers: three columns score everybody (examples/)."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from example_project import Example, build_example, package_folder

FILE = package_folder("lifetimes") / "datasets" / "CDNOW_master.txt"
LAST_WEEK = date(1998, 6, 28)
WINDOW_DAYS = 91
HALF_LIFE_DAYS = 27
POINTS = 10
ON = {
    "recency_days",
    "interaction_frequency",
    "active_days",
    "decayed_points",
    "purchase_frequency",
    "interaction_depth",
    "conversion_rate",
    "churn",
    "repeat_purchase_rate",
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("examples") / "cdnow"
    return build_example("cdnow", folder, CDNOW_DATA=FILE.parent)


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    names = ["customer_id", "day", "cds", "dollars"]
    rows = pd.read_csv(FILE, sep=r"\s+", skiprows=1, names=names, dtype={"customer_id": str})
    return rows.assign(day=pd.to_datetime(rows["day"], format="%Y%m%d"))


def test_three_columns_are_all_that_is_mapped(example: Example) -> None:
    inputs = example.settings["vars"]["engagement_inputs"]
    assert set(inputs) == {"interactions"}
    [entry] = inputs["interactions"]
    assert set(entry["columns"]) == {"customer_id", "activity_type", "occurred_at"}


def test_no_purchase_is_lost(example: Example, purchases: pd.DataFrame) -> None:
    [audit] = example.records("from interaction_audit")
    assert audit["raw_rows"] == len(purchases) == 69_659
    # Equal lines are purchases of their own: without an id nothing says otherwise.
    assert purchases.duplicated().any()
    assert audit["accepted_rows"] == 69_659
    assert audit["duplicate_rows"] == audit["rejected_rows"] == 0


def test_everybody_is_scored(example: Example) -> None:
    found = example.query(
        "select period_end, status, count(*), count(score) from customer_engagement group by all"
    )
    assert found == [(LAST_WEEK, "scored", 23_570, 23_570)]


@pytest.mark.parametrize("customer", ["00003", "00008", "00001"])
@pytest.mark.parametrize("week", [LAST_WEEK, date(1997, 4, 6)], ids=str)
def test_the_metrics_of_a_customer_equal_their_definitions(
    example: Example, purchases: pd.DataFrame, customer: str, week: date
) -> None:
    """A steady buyer, a lapsed one and a one-time one; late, and before the window is full."""
    end = pd.Timestamp(week)
    start = end - pd.Timedelta(days=WINDOW_DAYS - 1)
    ever = purchases[(purchases["customer_id"] == customer) & (purchases["day"] <= end)]
    window = ever[ever["day"] >= start]
    rate = 30 / ((end - max(start, ever["day"].min())).days + 1)
    days = ever["day"].drop_duplicates().sort_values()
    gaps = days.diff().dropna().dt.days
    silence = (end - days.max()).days
    is_first = window.index == ever.index[0]
    expected = {
        "recency_days": silence,
        "interaction_frequency": len(window) * rate,
        "active_days": window["day"].nunique() * rate,
        "decayed_points": (POINTS * 0.5 ** ((end - window["day"]).dt.days / HALF_LIFE_DAYS)).sum(),
        "purchase_frequency": len(window) * rate,
        "interaction_depth": min(len(window), 1),
        "conversion_rate": 1 if len(window) else None,
        "churn": float(silence > 3 * gaps.median()) if len(gaps) >= 3 else None,
        "repeat_purchase_rate": (~is_first).sum() / len(window) if len(window) else None,
    }
    [found] = example.records(
        f"""
        select metrics.*, points.points as decayed_points
        from int_engagement__customer_metrics as metrics
        inner join int_engagement__customer_points as points using (customer_id, period_index)
        where metrics.customer_id = '{customer}' and metrics.period_end = date '{week}'
        """
    )
    for metric, value in expected.items():
        if value is None:
            assert found[metric] is None, metric
        else:
            assert found[metric] == pytest.approx(value, rel=1e-9, abs=1e-9), metric


def test_metrics_without_data_are_off_and_named(example: Example) -> None:
    available = dict(
        example.query("select metric, available_from from scoring_engagement__parameters")
    )
    off = {metric for metric, since in available.items() if since is None}
    assert off == set(available) - ON
    shown = example.dbt("run-operation", "summary")
    [line] = [line for line in shown.splitlines() if "metrics that are off" in line]
    assert set(line.split(": ")[1].split(", ")) == off
    # Off is outside coverage: who was ever seen to buy again lacks nothing.
    [(highest,)] = example.query("select max(coverage) from customer_engagement")
    assert highest == pytest.approx(1)


def test_silence_for_a_whole_window_scores_low(example: Example) -> None:
    bands = example.query(
        """
        select distinct scores.band
        from customer_engagement as scores
        inner join int_engagement__customer_metrics as metrics using (customer_id, period_end)
        where metrics.recency_days >= 91
        """
    )
    assert bands == [("Low",)]
