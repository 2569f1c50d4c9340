"""What int_engagement__comment_sentiment promises: polarity in bounds, NULL if nothing is known."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
import yaml
from dbt_project import ROOT, Project
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_frames import Row, collected, lazy_rows, python_model
from worked_example import set_variables

sentiment = python_model("int_engagement__comment_sentiment")

COMMENTS = [
    "Saves our team an hour every day, great.",
    "Too slow in the morning, I gave up waiting.",
    "Not bad at all!",
    "It does the job.",
    "Expensive for what it does, and the support is awful.",
    "Very happy :)",
]
TO_READ = pa.schema({"comment_hash": pa.string(), "comment": pa.string()})


def polarity(comment: str) -> float | None:
    return sentiment.lexicon()(comment)


def batches(*contents: Iterable[str]) -> list[pa.RecordBatch]:
    """Batches of comments, each under a hash that is its own text after an #."""
    return [
        pa.RecordBatch.from_pylist([{"comment_hash": f"#{c}", "comment": c} for c in each], TO_READ)
        for each in contents
    ]


def read(*contents: Iterable[str]) -> dict[str, float | None]:
    """The polarity of each hash."""
    rows = sentiment.read_comments(batches(*contents)).to_pylist()
    assert [row["comment_hash"] for row in rows] == [f"#{c}" for each in contents for c in each]
    return {row["comment_hash"]: row["polarity"] for row in rows}


# --- one comment ---


KNOWN = ["great", "bad", "awful", "very", "not", "never", "!", ":)", "(!)", "extremely", "ever"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=60) | st.lists(st.sampled_from(KNOWN), max_size=9).map(" ".join))
def test_polarity_lies_between_minus_1_and_1_and_repeats(comment: str) -> None:
    found = polarity(comment)
    assert found is None or -1 <= found <= 1
    assert polarity(comment) == found


@pytest.mark.parametrize(
    "comment",
    ["", "  ", "?!", "2025-06-29", "Ask me again after the summer.", "Das hilft uns sehr.", "👍"],
)
def test_a_comment_of_which_no_word_is_known_is_null_and_not_0(comment: str) -> None:
    assert polarity(comment) is None


@pytest.mark.parametrize("comment", ["The same.", "Good and bad."])
def test_words_that_are_neutral_or_balance_are_0_and_not_null(comment: str) -> None:
    assert polarity(comment) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "falling",
    [
        ("I love it.", "The same as last year.", "I hate it."),
        ("Excellent.", "Good.", "Not good.", "Awful, the worst of all."),
        ("VERY HAPPY!", "happy", "unhappy"),
    ],
    ids=lambda falling: falling[0],
)
def test_the_better_is_above_the_neutral_and_the_neutral_above_the_worse(
    falling: tuple[str, ...],
) -> None:
    for better, worse in pairwise(polarity(comment) for comment in falling):
        assert better is not None and worse is not None and better > worse


def test_nothing_is_fetched() -> None:
    """Neither corpora nor the network: the lexicon comes with the library."""
    code = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from textblob import TextBlob\n"
        "import nltk\n"
        "nltk.data.path.clear()\n"
        "print(TextBlob('great').sentiment_assessments.polarity)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "0.8"), run.stderr


# --- many comments ---


def test_neither_the_order_of_comments_nor_their_batches_matter() -> None:
    expected = read(COMMENTS)
    assert len(set(expected.values())) == len(COMMENTS)
    draw = random.Random(5)
    for cut in range(len(COMMENTS) + 1):
        shuffled = draw.sample(COMMENTS, len(COMMENTS))
        assert read(shuffled[:cut], shuffled[cut:]) == expected


def test_only_comments_of_answers_that_count_are_read_and_each_once() -> None:
    answers: list[Row] = [
        {"comment": "counts", "copy_number": 1},
        {"comment": "counts", "copy_number": 1},
        {"comment": "also", "copy_number": 1},
        {"comment": None, "copy_number": 1},
        {"comment": "a copy", "copy_number": 2},
        {"comment": "rejected", "copy_number": 1, "reject_reason": "rating_out_of_scale"},
    ]
    rows = [{**row, "comment_hash": row["comment"] and f"#{row['comment']}"} for row in answers]
    text = dict.fromkeys(("comment", "comment_hash", "reject_reason"), pa.string())
    found = collected(sentiment.distinct_comments(lazy_rows(rows, **text)))
    assert sorted(row["comment_hash"] for row in found) == ["#also", "#counts"]
    assert all(row["comment_hash"] == f"#{row['comment']}" for row in found)


# --- the library is missing ---


