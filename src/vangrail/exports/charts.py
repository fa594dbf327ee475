"""Interval plots: a dot with its interval for each group or figure, the reference, and what lies beyond the limit.

Only geometry is worked out here; `templates/plot.svg` draws it. Places along the axis are in percent of the width and
heights in pixels, so a plot narrows with the page while its text keeps its size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vangrail.exports.formatting import digits_for, group_name, number
from vangrail.model.framework import Limit
from vangrail.model.outcome import Group, Measured
from vangrail.model.vocabulary import Language, Unit

MOST_ROWS = 12
_MOST_LETTERS = 34
_LEFT, _RIGHT = 6.0, 94.0
_POSSIBLE = {Unit.PERCENT: (0, 100)} | dict.fromkeys(
    (Unit.RATIO, Unit.DAYS, Unit.COUNT, Unit.WATT_HOURS, Unit.KILOWATT_HOURS, Unit.KILOGRAMS_CO2E, Unit.LITRES),
    (0, math.inf),
)
_TOP, _ROW = 18, 40


class Place(StrEnum):
    """Where an interval lies against the limit; each has its own shape, so that colour is never needed."""

    WITHIN = "within"
    STRADDLES = "straddles"
    BEYOND = "beyond"
    REFERENCE = "reference"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One row of a plot: a value with its interval, along the axis and in words."""

    label: str
    shown: str
    at: float
    low: float | None
    high: float | None
    place: Place
    y: int


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A number on the axis."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Zone:
    """What lies beyond a limit, with the place of the limit itself."""

    start: float
    width: float
    limit: float


@dataclass(frozen=True, kw_only=True)
class Plot:
    """All that has to be drawn."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    zones: tuple[Zone, ...]
    reference: float | None
    top: int
    axis_y: int
    height: int


@dataclass(frozen=True)
class _Row:
    label: str
    value: float
    low: float | None = None
    high: float | None = None
    is_reference: bool = False


def plot_of_groups(outcome: Measured, groups: Sequence[Group], limit: Limit | None, language: Language) -> Plot | None:
    """The differences of these groups with the reference group, or their own figures where they are not compared.

    None when no group has a figure. At most `MOST_ROWS` are drawn, in the order given; of months the newest. The limit is drawn
    where the groups are the same kind of figure as the whole.
    """
    compared = [g for g in groups if g.difference is not None]
    if compared:
        same = 1.0 if outcome.unit is Unit.RATIO else 0.0
        rows = [
            _Row(group_name(g, language), same, is_reference=True)
            if g.difference is None
            else _Row(group_name(g, language), g.difference, g.difference_low, g.difference_high)
            for g in groups
            if g.difference is not None or g.is_reference
        ]
        return _plot(rows[:MOST_ROWS], outcome.unit, _bounds(limit, signed=same == 0.0), same, language)
    rows = [
        _Row(group_name(g, language), g.value, g.low, g.high, g.is_reference) for g in groups if g.value is not None
    ]
    if not rows:
        return None
    bounds = _bounds(limit, signed=False) if outcome.group_unit is outcome.unit else (None, None)
    drawn = rows[-MOST_ROWS:] if in_time(groups) else rows[:MOST_ROWS]
    return _plot(drawn, outcome.group_unit or outcome.unit, bounds, None, language)


def in_time(groups: Sequence[Group]) -> bool:
    """Whether the groups are months, one after the other."""
    return all("month" in g.attributes for g in groups)


def plot_of_figure(outcome: Measured, limit: Limit | None, language: Language) -> Plot | None:
    """The figure itself beside its limit; None when it has neither an interval nor a limit."""
    if outcome.low is None and limit is None:
        return None
    row = _Row("", outcome.value, outcome.low, outcome.high)
    return _plot([row], outcome.unit, _bounds(limit, signed=False), None, language)


def _bounds(limit: Limit | None, *, signed: bool) -> tuple[float | None, float | None]:
    """The least and the most that stays within the limit. A limit on a distance holds on both sides of zero."""
    if limit is None:
        return None, None
    if signed and limit.at_most is not None:
        return -limit.at_most, limit.at_most
    return limit.at_least, limit.at_most


def _plot(
    rows: Sequence[_Row], unit: Unit, bounds: tuple[float | None, float | None], same: float | None, language: Language
) -> Plot:
    drawn = [x for r in rows for x in (r.value, r.low, r.high) if x is not None]
    ends = list(drawn)
    ends += [b for b in bounds if b is not None] + ([same] if same is not None else [])
    alone = same is None and bounds == (None, None)
    if unit is not Unit.COEFFICIENT and min(ends) >= 0 and not alone:
        ends.append(0.0)
    if any(b is not None for b in bounds):
        # Room to see that there is something beyond a limit, as far as that can exist.
        room = (max(ends) - min(ends)) / 10
        ends += [b + side * room for b, side in zip(bounds, (-1, 1), strict=True) if b is not None]
    least, most = _POSSIBLE.get(unit, (-math.inf, math.inf))
    # A share of what was promised can lie outside 0 and 100 %; what was found is always drawn.
    ends = [min(max(x, min(least, *drawn)), max(most, *drawn)) for x in ends]
    steps = _ticks(min(ends), max(ends))
    start, stop = min(*ends, *steps), max(*ends, *steps)

    def at(x: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (x - start) / (stop - start), 2)

    digits = digits_for([r.value for r in rows], unit)
    dots = tuple(
        Dot(
            label=r.label if len(r.label) <= _MOST_LETTERS else f"{r.label[: _MOST_LETTERS - 1]}…",
            shown=number(r.value, language, digits),
            at=at(r.value),
            low=None if r.low is None else at(r.low),
            high=None if r.high is None else at(r.high),
            place=_place(r, bounds),
            y=_TOP + _ROW * i,
        )
        for i, r in enumerate(rows)
    )
    zones = []
    if bounds[0] is not None:
        zones.append(Zone(start=0, width=at(bounds[0]), limit=at(bounds[0])))
    if bounds[1] is not None:
        zones.append(Zone(start=at(bounds[1]), width=round(100 - at(bounds[1]), 2), limit=at(bounds[1])))
    axis_y = _TOP + _ROW * len(rows)
    return Plot(
        dots=dots,
        ticks=tuple(Tick(at=at(x), text=number(x, language)) for x in steps),
        zones=tuple(zones),
        reference=None if same is None else at(same),
        top=_TOP - 2,
        axis_y=axis_y,
        height=axis_y + 24,
    )


def _place(row: _Row, bounds: tuple[float | None, float | None]) -> Place:
    least, most = bounds
    if row.is_reference:
        return Place.REFERENCE
    if least is None and most is None:
        return Place.PLAIN
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    if (least is not None and high < least) or (most is not None and low > most):
        return Place.BEYOND
    if (least is None or low >= least) and (most is None or high <= most):
        return Place.WITHIN
    return Place.STRADDLES


def _ticks(start: float, stop: float) -> list[float]:
    """Three to six round numbers that span a range."""
    if stop - start < 1e-9 * max(1.0, abs(stop)):
        stop = start + max(1.0, abs(start))  # one value alone, such as 0 against a limit of 0
    span = stop - start
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if span / (m * size) <= 5)
    first, last = math.floor(start / step), math.ceil(stop / step)
    return [round(i * step, 12) for i in range(first, last + 1)]
