"""Scores rows of twenty metrics by the Python model and by one SQL statement, and compares.

Run by `make bench`; docs/performance.md holds the figures. Both ways create a table from the same
table, in the same process and database, in turn; the ratio of each pair is what counts.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/scoring"))
import scoring_engagement__scores  # noqa: E402

METRICS = [f"metric_{number:02}" for number in range(1, 21)]
PERIODS = 50
BANDS = [("Excellent", 80.0), ("Moderate", 60.0), ("Low", 0.0)]
FIRST, LAST = date(2024, 1, 7), date(2024, 12, 15)

Row = dict[str, Any]


def parameters() -> list[Row]:
    """Twenty metrics: scalings and policies in turn, every fourth reversed if possible."""
    scalings = ["goal", "log_goal", "saturation", "goal"]
    policies = ["rescale", "rescale", "rescale", "zero", "neutral"]
    return [
        {
            "score_model": "engagement",
            "version": "1",
            "metric": metric,
            "weight": float(1 + number % 7),
            "scaling": scalings[number % 4],
            "direction": "down" if number % 4 == 3 else "up",
            "lower": 90.0 if number % 4 == 3 else 0.0,
            "goal": 5.0 if number % 4 == 3 else 40.0,
            "missing": policies[number % 5],
        }
        for number, metric in enumerate(METRICS)
    ]


def make_metrics(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Seeded by the row number alone: values of 0 to 100, a tenth of the odd metrics missing."""
    values = ", ".join(
        f"case when hash(row * 31 + {number}) % 10 >= {number % 2} "
        f"then (hash(row * 17 + {number}) % 10000) / 100.0 end::double as {metric}"
        for number, metric in enumerate(METRICS)
    )
    connection.execute(
        f"""
        create table metrics as
        select
            'c' || lpad((row // {PERIODS})::varchar, 8, '0') as customer_id,
            13 as window_periods,
            (row % {PERIODS})::integer + 1 as period_index,
            (date '{FIRST}' + ((row % {PERIODS}) * 7)::integer)::date as period_end,
            period_end as in_force_on,
            'now' as step,
            true as is_known,
            hash(row) % 100 = 0 as is_new,
            91 as exposed_days,
            (hash(row * 13) % 40)::integer as engaged_interactions,
            {values}
        from range({rows}) as numbers (row)
        """
    )
    connection.execute(
        "create table overrides (customer_id varchar, score_model varchar, period_index integer, "
        "override_score double)"
    )
    connection.execute(
        "create table points (customer_id varchar, score_model varchar, version varchar, "
        "period_index integer, step varchar, points double)"
    )


def by_python(connection: duckdb.DuckDBPyConnection) -> None:
    """The model as dbt runs it: a lazy expression, evaluated by the engine."""
    frames = {
        name: nw.from_native(connection.table(name)).lazy()
        for name in ("metrics", "points", "overrides")
    }
    score_model = {
        "score_model": "engagement",
        "version": "1",
        "formula": "index",
        "aggregation": "arithmetic",
        "window_periods": 13,
        "min_coverage": 0.5,
        "valid_from": None,
        "valid_until": None,
    }
    key = {"score_model": "engagement", "version": "1"}
    scored = scoring_engagement__scores.score_customers(
        frames["metrics"],
        frames["points"],
        frames["overrides"],
        [score_model],
        parameters(),
        [
            {
                "window_periods": 13,
                "metric": metric,
                "available_from": FIRST,
                "available_until": LAST,
            }
            for metric in METRICS
        ],
        [],
        [{**key, "band": band, "lower_bound": bound} for band, bound in BANDS],
    )
    scored.to_native().create("by_python")


