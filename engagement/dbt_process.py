"""Runs dbt for a command in a separate process (dbt_child says why), and reads its events."""

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
    """An event of dbt: its name, message and level."""

    name: str
    message: str
    level: str


@dataclass
class Outcome:
    """The result: whether the command succeeded, and what the macro printed or why it failed."""

    is_built: bool = False
    code: int = 0
    printed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the macro printed; raises if it failed."""
        if self.code:
            said = "\n".join(dict.fromkeys(self.errors))
            raise StoppedError(said or "dbt stopped without a message.", abs(self.code))
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

    Variables go to dbt as JSON, so that no character in them has a special meaning. What the macro
    prints stays out of dbt's logs, because it can contain customer ids.
    """
    given = [f"--vars={json.dumps(dict(variables))}"] if variables else []
    options = [*place.options, *given, "--log-level=none", "--no-use-colors"]
    # Set again for the file, because the level of the screen would apply to both.
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
        # dbt holds the lock, too, so the next command waits until dbt is gone as well.
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
    """The environment for dbt: the database to build, and this package to import."""
    here = str(Path(__file__).resolve().parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        DATABASE: str(database),
        "ENGAGEMENT_PUBLISHED_PATH": shown(place.published),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }


def shown(path: Path) -> str:
    """A path for people: relative to the current folder if it is below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever ends the command ends dbt, too: nobody needs what it was building."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError("Interrupted. Nothing was published.", INTERRUPTED) from None
    finally:
        process.kill()
        process.wait()
