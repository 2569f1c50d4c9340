"""What raises an alert, only once, and what late data and killed runs do to it.

A score is the money that a customer has spent so far, so that refunds lower it at will. Customers
visit once a week, except those whose rhythm is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest
from dbt_project import ROOT, Project, put_back, scoring_project
from made_company import FIRST_DAY, MadeCompany
from worked_example import set_variables

BANDS = (("Low", 0, 2), ("Moderate", 60, 2), ("Excellent", 80, 2))
FILLED = 4
# Of the last week only the visits are there.
WEEKS = 26
LAST_WEEK = WEEKS - 1
BUDGET = 5
# Far enough apart that moves of single customers, of all, and of a source do not overlap.
SHIFTED = 16
STOPPED = 21
CROWD = [f"crowd{number}" for number in range(12)]

Alerts = set[tuple[str, str, int]]


def day(week: int, weekday: int = 0) -> date:
    """Monday of week 1 is the first day."""
    return FIRST_DAY + timedelta(days=7 * (week - 1) + weekday)


class Alerting(MadeCompany):
    """Customers with a score that follows the money."""

    def worth(self, customer_id: str, score: float) -> None:
        self.did(customer_id, "purchase", day(1), amount=score, channel="shop")

    def moves(self, customer_id: str, points: float, week: int) -> None:
        """The score rises or falls in a week."""
        self.did(
            customer_id,
            "purchase" if points > 0 else "refund",
            day(week, 1),
            amount=points,
            channel="shop",
        )

    def visits(self, customer_id: str, weeks: Iterable[int], channel: str = "shop") -> None:
        """Once in each of the weeks."""
        self.did(customer_id, "website_visit", *(day(week, 1) for week in weeks), channel=channel)

    def lives(self, customer_id: str, score: float) -> None:
        """Is worth so much, and visits every week."""
        self.worth(customer_id, score)
        self.visits(customer_id, range(1, WEEKS + 1))


def the_company() -> Alerting:
    company = Alerting()
    company.score_model(
        "value", {"lifetime_value": {"goal": 100}}, bands=BANDS, window_days=7 * FILLED
    )
    people_who_move(company)
    people_with_a_rhythm(company)
    people_who_answer(company)
    people_who_are_busy(company)
    everybody_falls(company)
    a_source_stops(company)
    return company


def people_who_move(company: Alerting) -> None:
    for customer_id, score, points, week in (
        ("falls", 79, -15, 10),
        ("falls_less", 79, -14, 10),
        ("rises", 20, 15, 10),
        ("rises_less", 20, 14, 10),
        ("steps_down", 63, -7, 14),
        ("steps_up", 57, 7, 14),
        ("stays_settled", 61, -2, 14),
        # No window is filled yet; for the second, one was four weeks ago.
        ("falls_at_first", 79, -30, FILLED - 1),
        ("falls_then", 79, -30, 2 * FILLED),
    ):
        company.lives(customer_id, score)
        company.moves(customer_id, points, week)
    # Up and down every week: 20 points in four weeks are usual for it.
    company.lives("swings", 20)
    for week in range(2, 12):
        company.moves("swings", -20 if week % 2 else 20, week)
    # Again within the cooldown, and after it.
    company.lives("falls_twice", 59)
    company.moves("falls_twice", -16, 8)
    company.moves("falls_twice", -16, 13)
    company.lives("falls_again", 59)
    company.moves("falls_again", -16, 8)
    company.moves("falls_again", -16, 22)


def people_with_a_rhythm(company: Alerting) -> None:
    company.worth("goes_quiet", 85)
    company.visits("goes_quiet", range(1, 11))
    # Like c004 of the demo: 30 days from one purchase to the next, and silent for 20 in week 16.
    company.worth("buys_monthly", 50)
    company.did(
        "buys_monthly",
        "website_visit",
        *(FIRST_DAY + timedelta(days=days) for days in range(0, 160, 30)),
        channel="shop",
    )
    # Ten days are long for a daily visitor, but less than two weeks.
    company.worth("comes_daily", 50)
    company.did(
        "comes_daily",
        "website_visit",
        *(day(1, days) for days in range(7 * WEEKS) if not 70 <= days < 80),
        channel="shop",
    )
    company.worth("two_gaps", 50)
    company.visits("two_gaps", (2, 3))
    company.worth("comes_back", 50)
    company.visits("comes_back", [*range(1, 6), *range(13, WEEKS + 1)])
    company.worth("looks_in", 50)
    company.visits("looks_in", [*range(1, 6), 13])
    # Silent from the tenth week on; the score falls after that.
    company.worth("fades", 85)
    company.visits("fades", range(1, 8))
    company.moves("fades", -30, 14)


def people_who_answer(company: Alerting) -> None:
    for customer_id, score, survey_type, rating in (
        ("critic", 85, "nps", 2),
        ("critic_on_friday", 85, "nps", 2),
        ("low_critic", 20, "nps", 6),
        ("low_critic_on_friday", 20, "nps", 2),
        ("passive", 85, "nps", 7),
        ("called", 85, "csat", 2),
        ("called_late", 85, "csat", 2),
        ("so_so", 85, "csat", 3),
    ):
        company.lives(customer_id, score)
        weekday = 4 if customer_id.endswith("friday") else 1
        company.answered(customer_id, survey_type, rating, day(10, weekday))
    company.did("called", "support_follow_up", day(10, 2), channel="shop")
    company.did("called_late", "support_follow_up", day(10, 6), channel="shop")
    # Before the first follow-up, a missing one says nothing.
    company.did("so_so", "support_follow_up", day(9), channel="shop")
    company.lives("early_critic", 85)
    company.answered("early_critic", "nps", 0, day(8))


def people_who_are_busy(company: Alerting) -> None:
    company.customer("games", is_erased="")
    for customer_id, likes, week in (
        ("games", 50, 10),
        ("likes", 49, 10),
        ("games_at_first", 50, FILLED - 1),
    ):
        company.lives(customer_id, 50)
        company.did(customer_id, "social_like", *[day(week, 2)] * likes, channel="shop")


def everybody_falls(company: Alerting) -> None:
    for customer_id in CROWD:
        company.lives(customer_id, 90)
        company.moves(customer_id, -20, SHIFTED)
    company.lives("falls_further", 90)
    company.moves("falls_further", -45, SHIFTED)


def a_source_stops(company: Alerting) -> None:
    """The app loads every day until it stops; the shop goes on."""
    for customer_id in ("app_only", "app_too"):
        company.worth(customer_id, 90)
        weeks = range(1, STOPPED)
        company.did(
            customer_id,
            "product_session",
            *(day(week, weekday) for week in weeks for weekday in range(7)),
            channel="app",
        )
        company.moves(customer_id, -30, STOPPED)
    company.visits("app_too", range(1, WEEKS + 1))
    company.lives("never_in_the_app", 90)
    company.moves("never_in_the_app", -30, STOPPED)


def load(project: Project, company: MadeCompany, last_week: int) -> None:
    """Writes everything; the shop and the app are entries of their own."""
    company.set_up(project)
    files = {name: project.folder / f"data/{name}.csv" for name in company.inputs}
    entries: dict[str, list[dict[str, str]]] = {
        name: [{"name": name, "relation": f"read_csv('{path}', all_varchar = true)"}]
        for name, path in files.items()
        if path.exists()
    }
    (rows,) = entries["interactions"]
    entries["interactions"] = [
        {**rows, "name": channel, "where": f"channel = '{channel}'"} for channel in ("app", "shop")
    ]
    set_variables(
        project,
        engagement_inputs=entries,
        scoring_end=str(day(last_week, 6)),
        alert_budget=BUDGET,
    )


def alerts_in(project: Project, relation: str = "engagement_alerts") -> Alerts:
    """Kind, subject and week of each alert."""
    return {
        (kind, subject, week_of(period_end))
        for kind, subject, period_end in project.query(
            f"select kind, subject, period_end from {relation}"
        )
    }


def week_of(period_end: date) -> int:
    return (period_end - FIRST_DAY).days // 7 + 1


def run(project: Project, *arguments: str) -> None:
    outcome = project.dbt("run", *arguments)
    assert outcome.success, outcome.said


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built once; read it only, or use `project`."""
    project = scoring_project(tmp_path_factory.mktemp("alerts") / "project", "alerts")
    load(project, the_company(), LAST_WEEK)
    built = project.build()
    assert built.success, built.said
    return project