def sql_statement() -> str:
    """The same arithmetic, written by hand as one statement."""
    scaled, weights, present = [], [], []
    for row in parameters():
        metric, lower, goal = row["metric"], row["lower"], row["goal"]
        value = {
            "goal": f"({metric} - {lower}) * 100.0 / ({goal} - {lower})",
            "log_goal": f"ln(1 + greatest({metric} - {lower}, 0)) * 100.0 / ln({1 + goal - lower})",
            "saturation": f"100.0 * (1 - exp(-ln(20) * {metric} / {goal}))",
        }[row["scaling"]]
        value = f"least(greatest({value}, 0.0), 100.0)"
        stand_in = {"zero": 0.0, "neutral": 50.0, "rescale": 0.0}[row["missing"]]
        has_value = f"{metric} is not null"
        scaled.append(f"case when {has_value} then {value} else {stand_in} end * {row['weight']}")
        counts = has_value if row["missing"] == "rescale" else "true"
        weights.append(f"case when {counts} then {row['weight']} else 0.0 end")
        present.append(f"case when {has_value} then {row['weight']} else 0.0 end")
    total = sum(row["weight"] for row in parameters())
    bands = " ".join(f"when score >= {bound} then '{band}'" for band, bound in BANDS)
    return f"""
        create table by_sql as
        with weighed as (
            select
                metrics.*, overrides.override_score,
                round(({" + ".join(scaled)}) / nullif({" + ".join(weights)}, 0), 10) as raw_score,
                ({" + ".join(present)}) / {total} as coverage
            from metrics
            left join overrides
                on metrics.customer_id = overrides.customer_id
                and metrics.period_index = overrides.period_index
                and overrides.score_model = 'engagement'
        ), judged as (
            select
                *,
                case
                    when override_score is not null then 'scored'
                    when not is_known then 'insufficient_data'
                    when is_new then 'new'
                    when raw_score is null or coverage < 0.5 and engaged_interactions != 0
                        then 'insufficient_data'
                    else 'scored'
                end as status
            from weighed
        ), scored as (
            select
                *,
                case
                    when status = 'scored'
                        then least(greatest(coalesce(override_score, raw_score), 0.0), 100.0)
                end as score
            from judged
        )
        select
            customer_id, 'engagement' as score_model, '1' as version, period_index, period_end,
            step,
            score, raw_score, override_score, case {bands} end as band, status, coverage,
            exposed_days
        from scored
    """


def by_sql(connection: duckdb.DuckDBPyConnection) -> None:
    """Runs the statement."""
    connection.execute(sql_statement())


def seconds(connection: duckdb.DuckDBPyConnection, table: str, make: Any) -> float:
    """Seconds that one of the two ways takes to make its table."""
    connection.execute(f"drop table if exists {table}")
    began = time.perf_counter()
    make(connection)
    return time.perf_counter() - began


def peak_mebibytes() -> float:
    """The peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Runs both ways in turn; the first pair is a warm-up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(f"{folder}/scoring.duckdb")
        connection.execute(f"set threads = {arguments.threads}; set memory_limit = '4GB'")
        make_metrics(connection, arguments.rows)
        print(f"{arguments.rows:,} rows of {len(METRICS)} metrics, {arguments.threads} threads")
        print(f"peak memory of the process once they are made: {peak_mebibytes():,.0f} MiB")
        pairs = []
        for run in range(arguments.runs + 1):
            tracemalloc.start()
            python = seconds(connection, "by_python", by_python)
            held = tracemalloc.get_traced_memory()[1] / 1024**2
            tracemalloc.stop()
            sql = seconds(connection, "by_sql", by_sql)
            if run:  # The first pair warms up.
                pairs.append((python, sql))
                print(
                    f"model {python:6.2f} s   SQL {sql:6.2f} s   ratio {python / sql:.2f}   "
                    f"Python held at most {held:.1f} MiB"
                )
        ratios = [python / sql for python, sql in pairs]
        print(
            f"median ratio {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}); peak memory {peak_mebibytes():,.0f} MiB"
        )
        [(rows, farthest, others)] = connection.execute(
            """
            select count(*), max(abs(by_python.score - by_sql.score)),
                count(*) filter (where by_python.band is distinct from by_sql.band
                    or by_python.status != by_sql.status
                    or abs(by_python.coverage - by_sql.coverage) > 1e-9)
            from by_python inner join by_sql using (customer_id, period_index)
            """
        ).fetchall()
        assert rows == arguments.rows and farthest < 1e-9 and not others, (rows, farthest, others)
        print(f"the same {rows:,} scores: farthest apart {farthest:.0e}")


if __name__ == "__main__":
    main()
