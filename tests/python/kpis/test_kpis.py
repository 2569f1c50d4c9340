"""KPIs agree with the other marts, show the demo's stories, and grow run by run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from dbt_project import Project, put_back, scoring_project
from kpi_catalog import catalog_rows
from made_company import FIRST_DAY, MadeCompany
from right_rows import METRICS


def kpi(
    project: Project, kpi: str, grain: str, period_end: str, segment: str = "all"
) -> tuple[float | None, float | None, int | None]:
    """Value, numerator and denominator."""
    [row] = project.query(
        "select value, numerator, denominator from engagement_kpis where kpi = "
        f"'{kpi}' and period_grain = '{grain}' and period_end = '{period_end}' "
        f"and segment = '{segment}'"
    )
    return row


# --- the same number everywhere ---


def test_the_mean_score_is_that_of_segments_and_scores_to_the_last_digit(demo: Project) -> None:
    compared = demo.query("""
        with scores as (
            select period_end, cast(sum(cast(score as decimal(38, 16))) as double)
                / count(score) as mean_score
            from engagement_scores where is_champion group by period_end
        )
        select k.segment_column, k.value = s.mean_score, k.value = c.mean_score
        from engagement_kpis as k
        inner join engagement_segments as s using (segment_column, segment, period_end)
        left join scores as c on k.segment_column = 'all' and k.period_end = c.period_end
        where k.kpi = 'mean_score' and k.period_grain = 'week' and not k.is_suppressed
    """)
    columns = {row[0] for row in compared}
    assert columns == {"all", "plan", "region", "plan x region"}
    assert len(compared) > 800
    assert all(in_segments for _, in_segments, _ in compared)
    assert all(in_scores for column, _, in_scores in compared if column == "all")


def test_shares_are_those_of_the_scores(demo: Project) -> None:
    assert demo.query("""
        with scores as (
            select period_end, count(score) as scored,
                count(case when score > 70 then 1 end) as share_good,
                count(case when band = 'Excellent' then 1 end) as "band_share:Excellent",
                count(case when band = 'Moderate' then 1 end) as "band_share:Moderate",
                count(case when band = 'Low' then 1 end) as "band_share:Low"
            from engagement_scores where is_champion group by period_end
        ),
        counted as (
            unpivot scores on share_good, "band_share:Excellent", "band_share:Moderate",
                "band_share:Low" into name kpi value customers
        )
        select count(*), count(case when k.value = counted.customers / counted.scored then 1 end)
        from counted left join engagement_kpis as k
            on counted.kpi = k.kpi and counted.period_end = k.period_end
            and k.period_grain = 'week' and k.segment_column = 'all'
    """) == [(4 * 52, 4 * 52)]


def test_a_month_has_the_state_of_its_last_scored_period(demo: Project) -> None:
    assert demo.query("""
        select wholes.period_grain, count(*), count(case when wholes.value = weeks.value then 1 end)
        from engagement_kpis as wholes
        inner join engagement_kpis as weeks
            on wholes.scored_period_end = weeks.period_end and weeks.period_grain = 'week'
            and wholes.kpi = weeks.kpi and wholes.segment_column = weeks.segment_column
            and wholes.segment = weeks.segment
        where wholes.kpi in ('mean_score', 'share_good', 'churn')
            and wholes.period_grain != 'week' and wholes.segment_column = 'all'
        group by all order by 1
    """) == [("month", 36, 36), ("quarter", 12, 12)]
    assert demo.query("""
        select distinct period_end, is_partial, scored_period_end from engagement_kpis
        where period_grain = 'month' and period_end >= '2025-04-30' order by all
    """) == [
        (date(2025, 4, 30), False, date(2025, 4, 27)),
        (date(2025, 5, 31), False, date(2025, 5, 25)),
        (date(2025, 6, 30), True, date(2025, 6, 29)),
    ]


def test_money_adds_up_over_periods_bands_and_segments(demo: Project) -> None:
    [(ever,)] = demo.query("""
        select sum(lifetime_value) from int_engagement__customer_metrics
        where period_end = '2025-06-29'
    """)
    sums = demo.query("""
        select period_grain, segment_column, sum(numerator) from int_engagement__kpi_sums
        where kpi = 'revenue' group by all
    """)
    assert {(grain, column) for grain, column, _ in sums} == {
        (grain, column)
        for grain in ("week", "month", "quarter")
        for column in ("all", "plan", "region", "plan x region", "band")
    }
    assert all(float(total) == pytest.approx(ever) for _, _, total in sums)


def test_every_kpi_is_in_the_catalog(demo: Project) -> None:
    shown = {
        name.split(":")[0] for (name,) in demo.query("select distinct kpi from engagement_kpis")
    }
    listed = {row["kpi"] for row in catalog_rows()}
    assert shown <= listed and listed - shown <= set(METRICS)
    assert demo.query("select count(*) from kpi_catalog") == [(len(listed),)]


# --- the demo's stories ---


def test_the_segment_that_churns_is_found(demo: Project) -> None:
    retention = [
        kpi(demo, "retention", "month", month, "free x south")[0]
        for month in ("2025-02-28", "2025-04-30", "2025-05-31")
    ]
    assert retention == pytest.approx([0.967, 0.7, 0.391], abs=0.001)
    # The lowest of all pairs of plan and region, and the one that loses most.
    for name, order in (("retention", "value"), ("churn", "value desc")):
        assert demo.query(
            f"select segment from engagement_kpis where kpi = '{name}' and period_grain = 'month' "
            "and segment_column = 'plan x region' and period_end = '2025-05-31' "
            f"and value is not null order by {order} limit 1"
        ) == [("free x south",)]
    assert (
        demo.query("""
        select status, trend from engagement_kpis
        where kpi = 'retention' and period_grain = 'month' and segment = 'free x south'
            and period_end = '2025-05-31'
    """)[0][0]
        == "off_target"
    )
    assert demo.query("""
        select trend from engagement_kpis
        where kpi = 'mean_score' and period_grain = 'week' and segment = 'free x south'
            and period_end = '2025-06-29'
    """) == [("declining",)]


def test_the_campaign_shows_in_the_response_rate(demo: Project) -> None:
    weeks = demo.query("""
        select numerator, denominator, external_events from engagement_kpis
        where kpi = 'response_rate' and period_grain = 'week' and segment_column = 'all'
            and period_end in ('2025-05-04', '2025-05-11')
    """)
    assert sum(clicks for clicks, _, _ in weeks) == 74
    assert sum(mails for _, mails, _ in weeks) == 300
    assert all("campaign" in events for _, _, events in weeks)
    [(newsletter,)] = demo.query("""
        select max(value) from engagement_kpis
        where kpi = 'response_rate' and period_grain = 'week' and segment_column = 'all'
            and period_end not in ('2025-05-04', '2025-05-11')
    """)
    assert newsletter < 0.1 < min(clicks / mails for clicks, mails, _ in weeks)


def test_unhappy_customers_who_wait_are_counted(demo: Project, tmp_path: Path) -> None:
    """Of June's four unhappy answers, two of c003 and one of c006 wait; that of c007 does not."""
    assert kpi(demo, "followed_up_share", "month", "2025-06-30") == (0.25, 1, 4)
    assert kpi(demo, "follow_up_days", "month", "2025-06-30") == (None, 1, 4)
    assert kpi(demo, "followed_up_share", "month", "2025-05-31")[0] == 1
    assert demo.query("""
        select kpi, status from engagement_kpis
        where kpi like 'follow%' and period_grain = 'month' and period_end = '2025-06-30'
            and segment_column = 'all' order by 1
    """) == [("follow_up_days", "off_target"), ("followed_up_share", "off_target")]
    # A segment with so few customers is not shown, unless the company allows it.
    east = demo.query("""
        select distinct is_suppressed, value from engagement_kpis
        where kpi = 'followed_up_share' and period_grain = 'month' and segment_column = 'region'
            and period_end = '2025-06-30'
    """)
    assert east == [(True, None)]
    small = demo.copy(tmp_path / "small")
    run = small.dbt("run", "--select=engagement_kpis", variables={"min_segment_size": 1})
    assert run.success, run.said
    assert kpi(small, "followed_up_share", "month", "2025-06-30", "pro x east") == (0, 0, 2)
    assert kpi(small, "followed_up_share", "month", "2025-06-30", "pro x south") == (0.5, 1, 2)


