"""Runs dbt for a command, in a process of its own (dbt_child says why), and hears its events."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engagement.errors import INTERRUPTED, StoppedError
from engagement.profile import DATABASE, Place


@dataclass(frozen=True)
class Event:
    """What dbt says: the name of its event, the words, and the level."""

    name: str
    message: str
    level: str


Listener = Callable[[Event], None]


def run_dbt(
    place: Place,
    database: Path,
    lock: int,
    *arguments: str,
    variables: Mapping[str, Any] | None = None,
    listener: Listener = lambda event: None,
) -> int:
    """Runs a dbt command on a database; the exit code is dbt's.

    Variables go to dbt as JSON, so that no sign in them can mean anything else.
    """
    command = [
        *(sys.executable, "-m", "engagement.dbt_child", *arguments, *place.options),
        *("--log-level=none", "--no-use-colors"),
    ]
    if variables:
        command.append(f"--vars={json.dumps(dict(variables))}")
    process = subprocess.Popen(
        command,
        cwd=place.project,
        env=environment(place, database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # dbt holds the lock, too: the next command waits until all of this one is gone.
        pass_fds=[lock],
        text=True,
        encoding="utf-8",
    )
    with ended(process):
        assert process.stdout
        for line in process.stdout:
            listener(Event(**json.loads(line)))
        return process.wait()


def environment(place: Place, database: Path) -> dict[str, str]:
    """The environment of dbt: the database to build, and this package to import."""
    here = str(Path(__file__).resolve().parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        DATABASE: str(database),
        "ENGAGEMENT_PUBLISHED_PATH": shown(place.published),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }


def shown(path: Path) -> str:
    """A path as people read it: from where they are, if it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever ends the command ends dbt, too: what it was building is not needed any more."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError("Interrupted. Nothing was published.", INTERRUPTED) from None
    finally:
        process.kill()
        process.wait()


def printed(
    place: Place, database: Path, lock: int, macro: str, variables: Mapping[str, Any] | None = None
) -> str:
    """What a macro prints, without a line of it in dbt's log: it can hold ids of customers."""
    texts: list[str] = []
    errors: list[str] = []

    def hear(event: Event) -> None:
        if event.name == "PrintEvent":
            texts.append(event.message)
        elif event.level == "error":
            errors.append(event.message)

    code = run_dbt(
        place,
        database,
        lock,
        *("run-operation", macro, "--log-level-file=none"),
        variables=variables,
        listener=hear,
    )
    if code:
        raise StoppedError("\n".join(dict.fromkeys(errors)) or f"{macro} failed.", code)
    return "\n".join(texts)
