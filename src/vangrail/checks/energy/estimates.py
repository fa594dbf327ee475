"""Energy per use by each method, as arithmetic on ranges: a figure with its lowest and highest value.

A range is what a method or a source states. Only runs that were repeated give a confidence interval. Factors come from
`knowledge/energy`, or from the card where the body knows better.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail import knowledge
from vangrail.checks import statistics
from vangrail.model.card import MeterRun, OwnFactor
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language

HOME = "BEL"
"""The country whose electricity is counted where the card names none: this is made for Flemish governments."""
RECENT_DAYS = 365
"""Runs that are older than this no longer say what a use costs: the model, its use and the computer change."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """A quantity with its lowest and highest value; all three the same where there is no range."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(value: float, low: float | None = None, high: float | None = None) -> "Range":
        """A quantity, with its range where there is one."""
        return Range(value=value, low=value if low is None else low, high=value if high is None else high)

    def __mul__(self, other: "Range | float") -> "Range":
        by = other if isinstance(other, Range) else Range.of(other)
        return Range(value=self.value * by.value, low=self.low * by.low, high=self.high * by.high)

    def __add__(self, other: "Range") -> "Range":
        return Range(value=self.value + other.value, low=self.low + other.low, high=self.high + other.high)

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Low and high; nothing where there is no range."""
        return (self.low, self.high) if self.low < self.high else (None, None)


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A figure to multiply by, and where it comes from."""

    range: Range
    named: Text


def factor_settings(id_: str, country: str | None, own: OwnFactor | None = None) -> dict[str, Any] | None:
    """A factor as plain values: the card's own, else that of the country; None where neither is known.

    It stands in the settings of a measurement, so that a corrected factor makes the figure stale.
    """
    if own is not None:
        return {"value": own.value, "low": None, "high": None, "named": {"nl": own.source, "en": own.source}}
    known = knowledge.energy_factors().get((id_, country))
    if known is None:
        return None
    named = {language.value: known.named[language] for language in Language}
    return {"value": known.value, "low": known.low, "high": known.high, "named": named}


def factor_of(settings: Mapping[str, Any] | None) -> Factor | None:
    """A factor as the settings of a measurement hold it."""
    if settings is None:
        return None
    named = settings["named"]
    return Factor(
        range=Range.of(settings["value"], settings["low"], settings["high"]), named=both(nl=named["nl"], en=named["en"])
    )


def recent(runs: Sequence[MeterRun], on: date) -> list[MeterRun]:
    """The runs that still count on that day."""
    return [r for r in runs if 0 <= (on - r.on).days <= RECENT_DAYS]


def runs_in(settings: Mapping[str, Any]) -> list[MeterRun]:
    """The runs as the settings of a measurement hold them."""
    return [MeterRun.model_validate(r) for r in settings["runs"]]


def per_use(runs: Sequence[MeterRun], confidence: float) -> Range:
    """Watt-hours per use over several runs: all energy divided by all uses, with a t interval for that ratio.

    The variance is that of the jackknife of a ratio (Cochran 1977, Sampling Techniques, 3rd ed., section 6.17), with n - 1
    degrees of freedom; with equally many uses per run it is the plain t interval of a mean. One run alone has no interval.
    """
    uses, energy, n = sum(r.uses for r in runs), sum(r.wh for r in runs), len(runs)
    value = energy / uses
    if n < 2:
        return Range.of(value)
    # What each run moves the ratio by, when it is left out: a large run pulls the ratio towards itself.
    moved = math.hypot(*((r.wh - value * r.uses) / (uses - r.uses) for r in runs))
    half = statistics.t_quantile(1 - confidence, n - 1) * math.sqrt((n - 1) / n) * moved
    return Range(value=value, low=max(0.0, value - half), high=value + half)


def written(value: float, digits: int | None = None) -> Text:
    """A number as it stands in a note; three significant digits when `digits` is left out."""
    if digits is None:
        digits = 0 if value == 0 or abs(value) >= 100 else 2 - math.floor(math.log10(abs(value)))
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return both(nl=text.translate(str.maketrans(",.", ".,")), en=text)
