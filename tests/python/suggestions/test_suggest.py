"""`make suggest` on the demo company, from the trial build to the adopted seeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbt_project import Project, scoring_project
from suggested import Seeds, suggested_seeds, try_out

SEEDS = ["activity_types", "activity_weights", "score_models", "score_metrics", "score_bands"]


@pytest.fixture(scope="module")
def published(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo company, scored and published, and then tried out."""
    project = demo.copy(tmp_path_factory.mktemp("suggest") / "published")
    try_out(project)
    return project


@pytest.fixture(scope="module")
def beside_published(published: Project) -> Seeds:
    return suggested_seeds(published, suggesting=True)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo company of somebody who suggests before anything is scored."""
    project = scoring_project(tmp_path_factory.mktemp("suggest") / "fresh")
    try_out(project)
    return project


def test_every_seed_is_whole_and_every_suggested_row_has_its_reason(
    published: Project, beside_published: Seeds
) -> None:
    assert list(beside_published) == SEEDS
    for seed, rows in beside_published.items():
        own = published.seed_rows(seed)
        kept = [row for row in rows if row.get("version") != "2"][: len(own)]
        assert sorted(tuple(row[key] for key in own[0]) for row in kept) == sorted(
            tuple(row.values()) for row in own
        )
        new = [row for row in rows if row not in kept]
        assert new, seed
        assert all(len(row["reason"]) > 20 for row in new), seed


def test_a_published_version_stays_and_the_suggestion_is_its_challenger(
    beside_published: Seeds,
) -> None:
    versions = {row["version"]: row["status"] for row in beside_published["score_models"]}
    assert versions == {"1": "champion", "2": "challenger"}


def test_before_anything_is_published_the_suggestion_takes_the_place_of_the_version(
    fresh: Project,
) -> None:
    seeds = suggested_seeds(fresh, suggesting=True)
    assert [(row["version"], row["status"]) for row in seeds["score_models"]] == [("1", "champion")]
    assert {row["version"] for row in seeds["score_metrics"]} == {"1"}


def test_the_marts_of_the_last_run_stay(
    demo: Project, published: Project, marts: list[str]
) -> None:
    views = ["engagement_what_if"]
    tables = [mart for mart in marts if mart not in views]
    assert published.contents(tables) == demo.contents(tables)


def test_an_activity_that_is_not_listed_gets_its_rows(beside_published: Seeds) -> None:
    [webinar] = [
        row
        for row in beside_published["activity_types"]
        if row["activity_type"] == "webinar_joined"
    ]
    assert (webinar["role"], webinar["value_basis"]) == ("engagement", "count")
    assert "40 interactions" in webinar["reason"]
    weighed = {row["activity_type"] for row in beside_published["activity_weights"]}
    assert {"webinar_joined", "chatbot_opened"} <= weighed


def test_what_takes_points_away_keeps_taking_them(beside_published: Seeds) -> None:
    points = {
        row["activity_type"]: float(row["points"])
        for row in beside_published["activity_weights"]
        if row["version"] == "2"
    }
    assert {name for name, value in points.items() if value < 0} == {
        "support_ticket",
        "refund",
        "cancellation",
    }
    # In the proportion of the seed, to the two digits that are printed.
    assert points["cancellation"] / points["refund"] == pytest.approx(20 / 5, rel=0.05)
    assert points["referral"] / points["refund"] == pytest.approx(8 / -5, rel=0.05)
    assert "email_sent" not in points


def test_weights_add_up_to_a_hundred_and_attitudes_keep_their_share(
    beside_published: Seeds,
) -> None:
    rows = [row for row in beside_published["score_metrics"] if row["version"] == "2"]
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(100, abs=0.5)
    of_attitudes = sum(float(row["weight"]) for row in rows if row["dimension"] == "attitudinal")
    assert of_attitudes == pytest.approx(12, abs=0.5)


def test_adopted_as_they_are_the_suggestions_build_and_compare(
    published: Project, beside_published: Seeds, tmp_path: Path
) -> None:
    project = published.copy(tmp_path / "adopted")
    for seed, rows in beside_published.items():
        project.write_seed(seed, rows)
    run = project.build()
    assert run.success, run.said
    [(customers, moved, challenger)] = project.query(
        "select count(*), count(*) filter (where band_move = 'up'), max(challenger_version) "
        "from engagement_what_if"
    )
    assert (customers, challenger) == (389, "2")
    assert moved > 0


def test_suggesting_without_the_trial_says_what_to_run(published: Project) -> None:
    with pytest.raises(AssertionError, match="Run make suggest, or both of"):
        suggested_seeds(published)
