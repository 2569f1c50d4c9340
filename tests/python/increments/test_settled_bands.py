"""settled_band: one switch per bound, so that a score at a bound does not change bands every week.

engagement_scores is built by dbt on made rows of what it reads. What is expected comes from a plain
loop over each series: on from bound + settle_margin, off under bound - settle_margin, else as it
was; it starts as band, and a period without a score changes nothing.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from dbt_project import Project

FIRST_END = date(2025, 1, 5)
SERIES = 3000
PERIODS = 40

Score = float | None


class Band(NamedTuple):
    band: str
    lower_bound: float
    settle_margin: float


class Version(NamedTuple):
    score_model: str
    version: str
    bands: tuple[Band, ...]


DEFAULT = (Band("Low", 0, 2), Band("Moderate", 60, 2), Band("Excellent", 80, 2))
VERSIONS = (
    Version("default", "1", DEFAULT),
    Version("default", "2", tuple(band._replace(settle_margin=4.5) for band in DEFAULT)),
    Version("no_margin", "1", tuple(band._replace(settle_margin=0) for band in DEFAULT)),
    # The margin of the lowest band has no bound to work on.
    Version(
        "four",
        "1",
        (Band("D", 0, 30), Band("C", 25, 0), Band("B", 50, 12.5), Band("A", 75, 3)),
    ),
    # In the order of no bound, as rows of a seed may come.
    Version(
        "five",
        "1",
        (
            Band("fair", 40, 4),
            Band("bad", 0, 1),
            Band("best", 90, 10),
            Band("poor", 20, 9.5),
            Band("good", 60, 7),
        ),
    ),
    Version("one", "1", (Band("all", 0, 2),)),
    Version("none", "1", ()),
)


def band_of(score: Score, bands: Sequence[Band]) -> str | None:
    """The band with the highest bound at or under the score."""
    held = [band for band in bands if score is not None and band.lower_bound <= score]
    return max(held, key=lambda band: band.lower_bound).band if held else None


def settled_bands(scores: Sequence[Score], bands: Sequence[Band]) -> list[str | None]:
    """settled_band of each period, in a plain loop."""
    ordered = sorted(bands, key=lambda band: band.lower_bound)
    is_on: list[bool] | None = None
    found: list[str | None] = []
    for score in scores:
        if score is not None:
            if is_on is None:
                is_on = [score >= band.lower_bound for band in ordered]
            for level, (_, bound, margin) in enumerate(ordered):
                if score >= bound + margin:
                    is_on[level] = True
                elif score < bound - margin:
                    is_on[level] = False
            # The lowest band has no bound under it to fall through.
            is_on[:1] = [True] * len(ordered[:1])
        reached = [band.band for band, on in zip(ordered, is_on or [], strict=False) if on]
        found.append(reached[-1] if reached else None)
    return found


class Series(NamedTuple):
    customer_id: str
    version: Version
    scores: tuple[Score, ...]
    # Of its first score; a version may begin later.
    first_period: int = 1


def random_series(draw: random.Random, number: int) -> Series:
    """Scores by halves around the switch points, in runs and jumps, with gaps of one and more."""
    version = draw.choice(VERSIONS)
    points = [
        band.lower_bound + side * band.settle_margin
        for band in version.bands
        for side in (-1, 0, 1)
    ] or [50.0]
    score = draw.choice(points)
    scores: list[Score] = []
    while len(scores) < PERIODS:
        chance = draw.random()
        if chance < 0.1:
            scores += [None] * draw.randint(1, 4)
        elif chance < 0.3:
            score = draw.choice(points) + draw.choice((-0.5, 0, 0, 0.5))
        else:
            score += draw.choice((-3, -1, -0.5, 0, 0.5, 1, 3))
        score = min(100.0, max(0.0, score))
        scores.append(score)
    return Series(f"c{number}", version, tuple(scores[:PERIODS]))


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> str:
    """The rows as a relation."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return f"read_csv('{path}', nullstr = '', all_varchar = true)"


