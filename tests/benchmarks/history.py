"""Times a year of history: building it all, one period, nothing new, one more day, against a floor.

Run by `make bench`; docs/performance.md holds the figures. The floor is one pass of SQL over the
same events (events.py): ratios to it are what travels. The project is run as its users run it, by
the dbt command on a folder of Parquet files to which a load adds one; nothing here knows how its
models work. Seeds are loaded, and the project is parsed, before a step is timed.

Steps: full (from nothing), latest (the latest period alone, from nothing), and on a copy of what
full built: nothing (new), day (one more), period (the day that ends a period); lifetimes is its
summary of the same events. With --keep a later command can take the last steps without full.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import events

ROOT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).parent / "dbt"
DATABASE = "engagement.duckdb"
MODELS_SHOWN = 12
GROWING = ("nothing", "day", "period")
STEPS = ("full", "latest", *GROWING, "lifetimes")


@dataclass
class Step:
    """What a step took; the figures of dbt are missing for other steps."""

    name: str
    wall_seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    others_cores: float
    """Cores that other processes kept busy meanwhile; if it is not near 0, repeat the step."""
    dbt_start_seconds: float | None = None
    """dbt's own start and end: wall time outside the execution of its models."""
    execution_seconds: float | None = None
    sql_seconds: float | None = None
    """The sum of the models' execution times: models that ran in parallel count twice."""
    database_mebibytes: float | None = None
    models: dict[str, float] = field(default_factory=dict)
    """Model -> execution seconds, slowest first."""
    scored_periods: int | None = None
    score_rows: int | None = None
    parts: dict[str, float] = field(default_factory=dict)
    """Seconds of the parts of a step that is not a dbt run."""


@dataclass(frozen=True)
class Took:
    """What a process returned, and what it used."""

    value: Any
    wall_seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    others_cores: float


def busy_seconds() -> float | None:
    """CPU time of all cores since the machine started; None if it does not report that."""
    try:
        user, nice, system, _idle, _waiting, *rest = map(
            int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]
        )
    except OSError:
        return None
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def others_cores(busy_before: float | None, own_seconds: float, wall_seconds: float) -> float:
    """How many cores others kept busy; a machine that does not report it counts as quiet."""
    busy_after = busy_seconds()
    if busy_before is None or busy_after is None:
        return 0.0
    return max((busy_after - busy_before - own_seconds) / wall_seconds, 0.0)


