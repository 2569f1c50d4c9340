"""Three locks: to build, for dashboards, and for everything; one environment can hold them all."""

from __future__ import annotations

import re
import tomllib

import pytest
from dbt_project import ROOT

LOCKS = ("requirements.lock", "requirements-dashboard.lock", "requirements-dev.lock")


def lines(lock: str) -> set[str]:
    return {
        line for line in (ROOT / lock).read_text().splitlines() if line and not line.startswith("#")
    }


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", each)[0].lower() for each in requirements}


def test_each_lock_holds_the_one_before() -> None:
    run, dashboard, everything = map(lines, LOCKS)
    assert run < dashboard < everything


def test_each_lock_holds_what_the_project_asks_for_and_a_build_no_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {name: names(each) for name, each in project["optional-dependencies"].items()}
    run, dashboard, everything = ({line.split("==")[0] for line in lines(lock)} for lock in LOCKS)
    assert names(project["dependencies"]) <= run
    assert extras["dashboard"] <= dashboard
    assert set().union(*extras.values()) <= everything
    assert not run & {"lifetimes", "pytest", "scikit-learn", "sqlfluff", "dbt-charts"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_version_and_names_no_host(lock: str) -> None:
    assert all(re.match(r"^[\w.-]+(\[\w+\])?==[\w.]+( ; |$)", line) for line in lines(lock))
    assert "://" not in (ROOT / lock).read_text()
