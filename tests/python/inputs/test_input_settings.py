"""A wrong `engagement_inputs`, or another wrong variable, stops `dbt parse`: nothing is built.

The message names the entry, the problem and what is accepted. A parse takes a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from dbt_project import Project, whole_project
from right_variables import RIGHT
from wrong_inputs import TRACKS, WRONG_INPUTS, interactions
from wrong_variables import WRONG_VARIABLES


def assert_stops_the_parse(
    project: Project, variables: Mapping[str, Any], says: tuple[str, ...], remedy: str
) -> None:
    run = project.dbt("parse", "--no-partial-parse", variables=variables)
    assert not run.success
    for part in (*says, remedy):
        assert part in run.error


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_a_wrong_input_stops_the_parse(input_models: Project, name: str) -> None:
    variables, says = WRONG_INPUTS[name]
    assert_stops_the_parse(input_models, variables, says, "To fix it: ")


@pytest.mark.parametrize("name", WRONG_VARIABLES)
def test_a_wrong_variable_stops_the_parse(input_models: Project, name: str) -> None:
    variables, says = WRONG_VARIABLES[name]
    right = interactions({"relation": "events"})
    assert_stops_the_parse(
        input_models, {**right, **variables}, says, "set it under vars in dbt_project.yml"
    )


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The whole project, whose hook checks no variable: dbt parses it after all models."""
    project = whole_project(tmp_path_factory.mktemp("unchecked") / "project")
    file = project.folder / "macros/settings/checked_variables.sql"
    opening = "{% macro checked_variables() -%}"
    text = file.read_text()
    assert opening in text
    nothing = f"{opening}{{% endmacro %}}{opening.replace('checked', 'all')}"
    file.write_text(text.replace(opening, nothing))
    return project


@pytest.mark.parametrize(
    "name",
    [
        "grain",
        "week_start",
        "min_segment_size: None",
        "segments that are a text",
        "journey stages: [1, 2]",
        "pairs: 5",
        "experiment outcomes: [5]",
    ],
)
def test_what_models_compute_with_at_the_parse_is_checked_where_it_is_read(
    unchecked: Project, name: str
) -> None:
    """The hook that checks all variables comes too late for these."""
    variables, says = WRONG_VARIABLES[name]
    assert_stops_the_parse(unchecked, variables, says, "set it under vars in dbt_project.yml")


@pytest.mark.parametrize("name", RIGHT)
def test_right_settings_pass(input_models: Project, name: str) -> None:
    run = input_models.dbt("parse", "--no-partial-parse", variables=RIGHT[name])
    assert run.success, run.error


def test_a_ref_or_source_that_is_not_in_the_project_is_named(input_models: Project) -> None:
    for entry, named in [
        ({"ref": "evnts"}, "a node named 'evnts' which was not found"),
        (TRACKS, "a source named 'segment.tracks' which was not found"),
    ]:
        run = input_models.dbt("parse", "--no-partial-parse", variables=interactions(entry))
        assert not run.success
        assert named in run.error
