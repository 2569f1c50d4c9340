"""engagement_what_if: what a challenger would change, and for whom, before it goes live.

Customers with habits of their own, scored by champions for everybody and for two segments. The
company is built with challengers and without: what counts must not know of them.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from dbt_project import Project, whole_project
from made_company import FIRST_DAY, MadeCompany, assert_lines_lead_to_the_scores

HABITS = 40
WEEKS = 8
LATEST = FIRST_DAY + timedelta(days=7 * WEEKS - 1)
WINDOW = 7 * WEEKS

BANDS = (("Low", 0, 2), ("Moderate", 40, 2), ("Excellent", 70, 2))
METRICS: dict[str, dict[str, Any]] = {
    "active_days": {"weight": 5, "goal": 15},
    "recency_days": {"weight": 3, "lower": 60, "goal": 0},
    "lifetime_value": {"weight": 2, "goal": 200},
    # Many have none: the weights of the others grow.
    "click_through_rate": {"weight": 2, "goal": 0.5},
}
HEAVIER = {**METRICS, "lifetime_value": {"weight": 20, "goal": 200}}
POINTS = {"website_visit": 1, "email_click": 2, "purchase": 5}

Row = dict[str, Any]


def the_company() -> MadeCompany:
    """Everything but the challengers."""
    company = MadeCompany()
    draw = random.Random(11)
    for number in range(HABITS):
        customer = f"c{number:02}"
        company.customer(
            customer,
            plan=draw.choice(("pro", "free")),
            region=draw.choice(("north", "south")),
            signed_up_at=f"{FIRST_DAY} 00:00:00",
        )
        days = [FIRST_DAY + timedelta(days=day) for day in range(7 * WEEKS)]
        habit = draw.random()
        company.did(customer, "website_visit", *(day for day in days if draw.random() < habit))
        company.did(customer, "purchase", draw.choice(days[:40]), amount=60)
        for day in days:
            if draw.random() < habit / 8:
                company.did(customer, "purchase", day, amount=draw.randint(5, 60))
        if number % 3:
            company.did(customer, "email_sent", *draw.sample(days, 6))
            company.did(customer, "email_click", *draw.sample(days, draw.randint(0, 3)))
    # Spent much and came once: what a challenger that weighs money moves most.
    company.customer("whale", plan="free", region="north", signed_up_at=f"{FIRST_DAY} 00:00:00")
    company.did("whale", "purchase", FIRST_DAY, amount=500)
    # Without a score: nothing but a row, and two days of exposure.
    company.customer("card", plan="pro", region="south")
    company.did("fresh", "website_visit", LATEST - timedelta(days=1), LATEST)
    company.customer("fresh", plan="free", region="north")

    # Set by hand in every index: against points the lines of the override count as well.
    for score_model in ("everybody", "pro", "south"):
        company.override("c01", score_model, 120, FIRST_DAY, LATEST)

    # The rows come in the wrong order on purpose: the lower priority number wins. In both segments
    # are the pro ones of the south.
    company.score_model("everybody", METRICS, bands=BANDS, window_days=WINDOW, priority=9)
    company.score_model(
        "pro", {**METRICS, "active_days": {"weight": 5, "goal": 25}}, bands=BANDS,
        window_days=WINDOW, priority=3, segment_column="plan", segment_value="pro",
    )  # fmt: skip
    company.score_model(
        "south", {**METRICS, "active_days": {"weight": 5, "goal": 10}}, bands=BANDS,
        window_days=WINDOW, priority=2, segment_column="region", segment_value="south",
    )  # fmt: skip
    return company


def challenge(company: MadeCompany) -> None:
    """Adds the challengers, all with the lowest priority number of all."""
    challenger: Row = {"status": "challenger", "priority": 0, "window_days": WINDOW}
    company.score_model("everybody", METRICS, bands=BANDS, version="same", **challenger)
    company.score_model("everybody", HEAVIER, bands=BANDS, version="heavier", **challenger)
    company.score_model(
        "points", points=POINTS, bands=[("few", 0, 0), ("many", 30, 0)], **challenger
    )
    company.score_model("bandless", points=POINTS, formula="metric_mean", **challenger)
    company.score_model(
        "pro", HEAVIER, bands=BANDS, version="heavier", segment_column="plan",
        segment_value="pro", **challenger,
    )  # fmt: skip


VARIABLES: Row = {
    "scoring_end": str(LATEST),
    "detail_periods": 2,
    "segment_columns": ["plan", "region"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built with the challengers."""
    project = whole_project(tmp_path_factory.mktemp("what_if") / "project")
    company = the_company()
    challenge(company)
    company.set_up(project, **VARIABLES)
    run = project.build()
    assert run.success, run.said
    return project


