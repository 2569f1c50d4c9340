"""The scoring periods, and the first day of a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from oracle.settings import Variables

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_PER_PERIOD = {"day": 1, "week": 7, "month": 30}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A scoring period; `end` is its last local day."""

    index: int
    start: date
    end: date
    is_partial: bool
    is_scored: bool
    is_detailed: bool


def period_start(day: date, variables: Variables) -> date:
    """First day of the period in which a day falls."""
    if variables.scoring_grain == "month":
        return day.replace(day=1)
    if variables.scoring_grain == "week":
        return day - timedelta(days=(day.weekday() - WEEKDAYS.index(variables.week_start)) % 7)
    return day


def period_end(start: date, variables: Variables) -> date:
    if variables.scoring_grain == "month":
        return (start + timedelta(days=31)).replace(day=1) - ONE_DAY
    return start + timedelta(days=DAYS_PER_PERIOD[variables.scoring_grain] - 1)


def scoring_periods(first_day: date, last_day: date, variables: Variables) -> list[Period]:
    """From the data's first day, or scoring_start, to the last period that is scored.

    That is the last that ends on or before scoring_end; without it the last complete one, after
    which an interaction falls; without any the last one with data.
    """
    spans = []
    start = period_start(min(first_day, variables.scoring_start or first_day), variables)
    while start <= max(last_day, variables.scoring_end or last_day):
        spans.append((start, period_end(start, variables)))
        start = spans[-1][1] + ONE_DAY

    if variables.scoring_end is not None:
        last_end = variables.scoring_end
    else:
        last_end = max(
            (end for _, end in spans if first_day <= end < last_day), default=spans[-1][1]
        )
    spans = [span for span in spans if span[1] <= last_end]
    scored = [end for _, end in spans if end >= (variables.scoring_start or date.min)]
    return [
        Period(
            index=index,
            start=start,
            end=end,
            is_partial=last_day <= end,
            is_scored=end in scored,
            is_detailed=end in scored[-variables.detail_periods :],
        )
        for index, (start, end) in enumerate(spans, start=1)
    ]


def window_first_day(period: Period, window_periods: int, variables: Variables) -> date:
    """First day of the window that ends with a period, which may lie before the first period."""
    start = period.start
    for _ in range(window_periods - 1):
        start = period_start(start - ONE_DAY, variables)
    return start