@pytest.fixture
def project(first: Project) -> Iterator[Project]:
    """The same with the next load in its files; its database is put back after the test."""
    with put_back([first.database]):
        load(first, the_company_a_week_later(), LAST_WEEK + 1)
        yield first


# --- what raises one, and what does not ---

EXPECTED = {
    # In the week in which it falls, and once, though it is down for four weeks.
    "falls": {("drop", 10)},
    "falls_less": set(),
    "rises": {("rise", 10)},
    "rises_less": set(),
    "steps_down": {("band_down", 14)},
    "steps_up": {("band_up", 14)},
    "stays_settled": set(),
    "falls_at_first": set(),
    "falls_then": {("drop", 8)},
    "swings": set(),
    "falls_twice": {("drop", 8)},
    "falls_again": {("drop", 8), ("drop", 22)},
    # A week is usual: silent for more than three. The visits are on Tuesdays.
    "goes_quiet": {("silence", 13)},
    "buys_monthly": set(),
    "comes_daily": set(),
    "two_gaps": set(),
    "comes_back": {("silence", 8), ("recovery", 14)},
    "looks_in": {("silence", 8), ("silence", 16)},
    "fades": {("silence", 10)},
    # Due in the same week, the missing follow-up explains both.
    "critic": {("not_followed_up", 10)},
    "critic_on_friday": {("engaged_unhappy", 10), ("not_followed_up", 11)},
    "low_critic": {("not_followed_up", 10)},
    "low_critic_on_friday": {("not_followed_up", 11)},
    "passive": set(),
    "called": set(),
    "called_late": {("not_followed_up", 10)},
    "so_so": set(),
    "early_critic": {("engaged_unhappy", 8)},
    "games": {("gaming", 10)},
    "likes": set(),
    "games_at_first": set(),
    # 45 down while all others are 20 down.
    "falls_further": {("drop", SHIFTED)},
    # Customers of a source that stopped neither fall nor fall silent.
    "app_only": set(),
    "app_too": set(),
    "never_in_the_app": {("drop", STOPPED)},
    "app": {("stale_source", STOPPED)},
    "all": {("global_shift", SHIFTED)},
}


