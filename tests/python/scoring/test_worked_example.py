"""The worked example of docs/score.md: 30, 10 and 3.75, with seed rows added, no model touched.

10 visits, 5 clicks and 2 purchases at 1, 2 and 5 points; with ben's 3 interactions beside ann's 17
there are 10 activities per customer.
"""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from dbt_project import Project
from worked_example import FORMULAS, POINTS, SCORING_END, event_rows, write_events

SCORES = {"weighted_sum": 30, "metric_mean": 10, "weighted_mean": 3.75}
LATEST = f"period_end = date '{SCORING_END}'"


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_score_of_each_formula_is_exact(worked_example: Project, formula: str) -> None:
    found = worked_example.query(
        "select customer_id, score, raw_score, status, is_champion from engagement_scores "
        f"where score_model = 'by_{formula}' and {LATEST} order by all"
    )
    ann = SCORES[formula]
    ben = {"weighted_sum": 8, "metric_mean": 8 / 3, "weighted_mean": 1}[formula]
    assert found[0] == ("ann", ann, ann, "scored", False)
    assert found[1][1:3] == pytest.approx((ben, ben), abs=1e-9)
    assert len(found) == 2


def test_there_are_ten_activities_per_customer(worked_example: Project) -> None:
    found = worked_example.query(
        "select distinct customers, scored_customers, activities_per_customer "
        f"from engagement_segments where segment = 'all' and {LATEST}"
    )
    assert found == [(2, 2, 10.0)]


def test_the_points_of_each_activity_add_up_to_the_raw_score(worked_example: Project) -> None:
    """In every period, of every formula: 10 visits, 5 clicks and 2 purchases give 10 each."""
    lines = worked_example.records(
        "select * from engagement_contributions where score_model like 'by_%'"
    )
    sums: dict[tuple, list[float]] = defaultdict(list)
    for line in lines:
        key = (line["score_model"], line["customer_id"], line["period_end"])
        sums[key].append(line["contribution"])
    scores = worked_example.query(
        "select score_model, customer_id, period_end, raw_score from engagement_scores "
        "where score_model like 'by_%'"
    )
    by_key = {tuple(row): raw for *row, raw in scores}
    assert len(sums) > 3 * 2
    for key, parts in sums.items():
        assert math.fsum(parts) == pytest.approx(by_key[key], abs=1e-9)
    anns = {
        line["component"]: (line["value"], line["contribution"])
        for line in lines
        if line["customer_id"] == "ann"
        and line["score_model"] == "by_weighted_sum"
        and line["period_end"] == SCORING_END
    }
    assert anns == {"website_visit": (10, 10), "email_click": (5, 10), "purchase": (2, 10)}


def test_doubling_amounts_doubles_an_activity_by_amount_only(breakable: Project) -> None:
    """Purchases count by amount; cy is ann over again, with every amount doubled."""
    types = breakable.seed_rows("activity_types")
    for row in types:
        if row["activity_type"] == "purchase":
            row["value_basis"] = "amount"
    breakable.write_seed("activity_types", types)
    # The visits have amounts too, which must not matter.
    ann = [[*row[:4], row[4] or "3.25"] for row in event_rows() if row[1] == "ann"]
    cy = [
        [f"c{row_id}", "cy", event, time, str(2 * float(amount))]
        for row_id, _, event, time, amount in ann
    ]
    write_events(breakable, ann + cy)
    run = breakable.build()
    assert run.success, run.said

    lines: dict[str, dict[str, float]] = {"ann": {}, "cy": {}}
    for customer_id, component, contribution in breakable.query(
        "select customer_id, component, contribution from engagement_contributions "
        f"where score_model = 'by_weighted_sum' and {LATEST}"
    ):
        lines[customer_id][component] = contribution
    bought = POINTS["purchase"] * (16.5 + 17.5)
    assert lines["ann"] == {"website_visit": 10, "email_click": 10, "purchase": bought}
    assert lines["cy"] == {"website_visit": 10, "email_click": 10, "purchase": 2 * bought}
