"""The raw rows, judged: accepted interactions and answers, each counted once, and the people.

Of every input one entry is read. A row that is set aside has some reason; which one is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from zoneinfo import ZoneInfo

from oracle.settings import Row, Rows, Settings, Variables, needed, text

# Years, and the size of a number, that are out of range beyond.
EARLIEST, LATEST, LARGEST = 1900, 2199, 10**12
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Interaction:
    """An accepted interaction; days are local, amounts in the company's currency."""

    interaction_id: str | None
    customer_id: str
    order_id: str | None
    session_id: str | None
    activity_type: str
    channel: str | None
    duration_seconds: Decimal | None
    amount: Decimal | None
    quantity: Decimal | None
    occurred_at: datetime
    occurred_on: date
    loaded_at: datetime | None


@dataclass(frozen=True)
class Answer:
    """A valid answer to a survey, on the survey's own scale."""

    response_id: str | None
    customer_id: str
    survey_type: str
    rating: Decimal
    comment: str | None
    responded_at: datetime
    responded_on: date


@dataclass
class Customer:
    """What is known of a customer; `attributes` by the local day from which on they hold."""

    customer_id: str
    interactions: list[Interaction] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    signed_up_on: date | None = None
    attributes: list[tuple[date, Row]] = field(default_factory=list)

    def known_from(self) -> date | None:
        """Day of the first sign of life: an interaction, were it only an exposure, or an answer."""
        days = [each.occurred_on for each in self.interactions]
        return min(days + [each.responded_on for each in self.answers], default=None)

    def in_scope_from(self, data_first_day: date) -> date:
        """Sign-up or first interaction, whichever is first; else the first answer, else always."""
        days = [each.occurred_on for each in self.interactions]
        if self.signed_up_on is not None:
            days.append(self.signed_up_on)
        if not days:
            days = [each.responded_on for each in self.answers] or [data_first_day]
        return min(days)

    def segment(self, column: str, on: date) -> str | None:
        """The customer's value of a segment column on a day."""
        held = [row for valid_from, row in self.attributes if valid_from <= on]
        return text(held[-1], column) if held else None


@dataclass(frozen=True)
class Inputs:
    """All customers of whom anything is known, and the first and the last day of the data."""

    customers: Sequence[Customer]
    first_day: date
    last_day: date


def to_moment(value: str | None) -> datetime | None:
    """A time in UTC; without an offset it is that already. Raises ValueError."""
    if value is None:
        return None
    found = datetime.fromisoformat(value)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(value)
    return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)


def to_number(value: str | None) -> Decimal | None:
    """A number, to four decimals. Raises ValueError."""
    if value is None:
        return None
    try:
        found = Decimal(value).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if abs(found) >= LARGEST:
        raise ValueError(value)
    return found


def to_flag(value: str | None) -> bool:
    """Yes or no; blank is no. Raises ValueError."""
    if value is not None and value.lower() not in TRUE + FALSE:
        raise ValueError(value)
    return value is not None and value.lower() in TRUE


def is_erased(row: Row) -> bool:
    """Whether a customers row says that its person is erased; what cannot be read says so."""
    return (text(row, "is_erased") or "no").lower() not in FALSE


def excluded_ids(raw_rows: Rows, current: Mapping[str, str]) -> set[str]:
    """Every id whose rows must not count: of internal people, and of erased ones.

    Who is erased is found along all statements about identities: on to the customers whom the id
    belongs to by the latest one, and from there back to every id that was ever said to be theirs.
    """
    people = [row for row in raw_rows.get("customers", []) if text(row, "customer_id")]
    internal = {
        current.get(known, known)
        for row in people
        if (text(row, "is_internal") or "").lower() in TRUE
        for known in [needed(row, "customer_id")]
    }
    found = internal | {known for known, customer_id in current.items() if customer_id in internal}
    statements = raw_rows.get("identities", [])
    moves = latest_statements(statements)
    persons = {needed(row, "customer_id") for row in people if is_erased(row)}
    while more := {moves[known] for known in persons & moves.keys()} - persons:
        persons |= more
    erased = set(persons)
    pairs = {(text(row, "id"), text(row, "customer_id")) for row in statements}
    while more := {known for known, target in pairs if known and target in erased} - erased:
        erased |= more
    return found | erased