@pytest.fixture(scope="module")
def unchallenged(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same company without a challenger, and the champions' rows the other way round."""
    copy = project.copy(tmp_path_factory.mktemp("unchallenged") / "project")
    company = the_company()
    for seed in ("score_models", "score_metrics", "score_bands"):
        company.seeds[seed].reverse()
    company.write_seeds(copy)
    run = copy.build("--select=path:seeds/config+")
    assert run.success, run.said
    return copy


@pytest.fixture(scope="module")
def rows(project: Project) -> dict[tuple[str, str], dict[str, Row]]:
    """The rows of each challenger, by customer."""
    found: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in project.records("select * from engagement_what_if"):
        found[row["challenger_model"], row["challenger_version"]][row["customer_id"]] = row
    return found


Rows = dict[tuple[str, str], dict[str, Row]]


@pytest.fixture(scope="module")
def segments(project: Project) -> dict[str, tuple[str, str]]:
    """Plan and region of each customer."""
    return {
        customer: (plan, region)
        for customer, plan, region in project.query(
            "select customer_id, plan, region from int_engagement__customer_attributes"
        )
    }


Lines = dict[tuple[str, str], dict[str, dict[str, float]]]


@pytest.fixture(scope="module")
def lines(project: Project) -> Lines:
    """The contributions in the last period: by score model and version, customer, component."""
    found: Lines = defaultdict(lambda: defaultdict(dict))
    for model, version, customer, component, contribution in project.query(
        "select score_model, version, customer_id, component, contribution "
        f"from engagement_contributions where period_end = date '{LATEST}'"
    ):
        found[model, version][customer][component] = contribution
    return found


def differences_by_component(lines: Lines, row: Row) -> dict[str, float]:
    """Of a row of the mart; a component of one of the two stands against nothing in the other."""
    champion = lines[row["champion_model"], row["champion_version"]][row["customer_id"]]
    challenger = lines[row["challenger_model"], row["challenger_version"]][row["customer_id"]]
    return {
        component: challenger.get(component, 0) - champion.get(component, 0)
        for component in champion.keys() | challenger.keys()
    }


def test_the_lowest_priority_that_fits_is_the_champion_and_never_a_challenger(
    project: Project, segments: dict[str, tuple[str, str]]
) -> None:
    """In both segments: the south's, whichever stands first in the seed."""
    expected = {
        customer: "south" if region == "south" else "pro" if plan == "pro" else "everybody"
        for customer, (plan, region) in segments.items()
    }
    assert set(segments.values()) == {
        ("pro", "south"), ("free", "south"), ("pro", "north"), ("free", "north"),
    }  # fmt: skip
    champions = project.query(
        "select customer_id, score_model, version from engagement_scores "
        f"where is_champion and period_end = date '{LATEST}'"
    )
    assert len(champions) == len(segments) == HABITS + 3
    assert {customer: model for customer, model, _ in champions} == expected
    assert {version for _, _, version in champions} == {"1"}


def test_what_counts_does_not_know_of_challengers(
    project: Project, unchallenged: Project, marts: list[str]
) -> None:
    """To the last digit, and whatever the order of the rows of the seeds."""
    published = "version = '1' and score_model in ('everybody', 'pro', 'south')"
    with_challengers = ("engagement_scores", "engagement_contributions", "engagement_score_changes")
    for mart in with_challengers:
        champions = f"select * from {mart} where {published} order by all"
        assert project.query(champions) == unchallenged.query(champions) != [], mart
    others = set(marts) - {*with_challengers, "engagement_what_if"}
    assert project.contents(sorted(others)) == unchallenged.contents(sorted(others))
    assert unchallenged.query("select count(*) from engagement_what_if") == [(0,)]


def test_there_is_a_row_for_each_customer_and_challenger(
    rows: Rows, segments: dict[str, tuple[str, str]]
) -> None:
    """A challenger for a segment has rows for that segment only."""
    pro = {customer for customer, (plan, _) in segments.items() if plan == "pro"}
    assert {key: set(found) for key, found in rows.items()} == {
        ("everybody", "same"): segments.keys(),
        ("everybody", "heavier"): segments.keys(),
        ("points", "1"): segments.keys(),
        ("bandless", "1"): segments.keys(),
        ("pro", "heavier"): pro,
    }
    assert 0 < len(pro) < len(segments)


def test_a_challenger_equal_to_the_champion_changes_nothing(rows: Rows) -> None:
    same = {
        customer: row
        for customer, row in rows["everybody", "same"].items()
        if row["champion_model"] == "everybody"
    }
    scored = {customer: row for customer, row in same.items() if row["champion_score"] is not None}
    assert len(scored) > 5
    assert same.keys() - scored.keys() == {"fresh"}
    for customer, row in scored.items():
        assert row["score_difference"] == 0, customer
        assert row["band_move"] == "same", customer
    for row in same.values():
        assert (row["moved_by"], row["moved_by_points"]) == (None, None)
    assert (same["fresh"]["score_difference"], same["fresh"]["mover_rank"]) == (None, None)
    assert same["fresh"]["band_move"] is None
    assert same["fresh"]["challenger_status"] == same["fresh"]["champion_status"] == "new"


def test_the_migration_matrix_adds_up_to_the_customers(
    project: Project, segments: dict[str, tuple[str, str]]
) -> None:
    """Counted by champion_band and challenger_band; who has no score has no band."""
    bands = dict(
        project.query(
            "select band, count(*) from engagement_scores "
            f"where is_champion and period_end = date '{LATEST}' group by band"
        )
    )
    assert bands.keys() == {"Low", "Moderate", "Excellent", None}
    for challenger in ("same", "heavier"):
        matrix = project.query(
            "select champion_band, challenger_band, count(*) from engagement_what_if "
            f"where challenger_model = 'everybody' and challenger_version = '{challenger}' "
            "group by champion_band, challenger_band"
        )
        assert sum(count for _, _, count in matrix) == len(segments)
        from_band: Counter[str | None] = Counter()
        for champion_band, _, count in matrix:
            from_band[champion_band] += count
        assert from_band == bands


def test_moves_follow_the_order_of_the_bands(rows: Rows) -> None:
    order = ["Low", "Moderate", "Excellent"]
    moves: Counter[str] = Counter()
    for key in (("everybody", "same"), ("everybody", "heavier"), ("pro", "heavier")):
        for row in rows[key].values():
            if row["champion_band"] is None:
                assert row["band_move"] is None
                continue
            steps = order.index(row["challenger_band"]) - order.index(row["champion_band"])
            expected = "up" if steps > 0 else "down" if steps < 0 else "same"
            assert row["band_move"] == expected, row
            moves[expected] += 1
    assert min(moves["up"], moves["down"], moves["same"]) > 0


def test_the_difference_is_the_sum_of_the_differences_of_the_lines(
    rows: Rows, lines: Lines
) -> None:
    """To 1e-9, under every challenger, an index and points alike."""
    compared = 0
    for found in rows.values():
        for row in found.values():
            if row["score_difference"] is not None:
                total = math.fsum(differences_by_component(lines, row).values())
                assert abs(total - row["score_difference"]) <= 1e-9, row
                compared += 1
    assert compared > 4 * HABITS
    assert rows["points", "1"]["c01"]["moved_by"] == "override"


def test_moved_by_is_what_moved_the_score_most_in_its_direction(rows: Rows, lines: Lines) -> None:
    for found in rows.values():
        for row in found.values():
            if not row["score_difference"]:
                assert row["moved_by"] is None
                continue
            differences = differences_by_component(lines, row)
            direction = math.copysign(1, row["score_difference"])
            largest = max(direction * difference for difference in differences.values())
            assert direction * row["moved_by_points"] == pytest.approx(largest, abs=1e-9), row
            assert differences[row["moved_by"]] == pytest.approx(row["moved_by_points"], abs=1e-9)


def test_the_biggest_mover_is_moved_by_the_metric_whose_weight_was_changed(rows: Rows) -> None:
    """`whale` has hardly anything but money: 100 at weight 2 of 10, then at 20 of 28."""
    row = rows["everybody", "heavier"]["whale"]
    assert (row["mover_rank"], row["moved_by"]) == (1, "lifetime_value")
    assert row["moved_by_points"] == pytest.approx(100 * (20 / 28 - 2 / 10), abs=1e-9)
    assert (row["champion_band"], row["challenger_band"]) == ("Low", "Excellent")
    assert row["band_move"] == "up"


def test_mover_rank_1_is_the_largest_difference_either_way(rows: Rows) -> None:
    """Under each challenger on its own; equal differences share a rank."""
    for key, found in rows.items():
        sizes = {
            customer: abs(row["score_difference"])
            for customer, row in found.items()
            if row["score_difference"] is not None
        }
        for customer, size in sizes.items():
            larger = sum(other > size for other in sizes.values())
            assert found[customer]["mover_rank"] == 1 + larger, (key, customer)
        unranked = {customer for customer, row in found.items() if row["mover_rank"] is None}
        assert unranked == found.keys() - sizes.keys()
    signs = {
        row["score_difference"] > 0
        for row in rows["everybody", "heavier"].values()
        if row["score_difference"]
    }
    assert signs == {True, False}


def test_points_against_an_index(rows: Rows, project: Project) -> None:
    """In points, over each other's components; without bands nobody moves between any."""
    sums = dict(
        project.query(
            "select customer_id, cast(sum(case activity_type when 'website_visit' then 1 "
            "when 'email_click' then 2 when 'purchase' then 5 else 0 end) as double) "
            "from int_engagement__interaction_ledger group by customer_id"
        )
    )
    for customer, row in rows["points", "1"].items():
        if row["champion_score"] is None:
            continue
        assert row["challenger_score"] == sums[customer]
        assert row["challenger_band"] == ("many" if sums[customer] >= 30 else "few")
        assert row["score_difference"] == sums[customer] - row["champion_score"]
        bandless = rows["bandless", "1"][customer]
        assert bandless["challenger_score"] == pytest.approx(sums[customer] / 3, abs=1e-9)
        assert (bandless["challenger_band"], bandless["band_move"]) == (None, None)


def test_the_lines_of_challengers_add_up_too(project: Project) -> None:
    assert assert_lines_lead_to_the_scores(project) > 300


def test_only_the_last_period_is_compared(rows: Rows) -> None:
    days: set[date] = {row["period_end"] for found in rows.values() for row in found.values()}
    assert days == {LATEST}
