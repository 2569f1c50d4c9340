"""A user's mistakes: each stops `dbt build` with a message that says what to do.

Nothing is scored, and the marts of the last good run stay. The good run is the worked example: its
rows are read from a CSV, so that most mistakes need no new parse.
"""

from __future__ import annotations

import csv

import pytest
from dbt import selected_resources
from dbt_project import Project, Run
from worked_example import event_rows, events_file, set_variables, write_events

SCORED = [
    "engagement_scores",
    "engagement_contributions",
    "engagement_segments",
    "customer_engagement",
]
Marts = dict[str, list[tuple]]


@pytest.fixture(scope="module")
def good(worked_example: Project) -> Marts:
    """The marts of the good run."""
    contents = worked_example.contents(SCORED)
    assert all(contents.values())
    return contents


def assert_nothing_scored(project: Project, run: Run, good: Marts, *says: str) -> None:
    assert not run.success
    for part in says:
        assert part in run.said
    scoring = {
        "scoring_engagement__scores",
        "scoring_engagement__contributions",
        *SCORED,
    } & run.statuses.keys()
    assert {run.statuses[name] for name in scoring} <= {"skipped"}
    assert project.contents(SCORED) == good


def test_beside_own_data_the_demo_company_is_neither_loaded_nor_scored(
    worked_example: Project,
) -> None:
    tables = [name for (name,) in worked_example.query("select table_name from duckdb_tables()")]
    assert not [name for name in tables if name.startswith("demo_")]
    assert worked_example.query("select count(*) from customer_engagement") == [(2,)]


# --- the inputs ---


def test_a_missing_file(breakable: Project, good: Marts) -> None:
    events_file(breakable).unlink()
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "engagement_inputs.interactions[0] (shop): there is no file at",
        str(events_file(breakable)),
        "To fix it: correct the path",
    )


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (
            ["event_id", "uid", "event", "occurred_at", "amount"],
            (
                "engagement_inputs.interactions[0] (shop): the entry has no column 'user_id', "
                "which 'customer_id: user_id' reads",
                "use the columns that it has: event_id, uid, event, occurred_at",
            ),
        ),
        (
            ["event_id", "user_id", "event", "seen_at", "amount"],
            (
                "engagement_inputs.interactions[0] (shop): the required column 'occurred_at' is "
                "not mapped, and the entry has no column of that name",
                "add `columns: {occurred_at: <SQL expression>}`",
                "its columns: event_id, user_id, event, seen_at",
            ),
        ),
        (
            ["event_id", "user_id", "kind", "occurred_at", "amount"],
            (
                "engagement_inputs.interactions[0] (shop): the entry has no column 'event', which "
                "'activity_type: lower(event)' reads",
                "use the columns that it has: event_id, user_id, kind, occurred_at",
            ),
        ),
    ],
    ids=["mapped", "required", "inside an expression"],
)
def test_a_wrong_column(
    breakable: Project, good: Marts, header: list[str], says: tuple[str, ...]
) -> None:
    write_events(breakable, event_rows(), header)
    assert_nothing_scored(breakable, breakable.build(), good, *says)


def test_an_expression_that_is_not_sql(breakable: Project, good: Marts) -> None:
    entry = {
        "name": "shop",
        "relation": f"read_csv('{events_file(breakable)}')",
        "columns": {"customer_id": "lower((user_id", "activity_type": "event"},
    }
    set_variables(breakable, engagement_inputs={"interactions": [entry]})
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "engagement_inputs.interactions[0] (shop): 'customer_id: lower((user_id' is not SQL",
        "write an SQL expression over the entry's columns",
    )


def test_a_filter_on_a_column_that_is_not_there(breakable: Project, good: Marts) -> None:
    entry = {
        "name": "shop",
        "relation": f"read_csv('{events_file(breakable)}')",
        "columns": {"customer_id": "user_id", "activity_type": "event"},
        "where": "app = 'web'",
    }
    set_variables(breakable, engagement_inputs={"interactions": [entry]})
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "(shop): the entry has no column 'app', which 'where: (app = 'web')' reads",
    )


