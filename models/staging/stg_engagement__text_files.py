"""Reads every text file of the inputs once, so that a broken one stops the run by name.

An engine's own error quotes the line that it cannot read, and logs are read by many. Views hide
when a file is read: the error would come from any model. Parquet is checked when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

READERS = re.compile(r"(?i)\b(read_csv|read_csv_auto|read_json|read_json_auto|read_ndjson\w*)\s*\(")
# Lines of a message that quote the file, or belong to the engine's own advice.
QUOTING = re.compile(r"\s*(Original Line|LINE \d+|Possible|\* |file ?=|\^)")
REMEDIES = {
    r"utf-8|unicode|encod": "save the file as UTF-8, or name its encoding: "
    "read_csv('...', encoding = 'utf-16'), or 'latin-1'",
    r"number of columns|quote|unterminated": "write the file again: a line is cut off or has too "
    "many separators, or a quotation mark is not closed",
    r"convert|cast|type": "add `all_varchar = true`: values that cannot be read are then set aside "
    "with their reason",
    r"json": "write the file again: it is not complete JSON",
}


class UnreadableInputError(RuntimeError):
    """An entry of engagement_inputs that cannot be read."""


def text_entries(inputs: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    """Input, place, name and relation of each entry that reads text files."""
    for name, entries in inputs.items():
        for place, entry in enumerate(entries):
            relation = entry.get("relation") or ""
            if READERS.search(relation):
                yield name, place, entry.get("name") or "", relation


def without_rows(message: str) -> str:
    """The engine's message, less what it quotes of a file."""
    lines = [line.strip() for line in message.split("\n\n")[0].splitlines()]
    kept = [line for line in lines if line and not QUOTING.match(line)]
    text = " ".join(kept).removeprefix("Invalid Input Error: ")
    return re.sub(
        r"(?i)could not (convert|parse|cast)( string)? [\"'].*", r"could not \1 a value", text
    )


def remedy(problem: str) -> str:
    """What to do about it."""
    for words, advice in REMEDIES.items():
        if re.search(words, problem, re.IGNORECASE):
            return advice
    return "correct the file or the relation"


def count_rows(session: Any, relation: str) -> int:
    """Rows of a relation, every value of them read. Raises what the engine raises."""
    counts = session.execute(f"select count(*), count(columns(*)) from {relation} as entry")
    return int(counts.fetchone()[0])


def model(dbt: Any, session: Any) -> Any:
    """One row per entry of `engagement_inputs` that reads text files."""
    # dbt finds these calls by reading the code: each needs its own line. The packages are checked
    # before any is imported.
    dbt.ref("config_engagement__python_packages")
    inputs = dbt.config.get("inputs")
    import pyarrow as pa

    found: list[dict[str, Any]] = []
    for name, place, label, relation in text_entries(inputs or {}):
        where_set = f"engagement_inputs.{name}[{place}]" + (f" ({label})" if label else "")
        try:
            rows = count_rows(session, relation)
        except Exception as error:
            problem = without_rows(str(error))
            raise UnreadableInputError(
                f"{where_set}: it cannot be read: {problem}. To fix it: {remedy(problem)}."
            ) from None
        found.append({"input": name, "place": place, "file_rows": rows})
    columns = {"input": pa.string(), "place": pa.int32(), "file_rows": pa.int64()}
    return pa.Table.from_pylist(found, schema=pa.schema(list(columns.items())))
