"""The command line: commands and their options."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from engagement import building
from engagement.environment import check_environment
from engagement.errors import INTERRUPTED, StoppedError
from engagement.profile import Place, find_place

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Builds engagement scores with dbt, and publishes them if every test passed.",
)

ProjectDir = Annotated[Path, typer.Option(help="The dbt project; by default this folder.")]
ProfilesDir = Annotated[Path | None, typer.Option(help="The folder of profiles.yml.")]
Target = Annotated[str | None, typer.Option(envvar="DBT_TARGET", help="The target of the profile.")]
Variables = Annotated[str, typer.Option("--vars", help="Variables for dbt, as YAML.")]


def place_of(project: Path, profiles: Path | None, target: str | None) -> Place:
    """Checks everything that can be checked before dbt starts."""
    check_environment()
    # No telemetry, however the command is called.
    os.environ.setdefault("DO_NOT_TRACK", "1")
    return find_place(project, profiles, target)


def read_variables(text: str) -> dict[str, Any]:
    """Variables as dbt takes them."""
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise StoppedError(
            f"--vars {text!r} is not a mapping. Accepted: YAML such as {{name: value}}."
        )
    return found


@app.command()
def build(
    project_dir: ProjectDir = Path(),
    profiles_dir: ProfilesDir = None,
    target: Target = None,
    variables: Variables = "",
    full_refresh: Annotated[bool, typer.Option(help="Recompute everything.")] = False,
    unit_tests: Annotated[bool, typer.Option(help="Run dbt's unit tests, too.")] = False,
    summary: Annotated[bool, typer.Option(help="Show a summary of the scores.")] = True,
) -> None:
    """Score and test everything, and publish it if every test passed."""
    place = place_of(project_dir, profiles_dir, target)
    given = read_variables(variables)
    building.build(place, building.Request(given, full_refresh, unit_tests, summary))


@app.command()
def rebuild(
    project_dir: ProjectDir = Path(),
    profiles_dir: ProfilesDir = None,
    target: Target = None,
    first: Annotated[str | None, typer.Option("--from", help="The first day.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    customer: Annotated[str | None, typer.Option(help="A customer, or an id of one.")] = None,
) -> None:
    """Recompute stored scores: some periods, one customer, or both."""
    if not (first or last or customer):
        raise StoppedError(
            "Say what to recompute: a first day, a last day, a customer, or a combination.\n"
            "  make rebuild FROM=2025-03-03 TO=2025-03-09 CUSTOMER=c003\n"
            "  python -m engagement rebuild --from 2025-03-03 --to 2025-03-09 --customer c003\n"
            "To recompute everything: python -m engagement build --full-refresh"
        )
    place = place_of(project_dir, profiles_dir, target)
    building.rebuild(place, first, last, customer)


@app.command()
def suggest(
    project_dir: ProjectDir = Path(),
    profiles_dir: ProfilesDir = None,
    target: Target = None,
    until: Annotated[str | None, typer.Option(help="Ignore data after this day.")] = None,
) -> None:
    """Propose a score model from your data, as seeds in the folder suggestions."""
    building.suggest(place_of(project_dir, profiles_dir, target), until)


@app.command()
def compact(
    project_dir: ProjectDir = Path(),
    profiles_dir: ProfilesDir = None,
    target: Target = None,
) -> None:
    """Rewrite the database without freed rows, and remove logs and compiled SQL."""
    building.compact_published(place_of(project_dir, profiles_dir, target))


@app.command()
def docs(
    project_dir: ProjectDir = Path(),
    profiles_dir: ProfilesDir = None,
    target: Target = None,
) -> None:
    """Write the documentation of every model and column into one file."""
    building.document(place_of(project_dir, profiles_dir, target))


def main() -> None:
    """Runs the command in the arguments; docs/running-daily.md lists its exit codes."""
    # If the reader of our output is gone, end quietly, as other commands do.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        app(prog_name="python -m engagement")
    except StoppedError as stopped:
        sys.stdout.flush()
        print(f"\n{stopped}", file=sys.stderr)
        sys.exit(stopped.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