def readable_statements(rows: Iterable[Row]) -> dict[str, list[tuple[datetime, str]]]:
    """When each id was said to belong to which customers; without a time, before all others."""
    statements: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in rows:
        known, customer_id = text(row, "id"), text(row, "customer_id")
        try:
            valid_from = to_moment(text(row, "valid_from"))
        except ValueError:
            continue
        if known is not None and customer_id is not None:
            statements[known].append((valid_from or datetime.min, customer_id))
    return statements


def latest_statements(rows: Iterable[Row]) -> dict[str, str]:
    """Id to customer by the latest readable statement, of equal ones the least customer."""
    return {
        known: min(each for when, each in given if when == max(given)[0])
        for known, given in readable_statements(rows).items()
    }


def identity_map(rows: Iterable[Row]) -> dict[str, str]:
    """Id to customer: the latest statement holds, of equal ones the least customer.

    A customer who is mapped on to somebody else is no target; one who is mapped to himself is.
    """
    statements = readable_statements(rows)

    def latest(given: Sequence[tuple[datetime, str]]) -> str:
        last = max(when for when, _ in given)
        return min(customer_id for when, customer_id in given if when == last)

    moved_on = {known for known, given in statements.items() if latest(given) != known}
    kept = {
        known: [(when, customer_id) for when, customer_id in given if customer_id not in moved_on]
        for known, given in statements.items()
    }
    return {known: latest(given) for known, given in kept.items() if given}


class Judge:
    """Decides about the rows of one company, one by one."""

    def __init__(self, raw_rows: Rows, settings: Settings, variables: Variables) -> None:
        self.settings, self.variables = settings, variables
        self.zone = ZoneInfo(variables.reporting_timezone)
        self.identities = identity_map(raw_rows.get("identities", []))
        self.excluded = excluded_ids(raw_rows, self.identities)

    def resolved(self, known: str) -> str:
        """The customer to whom an id belongs."""
        return self.identities.get(known, known)

    def local_day(self, moment: datetime) -> date:
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def interaction(self, row: Row) -> Interaction | None:
        """A row of `interactions`; None when it is set aside. The horizon is for later."""
        known, activity_type = text(row, "customer_id"), text(row, "activity_type")
        try:
            occurred_at = to_moment(text(row, "occurred_at"))
            loaded_at = to_moment(text(row, "loaded_at"))
            duration_seconds = to_number(text(row, "duration_seconds"))
            amount = to_number(text(row, "amount"))
            quantity = to_number(text(row, "quantity"))
            is_automated = to_flag(text(row, "is_automated"))
        except ValueError:
            return None
        if known is None or activity_type is None or occurred_at is None or is_automated:
            return None
        is_after_load = loaded_at is not None and occurred_at > loaded_at
        is_negative = duration_seconds is not None and duration_seconds < 0
        is_unlisted = activity_type not in self.settings.activity_types
        if is_after_load or is_negative:
            return None
        if is_unlisted and self.variables.strict_activity_types:
            return None
        if known in self.excluded:
            return None
        customer_id = self.resolved(known)
        return Interaction(
            interaction_id=text(row, "interaction_id"),
            customer_id=customer_id,
            order_id=text(row, "order_id"),
            session_id=text(row, "session_id"),
            activity_type=activity_type,
            channel=text(row, "channel"),
            duration_seconds=duration_seconds,
            amount=amount,
            quantity=quantity,
            occurred_at=occurred_at,
            occurred_on=self.local_day(occurred_at),
            loaded_at=loaded_at,
        )

    def answer(self, row: Row, last_day: date) -> Answer | None:
        """A row of `survey_responses`; None when it is set aside."""
        known, name = text(row, "customer_id"), text(row, "survey_type")
        try:
            rating = to_number(text(row, "rating"))
            responded_at = to_moment(text(row, "responded_at"))
        except ValueError:
            return None
        if known is None or name is None or rating is None or responded_at is None:
            return None
        survey_type = self.settings.survey_types.get(name)
        if survey_type is None or not survey_type.scale_min <= rating <= survey_type.scale_max:
            return None
        customer_id, responded_on = self.resolved(known), self.local_day(responded_at)
        if known in self.excluded or responded_on > last_day:
            return None
        return Answer(
            response_id=text(row, "response_id"),
            customer_id=customer_id,
            survey_type=name,
            rating=rating,
            comment=text(row, "comment"),
            responded_at=responded_at,
            responded_on=responded_on,
        )