def test_the_engaged_come_back_and_pay_more(demo: Project) -> None:
    for name in ("retention", "revenue_per_customer"):
        excellent, moderate, low = (
            kpi(demo, name, "month", "2025-04-30", band)[0]
            for band in ("Excellent", "Moderate", "Low")
        )
        assert excellent is not None and moderate is not None and low is not None
        assert excellent > moderate > low


def test_values_are_compared_with_targets_of_their_segment_and_grain(demo: Project) -> None:
    targets = demo.query("""
        select kpi, period_grain, segment, target, status from engagement_kpis
        where target is not null and period_end = '2025-05-31'
    """)
    held = {
        (name, grain, segment): (target, status) for name, grain, segment, target, status in targets
    }
    assert held["revenue", "month", "all"] == (10000, "on_target")
    assert held["retention", "month", "Excellent"] == (0.95, "off_target")
    assert held["mean_score", "month", "enterprise"][0] == 60
    assert held["mean_score", "month", "all"] == (55, "on_target")
    assert {status for _, status in held.values()} == {"on_target", "near", "off_target"}


# --- run by run ---


def a_company() -> MadeCompany:
    """Three customers who buy nothing, over eleven weeks of two months."""
    company = MadeCompany()
    company.score_model(
        "value",
        {"active_days": {"goal": 10, "dimension": "behavioural"}},
        bands=(("Low", 0, 2), ("High", 60, 2)),
        window_days=28,
    )
    for number, customer_id in enumerate(("ann", "ben", "cem")):
        company.customer(customer_id, plan="pro")
        weeks = [7 * week + number for week in range(0, 11, number + 1)]
        company.did(customer_id, "website_visit", *(FIRST_DAY + timedelta(days=d) for d in weeks))
        company.did(customer_id, "email_sent", FIRST_DAY + timedelta(days=20 + number))
    company.did("ann", "email_click", FIRST_DAY + timedelta(days=30))
    company.answered("ben", "nps", 3, FIRST_DAY + timedelta(days=25))
    return company


