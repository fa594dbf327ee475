"""How well an input tells members of a group from all others: the area under the ROC curve (AUC), from counts alone.

What a class of an input says about the group is learnt on one half of the cases and tried on the other, so that a column
with a value per row is not taken for a proxy. Sources: Bamber (1975), J. Mathematical Psychology 12, 387-415 (area with
ties); DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845 (variance).
"""

import math

import numpy as np

from vangrail.checks.statistics import Floats, normal_quantile


def weights(members: Floats, others: Floats) -> Floats:
    """The evidence of each class for membership: the logarithm of how much more frequent it is among members."""
    return np.asarray(np.log((members + 0.5) / (members.sum() + 1)) - np.log((others + 0.5) / (others.sum() + 1)))


def area(scores: Floats, members: Floats, others: Floats, alpha: float) -> tuple[float, float, float]:
    """The chance that a member scores above another person, ties for half; with its interval at 1 - alpha.

    scores   of each class; members, others: how many cases there are in it, of both at least two
    """
    order = np.argsort(scores, kind="stable")
    _, tied = np.unique(scores[order], return_inverse=True)
    m, n = (np.bincount(tied, weights=x[order]) for x in (members, others))
    total_m, total_n = m.sum(), n.sum()
    above_others = (np.cumsum(n) - n / 2) / total_n
    below_members = 1 - (np.cumsum(m) - m / 2) / total_m
    value = float(m @ above_others / total_m)
    variance = m @ (above_others - value) ** 2 / (total_m - 1) / total_m
    variance += n @ (below_members - value) ** 2 / (total_n - 1) / total_n
    # On the logit scale the interval stays between 0 and 1; half a case keeps it finite where all are told apart.
    inside = min(max(value, 0.5 / total_m), 1 - 0.5 / total_m)
    slope = inside * (1 - inside)
    least = slope / min(total_m, total_n)  # what one case less on the wrong side would do
    half = normal_quantile(alpha) * math.sqrt(max(variance, slope * least / 4)) / slope
    logit = math.log(inside / (1 - inside))
    low, high = (1 / (1 + math.exp(-x)) for x in (logit - half, logit + half))
    return value, min(low, value), max(high, value)
