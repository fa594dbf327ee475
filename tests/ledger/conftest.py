from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_making import AT, ORIGIN, add, exported

from vangrail.ledger import Ledger, files


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / ".vangrail"


@pytest.fixture
def ledger(directory: Path) -> Iterator[Ledger]:
    with Ledger.create(directory, origin=ORIGIN) as made:
        yield made


@pytest.fixture(scope="session")
def log(tmp_path_factory) -> dict[str, object]:
    """A ledger that grew from 20 to 40 leaves: its lines at both moments, its key and its public key."""
    directory = tmp_path_factory.mktemp("log") / ".vangrail"
    with Ledger.create(directory, origin=ORIGIN) as ledger:
        add(ledger, 20, private=True)
        earlier = exported(ledger, directory)
        add(ledger, 19)
        ledger.erase(seq=3, rule="GDPR 17(1)(a)", by="Bram", at=AT)
        later = exported(ledger, directory)
        return {"earlier": earlier, "lines": later, "key": ledger.public_key, "private": files.read_key(directory)}
