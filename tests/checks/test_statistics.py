"""Our own intervals and adjustments against statsmodels, which has them too but takes long to load."""

import warnings
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from vangrail.checks import statistics
from vangrail.checks.data.label_agreement import _cohen
from vangrail.checks.drift.drift import _holm
from vangrail.model.needs import Cell, CountTable

SIZES = (1, 2, 30, 97, 1_000, 100_000, 10_000_000)
PAIRS = np.array(
    [(k, n) for n in SIZES for k in sorted({0, 1, n // 3, n // 2, n - 1, n}) if 0 <= k <= n], float
).T  # fmt: skip
ALPHAS = (0.2, 0.05, 0.05 / 8, 0.05 / 8 / 10 / 126)


def same(ours, theirs):
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_every_interval_agrees_with_statsmodels_to_twelve_decimals(alpha):
    successes, trials = PAIRS
    same(statistics.wilson(successes, trials, alpha), proportion_confint(successes, trials, alpha, method="wilson"))
    same(statistics.exact(successes, trials, alpha), proportion_confint(successes, trials, alpha, method="beta"))
    for others, of in PAIRS.T:
        same_shape = np.full_like(successes, others), np.full_like(trials, of)
        theirs = confint_proportions_2indep(successes, trials, *same_shape, method="newcomb", alpha=alpha)
        same(statistics.difference(successes, trials, others, of, alpha), theirs)
        theirs = confint_proportions_2indep(
            successes, trials, *same_shape, method="log-adjusted", compare="ratio", alpha=alpha
        )
        same(np.log(statistics.ratio(successes, trials, others, of, alpha)), np.log(theirs))


def test_wilson_and_newcombe_as_published():
    """81 of 263 (Newcombe 1998, Statistics in Medicine 17, 857-872, table I) and 56/70 - 48/80 (873-890, table II, a)."""
    assert np.ravel(statistics.wilson([81], [263], 0.05)) == pytest.approx([0.2553, 0.3662], abs=5e-5)
    found = statistics.difference(np.array([56.0]), np.array([70.0]), 48, 80, 0.05)
    assert np.ravel(found) == pytest.approx([0.0524, 0.3339], abs=5e-5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_chances_are_adjusted_as_statsmodels_does(chances):
    with patch("gc.collect"):  # every call collects garbage: a fifth of a second among many tests
        theirs = multipletests(chances, method="holm")[1]
    same(_holm(chances), theirs)


@settings(deadline=None)
@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(st.integers(0, 50), min_size=n, max_size=n), min_size=n, max_size=n)))  # fmt: skip
def test_cohens_kappa_and_its_interval_agree_with_statsmodels(square):
    counts = np.array(square, float)
    labels = [chr(97 + i) for i in range(len(square))]
    if (counts.sum(0) + counts.sum(1) > 0).sum() < 2:
        return  # one label only: agreement beyond chance does not exist
    cells = [Cell((a, b), int(counts[i, j])) for i, a in enumerate(labels) for j, b in enumerate(labels)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels takes the root of a variance that rounding made negative
        theirs = cohens_kappa(counts)
        half = statistics.normal_quantile(0.05) * np.nan_to_num(theirs.std_kappa)
    kappa, low, high = _cohen(CountTable(("x", "y"), tuple(cells)), labels)
    same(kappa, theirs.kappa)
    same([(kappa - low) ** 2, (high - kappa) ** 2], [half**2, half**2])
