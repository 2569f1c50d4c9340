"""What `make suggest` proposes for a project, as rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dbt_project import Project

TRIAL = [
    "+scoring_engagement__suggested_bands",
    "+int_engagement__unlisted_activity_types",
    "--exclude-resource-type=unit_test",
]


Seeds = dict[str, list[dict[str, str]]]


def try_out(project: Project) -> None:
    """The trial build: the suggested version beside those of the seeds, up to its scores."""
    run = project.build("--select", *TRIAL, variables={"suggesting": True})
    assert run.success, run.said


def suggested_seeds(project: Project, **variables: bool) -> Seeds:
    """What `dbt run-operation suggest` prints, as rows by seed."""
    settings = ", ".join(f"{name}: {str(value).lower()}" for name, value in variables.items())
    run = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            "--quiet",
            "run-operation",
            "suggest",
            f"--profiles-dir={project.profiles}",
            f"--vars={{{settings}}}",
        ],
        cwd=project.folder,
        env=os.environ | {"ENGAGEMENT_DUCKDB_PATH": str(project.database), "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    [line] = run.stdout.splitlines()
    return {
        seed: [
            dict(
                zip(
                    found["columns"], ["" if value is None else value for value in row], strict=True
                )
            )
            for row in found["rows"]
        ]
        for seed, found in json.loads(line).items()
    }
