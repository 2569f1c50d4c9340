"""A wrong entry of `custom_metrics` stops `dbt parse`, and says which, what, and what is accepted.

That own metrics are scored, and what their models must hold, is for test_package.
"""

from __future__ import annotations

from typing import Any

import pytest
from dbt_project import Project, copy_project

ENTRY = {"metric": "seat_use", "ref": "seat_use", "dimension": "behavioural"}
KEYS = "metric, ref, column, dimension, direction, unit, scaling, default_lower, maximum"
SCORED = {"engagement_inputs": {"interactions": [{"relation": "events"}]}}


def entry(**changes: Any) -> list[dict[str, Any]]:
    return [{**ENTRY, **changes}]


# What is set, and what the message must say.
WRONG: dict[str, tuple[Any, tuple[str, ...]]] = {
    "an entry, not a list": (
        ENTRY,
        ("custom_metrics: it must be a list of entries", "`- {metric: seat_use"),
    ),
    "a text": ("seat_use", ("custom_metrics: it must be a list of entries, found seat_use",)),
    "a number": (5, ("custom_metrics: it must be a list of entries, found 5",)),
    "an entry that is a text": (
        [ENTRY, "seat_use"],
        (
            "custom_metrics[1]: an entry must be a mapping, found seat_use",
            f"accepted keys: {KEYS}",
        ),
    ),
    "unknown key": (
        entry(weight=5),
        ("custom_metrics[0]: unknown key 'weight'", f"accepted keys: {KEYS}"),
    ),
    "a metric that is no text": (entry(metric=7), ("'metric' must be text, found 7",)),
    "a maximum that is no number": (
        entry(maximum="1"),
        ("'maximum' must be a number, found 1", "write it like 12.5"),
    ),
    "no model": (
        [{"metric": "seat_use", "dimension": "behavioural"}],
        ("custom_metrics[0]: 'ref' is missing", "every entry needs metric, ref, dimension"),
    ),
    "a blank metric": (entry(metric=""), ("custom_metrics[0]: 'metric' is missing",)),
    "no name of a column": (
        entry(metric="Seat use"),
        ("custom_metrics[0] (Seat use): the metric becomes a column", "small letters"),
    ),
    "a metric of the package": (
        entry(metric="nps"),
        ("custom_metrics[0] (nps): a metric of the package has that name", "churn, renewal_rate"),
    ),
    "a column beside the metrics": (
        entry(metric="score"),
        ("custom_metrics[0] (score): that name is a column", "none of: score, percentile_rank"),
    ),
    "the column of a comparison": (
        entry(metric="nps_before"),
        ("custom_metrics[0] (nps_before): that name is a column", "not ending in _before"),
    ),
    "a metric twice": (
        [ENTRY, {**ENTRY, "ref": "other"}],
        ("custom_metrics[1] (seat_use): an entry before it has the same metric",),
    ),
    "a ref of three parts": (
        entry(ref="a.b.c"),
        ("custom_metrics[0] (seat_use): ref 'a.b.c' is not a model's name", "project.model"),
    ),
    "a column that is an expression": (
        entry(column="used / seats"),
        ("column 'used / seats' is not a column's name", "belongs into the model"),
    ),
    "unknown dimension": (
        entry(dimension="product"),
        (
            "custom_metrics[0] (seat_use): dimension is 'product'",
            "use one of: behavioural, attitudinal, transactional, advocacy",
        ),
    ),
    "unknown direction": (entry(direction="high"), ("direction is 'high'", "one of: up, down")),
    "unknown scaling": (
        entry(scaling="percentile"),
        ("scaling is 'percentile'", "use one of: goal, saturation"),
    ),
    "less is better, from nowhere": (
        entry(direction="down"),
        ("less of it is better, and nothing says which value is scored 0", "add default_lower"),
    ),
    "a saturation downwards": (
        entry(direction="down", default_lower=5, scaling="saturation"),
        ("scaling saturation begins at 0 and goes up", "use scaling goal"),
    ),
    "a maximum at the value that scores 0": (
        entry(maximum=0),
        ("maximum is 0 and default_lower is 0", "it must lie above default_lower"),
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The hooks, which check the variables, without a model."""
    return copy_project(tmp_path_factory.mktemp("metrics") / "project", [], with_hooks=True)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_entry_stops_the_parse(project: Project, name: str) -> None:
    entries, says = WRONG[name]
    run = project.dbt(
        "parse", "--no-partial-parse", variables={**SCORED, "custom_metrics": entries}
    )
    assert not run.success
    for part in (*says, "To fix it: "):
        assert part in run.error


def test_a_right_entry_does_not(project: Project) -> None:
    entries = [
        *entry(),
        *entry(
            metric="open_tickets", ref="crm.tickets", column="Open", dimension="attitudinal",
            direction="down", default_lower=9.5, maximum=9.5, unit="tickets",
        ),
        *entry(metric="balance", default_lower=-100, maximum=0, scaling="goal"),
    ]  # fmt: skip
    run = project.dbt(
        "parse", "--no-partial-parse", variables={**SCORED, "custom_metrics": entries}
    )
    assert run.success, run.said
    assert project.dbt(
        "parse", "--no-partial-parse", variables={**SCORED, "custom_metrics": []}
    ).success
