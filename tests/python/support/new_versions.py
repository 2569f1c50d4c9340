"""Another version of a score model, and edits of the settings of one."""

from __future__ import annotations

from collections.abc import Mapping

from dbt_project import Project

SETTINGS = ["score_models", "score_metrics", "activity_weights", "score_bands"]


# The first day of the third of the worked example's four weeks.
THIRD_WEEK = "2025-01-20"


Row = dict[str, str]


Seeds = dict[str, list[Row]]


def settings(project: Project) -> Seeds:
    return {seed: project.seed_rows(seed) for seed in SETTINGS}


def write(project: Project, seeds: Seeds) -> None:
    for seed, rows in seeds.items():
        project.write_seed(seed, rows)


def find(rows: list[Row], **key: str) -> Row:
    (row,) = (row for row in rows if key.items() <= row.items())
    return row


def edit(project: Project, seed: str, key: Mapping[str, str], **values: str) -> None:
    rows = project.seed_rows(seed)
    find(rows, **key).update(values)
    project.write_seed(seed, rows)


def add_version(project: Project, version: str, **values: str) -> None:
    """Copies all rows of version 1 of the index, as the message says."""
    seeds = settings(project)
    for rows in seeds.values():
        rows += [
            {**row, "version": version}
            for row in rows
            if (row["score_model"], row["version"]) == ("engagement", "1")
        ]
    find(seeds["score_models"], score_model="engagement", version=version).update(values)
    write(project, seeds)
