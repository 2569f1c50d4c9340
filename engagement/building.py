"""The commands that run dbt: build, rebuild, suggest, compact."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engagement.compacting import compact
from engagement.dbt_process import Outcome, run_dbt, shown
from engagement.erasure import clear_traces, erased_ids
from engagement.errors import FAILED, StoppedError
from engagement.profile import Place
from engagement.progress import Progress, visible
from engagement.publishing import Workspace, workspace
from engagement.suggestions import parsed, write_suggestions

# Never published, so never kept after a failure.
TRIALS = ("suggest", "docs")
TRIAL = (
    "build",
    "--select",
    "+scoring_engagement__suggested_bands",
    "+int_engagement__unlisted_activity_types",
    "--exclude-resource-type",
    "unit_test",
    "test",
)


def command(name: str) -> str:
    """How the user calls a command: `make build` if make called us."""
    return f"{os.environ.get('ENGAGEMENT_CALLED_AS', 'python -m engagement')} {name}"


@dataclass(frozen=True)
class Request:
    """What a build should do, and what the screen says meanwhile."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    is_full_refresh: bool = False
    has_unit_tests: bool = False
    has_summary: bool = True
    words: str = "Building and checking ..."
    name: str = "build"

    @property
    def arguments(self) -> list[str]:
        """The arguments for dbt."""
        return [
            "build",
            *([] if self.has_unit_tests else ["--exclude-resource-type", "unit_test"]),
            *(["--full-refresh"] if self.is_full_refresh else []),
        ]


def build(place: Place, request: Request) -> None:
    """Builds and tests everything in a copy, and publishes the copy if all of it passed."""
    with workspace(place.published) as work:
        print(request.words, flush=True)
        erased = erased_ids(work.copy)
        is_first = not work.copy.exists()
        macro = "summary" if request.has_summary else None
        outcome = run(place, work, request.name, request.arguments, request.variables, macro)
        summary = summarized(outcome)
        if erased_ids(work.copy) - erased:
            # Before publishing: if the command is killed here, the next one clears these ids again.
            removed = clear_traces(place)
            if not is_first:
                compact(work.copy)
                print(cleared(removed))
        work.publish()
    print(summary)


def run(
    place: Place,
    work: Workspace,
    name: str,
    arguments: Sequence[str],
    variables: Mapping[str, Any],
    macro: str | None = None,
) -> Outcome:
    """Runs a dbt command on the copy; if it fails, explains what happened to the tables."""
    progress = Progress()
    outcome = run_dbt(place, work.copy, work.lock, arguments, macro, variables, progress)
    progress.clear()
    if not outcome.is_built:
        # Keep a failed build for inspection; if nothing was built, there is nothing to keep.
        work.is_kept = outcome.code == FAILED and name not in TRIALS
        raise StoppedError(failed(place, work, name, outcome.code), exit_code(outcome.code))
    return outcome


def summarized(outcome: Outcome) -> str:
    """The last screen, read from the copy: dbt opens the file for writing, and readers must not.

    A build is just as good without it, for example if a project has disabled a mart.
    """
    try:
        return "\n".join(map(visible, outcome.text.split("\n")))
    except StoppedError as error:
        return f"The scores are published, but their summary failed:\n{error}"


def exit_code(code: int) -> int:
    """The exit code of dbt; after a signal, the one that a shell would give."""
    return 128 - code if code < 0 else code


def failed(place: Place, work: Workspace, name: str, code: int) -> str:
    """What happened to the tables, and what to do next."""
    ended = (
        f"Signal {-code} stopped dbt. Often the machine ran out of memory: set "
        "ENGAGEMENT_MEMORY_LIMIT to about half of the machine's memory.\n"
        if code < 0
        else ""
    )
    has_published = place.published.exists()
    published = (
        f"Nothing was published: {shown(place.published)} holds your last good tables, unchanged."
        if has_published
        else "Nothing was published, and there is no earlier build either."
    )
    log = shown(place.folder("DBT_LOG_PATH", "logs") / "dbt.log")
    lines = [
        f"{ended}{published}",
        f"NEXT    Fix the error above (settings are in the seeds; inputs and variables in "
        f"dbt_project.yml) and run {command(name)} again.",
        f"        Full log: {log}; exit codes: docs/running-daily.md",
    ]
    if work.is_kept:
        lines.append(f"        The failed build, kept until the next run: {shown(work.copy)}")
    return "\n".join(lines)


