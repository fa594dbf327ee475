from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_making import ORIGIN

from vangrail.ledger import Ledger


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / ".vangrail"


@pytest.fixture
def ledger(directory: Path) -> Iterator[Ledger]:
    with Ledger.create(directory, origin=ORIGIN) as made:
        yield made
