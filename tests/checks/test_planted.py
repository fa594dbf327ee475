"""Every check finds a large defect and leaves clean data alone; `benchmarks/planted.py` gives the whole matrix."""

import tempfile
from pathlib import Path

import numpy as np
import planted
import pytest

from vangrail import checks


@pytest.mark.parametrize("plant", planted.PLANTS, ids=lambda p: p.check)
def test_clean_data_are_not_accused_and_the_largest_defect_is_found(plant):
    found = []
    for size in (0, plant.sizes[-1]):
        with tempfile.TemporaryDirectory() as folder:
            case = plant.make(np.random.default_rng(20261122), size)
            found.append(planted.judged(plant, case, Path(folder)))
    assert found == [False, True]


def test_every_check_has_its_row_or_a_reason_why_not():
    planted_for = {p.check for p in planted.PLANTS}
    assert planted_for | set(planted.LEFT_OUT) == set(checks.checks())
    assert not planted_for & set(planted.LEFT_OUT)
