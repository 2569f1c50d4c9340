"""The points that a customer's activities have left on a day, by activity."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oracle.inputs import Customer, Interaction
from oracle.metrics import Window
from oracle.settings import ScoreModel, Settings

# Negative points take away at most this share of the positive ones.
MOST_TAKEN_AWAY = 0.8


@dataclass(frozen=True)
class ActivityPoints:
    """One activity in a window: its value before and after the caps, its points with their sign."""

    value: float
    counted_value: float
    points: float


@dataclass(frozen=True)
class Points:
    """All activities in a window; `negative` is without its sign."""

    by_activity: Mapping[str, ActivityPoints]

    @property
    def positive(self) -> float:
        return math.fsum(max(each.points, 0) for each in self.by_activity.values())

    @property
    def negative(self) -> float:
        return math.fsum(max(-each.points, 0) for each in self.by_activity.values())

    @property
    def given_back(self) -> float:
        """What the negative points would take beyond their limit."""
        return max(self.negative - MOST_TAKEN_AWAY * self.positive, 0)

    @property
    def total(self) -> float:
        return self.positive - self.negative + self.given_back


def value_of(interaction: Interaction, settings: Settings) -> Decimal:
    """What points multiply; a refund takes away whichever sign its amount has."""
    what = settings.activity(interaction.activity_type)
    if what.value_basis == "count":
        return Decimal(1)
    value = {
        "duration_seconds": interaction.duration_seconds,
        "amount": interaction.amount,
        "quantity": interaction.quantity,
    }[what.value_basis] or Decimal(0)
    return abs(value) if what.role == "refund" else value


@dataclass(frozen=True)
class DailyPoints:
    """One activity on one local day: its value before and after the cap, its points undecayed."""

    on: date
    value: float
    counted_value: float
    points: float


def daily_points(
    customer: Customer, model: ScoreModel, settings: Settings
) -> dict[str, list[DailyPoints]]:
    """Per activity that is weighed: points x value of each day, of which at most the cap counts."""
    days: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in customer.interactions:
        if each.activity_type in model.weights:
            days[each.activity_type][each.occurred_on] += value_of(each, settings)
    found: dict[str, list[DailyPoints]] = defaultdict(list)
    for activity_type, values in days.items():
        weight = model.weights[activity_type]
        for on, value in values.items():
            capped = value if weight.daily_cap is None else min(value, weight.daily_cap)
            found[activity_type].append(
                DailyPoints(on, float(value), float(capped), float(weight.points * capped))
            )
    return found


def points_in_window(
    days: Mapping[str, Sequence[DailyPoints]], window: Window, model: ScoreModel
) -> Points:
    """Points of the window, times 2^(-age / half-life), age in days to the window's end."""
    found = {}
    for activity_type, given in days.items():
        half_life_days = model.weights[activity_type].half_life_days
        counted = [each for each in given if window.first <= each.on <= window.last]
        left = [
            1.0 if half_life_days is None else 2 ** (-(window.last - each.on).days / half_life_days)
            for each in counted
        ]
        if counted:
            found[activity_type] = ActivityPoints(
                value=math.fsum(each.value for each in counted),
                counted_value=math.fsum(each.counted_value for each in counted),
                points=math.fsum(
                    each.points * share for each, share in zip(counted, left, strict=True)
                ),
            )
    return Points(found)