KINDS = re.findall(
    r"^            '(\w+)', '(?:critical|high|medium|low)'",
    (ROOT / "models/marts/alerts/int_engagement__alert_kinds.sql").read_text(),
    re.MULTILINE,
)


def test_every_kind_is_expected_here_and_listed_in_the_guide() -> None:
    assert {kind for alerts in EXPECTED.values() for kind, _ in alerts} == set(KINDS)
    guide = (ROOT / "docs/alerts.md").read_text(encoding="utf-8")
    section = guide.split("\n## The kinds\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(KINDS)


def test_each_rule_fires_where_it_should_and_nowhere_else(first: Project) -> None:
    found: dict[str, set[tuple[str, int]]] = {subject: set() for subject in EXPECTED}
    for kind, subject, week in alerts_in(first):
        found.setdefault(subject, set()).add((kind, week))
    assert found == EXPECTED


def test_a_fall_of_all_and_a_deeper_one_are_two_alerts(first: Project) -> None:
    assert {
        alert for alert in alerts_in(first) if alert[2] == SHIFTED and alert[0] != "silence"
    } == {
        ("global_shift", "all", SHIFTED),
        ("drop", "falls_further", SHIFTED),
    }
    conditions = first.query(
        "select distinct kind, explained_by from int_engagement__alert_conditions "
        "where subject = 'crowd0'"
    )
    assert conditions == [("band_down", "global_shift")]


def test_what_another_alert_explains_is_kept_as_a_condition(first: Project) -> None:
    explained = set(
        first.query(
            "select subject, kind, explained_by from int_engagement__alert_conditions "
            "where explained_by is not null and subject in "
            "('falls_then', 'fades', 'critic', 'called', 'app_only')"
        )
    )
    assert explained >= {
        ("falls_then", "band_down", "drop"),
        ("fades", "drop", "silence"),
        ("critic", "engaged_unhappy", "not_followed_up"),
        ("app_only", "drop", "stale_source"),
        ("app_only", "silence", "stale_source"),
    }
    assert not {row for row in explained if row[0] == "called"}


def test_an_alert_says_what_happened_and_what_to_do(first: Project) -> None:
    assert first.query(
        "select severity, size, score, previous_score, band, previous_band, owner, reason "
        "from engagement_alerts where subject = 'falls'"
    ) == [
        (
            "high", 15, 64, 79, "Moderate", "Moderate", "all",
            "Score 79.0 to 64.0 since 2025-02-16, while everybody moved by 0.0",
        )
    ]  # fmt: skip


def test_a_budget_draws_a_line_and_keeps_the_rest(first: Project) -> None:
    ranks = first.query(
        "select alert_rank, is_below_line, severity from engagement_alerts "
        f"where period_end = date '{day(10, 6)}' order by alert_rank"
    )
    assert [rank for rank, _, _ in ranks] == list(range(1, len(ranks) + 1))
    assert len(ranks) > BUDGET
    assert [below for _, below, _ in ranks] == [rank > BUDGET for rank, _, _ in ranks]
    severities = [severity for _, _, severity in ranks]
    assert severities == sorted(severities, key=["critical", "high", "medium", "low"].index)


def test_the_first_build_is_late_but_for_the_last_period(first: Project) -> None:
    assert first.query(
        "select bool_and(is_late), count(*) from engagement_alerts "
        f"where period_end < date '{day(LAST_WEEK, 6)}'"
    ) == [(True, len(alerts_in(first)))]
    assert alerts_in(first, "engagement_new_alerts") == alerts_in(first)


# --- the stories of the demo company ---

# docs/demo.md, since the end of April: each raises one alert, on the last day of its week.
STORIES = {
    "c001": {("gaming", "2025-06-22")},
    "c002": {("silence", "2025-04-27")},
    "c003": {("engaged_unhappy", "2025-06-15"), ("not_followed_up", "2025-06-22")},
    "c004": set(),
    "c005": {("recovery", "2025-06-01")},
    "c006": {("engaged_unhappy", "2025-06-08"), ("not_followed_up", "2025-06-15")},
    "c007": set(),
}


def test_the_planted_stories_raise_their_alerts(demo: Project) -> None:
    found: dict[str, set[tuple[str, str]]] = {customer: set() for customer in STORIES}
    for customer, kind, period_end in demo.query(
        "select customer_id, kind, period_end from engagement_alerts "
        f"where customer_id in {tuple(STORIES)} and period_end > date '2025-04-20'"
    ):
        found[customer].add((kind, str(period_end)))
    # Their other silences and returns belong to no story.
    assert found["c001"] >= STORIES["c001"]
    assert {kind for kind, _ in found["c007"]} <= {"silence", "recovery"}
    for customer in STORIES.keys() - {"c001", "c007"}:
        assert found[customer] == STORIES[customer], customer
    assert demo.query("select kind from engagement_alerts where customer_id = 'c004'") == []
    # No other unhappy answers wait.
    assert demo.query(
        "select distinct customer_id from engagement_alerts where kind = 'not_followed_up' "
        "and period_end > date '2025-05-11' order by customer_id"
    ) == [("c003",), ("c006",)]
    assert demo.query("select customer_id from engagement_alerts where kind = 'gaming'") == [
        ("c001",)
    ]


def test_the_seasonal_dip_is_one_alert(demo: Project) -> None:
    assert demo.query(
        "select period_end, kind, reason from engagement_alerts where subject_type != 'customer'"
    ) == [
        (
            date(2025, 1, 5),
            "global_shift",
            "Of the 308 customers whose score moved since 2024-12-08, half lost 6.9 points or more",
        )
    ]
    drops = demo.query(
        "select count(*) from engagement_alerts where kind in ('drop', 'band_down') "
        "and period_end between date '2025-01-05' and date '2025-01-19'"
    )
    assert drops[0][0] < 10


def test_a_change_of_the_last_period_names_its_component(demo: Project) -> None:
    rows = demo.query(
        "select component, recommended_action from engagement_alerts "
        "where period_end = date '2025-06-29' and kind in ('drop', 'band_down', 'silence')"
    )
    assert rows
    for component, action in rows:
        assert re.fullmatch(r"[a-z_]+ (none|[\d.]+) to (none|[\d.]+) \(-\d+\.\d\)", component)
        assert action


# --- the next load ---


def the_company_a_week_later() -> Alerting:
    """One customer falls in the new week, rows of earlier weeks arrive, and one is erased."""
    company = the_company()
    for customer_id in CROWD:
        company.visits(customer_id, [WEEKS + 1])
    company.moves(CROWD[0], -20, LAST_WEEK + 1)
    # Did not fall, after all; did fall; fell a week earlier.
    company.moves("falls", 15, 10)
    company.moves("rises_less", -20, 22)
    company.moves("never_in_the_app", -20, STOPPED - 1)
    for row in company.inputs["customers"]:
        row["is_erased"] = "true"
    return company


ADDED = {("drop", CROWD[0], LAST_WEEK + 1), ("drop", "rises_less", 22)}


def test_a_killed_run_heals_and_a_load_adds_alerts_and_retracts_none(project: Project) -> None:
    before = alerts_in(project)
    # Killed before its alerts were appended.
    run(project, "--exclude", "engagement_alerts", "engagement_new_alerts")
    assert alerts_in(project) == before
    run(project)
    # Erased people are removed; everything else stays as published.
    assert alerts_in(project) == before - {("gaming", "games", 10)} | ADDED
    assert alerts_in(project, "engagement_new_alerts") == ADDED
    assert dict(
        project.query("select subject, is_late from engagement_alerts where load_number = 2")
    ) == {CROWD[0]: False, "rises_less": True}
    # All periods again, from nothing: nothing is new.
    after = project.contents(["engagement_alerts", "int_engagement__alert_conditions"])
    run(project, "--full-refresh")
    assert project.contents(after) == after
    assert alerts_in(project, "engagement_new_alerts") == set()


def test_alerts_of_a_killed_run_are_still_new(project: Project) -> None:
    before = alerts_in(project)
    run(project, "--exclude", "engagement_segments")
    assert alerts_in(project) - before == ADDED
    run(project)
    assert alerts_in(project) - before == ADDED
    assert alerts_in(project, "engagement_new_alerts") == ADDED
