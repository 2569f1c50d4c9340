"""The same inputs and seeds make the same scores, and a change moves what it should and no more.

Rows are compared in full and to the last digit, unless a test says otherwise.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt_project import ROOT, Project, put_back, whole_project
from oracle import Tables
from oracle_comparison import by_key, expected_tables

Contents = dict[str, list[tuple]]

EXTREMES = 1000


@pytest.fixture(scope="module")
def published(demo: Project, marts: list[str]) -> Contents:
    """Every mart of the first build, but what tells of the last run alone."""
    contents = demo.contents(set(marts) - {"engagement_new_alerts"})
    # The demo has no challenger to compare with, and a first build restates nothing.
    assert {mart for mart, rows in contents.items() if not rows} == {
        "engagement_restatements",
        "engagement_what_if",
    }
    return contents


@pytest.fixture(scope="module")
def again(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built demo in a folder of its own."""
    return demo.copy(tmp_path_factory.mktemp("again") / "project")


@pytest.fixture
def project(again: Project) -> Iterator[Project]:
    """The same with its seeds put back after the test."""
    with put_back(again.folder.glob("seeds/**/*.csv")):
        yield again


def rebuilt(project: Project, *arguments: str, **variables: bool) -> Project:
    run = project.build(*arguments, variables=variables)
    assert run.success, run.said
    return project


def assert_same_rows(found: Contents, expected: Contents) -> None:
    for mart, rows in expected.items():
        assert len(found[mart]) == len(rows), mart
        for row, other in zip(found[mart], rows, strict=True):
            assert row == other, mart


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.mark.parametrize("arguments", [(), ("--full-refresh",)], ids=["plain", "full refresh"])
def test_another_build_makes_the_same_rows(
    project: Project, published: Contents, arguments: tuple[str, ...]
) -> None:
    assert_same_rows(rebuilt(project, *arguments).contents(published), published)


def test_neither_the_order_of_rows_nor_the_number_of_threads_matters(
    published: Contents, tmp_path: Path
) -> None:
    """Inputs and configuration shuffled, one thread of dbt, five of the engine."""
    project = whole_project(tmp_path / "project")
    draw = random.Random(5)
    for path in sorted(project.folder.glob("seeds/**/*.csv")):
        header, rows = read_csv(path)
        write_csv(path, header, draw.sample(rows, len(rows)))
    profiles = yaml.safe_load((ROOT / "profiles/profiles.yml").read_text())
    target = profiles["customer_engagement"]["outputs"]["duckdb"]
    target["threads"] = 1
    target["settings"]["threads"] = 5
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profiles))

    shuffled = rebuilt(Project(project.folder, tmp_path))
    assert_same_rows(shuffled.contents(published), published)


def test_a_thousand_extreme_customers_move_nobodys_score(
    demo: Project, project: Project, published: Contents
) -> None:
    """Scales are absolute; what is relative by definition, the percentile rank, does move."""
    path = project.folder / "seeds/demo/demo_interactions.csv"
    header, rows = read_csv(path)
    likes = {"activity_type": "social_like"}
    spree = {"activity_type": "purchase", "amount": "99999999", "quantity": "9999"}
    marathon = {"activity_type": "product_session", "duration_seconds": "86400"}
    for number in range(EXTREMES):
        for event, what in enumerate([likes, spree, marathon, marathon]):
            given: dict[str, Any] = {
                "interaction_id": f"x{number}-{event}",
                "customer_id": f"extreme{number:04}",
                "occurred_at": f"2025-06-{10 + event * 3} 12:00:00",
                **what,
            }
            rows.append([given.get(column, "") for column in header])
    write_csv(path, header, rows)
    rebuilt(project)

    is_extreme = "customer_id like 'extreme%'"
    for mart in ("engagement_scores", "engagement_contributions"):
        found = project.query(f"select * from {mart} where not {is_extreme} order by all")
        assert_same_rows({mart: found}, {mart: published[mart]})
    assert project.query(
        "select count(distinct customer_id), min(score) > 60 from engagement_scores "
        f"where {is_extreme} and score is not null"
    ) == [(EXTREMES, True)]
    rank = "select percentile_rank from customer_engagement where customer_id = 'c003'"
    assert project.query(rank) != demo.query(rank)


def test_another_weight_changes_exactly_the_scores_that_it_should(
    demo: Project, expected: Tables, tmp_path: Path
) -> None:
    """Of csat, which few have: the others' weights keep their proportions, so their scores stay.

    What is expected is computed by the oracle, from the seeds before and after. A score that
    stays does so to 1e-9: the shares of the weights are divided anew.
    """
    project = demo.copy(tmp_path / "project")
    before = by_key("engagement_scores", demo.records("select * from engagement_scores"))
    rows = project.seed_rows("score_metrics")
    for row in rows:
        if row["metric"] == "csat":
            assert row["missing"] == "rescale"
            row["weight"] = str(3 * float(row["weight"]))
    project.write_seed("score_metrics", rows)
    rebuilt(project, restate_published=True)
    after = by_key("engagement_scores", project.records("select * from engagement_scores"))
    assert after.keys() == before.keys()

    new = by_key("engagement_scores", expected_tables(project).engagement_scores)
    old = by_key("engagement_scores", expected.engagement_scores)
    answered = {
        (row["customer_id"], row["period_end"])
        for row in expected.int_engagement__customer_metrics
        if row["csat"] is not None
    }
    moved = unmoved_without_csat = 0
    for key, row in after.items():
        assert row["status"] == new[key]["status"], key
        assert row["raw_score"] == pytest.approx(new[key]["raw_score"], abs=1e-9), key
        has_moved = row["raw_score"] != pytest.approx(before[key]["raw_score"], abs=1e-9)
        should_move = new[key]["raw_score"] != pytest.approx(old[key]["raw_score"], abs=1e-9)
        assert has_moved == should_move, key
        moved += has_moved
        if (row["customer_id"], row["period_end"]) not in answered:
            assert not has_moved, key
            unmoved_without_csat += 1
    assert moved > 1000
    assert unmoved_without_csat > 1000


def test_a_challenger_leaves_the_published_rows_alone(
    project: Project, published: Contents
) -> None:
    """Version 2 runs beside version 1, and is nobody's champion."""
    seeds = ("score_models", "score_metrics", "score_bands", "activity_weights")
    for seed in seeds:
        rows = project.seed_rows(seed)
        changes = {"version": "2"}
        if seed == "score_models":
            changes |= {"status": "challenger", "priority": "0"}
        challenger = [{**row, **changes} for row in rows]
        if seed == "score_metrics":
            challenger[0]["weight"] = "50"
        # Before the rows that are there: the order of rows must not tell who is first.
        project.write_seed(seed, challenger + rows)
    rebuilt(project)

    for mart in ("engagement_scores", "engagement_contributions"):
        found = project.query(f"select * from {mart} where version = '1' order by all")
        assert_same_rows({mart: found}, {mart: published[mart]})
    unversioned = {name: published[name] for name in ("customer_engagement", "engagement_segments")}
    assert_same_rows(project.contents(unversioned), unversioned)
    assert project.query(
        "select version, bool_or(is_champion), count(*) > 10000, count(distinct score) > 1000 "
        "from engagement_scores group by version order by version"
    ) == [("1", True, True, True), ("2", False, True, True)]
    (differing,) = project.query(
        "select count(*) from engagement_scores as one inner join engagement_scores as two "
        "using (customer_id, period_end) "
        "where one.version = '1' and two.version = '2' and one.score != two.score"
    )
    assert differing[0] > 1000
