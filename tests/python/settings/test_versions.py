"""A new version leaves published rows alone; an edited published version stops the run by name.

Unless restating is asked for. Published is what has scored and is no challenger.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import worked_example as example
from dbt_project import ROOT, Project, Run
from new_versions import SETTINGS, THIRD_WEEK, Row, Seeds, add_version, edit, find, settings, write

SCORED = [
    "customer_engagement",
    "engagement_contributions",
    "engagement_scores",
    "engagement_segments",
]
RECORD = "engagement_published_settings"
# The rows that the shipped seeds have for their one version.
PER_VERSION = sum(
    len((ROOT / f"seeds/config/{seed}.csv").read_text().splitlines()) - 1 for seed in SETTINGS
)


@pytest.fixture(scope="module")
def good(worked_example: Project) -> dict[str, list[tuple]]:
    """The marts of the good run, and what it recorded as published."""
    return worked_example.contents([*SCORED, RECORD])


def check_settings(project: Project) -> Run:
    """Loads the settings and checks them, no more."""
    return project.build("--select", "path:seeds/config", "config_engagement__problems")


def record(project: Project, *arguments: str, **variables: bool) -> Run:
    """The same, and records what is published by then: all of a build but the scores."""
    recorded = ("path:seeds/config", "path:models/settings", RECORD)
    return project.build("--select", *recorded, *arguments, variables=variables)


def editions(project: Project, **where: str) -> list[tuple]:
    """How many rows were recorded, by company, score model, version and edition."""
    conditions = "".join(f" and {column} = '{value}'" for column, value in where.items())
    return project.query(
        f"select company, score_model, version, edition, count(*) from {RECORD} "
        f"where true {conditions} group by all order by all"
    )


# --- a new version ---


def test_a_new_version_leaves_the_rows_of_earlier_periods_alone(
    demo: Project, tmp_path: Path
) -> None:
    """Other weights, goals, points, bands, and a shorter window: to the last digit."""
    ends = demo.query("select distinct period_end from engagement_scores order by period_end")
    first, last_before, middle, last = (ends[place][0] for place in (0, -4, -3, -1))
    earlier = f"where period_end < date '{middle}' order by all"
    project = demo.copy(tmp_path / "project")
    add_version(project, "2", valid_from=str(middle), window_days="28")
    edit(project, "score_models", {"version": "1"}, status="retired")
    edit(project, "score_metrics", {"version": "2", "metric": "nps"}, weight="40", goal="8")
    edit(project, "score_bands", {"version": "2", "band": "Moderate"}, lower_bound="50")
    weights = project.seed_rows("activity_weights")
    for row in weights:
        if row["version"] == "2":
            row.update(points="3", half_life_days="7")
    project.write_seed("activity_weights", weights)
    run = project.build()
    assert run.success, run.said

    for mart in ("engagement_scores", "engagement_contributions"):
        before = demo.query(f"select * from {mart} {earlier}")
        assert before
        assert project.query(f"select * from {mart} {earlier}") == before, mart
    assert project.query(
        "select version, min(period_end), max(period_end) from engagement_scores group by 1 "
        "order by 1"
    ) == [("1", first, last_before), ("2", middle, last)]
    assert editions(project) == [
        ("demo", "engagement", "1", 1, PER_VERSION),
        ("demo", "engagement", "2", 1, PER_VERSION),
    ]


def test_a_version_that_has_not_begun_is_not_published(breakable: Project) -> None:
    add_version(breakable, "2", valid_from="2026-01-05")
    run = breakable.build()
    assert run.success, run.said
    edit(breakable, "score_models", {"version": "2"}, valid_from="2026-02-02", priority="8")
    assert check_settings(breakable).success


# --- an edit ---


@dataclass(frozen=True)
class Edit:
    """An edit of the index, version 1; the row that is named, and what is said of it."""

    make: Callable[[Seeds], object]
    row: str
    says: tuple[str, ...]


def without(seeds: Seeds, seed: str, **key: str) -> None:
    seeds[seed].remove(find(seeds[seed], **key))


def without_version_1(seeds: Seeds) -> None:
    for rows in seeds.values():
        rows[:] = [row for row in rows if row["score_model"] != "engagement"]


def status(seeds: Seeds, value: str) -> None:
    find(seeds["score_models"], score_model="engagement").update(status=value)


VERSION = "score_model=engagement, version=1"
NPS = f"score_metrics [{VERSION}, metric=nps]: "
WITHDRAWN = (
    "the version is published, with valid_from=(blank), formula=index",
    "its scores would be withdrawn",
)
BASKET_SIZE = {
    **{"score_model": "engagement", "version": "1", "metric": "basket_size", "weight": "0"},
    **{"dimension": "transactional", "scaling": "goal", "goal": "4"},
}
EDITS = {
    "a value": Edit(
        lambda seeds: find(seeds["score_metrics"], metric="nps").update(weight="5"),
        NPS,
        (
            "the version is published with dimension=attitudinal, weight=4, scaling=goal, lower=0, "
            "goal=10, missing=rescale, but the row now has dimension=attitudinal, weight=5, ",
        ),
    ),
    "a row removed": Edit(
        lambda seeds: without(seeds, "score_metrics", metric="nps"),
        NPS,
        ("the row is gone", "with dimension=attitudinal, weight=4"),
    ),
    "a row added, of weight 0": Edit(
        lambda seeds: seeds["score_metrics"].append(BASKET_SIZE),
        f"score_metrics [{VERSION}, metric=basket_size]: ",
        (
            "the row, with dimension=transactional, weight=0, scaling=goal, lower=0, goal=4, ",
            "is not in the version as it was published",
        ),
    ),
    "the version removed": Edit(
        without_version_1, f"score_models [{VERSION}]: ", ("the row is gone", *WITHDRAWN)
    ),
    "a challenger again": Edit(
        lambda seeds: status(seeds, "challenger"),
        f"score_models [{VERSION}]: ",
        ("status is challenger", *WITHDRAWN),
    ),
    "retired without a successor": Edit(
        lambda seeds: status(seeds, "retired"),
        f"score_models [{VERSION}]: ",
        ("status is retired and no version follows", *WITHDRAWN),
    ),
}


@pytest.mark.parametrize("case", EDITS.values(), ids=EDITS.keys())
def test_an_edit_of_a_published_version_stops_the_run_by_name(
    breakable: Project, good: dict[str, list[tuple]], case: Edit
) -> None:
    seeds = settings(breakable)
    case.make(seeds)
    write(breakable, seeds)
    run = breakable.build()
    assert not run.success
    (said,) = (line for line in run.said.splitlines() if line.startswith("    - "))
    assert said.startswith(f"    - {case.row}")
    for part in case.says:
        assert part in said
    assert "; put back what was there, or add a new version with a later valid_from" in said
    assert "try it as a challenger first" in said
    assert "restate the published scores on purpose: " in said
    assert said.endswith("dbt build --vars 'restate_published: true'")
    # Nothing was scored, and nothing recorded.
    assert {run.statuses[name] for name in [*SCORED, RECORD]} == {"skipped"}
    assert breakable.contents(good) == good


# Every setting, in a row of its own as far as there are rows: the row's key, and what is edited.
ONE_OF_EACH: list[tuple[str, Row, Row]] = [
    (
        "score_models",
        {"score_model": "engagement"},
        {"aggregation": "geometric", "window_days": "84"},
    ),
    (
        "score_models",
        {"score_model": "by_weighted_sum"},
        {"valid_from": "2025-01-01", "min_coverage": "0.4"},
    ),
    (
        "score_models",
        {"score_model": "by_metric_mean"},
        {"formula": "weighted_sum", "priority": "9"},
    ),
    (
        "score_models",
        {"score_model": "by_weighted_mean"},
        {"segment_column": "plan", "segment_value": "pro"},
    ),
    *(
        ("score_metrics", {"score_model": "engagement", "metric": metric}, values)
        for metric, values in {
            "recency_days": {"weight": "14.5"},
            "interaction_frequency": {"scaling": "goal"},
            "active_days": {"lower": "1"},
            "decayed_points": {"goal": "12"},
            "nps": {"missing": "zero"},
            "advocacy": {"dimension": "behavioural"},
        }.items()
    ),
    *(
        ("activity_weights", {"score_model": score_model, "activity_type": "purchase"}, values)
        for score_model, values in {
            "by_metric_mean": {"points": "6"},
            "by_weighted_sum": {"daily_cap": "9"},
            "engagement": {"half_life_days": "26"},
        }.items()
    ),
    ("score_bands", {"score_model": "engagement", "band": "Excellent"}, {"lower_bound": "79"}),
    ("score_bands", {"score_model": "engagement", "band": "Moderate"}, {"settle_margin": "1"}),
]


def test_every_setting_belongs_to_the_version(breakable: Project) -> None:
    expected = {}
    for seed, key, values in ONE_OF_EACH:
        edit(breakable, seed, key, **values)
        named = {"score_model": key["score_model"], "version": "1", **key}
        row_key = ", ".join(f"{column}={value}" for column, value in named.items())
        expected[seed, row_key] = set(values)
    assert sum(map(len, expected.values())) == 8 + 6 + 3 + 2
    assert not check_settings(breakable).success

    found = {}
    pattern = r"the version is published with (.*), but the row now has (.*?);"
    for seed, row_key, problem in breakable.query("select * from config_engagement__problems"):
        if said := re.match(pattern, problem):
            before, now = (
                dict(part.split("=") for part in text.split(", ")) for text in said.groups()
            )
            found[seed, row_key] = {column for column in now if before[column] != now[column]}
    assert found == expected


def test_after_the_edit_is_undone_it_runs_again(
    breakable: Project, good: dict[str, list[tuple]]
) -> None:
    seeds = settings(breakable)
    edit(breakable, "score_bands", {"band": "Excellent"}, lower_bound="85")
    assert not breakable.build().success
    write(breakable, seeds)
    run = breakable.build()
    assert run.success, run.said
    assert breakable.contents(good) == good


def test_what_changes_no_score_may_be_edited(
    breakable: Project, good: dict[str, list[tuple]]
) -> None:
    """Another way of writing a number, a default written out, texts, the order of rows."""
    seeds = settings(breakable)
    for row in seeds["score_metrics"]:
        row |= {"reason": "thought again", "weight": f" {row['weight']}.0", "missing": ""}
        row["lower"] = "" if row["metric"] != "active_days" else "0.00"
    for row in seeds["score_bands"]:
        row["action"] = f"{row['action']}, and smile"
    for row in seeds["activity_weights"]:
        row |= {"reason": "", "points": f"{float(row['points']):.2f}"}
    for row in seeds["score_models"]:
        row |= {"aggregation": "", "min_coverage": ".5"}
    write(breakable, {seed: rows[::-1] for seed, rows in seeds.items()})
    run = breakable.build()
    assert run.success, run.said
    assert breakable.contents([RECORD]) == {RECORD: good[RECORD]}


# --- challengers ---


def test_a_challenger_is_free_until_it_is_published(breakable: Project) -> None:
    before = editions(breakable)
    kept = settings(breakable)
    add_version(breakable, "2", status="challenger")
    run = breakable.build()
    assert run.success, run.said
    assert editions(breakable) == before

    second = {"score_model": "engagement", "version": "2", "metric": "nps"}
    edit(breakable, "score_metrics", second, weight="9")
    assert check_settings(breakable).success
    with_challenger = settings(breakable)
    write(breakable, kept)
    assert check_settings(breakable).success

    write(breakable, with_challenger)
    edit(
        breakable,
        "score_models",
        {"score_model": "engagement", "version": "2"},
        status="champion",
        valid_from=THIRD_WEEK,
    )
    run = record(breakable)
    assert run.success, run.said
    assert editions(breakable, version="2") == [("own", "engagement", "2", 1, PER_VERSION)]
    edit(breakable, "score_metrics", second, weight="10")
    said = check_settings(breakable).said
    assert "score_metrics [score_model=engagement, version=2, metric=nps]" in said
    assert "weight=9" in said and "weight=10" in said


# --- restating ---


def test_restating_is_recorded_and_the_next_run_is_a_plain_one(
    breakable: Project, good: dict[str, list[tuple]]
) -> None:
    before = editions(breakable)
    edit(breakable, "score_metrics", {"metric": "active_days"}, weight="30", goal="2")
    run = breakable.build(variables={"restate_published": True})
    assert run.success, run.said
    assert breakable.contents(["engagement_scores"]) != {
        "engagement_scores": good["engagement_scores"]
    }
    # The version in full, the other versions not at all, and the old editions as they were.
    restated = [*before, ("own", "engagement", "1", 2, PER_VERSION)]
    assert editions(breakable) == sorted(restated)
    assert set(good[RECORD]) < set(breakable.contents([RECORD])[RECORD])

    run = record(breakable)
    assert run.success, run.said
    assert editions(breakable) == sorted(restated)
    edit(breakable, "score_metrics", {"metric": "active_days"}, weight="10", goal="2")
    assert "weight=30" in check_settings(breakable).said


def test_a_version_that_was_withdrawn_on_purpose_may_go_and_come_back(breakable: Project) -> None:
    kept = settings(breakable)
    model = "by_metric_mean"
    write(
        breakable,
        {seed: [row for row in rows if row["score_model"] != model] for seed, rows in kept.items()},
    )
    run = record(breakable, restate_published=True)
    assert run.success, run.said
    assert breakable.query(f"select seed, setting, settings from {RECORD} where edition = 2") == [
        ("score_models", "(version)", "withdrawn")
    ]
    assert check_settings(breakable).success

    write(breakable, kept)
    edit(
        breakable,
        "activity_weights",
        {"score_model": model, "activity_type": "purchase"},
        points="7",
    )
    run = record(breakable)
    assert run.success, run.said
    assert editions(breakable, score_model=model) == [
        ("own", model, "1", 1, 4),
        ("own", model, "1", 2, 1),
        ("own", model, "1", 3, 4),
    ]


# --- the record ---


def test_a_full_refresh_keeps_the_record(breakable: Project) -> None:
    """Earlier editions too, which the seeds of today do not hold."""
    edit(breakable, "score_metrics", {"metric": "nps"}, weight="5")
    run = breakable.build("--full-refresh")
    assert not run.success
    assert NPS in run.said
    assert record(breakable, restate_published=True).success
    before = breakable.contents([RECORD])
    run = breakable.build("--full-refresh")
    assert run.success, run.said
    assert breakable.contents([RECORD]) == before
    assert editions(breakable, score_model="engagement") == [
        ("own", "engagement", "1", 1, PER_VERSION),
        ("own", "engagement", "1", 2, PER_VERSION),
    ]


def test_an_edit_that_gets_past_the_check_does_not_become_the_record(
    breakable: Project, good: dict[str, list[tuple]]
) -> None:
    edit(breakable, "score_metrics", {"metric": "nps"}, weight="5")
    run = record(breakable, "--exclude", "config_engagement__problems")
    assert run.success, run.said
    assert breakable.contents([RECORD]) == {RECORD: good[RECORD]}
    assert NPS in check_settings(breakable).said


def test_going_on_from_the_demo_to_own_data_is_not_stopped(demo: Project, tmp_path: Path) -> None:
    project = demo.copy(tmp_path / "project")
    example.set_up(project)
    edit(project, "score_metrics", {"metric": "nps"}, weight="5")
    run = project.build()
    assert run.success, run.said
    assert editions(project, score_model="engagement") == [
        ("demo", "engagement", "1", 1, PER_VERSION),
        ("own", "engagement", "1", 1, PER_VERSION),
    ]
    edit(project, "score_metrics", {"metric": "nps"}, weight="6")
    assert "weight=5" in check_settings(project).said
    # Back to the demo: its own record is there.
    (project.folder / "dbt_project.yml").write_text((demo.folder / "dbt_project.yml").read_text())
    assert "published with dimension=attitudinal, weight=4" in check_settings(project).said
