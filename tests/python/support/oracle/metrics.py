"""Every metric of a customer on a period's end, over one window, counted from the interactions.

Values are exact fractions in the metric's unit; None where the customer has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median

from oracle.inputs import Answer, Customer, Interaction
from oracle.settings import Settings, SurveyType

Value = Fraction | None
Events = list[Interaction]
# Per comment how favourable its words are, -1..1: a library's number, which no loop can find.
Polarities = Mapping[str, float | None]

CONVERTING = ("conversion", "purchase")
# 0 for a customer without any, once the company records such a thing at all; until then None.
RECORDED_FIRST = (
    "time_spent",
    "social_engagement",
    "conversion_rate",
    "purchase_frequency",
    "lifetime_value",
    "advocacy",
)
# Of whose valid ratings the mean counts; of nps it is the latest.
MEAN_ATTITUDES = (
    "csat",
    "loyalty",
    "brand_perception",
    "brand_affinity",
    "purchase_intent",
    "support_quality",
)


class History:
    """A customer's interactions by what they count as."""

    def __init__(self, customer: Customer, settings: Settings) -> None:
        self.answers = customer.answers
        by_role: dict[str, Events] = defaultdict(list)
        self.engaged: Events = []
        self.social: Events = []
        self.answering: Events = []
        # An exposure stands here once for every activity that it gives the chance of.
        self.exposures: Events = []
        for each in customer.interactions:
            what = settings.activity(each.activity_type)
            by_role[what.role].append(each)
            if what.is_engaged:
                self.engaged.append(each)
                if what.touchpoint == "social":
                    self.social.append(each)
            if what.exposed_by is not None:
                self.answering.append(each)
            for other in settings.activity_types.values():
                if other.exposed_by == each.activity_type:
                    self.exposures.append(each)
        self.purchases = by_role["purchase"]
        self.renewals = by_role["renewal"]
        self.refunds = by_role["refund"]
        self.cancellations = by_role["cancellation"]
        self.referrals = by_role["referral"]
        self.converting = [each for role in CONVERTING for each in by_role[role]]
        self.orders = grouped(self.purchases, [each.order_id for each in self.purchases])
        visits = [each for each in self.engaged if each.session_id is not None]
        self.sessions = grouped(visits, [each.session_id for each in visits])


def grouped(events: Events, keys: Sequence[str | None]) -> list[Events]:
    """Events of one key together, in order of time; one without a key is a group of its own.

    The group that begins first stands first.
    """
    groups: dict[str, Events] = defaultdict(list)
    found = []
    for each, key in zip(events, keys, strict=True):
        if key is None:
            found.append([each])
        else:
            groups[key].append(each)
    found.extend(sorted(group, key=lambda each: each.occurred_at) for group in groups.values())
    return sorted(found, key=lambda group: group[0].occurred_at)


def first_records(histories: Iterable[History]) -> Mapping[str, date]:
    """Per metric of RECORDED_FIRST: since when the company records such a thing at all."""
    days: dict[str, list[date]] = defaultdict(list)
    for history in histories:
        timed = [each for each in history.engaged if each.duration_seconds is not None]
        paid = [
            each
            for each in history.purchases + history.renewals + history.refunds
            if each.amount is not None
        ]
        for metric, events in {
            "time_spent": timed,
            "social_engagement": history.social,
            "conversion_rate": history.converting,
            "purchase_frequency": history.purchases,
            "lifetime_value": paid,
            "advocacy": history.referrals,
        }.items():
            days[metric].extend(each.occurred_on for each in events)
    return {metric: min(found) for metric, found in days.items() if found}


@dataclass(frozen=True)
class Window:
    """The days that count on a period's end, both inclusive."""

    first: date
    last: date

    def of(self, events: Events) -> Events:
        return [each for each in events if self.first <= each.occurred_on <= self.last]

    def ever(self, events: Events) -> Events:
        return [each for each in events if each.occurred_on <= self.last]

    def beginning(self, groups: list[Events]) -> list[Events]:
        """Orders or sessions that begin in it, with what follows of them."""
        return [group for group in groups if self.first <= group[0].occurred_on <= self.last]


