"""Inputs that failed for users, as small files with what is right; one company reads them all.

What happens to an input between two runs is in test_inputs_between_runs.py.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from dbt_project import Project, whole_project
from worked_example import set_variables

FILES = {
    # A shop's own export: the offset follows a blank.
    "orders.csv": """order_no,mail_hash,created,total
#1,h1,2025-03-03 10:14:00 -0400,56.00
#2,h1,2025-03-10 09:00:00 -0400,25.00
#3,h2,2025-02-20 23:30:00 -05:00,20.00
#4,h2,2025-03-12 08:00:00 +0530,12.00
#5,h3,2025-03-12T08:00:00+0530,30.00
#6,h3,2025-03-12 08:00:00,30.00
#7,h3,2025-03-12T08:00Z,30.00
#8,h3,2025-03-12T08:00,30.00
""",
    # Joined by a bar, the first two rows read the same.
    "o'brien/bars.csv": """customer_id,activity_type,occurred_at
a,b|c,2025-02-10 10:00:00
a|b,c,2025-02-10 10:00:00
u1,website_visit,2025-02-11 10:00:00
u1,purchase,2025-02-20 10:00:00
u1,purchase,2025-02-20 10:00:00
""",
    # The filter leaves nothing.
    "charges.csv": """id,customer_id,created,status
c1,k1,2025-03-01 10:00:00,failed
c2,k2,2025-03-02 10:00:00,failed
""",
    "visits.csv": """who,what,happened_at
k1,website_visit,2025-03-01 09:00:00
k2,website_visit,2025-03-09 09:00:00
k2,\twebsite_visit\u00a0,2025-03-09 11:00:00
""",
    # Too large to be added up, and as large as it may be.
    "sales.csv": """who,when,total,Items sold
k1,2025-03-01 09:00:00,99999999999999,1
k1,2025-03-01 09:00:00,-99999999999999,1
k1,2025-03-02 09:00:00,999999999999,999999999999
k1,2025-03-03 09:00:00,999999999999,999999999999
k1,2200-01-01 00:00:00,5,1
k1,25-03-03 09:00:00,5,1
k1,2025-03-03 10:14:00+25:00,5,1
k1,2025-03-03 09:00:00,NULL,NULL
""",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A company that maps each of the files; the third has no name."""
    project = whole_project(tmp_path_factory.mktemp("reported") / "project")
    for name, text in FILES.items():
        path = project.folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    set_variables(project, engagement_inputs={"interactions": entries(project.folder / "data")})
    run = project.build()
    assert run.success, run.said
    return project


def relation(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"read_csv('{quoted}', all_varchar = true)"


def entries(data: Path) -> list[dict]:
    who = {"customer_id": "who", "occurred_at": "happened_at", "activity_type": "what"}
    return [
        {
            "name": "orders",
            "relation": relation(data / "orders.csv"),
            "columns": {
                "interaction_id": "order_no",
                "customer_id": "mail_hash",
                "activity_type": "'purchase'",
                "occurred_at": "created",
                "amount": "total",
            },
        },
        {"relation": relation(data / "o'brien/bars.csv")},
        {
            "name": "charges",
            "relation": relation(data / "charges.csv"),
            "columns": {"activity_type": "'purchase'", "occurred_at": "created"},
            "where": "status = 'succeeded'",
        },
        {"name": "visits", "relation": relation(data / "visits.csv"), "columns": who},
        {
            "name": "sales",
            "relation": relation(data / "sales.csv"),
            "columns": {
                "customer_id": "who",
                "activity_type": "'purchase'",
                # A reserved word and a name with a blank need no quotation marks.
                "occurred_at": "when",
                "amount": "total",
                "quantity": "Items sold",
            },
        },
    ]


def audit(project: Project, entry: str) -> dict:
    [row] = project.records(f"from interaction_audit where input_entry = '{entry}'")
    return row


def test_an_offset_after_a_blank_without_colon_or_without_seconds_is_read(built: Project) -> None:
    found = dict(
        built.query(
            "select interaction_id, occurred_at from int_engagement__interaction_ledger "
            "where input_entry = 'orders'"
        )
    )
    assert found == {
        "#1": datetime(2025, 3, 3, 14, 14),
        "#2": datetime(2025, 3, 10, 13),
        "#3": datetime(2025, 2, 21, 4, 30),
        "#4": datetime(2025, 3, 12, 2, 30),
        "#5": datetime(2025, 3, 12, 2, 30),
        "#6": datetime(2025, 3, 12, 8),
        "#7": datetime(2025, 3, 12, 8),
        "#8": datetime(2025, 3, 12, 8),
    }


def test_made_up_ids_are_one_to_one_with_the_rows(built: Project) -> None:
    """The file has an apostrophe in its path; the entry is called by the file's name."""
    row = audit(built, "bars.csv")
    assert (row["accepted_rows"], row["duplicate_rows"], row["rejected_rows"]) == (5, 0, 0)
    assert row["equal_rows"] == 1
    [(ids, customers)] = built.query(
        "select count(distinct interaction_id), count(distinct customer_id) "
        "from int_engagement__interaction_ledger where input_entry = 'bars.csv'"
    )
    assert (ids, customers) == (5, 3)


def test_an_entry_that_gives_nothing_has_its_line_with_what_was_filtered(built: Project) -> None:
    assert set(built.query("select input_entry from interaction_audit")) == {
        (name,) for name in ("orders", "bars.csv", "charges", "visits", "sales")
    }
    row = audit(built, "charges")
    assert (row["raw_rows"], row["accepted_rows"], row["filtered_rows"]) == (0, 0, 2)
    assert audit(built, "visits")["filtered_rows"] == 0


def test_white_space_around_a_value_is_no_part_of_it(built: Project) -> None:
    assert built.query(
        "select distinct activity_type from int_engagement__interaction_ledger "
        "where input_entry = 'visits'"
    ) == [("website_visit",)]


def test_values_that_cannot_be_added_up_are_set_aside_and_the_rest_is_scored(
    built: Project,
) -> None:
    row = audit(built, "sales")
    assert row["rejected_out_of_range"] == 3
    assert row["rejected_unreadable_time"] == 2
    assert row["accepted_rows"] == 3
    [(items,)] = built.query(
        "select max(quantity) from int_engagement__interaction_ledger where input_entry = 'sales'"
    )
    assert items == 999_999_999_999
    [(value, status)] = built.query(
        "select lifetime_value, status from int_engagement__customer_metrics "
        "inner join customer_engagement using (customer_id, period_end) where customer_id = 'k1'"
    )
    assert value == pytest.approx(2 * 999_999_999_999)
    assert status == "scored"
    assert built.query(
        "select record_id, unreadable_column, unreadable_text from engagement_rejected_rows "
        "where input_entry = 'sales' and reject_reason = 'out_of_range' order by 3 limit 1"
    ) == [(None, "amount", "-99999999999999")]
