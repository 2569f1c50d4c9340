"""The process that runs dbt for a command, and ends with it: `python -m engagement.dbt_child`.

Its argument is a list of dbt commands as JSON; each runs if the one before succeeded. It reports
dbt's events as lines of JSON.

It is a separate process because dbt keeps the database open for the life of its process, and
because whatever stops dbt (memory, a signal) must not stop the command, which explains what
happened to the tables.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import IO, Any

SILENT = "debug"
# Our own events: a dbt command could not run, or it succeeded.
STOPPED = "CommandStopped"
SUCCEEDED = "CommandSucceeded"


def main() -> None:
    """Runs the dbt commands of the argument; exits as dbt does: 0, 1 for a failure, else 2."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What models and macros print themselves is not an event.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=end_with_parent, daemon=True).start()

    from dbt.cli.main import dbtRunner

    lock = threading.Lock()

    def tell(event: Any) -> None:
        if event.info.level != SILENT:
            with lock:
                write(events, event.info.name, event.info.msg, event.info.level)

    for arguments in json.loads(sys.argv[1]):
        outcome = dbtRunner(callbacks=[tell]).invoke(arguments)
        if outcome.exception is not None:
            write(events, STOPPED, str(outcome.exception), "error")
        if not outcome.success:
            sys.exit(1 if outcome.exception is None else 2)
        write(events, SUCCEEDED, "", "info")


def write(events: IO[str], name: str, message: str, level: str) -> None:
    """Writes one event as one line."""
    events.write(json.dumps({"name": name, "message": message, "level": level}) + "\n")
    events.flush()


def end_with_parent() -> None:
    """The command holds the other end of our input: when it is gone, exit."""
    while os.read(0, 1024):
        pass
    os._exit(2)


if __name__ == "__main__":
    main()
