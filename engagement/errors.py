"""The error that stops a command, and its exit codes: docs/running-daily.md has the table."""

from __future__ import annotations

FAILED = 1
REFUSED = 2
BUSY = 3
HELD = 4
INTERRUPTED = 130


class StoppedError(Exception):
    """A command ends with a message and an exit code, and without a traceback."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code
