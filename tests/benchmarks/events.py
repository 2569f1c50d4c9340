"""Makes the events of a year as Parquet files by load, and times the floor under them.

The same rows for the same number of events and version of DuckDB: every value is a hash of the
row's number. `python tests/benchmarks/events.py FOLDER --events 200000` writes the files alone.

Customers act in visits of three events. How active they are is skewed: of a customer at the
quantile x of activity, with 0 the most active, the rate falls as x^-0.4 (1 - x^0.6), so that the
first hundredth makes an eighth of the events, and each of the last tenth under ten a year.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

START = date(2024, 1, 1)
"""A Monday, so that the year is cut into whole weeks."""
PERIODS = 52
"""Weekly periods that the base file completes; it continues into the next one."""
LATEST_PERIOD_END = START + timedelta(days=7 * PERIODS - 1)
SUNDAY = START + timedelta(days=7 * (PERIODS + 1) - 1)
MONDAY = SUNDAY + timedelta(days=1)

LOADS = {
    "base": (START, SUNDAY - timedelta(days=1)),
    "one_more_day": (SUNDAY, SUNDAY),
    "period_end": (MONDAY, MONDAY),
}
"""File -> first and last day on which its rows were loaded."""

EVENTS_PER_CUSTOMER = 100
EVENTS_PER_VISIT = 3


@dataclass(frozen=True)
class Activity:
    """An activity of seeds/config/activity_types.csv: its share of the events, and its points."""

    name: str
    share: float
    points: int
    in_visit: bool = True


ACTIVITIES = (
    Activity("website_visit", 0.30, 1),
    Activity("product_page_view", 0.20, 1),
    Activity("email_sent", 0.16, 0, in_visit=False),
    Activity("email_open", 0.08, 1, in_visit=False),
    Activity("email_click", 0.04, 2, in_visit=False),
    Activity("product_session", 0.15, 3),
    Activity("support_ticket", 0.02, 1, in_visit=False),
    Activity("purchase", 0.05, 5),
)


def connect(
    database: Path | str, threads: int, memory: str, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database with this number of threads and this memory limit, silent and in UTC."""
    connection = duckdb.connect(str(database))
    connection.execute(f"set threads = {threads}; set memory_limit = '{memory}'")
    connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
    if spill:
        connection.execute(f"set temp_directory = '{spill}'")
    return connection


