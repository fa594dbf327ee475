"""How far two distributions, or two characteristics, lie apart, with an interval that holds near zero as well.

A divergence computed from samples is never negative and grows by chance alone, so a small sample always seems to have
drifted. All figures here are therefore lessened by what chance alone brings, and their intervals come from the
noncentral chi-square distribution, which keeps its nominal coverage when nothing differs and the normal one does not.

Sources: Yurdakul and Naranjo (2020), J. Risk Model Validation 14(4), 89-100 (distribution of the index); Lin (1991), IEEE
Trans. Inf. Theory 37, 145-151 (Jensen-Shannon); Smithson (2003), Confidence Intervals, ch. 4 (noncentral intervals).
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from vangrail.checks.statistics import Floats, normal_quantile

LEAST_EXPECTED = 5
"""A class with fewer expected cases than this is put together with other rare ones (Cochran 1954, Biometrics 10, 417)."""
TENTHS = 10
_EXACT_UP_TO = 2000.0


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """A divergence: as computed, lessened by what chance brings, and its interval."""

    raw: float
    value: float
    low: float
    high: float


def noncentrality(statistic: float, df: int, alpha: float) -> tuple[float, float]:
    """Interval for the noncentrality of a chi-square statistic, at 1 - alpha."""
    from scipy.special import chndtr, chndtrinc

    if statistic > _EXACT_UP_TO:  # where scipy's series loses digits, the normal form agrees to less than 0.1 %
        z, gap = normal_quantile(alpha), statistic - df
        root = math.sqrt(max(0.0, (gap + 2 * z * z) ** 2 - gap * gap + 2 * df * z * z))
        return max(0.0, gap + 2 * z * z - root), max(0.0, gap + 2 * z * z + root)
    central = float(chndtr(statistic, df, 0.0))
    low = float(chndtrinc(statistic, df, 1 - alpha / 2)) if central > 1 - alpha / 2 else 0.0
    high = float(chndtrinc(statistic, df, alpha / 2)) if central > alpha / 2 else 0.0
    return low, high


def estimate(raw: float, df: int, scale: float, variance: float, alpha: float) -> Divergence:
    """A divergence whose raw / scale follows a noncentral chi-square distribution near zero.

    scale     how much one degree of freedom brings by chance: 1/n + 1/m for two samples, 1/n for one
    variance  of the raw figure by the delta method; away from zero the interval gets the width that this asks
    """
    if df < 1 or scale <= 0:
        return Divergence(raw=raw, value=raw, low=raw, high=raw)
    statistic = raw / scale
    low, high = noncentrality(statistic, df, alpha)
    root = math.sqrt(max(0.0, statistic - df))
    stretch = math.sqrt(variance / (4 * raw * scale)) if low > 0 and variance > 0 else 1.0
    root_low = max(0.0, root - stretch * (root - math.sqrt(low)))
    root_high = root + stretch * (math.sqrt(high) - root)
    return Divergence(raw=raw, value=root**2 * scale, low=root_low**2 * scale, high=root_high**2 * scale)


def population_stability_index(old: Floats, new: Floats, alpha: float) -> Divergence:
    """PSI, the sum of (q - p) ln(q / p), of counts per class in two periods.

    Chance alone brings (classes - 1) (1/n + 1/m). Half a case is added to every class when one of them is empty.
    """
    n, m = float(old.sum()), float(new.sum())
    if (old == 0).any() or (new == 0).any():
        old, new = old + 0.5, new + 0.5
    p, q = old / old.sum(), new / new.sum()
    log = np.log(q / p)
    slope_p, slope_q = 1 - log - q / p, 1 + log - p / q
    variance = _variance(p, slope_p) / n + _variance(q, slope_q) / m
    return estimate(float(((q - p) * log).sum()), len(p) - 1, 1 / n + 1 / m, variance, alpha)


def _variance(shares: Floats, slopes: Floats) -> float:
    return float((shares * slopes**2).sum() - (shares * slopes).sum() ** 2)


def jensen_shannon(old: Floats, new: Floats) -> float:
    """Jensen-Shannon distance [0, 1]: the root of the divergence with base 2."""
    p, q = old / old.sum(), new / new.sum()
    middle = (p + q) / 2
    parts = [np.where(x > 0, x * np.log2(np.where(x > 0, x, 1) / middle), 0.0).sum() for x in (p, q)]
    return math.sqrt(max(0.0, float(sum(parts)) / 2))


def chi_square(table: Floats) -> tuple[float, int, float]:
    """Pearson's statistic of a table of counts without empty rows or columns, its degrees of freedom, and p."""
    from scipy.special import chdtrc

    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return statistic, df, float(chdtrc(df, statistic)) if df else 1.0


def kolmogorov_smirnov(old: Floats, new: Floats) -> tuple[float, float]:
    """The largest gap between two cumulative distributions of counts in rising classes, and p.

    In classes the gap can only be smaller than between the values themselves, so p errs to the safe side.
    """
    from scipy.special import kolmogorov

    n, m = float(old.sum()), float(new.sum())
    gap = float(np.abs(np.cumsum(old / n) - np.cumsum(new / m)).max())
    return gap, float(kolmogorov(gap * math.sqrt(n * m / (n + m))))


def tenths(old: Mapping[float, float], new: Mapping[float, float]) -> dict[Hashable, tuple[float, float]]:
    """Counts of numbers in fine classes, gathered into about ten with as many cases each in the old period."""
    keys = sorted({*old, *new})
    counts = np.array([(old.get(k, 0), new.get(k, 0)) for k in keys], float).reshape(-1, 2)
    share = (np.cumsum(counts[:, 0]) - counts[:, 0] / 2) / max(counts[:, 0].sum(), 1)
    place = np.minimum((share * TENTHS).astype(int), TENTHS - 1)
    return {int(t): tuple(counts[place == t].sum(axis=0)) for t in np.unique(place)}


def fold(counts: Mapping[Hashable, tuple[float, float]]) -> tuple[Floats, Floats]:
    """The counts of two periods per class, rare classes put together so that chi-square figures hold."""
    both_ = np.array([c for _, c in sorted(counts.items(), key=lambda item: str(item[0]))], float).reshape(-1, 2)
    totals = both_.sum(axis=0)
    expected = both_.sum(axis=1) * totals.min() / max(totals.sum(), 1)
    kept, rest = both_[expected >= LEAST_EXPECTED], both_[expected < LEAST_EXPECTED].sum(axis=0)
    if rest.sum() and (rest.sum() * totals.min() / totals.sum() >= LEAST_EXPECTED or not len(kept)):
        kept = np.vstack([kept, rest])
    elif rest.sum():
        kept[kept.sum(axis=1).argmin()] += rest
    return kept[:, 0], kept[:, 1]
