"""Builds a copy of the published file, then renames the copy over it.

A reader sees either the whole old file or the whole new one, and never waits. A build that fails or
is killed publishes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from engagement.errors import HELD, StoppedError
from engagement.locks import only_one

Stamp = tuple[int, ...]

HOLDER = re.compile(r"[Ll]ock is held in (?P<program>.*?) ?\(PID (?P<process>\d+)\)")


@dataclass
class Workspace:
    """The published file with its stamp at the start, and the copy that is built."""

    published: Path
    copy: Path
    lock: int
    stamp: Stamp
    # Keep a failed build for inspection, until the next command.
    is_kept: bool = False

    def publish(self) -> None:
        """Replaces the published file with the copy, for all readers at once."""
        checkpoint(self.copy)
        file = self.published.resolve()
        # While we have it open for reading, nobody can open it for writing.
        with opened(self.published):
            if stamp_of(self.published) != self.stamp:
                raise StoppedError(
                    f"Another program changed {self.published} during the build, and publishing "
                    "would undo the change. Nothing was published; run the command again.",
                    HELD,
                )
            # First, because a log of the old file must never be replayed onto the new one.
            wal_of(file).unlink(missing_ok=True)
            self.copy.replace(file)
            synchronize(file.parent)


@contextmanager
def workspace(published: Path) -> Iterator[Workspace]:
    """A copy of the published file, in a private folder beside it.

    It is beside the file because a rename is atomic only within a file system. It has the same name
    because that is the name of the database in the SQL of every view.
    """
    file = published.resolve()
    folder = file.parent / f".{published.stem}.building"
    if not file.parent.is_dir():
        raise StoppedError(
            f"The folder {file.parent} for {published.name} does not exist. Create it."
        )
    with only_one(folder) as lock:
        # Keeps copies of the tables out of repositories, whatever the project ignores.
        (folder / ".gitignore").write_text("*\n")
        # Drop what a run left here: tables that were not tested are no state to continue from, and
        # published alerts and restatements exist in the published file only.
        clear(folder)
        copy = folder / published.name
        stamp = copy_published(published, copy)
        work = Workspace(published, copy, lock, stamp)
        try:
            yield work
        finally:
            if not work.is_kept:
                clear(folder)


def clear(folder: Path) -> None:
    """Removes everything but the lock and .gitignore."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in ("lock", ".gitignore"):
            path.unlink()


def copy_published(published: Path, copy: Path) -> Stamp:
    """Copies the file and its log while nobody can write to them; returns their stamp."""
    with opened(published) as is_there:
        stamp = stamp_of(published)
        if is_there:
            file = published.resolve()
            needed, free = file.stat().st_size, shutil.disk_usage(copy.parent).free
            if needed > free:
                raise StoppedError(
                    f"A build needs a copy of {published} ({needed >> 20:,} MB), but only "
                    f"{free >> 20:,} MB are free on its disk. Free the difference, and as much "
                    "again for what the build adds."
                )
            if wal_of(file).exists():
                shutil.copy(wal_of(file), wal_of(copy))
            # Last, because closing the file releases the lock that DuckDB holds for this process.
            shutil.copy(file, copy)
        return stamp


@contextmanager
def opened(published: Path) -> Iterator[bool]:
    """Holds the file open for reading, as any reader does; yields whether it exists."""
    if not published.exists():
        yield False
        return
    try:
        connection = duckdb.connect(str(published), read_only=True)
    except duckdb.Error as error:
        raise unopened(published, error) from None
    try:
        yield True
    finally:
        connection.close()


def unopened(published: Path, error: duckdb.Error) -> StoppedError:
    """Why a file cannot be opened: a process writes to it, or it is not a DuckDB database."""
    if holder := HOLDER.search(str(error)):
        return StoppedError(
            f"{published} is open for writing in process {holder['process']} "
            f"({holder['program'] or 'unknown'}), for example a dbt build without this command. "
            "Wait until it has finished, or stop it. Readers do no harm if they open the file with "
            "read_only=True. Nothing was changed.",
            HELD,
        )
    if isinstance(error, duckdb.IOException) and "lock" in str(error).lower():
        return StoppedError(
            f"{published} is open for writing in another process: {error}. Nothing was changed.",
            HELD,
        )
    return StoppedError(f"{published} cannot be opened: {error}")


def checkpoint(file: Path) -> None:
    """Writes all of a database to its file, and the file to the disk."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("checkpoint")
    if wal_of(file).exists():
        raise StoppedError(f"DuckDB left {wal_of(file)} behind; nothing was published.")
    synchronize(file)


def synchronize(path: Path) -> None:
    """Waits until it is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def wal_of(file: Path) -> Path:
    """The log of what DuckDB committed since it last wrote the file."""
    return file.with_name(f"{file.name}.wal")


def stamp_of(published: Path) -> Stamp:
    """A stamp that changes when anyone writes to the database."""
    file = published.resolve()
    stamps: list[int] = []
    for path in (file, wal_of(file)):
        if path.exists():
            found = path.stat()
            stamps += [found.st_ino, found.st_size, found.st_mtime_ns]
        else:
            stamps.append(0)
    return tuple(stamps)