def in_fresh_process(work: Callable[..., Any], *arguments: Any) -> Took:
    """Calls a function in a separate process, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(watched, work, arguments).result()


def watched(work: Callable[..., Any], arguments: Sequence[Any]) -> Took:
    """Calls the function, and reads the clock and this process before and after."""
    busy, before, began = busy_seconds(), time.process_time(), time.perf_counter()
    value = work(*arguments)
    wall, own = time.perf_counter() - began, time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Took(value, wall, own, peak, others_cores(busy, own, wall))


def summarise(file: Path) -> dict[str, float]:
    """Seconds that lifetimes takes to read the events into pandas, and to summarise them."""
    import pandas as pd
    from lifetimes.utils import summary_data_from_transaction_data

    began = time.perf_counter()
    frame = pd.read_parquet(file, columns=["customer_id", "occurred_at"])
    read = time.perf_counter()
    summary_data_from_transaction_data(frame, "customer_id", "occurred_at")
    return {"read": read - began, "summary": time.perf_counter() - read}


@dataclass(frozen=True)
class Company:
    """The folder with the events and the built project, and its limits."""

    folder: Path
    threads: int
    memory: str

    @property
    def loads(self) -> Path:
        """The folder of the files that are not loaded yet."""
        return self.folder / "loads"

    @property
    def loaded(self) -> Path:
        """The folder that the project reads."""
        return self.folder / "loaded"

    def load(self, *loads: str) -> None:
        """Lets the project see only these files."""
        shutil.rmtree(self.loaded, ignore_errors=True)
        self.loaded.mkdir(parents=True)
        for load in loads:
            os.link(self.loads / f"{load}.parquet", self.loaded / f"{load}.parquet")

    def database(self, place: str) -> Path:
        """A database; its name is the same everywhere, because views contain it."""
        return self.folder / place / DATABASE

    def dbt(self, place: str, *command: str, variables: Mapping[str, Any]) -> tuple[Any, float]:
        """Runs dbt on a database; returns what it used and the wall time, stops if it fails."""
        interactions = [{"relation": f"read_parquet('{self.loaded}/*.parquet')"}]
        variables = {"engagement_inputs": {"interactions": interactions}, **variables}
        environment = {
            **os.environ,
            "DO_NOT_TRACK": "1",
            "DBT_PROFILES_DIR": "profiles",
            "ENGAGEMENT_DUCKDB_PATH": str(self.database(place)),
            "ENGAGEMENT_THREADS": str(self.threads),
            "ENGAGEMENT_MEMORY_LIMIT": self.memory,
        }
        target = self.folder / place / "target"
        said = self.folder / place / "dbt.txt"
        said.parent.mkdir(parents=True, exist_ok=True)
        with said.open("w") as output:
            began = time.perf_counter()
            process = subprocess.Popen(
                [
                    str(DBT), *command, "--vars", json.dumps(variables),
                    "--target-path", str(target), "--log-path", str(target), "--no-use-colors",
                ],
                cwd=ROOT, env=environment, stdout=output, stderr=output,
                preexec_fn=lambda: keep_to(self.threads),
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"dbt {command[0]} failed:\n{said.read_text()[-4000:]}")
        return usage, wall

    def prepare(self, place: str, **variables: Any) -> None:
        """Makes a new database with the seeds; the project is parsed afterwards."""
        shutil.rmtree(self.folder / place, ignore_errors=True)
        self.dbt(place, "seed", variables=variables)

    def run(self, name: str, place: str, **variables: Any) -> Step:
        """Times `dbt run`, as a step of this name."""
        busy = busy_seconds()
        usage, wall = self.dbt(place, "run", variables=variables)
        own = usage.ru_utime + usage.ru_stime
        others = others_cores(busy, own, wall)
        results = json.loads((self.folder / place / "target/run_results.json").read_text())
        models = {
            result["unique_id"].rsplit(".", 1)[-1]: result["execution_time"]
            for result in results["results"]
            if result["unique_id"].startswith("model.")
        }
        database = self.database(place)
        size = database.stat().st_size / 1024**2
        connection = events.connect(database, self.threads, self.memory)
        [(periods, rows)] = connection.execute(
            "select count(distinct period_end), count(*) from engagement_scores"
        ).fetchall()
        connection.close()
        return Step(
            name,
            wall,
            own,
            usage.ru_maxrss / 1024,
            others,
            dbt_start_seconds=wall - results["elapsed_time"],
            execution_seconds=results["elapsed_time"],
            sql_seconds=sum(models.values()),
            database_mebibytes=size,
            models=dict(sorted(models.items(), key=lambda each: -each[1])),
            scored_periods=periods,
            score_rows=rows,
        )


def keep_to(threads: int) -> None:
    """Limits this process to some cores: the threads of the profile are dbt's, not the engine's."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def copy_database(company: Company, origin: str, place: str) -> None:
    """Replaces a database with a copy of another."""
    company.database(place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(company.database(origin), company.database(place))


def take(company: Company, steps: Sequence[str]) -> list[Step]:
    """Runs the steps one after another, and prints each."""
    taken: list[Step] = []

    def done(step: Step) -> None:
        taken.append(step)
        print(f"  {step.name}: {step.wall_seconds:.1f} s", file=sys.stderr, flush=True)

    passes = in_fresh_process(
        events.floor, company.loads / "base.parquet", company.threads, company.memory
    )
    done(
        Step(
            "floor",
            statistics.median(passes.value),
            passes.cpu_seconds / len(passes.value),
            passes.peak_mebibytes,
            passes.others_cores,
            parts={f"pass {number}": each for number, each in enumerate(passes.value, 1)},
        )
    )
    if "full" in steps:
        company.load("base")
        company.prepare("built")
        done(company.run("full", "built"))
        copy_database(company, "built", "full")
    if "latest" in steps:
        company.load("base")
        only_latest = {"scoring_start": str(events.LATEST_PERIOD_END)}
        company.prepare("latest", **only_latest)
        done(company.run("latest", "latest", **only_latest))
    growing = [step for step in GROWING if step in steps]
    if growing and "full" not in steps:
        if not company.database("full").exists():
            sys.exit(f"{growing[0]} goes on from full: take full too, or --keep a folder with it")
        copy_database(company, "full", "built")
    for step in growing:
        # A day is loaded with the days before it, even if those were no step.
        company.load(
            *{"nothing": ["base"], "day": ["base", "one_more_day"]}.get(step, events.LOADS)
        )
        done(company.run(step, "built"))
    if "lifetimes" in steps:
        took = in_fresh_process(summarise, company.loads / "base.parquet")
        # Not the wall time: importing pandas and scipy does not depend on the events.
        done(
            Step(
                "lifetimes",
                sum(took.value.values()),
                took.cpu_seconds,
                took.peak_mebibytes,
                took.others_cores,
                parts=took.value,
            )
        )
    return taken


def table(steps: Sequence[Step]) -> str:
    """The steps as text: seconds, ratios to the floor, memory."""
    floor = steps[0].wall_seconds
    headings = (
        "step", "wall s", "dbt s", "exec s", "SQL s", "CPU s",
        "wall/f", "exec/f", "SQL/f", "peak MiB", "db MiB", "periods", "scores", "others",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [headings]
    for step in steps:
        seconds = [
            step.wall_seconds, step.dbt_start_seconds, step.execution_seconds, step.sql_seconds,
            step.cpu_seconds,
        ]  # fmt: skip
        ratios = [step.wall_seconds, step.execution_seconds, step.sql_seconds]
        rows.append(
            (
                step.name,
                *(shown(each, 2) for each in seconds),
                *(shown(each and each / floor, 1) for each in ratios),
                shown(step.peak_mebibytes, 0),
                shown(step.database_mebibytes, 0),
                shown(step.scored_periods, 0),
                shown(step.score_rows, 0),
                shown(step.others_cores, 1),
            )
        )
    return aligned(rows)


def shown(value: float | None, digits: int) -> str:
    """A number with this many decimals, or nothing."""
    return "" if value is None else f"{value:,.{digits}f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def shares(step: Step) -> str:
    """The slowest models of a step, each with its share of the SQL time."""
    total = step.sql_seconds or 1
    rows = [
        (name, f"{seconds:.2f} s", f"{seconds / total:.0%}")
        for name, seconds in list(step.models.items())[:MODELS_SHOWN]
    ]
    return f"{step.name}: {len(step.models)} models, {total:.2f} s\n{aligned(rows)}"


def steps_of(text: str) -> list[str]:
    """The steps that a comma-separated list names."""
    steps = [step.strip() for step in text.split(",") if step.strip()]
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is no step; they are {', '.join(STEPS)}")
    return steps


def main() -> None:
    """Makes the events, runs the steps, prints what they took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="4GB", help="limit of the engine")
    parser.add_argument("--sessions", action="store_true", help="events have a session_id")
    parser.add_argument(
        "--steps", type=steps_of, default=list(STEPS), help=f"of {','.join(STEPS)} (default: all)"
    )
    parser.add_argument("--keep", type=Path, help="folder that keeps events and databases")
    parser.add_argument("--json", type=Path, help="file for all figures")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="history-") as temporary:
        folder = (arguments.keep or Path(temporary)).resolve()
        company = Company(folder, arguments.threads, arguments.memory)
        settings = {
            "events": arguments.events,
            "sessions": arguments.sessions,
            "duckdb": version("duckdb"),
        }
        made = folder / "loads/made.json"
        if not made.exists() or json.loads(made.read_text()) != settings:
            if company.database("full").exists():
                sys.exit(f"{folder} holds other events: --keep another folder")
            in_fresh_process(
                events.make_events, company.loads, arguments.events, arguments.threads,
                arguments.memory, arguments.sessions,
            )  # fmt: skip
            made.write_text(json.dumps(settings))
        settings |= {
            "threads": arguments.threads,
            "memory": arguments.memory,
            "cores": os.cpu_count(),
            "dbt_core": version("dbt-core"),
        }
        print(", ".join(f"{name} {value}" for name, value in settings.items()), flush=True)
        steps = take(company, arguments.steps)
    print(table(steps))
    for step in steps:
        if step.models:
            print(f"\n{shares(step)}")
        elif step.parts:
            parts = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in step.parts.items())
            print(f"\n{step.name}: {parts}")
    if arguments.json:
        figures = {"settings": settings, "steps": [asdict(step) for step in steps]}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
