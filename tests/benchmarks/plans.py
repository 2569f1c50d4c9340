"""Compares plans in SQL that sum windows of 13 weeks for each customer and 52 period ends.

Run by `make bench`; docs/performance.md holds the figures. What is compared is the plan alone:
plain DuckDB SQL on a table of customers, days and activity types, made of the events of events.py
before anything is timed. Each plan counts interactions, amount, active days and distinct types into
a table, in a process of its own; all must give the same rows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import events
from history import aligned, in_fresh_process

WINDOW_PERIODS = 13
OPERATORS_SHOWN = 5
PERIODS = range(1, events.PERIODS + 1)

Statements = Sequence[tuple[str, str]]
"""The name of what a statement makes, and the statement."""

# Weekdays and types are bits of a mask, so that distinct counts can be combined.
WEEKLY = """
    create table weekly as
    select
        customer_id,
        period_index,
        sum(interactions)::bigint as interactions,
        coalesce(sum(amount), 0)::decimal(18, 2) as amount,
        bit_count(bit_or(1 << weekday)) as active_days,
        bit_or(1 << type_number) as types
    from daily
    inner join activity_types using (activity_type)
    group by customer_id, period_index
"""

# Every customer in every period from the first with an interaction.
SPINE = f"""
    spine as (
        select
            customer_id,
            unnest(range(first_period_index, {events.PERIODS + 1})) as period_index
        from (
            select customer_id, min(period_index) as first_period_index
            from weekly
            group by customer_id
        ) as customers
    )
"""


def joined() -> Statements:
    """Every period with every day of its window, then a group by."""
    return [
        (
            "windows",
            """
            create table windows as
            select
                customer_id,
                periods.period_index,
                sum(interactions)::bigint as interactions,
                coalesce(sum(amount), 0) as amount,
                count(distinct day) as active_days,
                count(distinct activity_type) as activity_types
            from daily
            inner join periods
                on daily.day between periods.window_start and periods.period_end
            group by customer_id, periods.period_index
            """,
        )
    ]


def framed() -> Statements:
    """Weekly sums, a dense spine of customers and weeks, and window frames over it."""
    return [
        ("weekly", WEEKLY),
        (
            "windows",
            f"""
            create table windows as
            with {SPINE},
            framed as (
                select
                    spine.customer_id,
                    spine.period_index,
                    sum(weekly.interactions) over in_window as interactions,
                    sum(weekly.amount) over in_window as amount,
                    sum(weekly.active_days) over in_window as active_days,
                    bit_count(bit_or(weekly.types) over in_window) as activity_types
                from spine
                left join weekly using (customer_id, period_index)
                window in_window as (
                    partition by spine.customer_id order by spine.period_index
                    rows between {WINDOW_PERIODS - 1} preceding and current row
                )
            )
            select * from framed where interactions > 0
            """,
        ),
    ]


def exploded() -> Statements:
    """Weekly sums, each joined to the periods that it counts in, then a group by."""
    return [
        ("weekly", WEEKLY),
        (
            "windows",
            f"""
            create table windows as
            with reached as (
                select
                    * replace (
                        unnest(
                            range(
                                period_index,
                                least(period_index + {WINDOW_PERIODS}, {events.PERIODS + 1})
                            )
                        ) as period_index
                    )
                from weekly
            )
            select
                customer_id,
                period_index,
                sum(interactions)::bigint as interactions,
                sum(amount) as amount,
                sum(active_days)::bigint as active_days,
                bit_count(bit_or(types)) as activity_types
            from reached
            group by customer_id, period_index
            """,
        ),
    ]


def differenced() -> Statements:
    """Differences of running sums over the dense spine; a type counts if its own sum has grown."""
    types = [f"days_{number}" for number in range(len(events.ACTIVITIES))]
    sums = ["interactions", "amount", "active_days", *types]
    counted = ", ".join(
        f"count(*) filter (where type_number = {number}) as {column}"
        for number, column in enumerate(types)
    )
    running = ", ".join(f"coalesce(sum({each}) over so_far, 0) as {each}" for each in sums)
    grown = ", ".join(
        f"{each} - lag({each}, {WINDOW_PERIODS}, 0) over in_order as {each}" for each in sums
    )
    return [
        (
            "weekly",
            f"""
            create table weekly as
            select
                customer_id,
                period_index,
                sum(interactions)::bigint as interactions,
                coalesce(sum(amount), 0)::decimal(18, 2) as amount,
                bit_count(bit_or(1 << weekday)) as active_days,
                {counted}
            from daily
            inner join activity_types using (activity_type)
            group by customer_id, period_index
            """,
        ),
        (
            "windows",
            f"""
            create table windows as
            with {SPINE},
            running as (
                select spine.customer_id, spine.period_index, {running}
                from spine
                left join weekly using (customer_id, period_index)
                window so_far as (partition by spine.customer_id order by spine.period_index)
            ),
            grown as (
                select customer_id, period_index, {grown}
                from running
                window in_order as (partition by customer_id order by period_index)
            )
            select
                customer_id, period_index, interactions, amount, active_days,
                {" + ".join(f"({column} > 0)::integer" for column in types)} as activity_types
            from grown
            where interactions > 0
            """,
        ),
    ]


RESULT = """
    create table windows (
        customer_id varchar, period_index bigint, interactions bigint, amount decimal(38, 2),
        active_days bigint, activity_types bigint
    )
