"""Why a score changed: each part moves for its own reason, and together they are the change.

One company has a customer for each reason; the periods of random ones are scored again without what
happened in the last, and as if a version had begun earlier: those scores are the steps.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt_project import Project, scoring_project
from made_company import FIRST_DAY, MadeCompany

PARTS = (
    "late_rows",
    "new_version",
    "window_moved",
    "new_interactions",
    "new_answers",
    "override",
)
Row = dict[str, Any]
Change = dict[str, float]

# Six weeks, Monday to Sunday; the change explained is that of the last.
WEEKS = [FIRST_DAY + timedelta(days=7 * week + 6) for week in range(6)]
BEFORE, LATEST = WEEKS[-2:]


def monday(week: int) -> date:
    return FIRST_DAY + timedelta(days=7 * week)


def changes(project: Project, period_end: date) -> dict[tuple[str, str, str], Row]:
    """The rows of a period by customer, score model and version."""
    rows = project.records(
        f"select * from engagement_score_changes where period_end = '{period_end}'"
    )
    return {(row["customer_id"], row["score_model"], row["version"]): row for row in rows}


def moved(row: Row) -> Change:
    """The parts that are not 0."""
    return {part: row[part] for part in PARTS if row[part] != 0}


def assert_parts_add_up(project: Project) -> int:
    """On every row previous_score and the parts are the score. How many rows there were."""
    rows = project.records("select * from engagement_score_changes")
    for row in rows:
        explained = row["previous_score"] + sum(row[part] for part in PARTS)
        assert explained == pytest.approx(row["score"], abs=1e-9, rel=1e-9), row
        assert row["score_change"] == pytest.approx(row["score"] - row["previous_score"], abs=1e-9)
    return len(rows)


# --- a customer for each reason ---

# Time alone moves neither the value of a customer nor an answer that is valid for long.
STILL = ("value", "satisfaction")
BY_VALUE = {"lifetime_value": {"goal": 100}}
FORMULAS = (
    "by_time",
    "geometric",
    "decaying",
    "mean_of_points",
    "mean_by_points",
    "indexed_points",
)
POINTS = {
    "website_visit": {"points": 1, "half_life_days": 7},
    "purchase": {"points": 5, "daily_cap": 3, "half_life_days": 7},
    "support_ticket": {"points": -2},
}


def the_company() -> MadeCompany:
    company = MadeCompany()
    company.score_model("value", BY_VALUE, window_days=28)
    company.score_model("satisfaction", {"csat": {"goal": 1}}, window_days=28)
    by_time: dict[str, Row] = {
        "recency_days": {"lower": 28, "goal": 0, "weight": 3},
        "interaction_frequency": {"goal": 30, "scaling": "log_goal"},
        "interaction_depth": {"goal": 4},
        "csat": {"goal": 1, "weight": 2, "missing": "zero"},
    }
    company.score_model("by_time", by_time, window_days=28)
    company.score_model("geometric", by_time, aggregation="geometric", window_days=28)
    company.score_model("decaying", points=POINTS, window_days=28)
    company.score_model("mean_of_points", points=POINTS, formula="metric_mean", window_days=28)
    company.score_model("mean_by_points", points=POINTS, formula="weighted_mean", window_days=28)
    company.score_model(
        "indexed_points",
        {
            "decayed_points": {"goal": 20, "scaling": "saturation"},
            "csat": {"goal": 1, "missing": "neutral"},
        },
        points=POINTS,
        window_days=28,
    )
    company.score_model("relative", {"lifetime_value": {"scaling": "percentile"}}, window_days=28)
    company.score_model("versioned", BY_VALUE, window_days=28)
    company.score_model(
        "versioned", {"lifetime_value": {"goal": 400}}, window_days=42, version="2",
        valid_from=monday(5),
    )  # fmt: skip
    company.score_model("to_points", BY_VALUE, window_days=28)
    company.score_model(
        "to_points", points={"website_visit": 1, "purchase": 1}, window_days=28, version="2",
        valid_from=LATEST,
    )  # fmt: skip
    for customer in (
        "silent", "buyer", "visitor", "answerer", "first_answer", "set", "lifted", "kept", "late",
        "all",
    ):  # fmt: skip
        company.did(customer, "purchase", FIRST_DAY, amount=20)
        company.did(customer, "website_visit", monday(2), monday(3) + timedelta(days=2), monday(4))
        if customer != "first_answer":
            company.answered(customer, "csat", 4, monday(1))
    company.did("buyer", "purchase", LATEST, amount=30)
    company.did("visitor", "website_visit", LATEST - timedelta(days=2))
    company.answered("answerer", "csat", 1, LATEST)
    company.answered("first_answer", "csat", 5, monday(5))
    for model in ("value", "decaying"):
        company.override("set", model, 77, monday(5), LATEST)
        company.override("lifted", model, 77, monday(3), BEFORE)
        company.override("kept", model, 77, monday(3), LATEST)
    company.did("kept", "purchase", LATEST, amount=30)
    company.did("newcomer", "website_visit", LATEST)
    # Everything at once.
    company.did("all", "purchase", LATEST, amount=30)
    company.answered("all", "csat", 2, LATEST)
    company.override("all", "by_time", 50, monday(5), LATEST)
    # A month without any event would end the data.
    company.did("daily", "website_visit", *(FIRST_DAY + timedelta(days=day) for day in range(42)))
    return company


# Only what is recorded as published can be restated.
WITH_RECORD = "+engagement_score_changes +engagement_published_settings"


def set_up(project: Project, company: MadeCompany, what: str, **variables: Any) -> None:
    """The company in a project, and what is built of it."""
    company.set_up(project, **{"scoring_end": str(LATEST), "detail_periods": 2, **variables})
    run = project.build("--select", what)
    assert run.success, run.said


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = scoring_project(tmp_path_factory.mktemp("changes") / "project")
    set_up(project, the_company(), WITH_RECORD)
    return project


@pytest.fixture(scope="module")
def found(project: Project) -> dict[tuple[str, str, str], Row]:
    return changes(project, LATEST)


def of(
    found: dict[tuple[str, str, str], Row], customer_id: str, model: str, version: str = "1"
) -> Change:
    return moved(found[customer_id, model, version])


def test_the_parts_add_up_under_every_formula(project: Project) -> None:
    assert assert_parts_add_up(project) > 150


@pytest.mark.parametrize("model", FORMULAS)
def test_silence_moves_only_the_window(found: dict[tuple[str, str, str], Row], model: str) -> None:
    change = of(found, "silent", model)
    assert change.keys() == {"window_moved"}
    assert change["window_moved"] < 0


@pytest.mark.parametrize("model", FORMULAS)
@pytest.mark.parametrize("customer", ["buyer", "visitor"])
def test_what_was_done_moves_what_it_moves_beside_the_window(
    found: dict[tuple[str, str, str], Row], customer: str, model: str
) -> None:
    """Until then nothing differs from a silent customer."""
    change = of(found, customer, model)
    assert change.keys() == {"window_moved", "new_interactions"}
    assert change["window_moved"] == of(found, "silent", model)["window_moved"]
    assert change["new_interactions"] > 0


def test_where_time_moves_nothing_a_purchase_moves_only_new_interactions(
    found: dict[tuple[str, str, str], Row],
) -> None:
    assert of(found, "silent", "value") == {}
    assert found["silent", "value", "1"]["moved_by"] is None
    assert of(found, "buyer", "value") == {"new_interactions": 30}
    assert found["buyer", "value", "1"]["moved_by"] == "new_interactions"


def test_an_answer_moves_only_new_answers(found: dict[tuple[str, str, str], Row]) -> None:
    """A csat of 4 is 75; a 1 beside it makes 37.5. Where nothing was known there was no score."""
    assert of(found, "answerer", "satisfaction") == {"new_answers": -37.5}
    assert of(found, "silent", "satisfaction") == {}
    assert ("first_answer", "satisfaction", "1") not in found
    for model in ("by_time", "geometric", "indexed_points"):
        for customer, sign in (("answerer", -1), ("first_answer", 1)):
            change = of(found, customer, model)
            assert change.keys() == {"window_moved", "new_answers"}
            assert change["new_answers"] * sign > 0
        assert (
            of(found, "answerer", model)["window_moved"]
            == of(found, "silent", model)["window_moved"]
        )


def test_an_override_moves_only_override(found: dict[tuple[str, str, str], Row]) -> None:
    assert of(found, "set", "value") == {"override": 57}
    assert of(found, "lifted", "value") == {"override": -57}
    # What stays set by hand stays: override takes back what the data did.
    assert of(found, "kept", "value") == {"new_interactions": 30, "override": -30}
    raw = of(found, "silent", "decaying")["window_moved"]
    for customer in ("set", "lifted"):
        change = of(found, customer, "decaying")
        assert change.keys() == {"window_moved", "override"}
        assert change["window_moved"] == raw


def test_a_new_version_moves_only_new_version(found: dict[tuple[str, str, str], Row]) -> None:
    """Of 20 a goal of 400 makes 5 and not 20; another formula and window are no matter."""
    row = found["silent", "versioned", "2"]
    assert (row["previous_version"], row["previous_score"], row["score"]) == ("1", 20, 5)
    assert moved(row) == {"new_version": -15}
    assert of(found, "buyer", "versioned", "2") == {"new_version": -15, "new_interactions": 7.5}
    # On the day before the last week three visits and no purchase were in the last four weeks.
    assert of(found, "silent", "to_points", "2") == {"new_version": 3 - 20}
    assert of(found, "visitor", "to_points", "2") == {"new_version": -17, "new_interactions": 1}


def test_on_a_relative_scale_others_move_a_customer(
    found: dict[tuple[str, str, str], Row],
) -> None:
    """`daily` and `newcomer` are worth nothing; who bought nothing falls behind who did.

    Of 11 customers 1 was behind the ten; with the newcomer 2 of 11 others are.
    """
    behind = 100 * (2 / 11 - 1 / 10)
    assert of(found, "silent", "relative") == {"new_interactions": pytest.approx(behind)}
    ahead = 100 * (9 / 11 - 1 / 10)
    assert of(found, "buyer", "relative") == {"new_interactions": pytest.approx(ahead)}


def test_without_a_score_at_either_end_there_is_no_row(
    project: Project, found: dict[tuple[str, str, str], Row]
) -> None:
    assert not [key for key in found if key[0] == "newcomer"]
    scored = project.query(
        "select customer_id, score_model, version from engagement_scores "
        f"where period_end = '{LATEST}' and score is not null and customer_id != 'newcomer'"
    )
    assert set(scored) - found.keys() == {("first_answer", "satisfaction", "1")}


def test_everything_at_once(found: dict[tuple[str, str, str], Row]) -> None:
    change = of(found, "all", "by_time")
    assert change.keys() == {"window_moved", "new_interactions", "new_answers", "override"}
    assert change["window_moved"] == of(found, "silent", "by_time")["window_moved"]
    assert change["new_interactions"] == of(found, "buyer", "by_time")["new_interactions"]


def test_late_rows_move_only_late_rows(
    project: Project, tmp_path: Path, found: dict[tuple[str, str, str], Row]
) -> None:
    """A purchase of the week before arrives late: what it did then is no change of this week."""
    late = project.copy(tmp_path / "project")
    company = the_company()
    company.did("late", "purchase", BEFORE, amount=10)
    set_up(late, company, WITH_RECORD)
    assert assert_parts_add_up(late)
    after = changes(late, LATEST)
    assert of(after, "late", "value") == {"late_rows": 10}
    assert after["late", "value", "1"]["previous_score"] == 20
    change = of(after, "late", "by_time")
    assert change.keys() == {"late_rows", "window_moved"}
    assert change["late_rows"] > 0
    assert of(after, "late", "versioned", "2") == {"late_rows": 10, "new_version": -22.5}
    others = {key: row for key, row in found.items() if key[0] != "late" and key[1] != "relative"}
    assert {key: after[key] for key in others} == others


# --- random companies ---


@dataclass(frozen=True)
class Calendar:
    """A grain, its periods, and windows in days."""

    grain: str
    period_ends: tuple[date, ...]
    windows: tuple[int, int]

    @property
    def before(self) -> date:
        return self.period_ends[-2]

    @property
    def latest(self) -> date:
        return self.period_ends[-1]

    @property
    def start(self) -> date:
        """The first day of the last period."""
        return self.before + timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [
            FIRST_DAY + timedelta(days=day) for day in range((self.latest - FIRST_DAY).days + 1)
        ]


CALENDARS = {
    "week": Calendar("week", tuple(WEEKS), (28, 14)),
    "day": Calendar("day", tuple(FIRST_DAY + timedelta(days=day) for day in range(16)), (10, 2)),
    "month": Calendar(
        "month",
        (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)),
        (90, 60),
    ),
}

METRICS: dict[str, Row] = {
    "recency_days": {"lower": 30, "goal": 0},
    "interaction_frequency": {"goal": 40, "scaling": "saturation"},
    "active_days": {"goal": 20},
    "time_spent": {"goal": 30, "scaling": "log_goal"},
    "interaction_depth": {"goal": 8},
    "session_depth": {"goal": 3},
    "conversion_rate": {"goal": 1},
    "click_through_rate": {"goal": 1},
    "social_engagement": {"goal": 5},
    "decayed_points": {"goal": 20, "scaling": "saturation"},
    "csat": {"goal": 1},
    "nps": {"goal": 10},
    "purchase_frequency": {"goal": 5},
    "average_order_value": {"goal": 100},
    "lifetime_value": {"goal": 300},
    "repeat_purchase_rate": {"goal": 1},
    "basket_size": {"goal": 4},
    "churn": {"lower": 1, "goal": 0},
    "renewal_rate": {"goal": 1},
    "advocacy": {"goal": 4},
}
KINDS: dict[str, Callable[[random.Random], Row]] = {
    "website_visit": lambda draw: {},
    "product_session": lambda draw: {"duration_seconds": draw.randint(10, 900)},
    "email_sent": lambda draw: {},
    "email_click": lambda draw: {},
    "social_like": lambda draw: {},
    "support_ticket": lambda draw: {},
    "purchase": lambda draw: {"amount": draw.randint(5, 90), "quantity": draw.randint(1, 5)},
    "refund": lambda draw: {"amount": draw.randint(1, 20)},
    "renewal": lambda draw: {},
    "cancellation": lambda draw: {},
    "review": lambda draw: {},
}


def random_models(company: MadeCompany, draw: random.Random, calendar: Calendar) -> None:
    """Every formula, some with a second version from the last period on."""
    long, short = calendar.windows

    def index(**settings: Any) -> dict[str, Row]:
        chosen = draw.sample(sorted(METRICS), draw.randint(3, len(METRICS)))
        policies = ["rescale", "zero", "neutral"]
        return {
            metric: {
                **METRICS[metric],
                "weight": draw.randint(1, 9),
                "missing": draw.choice(policies),
                **settings,
            }
            for metric in chosen
        }

    def points(window: int) -> dict[str, Row]:
        kinds = [kind for kind in KINDS if kind != "email_sent"]
        return {
            kind: {
                "points": draw.choice([-3, -1, 1, 2, 5]) if kind != "website_visit" else 1,
                "daily_cap": draw.choice(["", 1, 2]),
                "half_life_days": draw.choice(["", window / 4]),
            }
            for kind in ["website_visit", *draw.sample(kinds, 6)]
        }

    indices: dict[str, Row] = {
        "arithmetic": {},
        "geometric": {"aggregation": "geometric"},
        "short": {"window_days": short},
    }
    for name, settings in indices.items():
        window = settings.get("window_days", long)
        company.score_model(
            name, index(), points=points(window), **{"window_days": window, **settings}
        )
    # Of a window of one period nothing is left, and what nobody has in it would not count.
    always = {each: METRICS[each] for each in ("interaction_frequency", "interaction_depth")}
    company.score_model("single", always, points={"purchase": 1}, window_days=short // 2)
    # Metrics that everybody has: who is there decides who is ahead.
    relative = {
        metric: {"scaling": "percentile", "weight": draw.randint(1, 5)}
        for metric in ("interaction_frequency", "lifetime_value", "csat", "decayed_points")
    }
    company.score_model("relative", relative, points=points(long), window_days=long)
    for formula in ("weighted_sum", "weighted_mean", "metric_mean"):
        company.score_model(formula, points=points(long), formula=formula, window_days=long)
    second: Row = {"version": "2", "valid_from": calendar.start}
    company.score_model("geometric", index(), points=points(short), window_days=short, **second)
    company.score_model(
        "weighted_sum", index(scaling="percentile", goal="", lower=""), points=points(long),
        window_days=long, **second,
    )  # fmt: skip
    company.score_model(
        "relative", points=points(long), formula="metric_mean", window_days=long, **second
    )


def random_company(seed: int, calendar: Calendar) -> MadeCompany:
    draw = random.Random(seed)
    company = MadeCompany()
    random_models(company, draw, calendar)
    everybody = [f"c{number:02}" for number in range(30)]
    days = calendar.days
    for customer in everybody:
        # Some come in the last period, some fall silent, some do much.
        first = draw.choice([0, 0, 0, len(days) // 2, days.index(calendar.start)])
        # Nobody comes by an answer alone: on a relative scale one more is one more to be ahead of.
        company.did(customer, "website_visit", days[first])
        habit = draw.choice([0.05, 0.3, 0.8])
        last = draw.choice([len(days), len(days), len(days) * 2 // 3])
        for day in days[first:last]:
            for kind in sorted(KINDS):
                if draw.random() < habit / 3:
                    session = draw.choice(["", f"{customer}-{day}"])
                    company.did(
                        customer,
                        kind,
                        day,
                        at=f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00",
                        session_id=session,
                        **KINDS[kind](draw),
                    )
            if draw.random() < 0.05:
                company.answered(customer, "csat", draw.randint(1, 5), day)
            if draw.random() < 0.05:
                company.answered(customer, "nps", draw.randint(0, 10), day)
    # What the company records is known from the first day on, and in the last period too.
    for kind in sorted(KINDS):
        company.did("steady", kind, FIRST_DAY, calendar.before, **KINDS[kind](draw))
        company.did("steady", kind, FIRST_DAY, calendar.before, session_id="", amount=10)
    for day in days:
        company.did("steady", "website_visit", day, session_id=f"steady-{day}")
        company.did("steady", "purchase", day, amount=10, quantity=1, duration_seconds=60)
    for survey, rating in (("csat", 4), ("nps", 8)):
        company.answered("steady", survey, rating, FIRST_DAY)
        for customer in draw.sample(everybody, 6):
            company.answered(customer, survey, draw.randint(1, 5), calendar.latest)
    for customer in draw.sample(everybody, 6):
        for model in ("arithmetic", "weighted_mean", "relative"):
            ends = draw.choice([calendar.before, calendar.latest])
            company.override(customer, model, draw.randint(0, 120), FIRST_DAY, ends)
    return company


def without(company: MadeCompany, start: date, *inputs: str) -> MadeCompany:
    """The company as if nothing of these inputs had come since a day."""
    moments = {"interactions": "occurred_at", "survey_responses": "responded_at"}
    kept = {
        name: [row for row in rows if name not in inputs or row[moments[name]] < f"{start}"]
        for name, rows in company.inputs.items()
    }
    return MadeCompany(kept, company.seeds)


def raw_scores(project: Project, period_end: date) -> dict[tuple[str, str, str], float | None]:
    """By customer, score model and version."""
    rows = project.query(
        "select customer_id, score_model, version, raw_score from engagement_scores "
        f"where period_end = '{period_end}'"
    )
    return {(customer, model, version): raw for customer, model, version, raw in rows}


@pytest.mark.parametrize("grain", CALENDARS)
def test_the_steps_are_the_scores_of_a_company_to_which_the_rest_did_not_happen(
    grain: str, tmp_path: Path
) -> None:
    calendar = CALENDARS[grain]
    company = random_company(7, calendar)
    project = scoring_project(tmp_path / "project")

    def build(company: MadeCompany, what: str) -> None:
        set_up(
            project,
            company,
            what,
            scoring_grain=calendar.grain,
            scoring_end=str(calendar.latest),
            detail_periods=3,
            min_exposure_days=1,
        )

    build(company, "+engagement_score_changes")
    assert assert_parts_add_up(project) > 300
    rows = changes(project, calendar.latest)
    previous_raw = raw_scores(project, calendar.before)
    raw = raw_scores(project, calendar.latest)

    models = [
        {**row, "valid_from": calendar.before} if row.get("valid_from") else row
        for row in company.seeds["score_models"]
    ]
    build(without(company, calendar.start, "survey_responses"), "+engagement_scores")
    unasked_raw = raw_scores(project, calendar.latest)
    # The period before knows nothing of the last one, and the last one nothing of the old version.
    silent = without(company, calendar.start, "interactions", "survey_responses")
    earlier = {**company.seeds, "score_models": models}
    build(MadeCompany(silent.inputs, earlier), "+engagement_scores")
    version_raw = raw_scores(project, calendar.before)
    moved_raw = raw_scores(project, calendar.latest)

    checked = dict.fromkeys(PARTS, 0)
    for key, row in rows.items():
        steps = [
            previous_raw[key[0], key[1], row["previous_version"]],
            version_raw[key],
            moved_raw[key],
            unasked_raw[key],
            raw[key],
        ]
        known = [step for step in steps if step is not None]
        if len(known) < len(steps):
            continue
        for part, start, end in zip(PARTS[1:-1], known, known[1:], strict=False):
            assert row[part] == pytest.approx(end - start, abs=1e-9), (key, part, steps)
            checked[part] += row[part] != 0
    assert all(checked[part] > 10 for part in PARTS[1:-1]), checked
