"""Configurations and raw rows that the demo company does not have, to build it with.

Each of CONFIGURATIONS changes the rows in place and returns the variables that it wants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle_comparison import Rows, SeedRows

Configure = Callable[[SeedRows, SeedRows], dict[str, Any]]

SHIPPED = "engagement"
# Metrics whose values have no end in decimals, so that equal ones may differ in the last of them.
SUMS_OF_FRACTIONS = ("decayed_points", "sentiment")


def change(rows: Rows, column: str, **changes: dict[str, str]) -> None:
    """Changes the rows that have the given values in a column."""
    for row in rows:
        row.update(changes.get(row[column], {}))


def change_all(rows: Rows, **values: str) -> None:
    for row in rows:
        row.update(values)


def add_version(config: SeedRows, score_model: str, version: str = "1", **columns: str) -> None:
    """One more version of a score model, but for `columns` like the shipped one, its rows too."""
    for seed in ("score_models", "score_metrics", "activity_weights", "score_bands"):
        shipped = [
            row for row in config[seed] if (row["score_model"], row["version"]) == (SHIPPED, "1")
        ]
        own = columns if seed == "score_models" else {}
        config[seed] += [
            {**row, "score_model": score_model, "version": version, **own} for row in shipped
        ]


def of_version(config: SeedRows, seed: str, score_model: str, version: str = "1") -> Rows:
    """The rows of a version of a score model in a seed."""
    key = (score_model, version)
    return [row for row in config[seed] if (row["score_model"], row["version"]) == key]


def points_by_value(config: SeedRows) -> None:
    """The three points formulas, over 13 and 4 weeks, by all kinds of value."""
    change(
        config["activity_types"],
        "activity_type",
        purchase={"value_basis": "amount"},
        refund={"value_basis": "amount"},
        product_session={"value_basis": "duration_seconds"},
    )
    for priority, formula in enumerate(["weighted_sum", "metric_mean", "weighted_mean"], start=2):
        name, window_days = f"by_{formula}", "28" if formula == "metric_mean" else "91"
        add_version(config, name, formula=formula, priority=str(priority), window_days=window_days)
        weights = of_version(config, "activity_weights", name)
        if window_days == "28":
            change_all(weights, half_life_days="7.5")
        change(
            weights,
            "activity_type",
            purchase={"points": "0.2", "daily_cap": "90"},
            refund={"points": "-0.1"},
            product_session={"points": "0.002", "daily_cap": "1800.5", "half_life_days": ""},
            website_visit={"half_life_days": ""},
            review={"points": "0"},
        )
        bands = of_version(config, "score_bands", name)
        change(bands, "band", Excellent={"lower_bound": "20"}, Moderate={"lower_bound": "5"})


def points_formulas(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Positive points only; weeks from Sunday on, up to one in the middle of the data."""
    points_by_value(config)
    config["activity_weights"] = [
        row for row in config["activity_weights"] if not row["points"].startswith("-")
    ]
    return {"week_start": "sunday", "scoring_end": "2025-05-20", "detail_periods": 2}