"""


def of_daily(period: int) -> str:
    """The sums of one period, of days."""
    return f"""
        select
            customer_id, {period} as period_index, sum(interactions)::bigint,
            coalesce(sum(amount), 0), count(distinct day), count(distinct activity_type)
        from daily
        where period_index between {period - WINDOW_PERIODS + 1} and {period}
        group by customer_id
    """


def of_weekly(period: int) -> str:
    """The sums of one period, of weeks."""
    return f"""
        select
            customer_id, {period} as period_index, sum(interactions)::bigint,
            sum(amount), sum(active_days)::bigint, bit_count(bit_or(types))
        from weekly
        where period_index between {period - WINDOW_PERIODS + 1} and {period}
        group by customer_id
    """


def each_of_daily() -> Statements:
    """A statement for each period, over the days of its window."""
    inserts = [("windows", f"insert into windows {of_daily(period)}") for period in PERIODS]
    return [("result", RESULT), *inserts]


def each_of_weekly() -> Statements:
    """A statement for each period, over the weekly sums of its window."""
    inserts = [("windows", f"insert into windows {of_weekly(period)}") for period in PERIODS]
    return [("weekly", WEEKLY), ("result", RESULT), *inserts]


def union_of_weekly() -> Statements:
    """The same as one statement."""
    union = " union all ".join(of_weekly(period) for period in PERIODS)
    return [("weekly", WEEKLY), ("result", RESULT), ("windows", f"insert into windows {union}")]


PLANS = {
    "join": joined,
    "frames": framed,
    "explode": exploded,
    "differences": differenced,
    "each_daily": each_of_daily,
    "each_weekly": each_of_weekly,
    "union_weekly": union_of_weekly,
}


def make_daily(database: Path, file: Path, threads: int, memory: str) -> int:
    """Makes the tables that all plans read; returns the number of rows of days.

    Copies of an interaction are counted twice: that is the ledger's business.
    """
    connection = events.connect(database, threads, memory)
    numbers = ", ".join(
        f"('{activity.name}', {number})" for number, activity in enumerate(events.ACTIVITIES)
    )
    connection.execute(
        f"""
        create table activity_types as
        select * from (values {numbers}) as activity_types (activity_type, type_number);

        create table periods as
        select
            period_index,
            (date '{events.START}' + (7 * (period_index - {WINDOW_PERIODS}))::integer)::date
                as window_start,
            (date '{events.START}' + (7 * period_index - 1)::integer)::date as period_end
        from range(1, {events.PERIODS + 1}) as periods (period_index);

        create table daily as
        select
            customer_id,
            occurred_at::date as day,
            activity_type,
            (day - date '{events.START}') // 7 + 1 as period_index,
            (isodow(day) - 1)::integer as weekday,
            count(*) as interactions,
            sum(amount)::decimal(18, 2) as amount,
            sum(duration_seconds)::bigint as duration_seconds
        from read_parquet('{file}')
        where occurred_at::date <= date '{events.LATEST_PERIOD_END}'
        group by customer_id, day, activity_type
        """
    )
    [(rows,)] = connection.execute("select count(*) from daily").fetchall()
    connection.close()
    return rows


def follow(
    database: Path, plan: str, threads: int, memory: str, is_explained: bool
) -> dict[str, Any]:
    """Runs a plan: seconds by what a statement makes, checksum of the result, operators.

    The operators are those of the statements of the windows, in seconds of all threads together.
    """
    seconds: dict[str, float] = defaultdict(float)
    operators: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory(dir=database.parent) as scratch:
        connection = events.connect(Path(scratch) / "scratch.duckdb", threads, memory)
        connection.execute(f"attach '{database}' as made (read_only)")
        connection.execute("set search_path = 'scratch.main,made.main'")
        for makes, statement in PLANS[plan]():
            began = time.perf_counter()
            if is_explained and makes == "windows":
                [(_, profile)] = connection.execute(
                    f"explain (analyze, format json) {statement}"
                ).fetchall()
                add_operators(json.loads(profile), operators)
            else:
                connection.execute(statement)
            seconds[makes] += time.perf_counter() - began
        checksum = connection.execute(
            """
            select
                count(*), sum(interactions), sum(amount), sum(active_days), sum(activity_types),
                bit_xor(
                    hash(
                        customer_id, period_index::bigint, interactions::bigint,
                        amount::decimal(38, 2), active_days::bigint, activity_types::bigint
                    )
                )
            from windows
            """
        ).fetchall()
        connection.close()
    return {
        "seconds": dict(seconds),
        "checksum": [str(each) for each in checksum[0]],
        "operators": dict(sorted(operators.items(), key=lambda each: -each[1])),
    }


def add_operators(node: Mapping[str, Any], operators: dict[str, float]) -> None:
    """Adds up the seconds of the operators of a profile, by name."""
    for child in node.get("children", []):
        name = child.get("operator_name", "?").strip()
        if name != "EXPLAIN_ANALYZE":
            operators[name] += child["operator_timing"]
        add_operators(child, operators)


def plans_of(text: str) -> list[str]:
    """The plans that a comma-separated list names."""
    plans = [plan.strip() for plan in text.split(",") if plan.strip()]
    unknown = [plan for plan in plans if plan not in PLANS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is no plan; they are {', '.join(PLANS)}")
    return plans


def main() -> None:
    """Makes the days, runs the plans one after another, compares their results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="8GB", help="limit of the engine")
    parser.add_argument(
        "--plans", type=plans_of, default=list(PLANS), help=f"of {','.join(PLANS)} (default: all)"
    )
    parser.add_argument("--explain", action="store_true", help="show the slowest operators")
    parser.add_argument("--json", type=Path, help="file for all figures")
    arguments = parser.parse_args()
    spent = arguments.threads, arguments.memory
    figures = []
    with tempfile.TemporaryDirectory(prefix="plans-") as temporary:
        folder = Path(temporary)
        files = in_fresh_process(events.make_events, folder, arguments.events, *spent).value
        passes = in_fresh_process(events.floor, files["base"], *spent).value
        floor = statistics.median(passes)
        database = folder / "made.duckdb"
        daily = in_fresh_process(make_daily, database, files["base"], *spent)
        print(
            f"{arguments.events:,} events, {daily.value:,} rows of days (made in "
            f"{daily.wall_seconds:.1f} s), {arguments.threads} threads; floor {floor:.2f} s",
            flush=True,
        )
        rows = [("plan", "s", "of which weekly", "floors", "peak MiB", "others")]
        for plan in arguments.plans:
            took = in_fresh_process(follow, database, plan, *spent, arguments.explain)
            seconds = took.value["seconds"]
            total = sum(seconds.values())
            rows.append(
                (
                    plan,
                    f"{total:.2f}",
                    f"{seconds['weekly']:.2f}" if "weekly" in seconds else "",
                    f"{total / floor:.1f}",
                    f"{took.peak_mebibytes:,.0f}",
                    f"{took.others_cores:.1f}",
                )
            )
            figures.append(
                {
                    "plan": plan,
                    "total_seconds": total,
                    "peak_mebibytes": took.peak_mebibytes,
                    "others_cores": took.others_cores,
                    **took.value,
                }
            )
            print(f"  {plan}: {total:.1f} s", file=sys.stderr, flush=True)
    print(aligned(rows))
    for each in figures if arguments.explain else []:
        print(f"\n{each['plan']}: seconds of its operators, all threads together")
        slowest = list(each["operators"].items())[:OPERATORS_SHOWN]
        print(aligned([(name, f"{seconds:.2f}") for name, seconds in slowest]))
    if arguments.json:
        made = {"events": arguments.events, "threads": arguments.threads, "floor_seconds": floor}
        arguments.json.write_text(json.dumps({**made, "plans": figures}, indent=2) + "\n")
    if any(each["checksum"] != figures[0]["checksum"] for each in figures):
        sys.exit("\n".join(f"{each['plan']}: {each['checksum']}" for each in figures))
    print(f"the same {int(figures[0]['checksum'][0]):,} rows")


if __name__ == "__main__":
    main()
