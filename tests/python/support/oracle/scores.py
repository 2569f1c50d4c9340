"""From metrics and points to scores, bands and the lines that add up to them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from oracle.points import Points
from oracle.settings import LESS_IS_BETTER, Band, MetricSetting, Override, ScoreModel

# The decimals that floating point is good for: more of them would be its noise.
DECIMALS = 10
STANDS_FOR_MISSING = {"zero": 0.0, "neutral": 50.0}


@dataclass(frozen=True)
class Line:
    """What one component adds to a score."""

    component: str
    dimension: str
    value: float | None
    counted_value: float | None
    scaled_value: float | None
    missing_policy: str | None
    applied_weight: float | None
    contribution: float


@dataclass(frozen=True)
class Formula:
    """What a formula makes of a customer: the lines add up to the raw score."""

    raw_score: float | None
    # Of the weights of the metrics that count: those with a value of the customer's, and all.
    known_weight: Decimal
    possible_weight: Decimal
    lacks_required: bool
    lines: Sequence[Line]

    @property
    def coverage(self) -> float:
        return float(self.known_weight / self.possible_weight) if self.possible_weight else 0.0


@dataclass(frozen=True)
class Score:
    """A score as it is published, with the lines that lead to it from the raw score."""

    score: float | None
    status: str
    band: str | None
    lines: Sequence[Line]


def rounded(value: float) -> float:
    """A number without the noise of floating point: two that are equal without it are equal."""
    return round(value, DECIMALS)


def scaled(value: float, setting: MetricSetting, company: Sequence[float]) -> float:
    """A value on 0 to 100; `company` has all customers' values, rounded, in order."""
    if setting.scaling == "percentile":
        if len(company) == 1:
            return 0.0
        worse = (
            len(company) - bisect_right(company, rounded(value))
            if setting.metric in LESS_IS_BETTER
            else bisect_left(company, rounded(value))
        )
        return 100 * worse / (len(company) - 1)
    assert setting.goal is not None, setting
    lower, goal = setting.lower, setting.goal
    if setting.scaling == "goal":
        found = 100 * (value - lower) / (goal - lower)
    elif setting.scaling == "log_goal":
        found = 100 * math.log1p(max(value - lower, 0)) / math.log1p(goal - lower)
    else:
        assert setting.scaling == "saturation", setting
        found = 100 * (1 - 20 ** (-value / goal))
    return min(max(found, 0.0), 100.0)


def index(
    model: ScoreModel,
    values: Mapping[str, float | None],
    company: Mapping[str, Sequence[float]],
) -> Formula:
    """The metrics, each on 0 to 100, aggregated by weight.

    A metric of which nobody in the company has a value is off: it counts nowhere.
    """
    settings = [setting for setting in model.metrics if company[setting.metric]]
    parts: dict[str, float] = {}
    for setting in settings:
        value = values[setting.metric]
        if value is not None:
            parts[setting.metric] = scaled(value, setting, company[setting.metric])
        elif setting.missing in STANDS_FOR_MISSING:
            parts[setting.metric] = STANDS_FOR_MISSING[setting.missing]

    counted = total_weight(each for each in settings if each.metric in parts)
    shares = {
        each.metric: float(each.weight / counted) if each.metric in parts and counted else 0.0
        for each in settings
    }
    contributions = {metric: shares[metric] * part for metric, part in parts.items()}
    raw_score = math.fsum(contributions.values())
    if model.aggregation == "geometric":
        logs = {metric: shares[metric] * math.log1p(part) for metric, part in parts.items()}
        total = math.fsum(logs.values())
        raw_score = math.expm1(total)
        contributions = {
            metric: raw_score * log / total if total else 0.0 for metric, log in logs.items()
        }
    lines = [
        Line(
            component=each.metric,
            dimension=each.dimension,
            value=values[each.metric],
            counted_value=None,
            scaled_value=parts.get(each.metric),
            missing_policy=each.missing,
            applied_weight=shares[each.metric],
            contribution=contributions.get(each.metric, 0.0),
        )
        for each in settings
    ]
    return Formula(
        raw_score=rounded(raw_score) if counted else None,
        known_weight=total_weight(each for each in settings if values[each.metric] is not None),
        possible_weight=total_weight(settings),
        lacks_required=any(
            each.missing == "require" and values[each.metric] is None for each in settings
        ),
        lines=lines if counted else [],
    )


