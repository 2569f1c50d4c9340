"""Numbers and dates of the seeds at their edges: read as people write them, within bounds.

A text that an engine takes and a person would not write is refused, before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dbt_project import ROOT, Project
from right_rows import RIGHT_ROWS, SEEDS, SELECT_CONFIG, right_row

# Of the columns that name a row, the one that sets the rows of a test apart.
KEYS = {
    "activity_weights": "score_model",
    "survey_types": "survey_type",
    "score_models": "score_model",
    "score_metrics": "score_model",
    "score_bands": "score_model",
    "score_overrides": "customer_id",
    "external_events": "note",
    "badge_rules": "badge",
    "kpi_targets": "segment_value",
}

# What an engine reads as a number and a person does not write, and what is beyond all bounds. Each
# is in a row of its own, one column after the other.
NO_NUMBERS = (
    "1_000",
    "1,000",
    "0x10",
    "1e5",
    "nan",
    "inf",
    "-inf",
    "1e308",
    "5 %",
    "1" * 13,
    "--1",
)
NO_INTEGERS = (*NO_NUMBERS, "2.5", "1" * 10)
NO_DATES = (
    "2025-01-01 10:00",
    "25-01-01",
    "2025-1-1",
    "2025/01/01",
    "infinity",
    "epoch",
    "20250101",
)
OUT_OF_BOUNDS = {
    ("activity_weights", "points"): ("-100001", "100001", "0.0000001"),
    ("activity_weights", "daily_cap"): ("-1", "1000000001", "0.0000001"),
    ("activity_weights", "half_life_days"): ("0.09", "3661"),
    ("survey_types", "scale_min"): ("-1000001",),
    ("survey_types", "scale_max"): ("1000001",),
    ("survey_types", "valid_days"): ("0", "36601"),
    ("score_models", "window_days"): ("0", "3661"),
    ("score_models", "min_coverage"): ("-0.1", "1.1"),
    ("score_models", "priority"): (),
    ("score_metrics", "weight"): ("-1", "1001", "0.0009"),
    ("score_metrics", "lower"): ("-1000000001",),
    ("score_metrics", "goal"): ("1000000001", "0.0000001"),
    ("score_bands", "lower_bound"): ("-1000000001", "1000000001"),
    ("score_bands", "settle_margin"): ("-1", "1000000001"),
    ("score_overrides", "score"): ("-1000000001", "1000000001"),
    ("badge_rules", "threshold"): (),
    ("kpi_targets", "target"): (),
}


def edges() -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Seed, column, text and row of everything that must be refused in a column by itself."""
    specs = (ROOT / "macros/settings/config_seed_specs.sql").read_text()
    columns = re.findall(
        r"^ {8}'(\w+)': \{|^ {16}'(\w+)': \{\s*'type': '(\w+)'", specs, re.MULTILINE
    )
    ugly = {"number": NO_NUMBERS, "integer": NO_INTEGERS, "date": NO_DATES}
    seed = ""
    for opened, column, kind in columns:
        seed = opened or seed
        if column:
            for text in (*ugly[kind], *OUT_OF_BOUNDS.get((seed, column), ())):
                yield seed, column, text, {**RIGHT_ROWS[seed], column: text}


def test_every_number_and_date_of_every_seed_is_read_strictly_and_has_bounds(
    restored: Project, as_shipped: dict
) -> None:
    """One run with every ugly text in every such column: each is named, with what is accepted."""
    rows = {seed: list(as_shipped[seed]) for seed in SEEDS}
    found = list(edges())
    assert {(seed, column) for seed, column, *_ in found} >= OUT_OF_BOUNDS.keys()
    assert {seed for seed, *_ in found} == set(SEEDS) - {"activity_types"}
    for number, (seed, _, _, row) in enumerate(found):
        rows[seed].append({**row, KEYS[seed]: f"edge_{number}"})
    for seed in SEEDS:
        restored.write_seed(seed, rows[seed])
    run = restored.dbt("build", *SELECT_CONFIG)
    assert not run.success
    said: dict[str, list[str]] = {}
    for row_key, problem in restored.query(
        "select row_key, problem from config_engagement__problems"
    ):
        for name in re.findall(r"edge_\d+", row_key):
            said.setdefault(name, []).append(problem)
    for number, (seed, column, text, _) in enumerate(found):
        refused = [p for p in said[f"edge_{number}"] if p.startswith(f'{column} is "{text}"')]
        assert len(refused) == 1, (seed, column, text, said[f"edge_{number}"])
        assert re.search("; (write it like|write it as|it must be)|write it as", refused[0])


def test_a_number_may_be_written_as_people_do(restored: Project, as_shipped: dict) -> None:
    """One way in each of five rows."""
    shipped = as_shipped["activity_weights"]
    ways = (" 5 ", "+5", "5.", "5.0", "05")
    rows = [{**row, "points": way} for row, way in zip(shipped, ways, strict=False)]
    restored.write_seed("activity_weights", [*rows, *shipped[len(rows) :]])
    run = restored.dbt("build", *SELECT_CONFIG)
    assert run.success, run.said
    named = "', '".join(row["activity_type"] for row in rows)
    assert restored.query(
        "select distinct points, count(*) from config_engagement__activity_weights "
        f"where activity_type in ('{named}') group by all"
    ) == [(5, len(ways))]


def test_points_of_what_the_company_does_count_nothing(restored: Project, as_shipped: dict) -> None:
    """Its row may stay, but a score of points needs another one."""
    row = right_row("activity_weights", {"score_model": "sent", "activity_type": "email_sent"})
    answered = {**row, "activity_type": "support_follow_up"}
    model = right_row("score_models", {"score_model": "sent"})
    weights = [*as_shipped["activity_weights"], row, answered]
    restored.write_seed("activity_weights", weights)
    restored.write_seed("score_models", [*as_shipped["score_models"], model])
    run = restored.dbt("build", *SELECT_CONFIG)
    assert "formula is weighted_sum, but activity_weights has no row for it with" in run.said
    assert "exposure and follow_up, count nothing" in run.said
    restored.write_seed("activity_weights", [*weights, {**row, "activity_type": "purchase"}])
    run = restored.dbt("build", *SELECT_CONFIG)
    assert run.success, run.said
    assert restored.query(
        "select activity_type, points from config_engagement__activity_weights "
        "where score_model = 'sent' order by all"
    ) == [("email_sent", 0), ("purchase", 1), ("support_follow_up", 0)]