def test_an_empty_table(breakable: Project, good: Marts) -> None:
    write_events(breakable, [])
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "No interaction was accepted, so there is nothing to score",
        "- shop: the relation has no rows",
        "To fix it: correct the relation, its `where` or its `columns`",
    )


def test_all_rows_bad(breakable: Project, good: Marts) -> None:
    """The reasons are counted, the most frequent first."""
    nobody, some_time = ["", "", "visit", "2025-01-06", ""], ["", "ann", "visit", "soon", ""]
    rows = [nobody] * 3 + [some_time] * 7
    write_events(breakable, rows)
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "No interaction was accepted, so there is nothing to score",
        "- shop: set aside: unreadable_time 7, missing_customer_id 3\n",
    )


def test_addresses_as_ids_are_found_before_anything_is_scored(
    breakable: Project, good: Marts
) -> None:
    """With the entry and both remedies, and without an address: logs are read by many."""
    rows = event_rows()
    write_events(breakable, [[row[0], f"{row[1]}@example.com", *row[2:]] for row in rows])
    run = breakable.build()
    assert_nothing_scored(
        breakable,
        run,
        good,
        "Ids are e-mail addresses, which would be in every mart, and nothing was scored",
        "- interactions, shop: 2 different values of customer_id",
        'customer_id: "md5(lower(trim(email)))"',
        "allow_personal_data: [email]",
    )
    assert "example.com" not in run.said
    run = breakable.build(
        "--select", "+int_engagement__customer_scope", variables={"allow_personal_data": ["email"]}
    )
    assert run.success, run.said


