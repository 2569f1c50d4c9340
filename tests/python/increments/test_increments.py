"""A load costs what it brings: it touches the days and customers on which its rows fall, no others.

What a run leaves alone is told by a mark: a stored value that no run would make. It stays where
nothing is computed again, and goes where something is. That the result is right whatever was
loaded in whichever order is for test_load_sequences.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from dbt_project import Project, put_back, scoring_project
from made_company import FIRST_DAY, MadeCompany

# Eight weeks, Monday to Sunday, and a day more, so that the eighth is complete.
SUNDAYS = [FIRST_DAY + timedelta(days=7 * week + 6) for week in range(8)]
MONDAY_AFTER = SUNDAYS[-1] + timedelta(days=1)
DETAILED = SUNDAYS[-4:]
BANDS = (("Low", 0, 2), ("Moderate", 60, 2), ("Excellent", 80, 2))
MARK = -12345.0

# Table -> the column that takes the mark.
MARKED = {
    "int_engagement__customer_activity_days": "amount",
    "int_engagement__customer_metrics": "engaged_interactions",
    "int_engagement__customer_points": "points",
    "engagement_scores": "coverage",
    "engagement_contributions": "contribution",
}
BATCHES = (
    "int_engagement__touched_records",
    "int_engagement__changed_days",
    "int_engagement__pending_customers",
    "int_engagement__rescored_customers",
    "int_engagement__period_frequency",
    "scoring_engagement__scores",
    "scoring_engagement__contributions",
)


def the_company() -> MadeCompany:
    """Four customers who buy every week, an index, its challenger and a sum of points."""
    company = MadeCompany()
    company.score_model(
        "value",
        {"lifetime_value": {"goal": 1000}, "active_days": {"goal": 10}},
        bands=BANDS,
        window_days=28,
    )
    company.score_model(
        "sum", points={"purchase": {"points": 1, "half_life_days": 7}}, window_days=28
    )
    company.score_model(
        "value", {"lifetime_value": {"goal": 500}}, window_days=28, version="2", status="challenger"
    )
    for number, customer_id in enumerate(("ann", "ben", "cem", "dua")):
        for sunday in SUNDAYS:
            company.did(
                customer_id, "purchase", sunday - timedelta(days=number), amount=20 + number
            )
    company.did("dua", "website_visit", MONDAY_AFTER)
    return company


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The company, built."""
    project = scoring_project(tmp_path_factory.mktemp("increments") / "project")
    the_company().set_up(project)
    built(project, command="build")
    return project


@pytest.fixture(scope="module")
def marts(base: Project) -> list[str]:
    """Those that the project has."""
    return base.marts