def total_weight(settings: Iterable[MetricSetting]) -> Decimal:
    return sum((setting.weight for setting in settings), Decimal(0))


def divisor(model: ScoreModel) -> float:
    """What a points formula divides by: what the model weighs, not what the customer did.

    Points that take away count by their size, and an activity of 0 points is not weighed.
    """
    sizes = [abs(weight.points) for weight in model.weights.values() if weight.points]
    if model.formula == "metric_mean":
        return len(sizes)
    if model.formula == "weighted_mean":
        return float(sum(sizes))
    assert model.formula == "weighted_sum", model
    return 1


def points_formula(model: ScoreModel, points: Points) -> Formula:
    """The points of the activities, by the formula's divisor."""
    by = divisor(model)
    lines = [
        Line(
            component=activity_type,
            dimension="activity",
            value=found.value,
            counted_value=found.counted_value,
            scaled_value=None,
            missing_policy=None,
            applied_weight=float(model.weights[activity_type].points) / by,
            contribution=found.points / by,
        )
        for activity_type, found in points.by_activity.items()
    ]
    if points.given_back:
        lines.append(step("negative_limit", "activity", points.given_back / by))
    return Formula(
        raw_score=rounded(points.total / by),
        known_weight=Decimal(1),
        possible_weight=Decimal(1),
        lacks_required=False,
        lines=lines,
    )


def step(component: str, dimension: str, contribution: float) -> Line:
    """A line that is neither a metric nor an activity."""
    return Line(component, dimension, None, None, None, None, None, contribution)


def judged(
    model: ScoreModel,
    formula: Formula,
    override: Override | None,
    is_known: bool,
    is_new: bool,
    is_silent: bool,
) -> Score:
    """The score, its status and band; who is known and silent is scored whatever the coverage."""
    raw_score, lines = formula.raw_score, []
    status = "scored"
    if override is None:
        is_thin = (
            formula.known_weight < model.min_coverage * formula.possible_weight and not is_silent
        )
        if is_new:
            status = "new"
        if not is_known or (
            not is_new and (raw_score is None or formula.lacks_required or is_thin)
        ):
            status = "insufficient_data"
    if status != "scored":
        return Score(None, status, None, [])

    score = raw_score or 0.0
    if override is not None:
        lines.append(step("override", "adjustment", override.score - score))
        score = override.score
    if model.formula == "index":
        clamped = min(max(score, 0.0), 100.0)
        lines.append(step("cap", "adjustment", clamped - score))
        score = clamped
    return Score(
        score, status, band(score, model.bands), [line for line in lines if line.contribution]
    )


def band(score: float, bands: Sequence[Band]) -> str | None:
    """The highest whose bound is at or under the score."""
    held = [each.name for each in bands if score >= each.lower_bound]
    return held[-1] if held else None


def is_just_below_bound(score: float | None, bands: Sequence[Band]) -> bool:
    """Whether a score that is shown with one decimal reads as a bound that it has not reached."""
    if score is None:
        return False
    shown = Decimal(str(score)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return any(score < each.lower_bound <= shown for each in bands)


def settled_bands(scores: Iterable[float | None], bands: Sequence[Band]) -> list[str | None]:
    """The bands after each of the scores, in order of time: one switch per bound but the lowest.

    A switch goes on at its bound plus the margin, off under the bound less the margin, and stays
    as it was between the two, and without a score. The first score sets them as it stands.
    """
    switches: dict[str, bool] = {}
    found: list[str | None] = []
    for score in scores:
        if score is not None and bands:
            for each in bands[1:]:
                is_on = switches.get(each.name, score >= each.lower_bound)
                if score >= each.lower_bound + each.settle_margin:
                    is_on = True
                elif score < each.lower_bound - each.settle_margin:
                    is_on = False
                switches[each.name] = is_on
            on = [each.name for each in bands[1:] if switches[each.name]]
            found.append(on[-1] if on else bands[0].name)
        else:
            found.append(found[-1] if found else None)
    return found