def events_sql(events: int, sessions: bool) -> str:
    """A select of all rows ever loaded, for this number of events by the end of the base file."""
    days = (MONDAY - START).days + 1
    total = events * days // (days - 2)
    visits = -(-total // EVENTS_PER_VISIT)
    customers = max(events // EVENTS_PER_CUSTOMER, 1)
    bounds, so_far = [], 0.0
    for activity in ACTIVITIES[:-1]:
        so_far += activity.share
        bounds.append(f"when uniform(number, 2) < {so_far:.2f} then '{activity.name}'")
    in_visit = ", ".join(f"'{activity.name}'" for activity in ACTIVITIES if activity.in_visit)
    session_id = (
        f"case when activity_type in ({in_visit}) then 's' || lpad(visit::varchar, 11, '0') end"
    )
    return f"""
        with visits as (
            select number, number // {EVENTS_PER_VISIT} as visit
            from range({total}) as numbers (number)
        ), drawn as (
            select
                number,
                visit,
                floor(
                    {customers} * pow(1 - sqrt(1 - uniform(visit, 1)), 1 / 0.6)
                )::bigint as customer,
                case {" ".join(bounds)} else '{ACTIVITIES[-1].name}' end as activity_type,
                -- In the order of their numbers, evenly: as many on every day.
                timestamp '{START}'
                + to_seconds(
                    (visit * {days * 86400} // {visits})
                    + 120 * (number % {EVENTS_PER_VISIT})
                ) as occurred_at
            from visits
        ), loaded as (
            select
                *,
                case
                    when draw(number, 3) % 1000 < 10
                        then occurred_at + to_days(1 + (draw(number, 4) % 60)::integer)
                    else least(
                        occurred_at + to_seconds((draw(number, 4) % 1800)::integer),
                        date_trunc('day', occurred_at) + interval '86399 seconds'
                    )
                end as loaded_at
            from drawn
        ), copies as (
            select * from loaded
            union all
            select * replace (loaded_at + to_days((draw(number, 6) % 31)::integer) as loaded_at)
            from loaded
            where draw(number, 5) % 1000 < 5
        )
        select
            'e' || lpad(number::varchar, 11, '0') as interaction_id,
            'c' || lpad(customer::varchar, 8, '0') as customer_id,
            activity_type,
            occurred_at,
            loaded_at,
            case
                when activity_type = 'purchase' then 'o' || lpad(number::varchar, 11, '0')
            end as order_id,
            case
                when activity_type = 'purchase'
                    then (5 + 195 * pow(uniform(number, 7), 3))::decimal(12, 2)
            end as amount,
            case
                when activity_type = 'product_session'
                    then (30 + 3570 * pow(uniform(number, 8), 3))::integer
            end as duration_seconds
            {f", {session_id} as session_id" if sessions else ""}
        from copies
    """


def make_events(
    folder: Path, events: int, threads: int = 2, memory: str = "8GB", sessions: bool = False
) -> dict[str, Path]:
    """Writes the files of `LOADS` into the folder, each in the order of its loads.

    Rows that would be loaded after the last of them are in none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = connect(":memory:", threads, memory, folder / "spill")
    # Not hash(number, salt): its draws for two salts are correlated.
    connection.execute("create macro draw(number, salt) as hash(16 * number + salt)")
    connection.execute(
        "create macro uniform(number, salt) as (draw(number, salt) >> 11) / 9007199254740992.0"
    )
    files = {}
    for load, (first, last) in LOADS.items():
        files[load] = folder / f"{load}.parquet"
        connection.execute(
            f"""
            copy (
                select * from ({events_sql(events, sessions)}) as events
                where loaded_at::date between date '{first}' and date '{last}'
                order by loaded_at, interaction_id
            ) to '{files[load]}' (format parquet)
            """
        )
    connection.close()
    return files


def floor_sql(file: Path) -> str:
    """The least work that a score needs: one pass over the events, grouped by customer."""
    points = " ".join(f"when '{each.name}' then {each.points}" for each in ACTIVITIES)
    return f"""
        create table floors as
        select
            customer_id,
            count(*) as interactions,
            max(occurred_at) as last_occurred_at,
            count(distinct occurred_at::date) as active_days,
            count(distinct activity_type) as activity_types,
            sum(amount) as amount,
            sum(duration_seconds) as duration_seconds,
            sum(
                case activity_type {points} end
                * pow(2, (occurred_at::date - date '{SUNDAY}') / 30.0)
            ) as decayed_points
        from read_parquet('{file}')
        group by customer_id
    """


def floor(file: Path, threads: int, memory: str, runs: int = 3) -> list[float]:
    """Seconds of each pass, every one into a new database."""
    taken = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            connection = connect(Path(scratch) / "floor.duckdb", threads, memory)
            began = time.perf_counter()
            connection.execute(floor_sql(file))
            taken.append(time.perf_counter() - began)
            connection.close()
    return taken


def main() -> None:
    """Writes the files, prints what they hold, and times the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="8GB")
    parser.add_argument("--sessions", action="store_true", help="with a session_id")
    arguments = parser.parse_args()
    began = time.perf_counter()
    files = make_events(
        arguments.folder,
        arguments.events,
        arguments.threads,
        arguments.memory,
        arguments.sessions,
    )
    print(f"made in {time.perf_counter() - began:.1f} s")
    for file in files.values():
        summary = duckdb.sql(
            f"""
            select
                count(*) as rows, count(distinct interaction_id) as events,
                count(distinct customer_id) as customers,
                count(*) filter (where loaded_at::date > occurred_at::date) as late,
                min(occurred_at::date) as first_day, max(occurred_at::date) as last_day
            from read_parquet('{file}')
            """
        )
        print(f"{file} ({file.stat().st_size / 1e6:,.1f} MB)\n{summary}")
    taken = floor(files["base"], arguments.threads, arguments.memory)
    print(f"floor {statistics.median(taken):.2f} s (of {len(taken)} passes)")


if __name__ == "__main__":
    main()
