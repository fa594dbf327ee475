"""The statistics keep their promises in simulation. `benchmarks/soundness.py` does the same at full size, with tables."""

import numpy as np
import pytest
import soundness

from vangrail.checks import statistics


@pytest.mark.parametrize(
    "covers", [soundness._one, soundness._difference, soundness._ratio], ids=["rate", "difference", "ratio"]
)
@pytest.mark.parametrize(("size", "rate"), [(1_000, 0.2), (1_000, 0.5), (10_000, 0.01), (10_000, 0.95), (100_000, 0.5)])
def test_a_95_percent_interval_holds_the_truth_in_95_percent_of_samples(covers, size, rate):
    assert 0.935 <= covers(np.random.default_rng(7), size, rate, 10_000) <= 0.965


@pytest.mark.parametrize("covers", [soundness._difference, soundness._ratio], ids=["difference", "ratio"])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.5, 0.99])
def test_a_small_group_is_never_given_too_narrow_an_interval(covers, rate):
    """With 30 rows counts are too coarse for exactly 95 %; then the interval is wider, not narrower."""
    assert covers(np.random.default_rng(7), 30, rate, 10_000) >= 0.935


def test_an_interval_that_is_too_narrow_would_be_noticed(monkeypatch):
    """The same simulation with 90 % intervals fails: the test has teeth."""
    real = statistics.wilson
    monkeypatch.setattr(statistics, "wilson", lambda s, n, alpha: real(s, n, 2 * alpha))
    assert soundness._one(np.random.default_rng(7), 1_000, 0.5, 10_000) < 0.935


def test_fair_logs_raise_no_more_false_alarms_than_promised():
    """200 fair logs, four characteristics with all pairs, eight checks, limits of 0 points: at most 5 % are accused.

    With a true share of 5 % more than 18 of 200 happens once in a hundred runs; the seed is fixed.
    """
    real, failed = soundness.alarms(200, rows=3_000)
    assert real <= 10 and failed <= 10


def test_five_points_at_ten_thousand_rows_are_found():
    assert soundness.power(40, 10_000, 0.05) >= 0.95
