"""Runs dbt for a command, in a process of its own (dbt_child says why), and hears its events."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engagement.dbt_child import SUCCEEDED
from engagement.errors import INTERRUPTED, StoppedError
from engagement.profile import DATABASE, Place


@dataclass(frozen=True)
class Event:
    """What dbt says: the name of its event, the words, and the level."""

    name: str
    message: str
    level: str


@dataclass
class Outcome:
    """What came of it: whether the command succeeded, what the macro printed, or why not."""

    is_built: bool = False
    code: int = 0
    printed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the macro printed; raises if it failed."""
        if self.code:
            said = "\n".join(dict.fromkeys(self.errors))
            raise StoppedError(said or "dbt ended without a word.", abs(self.code))
        return "\n".join(self.printed)


Listener = Callable[[Event], None]


def run_dbt(
    place: Place,
    database: Path,
    lock: int,
    arguments: Sequence[str],
    macro: str | None = None,
    variables: Mapping[str, Any] | None = None,
    listener: Listener = lambda event: None,
) -> Outcome:
    """Runs a dbt command on a database and, if it succeeds, a macro that prints.

    Variables go to dbt as JSON, so that no sign in them can mean anything else. What the macro
    prints is in no log of dbt's: it can hold ids of customers.
    """
    given = [f"--vars={json.dumps(dict(variables))}"] if variables else []
    options = [*place.options, *given, "--log-level=none", "--no-use-colors"]
    # Said again for the file, since the level of the screen would hold for both.
    logged = f"--log-level-file={os.environ.get('DBT_LOG_LEVEL_FILE', 'debug')}"
    commands = [[*arguments, logged, *options]]
    if macro:
        commands.append(["run-operation", macro, "--log-level-file=none", *options])
    process = subprocess.Popen(
        [sys.executable, "-m", "engagement.dbt_child", json.dumps(commands)],
        cwd=place.project,
        env=environment(place, database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # dbt holds the lock, too: the next command waits until all of this one is gone.
        pass_fds=[lock],
        text=True,
        encoding="utf-8",
    )
    outcome = Outcome()
    with ended(process):
        assert process.stdout
        for line in process.stdout:
            event = Event(**json.loads(line))
            if event.name == SUCCEEDED:
                outcome.is_built = True
            elif not outcome.is_built:
                listener(event)
            elif event.name == "PrintEvent":
                outcome.printed.append(event.message)
            elif event.level == "error":
                outcome.errors.append(event.message.removeprefix("[ERROR]: "))
        outcome.code = process.wait()
    return outcome


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