def metric_values(
    history: History,
    window: Window,
    exposed_days: int,
    recorded: Mapping[str, date],
    survey_types: Mapping[str, SurveyType],
    polarities: Polarities,
) -> dict[str, Value]:
    """All metrics but decayed_points at the end of the window."""
    engaged = window.of(history.engaged)
    seconds = total(each.duration_seconds for each in engaged)
    purchases, refunds = window.of(history.purchases), window.of(history.refunds)
    orders = window.beginning(history.orders)
    sessions = window.beginning(history.sessions)
    ever_paid = window.ever(history.purchases + history.renewals)

    per_30_days: dict[str, Fraction | int] = {
        "interaction_frequency": len(engaged),
        "active_days": len({each.occurred_on for each in engaged}),
        "time_spent": seconds / 60,
        "social_engagement": len(window.of(history.social)),
        "purchase_frequency": len(orders),
        "advocacy": len(window.of(history.referrals)),
    }
    values: dict[str, Value] = {
        metric: Fraction(count) * 30 / exposed_days for metric, count in per_30_days.items()
    }
    values |= {
        "recency_days": recency_days(history, window),
        "interaction_depth": Fraction(len({each.activity_type for each in engaged})),
        "session_depth": ratio(sum(len(session) for session in sessions), len(sessions)),
        "conversion_rate": conversion_rate(history, window),
        "click_through_rate": click_through_rate(history, window),
        "average_order_value": (
            money(purchases, refunds) / len(orders)
            if orders and any(each.amount is not None for each in purchases + refunds)
            else None
        ),
        "lifetime_value": money(ever_paid, window.ever(history.refunds)),
        "repeat_purchase_rate": ratio(
            sum(order is not history.orders[0] for order in orders), len(orders)
        ),
        "basket_size": (
            total(each.quantity for each in purchases) / len(orders)
            if orders and any(each.quantity is not None for each in purchases)
            else None
        ),
        "churn": churn(history, window),
        # Not to be scored, but what tells a silence.
        "usual_gap_days": usual_gap_days(history, window),
        "renewal_rate": renewal_rate(history, window),
    }
    for metric in RECORDED_FIRST:
        if metric not in recorded or recorded[metric] > window.last:
            values[metric] = None
    return values | attitudes(history.answers, window.last, survey_types, polarities)


def total(values: Iterable[Decimal | None]) -> Fraction:
    """The exact sum of what there is."""
    return Fraction(sum((value for value in values if value is not None), Decimal(0)))


def mean(values: Sequence[Fraction]) -> Value:
    return sum(values, Fraction(0)) / len(values) if values else None


def ratio(part: int, whole: int) -> Value:
    return Fraction(part, whole) if whole else None


def money(paid: Events, refunds: Events) -> Fraction:
    """What came in less what went back, whichever sign a refund has."""
    return total(each.amount for each in paid) - total(
        abs(each.amount or Decimal(0)) for each in refunds
    )


def recency_days(history: History, window: Window) -> Value:
    """Days since the last engaged interaction ever."""
    days = [each.occurred_on for each in window.ever(history.engaged)]
    return Fraction((window.last - max(days)).days) if days else None


def conversion_rate(history: History, window: Window) -> Value:
    """Share of the sessions with a conversion or purchase; without a session, of the days."""
    converting = {id(each) for each in history.converting}
    sessions = window.beginning(history.sessions)
    if sessions:
        converted = [any(id(each) in converting for each in session) for session in sessions]
        return ratio(sum(converted), len(sessions))
    days = {each.occurred_on for each in window.of(history.engaged)}
    return ratio(len({each.occurred_on for each in window.of(history.converting)}), len(days))


def click_through_rate(history: History, window: Window) -> Value:
    """Answers by exposures, at most 1."""
    found = ratio(len(window.of(history.answering)), len(window.of(history.exposures)))
    return None if found is None else min(found, Fraction(1))


def churn(history: History, window: Window) -> Value:
    """Cancelled and not renewed since, or silent for over three times the own median gap."""
    cancelled_at = max(
        (each.occurred_at for each in window.ever(history.cancellations)), default=None
    )
    if cancelled_at is not None and not any(
        each.occurred_at >= cancelled_at for each in window.ever(history.renewals)
    ):
        return Fraction(1)
    gap, silent = usual_gap_days(history, window), recency_days(history, window)
    if gap is not None and silent is not None:
        return Fraction(silent > 3 * gap)
    return None if cancelled_at is None else Fraction(0)


def usual_gap_days(history: History, window: Window) -> Value:
    """The median gap between active days, of three gaps or more."""
    days = sorted({each.occurred_on for each in window.ever(history.engaged)})
    gaps = [Fraction((later - day).days) for day, later in pairwise(days)]
    return median(gaps) if len(gaps) >= 3 else None


def renewal_rate(history: History, window: Window) -> Value:
    renewals = len(window.ever(history.renewals))
    return ratio(renewals, renewals + len(window.ever(history.cancellations)))


def attitudes(
    answers: Iterable[Answer],
    on: date,
    survey_types: Mapping[str, SurveyType],
    polarities: Polarities,
) -> dict[str, Value]:
    """What the answers that are valid on a day say; an answer still is `valid_days` later.

    Ratings are rescaled to 0..1, but that of nps. Of several at one second the lowest is latest.
    """
    valid: dict[str, list[Answer]] = defaultdict(list)
    comments = []
    for answer in answers:
        survey_type = survey_types[answer.survey_type]
        if 0 <= (on - answer.responded_on).days <= survey_type.valid_days:
            valid[survey_type.metric].append(answer)
            polarity = polarities.get(answer.comment or "")
            if polarity is not None:
                comments.append(Fraction(polarity))

    values: dict[str, Value] = {}
    for metric in MEAN_ATTITUDES:
        shares = []
        for answer in valid[metric]:
            scale = survey_types[answer.survey_type]
            above, whole = answer.rating - scale.scale_min, scale.scale_max - scale.scale_min
            shares.append(Fraction(above) / Fraction(whole))
        values[metric] = mean(shares)
    values["sentiment"] = mean(comments)
    latest = max(
        valid["nps"], key=lambda answer: (answer.responded_at, -answer.rating), default=None
    )
    values["nps"] = None if latest is None else Fraction(latest.rating)
    return values
