"""What the tests of tables share."""

from collections.abc import Iterator

import pytest

from vangrail.tables import duck


@pytest.fixture(scope="session", autouse=True)
def _as_with_many_rows() -> Iterator[None]:
    """The small tables here are read as large ones are: in one pass. The tests of checks read theirs work by work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duck, "FEW_ROWS", 0)
        yield