def negative_points(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Complaints and cancellations that take away more than they may."""
    points_by_value(config)
    change(config["activity_weights"], "activity_type", support_ticket={"points": "-9"})
    return {"scoring_start": "2025-04-01"}


def versions_and_segments(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Versions that follow each other, a challenger, a model for some; every policy and scaling."""
    change(config["score_models"], "score_model", engagement={"status": "retired"})
    add_version(config, SHIPPED, "2", status="champion", valid_from="2025-01-12", window_days="182")
    challenger = {"status": "challenger", "valid_from": "2025-04-06", "min_coverage": "0.8"}
    add_version(config, SHIPPED, "3", **challenger)
    segment = {"segment_column": "plan", "segment_value": "free", "window_days": "28"}
    add_version(config, "free", priority="0", status="champion", min_coverage="0.75", **segment)
    change_all(of_version(config, "activity_weights", "free"), half_life_days="8")
    add_version(config, "gone", status="retired")
    change(
        of_version(config, "score_metrics", SHIPPED, "2"),
        "metric",
        nps={"missing": "zero"},
        csat={"missing": "neutral", "weight": "0.7"},
        loyalty={"weight": "0"},
        time_spent={"scaling": "saturation", "lower": "", "goal": "60.5"},
        interaction_depth={"scaling": "saturation", "lower": "0", "goal": "4"},
        recency_days={"lower": "60", "goal": "10", "missing": ""},
        active_days={"lower": "1.5", "goal": "9"},
        lifetime_value={"lower": "20"},
    )
    change(
        of_version(config, "score_metrics", "free"),
        "metric",
        conversion_rate={"missing": "require"},
        recency_days={"lower": ""},
        churn={"missing": "zero", "weight": "11.1", "lower": ""},
    )
    # Over four weeks nobody may have been sent an e-mail.
    config["score_metrics"] = [
        row
        for row in config["score_metrics"]
        if (row["score_model"], row["metric"]) != ("free", "click_through_rate")
    ]
    bands = of_version(config, "score_bands", SHIPPED, "3")
    change_all(bands, settle_margin="")
    config["score_bands"] = [row for row in config["score_bands"] if row["score_model"] != "free"]
    return {"scoring_start": "2024-11-05", "min_exposure_days": 21, "detail_periods": 30}


def months(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Calendar months, in days of New York."""
    change_all(config["score_models"], window_days="90")
    return {
        "scoring_grain": "month",
        "reporting_timezone": "America/New_York",
        "scoring_start": "2024-09-15",
        "detail_periods": 2,
        "min_exposure_days": 20,
    }


def days(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Days, up to the last one, which is not complete."""
    change_all(config["score_models"], window_days="30")
    change_all(config["activity_weights"], half_life_days="6.5")
    return {"scoring_grain": "day", "scoring_start": "2025-06-19", "scoring_end": "2025-06-30"}


def people_over_time(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Attributes that change, ids mapped to and fro, rows without ids, times with offsets."""
    moves = [
        {**row, "signed_up_at": "", "valid_from": "2025-02-15 23:30:00", "plan": "pro"}
        for row in raw["customers"]
        if row["plan"] == "free"
    ]
    again = [{**row, "valid_from": "2025-02-15 08:00:00", "plan": "free"} for row in moves[::2]]
    later = [{**row, "valid_from": "2025-06-01 00:00:00", "plan": "free"} for row in moves[::3]]
    for row in later[::2]:
        row["signed_up_at"] = "2025-05-05"
    alias = {"valid_from": "2025-02-15 12:00:00", "plan": "pro"}
    aliases = [{**alias, "customer_id": each} for each in ("a001", "a002", "c394")]
    own = {"valid_from": "2025-02-15 01:00:00", "plan": "free"}
    owners = [{**own, "customer_id": each} for each in ("c010", "c011", "c065")]
    change_all(raw["customers"], valid_from="")
    raw["customers"] += again + later + moves + aliases + owners
    raw["survey_responses"] += [
        {**row, "rating": "3", "responded_at": "2025-06-20 10:00:00"}
        for row in raw["survey_responses"]
        if row["response_id"].endswith("7")
    ]
    raw["survey_responses"].reverse()
    change_all(raw["identities"], valid_from="")
    raw["identities"] += [
        {"id": known, "customer_id": customer_id, "valid_from": valid_from}
        for known, customer_id, valid_from in [
            ("a002", "c011", "2025-01-01"),
            ("a002", "c065", "2024-01-01"),
            ("a003", "c070", ""),
            ("c394", "c065", ""),
            ("c393", "c394", ""),
            ("c392", "c392", ""),
            ("c391", "c392", ""),
            ("c390", "c066", "some day"),
        ]
    ]
    raw["interactions"].reverse()
    for number, row in enumerate(raw["interactions"]):
        if number % 7 == 0:
            row["interaction_id"] = " "
        if number % 11 == 0:
            row["session_id"] = row["order_id"] = ""
        if number % 5 == 0 and row["occurred_at"][:2] == "20" and "-13-" not in row["occurred_at"]:
            row["occurred_at"] = row["occurred_at"].replace(" ", "T") + "-03:30"
            row["loaded_at"] = ""
    add_version(config, "pro", priority="0", segment_column="plan", segment_value="pro")
    return {
        "strict_activity_types": True,
        "reporting_timezone": "Australia/Adelaide",
        "scoring_start": "2025-01-20",
    }


def recorded_late(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """A company that begins with visits and records the rest from October on; stray rows."""
    change(
        config["activity_types"],
        "activity_type",
        email_open={"exposed_by": "email_sent"},
        feature_use={"role": "conversion"},
    )
    late = ("social_", "referral", "review", "purchase", "app_download", "feature_use", "renewal")
    kept = []
    for number, row in enumerate(raw["interactions"]):
        if row["activity_type"] == "email_sent" and number % 3:
            continue
        if row["customer_id"].endswith("5"):
            change_all([row], amount="", quantity="")
        if "2024-07" <= row["occurred_at"] < "2024-10":
            change_all([row], duration_seconds="", amount="", quantity="", session_id="")
            if row["activity_type"].startswith(late):
                continue
        kept.append(row)
    raw["interactions"] = kept
    strays = ["1970-01-01", "2023-06-29", "2025-08-01 00:00:00", "2025-08-15 12:00:00"]
    raw["interactions"] += [
        {"customer_id": f"stray{number % 3}", "activity_type": "purchase", "occurred_at": moment}
        for number, moment in enumerate(strays)
    ]
    answer = {"customer_id": "stray2", "survey_type": "csat", "rating": "2"}
    raw["survey_responses"] += [
        {**answer, "responded_at": moment}
        for moment in ("2024-05-01", "2025-06-30", "2025-07-01", "2025-08-01")
    ]
    change_all(config["score_models"], window_days="70")
    change_all(config["activity_weights"], half_life_days="12")
    return {"scoring_end": "2025-01-12", "detail_periods": 20}


def surveys_that_expire(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Answers that are valid for so short that in some weeks nobody has one."""
    change(
        config["survey_types"],
        "survey_type",
        csat={"valid_days": "2"},
        nps={"valid_days": "3"},
        loyalty={"valid_days": "1"},
    )
    # Two surveys that feed one attitude, of another scale.
    change(config["survey_types"], "survey_type", brand={"metric": "loyalty", "valid_days": "20"})
    return {"scoring_start": "2025-01-01"}


def coverage_on_the_bound(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Who lacks nps alone has .1 + .7 of 1 in weights, which is exactly the least coverage."""
    weights = {"interaction_frequency": "0.1", "recency_days": "0.7", "nps": "0.2"}
    config["score_metrics"] = [
        {**row, "weight": weights[row["metric"]]}
        for row in config["score_metrics"]
        if row["metric"] in weights
    ]
    change_all(config["score_models"], min_coverage="0.8")
    return {"scoring_start": "2025-05-01"}


def refunds_of_either_sign(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Refunds that weigh by amount: two on one day, one of them given as a negative amount."""
    points_by_value(config)
    change_all(
        [row for row in config["activity_weights"] if row["points"].startswith("-")], points="-0.01"
    )
    refunds = [row for row in raw["interactions"] if row["activity_type"] == "refund"]
    for number, row in enumerate(refunds):
        row["amount"] = str(-float(row["amount"])) if number % 2 else row["amount"]
        sign = "" if number % 2 else "-"
        more = {"interaction_id": f"more{number}", "amount": f"{sign}7.25"}
        raw["interactions"].append({**row, **more})
    return {"scoring_start": "2025-04-01"}


def percentiles(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Metrics relative to the company's other customers, for all and for some."""
    exact = [row for row in config["score_metrics"] if row["metric"] not in SUMS_OF_FRACTIONS]
    change_all(exact, scaling="percentile", lower="", goal="")
    add_version(
        config, "free", priority="0", segment_column="plan", segment_value="free", window_days="28"
    )
    change_all(of_version(config, "activity_weights", "free"), half_life_days="8")
    change(
        of_version(config, "score_metrics", "free"),
        "metric",
        active_days={"scaling": "goal", "goal": "4"},
        nps={"missing": "neutral"},
    )
    return {"scoring_start": "2025-04-01"}


def percentiles_of_equal_sums(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """The same of two that are sums of long fractions, and equal for some customers on paper."""
    sums = [row for row in config["score_metrics"] if row["metric"] in SUMS_OF_FRACTIONS]
    change_all(sums, scaling="percentile", lower="", goal="")
    return {"scoring_start": "2025-04-01"}


def geometric(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Geometric, with and without stand-ins for what is missing, beside the arithmetic one."""
    add_version(config, "geometric", aggregation="geometric", priority="0")
    add_version(config, "strict", aggregation="geometric", priority="2", min_coverage="0.2")
    change(
        of_version(config, "score_metrics", "strict"),
        "metric",
        nps={"missing": "zero"},
        csat={"missing": "neutral"},
        click_through_rate={"missing": "require"},
        time_spent={"scaling": "saturation", "goal": "40"},
        loyalty={"weight": "0"},
    )
    return {"scoring_start": "2025-04-01", "detail_periods": 20}


def overrides(config: SeedRows, raw: SeedRows) -> dict[str, Any]:
    """Scores by hand, whatever the status: over 100, under 0, on a bound, for some periods."""
    points_by_value(config)
    change_all(
        [row for row in config["activity_weights"] if row["points"].startswith("-")], points="-0.01"
    )
    config["score_overrides"] = [
        {
            "customer_id": customer_id,
            "score_model": score_model,
            "score": score,
            "reason": "A visit",
            "author": "kim",
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        for customer_id, score_model, score, valid_from, valid_to in [
            # The last day of a week is within, and so is its first of another.
            ("c002", SHIPPED, "80", "2025-06-15", "2025-06-22"),
            ("c002", SHIPPED, "15.5", "2025-01-06", "2025-02-02"),
            ("c001", SHIPPED, "120.25", "2025-06-01", "2025-12-31"),
            ("c003", SHIPPED, "-5", "2025-06-16", "2025-06-28"),
            # New, without data, and not yet there.
            ("c008", SHIPPED, "40", "2025-06-01", "2025-06-30"),
            ("c375", SHIPPED, "61.5", "2025-06-01", "2025-06-30"),
            ("c004", SHIPPED, "0", "2025-06-09", "2025-06-29"),
            ("c004", "by_weighted_sum", "250", "2025-06-09", "2025-06-29"),
            ("c005", "by_weighted_mean", "5", "2024-12-01", "2025-06-22"),
        ]
    ]
    return {"scoring_start": "2024-12-15"}


# Those of the same variables in a row: dbt parses the project anew when they change.
CONFIGURATIONS: list[Configure] = [
    points_formulas,
    versions_and_segments,
    months,
    days,
    people_over_time,
    recorded_late,
    surveys_that_expire,
    coverage_on_the_bound,
    negative_points,
    refunds_of_either_sign,
    percentiles,
    percentiles_of_equal_sums,
    geometric,
    overrides,
]
