"""Make the demo company: six CSV seeds with known stories and known faults.

    python seeds/demo/generate.py [--out DIR]

The company sells a subscription (free, pro, enterprise) and add-ons, and has a few stores. Most
of its customers only follow their habits; on top of those come stories that a mart has to find,
and faults that staging has to set aside. `docs/demo.md` lists both, and the tests count them.

Every run gives the same bytes. Nothing reads the clock, and every part draws from a generator of
its own, seeded by its name, so a story added here does not change the customers of the others.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

SEED = "customer_engagement demo 1"

FIRST_DAY = date(2024, 7, 1)  # a Monday
LAST_DAY = date(2025, 6, 29)  # a Sunday: the last week that is complete
CLOSING_DAY = date(2025, 6, 30)  # its events prove that the last week is complete
LOAD_TIME = time(3, 0)  # the night after

# The people, in blocks of ids. Change a size, and the ids behind it move.
STORY_CUSTOMERS = 12  # c001 to c012
HANGING_ACCOUNT_SEATS = 12
BROAD_ACCOUNT_SEATS = 8
CHURNING_SEGMENT = 32
BACKGROUND = 305
INTERNAL = 4
ERASED = 1
NEVER_ACTIVE = 8
GUESTS = 12  # they interact, but have no customers row

# The stories. A date names the day on which the story turns.
DIP = (date(2024, 12, 23), date(2025, 1, 5))
DIP_LEVEL = 0.3
DECLINE_STARTS = date(2025, 3, 3)
DECLINE_ENDS_AT = 0.08
CAMPAIGN = (date(2025, 4, 28), date(2025, 5, 11))
CAMPAIGN_MAILS = (date(2025, 4, 29), date(2025, 5, 6), date(2025, 5, 9))
CAMPAIGN_SIZE = 100
EXPERIMENT = "onboarding_checklist"
EXPERIMENT_SIZE = 240
EXPERIMENT_STARTS = date(2025, 2, 3)
TREATMENT_EFFECT = 1.3  # product sessions of the treated, from the day after the assignment
GAMING_DAY = date(2025, 6, 18)
GAMING_LIKES = 120
FOLLOW_UPS_FROM = date(2025, 5, 1)  # since then, only c003 and c006 were not called back

# The faults: how many rows of each. docs/demo.md repeats the numbers, and a test compares them.
INTERACTION_FAULTS = {
    "missing customer_id": 6,
    "missing activity_type": 5,
    "missing occurred_at": 5,
    "unreadable occurred_at": 6,
    "occurred after its own load": 6,
    "after the horizon": 2,
    "negative duration": 5,
    "unreadable number": 5,
    "automated": 12,
    "internal customer": 60,
    "erased customer": 14,
    "duplicate, same load, same content": 12,
    "duplicate, same load, other amount": 4,
    "duplicate, later load, same content": 10,
    "duplicate, later load, other amount": 6,
    "late": 60,
    "unlisted activity webinar_joined": 40,
    "unlisted activity chatbot_opened": 6,
}
SURVEY_FAULTS = {
    "unknown survey type": 3,
    "rating out of scale": 5,
    "unreadable rating": 3,
    "missing customer_id": 3,
    "missing responded_at": 2,
    "unreadable responded_at": 2,
    "duplicate response_id": 4,
    "internal customer": 2,
    "erased customer": 1,
}

REGIONS = ("north", "south", "west", "east")
WEEKDAY_RHYTHM = (1.15, 1.25, 1.2, 1.15, 1.05, 0.65, 0.55)  # Monday first
HOUR_WEIGHTS = (1, 0.5, 0.3, 0.2, 0.3, 1, 3, 6, 9, 11, 11, 9, 8, 9, 10, 10, 9, 7, 6, 7, 8, 7, 4, 2)
VISIT_MIX: dict[str, float] = {
    "web": 36,
    "app": 40,
    "social": 11,
    "store": 5,
    "support": 3.5,
    "advocacy": 2.5,
}
ADD_ONS = (9.0, 19.0, 29.0, 49.0, 79.0, 120.0)
STORE_GOODS = (6.5, 12.5, 24.9, 39.0)
SCALES = {
    "csat": (1, 5),
    "nps": (0, 10),
    "loyalty": (1, 5),
    "brand": (1, 7),
    "affinity": (1, 7),
    "purchase_intent": (1, 5),
    "support_quality": (1, 5),
}

COMMENTS = {
    "negative": (
        "The export failed twice and nobody told me why.",
        "Too slow in the morning, I gave up waiting.",
        "I was charged twice and still wait for an answer.",
        "The new menu hides everything I need.",
        "Support closed my ticket without solving it.",
        "Very disappointing, we are looking at other tools.",
        "The app crashes whenever I attach a file.",
        "Expensive for what it does.",
        "I hate the constant pop-ups.",
        "The update broke our reports, a terrible week.",
        "Nobody called back although it was promised.",
        "Confusing settings and poor documentation.",
    ),
    "neutral": (
        "It does the job.",
        "Nothing special to report.",
        "We use it on Mondays, mostly for the weekly report.",
        "Some parts are fine, others need work.",
        "Still learning where things are.",
        "My colleague set it up for us.",
        "Neither better nor worse than last year.",
        "Came for the calendar, have not tried the rest.",
        "Ask me again after the summer.",
        "Average, with room to grow.",
    ),
    "positive": (
        "Saves our team an hour every day, great.",
        "Quick, friendly help, thank you.",
        "I love the new dashboard.",
        "Easy to set up and pleasant to use.",
        "Excellent value, I recommend it to other shops.",
        "The app works perfectly on the train.",
        "Happy with the templates, they look wonderful.",
        "The best tool we have bought this year.",
        "Everything arrived early and well packed.",
        "Clear answers from a very helpful team.",
        "Reliable every single day.",
        "My students enjoy it, and so do I.",
    ),
}


def generator(name: str) -> random.Random:
    """A random stream of its own for each part: parts do not disturb one another."""
    return random.Random(f"{SEED}: {name}")


@dataclass
class Customer:
    """One person, with the habits that drive the made interactions."""

    customer_id: str
    plan: str = "free"
    region: str = "north"
    signed_up: date = FIRST_DAY
    account_id: str = ""
    is_internal: bool = False
    is_erased: bool = False
    pace: float = 0.0  # visits a week, before rhythm and stories
    mood: float = 0.7  # satisfaction, 0 to 1
    mix: dict[str, float] = field(default_factory=lambda: dict(VISIT_MIX))
    buys: float = 0.2  # chance that a visit to the site ends in an order
    gets_mail: bool = False
    opens: float = 0.35
    silences: list[tuple[date, date]] = field(default_factory=list)  # both ends inclusive
    cancelled: date | None = None
    declines: bool = False
    treated_from: date | None = None
    is_story: bool = False

    def is_silent(self, day: date) -> bool:
        """True before sign-up, and in a planted silence."""
        return day < self.signed_up or any(start <= day <= end for start, end in self.silences)


@dataclass
class Interaction:
    """One accepted-looking event; the faults are made later, on its text."""

    customer_id: str
    activity_type: str
    occurred_at: datetime
    order_id: str = ""
    session_id: str = ""
    channel: str = ""
    duration_seconds: int | None = None
    amount: float | None = None
    quantity: int | None = None


@dataclass
class Answer:
    """One survey response."""

    customer_id: str
    survey_type: str
    rating: int
    responded_at: datetime
    comment: str = ""


Row = dict[str, str]

INTERACTION_COLUMNS = (
    "interaction_id",
    "customer_id",
    "activity_type",
    "occurred_at",
    "order_id",
    "session_id",
    "channel",
    "duration_seconds",
    "amount",
    "quantity",
    "is_automated",
    "loaded_at",
)
CUSTOMER_COLUMNS = (
    "customer_id",
    "account_id",
    "signed_up_at",
    "is_internal",
    "is_erased",
    "plan",
    "region",
)
ANSWER_COLUMNS = (
    "response_id",
    "customer_id",
    "survey_type",
    "rating",
    "responded_at",
    "comment",
)


class Company:
    """Everything made so far."""

    def __init__(self) -> None:
        """Start empty."""
        self.customers: list[Customer] = []
        self.guests: list[Customer] = []
        self.never_active: list[Customer] = []
        self.interactions: list[Interaction] = []
        self.answers: list[Answer] = []
        self.assignments: list[Row] = []
        self.identities: list[Row] = []
        self._sessions = 0
        self._orders = 0

    def people(self) -> list[Customer]:
        """Customers who may act: with a row, and guests without one."""
        return self.customers + self.guests

    def background(self) -> list[Customer]:
        """Customers in no story: the ones to sample from."""
        apart = [c.is_story or c.is_internal or c.is_erased or c.declines for c in self.customers]
        return [c for c, is_apart in zip(self.customers, apart, strict=True) if not is_apart]

    def add(self, who: Customer, activity_type: str, at: datetime, **values: object) -> None:
        """Record one interaction; `values` are fields of Interaction."""
        self.interactions.append(Interaction(who.customer_id, activity_type, at, **values))  # type: ignore[arg-type]

    def answer(self, who: Customer, survey_type: str, rating: int, at: datetime, said: str) -> None:
        """Record one survey response."""
        self.answers.append(Answer(who.customer_id, survey_type, rating, at, said))

    def new_session(self) -> str:
        """The next session id."""
        self._sessions += 1
        return f"s{self._sessions:04d}"

    def new_order(self) -> str:
        """The next order id."""
        self._orders += 1
        return f"o{self._orders:04d}"


# ------------------------------------------------------------------------------------------ helpers


def days(first: date, last: date) -> Iterator[date]:
    """All days from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute))