def test_a_retry_after_the_input_is_corrected_says_that_it_read_nothing_again(
    breakable: Project, good: Marts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins at the gate, with what was counted before; a build is what is needed."""
    write_events(breakable, [])
    run = breakable.build(writes_json=True)
    assert "the relation has no rows" in run.said
    assert "did not build" not in run.said
    write_events(breakable, event_rows())
    # As in a process of its own: dbt sets this where nodes are selected, which a retry does not.
    monkeypatch.setattr(selected_resources, "SELECTED_RESOURCES", [])
    run = breakable.dbt("retry")
    assert_nothing_scored(
        breakable,
        run,
        good,
        "This run did not build int_engagement__interaction_cells, "
        "int_engagement__interactions_judged again (it is a dbt retry",
        "run: dbt build",
    )
    run = breakable.build()
    assert run.success, run.said


def test_a_retry_after_a_seed_is_corrected_says_that_it_loaded_none(
    breakable: Project, good: Marts, monkeypatch: pytest.MonkeyPatch
) -> None:
    bands = breakable.seed_rows("score_bands")
    breakable.write_seed("score_bands", [{**row, "lower_bound": "x"} for row in bands])
    run = breakable.build(writes_json=True, variables=RESTATE)
    assert 'lower_bound is "x"' in run.said
    assert "did not build" not in run.said
    breakable.write_seed("score_bands", bands)
    monkeypatch.setattr(selected_resources, "SELECTED_RESOURCES", [])
    run = breakable.dbt("retry")
    assert_nothing_scored(
        breakable, run, good, "This run did not build activity_types, activity_weights", "dbt build"
    )


def test_an_unknown_preset(breakable: Project, good: Marts) -> None:
    entry = {"name": "shop", "relation": "read_csv('events.csv')", "preset": "segment"}
    set_variables(breakable, engagement_inputs={"interactions": [entry]})
    assert_nothing_scored(
        breakable,
        breakable.build(),
        good,
        "engagement_inputs.interactions[0]: unknown preset 'segment' for interactions",
        "accepted presets: segment_tracks, ",
    )


# --- other variables, wrong for these data ---


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        (
            {"scoring_end": "2025-01-01"},
            (
                "No week is within scoring_start (not set), scoring_end 2025-01-01",
                "the data run from 2025-01-07 to 2025-01-26",
                "change or remove these variables",
            ),
        ),
        (
            {"scoring_end": "2205-04-20"},
            (
                "scoring_end 2205-04-20: the last period would end ",
                "days after the last accepted interaction (2025-01-26)",
                "At most 366 days are built; change or remove scoring_end",
            ),
        ),
        # Both before the data: a period lies between them, and nobody to score in it.
        (
            {"scoring_start": "2020-01-01", "scoring_end": "2020-06-28"},
            (
                "No week is within scoring_start 2020-01-01, scoring_end 2020-06-28",
                "the data run from",
            ),
        ),
        (
            {"reporting_timezone": "Europe/Bonn"},
            (
                "variable 'reporting_timezone' is Europe/Bonn",
                "a zone of the IANA database such as Europe/Berlin",
            ),
        ),
    ],
    ids=["ends before the data", "ends far beyond", "starts and ends before", "no such timezone"],
)
def test_a_variable_that_does_not_fit(
    breakable: Project, good: Marts, variables: dict[str, str], says: tuple[str, ...]
) -> None:
    set_variables(breakable, **variables)
    assert_nothing_scored(breakable, breakable.build(), good, *says)


# --- the seeds ---

# They are edited in a version that the good run published, which is a mistake of its own
# (test_versions.py) and must not hide these.
RESTATE = {"restate_published": True}


def test_wrong_settings_are_listed_together(breakable: Project, good: Marts) -> None:
    """All weights zero, an unknown metric, two bands that overlap: one run reports all three."""
    first, *others = [{**row, "weight": "0"} for row in breakable.seed_rows("score_metrics")]
    breakable.write_seed("score_metrics", [{**first, "metric": "recency"}, *others])
    excellent, moderate, low = breakable.seed_rows("score_bands")
    breakable.write_seed("score_bands", [excellent, {**moderate, "lower_bound": "80"}, low])
    assert_nothing_scored(
        breakable,
        breakable.build(variables=RESTATE),
        good,
        "The configuration seeds have 3 problems, and nothing was scored",
        "score_models [score_model=engagement, version=1]: ",
        "all its weights in score_metrics are 0",
        'score_metrics [score_model=engagement, version=1, metric=recency]: metric is "recency"',
        "use one of: interaction_frequency, active_days, time_spent, recency_days",
        "score_bands [score_model=engagement, version=1, band=",
        "the two bands overlap",
        "Fix the CSV files and run dbt build again",
    )


def test_a_blank_goal_prints_the_row_to_paste_and_that_row_fixes_it(
    breakable: Project, good: Marts
) -> None:
    rows = breakable.seed_rows("score_metrics")
    blank = {"active_days", "recency_days"}
    breakable.write_seed(
        "score_metrics", [{**row, "goal": ""} if row["metric"] in blank else row for row in rows]
    )
    run = breakable.build(variables=RESTATE)
    assert_nothing_scored(
        breakable,
        run,
        good,
        "The seed score_metrics has blank goals, and nothing was scored",
        ",".join(rows[0]),
    )
    printed = [line.strip() for line in run.said.splitlines() if "engagement,1," in line]
    suggested = list(csv.DictReader([",".join(rows[0]), *printed]))
    assert {row["metric"] for row in suggested} == blank
    assert all(float(row["goal"]) > 0 and row["reason"] for row in suggested)

    others = [row for row in rows if row["metric"] not in blank]
    breakable.write_seed("score_metrics", [*others, *suggested])
    run = breakable.build(variables=RESTATE)
    assert run.success, run.said


def test_a_folder_of_files_is_read_by_a_glob(
    breakable: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name the relation is in SQL comments, where `/*` would open another."""
    monkeypatch.chdir(breakable.folder)
    entry = {
        "relation": "read_csv('data/*.csv', all_varchar = true)",
        "columns": {"customer_id": "user_id", "activity_type": "lower(event)"},
    }
    set_variables(breakable, engagement_inputs={"interactions": [entry]})
    run = breakable.build("--select", "+stg_engagement__interactions")
    assert run.success, run.said
