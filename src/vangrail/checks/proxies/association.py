"""How strongly an input and a protected characteristic go together, from 0 (not at all) to 1 (one gives the other)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vangrail.checks.drift import divergence
from vangrail.checks.statistics import Floats

LEAST_EXPECTED = 1
"""A class of an input with fewer expected cases per group is put with the other rare ones."""


@dataclass(frozen=True, kw_only=True)
class Association:
    """A coefficient [0, 1] lessened by what chance brings, its interval, the coefficient as computed, and shared bits."""

    method: str
    value: float
    low: float
    high: float
    raw: float
    bits: float


def cramers_v(counts: Floats, alpha: float) -> Association:
    """Bias-corrected Cramér's V (Bergsma 2013, J. Korean Statistical Society 42, 323-328) of a table of counts.

    counts  rows: classes of the input; columns: groups. Without empty rows and columns
    """
    n = float(counts.sum())
    r, k = counts.shape
    statistic, df, _ = divergence.chi_square(counts)
    squared = statistic / n
    corrected_rows, corrected_columns = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    smallest = min(corrected_rows, corrected_columns) - 1
    if df == 0 or smallest <= 0:
        return Association(method="V", value=0.0, low=0.0, high=0.0, raw=0.0, bits=0.0)
    value = math.sqrt(max(0.0, squared - df / (n - 1)) / smallest)
    found = divergence.estimate(squared, df, 1 / n, _variance(counts), alpha)
    low, high = (min(1.0, math.sqrt(x / (min(r, k) - 1))) for x in (found.low, found.high))
    return Association(
        method="V",
        value=min(1.0, value),
        low=min(low, value),
        high=max(high, min(1.0, value)),
        raw=math.sqrt(squared / (min(r, k) - 1)),
        bits=mutual_information(counts),
    )


def _variance(counts: Floats) -> float:
    """Variance of the mean square contingency by the delta method (Bishop, Fienberg and Holland 1975, section 11.3)."""
    n = counts.sum()
    p = counts / n
    rows, columns = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    by_row = (p**2 / columns).sum(axis=1, keepdims=True) / rows**2
    by_column = (p**2 / rows).sum(axis=0, keepdims=True) / columns**2
    slope = 2 * p / (rows * columns) - by_row - by_column
    return float(((p * slope**2).sum() - (p * slope).sum() ** 2) / n)


def correlation_ratio(counts: Floats, alpha: float) -> Association:
    """Correlation ratio of the ranks of a number over groups, corrected for chance; H / (n - 1) of Kruskal and Wallis.

    Ranks, so that a few very large amounts do not decide it. Source: Kruskal and Wallis (1952), JASA 47, 583-621;
    Kelley (1935), PNAS 21, 554-559 (correction).

    counts  rows: classes of the number, rising; columns: groups. Without empty rows and columns
    """
    n, k = float(counts.sum()), counts.shape[1]
    if k < 2 or counts.shape[0] < 2 or n <= k:
        return Association(method="η", value=0.0, low=0.0, high=0.0, raw=0.0, bits=0.0)
    totals = counts.sum(axis=1)
    ranks = np.cumsum(totals) - totals / 2
    sizes = counts.sum(axis=0)
    means = ranks @ counts / sizes
    middle = float(ranks @ totals / n)
    between, whole = float(sizes @ (means - middle) ** 2), float(totals @ (ranks - middle) ** 2)
    squared = between / whole
    value = math.sqrt(max(0.0, 1 - (1 - squared) * (n - 1) / (n - k)))
    found = divergence.estimate(squared, k - 1, 1 / (n - 1), _variance_of_ratio(counts), alpha)
    return Association(
        method="η",
        value=value,
        low=min(value, math.sqrt(min(1.0, found.low))),
        high=max(value, math.sqrt(min(1.0, found.high))),
        raw=math.sqrt(squared),
        bits=mutual_information(counts),
    )


def _variance_of_ratio(counts: Floats) -> float:
    """Variance of the squared correlation ratio by the delta method, counting in that ranks are estimated as well."""
    n = float(counts.sum())
    p = counts / n
    classes, groups = p.sum(axis=1), p.sum(axis=0)
    x = np.cumsum(classes) - classes / 2
    means, middle = x @ p / groups, float(x @ classes)
    between, whole = float(groups @ (means - middle) ** 2), float(classes @ (x - middle) ** 2)
    of_between = 2 * np.outer(x, means) - means**2 - 2 * middle * x[:, None]
    of_whole = (x**2 - 2 * middle * x)[:, None]
    slope = of_between / whole - between / whole**2 * of_whole
    # One more case in a class lifts the rank of every class above it by one, and its own by a half.
    by_rank = (2 * p @ means - 2 * middle * classes) / whole - between / whole**2 * 2 * classes * (x - middle)
    slope = slope + (by_rank.sum() - np.cumsum(by_rank) + by_rank / 2)[:, None]
    return float(((p * slope**2).sum() - (p * slope).sum() ** 2) / n)


def mutual_information(counts: Floats) -> float:
    """Mutual information in bits, lessened by what chance brings (Miller 1955): (r - 1)(k - 1) / (2 n ln 2)."""
    n = float(counts.sum())
    p = counts / n
    independent = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    filled = p > 0
    bits = float((p[filled] * np.log2(p[filled] / independent[filled])).sum())
    by_chance: float = (counts.shape[0] - 1) * (counts.shape[1] - 1) / (2 * n * math.log(2))
    return max(0.0, bits - by_chance)


def gather(counts: Floats, least: float) -> Floats:
    """The table with rare classes of the input put together, and groups of fewer than `least` cases left out."""
    counts = counts[:, counts.sum(axis=0) >= least]
    counts = counts[counts.sum(axis=1) > 0]
    if counts.size == 0:
        return counts
    expected = counts.sum(axis=1) * counts.sum(axis=0).min() / counts.sum()
    rare = expected < LEAST_EXPECTED
    kept = counts[~rare]
    return np.vstack([kept, counts[rare].sum(axis=0)]) if rare.any() else kept


def of(values: Sequence[object], counts: Floats, least: float, alpha: float, *, is_number: bool) -> Association | None:
    """The association of an input with the groups. None when fewer than two groups have enough cases, or one class is left."""
    if is_number:
        there = np.array([v is not None for v in values], bool)
        counts = counts[there] if len(values) else counts
        counts = counts[:, counts.sum(axis=0) >= least]
        counts = counts[counts.sum(axis=1) > 0]
        usable = counts.shape[1] >= 2 and counts.size > 0
        return correlation_ratio(counts, alpha) if usable else None
    counts = gather(counts, least)
    usable = counts.size > 0 and counts.shape[1] >= 2
    return cramers_v(counts, alpha) if usable else None
