"""Builds and tests one topic: `make test AREA=alerts`.

An area is a selector of selectors.yml, a folder of tests, or both under one name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
TARGET = "target/area"
# Selectors of several topics, which are for users.
BROAD = ("daily", "scores_only")


def selectors() -> list[str]:
    """The topics of selectors.yml."""
    listed = yaml.safe_load((ROOT / "selectors.yml").read_text())["selectors"]
    return [each["name"] for each in listed if each["name"] not in BROAD]


def folders() -> list[str]:
    """The folders of tests."""
    return sorted({path.parent.name for path in ROOT.glob("tests/python/*/test_*.py")})


def commands(area: str) -> list[list[str]]:
    """What proves an area; raises ValueError with the accepted names if there is no such area."""
    accepted = sorted({*selectors(), *folders()})
    if area not in accepted:
        raise ValueError(f"AREA is {area!r}. Accepted: {', '.join(accepted)}.")
    found = []
    if area in selectors():
        found.append(["-m", "dbt.cli.main", "build", "--quiet", "--selector", area])
    if area in folders():
        found.append(["-m", "pytest", f"tests/python/{area}", "-n", "2", "--dist", "loadfile"])
    return found


def environment() -> Mapping[str, str]:
    """A database and a target of their own, which each run starts anew."""
    return os.environ | {
        "ENGAGEMENT_DUCKDB_PATH": f"{TARGET}/area.duckdb",
        "DBT_TARGET_PATH": TARGET,
        "DBT_LOG_PATH": TARGET,
    }


def main() -> None:
    """Runs the commands; stops at the first that fails."""
    try:
        wanted = commands(os.environ["AREA"])
    except ValueError as error:
        sys.exit(str(error))
    shutil.rmtree(ROOT / TARGET, ignore_errors=True)
    (ROOT / TARGET).mkdir(parents=True)
    for command in wanted:
        print(f"python {' '.join(command)}", flush=True)
        is_dbt = "dbt.cli.main" in command
        code = subprocess.call(
            [sys.executable, *command], cwd=ROOT, env=environment() if is_dbt else None
        )
        if code:
            sys.exit(code)


if __name__ == "__main__":
    main()
