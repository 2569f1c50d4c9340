"""The last screen of a build: falls under one version, idle weights, next steps."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest
import yaml
from dbt_project import ROOT, Project
from new_versions import THIRD_WEEK, add_version, edit
from worked_example import event_rows, write_events

# The parts that need no model which acts on scores, since the example has none. Raised instead of
# printed, because dbt prints nothing in tests.
SHOW = """
{% macro show() %}
    {%- set lines = [''] + customer_engagement.summary_of_movers() -%}
    {%- do lines.extend(customer_engagement.summary_of_idle_weights()) -%}
    {%- for step in customer_engagement.next_steps() -%}
        {%- do lines.append('NEXT ' ~ step) -%}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error(lines | join('\\n')) -%}
{% endmacro %}
"""
RESTATE = {"restate_published": True}


@pytest.fixture
def example(breakable: Project) -> Project:
    (breakable.folder / "macros/show.sql").write_text(SHOW)
    return breakable


def screen(project: Project) -> str:
    """The lines, without what dbt adds."""
    said = project.dbt("run-operation", "show").said
    assert "Compilation Error in macro show" in said
    return said.split("> in macro show")[0]


def steps(shown: str) -> list[str]:
    return re.findall(r"^ *NEXT (.*)$", shown, re.MULTILINE)


def test_falls_compare_scores_of_one_version_and_a_new_version_is_named(example: Project) -> None:
    """Under the new version everyone scores lower, which is not a fall."""
    add_version(example, "2", valid_from=THIRD_WEEK)
    rows = example.seed_rows("score_metrics")
    for row in rows:
        if row["version"] == "2" and row["metric"] in ("active_days", "interaction_frequency"):
            row["goal"] = row["goal"] if float(row["goal"]) <= 1 else str(float(row["goal"]) * 2)
    example.write_seed("score_metrics", rows)
    run = example.build()
    assert run.success, run.said
    [(begins,)] = example.query(
        "select min(period_end) from engagement_scores "
        "where score_model = 'engagement' and version = '2' and is_champion"
    )
    assert begins == date(2025, 1, 26)
    before, after = (
        example.query(
            "select round(avg(score), 6) from engagement_scores where score_model = 'engagement' "
            f"and version = '{version}' and period_end = '{day}'"
        )[0][0]
        for version, day in (("1", "2025-01-19"), ("2", "2025-01-26"))
    )
    assert after < before
    shown = screen(example)
    assert (
        "NEW VERSION  trends and falls begin anew with engagement version 2, from the week that "
        "ends on 2025-01-26" in shown
    )
    scores = {
        (customer, f"{score:.1f}")
        for customer, score in example.query(
            f"select customer_id, score from engagement_scores where version = '2' "
            f"and score_model = 'engagement' and period_end = '{begins}' and score is not null"
        )
    }
    for customer, then in re.findall(r"^ *(\w+) +([\d.]+) -> ", shown, re.MULTILINE):
        assert (customer, then) in scores
    for board in ("overview", "success"):
        [(said,)] = example.query(new_versions_on(board))
        assert said == " Trends start over with engagement version 2, from 26 Jan 2025."


def new_versions_on(board: str) -> str:
    """The query by which a board says that a version is new."""
    settings = yaml.safe_load((ROOT / f"dashboard/charts/{board}.yml").read_text())
    sql = settings["queries"]["new_versions"]["sql"]
    return re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)


def test_points_for_what_the_company_sends_are_reported_as_idle(example: Project) -> None:
    assert "count nothing" not in screen(example)
    edit(
        example, "activity_types", {"activity_type": "email_click"}, role="exposure", exposed_by=""
    )
    types = example.seed_rows("activity_types")
    for row in types:
        if row["exposed_by"] == "email_click":
            row["exposed_by"] = ""
    example.write_seed("activity_types", types)
    run = example.build()
    assert run.success, run.said
    assert (
        "points that count nothing, as the company does it and not the customer: "
        "email_click (exposure)" in screen(example)
    )
    # A points score is the same without the row.
    points = "from engagement_contributions where component = 'email_click' and contribution != 0"
    assert example.query(f"select count(*) {points}") == [(0,)]
    with_row = example.contents(["engagement_scores"])
    weights = example.seed_rows("activity_weights")
    example.write_seed(
        "activity_weights", [r for r in weights if r["activity_type"] != "email_click"]
    )
    run = example.build(variables=RESTATE)
    assert run.success, run.said
    assert example.contents(["engagement_scores"]) == with_row


def test_next_steps_follow_from_the_state(example: Project) -> None:
    [shipped, off] = steps(screen(example))
    assert shipped.startswith("weights and goals are still those of the demo company: make suggest")
    assert off.startswith("metrics are off for lack of inputs")

    # Own weights, a challenger, and two faulty rows.
    edit(example, "score_metrics", {"metric": "recency_days"}, weight="15")
    add_version(example, "2", status="challenger")
    rows = event_rows()
    odd = [["x1", "ann", "Skydive", "2025-01-26 10:00:00", ""], ["x2", "ben", "Visit", "soon", ""]]
    write_events(example, [*rows, *odd])
    run = example.build(variables=RESTATE)
    assert run.success, run.said
    found = steps(screen(example))
    assert [re.split(r"[:,(]", step)[0].strip() for step in found] == [
        "1 activity has no row in activity_types",
        "1 row was set aside",
        "judge the challenger",
        "metrics are off for lack of inputs",
    ]

    write_events(example, rows)
    run = example.build(variables=RESTATE)
    assert run.success, run.said
    found = steps(screen(example))
    assert found[0].startswith("judge the challenger")
    assert found[-1] == "run it daily: docs/running-daily.md"


def test_the_shipped_goals_are_recognised_by_their_checksum() -> None:
    """As dbt computes it: of the text without whitespace at its ends."""
    file = ROOT / "seeds/config/score_metrics.csv"
    known = re.search(
        r"return\('([0-9a-f]{64})'\)",
        (ROOT / "macros/summary/summary_of_next_steps.sql").read_text(),
    )
    assert known is not None
    assert known.group(1) == hashlib.sha256(file.read_text().strip().encode()).hexdigest()
