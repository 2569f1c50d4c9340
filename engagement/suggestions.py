"""Writes the five files of `suggest`; names in the data never become file names."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from engagement.errors import FAILED, StoppedError

SEEDS = ("activity_types", "activity_weights", "score_models", "score_metrics", "score_bands")


def parsed(text: str) -> dict[str, dict[str, Any]]:
    """Reads what the macro `suggest` prints: a line of JSON with columns and rows of each seed."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise StoppedError(f"The macro suggest printed no JSON: {error}", FAILED) from None
    if not isinstance(found, dict) or set(found) != set(SEEDS):
        raise StoppedError(f"The macro suggest must print {', '.join(SEEDS)}.", FAILED)
    return found


def write_suggestions(seeds: dict[str, dict[str, Any]], folder: Path) -> dict[str, int]:
    """Writes the files into a new folder, which then replaces the last one.

    Returns the number of rows of each.
    """
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        # Like any other folder: a temporary one is readable by its owner only.
        fresh.chmod(0o755)
        for seed in SEEDS:
            with (fresh / f"{seed}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(seeds[seed]["columns"])
                writer.writerows(seeds[seed]["rows"])
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.is_dir():
            # Out of the way; it is removed with the temporary folder.
            folder.rename(fresh.with_name(f"{fresh.name}.old"))
        fresh.rename(folder)
    finally:
        for path in (fresh, fresh.with_name(f"{fresh.name}.old")):
            shutil.rmtree(path, ignore_errors=True)
    return {seed: len(seeds[seed]["rows"]) for seed in SEEDS}
