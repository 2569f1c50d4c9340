"""A company with 200 rows as nobody should send them, drawn by a seeded generator.

Ids, names, amounts, times, flags, answers and identities are taken from lists of what users and
attackers really send; around them thirty customers have a plain weekly habit.
"""

from __future__ import annotations

import random
from datetime import timedelta

from made_company import FIRST_DAY, MadeCompany, Row

SEED = 20260
HOSTILE = 200
PLAIN_CUSTOMERS = [f"plain{number:02d}" for number in range(30)]
WEEKS = 10
# Of the largest amount, by one customer on one day.
WHALE_PURCHASES = 120

TEXTS = (
    "",
    " ",
    "NULL",
    "null",
    "\\N",
    "\ttabbed\t",
    "\u00a0no-break\u00a0",
    "\ufeffmarked",
    "o'brien",
    '"quoted"',
    "a|b",
    "a",
    "b|c",
    "a,b;c\td",
    "two\nlines",
    "### ../pwned.csv",
    "'; drop table engagement_scores; --",
    '{{ ref("engagement_scores") }}',
    "{% raw %}",
    "/* comment",
    "*/",
    "$(touch pwned)",
    "`id`",
    "../../etc/passwd",
    "[x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "%",
    "_",
    "\\",
    "007",
    "7",
    "7.0",
    "1e5",
    "True",
    "Caf\u00e9",
    "Cafe\u0301",
    "\u202eright-to-left",
    "\U0001f600",
    "x" * 5000,
)
NUMBERS = (
    "",
    "0",
    "-0",
    "1e300",
    "-1e300",
    "999999999999",
    "-999999999999",
    "999999999999.9999",
    "1000000000000",
    "99999999999999",
    "1e-400",
    "nan",
    "inf",
    "-inf",
    "1_000",
    "1,000",
    "12,50",
    "$5",
    "5 EUR",
    "0x10",
    "--5",
    ".5",
    "+5",
    "\t5",
    "NULL",
    "five",
)
TIMES = (
    "",
    "NULL",
    "soon",
    "2025-02-30",
    "2025-02-03",
    "2025-02-03T10:14",
    "2025-02-03T10:14Z",
    "2025-02-03 10:14:00 -0400",
    "2025-02-03T10:14:00+05:30",
    "2025-02-03 10:14:00+25:00",
    "2025-02-03 10:14:00 Europe/Berlin",
    "2025-02-03 10:14:00 PM",
    "25-02-03 10:14:00",
    "03/02/2025",
    "1738577640",
    "infinity",
    "-infinity",
    "epoch",
    "0001-01-01",
    "1899-12-31 23:59:59",
    "1970-01-01",
    "2099-12-31",
    "2199-12-31 23:59:59",
    "2200-01-01",
    "9999-12-31 23:59:59.999999",
    "290000-01-01",
    "2025-02-03 10:14:60",
)
FLAGS = ("", "NULL", "true", " TRUE ", "no", "maybe", "2", "\tyes")


def hostile_company(seed: int = SEED) -> MadeCompany:
    """The inputs, with `HOSTILE` hostile rows over all of them; the settings are the project's."""
    draw = random.Random(seed)
    company = MadeCompany()
    company.inputs["experiment_assignments"] = []
    plain_habits(company)
    makers = [interaction] * 11 + [customer, customer, answer, answer, answer, identity, assignment]
    for _ in range(HOSTILE):
        maker = draw.choice(makers)
        maker(company, draw)
    return company


def plain_habits(company: MadeCompany) -> None:
    """What everybody else does: a visit a week, a purchase every other one, an answer."""
    for number, customer_id in enumerate(PLAIN_CUSTOMERS):
        company.customer(customer_id, plan="pro" if number % 2 else "free", region="north")
        for week in range(WEEKS):
            day = FIRST_DAY + timedelta(days=7 * week + number % 7)
            company.did(customer_id, "website_visit", day)
            if week % 2:
                company.did(customer_id, "purchase", day, amount=20 + number)
        company.answered(customer_id, "nps", number % 11, FIRST_DAY + timedelta(days=30))
    whale, last_day = PLAIN_CUSTOMERS[-1], FIRST_DAY + timedelta(days=7 * WEEKS - 9)
    for _ in range(WHALE_PURCHASES):
        company.did(whale, "purchase", last_day, amount=999_999_999_999, quantity=999_999_999_999)


def somebody(draw: random.Random) -> str:
    """A hostile id, or a plain customer's."""
    return draw.choice(TEXTS) if draw.random() < 0.6 else draw.choice(PLAIN_CUSTOMERS)


def often(draw: random.Random, plain: str, hostile: tuple[str, ...]) -> str:
    return draw.choice(hostile) if draw.random() < 0.4 else plain


def interaction(company: MadeCompany, draw: random.Random) -> None:
    rows = company.inputs["interactions"]
    day = FIRST_DAY + timedelta(days=draw.randrange(7 * WEEKS))
    rows.append(
        {
            "interaction_id": draw.choice(["", *TEXTS]) if draw.random() < 0.7 else f"h{len(rows)}",
            "customer_id": somebody(draw),
            "activity_type": often(draw, draw.choice(["website_visit", "purchase"]), TEXTS),
            "occurred_at": often(draw, f"{day} 09:30:00", TIMES),
            "order_id": draw.choice(["", *TEXTS]),
            "session_id": draw.choice(["", "", *TEXTS]),
            "channel": draw.choice(["", *TEXTS]),
            "duration_seconds": often(draw, "60", NUMBERS),
            "amount": often(draw, "10", NUMBERS),
            "quantity": often(draw, "1", NUMBERS),
            "is_automated": often(draw, "", FLAGS),
            "loaded_at": often(draw, "", TIMES),
        }
    )


def customer(company: MadeCompany, draw: random.Random) -> None:
    company.customer(
        draw.choice(TEXTS),
        account_id=draw.choice(TEXTS),
        plan=draw.choice(TEXTS),
        region=draw.choice(TEXTS),
        signed_up_at=often(draw, "2025-01-01", TIMES),
        is_internal=often(draw, "", FLAGS),
        is_erased=often(draw, "", FLAGS),
        valid_from=often(draw, "", TIMES),
    )


def answer(company: MadeCompany, draw: random.Random) -> None:
    row: Row = {
        "customer_id": somebody(draw),
        "survey_type": often(draw, draw.choice(["nps", "csat"]), TEXTS),
        "rating": often(draw, str(draw.randrange(6)), NUMBERS),
        "responded_at": often(draw, "2025-02-10 12:00:00", TIMES),
        "response_id": draw.choice(["", *TEXTS]),
    }
    company.inputs["survey_responses"].append(row)


def identity(company: MadeCompany, draw: random.Random) -> None:
    company.inputs["identities"].append(
        {
            "id": draw.choice(TEXTS),
            "customer_id": draw.choice(TEXTS),
            "valid_from": often(draw, "", TIMES),
        }
    )


def assignment(company: MadeCompany, draw: random.Random) -> None:
    company.inputs["experiment_assignments"].append(
        {
            "experiment_id": draw.choice(["price", *TEXTS]),
            "customer_id": somebody(draw),
            "variant": draw.choice(["control", "lower", *TEXTS]),
            "assigned_at": often(draw, "2025-01-20", TIMES),
        }
    )
