"""Intervals for errors that hang together: a storm that is forecast badly is so for hours, at every measuring point.

Errors are added up per period, over all series, so what moves together stays together. The spread of what remains is
read from the slowest waves in the totals (equal-weighted cosine), and the interval takes its width from Student's t with
as many degrees of freedom as there are waves. That keeps its promise in short logs, where Newey and West's does not.

Sources: Diebold and Mariano (1995), J. Business & Economic Statistics 13, 253-263 (losses of two forecasts, paired);
Lazarus, Lewis, Stock and Watson (2018), same journal 36, 541-559 (waves, their number, and t); Korn and Graubard (1998),
Survey Methodology 24, 193-201 (a proportion with an effective number of rows).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vangrail.checks import statistics
from vangrail.checks.statistics import Floats

LEAST_PERIODS = 9
"""With fewer there are fewer than three waves, and an interval says nothing."""
_OF_STEPS = 0.4
_OF_PERIODS = 1 / 3


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float


def waves(periods: int, memory: int) -> int:
    """How many waves tell the spread: 0.4 T^(2/3) for T steps (Lazarus et al.), at most a third of the periods."""
    return max(1, int(min(_OF_STEPS * (periods * memory) ** (2 / 3), _OF_PERIODS * periods)))


def spread(totals: Floats, memory: int) -> tuple[float, int]:
    """Standard deviation of the sum of these totals, and its degrees of freedom.

    totals  per period in order of time, together about zero
    """
    periods = len(totals)
    number = waves(periods, memory)
    phase = math.pi * (np.arange(periods) + 0.5) / periods
    found = [math.sqrt(2) * float(np.cos(j * phase) @ totals) for j in range(1, number + 1)]
    return math.hypot(*found) / math.sqrt(number), number


def mean_of_ratios(upper: Floats, lower: Floats, alpha: float, memory: int) -> Estimate:
    """The mean over series of (sum of upper / sum of lower), with a paired interval.

    upper, lower    per series (rows) and period in order of time (columns); no series without a positive sum of lower
    """
    sums = lower.sum(axis=1, keepdims=True)
    ratios = upper.sum(axis=1, keepdims=True) / sums
    value = float(ratios.mean())
    deviation, freedom = spread(((upper - ratios * lower) / sums).mean(axis=0), memory)
    half = statistics.t_quantile(alpha, freedom) * deviation
    return Estimate(value=value, low=value - half, high=value + half)


def ratio(upper: Sequence[float] | Floats, lower: Sequence[float] | Floats, alpha: float, memory: int) -> Estimate:
    """Sum of upper / sum of lower over all periods."""
    return mean_of_ratios(np.asarray([upper], float), np.asarray([lower], float), alpha, memory)


def share(counted: Sequence[float] | Floats, rows: Sequence[float] | Floats, alpha: float, memory: int) -> Estimate:
    """A share of rows, by Wilson with as many rows as these are worth (Korn and Graubard).

    Where all rows are alike nothing shows how far they hang together: then a period counts as one row.
    """
    k, n = np.asarray(counted, float), np.asarray(rows, float)
    p = float(k.sum() / n.sum())
    deviation, freedom = spread((k - p * n) / n.sum(), memory)
    plain = p * (1 - p) / n.sum()
    if deviation == 0 or plain == 0:
        worth = float(len(n))
    else:
        shrink = statistics.normal_quantile(alpha) / statistics.t_quantile(alpha, freedom)
        worth = float(n.sum() / max(1.0, deviation**2 / plain) * shrink**2)
    low, high = statistics.wilson([p * worth], [worth], alpha)
    return Estimate(value=p, low=float(low[0]), high=float(high[0]))