@pytest.fixture
def no_textblob(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textblob", None)


WAYS_OUT = ("survey_responses", "comment", "textblob", "pip install textblob", "do not map comment")


@pytest.mark.usefixtures("no_textblob")
def test_with_comments_and_without_the_library_the_error_says_both_ways_out() -> None:
    with pytest.raises(RuntimeError) as raised:
        read(COMMENTS)
    for part in WAYS_OUT:
        assert part in str(raised.value)


@pytest.mark.usefixtures("no_textblob")
@pytest.mark.parametrize("contents", [(), ([],)], ids=["no batch", "an empty batch"])
def test_without_comments_no_library_is_needed(contents: tuple) -> None:
    table = sentiment.read_comments(batches(*contents))
    assert table.num_rows == 0
    assert table.schema == sentiment.SCHEMA


def mapped_inputs(project: Project) -> dict:
    """What the worked example maps."""
    own_file = yaml.safe_load((project.folder / "dbt_project.yml").read_text())
    return own_file["vars"]["engagement_inputs"]


@pytest.mark.usefixtures("no_textblob")
def test_a_run_without_the_library_stops_at_comments_and_at_nothing_else(
    breakable: Project,
) -> None:
    """The worked example has no answers; then one with a comment; then the comment is left out."""
    only = ("--select", "+int_engagement__comment_sentiment")
    answer = breakable.folder / "data/answers.csv"
    answer.write_text(
        "customer_id,survey_type,rating,responded_at,comment\nann,csat,5,2025-01-20,Great.\n"
    )
    entry = {"name": "answers", "relation": f"read_csv('{answer}', all_varchar = true)"}
    run = breakable.build(*only)
    assert run.success, run.said
    assert breakable.query(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = 'int_engagement__comment_sentiment' order by column_index"
    ) == [("comment_hash", "VARCHAR"), ("polarity", "DOUBLE")]

    inputs = mapped_inputs(breakable)
    set_variables(breakable, engagement_inputs={**inputs, "survey_responses": [entry]})
    run = breakable.build(*only)
    assert run.statuses["int_engagement__comment_sentiment"] == "skipped"
    for part in (*WAYS_OUT, 'comment: "null"'):
        assert part in run.said

    left_out = {**entry, "columns": {"comment": "null"}}
    set_variables(breakable, engagement_inputs={**inputs, "survey_responses": [left_out]})
    run = breakable.build(*only)
    assert run.success, run.said
    assert breakable.query("select count(*) from int_engagement__comment_sentiment") == [(0,)]
    assert breakable.query("select customer_id from int_engagement__survey_responses_judged") == [
        ("ann",)
    ]


# --- the demo company ---


LATEST = date(2025, 6, 29)
# As the lexicon has them. No other word of the comments below is known.
WORDS = {
    "good": 0.7,
    "slow": -0.3,
    "fails": -0.5,
    "awful": -1.0,
    "same": 0.0,
    "expensive": -0.5,
    "mostly": 0.5,
    "enjoy": 0.4,
    "single": -1 / 14,
    "happy": 0.8,
    "wonderful": 1.0,
    "perfectly": 1.0,
}
# c003: two of three are valid. c145: of six two are, and of these the lexicon knows one; in the
# winter others were. c241: two of four.
BY_HAND = {("c003", LATEST): -0.5, ("c145", LATEST): -0.05, ("c241", LATEST): 0.95}


def polarity_by_hand(comment: str) -> float | None:
    words = [word.strip(".,").lower() for word in comment.split()]
    known = [WORDS[word] for word in words if word in WORDS]
    return sum(known) / len(known) if known else None


def sentiment_by_hand(customer: str, day: date) -> float | None:
    """From the raw answers, which for these customers have no faults."""
    with (ROOT / "seeds/config/survey_types.csv").open(newline="") as file:
        valid_days = {row["survey_type"]: int(row["valid_days"]) for row in csv.DictReader(file)}
    found = []
    with (ROOT / "seeds/demo/demo_survey_responses.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["customer_id"] == customer and row["comment"]:
                age = day - date.fromisoformat(row["responded_at"][:10])
                if timedelta(0) <= age <= timedelta(valid_days[row["survey_type"]]):
                    found.append(polarity_by_hand(row["comment"]))
    known = [each for each in found if each is not None]
    return sum(known) / len(known) if known else None


@pytest.mark.parametrize("customer", ["c003", "c145", "c241"])
def test_sentiment_in_every_week_equals_what_the_raw_answers_say(
    demo: Project, customer: str
) -> None:
    found = dict(
        demo.query(
            "select period_end, sentiment from int_engagement__customer_metrics "
            f"where customer_id = '{customer}'"
        )
    )
    assert found[LATEST] == pytest.approx(BY_HAND[customer, LATEST], abs=1e-9)
    assert len(set(found.values())) > 2
    for day, value in found.items():
        expected = sentiment_by_hand(customer, day)
        assert (value is None) == (expected is None), day
        assert value is None or value == pytest.approx(expected, abs=1e-9), day


def test_every_comment_that_counts_is_read_and_none_is_copied(demo: Project) -> None:
    comments = {
        comment
        for (comment,) in demo.query(
            "select comment from int_engagement__survey_responses_judged "
            "where comment is not null and reject_reason is null and copy_number = 1"
        )
    }
    found = demo.query("select * from int_engagement__comment_sentiment")
    assert len(found) == len(comments) > 100
    hashes = {comment_hash for comment_hash, _ in found}
    assert len(hashes) == len(found) and not hashes & comments
    share_read = sum(polarity is not None for _, polarity in found) / len(found)
    assert 0.8 < share_read < 1