def some_moment(rng: random.Random, day: date) -> datetime:
    """A moment that follows the day's rhythm: busy at ten and at three, nearly quiet at night."""
    hour = rng.choices(range(24), HOUR_WEIGHTS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def some_day(rng: random.Random, first: date, last: date) -> date:
    """A day between first and last, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson count, by Knuth's product of uniforms: fine for the small means used here."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def clamp(value: float, low: float, high: float) -> float:
    """The value, kept within low and high."""
    return max(low, min(high, value))


# ------------------------------------------------------------------------------------------- people


def habits(rng: random.Random, who: Customer, median_pace: float) -> Customer:
    """Give a customer a pace, a mood, a mix of visits, a taste for buying and for e-mail."""
    lift = {"free": 0.8, "pro": 1.2, "enterprise": 1.1}[who.plan]
    who.pace = clamp(rng.lognormvariate(math.log(median_pace * lift), 0.85), 0.03, 2.8)
    who.mood = clamp(rng.gauss(0.74, 0.18), 0.08, 1.0)
    who.mix = {kind: weight * rng.gammavariate(2.0, 0.5) for kind, weight in VISIT_MIX.items()}
    who.buys = rng.betavariate(1.6, 6.0)
    who.gets_mail = rng.random() < 0.55
    who.opens = rng.betavariate(3.0, 5.5)
    return who


def some_sign_up(rng: random.Random) -> date:
    """Three in four customers joined before the data start, the others during the year."""
    if rng.random() < 0.75:
        return some_day(rng, date(2021, 2, 1), date(2024, 6, 28))
    return some_day(rng, FIRST_DAY, date(2025, 6, 8))


def account_sizes(rng: random.Random, people: int) -> list[int]:
    """Sizes of the accounts that hold this many people: most are small, a few have nine seats."""
    sizes: list[int] = []
    while sum(sizes) < people:
        sizes.append(min(rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 7, 9)), people - sum(sizes)))
    return sizes


def add_people(company: Company) -> None:
    """Fill the blocks of ids in their order."""
    numbers = iter(range(1, 1000))

    def next_id() -> str:
        return f"c{next(numbers):03d}"

    add_story_customers(company, next_id)
    add_hanging_account(company, next_id)
    add_broad_account(company, next_id)
    add_churning_segment(company, next_id)
    add_background(company, next_id)
    add_set_aside(company, next_id)
    add_never_active(company, next_id)
    rng = generator("guests")
    for _ in range(GUESTS):
        joined = some_day(rng, date(2024, 7, 1), date(2025, 4, 30))
        company.guests.append(habits(rng, Customer(next_id(), signed_up=joined), 0.3))


def add_background(company: Company, next_id: Callable[[], str]) -> None:
    """Ordinary customers: half sit in company accounts, the others came alone; some leave."""
    rng = generator("background")
    seats = [
        (f"k{number:02d}", "enterprise" if size >= 4 else "pro", rng.choice(REGIONS))
        for number, size in enumerate(account_sizes(rng, BACKGROUND // 2), start=3)
        for _ in range(size)
    ]
    for number in range(BACKGROUND):
        who = Customer(next_id(), signed_up=some_sign_up(rng))
        if number < len(seats):
            who.account_id, who.plan, who.region = seats[number]
        elif rng.random() < 0.65:
            # only free customers of the south are the churning segment
            who.plan, who.region = "free", rng.choice(("north", "west", "east"))
        else:
            who.plan, who.region = "pro", rng.choice(REGIONS)
        habits(rng, who, 0.31)
        if rng.random() < 0.16:
            leave(rng, who, some_day(rng, max(date(2024, 10, 1), who.signed_up), date(2025, 6, 10)))
        company.customers.append(who)


def leave(rng: random.Random, who: Customer, day: date) -> None:
    """A customer falls silent from this day; three in five cancel the day before."""
    who.silences.append((day, CLOSING_DAY))
    if rng.random() < 0.6:
        who.cancelled = max(who.signed_up, day - timedelta(days=1))


def add_set_aside(company: Company, next_id: Callable[[], str]) -> None:
    """Employees and one erased customer: their rows must reach no mart."""
    for number in range(INTERNAL):
        region = REGIONS[number % len(REGIONS)]
        company.customers.append(
            Customer(next_id(), "enterprise", region, date(2023, 1, 9), "k00", is_internal=True)
        )
    for _ in range(ERASED):
        company.customers.append(
            Customer(next_id(), "pro", "west", date(2023, 5, 15), is_erased=True)
        )


def add_never_active(company: Company, next_id: Callable[[], str]) -> None:
    """Customers without any interaction: insufficient data, not Low."""
    rng = generator("never active")
    for number in range(NEVER_ACTIVE):
        region = ("north", "west", "east")[number % 3]
        who = Customer(next_id(), "free", region, some_sign_up(rng), is_story=True)
        company.customers.append(who)
        company.never_active.append(who)


# ------------------------------------------------------------------------------------------- habits


def level(who: Customer, day: date) -> float:
    """How much of the usual pace is left on this day: the week, the dip, the decline."""
    value = WEEKDAY_RHYTHM[day.weekday()]
    if DIP[0] <= day <= DIP[1]:
        value *= DIP_LEVEL
    if who.declines and day >= DECLINE_STARTS:
        gone = (day - DECLINE_STARTS).days / (LAST_DAY - DECLINE_STARTS).days
        value *= 1 - (1 - DECLINE_ENDS_AT) * min(1.0, 1.6 * gone)
    return value


def live(company: Company) -> None:
    """Let all customers follow their habits, day by day."""
    visits = {
        "web": visit_site,
        "app": use_product,
        "social": be_social,
        "store": visit_store,
        "support": ask_support,
        "advocacy": advocate,
    }
    for who in company.people():
        rng = generator(f"habits of {who.customer_id}")
        total = sum(who.mix.values())
        for day in days(max(FIRST_DAY, who.signed_up), LAST_DAY):
            if who.is_silent(day):
                continue
            treated = who.treated_from is not None and day >= who.treated_from
            for kind, visit in visits.items():
                effect = TREATMENT_EFFECT if treated and kind == "app" else 1.0
                mean = who.pace / 7 * level(who, day) * who.mix.get(kind, 0.0) / total * effect
                for _ in range(poisson(rng, mean)):
                    visit(company, rng, who, some_moment(rng, day))


def visit_site(
    company: Company, rng: random.Random, who: Customer, at: datetime, channel: str = ""
) -> None:
    """A session on the site: a landing, some product pages, at times an order."""
    session = company.new_session()
    channel = channel or rng.choices(("seo", "ads", "direct"), (5, 2, 4))[0]
    seconds = int(clamp(rng.lognormvariate(4.9, 0.8), 8, 1800))
    company.add(
        who, "website_visit", at, session_id=session, channel=channel, duration_seconds=seconds
    )
    for _ in range(rng.choices((0, 1, 2, 3), (5, 4, 2, 1))[0]):
        at += timedelta(seconds=rng.randint(20, 400))
        company.add(who, "product_page_view", at, session_id=session)
    if rng.random() < who.buys:
        buy(company, rng, who, at + timedelta(seconds=rng.randint(40, 700)), ADD_ONS, session)


def use_product(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A session in the product: its length, and the features touched in it."""
    session = company.new_session()
    seconds = int(clamp(rng.lognormvariate(6.6, 0.9), 30, 3500))
    channel = rng.choices(("ios", "android", "desktop"), (3, 3, 5))[0]
    company.add(
        who, "product_session", at, session_id=session, channel=channel, duration_seconds=seconds
    )
    for _ in range(rng.choices((0, 1, 2, 3), (4, 4, 3, 2))[0]):
        at += timedelta(seconds=rng.randint(20, 700))
        company.add(who, "feature_use", at, session_id=session)


def be_social(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A like, a comment or a share; a second one now and then."""
    for _ in range(rng.choices((1, 2, 3), (6, 3, 1))[0]):
        kind = rng.choices(("social_like", "social_comment", "social_share"), (6, 2, 2))[0]
        company.add(who, kind, at)
        at += timedelta(seconds=rng.randint(15, 300))


def visit_store(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A visit to a store, within opening hours; half of them buy."""
    at = at.replace(hour=9 + at.hour % 10)
    company.add(who, "store_visit", at)
    if rng.random() < 0.5:
        buy(company, rng, who, at + timedelta(minutes=rng.randint(5, 40)), STORE_GOODS)


def buy(
    company: Company,
    rng: random.Random,
    who: Customer,
    at: datetime,
    prices: tuple[float, ...],
    session: str = "",
) -> None:
    """One order of one to three lines at one moment; a few are refunded in part."""
    order = company.new_order()
    for _ in range(rng.choices((1, 2, 3), (6, 3, 1))[0]):
        quantity = rng.choices((1, 2, 3), (7, 2, 1))[0]
        amount = rng.choice(prices) * quantity
        company.add(
            who,
            "purchase",
            at,
            order_id=order,
            session_id=session,
            amount=amount,
            quantity=quantity,
        )
    back = at + timedelta(days=rng.randint(2, 14), minutes=rng.randint(0, 90))
    if rng.random() < 0.06 and back.date() <= LAST_DAY:
        company.add(who, "refund", back, order_id=order, amount=amount)
    if rng.random() < 0.2:
        ask(company, rng, who, "csat", at + timedelta(days=2, minutes=rng.randint(0, 300)))


def ask_support(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A ticket, mostly followed up within three days, and at times rated."""
    company.add(who, "support_ticket", at)
    back = at + timedelta(hours=rng.randint(3, 60), minutes=rng.randint(0, 59))
    if rng.random() < 0.8 and back.date() <= LAST_DAY:
        company.add(who, "support_follow_up", back)
        if rng.random() < 0.5:
            ask(company, rng, who, "csat", back + timedelta(hours=rng.randint(1, 30)))
        if rng.random() < 0.4:
            ask(company, rng, who, "support_quality", back + timedelta(hours=rng.randint(1, 30)))


def advocate(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A review; from the satisfied, at times a referral."""
    kind = "referral" if rng.random() < 0.6 * who.mood else "review"
    company.add(who, kind, at)


def download_app(company: Company) -> None:
    """Half of the active customers install the app once: at sign-up, or some day in the year."""
    rng = generator("app downloads")
    for who in company.people():
        first = max(FIRST_DAY, who.signed_up)
        day = first if who.signed_up >= FIRST_DAY else some_day(rng, first, LAST_DAY)
        if who.pace and not who.is_story and rng.random() < 0.5 and not who.is_silent(day):
            channel = rng.choice(("ios", "android"))
            company.add(who, "app_download", some_moment(rng, day), channel=channel)


def close_the_year(company: Company) -> None:
    """Some visits on the Monday after, so that the week before is known to be complete."""
    rng = generator("closing day")
    present = [c for c in company.background() if c.pace and not c.is_silent(CLOSING_DAY)]
    for who in rng.sample(present, 9):
        at = at_hour(CLOSING_DAY, rng.randint(6, 15), rng.randrange(60))
        company.add(who, "website_visit", at, channel="seo", duration_seconds=rng.randint(20, 400))


# ------------------------------------------------------------------------------ mail, subscriptions


def send_newsletter(company: Company) -> None:
    """A letter on the first Tuesday of every second month, to all who agreed, silent or not."""
    rng = generator("newsletter")
    for year, month in ((2024, 8), (2024, 10), (2024, 12), (2025, 2), (2025, 4), (2025, 6)):
        first = date(year, month, 1)
        tuesday = first + timedelta(days=(1 - first.weekday()) % 7)
        for who in company.customers:
            if who.gets_mail and who.signed_up <= tuesday and not has_cancelled(who, tuesday):
                send_mail(company, rng, who, at_hour(tuesday, 8), "news", who.opens, 0.18)


def has_cancelled(who: Customer, day: date) -> bool:
    """True from the day of the cancellation."""
    return who.cancelled is not None and who.cancelled <= day


def send_mail(
    company: Company,
    rng: random.Random,
    who: Customer,
    at: datetime,
    channel: str,
    opens: float,
    clicks: float,
) -> datetime | None:
    """Send one e-mail; returns the moment of the click, if one follows."""
    at += timedelta(seconds=rng.randint(0, 1500))
    company.add(who, "email_sent", at, channel=channel)
    opened = at + timedelta(minutes=int(clamp(rng.lognormvariate(4.5, 1.3), 1, 2800)))
    if who.is_silent(opened.date()) or rng.random() > opens:
        return None
    company.add(who, "email_open", opened, channel=channel)
    if rng.random() > clicks:
        return None
    clicked = opened + timedelta(seconds=rng.randint(10, 240))
    company.add(who, "email_click", clicked, channel=channel)
    return clicked


def bill(company: Company) -> None:
    """Pro renews each quarter, the first seat of an enterprise account each year; some cancel."""
    rng = generator("billing")
    billed_accounts: set[str] = set()
    for who in company.customers:
        if who.cancelled is not None:
            company.add(who, "cancellation", some_moment(rng, who.cancelled))
        if who.is_story or who.is_internal or who.is_erased or who.plan == "free":
            continue
        every, price = 91, 87.0
        if who.plan == "enterprise":
            if who.account_id in billed_accounts:
                continue
            billed_accounts.add(who.account_id)
            seats = sum(other.account_id == who.account_id for other in company.customers)
            every, price = 365, 240.0 * seats
        day = who.signed_up + timedelta(days=every)
        while day <= LAST_DAY:
            if day >= FIRST_DAY and not who.is_silent(day) and not has_cancelled(who, day):
                company.add(who, "renewal", at_hour(day, 6, rng.randrange(60)), amount=price)
            day += timedelta(days=every)


# ------------------------------------------------------------------------------------------ surveys


def ask(company: Company, rng: random.Random, who: Customer, kind: str, at: datetime) -> None:
    """An answer that follows the mood; the silent do not answer, and stories are asked apart."""
    if who.is_story or who.is_silent(at.date()) or at.date() > date(2025, 6, 25):
        return
    low, high = SCALES[kind]
    mood = who.mood
    if who.declines and at.date() >= DECLINE_STARTS:
        mood -= 0.25
    felt = clamp(rng.gauss(mood + 0.05, 0.15), 0, 1)
    rating = low + round(felt * (high - low))
    said = comment(rng, (rating - low) / (high - low)) if rng.random() < 0.55 else ""
    company.answer(who, kind, rating, at, said)


def comment(rng: random.Random, scaled: float) -> str:
    """One or two sentences that match a rating on 0 to 1."""
    tone = "negative" if scaled <= 0.4 else "neutral" if scaled < 0.75 else "positive"
    return " ".join(rng.sample(COMMENTS[tone], rng.choices((1, 2), (4, 1))[0]))


def survey_everybody(company: Company) -> None:
    """NPS twice a year, and a panel of attitudes in autumn, winter and spring."""
    waves: list[tuple[date, date, float, tuple[str, ...]]] = [
        (date(2024, 11, 4), date(2024, 11, 22), 0.42, ("nps",)),
        (date(2025, 5, 5), date(2025, 5, 23), 0.42, ("nps",)),
    ]
    panel = ("loyalty", "brand", "affinity", "purchase_intent")
    for first in (date(2024, 9, 9), date(2025, 1, 20), date(2025, 4, 14)):
        waves.append((first, first + timedelta(days=18), 0.17, panel))
    for first, last, answering, kinds in waves:
        rng = generator(f"survey from {first}")
        for who in company.customers:
            if who.pace and rng.random() < answering:
                at = some_moment(rng, some_day(rng, first, last))
                for number, kind in enumerate(kinds):
                    ask(company, rng, who, kind, at + timedelta(minutes=number))


def follow_up_on_unhappy_answers(company: Company) -> None:
    """In the last two months the team calls back within four days, so the stories show."""
    rng = generator("follow-ups")
    people = {who.customer_id: who for who in company.people()}
    for given in company.answers:
        who = people[given.customer_id]
        if who.is_story or given.responded_at.date() < FOLLOW_UPS_FROM:
            continue
        if is_unhappy(given):
            back = given.responded_at + timedelta(hours=rng.randint(5, 90))
            company.add(who, "support_follow_up", back)


def is_unhappy(given: Answer) -> bool:
    """A detractor on NPS, or one of the two lowest marks on a satisfaction scale."""
    if given.survey_type == "nps":
        return given.rating <= 6
    return given.survey_type in ("csat", "support_quality") and given.rating <= 2


# ------------------------------------------------------------------------------ stories: the people


def add_story_customers(company: Company, next_id: Callable[[], str]) -> None:
    """c001 to c012, in the order of docs/demo.md; what they do comes further down."""
    no_support = {**VISIT_MIX, "support": 0, "store": 0, "advocacy": 0}
    long_ago = date(2023, 3, 6)
    after = CLOSING_DAY
    cast = [
        # c001 games: nearly silent but for one day of likes
        Customer("", "free", "west", date(2024, 11, 4), pace=0.25, buys=0.0),
        # c002 a promoter who goes quiet
        Customer("", "pro", "north", long_ago, pace=2.4, silences=[(date(2025, 4, 14), after)]),
        # c003 engaged but unhappy
        Customer("", "pro", "east", long_ago, pace=4.4),
        # c004 buys every 30 days and does nothing else
        Customer("", "pro", "west", long_ago),
        # c005 comes back after 29 weeks
        Customer("", "pro", "north", long_ago, pace=2.2),
        # c006 unhappy, and not called
        Customer("", "pro", "south", long_ago, pace=1.1),
        # c007 unhappy, and called the next day
        Customer("", "pro", "south", long_ago, pace=1.1),
        # c008 and c009 came in the last week
        Customer("", "free", "east", date(2025, 6, 25)),
        Customer("", "free", "north", date(2025, 6, 27)),
        # c010 and c011 also act under other ids
        Customer("", "pro", "west", long_ago, pace=2.2),
        Customer("", "free", "east", date(2024, 9, 16), pace=1.4),
        # c012 recommends
        Customer("", "pro", "east", long_ago, pace=1.2),
    ]
    cast[4].silences.append((date(2024, 10, 28), date(2025, 5, 18)))
    for who in cast[:STORY_CUSTOMERS]:
        who.customer_id, who.mix, who.is_story = next_id(), dict(no_support), True
        company.customers.append(who)


def add_hanging_account(company: Company, next_id: Callable[[], str]) -> None:
    """Account k01: twelve seats, all used once in July 2024, one used ever since."""
    for seat in range(HANGING_ACCOUNT_SEATS):
        who = Customer(next_id(), "enterprise", "north", date(2024, 6, 3), "k01", is_story=True)
        if seat == 0:
            who.pace, who.mix = 2.6, {"web": 30, "app": 70}
        company.customers.append(who)


def add_broad_account(company: Company, next_id: Callable[[], str]) -> None:
    """Account k02: eight seats, all of them in use; the healthy contrast to k01."""
    rng = generator("broad account")
    for _ in range(BROAD_ACCOUNT_SEATS):
        who = Customer(next_id(), "enterprise", "north", date(2024, 5, 13), "k02", is_story=True)
        who.pace, who.mix = rng.uniform(0.7, 1.2), {"web": 30, "app": 70}
        company.customers.append(who)


def add_churning_segment(company: Company, next_id: Callable[[], str]) -> None:
    """Every free customer of the south: busy until early March 2025, then less and less."""
    rng = generator("churning segment")
    for number in range(CHURNING_SEGMENT):
        joined = some_day(rng, date(2022, 1, 10), date(2024, 9, 29))
        who = habits(rng, Customer(next_id(), "free", "south", joined, declines=True), 0.8)
        who.pace = clamp(who.pace, 0.5, 1.4)
        if number % 3 == 0:  # one in three cancels: one a week from 8 Apr on
            gone = date(2025, 4, 8) + timedelta(days=7 * (number // 3))
            who.cancelled = gone
            who.silences.append((gone + timedelta(days=1), CLOSING_DAY))
        company.customers.append(who)


# ---------------------------------------------------------------------------- stories: what happens


def tell_stories(company: Company) -> None:
    """All planted stories that are more than a habit or a silence."""
    cast = {who.customer_id: who for who in company.customers}
    tell_gaming(company, cast["c001"])
    tell_quiet_promoter(company, cast["c002"])
    tell_engaged_unhappy(company, cast["c003"])
    tell_monthly_buyer(company, cast["c004"])
    tell_unanswered(company, cast["c006"])
    tell_answered(company, cast["c007"])
    tell_newcomers(company, cast["c008"], cast["c009"])
    tell_advocate(company, cast["c012"])
    tell_hanging_account(company)


def tell_gaming(company: Company, who: Customer) -> None:
    """120 likes in one morning: a daily cap must limit this."""
    rng = generator("gaming")
    at = at_hour(GAMING_DAY, 9)
    for _ in range(GAMING_LIKES):
        at += timedelta(seconds=rng.randint(20, 70))
        company.add(who, "social_like", at)


def tell_quiet_promoter(company: Company, who: Customer) -> None:
    """Recommends us warmly, then is not seen again."""
    company.answer(who, "nps", 9, at_hour(date(2024, 11, 12), 10, 5), "We enjoy working with it.")
    said = "Best decision of the year, I tell everybody."
    company.answer(who, "nps", 10, at_hour(date(2025, 4, 8), 15, 20), said)
    company.answer(who, "csat", 5, at_hour(date(2025, 3, 19), 9, 40), "Very happy, thank you.")


def tell_engaged_unhappy(company: Company, who: Customer) -> None:
    """Here nearly every day, and angrier by the month: locked in rather than loyal."""
    company.answer(who, "nps", 7, at_hour(date(2024, 11, 14), 11, 0), "Good, but a bit slow.")
    said = "We depend on it and it fails us every week. I would warn others."
    company.answer(who, "nps", 2, at_hour(date(2025, 6, 12), 16, 30), said)
    said = "Awful support, the same error for a month."
    company.answer(who, "csat", 1, at_hour(date(2025, 6, 19), 9, 15), said)
    for day in (date(2025, 5, 20), date(2025, 6, 3), date(2025, 6, 17)):
        company.add(who, "support_ticket", at_hour(day, 8, 50))


def tell_monthly_buyer(company: Company, who: Customer) -> None:
    """One order every 30 days, the last on 9 Jun 2025: twenty quiet days raise no alert."""
    for number in range(12):
        at = at_hour(date(2025, 6, 9) - timedelta(days=30 * number), 17, 10)
        session, order = company.new_session(), company.new_order()
        company.add(
            who,
            "website_visit",
            at,
            session_id=session,
            channel="direct",
            duration_seconds=240,
        )
        company.add(
            who,
            "purchase",
            at + timedelta(minutes=3),
            order_id=order,
            session_id=session,
            amount=58.0,
            quantity=2,
        )


def tell_unanswered(company: Company, who: Customer) -> None:
    """A ticket, a bad mark, and no call."""
    company.add(who, "support_ticket", at_hour(date(2025, 6, 3), 13, 45))
    said = "Three days without any answer, this is poor."
    company.answer(who, "csat", 1, at_hour(date(2025, 6, 6), 10, 0), said)


def tell_answered(company: Company, who: Customer) -> None:
    """The same complaint, called back within a day, and the mark recovers."""
    company.add(who, "support_ticket", at_hour(date(2025, 6, 3), 14, 20))
    said = "Still broken and nobody answers."
    company.answer(who, "csat", 2, at_hour(date(2025, 6, 6), 10, 30), said)
    company.add(who, "support_follow_up", at_hour(date(2025, 6, 7), 9, 0))
    said = "Solved on the phone, thank you, great help."
    company.answer(who, "csat", 4, at_hour(date(2025, 6, 16), 11, 10), said)


def tell_newcomers(company: Company, busy: Customer, curious: Customer) -> None:
    """Five and three exposed days on the last period's end: too few to be scored."""
    rng = generator("newcomers")
    for day in days(busy.signed_up, LAST_DAY):
        visit_site(company, rng, busy, at_hour(day, 10, 15))
        use_product(company, rng, busy, at_hour(day, 19, 5))
    company.add(curious, "website_visit", at_hour(curious.signed_up, 12, 30), channel="ads")


def tell_advocate(company: Company, who: Customer) -> None:
    """A referral and a review each month."""
    for month in range(7, 13):
        company.add(who, "referral", at_hour(date(2024, month, 11), 12, 5))
        company.add(who, "review", at_hour(date(2024, month, 25), 18, 40))
    for month in range(1, 7):
        company.add(who, "referral", at_hour(date(2025, month, 11), 12, 5))
        company.add(who, "review", at_hour(date(2025, month, 25), 18, 40))
    company.answer(who, "nps", 10, at_hour(date(2025, 5, 13), 9, 30), "I recommend it everywhere.")


def tell_hanging_account(company: Company) -> None:
    """The eleven other seats of k01 looked in once, in the first days, and never again."""
    seats = [who for who in company.customers if who.account_id == "k01"]
    for number, who in enumerate(seats[1:]):
        at = at_hour(date(2024, 7, 2) + timedelta(days=number), 9, 20)
        session = company.new_session()
        company.add(
            who,
            "product_session",
            at,
            session_id=session,
            channel="desktop",
            duration_seconds=420,
        )


def run_campaign(company: Company) -> None:
    """Three mails in two weeks to 100 customers, with offers that are clicked and bought."""
    rng = generator("campaign")
    reachable = [
        who
        for who in company.background()
        if who.gets_mail and who.signed_up < date(2025, 4, 1) and not who.is_silent(LAST_DAY)
    ]
    for who in rng.sample(reachable, CAMPAIGN_SIZE):
        for day in CAMPAIGN_MAILS:
            opens = clamp(who.opens + 0.2, 0, 0.9)
            clicked = send_mail(company, rng, who, at_hour(day, 9), "spring", opens, 0.5)
            if clicked is not None:
                shop_after_click(company, rng, who, clicked)


def shop_after_click(company: Company, rng: random.Random, who: Customer, at: datetime) -> None:
    """A click on the offer leads to the site, and half of the time to an order."""
    usual, who.buys = who.buys, 0.5
    visit_site(company, rng, who, at + timedelta(seconds=5), channel="spring")
    who.buys = usual


def use_before_experiment(who: Customer) -> float:
    """Product sessions to be expected of a customer before the experiment starts."""
    present = [day for day in days(FIRST_DAY, EXPERIMENT_STARTS) if not who.is_silent(day)]
    return who.pace / 7 * who.mix["app"] / sum(who.mix.values()) * len(present)


def run_experiment(company: Company) -> None:
    """Half of 240 customers get a checklist; it lifts their product sessions by 30%."""
    rng = generator("experiment")
    eligible = [who for who in company.background() if who.signed_up < date(2025, 2, 1)]
    # drawn within pairs of similar use so far: chance would hide so small an effect
    sample = sorted(rng.sample(eligible, EXPERIMENT_SIZE), key=use_before_experiment)
    variants: list[str] = []
    for who in sample:
        if not variants:
            variants = rng.sample(("control", "treatment"), 2)
        variant = variants.pop()
        assigned = some_moment(rng, some_day(rng, EXPERIMENT_STARTS, date(2025, 2, 16)))
        if variant == "treatment":
            who.treated_from = assigned.date() + timedelta(days=1)
        company.assignments.append(
            {
                "experiment_id": EXPERIMENT,
                "customer_id": who.customer_id,
                "variant": variant,
                "assigned_at": str(assigned),
            }
        )


def split_identities(company: Company) -> None:
    """Some interactions carry a device's id; the map says whose device it is."""
    rng = generator("identities")
    devices = {"a001": "c010", "a002": "c010", "a003": "c011"}
    company.identities = [{"id": i, "customer_id": c} for i, c in devices.items()]
    ids_of_sessions: dict[str, str] = {}
    for event in company.interactions:
        own = [device for device, owner in devices.items() if owner == event.customer_id]
        if own:
            drawn = rng.choice([event.customer_id, *own])
            session = event.session_id or f"none {len(ids_of_sessions)}"
            event.customer_id = ids_of_sessions.setdefault(session, drawn)


# ------------------------------------------------------------------------------------------- faults


def add_set_aside_rows(company: Company) -> None:
    """What employees and the erased customer did, before their flags were known."""
    rng = generator("set aside")
    internal = [who for who in company.customers if who.is_internal]
    for number in range(INTERACTION_FAULTS["internal customer"]):
        at = some_moment(rng, some_day(rng, FIRST_DAY, LAST_DAY))
        company.add(internal[number % len(internal)], "feature_use", at)
    erased = next(who for who in company.customers if who.is_erased)
    for _ in range(INTERACTION_FAULTS["erased customer"]):
        at = some_moment(rng, some_day(rng, FIRST_DAY, LAST_DAY))
        company.add(erased, "product_page_view", at)
    for who in internal[: SURVEY_FAULTS["internal customer"]]:
        company.answer(who, "csat", 5, at_hour(date(2025, 3, 12), 11), "Testing the form.")
    company.answer(erased, "nps", 8, at_hour(date(2024, 11, 15), 14), "Works well for me.")


def add_unlisted_activities(company: Company) -> None:
    """Activities that the seed does not name: accepted at no points, and listed by volume."""
    rng = generator("unlisted")
    for kind in ("webinar_joined", "chatbot_opened"):
        for _ in range(INTERACTION_FAULTS[f"unlisted activity {kind}"]):
            day = some_day(rng, date(2024, 9, 2), LAST_DAY)
            present = [who for who in company.background() if who.pace and not who.is_silent(day)]
            company.add(rng.choice(present), kind, some_moment(rng, day))


def interaction_rows(company: Company) -> list[Row]:
    """The interactions as text, numbered in the order of time, loaded the night after."""
    company.interactions.sort(key=lambda e: (e.occurred_at, e.customer_id, e.activity_type))
    rows = []
    for number, event in enumerate(company.interactions, start=1):
        loaded = datetime.combine(event.occurred_at.date() + timedelta(days=1), LOAD_TIME)
        rows.append(
            {
                "interaction_id": f"i{number:05d}",
                "customer_id": event.customer_id,
                "activity_type": event.activity_type,
                "occurred_at": str(event.occurred_at),
                "order_id": event.order_id,
                "session_id": event.session_id,
                "channel": event.channel,
                "duration_seconds": text(event.duration_seconds),
                "amount": "" if event.amount is None else f"{event.amount:.2f}",
                "quantity": text(event.quantity),
                "is_automated": "",
                "loaded_at": str(loaded),
            }
        )
    return rows


def text(value: int | None) -> str:
    """A number as written in the file; nothing for None."""
    return "" if value is None else str(value)


def faulty_rows(company: Company) -> list[Row]:
    """Rows that staging has to reject, each for one reason only; their ids start with f."""
    rng = generator("faults")
    people = [who for who in company.background() if who.pace and not who.silences]
    rows: list[Row] = []

    def add(fault: str, *changes: Row) -> None:
        for number in range(INTERACTION_FAULTS[fault]):
            day = some_day(rng, date(2025, 1, 6), date(2025, 6, 20))
            row = dict.fromkeys(INTERACTION_COLUMNS, "")
            row["interaction_id"] = f"f{len(rows) + 1:04d}"
            row["customer_id"] = rng.choice(people).customer_id
            row["activity_type"] = "website_visit"
            row["occurred_at"] = str(some_moment(rng, day))
            row["loaded_at"] = str(datetime.combine(day + timedelta(days=1), LOAD_TIME))
            row.update(changes[number % len(changes)])
            rows.append(row)

    add("missing customer_id", {"customer_id": ""})
    add("missing activity_type", {"activity_type": ""})
    add("missing occurred_at", {"occurred_at": ""})
    add(
        "unreadable occurred_at",
        {"occurred_at": "yesterday"},
        {"occurred_at": "2025-13-45 10:00:00"},
        {"occurred_at": "10 o'clock"},
    )
    add("occurred after its own load", {"loaded_at": "2025-01-05 03:00:00"})
    # without a load time, so that the horizon is the only rule that they break
    add(
        "after the horizon",
        {"occurred_at": "2099-12-31 23:59:59", "loaded_at": ""},
        {"occurred_at": "2027-03-01 08:00:00", "loaded_at": ""},
    )
    add("negative duration", {"activity_type": "product_session", "duration_seconds": "-300"})
    add(
        "unreadable number",
        {"activity_type": "purchase", "amount": "n/a", "quantity": "1"},
        {"activity_type": "purchase", "amount": "29.00", "quantity": "two"},
        {"activity_type": "product_session", "duration_seconds": "5 min"},
    )
    add("automated", {"is_automated": "true", "duration_seconds": "1", "channel": "ads"})
    return rows


def duplicate_rows(rows: list[Row], ordinary: set[str]) -> list[Row]:
    """Rows repeated under their own id: the first load counts, whatever it says."""
    rng = generator("duplicates")
    again: list[Row] = []
    eligible = [
        row for row in rows if row["loaded_at"] < "2025-06-01" and row["customer_id"] in ordinary
    ]
    priced = [row for row in eligible if row["activity_type"] == "purchase"]
    plain = [row for row in eligible if row["activity_type"] in ("website_visit", "feature_use")]
    for load in ("same", "later"):
        for content, originals in (("same", plain), ("other amount", priced)):
            name = f"duplicate, {load} load, {content}"
            name += " content" if content == "same" else ""
            for row in rng.sample(originals, INTERACTION_FAULTS[name]):
                originals.remove(row)
                copy = dict(row)
                if load == "later":
                    loaded = datetime.fromisoformat(row["loaded_at"])
                    copy["loaded_at"] = str(loaded + timedelta(days=rng.randint(1, 9)))
                if content == "other amount":
                    copy["amount"] = f"{float(row['amount']) + 5:.2f}"
                again.append(copy)
    return again


def delay_loads(rows: list[Row], ordinary: set[str], untouched: set[str]) -> None:
    """Some rows arrive 20 to 60 days late: published periods have to be restated for them."""
    rng = generator("late rows")
    eligible = [
        row
        for row in rows
        if "2024-08-01" < row["occurred_at"] < "2025-05-30"
        and row["customer_id"] in ordinary
        and row["interaction_id"] not in untouched
    ]
    for row in rng.sample(eligible, INTERACTION_FAULTS["late"]):
        day = datetime.fromisoformat(row["occurred_at"]).date()
        delay = rng.randint(20, min(60, (CLOSING_DAY - day).days))
        row["loaded_at"] = str(datetime.combine(day + timedelta(days=delay), LOAD_TIME))


def answer_rows(company: Company) -> list[Row]:
    """The survey responses as text, numbered in the order of time."""
    company.answers.sort(key=lambda a: (a.responded_at, a.customer_id, a.survey_type))
    return [
        {
            "response_id": f"r{number:04d}",
            "customer_id": given.customer_id,
            "survey_type": given.survey_type,
            "rating": str(given.rating),
            "responded_at": str(given.responded_at),
            "comment": given.comment,
        }
        for number, given in enumerate(company.answers, start=1)
    ]


def faulty_answers(company: Company) -> list[Row]:
    """Survey responses that staging has to reject, each for one reason; their ids start with g."""
    rng = generator("survey faults")
    people = [who for who in company.background() if who.pace and not who.silences]
    rows: list[Row] = []

    def add(fault: str, *changes: Row) -> None:
        for number in range(SURVEY_FAULTS[fault]):
            day = some_day(rng, date(2025, 1, 6), date(2025, 6, 20))
            row = {
                "response_id": f"g{len(rows) + 1:03d}",
                "customer_id": rng.choice(people).customer_id,
                "survey_type": "csat",
                "rating": "4",
                "responded_at": str(some_moment(rng, day)),
                "comment": "",
            }
            row.update(changes[number % len(changes)])
            rows.append(row)

    add("unknown survey type", {"survey_type": "website_poll"})
    add(
        "rating out of scale",
        {"survey_type": "nps", "rating": "11"},
        {"survey_type": "csat", "rating": "0"},
        {"survey_type": "brand", "rating": "8"},
        {"survey_type": "nps", "rating": "-1"},
        {"survey_type": "csat", "rating": "99"},
    )
    add("unreadable rating", {"rating": "five"}, {"rating": "n/a"}, {"rating": "4/5"})
    add("missing customer_id", {"customer_id": ""})
    add("missing responded_at", {"responded_at": ""})
    add("unreadable responded_at", {"responded_at": "last week"}, {"responded_at": "2025-02-30"})
    return rows


def duplicate_answers(rows: list[Row], ordinary: set[str]) -> list[Row]:
    """Responses that were exported twice."""
    rng = generator("duplicate answers")
    eligible = [row for row in rows if row["customer_id"] in ordinary]
    return [dict(row) for row in rng.sample(eligible, SURVEY_FAULTS["duplicate response_id"])]


# ---------------------------------------------------------------------------------------- the files


def customer_rows(company: Company) -> list[Row]:
    """The customers table; flags are blank where they do not apply."""
    return [
        {
            "customer_id": who.customer_id,
            "account_id": who.account_id,
            "signed_up_at": str(who.signed_up),
            "is_internal": "true" if who.is_internal else "",
            "is_erased": "true" if who.is_erased else "",
            "plan": who.plan,
            "region": who.region,
        }
        for who in company.customers
    ]


def event_rows() -> list[Row]:
    """What moved many customers at once, from the company's calendar."""
    events = [
        (DIP, "season", "the holidays, everybody does less"),
        (CAMPAIGN, "campaign", "spring offers, three mails to 100 customers"),
    ]
    return [
        {"starts_on": str(first), "ends_on": str(last), "kind": kind, "note": note}
        for (first, last), kind, note in events
    ]


def make_company() -> Company:
    """The whole year, in the order in which one part needs another."""
    company = Company()
    add_people(company)
    run_experiment(company)
    live(company)
    download_app(company)
    send_newsletter(company)
    run_campaign(company)
    bill(company)
    survey_everybody(company)
    tell_stories(company)
    follow_up_on_unhappy_answers(company)
    split_identities(company)
    add_unlisted_activities(company)
    add_set_aside_rows(company)
    close_the_year(company)
    return company


def make_files(company: Company) -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """File name to its columns and rows; the interactions are in the order of their loads."""
    ordinary = {who.customer_id for who in company.background()}  # faults must not blur a story
    interactions = interaction_rows(company)
    again = duplicate_rows(interactions, ordinary)
    delay_loads(interactions, ordinary, {row["interaction_id"] for row in again})
    interactions += again + faulty_rows(company)
    interactions.sort(key=lambda row: (row["loaded_at"] or "9999", row["interaction_id"]))
    answers = answer_rows(company)
    answers += duplicate_answers(answers, ordinary) + faulty_answers(company)
    assignments = sorted(company.assignments, key=lambda row: row["customer_id"])
    return {
        "demo_interactions": (INTERACTION_COLUMNS, interactions),
        "demo_customers": (CUSTOMER_COLUMNS, customer_rows(company)),
        "demo_survey_responses": (ANSWER_COLUMNS, answers),
        "demo_experiment_assignments": (
            ("experiment_id", "customer_id", "variant", "assigned_at"),
            assignments,
        ),
        "demo_identities": (("id", "customer_id"), company.identities),
        "demo_external_events": (("starts_on", "ends_on", "kind", "note"), event_rows()),
    }


def write_files(folder: Path) -> None:
    """Write the six seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (columns, rows) in make_files(make_company()).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Read the command line, write the files."""
    parser = argparse.ArgumentParser(description="Make the demo company's seeds.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="target folder")
    write_files(parser.parse_args().out)


if __name__ == "__main__":
    main()
