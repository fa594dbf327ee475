"""How certain a share of a class is, and an average over classes.

F1 = 2 TP / (2 TP + FP + FN) rises with J = TP / (TP + FP + FN), the share of all that was seen or there on which both agree:
F1 = 2J / (1 + J) (Hand, Christen and Kirielle 2021, Machine Learning 110, 451-456). J is a plain proportion, so its
interval carries over without any loss. The average F1 over classes follows by the delta method on the whole table
(Takahashi, Yamamoto, Kuchiba and Koyama 2022, Applied Intelligence 52, 4961-4972); an average of independent shares by
squares of their distances (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vangrail.checks import statistics
from vangrail.checks.detection.matches import Matches


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    counted: int
    of: int

    @property
    def value(self) -> float:
        """As a proportion."""
        return self.counted / self.of


def exact(share: Share, alpha: float) -> tuple[float, float]:
    """Of one proportion among several, of which the worst counts."""
    low, high = statistics.exact([share.counted], [share.of], alpha)
    return float(low[0]), float(high[0])


def wilson(share: Share, alpha: float) -> tuple[float, float]:
    """Of one proportion."""
    low, high = statistics.wilson([share.counted], [share.of], alpha)
    return float(low[0]), float(high[0])


def f1_of(agreement: float) -> float:
    """F1 from the share of agreement."""
    return 2 * agreement / (1 + agreement)


def mean(shares: Sequence[Share], alpha: float) -> tuple[float, float, float]:
    """The average of independent proportions, every one alike; (value, low, high)."""
    bounds = [wilson(s, alpha) for s in shares]
    value = sum(s.value for s in shares) / len(shares)
    below = math.sqrt(sum((s.value - low) ** 2 for s, (low, _) in zip(shares, bounds, strict=True))) / len(shares)
    above = math.sqrt(sum((high - s.value) ** 2 for s, (_, high) in zip(shares, bounds, strict=True))) / len(shares)
    return value, max(0.0, value - below), min(1.0, value + above)


def mean_f1(found: Matches, names: Sequence[str], alpha: float) -> tuple[float, float, float]:
    """The average F1 of these classes; (value, low, high)."""
    sizes = {c: found.there(c) + found.recognised(c) for c in names}
    f1 = {c: 2 * found.found(c) / sizes[c] for c in names}
    value = sum(f1.values()) / len(names)
    variance = 0.0
    for (predicted, truth), rows in found.pairs.items():
        # How the average changes with one more row here: what it adds to the numerators, and to the denominators.
        slope = sum(
            (2 * (predicted == truth) - f1[c] * ((predicted == c) + (truth == c))) / sizes[c]
            for c in {predicted, truth}
            if c in sizes
        )
        variance += rows * (slope / len(names)) ** 2
    half = statistics.normal_quantile(alpha) * math.sqrt(variance)
    return value, max(0.0, value - half), min(1.0, value + half)
