"""Wrong settings stop the run with a list that names seed, row, problem and what is accepted.

All wrong rows are in one run, each in a score model, activity or survey of its own: every message
is looked up there, and none may appear that no case expects.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from dbt_project import Project, Run, copy_project
from right_rows import CONFIG, SEEDS, SELECT_CONFIG, right_row
from wrong_rows import CASES, JUST_RIGHT, Case


@pytest.fixture(scope="module")
def clean_run(settings_alone: Project, as_shipped: dict) -> Run:
    return settings_alone.dbt("build", *SELECT_CONFIG)


@dataclass(frozen=True)
class Wrong:
    run: Run
    problems: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def wrong(settings_alone: Project, as_shipped: dict, clean_run: Run) -> Wrong:
    """One run over the shipped seeds, with every wrong row added and those that are just right."""
    rows = {seed: list(as_shipped[seed]) for seed in SEEDS}
    for case in CASES:
        for seed, row in [(case.seed, case.row), *case.with_rows]:
            rows[seed].append(right_row(seed, row))
    for seed, row in JUST_RIGHT:
        rows[seed].append(right_row(seed, row))
    for seed in SEEDS:
        settings_alone.write_seed(seed, rows[seed])
    variables = {"segment_columns": ["plan", "region"], "min_exposure_days": 14}
    run = settings_alone.dbt("build", *SELECT_CONFIG, variables=variables)
    problems = settings_alone.query(
        "select seed, row_key, problem from config_engagement__problems"
    )
    for seed in SEEDS:
        settings_alone.write_seed(seed, as_shipped[seed])
    return Wrong(run, problems)


def test_the_shipped_settings_pass(settings_alone: Project, clean_run: Run) -> None:
    assert clean_run.success, clean_run.messages
    built = [name for name, status in clean_run.statuses.items() if status == "success"]
    assert {f"config_engagement__{seed}" for seed in SEEDS} <= set(built)


def test_the_wrong_rows_are_many_and_of_every_seed() -> None:
    assert len(CASES) >= 95
    assert {case.seed for case in CASES} == set(SEEDS)
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_row_is_named_with_what_is_accepted(wrong: Wrong, case: Case) -> None:
    found = [problem for problem in wrong.problems if case.is_in(problem)]
    assert len(found) == 1, [p for p in wrong.problems if case.named in p[1]]


def test_no_right_row_is_reported(wrong: Wrong) -> None:
    unexpected = [p for p in wrong.problems if not any(case.is_in(p) for case in CASES)]
    assert unexpected == []


def test_a_wrong_row_stops_the_run_with_a_readable_list(wrong: Wrong) -> None:
    message = wrong.run.messages["config_engagement__problems"]
    assert not wrong.run.success
    assert f"The configuration seeds have {len(wrong.problems)} problems" in message
    assert "nothing was scored" in message
    listed = [f"- {seed} [{key}]: {text}" for seed, key, text in sorted(wrong.problems)][:40]
    assert [line.strip() for line in message.splitlines() if " - " in line] == listed
    assert f"... and {len(wrong.problems) - 40} more: select * from " in message


def test_nothing_downstream_of_a_wrong_row_is_built(settings_alone: Project, wrong: Wrong) -> None:
    assert {wrong.run.statuses[f"config_engagement__{seed}"] for seed in SEEDS} == {"skipped"}
    # The tables of the last good run stay as they were.
    assert settings_alone.query("select count(*) from config_engagement__score_models") == [(1,)]


def test_without_a_champion_and_under_months(restored: Project, as_shipped: dict) -> None:
    restored.write_seed("score_models", [{**as_shipped["score_models"][0], "status": "challenger"}])
    run = restored.dbt("build", *SELECT_CONFIG, variables={"scoring_grain": "month"})
    message = run.messages["config_engagement__problems"]
    assert not run.success
    assert "The configuration seeds have 2 problems" in message
    assert "score_models [(all rows)]: no row has status champion" in message
    assert "window_days is 91" in message and "under scoring_grain month" in message
    assert "must be a multiple of 30" in message


def test_wrong_columns_stop_the_run(restored: Project, as_shipped: dict) -> None:
    renamed = [
        {"model" if c == "score_model" else c: v for c, v in row.items()}
        for row in as_shipped["score_bands"]
    ]
    restored.write_seed("score_bands", renamed)
    run = restored.dbt("build", *SELECT_CONFIG)
    message = run.messages["config_engagement__problems"]
    assert not run.success
    assert "The seed score_bands has the wrong columns" in message
    assert 'the column "score_model" is missing; the column "model" is not known' in message
    assert "score_model, version, band, lower_bound, settle_margin, action, reason" in message
    assert "may be left out: settle_margin, action, reason" in message
    assert run.statuses["config_engagement__score_bands"] == "skipped"


def test_a_replaced_seed_may_lack_optional_columns_and_have_other_types(
    tmp_path: Path, as_shipped: dict
) -> None:
    """A package user's own seeds: no YAML, so types are inferred, and only what they need."""
    project = copy_project(tmp_path / "project", CONFIG)
    for seed in SEEDS:
        (project.folder / f"seeds/config/{seed}.yml").unlink()
    optional = {
        "activity_types": {"exposed_by", "journey_stage", "value_basis"},
        "activity_weights": {"daily_cap", "half_life_days", "reason"},
        "score_models": {"valid_from", "aggregation", "segment_column", "segment_value"},
        "score_metrics": {"lower", "missing", "reason"},
        "score_bands": {"settle_margin", "action"},
        "kpi_targets": {"segment_column", "segment_value", "period_grain"},
    }
    as_shipped = {**as_shipped, "kpi_targets": [right_row("kpi_targets", {})]}
    for seed, columns in optional.items():
        rows = [{c: v for c, v in row.items() if c not in columns} for row in as_shipped[seed]]
        project.write_seed(seed, rows)
    run = project.dbt("build", *SELECT_CONFIG)
    assert run.success, run.messages
    assert project.query("select version, aggregation from config_engagement__score_models") == [
        ("1", "arithmetic")
    ]
    assert project.query(
        "select distinct settle_margin, action from config_engagement__score_bands"
    ) == [(0, None)]
    assert project.query(
        "select lower, missing from config_engagement__score_metrics where metric = 'recency_days'"
    ) == [(90, "rescale")]