@pytest.fixture
def project(base: Project) -> Iterator[Project]:
    """The same, to change at will: it is put back, in its place, since dbt parses a copy anew."""
    kept = [base.folder / "dbt_project.yml", base.database, *base.folder.glob("seeds/**/*.csv")]
    with put_back(kept):
        yield base
    base.database.with_name(base.database.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(base.folder / "data")
    the_company().map_inputs(base)


def built(project: Project, *arguments: str, command: str = "run", **variables: Any) -> None:
    run = project.dbt(command, *arguments, variables=variables)
    assert run.success, run.said


def load(project: Project, company: MadeCompany, **variables: Any) -> None:
    """Writes the company's files anew and builds; the seeds are loaded if they changed."""
    company.set_up(project)
    is_same = company.seeds == the_company().seeds
    built(project, command="run" if is_same else "build", **variables)


def execute(project: Project, sql: str) -> None:
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(sql)


def mark_everything(project: Project) -> None:
    for table, column in MARKED.items():
        execute(project, f"update {table} set {column} = {MARK}")


def marked(project: Project, table: str, day: str = "period_end") -> set[tuple[str, date]]:
    """Customers and days, or periods, whose rows nothing has touched."""
    return set(
        project.query(
            f"select distinct customer_id, {day} from {table} where {MARKED[table]} = {MARK}"
        )
    )


def computed(project: Project, table: str, day: str = "period_end") -> set[tuple[str, date]]:
    """Customers and days, or periods, whose rows a run has made anew."""
    return set(
        project.query(
            f"select distinct customer_id, {day} from {table} "
            f"where {MARKED[table]} is distinct from {MARK}"
        )
    )


def counts(project: Project, tables: tuple[str, ...] = BATCHES) -> dict[str, int]:
    return {table: project.query(f"select count(*) from {table}")[0][0] for table in tables}


def by_table(project: Project) -> dict[str, set[tuple[str, date]]]:
    """What a run has made anew, in each table by customer and period."""
    return {table: computed(project, table) for table in MARKED if "days" not in table}


def of_customers(periods: list[date], *customers: str) -> set[tuple[str, date]]:
    return {(customer_id, period) for customer_id in customers for period in periods}


def expect(project: Project, periods: list[date], *customers: str) -> None:
    """What was made anew are these periods of these customers, and nothing else, in any table."""
    found = by_table(project)
    contributions = found.pop("engagement_contributions")
    detailed = [period for period in periods if period in DETAILED]
    assert contributions == of_customers(detailed, *customers)
    for table, periods_of_customers in found.items():
        assert periods_of_customers == of_customers(periods, *customers), table


def test_the_same_rows_in_another_order_compute_nothing(project: Project) -> None:
    mark_everything(project)
    company = the_company()
    company.inputs["interactions"].reverse()
    load(project, company)
    assert set(counts(project).values()) == {0}
    expect(project, [])
    assert not computed(project, "int_engagement__customer_activity_days", "occurred_on")


def test_a_late_row_touches_its_day_and_the_periods_from_there_on(project: Project) -> None:
    """Whenever it says that it was loaded: batches come out of order."""
    mark_everything(project)
    company = the_company()
    late = SUNDAYS[3] - timedelta(days=3)
    loads = {"ben": "", "cem": f"{SUNDAYS[3]} 23:00:00", "dua": "2030-01-01 00:00:00"}
    for customer_id, loaded_at in loads.items():
        company.did(customer_id, "purchase", late, amount=5, loaded_at=loaded_at)
    load(project, company)
    days = computed(project, "int_engagement__customer_activity_days", "occurred_on")
    assert days == of_customers([late], *loads)
    expect(project, SUNDAYS[3:], *loads)


def test_a_day_in_the_period_that_is_not_complete_waits(project: Project) -> None:
    mark_everything(project)
    company = the_company()
    company.did("ann", "purchase", MONDAY_AFTER, amount=5)
    load(project, company)
    days = computed(project, "int_engagement__customer_activity_days", "occurred_on")
    assert days == {("ann", MONDAY_AFTER)}
    expect(project, [])


def test_a_new_period_is_computed_for_everybody_and_alone(project: Project) -> None:
    mark_everything(project)
    company = the_company()
    company.did("ann", "website_visit", MONDAY_AFTER + timedelta(days=7))
    load(project, company)
    new = SUNDAYS[-1] + timedelta(days=7)
    found = by_table(project)
    assert found.pop("engagement_contributions") == of_customers([new], "ann", "ben", "cem", "dua")
    for table, periods in found.items():
        assert periods == of_customers([new], "ann", "ben", "cem", "dua"), table
    [(first,)] = project.query("select min(period_end) from engagement_contributions")
    assert first == SUNDAYS[-3]


def test_a_duplicate_of_a_row_of_long_ago_changes_nothing(project: Project) -> None:
    mark_everything(project)
    company = the_company()
    copy = dict(company.inputs["interactions"][0])
    company.inputs["interactions"].append({**copy, "loaded_at": "2026-01-01 00:00:00"})
    load(project, company)
    [(accepted, duplicate)] = project.query(
        "select accepted_rows, duplicate_rows from interaction_audit where input = 'interactions'"
    )
    assert (accepted, duplicate) == (33, 1)
    assert marked(project, "engagement_scores") >= of_customers(SUNDAYS, "ben", "cem", "dua")


def test_a_copy_that_was_loaded_before_replaces_the_one_that_stood(project: Project) -> None:
    """On another day, and of another customer: both are computed again."""
    company = the_company()
    company.inputs["interactions"][-1]["loaded_at"] = f"{MONDAY_AFTER} 20:00:00"
    load(project, company)
    mark_everything(project)
    earlier = {
        **company.inputs["interactions"][-1],
        "customer_id": "cem",
        "occurred_at": f"{SUNDAYS[6]} 10:00:00",
        "loaded_at": f"{SUNDAYS[6]} 20:00:00",
    }
    company.inputs["interactions"].append(earlier)
    company.did("ann", "website_visit", MONDAY_AFTER)
    load(project, company)
    assert computed(project, "int_engagement__customer_activity_days", "occurred_on") == {
        ("cem", SUNDAYS[6]),
        ("ann", MONDAY_AFTER),
    }
    assert ("dua", MONDAY_AFTER) not in marked(
        project, "int_engagement__customer_activity_days", "occurred_on"
    )
    expect(project, SUNDAYS[6:], "cem")


def test_a_row_that_is_gone_is_gone_and_an_override_touches_its_days(project: Project) -> None:
    """Of one customer each, and nobody else."""
    mark_everything(project)
    company = the_company()
    [gone] = [
        row
        for row in company.inputs["interactions"]
        if row["customer_id"] == "ann" and row["occurred_at"].startswith(str(SUNDAYS[5]))
    ]
    company.inputs["interactions"].remove(gone)
    company.override("cem", "value", 99, SUNDAYS[6], SUNDAYS[7])
    load(project, company)
    touched = of_customers(SUNDAYS[5:], "ann") | of_customers(SUNDAYS[6:], "cem")
    assert all(found == touched for found in by_table(project).values())
    assert not project.query(
        "select 1 from int_engagement__interactions_numbered "
        f"where interaction_id = '{gone['interaction_id']}'"
    )


def test_an_answer_touches_the_periods_from_its_day_on(project: Project) -> None:
    """Of that customer: nobody's score counts answers, so that they concern nobody else."""
    mark_everything(project)
    company = the_company()
    company.answered("dua", "csat", 5, SUNDAYS[4])
    load(project, company)
    found = by_table(project)
    assert found["int_engagement__customer_metrics"] == of_customers(SUNDAYS[4:], "dua")


def test_a_metric_that_nobody_had_is_scored_for_everybody(project: Project) -> None:
    """From the period on in which somebody has it; the metrics of the others stay as they are."""
    company = the_company()
    company.seeds["score_metrics"].append(
        {
            "score_model": "value", "version": "2", "metric": "csat", "dimension": "attitudinal",
            "weight": 1, "scaling": "goal", "goal": 1,
        }
    )  # fmt: skip
    load(project, company)
    mark_everything(project)
    company.answered("dua", "csat", 5, SUNDAYS[6])
    load(project, company)
    found = by_table(project)
    assert found["int_engagement__customer_metrics"] == of_customers(SUNDAYS[6:], "dua")
    everybody = of_customers(SUNDAYS[6:], "ann", "ben", "cem", "dua")
    assert found["engagement_scores"] == everybody
    assert found["engagement_contributions"] == everybody


def test_a_version_that_follows_touches_what_comes_after_it(project: Project) -> None:
    mark_everything(project)
    company = the_company()
    company.score_model(
        "value", {"lifetime_value": {"goal": 800}}, bands=BANDS, window_days=28, version="3",
        valid_from=SUNDAYS[5],
    )  # fmt: skip
    load(project, company)
    expect(project, SUNDAYS[5:], "ann", "ben", "cem", "dua")


def test_a_variable_that_changes_scores_touches_everything(project: Project) -> None:
    mark_everything(project)
    load(project, the_company(), min_exposure_days=20)
    expect(project, SUNDAYS, "ann", "ben", "cem", "dua")


def test_attributes_touch_their_customer(project: Project) -> None:
    company = the_company()
    company.customer("ann", "ben", plan="free")
    company.set_up(project, segment_columns=["plan"])
    built(project)
    mark_everything(project)
    company.inputs["customers"][0]["plan"] = "paid"
    company.set_up(project, segment_columns=["plan"])
    built(project)
    expect(project, SUNDAYS, "ann")
    assert project.query(
        "select segment, count(*) from engagement_segments where segment_column = 'plan' "
        "and score_model = 'value' group by 1 order by 1"
    ) == [("(unknown)", 8), ("free", 8), ("paid", 8)]


def test_a_merge_and_an_unmerge_make_the_union_and_take_it_apart(project: Project) -> None:
    before = project.contents(["engagement_scores"])
    company = the_company()
    company.inputs["identities"] = [{"id": "dua", "customer_id": "cem"}]
    load(project, company)
    assert project.query("select distinct customer_id from engagement_scores order by 1") == [
        ("ann",),
        ("ben",),
        ("cem",),
    ]
    [(value,)] = project.query(
        "select lifetime_value from int_engagement__customer_metrics where customer_id = 'cem' "
        f"and period_end = date '{SUNDAYS[-1]}'"
    )
    assert value == 8 * 22 + 8 * 23
    company.inputs["identities"] = []
    (project.folder / "data/identities.csv").unlink()
    load(project, company)
    assert project.contents(["engagement_scores"]) == before


def test_an_erased_customer_is_in_no_table_and_in_no_file(project: Project) -> None:
    """Under no id, whatever the table: rejected rows and what is stored between runs among them."""
    company = the_company()
    company.inputs["identities"] = [{"id": "alias_of_dua", "customer_id": "dua"}]
    company.did("alias_of_dua", "purchase", SUNDAYS[2], amount=7)
    company.did("dua", "purchase", SUNDAYS[2], duration_seconds=-5)
    load(project, company)
    company.customer("dua", is_erased="true")
    load(project, company)
    # The inputs and what reads them hold the statement itself; two tables list whom to keep out.
    for schema, table, kind in project.query(
        "select table_schema, table_name, table_type from information_schema.tables"
    ):
        if kind == "VIEW" or table in {
            "int_engagement__erased_ids",
            "int_engagement__excluded_customers",
        }:
            continue
        for (column,) in project.query(
            "select column_name from information_schema.columns "
            f"where table_schema = '{schema}' and table_name = '{table}' and data_type = 'VARCHAR'"
        ):
            found = project.query(
                f"select count(*) from {schema}.{table} where {column} like '%dua%'"
            )
            assert found == [(0,)], (table, column)
    [(erased,)] = project.query(
        "select rejected_erased from interaction_audit where input = 'interactions'"
    )
    assert erased == 11


def test_a_part_of_the_project_settles_nothing(project: Project) -> None:
    """Whoever builds one mart does not lose what the others are still owed."""
    before = project.contents(["engagement_scores"])
    company = the_company()
    company.did("ben", "purchase", SUNDAYS[3] - timedelta(days=3), amount=500)
    company.set_up(project)
    built(project, "--select", "+int_engagement__customer_metrics")
    assert project.contents(["engagement_scores"]) == before
    assert counts(project)["int_engagement__changed_days"] == 1
    # The file as it was: the metrics must go back, though nothing differs from what was settled.
    load(project, the_company())
    assert project.contents(["engagement_scores"]) == before
    [(value,)] = project.query(
        "select max(lifetime_value) from int_engagement__customer_metrics where customer_id = 'ben'"
    )
    assert value == 8 * 21


def test_a_table_that_holds_history_is_not_built_from_a_part(project: Project) -> None:
    before = project.contents(["engagement_scores"])
    run = project.dbt("run", "--select", "engagement_scores", "--full-refresh")
    assert not run.success
    assert "engagement_scores cannot be built from nothing alone" in run.said
    assert "dbt build --full-refresh" in run.said
    assert project.contents(["engagement_scores"]) == before


def test_a_table_that_was_lost_is_made_up_for(project: Project, marts: list[str]) -> None:
    before = project.contents(marts)
    execute(project, "drop table engagement_scores")
    load(project, the_company())
    assert project.contents(marts) == before


def test_a_full_refresh_comes_to_the_same(project: Project, marts: list[str]) -> None:
    before = project.contents(marts)
    mark_everything(project)
    built(project, "--full-refresh")
    assert project.contents(marts) == before


@pytest.mark.parametrize(
    ("variables", "customers", "periods"),
    [
        ({"rebuild_customer": "ben"}, ("ben",), SUNDAYS),
        ({"rebuild_from": SUNDAYS[6]}, ("ann", "ben", "cem", "dua"), SUNDAYS[6:]),
        (
            {"rebuild_from": SUNDAYS[2] - timedelta(days=6), "rebuild_to": SUNDAYS[4]},
            ("ann", "ben", "cem", "dua"),
            SUNDAYS[2:5],
        ),
        (
            {"rebuild_from": SUNDAYS[5], "rebuild_to": SUNDAYS[5], "rebuild_customer": "cem"},
            ("cem",),
            [SUNDAYS[5]],
        ),
    ],
    ids=["a customer", "from a day on", "a range", "one period of one customer"],
)
def test_a_rebuild_mends_what_was_asked_for(
    project: Project, variables: dict[str, Any], customers: tuple[str, ...], periods: list[date]
) -> None:
    """The days with them, and nothing else."""
    before = project.contents(["engagement_scores", "int_engagement__customer_activity_days"])
    mark_everything(project)
    built(project, **{name: str(value) for name, value in variables.items()})
    expect(project, periods, *customers)
    first = variables.get("rebuild_from", date.min)
    last = variables.get("rebuild_to", date.max)
    days = computed(project, "int_engagement__customer_activity_days", "occurred_on")
    assert days == {
        (customer_id, day)
        for customer_id, day in project.query(
            "select distinct customer_id, occurred_on from int_engagement__customer_activity_days"
        )
        if customer_id in customers and first <= day <= last
    }
    for table, rows in project.contents(before).items():
        assert {row for row in rows if MARK not in row} <= set(before[table])


@pytest.mark.parametrize("name", ["rebuild_from", "rebuild_to"])
def test_a_rebuild_wants_a_date(project: Project, name: str) -> None:
    run = project.build(variables={name: "yesterday"})
    assert not run.success
    assert f"variable '{name}' is yesterday" in run.said
    assert "2025-06-30" in run.said
