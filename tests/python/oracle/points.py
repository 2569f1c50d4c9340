"""The points that a customer's activities have left on a day, by activity."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle.inputs import Customer, Interaction
from oracle.metrics import Window
from oracle.settings import ScoreModel, Settings

# Negative points take away at most this share of the positive ones.
MOST_TAKEN_AWAY = 0.8


@dataclass(frozen=True)
class ActivityPoints:
    """One activity in a window: its value before any cap, and its points with their sign."""

    value: float
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


def value_of(interaction: Interaction, settings: Settings) -> Fraction:
    """What points multiply; a refund takes away whichever sign its amount has."""
    what = settings.activity(interaction.activity_type)
    if what.value_basis == "count":
        return Fraction(1)
    value = {
        "duration_seconds": interaction.duration_seconds,
        "amount": interaction.amount,
        "quantity": interaction.quantity,
    }[what.value_basis] or Fraction(0)
    return abs(value) if what.role == "refund" else value


Days = Mapping[str, Mapping[date, Fraction]]


def daily_values(customer: Customer, settings: Settings) -> Days:
    """Per activity and local day the sum of its values."""
    days: dict[str, dict[date, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for each in customer.interactions:
        days[each.activity_type][each.occurred_on] += value_of(each, settings)
    return days


def points_in_window(days: Days, window: Window, model: ScoreModel) -> Points:
    """Points x value, a day up to the cap, times 2^(-age / half-life) on the window's last day."""
    found = {}
    for activity_type, weight in model.weights.items():
        counted = {
            day: value
            for day, value in days.get(activity_type, {}).items()
            if window.first <= day <= window.last
        }
        if not counted:
            continue
        points = []
        for day, value in counted.items():
            capped = value if weight.daily_cap is None else min(value, weight.daily_cap)
            age = (window.last - day).days
            left = 1.0 if weight.half_life_days is None else 2 ** (-age / weight.half_life_days)
            points.append(float(weight.points * capped) * left)
        found[activity_type] = ActivityPoints(float(sum(counted.values())), math.fsum(points))
    return Points(found)
