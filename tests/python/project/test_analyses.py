"""Every question in analyses/ compiles, runs on the demo company, and has an answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from dbt_project import ROOT, Project

QUESTIONS = sorted((ROOT / "analyses").glob("*.sql"))
# The demo has no answer to these: nothing arrived late, and there is no challenger.
WITHOUT_ANSWER = {"which_published_scores_were_restated", "what_would_the_challenger_change"}
ONE_SCREEN = 50


@pytest.fixture(scope="module")
def compiled(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled analyses."""
    project = demo.copy(tmp_path_factory.mktemp("analyses") / "project")
    shutil.copytree(ROOT / "analyses", project.folder / "analyses")
    run = project.dbt("compile", "--select", "path:analyses")
    assert run.success, run.said
    return project.folder / "target/compiled/customer_engagement/analyses"


def test_there_are_a_dozen_files_named_as_questions() -> None:
    assert len(QUESTIONS) >= 12
    asked = ("who_", "what_", "why_", "which_", "where_", "are_", "can_", "did_")
    for question in QUESTIONS:
        assert question.stem.startswith(asked), question.stem
        text = question.read_text()
        assert text.startswith("-- "), f"{question.stem} does not say what it answers"
        assert len(text.splitlines()) <= ONE_SCREEN, f"{question.stem} is longer than a screen"


@pytest.mark.parametrize("name", [question.stem for question in QUESTIONS])
def test_a_question_is_answered(demo: Project, compiled: Path, name: str) -> None:
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        rows = connection.execute((compiled / f"{name}.sql").read_text()).fetchall()
    assert bool(rows) == (name not in WITHOUT_ANSWER)


def answer(demo: Project, compiled: Path, name: str) -> list[tuple]:
    return demo.query((compiled / f"{name}.sql").read_text())


def test_the_planted_stories_of_groups_come_first(demo: Project, compiled: Path) -> None:
    moved = answer(demo, compiled, "which_segments_moved_the_total")
    assert moved[0][:2] in {("plan", "free"), ("plan x region", "free x south")}
    assert answer(demo, compiled, "which_accounts_hang_on_one_person")[0][0] == "k01"
    found = {row[2]: row[4] for row in answer(demo, compiled, "did_the_experiment_work")}
    assert found["activity:product_session"] == "higher"


def test_every_row_of_every_input_is_accounted_for(demo: Project, compiled: Path) -> None:
    assert all(row[6] for row in answer(demo, compiled, "can_the_numbers_be_trusted"))
