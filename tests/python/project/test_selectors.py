"""Parts of the project: selectors.yml, and the areas of `make test AREA=`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

import areas
import pytest
import yaml
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_project import ROOT, whole_project

LISTED = yaml.safe_load((ROOT / "selectors.yml").read_text())["selectors"]


@pytest.fixture(scope="module")
def selected(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """The models of each selector, as `dbt ls --selector` gives them."""
    project = whole_project(tmp_path_factory.mktemp("selectors") / "project")
    shutil.copy(ROOT / "selectors.yml", project.folder)
    folder = str(project.folder)
    environment = {
        "DBT_PROJECT_DIR": folder,
        "DBT_PROFILES_DIR": str(project.profiles),
        "DBT_TARGET_PATH": f"{folder}/target",
        "DBT_LOG_PATH": f"{folder}/logs",
        "ENGAGEMENT_DUCKDB_PATH": str(project.database),
        "DO_NOT_TRACK": "1",
    }
    found = {}
    with mock.patch.dict(os.environ, environment), redirect_stdout(StringIO()):
        parsed = dbtRunner().invoke(["parse", "--quiet"])
        assert isinstance(parsed.result, Manifest), parsed.exception
        # Parsed once for all of them.
        dbt = dbtRunner(manifest=parsed.result)
        for name in [each["name"] for each in LISTED]:
            options = ["--resource-type", "model", "--output", "json", "--output-keys", "name"]
            listed = dbt.invoke(["ls", "--quiet", "--selector", name, *options])
            assert listed.success, (name, listed.exception)
            assert isinstance(listed.result, list)
            found[name] = {json.loads(line)["name"] for line in listed.result}
    return found


@pytest.mark.parametrize("name", [each["name"] for each in LISTED])
def test_a_selector_gives_the_models_of_each_folder_that_it_names(
    selected: Mapping[str, set[str]], name: str
) -> None:
    assert selected[name]
    [definition] = [each["definition"]["union"] for each in LISTED if each["name"] == name]
    for part in definition:
        if part.get("method") == "path":
            files = (ROOT / part["value"]).rglob("*")
            models = {path.stem for path in files if path.suffix in (".sql", ".py")}
            assert models and models <= selected[name], part["value"]


def test_daily_is_everything_and_scores_only_stops_before_what_acts_on_scores(
    selected: Mapping[str, set[str]],
) -> None:
    assert set().union(*selected.values()) == selected["daily"]
    assert {"engagement_scores", "customer_engagement"} <= selected["scores_only"]
    for topic in ("kpis", "alerts", "journey", "experiments"):
        acting = {path.stem for path in (ROOT / "models/marts" / topic).glob("*.sql")}
        assert not acting & selected["scores_only"]


def test_every_folder_of_marts_is_a_topic() -> None:
    marts = {path.name for path in (ROOT / "models/marts").iterdir() if path.is_dir()}
    assert marts <= set(areas.selectors())


def test_an_area_is_a_selector_or_a_folder_of_tests() -> None:
    [build, tests] = areas.commands("alerts")
    assert build[-2:] == ["--selector", "alerts"] and "tests/python/alerts" in tests
    assert len(areas.commands("audit")) == len(areas.commands("companies")) == 1


@pytest.mark.parametrize("area", ["alert", "$(touch pwned)", "a; touch pwned", "`pwned`", "'"])
def test_a_wrong_area_is_refused_with_those_that_exist(area: str) -> None:
    options = ["--silent", "--directory", str(ROOT), "--old-file=.venv/.dev"]
    done = subprocess.run(
        ["make", *options, "test", f"AREA={area}", f"BIN={Path(sys.executable).parent}"],
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"AREA is {area!r}. Accepted: alerts, audit, command" in done.stderr
    assert not (ROOT / "pwned").exists()