TABLES = ["int_engagement__kpi_sums", "engagement_kpis"]
SELECT = "--select=int_engagement__scoring_periods int_engagement__kpi_sums engagement_kpis"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = scoring_project(tmp_path_factory.mktemp("kpis") / "project", "kpis")
    a_company().set_up(project, segment_columns=["plan"])
    run = project.build()
    assert run.success, run.said
    return project


def test_a_company_without_money_has_no_kpi_of_it(made: Project) -> None:
    names = {name for (name,) in made.query("select distinct kpi from engagement_kpis")}
    assert names == {
        "mean_score",
        "share_good",
        "band_share:Low",
        "band_share:High",
        "retention",
        "response_rate",
        "nps",
        "churn",
    }
    # Nor targets: those of the demo company are only its own.
    assert made.query("select distinct status from engagement_kpis") == [("no_target",)]
    assert made.query(
        "select distinct is_suppressed from engagement_kpis where segment_column = 'plan'"
    ) == [(True,)]


@pytest.fixture
def moved(made: Project) -> Iterator[Project]:
    """The same, to change at will: its database is put back after the test."""
    with put_back([made.database]):
        yield made


def test_weeks_that_come_and_go_leave_the_kpis_of_one_run(moved: Project) -> None:
    """scoring_end moves back into a month, and forward again; nothing else has changed."""
    before = moved.contents(TABLES)
    run = moved.dbt("run", SELECT, variables={"scoring_end": "2025-02-16"})
    assert run.success, run.said
    assert moved.query("""
        select period_end, scored_period_end, is_partial, denominator from engagement_kpis
        where kpi = 'response_rate' and period_grain != 'week' and segment_column = 'all'
        order by period_grain, period_end
    """) == [
        (date(2025, 1, 31), date(2025, 1, 26), True, 3),
        (date(2025, 3, 31), date(2025, 2, 16), True, 3),
    ]
    assert moved.query("select max(looks_until) from int_engagement__kpi_sums") == [
        (date(2025, 2, 16),)
    ]
    run = moved.dbt("run", SELECT)
    assert run.success, run.said
    assert moved.contents(TABLES) == before
