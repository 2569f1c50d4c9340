"""Every variable of the package: one list of them, their values at the edges, and misspelt names.

What is wrong stops `dbt parse` with the name of the variable and what it accepts.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from dbt_project import ROOT, Project, copy_project

KNOWN = (ROOT / "macros/settings/known_variables.sql").read_text()
NAMES = re.findall(r"^ {8}'(\w+)': \{", KNOWN, re.MULTILINE)
INPUTS = {"engagement_inputs": {"interactions": [{"relation": "events"}]}}

# What users may write by accident, each a parse.
UGLY_BY_KIND: dict[str, tuple[Any, ...]] = {
    "whole": ([], {}, [None], math.nan, math.inf, -1, 1e308, "", " ", "1_000", True, 10**12, None),
    "number": (math.nan, math.inf, 1e308, 0, "5", True, [5], None),
    "score": (math.nan, math.inf, -1, 100.5, "70", True, [70], None),
    "flag": (None, "", "true", 1, []),
    "date": ("2025-01-01 10:00", "25-01-01", "2025-02-30", math.nan, "", [None], 1e308),
}
OTHERS: dict[str, tuple[Any, ...]] = {
    "segment_columns": ("", None, [None], [["plan"]], [1], [""]),
    "segment_pairs": ([None], [[["plan"], "band"]], [{"a": 1, "b": 2}]),
    "journey_stages": ([None], [["see"]], [" "]),
    "experiment_outcomes": ([None], [["score"]]),
    "experiment_control": (None, " "),
    "experiment_shares": ({"a": math.nan}, {"a": 1e-300}, {"": 1}),
    "allow_personal_data": (None, [None], [["email"]]),
    "marts_grants": ({"prod": None}, {"prod": {"select": [""]}}, {1: {}}),
    "owner_column": ("", [None]),
    "custom_metrics": ([None], [["seat_use"]], [{"metric": ["x"]}]),
    "engagement_inputs": ([], {}, {"interactions": [None]}, {"interactions": [["x"]]}),
    "scoring_grain": (None, ["week"]),
    "week_start": ({},),
    "reporting_timezone": (None, "UTC'; select 1"),
    "rebuild_customer": ([], " "),
    "rebuild_customer_hash": ("x' or true", 5),
    "max_lost_rows": (None, "0.2", 1.5, -0.1, math.nan, True),
}


def of_kind(kind: str) -> list[str]:
    return re.findall(rf"^ {{8}}'(\w+)': \{{'kind': '{kind}'", KNOWN, re.MULTILINE)


def edges() -> Iterator[tuple[str, Any]]:
    """Each variable of a kind with an ugly value, such that the kind meets each of them."""
    for kind in ("whole", "number", "score", "flag", "date"):
        names, ugly = of_kind(kind), UGLY_BY_KIND[kind]
        for place in range(max(len(names), len(ugly))):
            yield names[place % len(names)], ugly[place % len(ugly)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One model, and the hook that checks the variables."""
    project = copy_project(tmp_path_factory.mktemp("variables") / "project", [], with_hooks=True)
    shutil.copy(ROOT / "models/staging/stg_engagement__interactions.sql", project.folder / "models")
    return project


def assert_refused(project: Project, name: str, value: Any) -> None:
    run = project.dbt("parse", "--no-partial-parse", variables={**INPUTS, name: value})
    assert not run.success, (name, value)
    path = name in ("engagement_inputs", "custom_metrics")
    assert (name if path else f"variable '{name}' is") in run.error, (name, value, run.error)
    assert re.search("It must be|To fix it: ", run.error), (name, value, run.error)


def test_an_ugly_value_of_a_number_a_flag_or_a_date_is_refused(project: Project) -> None:
    tried = list(edges())
    assert {name for name, _ in tried} | OTHERS.keys() == set(NAMES)
    for name, value in tried:
        assert_refused(project, name, value)


