"""A lock that ends with its process: one command at a time works on a database."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engagement.errors import BUSY, StoppedError

# After a command is killed, its dbt holds the lock for a moment longer.
PATIENCE_SECONDS = 2.0


@contextmanager
def only_one(folder: Path) -> Iterator[int]:
    """Holds the lock of a folder; yields its descriptor, for dbt to inherit.

    The operating system releases it when the last process that holds it is gone, so no lock is ever
    left behind. Raises StoppedError with the process that holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not acquired(descriptor):
            holder = os.pread(descriptor, 100, 0).decode(errors="replace").strip()
            raise StoppedError(
                f"Another command works on this database: process {holder or 'unknown'}. "
                "Wait until it has finished, or stop it. Nothing was changed.",
                BUSY,
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def acquired(descriptor: int) -> bool:
    """Whether the lock is ours now."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        else:
            return True
