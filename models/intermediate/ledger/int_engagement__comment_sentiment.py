"""What a lexicon makes of each comment: its polarity, -1 (bad) to 1 (good).

Only distinct comments enter Python, a batch at a time, and only their hashes leave it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import narwhals as nw
import pyarrow as pa

SCHEMA = pa.schema({"comment_hash": pa.string(), "polarity": pa.float64()})


def distinct_comments(responses: nw.LazyFrame) -> nw.LazyFrame:
    """`comment_hash` and `comment`, each comment of the answers that count once."""
    counted = nw.col("reject_reason").is_null() & (nw.col("copy_number") == 1)
    return (
        responses.filter(counted & ~nw.col("comment").is_null())
        .group_by("comment_hash")
        .agg(nw.col("comment").min())
    )


def read_comments(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """`comment_hash` and `polarity` of the comments in the batches, in their order."""
    read = [read_batch(batch, lexicon()) for batch in batches if batch.num_rows > 0]
    return pa.Table.from_batches(read, SCHEMA)


def read_batch(batch: pa.RecordBatch, polarity: Callable[[str], float | None]) -> pa.RecordBatch:
    """The same for one batch, with a function that reads one comment."""
    found = [polarity(comment.as_py()) for comment in batch["comment"]]
    return pa.record_batch([batch["comment_hash"].cast(pa.string()), found], schema=SCHEMA)


def lexicon() -> Callable[[str], float | None]:
    """A function that gives the polarity of an English comment, -1 to 1.

    It is the mean over the words that the lexicon knows; NULL where it knows none, for a comment
    that cannot be read says nothing, which is not the same as saying nothing good or bad. The
    library is looked for only here: who has no comments needs none.
    """
    try:
        from textblob import TextBlob
    except ImportError as error:
        raise RuntimeError(
            "The input survey_responses has comments (column comment), and the metric sentiment "
            f"reads them with the Python library textblob, which cannot be imported: {error}. "
            "Either install it (pip install textblob), or do not map comment; where an entry of "
            'engagement_inputs has a column of that name, map it to nothing (comment: "null").'
        ) from None

    def polarity(comment: str) -> float | None:
        found = TextBlob(comment).sentiment_assessments
        return found.polarity if found.assessments else None

    return polarity


def model(dbt: Any, session: Any) -> Any:
    """Grain: comment_hash."""
    responses = nw.from_native(dbt.ref("int_engagement__survey_responses_judged")).lazy()
    comments = distinct_comments(responses).to_native()
    return read_comments(pa.RecordBatchReader.from_stream(comments))
