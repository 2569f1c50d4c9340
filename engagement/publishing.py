"""A build goes to a copy of the published file, and takes its place by a rename.

A reader has either the old file or the new one, whole, and never waits. A build that fails or is
killed publishes nothing.
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
    """The published file, the copy that is built, and what the published one was at the start."""

    published: Path
    copy: Path
    lock: int
    stamp: Stamp
    # What a failed build leaves is kept to be looked into, until the next command.
    is_kept: bool = False

    def publish(self) -> None:
        """Puts the copy in the place of the published file, for all readers at once."""
        checkpoint(self.copy)
        file = self.published.resolve()
        # While we have it open for reading nobody can open it for writing.
        with opened(self.published):
            if stamp_of(self.published) != self.stamp:
                raise StoppedError(
                    f"Another program changed {self.published} during the build, and publishing "
                    "would undo that. Nothing was published; run the command again.",
                    HELD,
                )
            # First: a log of the old file must never be replayed onto the new one.
            wal_of(file).unlink(missing_ok=True)
            self.copy.replace(file)
            synchronize(file.parent)


@contextmanager
def workspace(published: Path) -> Iterator[Workspace]:
    """A copy of the published file, in a folder beside it that is ours alone.

    It lies beside the file, since only within a file system a rename is one step, and has its name,
    since that is the name of the database in the SQL of every view.
    """
    file = published.resolve()
    folder = file.parent / f".{published.stem}.building"
    if not file.parent.is_dir():
        raise StoppedError(f"There is no folder {file.parent} to put {published.name} into.")
    with only_one(folder) as lock:
        # No copy of the tables gets into a repository, whatever the project ignores.
        (folder / ".gitignore").write_text("*\n")
        # Whatever a run left here is dropped: tables that it built without the tests that follow
        # are no state to go on from, and published alerts and restatements are in the file alone.
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
    """Removes everything but the lock, and what keeps the folder out of repositories."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in ("lock", ".gitignore"):
            path.unlink()


def copy_published(published: Path, copy: Path) -> Stamp:
    """Copies the file and its log, which nobody can write to meanwhile, and says what it was."""
    with opened(published) as is_there:
        stamp = stamp_of(published)
        if is_there:
            file = published.resolve()
            needed, free = file.stat().st_size, shutil.disk_usage(copy.parent).free
            if needed > free:
                raise StoppedError(
                    f"A build needs a copy of {published}, {needed >> 20:,} MB, and only "
                    f"{free >> 20:,} MB are free beside it. Free the difference, and as much again "
                    "for what the build adds."
                )
            if wal_of(file).exists():
                shutil.copy(wal_of(file), wal_of(copy))
            # Last: closing the file lets go of the lock that DuckDB holds on it for this process.
            shutil.copy(file, copy)
        return stamp


@contextmanager
def opened(published: Path) -> Iterator[bool]:
    """Holds the file open for reading, as any reader does; gives whether it is there."""
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
    """Why a file cannot be opened: somebody writes to it, or it is no database of DuckDB."""
    if holder := HOLDER.search(str(error)):
        return StoppedError(
            f"{published} is open for writing in process {holder['process']} "
            f"({holder['program'] or 'unknown'}), for instance a dbt build without this command. "
            "Wait until it is done, or stop it. Readers are no hindrance: they open the file with "
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
    """Brings all of a database into its file, and the file to the disk."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("checkpoint")
    if wal_of(file).exists():
        raise StoppedError(f"DuckDB left {wal_of(file)} behind; nothing was published.")
    synchronize(file)


def synchronize(path: Path) -> None:
    """Waits until the disk has it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def wal_of(file: Path) -> Path:
    """What DuckDB has committed since it last wrote the file."""
    return file.with_name(f"{file.name}.wal")


def stamp_of(published: Path) -> Stamp:
    """Changes when anybody writes to the database."""
    file = published.resolve()
    stamps: list[int] = []
    for path in (file, wal_of(file)):
        if path.exists():
            found = path.stat()
            stamps += [found.st_ino, found.st_size, found.st_mtime_ns]
        else:
            stamps.append(0)
    return tuple(stamps)