@pytest.mark.parametrize("name", OTHERS)
def test_an_ugly_value_of_another_variable_is_refused(project: Project, name: str) -> None:
    for value in OTHERS[name]:
        assert_refused(project, name, value)


# --- one list ---


def test_the_list_holds_every_variable_that_is_read() -> None:
    sources = [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("models/**/*")]
    text = "\n".join(path.read_text() for path in sources if path.is_file())
    read = set(re.findall(r"\b(?:var|one_of|whole_number)\(\s*'(\w+)'", text))
    assert read == set(NAMES)


def test_the_documentation_names_every_variable_of_the_list_and_no_other() -> None:
    text = (ROOT / "docs/inputs.md").read_text()
    table = text.split("## Variables")[1].split("\n## ")[0]
    listed: set[str] = set()
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        listed |= set(re.findall(r"`(\w+)`", row))
    assert listed <= set(NAMES)
    documented = "\n".join(page.read_text() for page in ROOT.glob("docs/*.md"))
    for name in set(NAMES) - listed:
        assert re.search(rf"\b{name}\b", documented), name


# --- names that are not known ---


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("scoring_grian", "did you mean scoring_grain?"),
        ("alert_bugdet", "did you mean alert_budget?"),
        ("max_lost_row", "did you mean max_lost_rows?"),
        ("segment_column", "did you mean segment_columns?"),
        ("Scoring_Start", "did you mean scoring_start?"),
        ("alert_foo", "use one of alert_budget, alert_cooldown_periods, alert_drop_points, alert_"),
        ("engagement_colour", "use one of engagement_inputs, engagement_semantic_layer"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_nearest(
    project: Project, name: str, nearest: str
) -> None:
    run = project.dbt("parse", "--no-partial-parse", variables={**INPUTS, name: 1})
    assert not run.success
    assert f"variable '{name}' is not known" in run.error
    assert nearest in run.error


def test_the_inputs_under_a_misspelt_name_are_not_taken_for_the_demo(project: Project) -> None:
    run = project.dbt(
        "parse", "--no-partial-parse", variables={"engagement_input": INPUTS["engagement_inputs"]}
    )
    assert "did you mean engagement_inputs?" in run.error


def test_a_variable_that_looks_like_none_of_ours_is_ignored(project: Project) -> None:
    run = project.dbt(
        "parse",
        "--no-partial-parse",
        variables={**INPUTS, "start": 1, "grain": "x", "dbt_date:zone": 2},
    )
    assert run.success, run.error


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Project:
    """A project that installs the package, with a variable of its own that looks like ours."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(project.folder, folder / "package")
    (folder / "shop").mkdir()
    packages = {"packages": [{"local": "../package"}]}
    (folder / "shop/packages.yml").write_text(yaml.safe_dump(packages))
    installed = Project(folder / "shop", ROOT / "profiles")
    set_vars(installed, INPUTS)
    assert installed.dbt("deps").success
    return installed


def set_vars(shop: Project, variables: dict[str, Any]) -> None:
    settings = {
        "name": "shop",
        "version": "1.0.0",
        "config-version": 2,
        "profile": "customer_engagement",
        "vars": variables,
    }
    (shop.folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))


def test_a_project_s_own_variable_that_looks_like_ours_does_not_block_it(shop: Project) -> None:
    set_vars(shop, {**INPUTS, "segment_column": "plan", "alert_emails": [], "other": {"week": 1}})
    run = shop.dbt("parse")
    assert run.success, run.error


def test_under_the_name_of_the_package_every_variable_must_be_ours(shop: Project) -> None:
    set_vars(shop, {**INPUTS, "customer_engagement": {"weekstart": "sunday"}})
    run = shop.dbt("parse")
    assert "variable 'weekstart' is not known" in run.error
    assert "did you mean week_start?" in run.error
    set_vars(shop, {"customer_engagement": {**INPUTS, "week_start": "sunday"}})
    run = shop.dbt("parse")
    assert run.success, run.error
