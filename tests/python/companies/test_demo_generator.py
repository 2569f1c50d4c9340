"""The demo company: its seeds are what the generator makes, and hold what docs/demo.md promises."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "seeds" / "demo"
FILES = (
    "demo_customers",
    "demo_experiment_assignments",
    "demo_external_events",
    "demo_identities",
    "demo_interactions",
    "demo_survey_responses",
)
SCALES = {
    "csat": (1, 5),
    "nps": (0, 10),
    "loyalty": (1, 5),
    "brand": (1, 7),
    "affinity": (1, 7),
    "purchase_intent": (1, 5),
    "support_quality": (1, 5),
}
UNENGAGED = {"email_sent", "cancellation", "refund", "support_follow_up"}
LAST_DAY = date(2025, 6, 29)

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None


@pytest.fixture(scope="module")
def interactions() -> list[Row]:
    return read("demo_interactions")


@pytest.fixture(scope="module")
def customers() -> dict[str, Row]:
    return {row["customer_id"]: row for row in read("demo_customers")}


@pytest.fixture(scope="module")
def answers() -> list[Row]:
    return read("demo_survey_responses")


@pytest.fixture(scope="module")
def accepted(interactions: list[Row], customers: dict[str, Row]) -> list[Row]:
    """What stands after rejection, deduplication (the first load wins) and the merge of ids."""
    owners = {row["id"]: row["customer_id"] for row in read("demo_identities")}
    kept: dict[str, Row] = {}
    for row in interactions:
        if interaction_fault(row, customers) is None:
            owner = owners.get(row["customer_id"], row["customer_id"])
            kept.setdefault(row["interaction_id"], {**row, "customer_id": owner})
    return list(kept.values())


def documented(section: str) -> dict[str, int]:
    """The first two columns of the table under a heading of docs/demo.md."""
    text = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    body = text.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    return {
        name: int(count.replace(",", ""))
        for name, count in re.findall(r"^\| `?([^|`]+?)`? \| ([\d,]+) \|", body, re.MULTILINE)
    }


def interaction_fault(row: Row, customers: dict[str, Row]) -> str | None:
    """The one reason for which a row cannot be counted; duplicates are told apart elsewhere."""
    at, loaded = moment(row["occurred_at"]), moment(row["loaded_at"])
    numbers = (row["duration_seconds"], row["amount"], row["quantity"])
    who = customers.get(row["customer_id"], {})
    checks = {
        "missing customer_id": not row["customer_id"],
        "missing activity_type": not row["activity_type"],
        "missing occurred_at": not row["occurred_at"],
        "unreadable occurred_at": bool(row["occurred_at"]) and at is None,
        "occurred after its own load": bool(at and loaded and at > loaded),
        "after the horizon": bool(at and at.date() > date(2025, 6, 30)),
        "negative duration": row["duration_seconds"].startswith("-"),
        "unreadable number": any(value and not is_number(value) for value in numbers),
        "automated": row["is_automated"] == "true",
        "internal customer": who.get("is_internal") == "true",
        "erased customer": who.get("is_erased") == "true",
    }
    found = [fault for fault, holds in checks.items() if holds]
    assert len(found) <= 1, f"{row['interaction_id']} breaks more than one rule: {found}"
    return found[0] if found else None


def duplicate_faults(rows: list[Row]) -> Counter[str]:
    """How the repeated rows differ from the first row of their id."""
    first: dict[str, Row] = {}
    found: Counter[str] = Counter()
    for row in rows:
        original = first.setdefault(row["interaction_id"], row)
        if original is not row:
            load = "same" if row["loaded_at"] == original["loaded_at"] else "later"
            content = "same content" if row["amount"] == original["amount"] else "other amount"
            found[f"duplicate, {load} load, {content}"] += 1
    return found


def days_late(row: Row) -> int:
    at, loaded = moment(row["occurred_at"]), moment(row["loaded_at"])
    return (loaded.date() - at.date()).days if at and loaded else 0


def engaged_days(accepted: list[Row], customer_id: str) -> list[date]:
    return sorted(
        datetime.fromisoformat(row["occurred_at"]).date()
        for row in accepted
        if row["customer_id"] == customer_id and row["activity_type"] not in UNENGAGED
    )


# the files


def test_generator_repeats_the_committed_seeds_byte_for_byte(tmp_path: Path) -> None:
    for folder, hash_seed in (("one", "1"), ("two", "2")):
        subprocess.run(
            [sys.executable, DEMO / "generate.py", "--out", tmp_path / folder],
            check=True,
            env={"PYTHONHASHSEED": hash_seed},
        )
        for name in FILES:
            made = (tmp_path / folder / f"{name}.csv").read_bytes()
            assert made == (DEMO / f"{name}.csv").read_bytes(), f"{name} differs: run generate.py"


def test_seeds_stay_under_two_mebibytes() -> None:
    assert sum((DEMO / f"{name}.csv").stat().st_size for name in FILES) < 2 * 2**20


def test_documented_row_counts_are_those_of_the_files() -> None:
    assert {name: len(read(name)) for name in FILES} == documented("The files")


# the faults


def test_each_fault_of_interactions_stands_as_often_as_documented(
    interactions: list[Row], customers: dict[str, Row]
) -> None:
    found = duplicate_faults(interactions)
    for row in interactions:
        fault = interaction_fault(row, customers)
        if fault is not None:
            found[fault] += 1
        elif days_late(row) >= 20:
            found["late"] += 1
        if row["activity_type"] in ("webinar_joined", "chatbot_opened"):
            found[f"unlisted activity {row['activity_type']}"] += 1
    assert dict(found) == documented("Faults in the interactions")


def test_raw_interactions_are_accepted_duplicate_or_rejected(
    interactions: list[Row], accepted: list[Row], customers: dict[str, Row]
) -> None:
    rejected = sum(interaction_fault(row, customers) is not None for row in interactions)
    duplicate = duplicate_faults(interactions).total()
    sums = documented("What remains in the end")
    assert sums == {
        "raw": len(interactions),
        "rejected": rejected,
        "duplicate": duplicate,
        "accepted": len(accepted),
    }
    assert len(interactions) == rejected + duplicate + len(accepted)


def test_each_fault_of_survey_responses_stands_as_often_as_documented(
    answers: list[Row], customers: dict[str, Row]
) -> None:
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for row in answers:
        who = customers.get(row["customer_id"], {})
        low, high = SCALES.get(row["survey_type"], (0, 10))
        readable = is_number(row["rating"])
        checks = {
            "unknown survey type": row["survey_type"] not in SCALES,
            "unreadable rating": not readable,
            "rating out of scale": readable and not low <= float(row["rating"]) <= high,
            "missing customer_id": not row["customer_id"],
            "missing responded_at": not row["responded_at"],
            "unreadable responded_at": bool(row["responded_at"])
            and moment(row["responded_at"]) is None,
            "duplicate response_id": row["response_id"] in seen,
            "internal customer": who.get("is_internal") == "true",
            "erased customer": who.get("is_erased") == "true",
        }
        seen.add(row["response_id"])
        reasons = [fault for fault, holds in checks.items() if holds]
        assert len(reasons) <= 1, f"{row['response_id']} breaks more than one rule: {reasons}"
        found.update(reasons)
    assert dict(found) == documented("Faults in the survey responses")


# the company


def test_all_activities_of_the_seed_occur(accepted: list[Row]) -> None:
    with (ROOT / "seeds" / "config" / "activity_types.csv").open(encoding="utf-8") as file:
        listed = {row["activity_type"] for row in csv.DictReader(file)}
    assert {row["activity_type"] for row in accepted} - listed == {
        "webinar_joined",
        "chatbot_opened",
    }
    assert listed <= {row["activity_type"] for row in accepted}


def test_nobody_acts_before_signing_up(accepted: list[Row], customers: dict[str, Row]) -> None:
    assert all(
        customers[row["customer_id"]]["signed_up_at"] <= row["occurred_at"]
        for row in accepted
        if row["customer_id"] in customers
    )


# the stories


def test_free_customers_of_the_south_leave_from_march_on(
    accepted: list[Row], customers: dict[str, Row]
) -> None:
    segment = {i for i, c in customers.items() if (c["plan"], c["region"]) == ("free", "south")}
    months: Counter[str] = Counter()
    for row in accepted:
        if row["customer_id"] in segment and row["activity_type"] not in UNENGAGED:
            months[row["occurred_at"][:7]] += 1
    falling = [months[f"2025-{month:02d}"] for month in (2, 3, 4, 5, 6)]
    assert len(segment) == 32
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 0.15 * falling[0]
    cancelled = [
        row["customer_id"]
        for row in accepted
        if row["activity_type"] == "cancellation" and row["customer_id"] in segment
    ]
    assert len(cancelled) == len(set(cancelled)) == 11


def test_the_campaign_is_clicked_and_bought(accepted: list[Row]) -> None:
    mail: Counter[tuple[str, str]] = Counter(
        (row["channel"], row["activity_type"]) for row in accepted
    )
    mailed = {
        row["customer_id"]
        for row in accepted
        if row["activity_type"] == "email_sent" and row["channel"] == "spring"
    }
    assert (len(mailed), mail["spring", "email_sent"]) == (100, 300)
    click_rates = {
        channel: mail[channel, "email_click"] / mail[channel, "email_sent"]
        for channel in ("news", "spring")
    }
    assert click_rates["spring"] > 3 * click_rates["news"]
    orders: dict[str, set[str]] = defaultdict(set)
    for row in accepted:
        if row["customer_id"] in mailed and row["activity_type"] == "purchase":
            fortnight = (datetime.fromisoformat(row["occurred_at"]).date() - date(2025, 4, 28)).days
            orders[str(fortnight // 14)].add(row["order_id"])
    assert len(orders["0"]) > 3 * len(orders["-1"])


def test_late_december_dips(accepted: list[Row]) -> None:
    weeks: Counter[date] = Counter()
    for row in accepted:
        if row["activity_type"] != "email_sent":
            day = datetime.fromisoformat(row["occurred_at"]).date()
            weeks[day - timedelta(days=day.weekday())] += 1
    for dip in (date(2024, 12, 23), date(2024, 12, 30)):
        assert weeks[dip] < 0.5 * min(weeks[date(2024, 12, 16)], weeks[date(2025, 1, 6)])


def test_the_promoter_goes_quiet(accepted: list[Row], answers: list[Row]) -> None:
    ratings = [
        r["rating"] for r in answers if (r["customer_id"], r["survey_type"]) == ("c002", "nps")
    ]
    assert ratings == ["9", "10"]
    assert engaged_days(accepted, "c002")[-1] == date(2025, 4, 8)


def test_the_unhappy_c003_is_the_most_engaged(accepted: list[Row], answers: list[Row]) -> None:
    active: dict[str, set[str]] = defaultdict(set)
    for row in accepted:
        if row["occurred_at"] >= "2025-03-31" and row["activity_type"] not in UNENGAGED:
            active[row["customer_id"]].add(row["occurred_at"][:10])
    assert max(active, key=lambda who: len(active[who])) == "c003"
    last = {r["survey_type"]: r["rating"] for r in answers if r["customer_id"] == "c003"}
    assert last == {"nps": "2", "csat": "1"}


def test_account_k01_hangs_on_one_person(accepted: list[Row], customers: dict[str, Row]) -> None:
    seats = [i for i, c in customers.items() if c["account_id"] == "k01"]
    recent = [i for i in seats if engaged_days(accepted, i)[-1] >= date(2025, 3, 31)]
    assert (len(seats), recent) == (12, ["c013"])


def test_c004_buys_every_thirty_days(accepted: list[Row]) -> None:
    bought = sorted(set(engaged_days(accepted, "c004")))
    gaps = {(later - day).days for day, later in pairwise(bought)}
    assert (len(bought), gaps, (LAST_DAY - bought[-1]).days) == (12, {30}, 20)


def test_c005_comes_back_after_a_long_silence(accepted: list[Row]) -> None:
    active = sorted(set(engaged_days(accepted, "c005")))
    longest = max(pairwise(active), key=lambda pair: pair[1] - pair[0])
    assert longest == (date(2024, 10, 25), date(2025, 5, 19))


def test_only_c003_and_c006_wait_for_a_follow_up(accepted: list[Row], answers: list[Row]) -> None:
    follow_ups: dict[str, list[datetime]] = defaultdict(list)
    for row in accepted:
        if row["activity_type"] == "support_follow_up":
            follow_ups[row["customer_id"]].append(datetime.fromisoformat(row["occurred_at"]))
    waiting = set()
    for row in answers:
        at = moment(row["responded_at"])
        low, high = SCALES.get(row["survey_type"], (0, -1))
        if at is None or at.date() < date(2025, 5, 1) or not is_number(row["rating"]):
            continue
        rating = int(row["rating"])
        unhappy = rating <= 6 if row["survey_type"] == "nps" else rating <= 2
        asked_about = row["survey_type"] in ("nps", "csat", "support_quality")
        answered = any(at < f <= at + timedelta(days=4) for f in follow_ups[row["customer_id"]])
        if asked_about and low <= rating <= high and unhappy and not answered:
            waiting.add(row["customer_id"])
    assert waiting == {"c003", "c006"}


def test_c001_likes_120_times_in_one_day(accepted: list[Row]) -> None:
    a_day = Counter((r["customer_id"], r["activity_type"], r["occurred_at"][:10]) for r in accepted)
    (first, most), (_, next_most) = a_day.most_common(2)
    assert (first, most) == (("c001", "social_like", "2025-06-18"), 120)
    assert next_most < 20


def test_only_c008_and_c009_are_newcomers(accepted: list[Row]) -> None:
    first: dict[str, str] = {}
    for row in sorted(accepted, key=lambda r: r["occurred_at"]):
        first.setdefault(row["customer_id"], row["occurred_at"][:10])
    newcomers = {who for who, day in first.items() if day > "2025-06-22"}
    assert newcomers == {"c008", "c009"}


def test_ids_of_devices_carry_rows_of_two_customers(interactions: list[Row]) -> None:
    rows = Counter(row["customer_id"] for row in interactions)
    ids = ("c010", "a001", "a002", "c011", "a003")
    assert {i: rows[i] for i in ids} == documented("Merged identities")


def test_the_experiment_is_balanced_and_lifts_product_sessions(accepted: list[Row]) -> None:
    assigned = {row["customer_id"]: row for row in read("demo_experiment_assignments")}
    sessions: Counter[tuple[str, bool]] = Counter()
    for row in accepted:
        arm = assigned.get(row["customer_id"])
        if arm and row["activity_type"] == "product_session":
            sessions[arm["variant"], row["occurred_at"][:10] > arm["assigned_at"][:10]] += 1
    arms = Counter(row["variant"] for row in assigned.values())
    assert arms == {"control": 120, "treatment": 120}
    assert 0.9 < sessions["treatment", False] / sessions["control", False] < 1.1
    assert 1.15 < sessions["treatment", True] / sessions["control", True] < 1.5