def fill(project: Project, series: Sequence[Series]) -> None:
    """Puts made rows in the place of everything that engagement_scores reads."""
    periods = [
        {
            "period_index": index,
            "period_end": FIRST_END + timedelta(weeks=index - 1),
            "is_partial": False,
            "is_scored": True,
        }
        for index in range(1, PERIODS + 1)
    ]
    key = [{"score_model": each.score_model, "version": each.version} for each in VERSIONS]
    tables: dict[str, list[dict[str, Any]]] = {
        "int_engagement__scoring_periods": periods,
        "config_engagement__score_models": [
            {**row, "status": "champion", "priority": number} for number, row in enumerate(key)
        ],
        "config_engagement__score_bands": [
            {**row, **band._asdict(), "band_rank": rank}
            for row, each in zip(key, VERSIONS, strict=True)
            for rank, band in enumerate(sorted(each.bands, key=lambda b: -b.lower_bound), start=1)
        ],
        "scoring_engagement__scores": [
            {
                "customer_id": each.customer_id,
                "score_model": each.version.score_model,
                "version": each.version.version,
                "period_index": index,
                "period_end": periods[index - 1]["period_end"],
                "step": "now",
                "score": score,
                "raw_score": score,
                "band": band_of(score, each.version.bands),
                "status": "new" if score is None else "scored",
                "coverage": 1,
                "exposed_days": 91,
            }
            for each in series
            for index, score in enumerate(each.scores, start=each.first_period)
        ],
    }
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("delete from int_engagement__customer_segments")
        for table, rows in tables.items():
            relation = write_rows(project.folder / f"{table}.csv", rows)
            connection.execute(f"delete from {table}")
            connection.execute(f"insert into {table} by name select * from {relation}")


# To and fro over a bound, never past its margin.
AT_A_BOUND = Series("at_a_bound", VERSIONS[0], (79, 81) * 10)
# What was settled in one version does not carry over into the next.
BEFORE = Series("two_versions", VERSIONS[0], (85, 79, 79))
AFTER = Series("two_versions", VERSIONS[1], (None, 79, 84, 84.5, 79), first_period=4)


@pytest.fixture(scope="module")
def drawn() -> list[Series]:
    draw = random.Random(20250105)
    return [random_series(draw, number) for number in range(SERIES)]


@pytest.fixture(scope="module")
def scored(
    worked_example: Project, drawn: list[Series], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """engagement_scores on the made rows, each in an order of its own."""
    project = worked_example.copy(tmp_path_factory.mktemp("settled") / "project")
    series = [AT_A_BOUND, BEFORE, AFTER, *drawn]
    fill(project, random.Random(1).sample(series, len(series)))
    run = project.dbt("run", "--select=engagement_scores")
    assert run.success, run.said
    return project


def found_bands(project: Project) -> dict[tuple[str, str, str], list[tuple]]:
    """Band and settled_band of each series, in the order of time."""
    found: dict[tuple[str, str, str], list[tuple]] = {}
    for customer_id, score_model, version, *bands in project.query(
        "select customer_id, score_model, version, band, settled_band from engagement_scores "
        "order by customer_id, score_model, version, period_end"
    ):
        found.setdefault((customer_id, score_model, version), []).append(tuple(bands))
    return found


def test_twenty_scores_around_a_bound_change_bands_and_never_settle(scored: Project) -> None:
    """79, 81, 79 ... 20 times, with a margin of 2 around 80."""
    rows = scored.query(
        "select score, band, settled_band from engagement_scores "
        "where customer_id = 'at_a_bound' order by period_end"
    )
    assert [score for score, _, _ in rows] == [79, 81] * 10
    bands = [band for _, band, _ in rows]
    assert sum(one != two for one, two in pairwise(bands)) == 19
    assert {settled for _, _, settled in rows} == {"Moderate"}


def test_a_new_version_starts_anew(scored: Project) -> None:
    """Excellent held on at 79 in version 1; version 2 has none, then starts at 79 as Moderate."""
    found = found_bands(scored)
    settled = {
        version: [settled for _, settled in found["two_versions", "default", version]]
        for version in ("1", "2")
    }
    assert settled["1"] == ["Excellent"] * 3
    assert settled["2"] == [None, "Moderate", "Moderate", "Excellent", "Excellent"]


def test_random_series_settle_as_in_a_plain_loop(scored: Project, drawn: list[Series]) -> None:
    found = found_bands(scored)
    held: Counter[Version] = Counter()
    for series in drawn:
        bands = series.version.bands
        expected = settled_bands(series.scores, bands)
        rows = found[series.customer_id, series.version.score_model, series.version.version]
        assert [settled for _, settled in rows] == expected, series
        plain = [band_of(score, bands) for score in series.scores]
        assert [band for band, _ in rows] == plain, series
        held[series.version] += sum(
            score is not None and settled != band
            for score, settled, band in zip(series.scores, expected, plain, strict=True)
        )
    # The margins did something wherever there are any, and nowhere else.
    with_margin = {each for each in VERSIONS if any(b.settle_margin for b in each.bands[1:])}
    assert {each for each in VERSIONS if held[each] > 500} == with_margin
    assert held.total() == sum(held[each] for each in with_margin)
    assert {series.version for series in drawn} == set(VERSIONS)
    assert any(series.scores[0] is None for series in drawn)
