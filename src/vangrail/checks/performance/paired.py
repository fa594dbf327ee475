"""Comparing two ways of deciding on the same cases: only the cases where one is right and the other wrong tell.

Source: Agresti and Min (2005), Statistics in Medicine 24, 729-740 (interval); McNemar (1947), Psychometrika 12, 153-157.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from vangrail.checks import statistics


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Cases of one outcome: how many there are, and how often only the advice, only the other, or both are right."""

    rows: int
    only_advice: int
    only_other: int
    both: int

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(
            rows=self.rows + other.rows,
            only_advice=self.only_advice + other.only_advice,
            only_other=self.only_other + other.only_other,
            both=self.both + other.both,
        )


@dataclass(frozen=True, kw_only=True)
class Advantage:
    """By how much the advice is right more often, and how often each is, all as shares."""

    value: float
    low: float
    high: float
    advice: float
    other: float


def difference(pairs: Pairs, alpha: float) -> tuple[float, float, float]:
    """Share right by the advice minus share right by the other, with the Agresti-Min interval at 1 - alpha."""
    b, c, n = pairs.only_advice, pairs.only_other, pairs.rows
    centre = (b - c) / (n + 2)
    half = statistics.normal_quantile(alpha) * math.sqrt(b + c + 1 - (b - c) ** 2 / (n + 2)) / (n + 2)
    return (b - c) / n, max(-1.0, centre - half), min(1.0, centre + half)


def accuracy(by_outcome: Mapping[bool, Pairs], alpha: float) -> Advantage:
    """Every case counts alike."""
    whole = by_outcome[True] + by_outcome[False]
    value, low, high = difference(whole, alpha)
    return Advantage(
        value=value,
        low=low,
        high=high,
        advice=(whole.both + whole.only_advice) / whole.rows,
        other=(whole.both + whole.only_other) / whole.rows,
    )


def balanced_accuracy(by_outcome: Mapping[bool, Pairs], alpha: float) -> Advantage:
    """Both outcomes count alike, however rare one is: the mean of the two differences.

    The intervals of the two are combined by the square-and-add rule (Zou and Donner 2008, Statistics in Medicine 27,
    1693-1702), since their cases are independent.
    """
    parts = [difference(p, alpha) for p in by_outcome.values()]
    value = sum(p[0] for p in parts) / 2
    below = math.sqrt(sum((v - low) ** 2 for v, low, _ in parts)) / 2
    above = math.sqrt(sum((high - v) ** 2 for v, _, high in parts)) / 2
    return Advantage(
        value=value,
        low=value - below,
        high=value + above,
        advice=sum((p.both + p.only_advice) / p.rows for p in by_outcome.values()) / 2,
        other=sum((p.both + p.only_other) / p.rows for p in by_outcome.values()) / 2,
    )