def first_and_last_day(days: Sequence[date], gap_days: int) -> tuple[date, date]:
    """Where the data begin and end, from the days of all accepted rows.

    They begin after the strays, which lie over a year before the rest and are at most a hundredth
    of the rows. They end before a gap of `gap_days` days without any event, if at least half of
    the rows lie before it.
    """
    ordered = sorted(set(days))
    first = ordered[0]
    for previous, following in pairwise(ordered):
        gap = (following - previous).days
        before = sum(each <= previous for each in days) if gap > gap_days else 0
        if gap > 365 and 100 * before <= len(days):
            first = following
        if gap > gap_days and 2 * before >= len(days):
            return first, previous
    return first, ordered[-1]


def least_content(copy: Interaction) -> list[tuple[bool, Decimal | str]]:
    """What copies of one load are told apart by; a missing value comes last."""
    values = [
        copy.customer_id,
        copy.order_id,
        copy.session_id,
        copy.activity_type,
        copy.channel,
        copy.duration_seconds,
        copy.amount,
        copy.quantity,
        copy.occurred_at.isoformat(),
    ]
    return [(value is None, "" if value is None else value) for value in values]


def ledger(interactions: Iterable[Interaction]) -> list[Interaction]:
    """Every interaction once: of the copies of an id the one loaded first, then the least content.

    A copy without a load comes last; a row without an id is no copy of any other.
    """
    counted, copies = [], defaultdict(list)
    for each in interactions:
        if each.interaction_id is None:
            counted.append(each)
        else:
            copies[each.interaction_id].append(each)
    for given in copies.values():
        counted.append(
            min(given, key=lambda copy: (copy.loaded_at or datetime.max, least_content(copy)))
        )
    return counted


def counted_answers(answers: Iterable[Answer]) -> list[Answer]:
    """Every answer once: of the copies of an id the earliest."""
    counted, copies = [], defaultdict(list)
    for each in answers:
        if each.response_id is None:
            counted.append(each)
        else:
            copies[each.response_id].append(each)
    for given in copies.values():
        counted.append(min(given, key=lambda copy: (copy.responded_at, copy.rating)))
    return counted


def read_people(rows: Iterable[Row], judge: Judge) -> dict[str, Customer]:
    """The customers of whom there is a row that is not set aside.

    Of the rows that hold from one day on the one under the customer's own id counts, of those the
    last.
    """
    held: dict[tuple[str, date], list[tuple[bool, datetime, Row]]] = defaultdict(list)
    for row in rows:
        known = text(row, "customer_id")
        try:
            to_moment(text(row, "signed_up_at"))
            valid_from = to_moment(text(row, "valid_from"))
            to_flag(text(row, "is_internal"))
        except ValueError:
            continue
        if known is not None and (customer_id := judge.resolved(known)) not in judge.excluded:
            begins = date.min if valid_from is None else judge.local_day(valid_from)
            given = (known == customer_id, valid_from or datetime.min, row)
            held[customer_id, begins].append(given)

    people: dict[str, Customer] = {}
    for (customer_id, begins), rows_of_day in sorted(held.items()):
        row = max(rows_of_day, key=lambda each: each[:2])[2]
        customer = people.setdefault(customer_id, Customer(customer_id))
        customer.attributes.append((begins, row))
        if (signed_up_at := to_moment(text(row, "signed_up_at"))) is not None:
            signed_up_on = judge.local_day(signed_up_at)
            customer.signed_up_on = min(signed_up_on, customer.signed_up_on or signed_up_on)
    return people


def read_inputs(raw_rows: Rows, settings: Settings, variables: Variables) -> Inputs:
    """Judges every row, and hands out what counts by customer."""
    judge = Judge(raw_rows, settings, variables)
    judged = [judge.interaction(row) for row in raw_rows["interactions"]]
    accepted = [each for each in judged if each is not None]
    first_day, last_day = first_and_last_day(
        [each.occurred_on for each in accepted], variables.horizon_gap_days
    )
    answers = [judge.answer(row, last_day) for row in raw_rows.get("survey_responses", [])]

    customers = read_people(raw_rows.get("customers", []), judge)
    for interaction in ledger(accepted):
        if not first_day <= interaction.occurred_on <= last_day:
            continue
        customer_id = interaction.customer_id
        customers.setdefault(customer_id, Customer(customer_id)).interactions.append(interaction)
    for answer in counted_answers(each for each in answers if each is not None):
        customer_id = answer.customer_id
        customers.setdefault(customer_id, Customer(customer_id)).answers.append(answer)
    return Inputs(list(customers.values()), first_day, last_day)
