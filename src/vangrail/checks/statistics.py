"""Intervals: a library's wherever it has them. Sizes and counts may be arrays; all bounds are proportions.

Sources: Wilson (1927), JASA 22, 209-212; Newcombe (1998), Statistics in Medicine 17, 873-890, method 10;
Gart and Nam (1988), Biometrics 44, 323-338 (ratio, log with adjustment); Mantel and Haenszel weights with the variance
of independent binomials for a difference over strata (Sato 1989, Biometrics 45, 1323-1324, discusses the choice).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


def wilson(successes: Sequence[float] | Floats, trials: Sequence[float] | Floats, alpha: float) -> Interval:
    """Wilson score interval of each proportion, at 1 - alpha."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(np.asarray(successes), np.asarray(trials), alpha=alpha, method="wilson")
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def difference(successes: Floats, trials: Floats, others: float, of: float, alpha: float) -> Interval:
    """Newcombe interval of each proportion minus the reference proportion others/of, at 1 - alpha."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        successes, trials, np.full_like(successes, others), np.full_like(trials, of), method="newcomb", alpha=alpha
    )
    return np.asarray(low, float), np.asarray(high, float)


def ratio(successes: Floats, trials: Floats, others: float, of: float, alpha: float) -> Interval:
    """Interval of each proportion divided by the reference proportion, on the log scale with half a case added."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        successes,
        trials,
        np.full_like(successes, others),
        np.full_like(trials, of),
        method="log-adjusted",
        compare="ratio",
        alpha=alpha,
    )
    return np.asarray(low, float), np.asarray(high, float)


def normal_quantile(alpha: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.05."""
    from scipy.special import ndtri

    return float(ndtri(1 - alpha / 2))


def stratified_difference(
    strata: Sequence[tuple[float, float, float, float]], alpha: float
) -> tuple[float, float, float] | None:
    """Difference of two proportions with strata held equal, Mantel-Haenszel weights; (value, low, high).

    strata  per stratum: successes, trials of the group; successes, trials of the reference
    None    when no stratum holds both
    """
    z = normal_quantile(alpha)
    weight_sum = value = variance = 0.0
    for a, n, b, m in strata:
        if n == 0 or m == 0:
            continue
        w = n * m / (n + m)
        # Half a case is added for the variance alone, so that a stratum without any event is not taken as certain.
        p, q = (a + 0.5) / (n + 1), (b + 0.5) / (m + 1)
        weight_sum += w
        value += w * (a / n - b / m)
        variance += w * w * (p * (1 - p) / n + q * (1 - q) / m)
    if weight_sum == 0:
        return None
    value /= weight_sum
    half = z * math.sqrt(variance) / weight_sum
    return value, max(-1.0, value - half), min(1.0, value + half)


def largest_gap(values: Floats, lows: Floats, highs: Floats) -> tuple[float, float, float]:
    """The largest distance from zero among several differences, with an interval for that largest distance.

    When the intervals hold for all differences at once, the largest true distance lies between the largest lower bound
    and the largest upper bound of the distances, so this interval holds as well.
    """
    distance_low = np.where((lows <= 0) & (highs >= 0), 0.0, np.minimum(np.abs(lows), np.abs(highs)))
    distance_high = np.maximum(np.abs(lows), np.abs(highs))
    return float(np.abs(values).max()), float(distance_low.max()), float(distance_high.max())