def cleared(paths: list[str]) -> str:
    """What the screen says of an erasure."""
    removed = f" Removed files that could name them: {', '.join(paths)}." if paths else ""
    return (
        f"ERASED  There are new ids to keep out. The database was rewritten without them.{removed}"
    )


def rebuild(place: Place, first: str | None, last: str | None, customer: str | None) -> None:
    """Recomputes stored scores: of some periods, of a customer, or of both."""
    require_published(place)
    variables: dict[str, Any] = {}
    if first:
        variables["rebuild_from"] = first
    if last:
        variables["rebuild_to"] = last
    if customer:
        # A hash, since variables are kept in run_results.json and in logs.
        variables["rebuild_customer_hash"] = hashlib.md5(customer.encode()).hexdigest()
    build(place, Request(variables, words="Recomputing and checking ...", name="rebuild"))


def require_published(place: Place) -> None:
    """Stops if there is nothing to work on."""
    if not place.published.exists():
        raise StoppedError(
            f"{shown(place.published)} does not exist: nothing is built yet. "
            f"Run {command('build')}."
        )


def suggest(place: Place, until: str | None) -> None:
    """Proposes a score model in the folder `suggestions`; the trial build is discarded."""
    variables: dict[str, Any] = {"suggesting": True}
    if until:
        variables["scoring_end"] = until
    with workspace(place.published) as work:
        print("Looking at the rhythm of your customers ...", flush=True)
        text = run(place, work, "suggest", TRIAL, variables, "suggest").text
    folder = place.project / "suggestions"
    counts = write_suggestions(parsed(text), folder)
    for seed, rows in counts.items():
        print(f"  {rows:5}  {shown(folder / seed)}.csv")
    if not counts["score_metrics"]:
        print(
            "No metric could be proposed: by their names, all activities are sent to customers. In "
            "step 1,\ngive the role engagement to what customers do themselves."
        )
    print(next_steps(place))


def next_steps(place: Place) -> str:
    """How to review and adopt suggestions."""
    seeds = "seeds/config/" if (place.project / "seeds/config").is_dir() else "seeds/"
    return f"""Each row says why, in its last column. Three steps to adopt them:
  1. Correct the guesses in suggestions/activity_types.csv: what is sent to customers, such as a
     newsletter, has the role exposure; purchases, refunds, renewals and cancellations have theirs.
  2. cp suggestions/activity_types.csv {seeds} && {command("suggest")}
     again, so that weights and goals ignore what is only sent.
  3. cp suggestions/*.csv {seeds} && {command("build")}"""


def compact_published(place: Place) -> None:
    """Rewrites the published file, and removes what earlier runs left beside it."""
    require_published(place)
    with workspace(place.published) as work:
        before = place.published.stat().st_size
        compact(work.copy)
        removed = clear_traces(place)
        work.publish()
    after = place.published.stat().st_size
    print(f"Compacted {shown(place.published)} from {before >> 20:,} MB to {after >> 20:,} MB.")
    print(f"Removed: {', '.join(removed) or 'nothing else'}.")


def document(place: Place) -> None:
    """Writes the documentation into one file, from a copy, because dbt would block readers."""
    with workspace(place.published) as work:
        run(place, work, "docs", ["docs", "generate", "--static"], {})
    target = place.folder("DBT_TARGET_PATH", "target")
    print(f"One file, to open or to publish: {shown(target / 'static_index.html')}")
