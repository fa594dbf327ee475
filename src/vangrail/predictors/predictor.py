"""One kind of predictor, whatever the model: an ONNX file, a skops file, or an endpoint. Never a pickle: it can run code."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Columns, Fingerprint, Predictions


class Predictor(Protocol):
    """A model that can be called."""

    def predict(self, rows: Columns) -> Predictions:
        """What the model says about each row. VangrailError when it cannot be reached or answers in another form."""
        ...

    def fingerprint(self) -> Fingerprint:
        """What the model is now: the bytes of its file, or the address and the version that it states."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


@contextmanager
def open_predictor(model: card.Model, *, folder: Path, environment: Mapping[str, str]) -> Iterator[Predictor]:
    """Open a model on a card, and close it afterwards.

    folder       the card's folder, from which paths are read
    environment  where addresses of endpoints are; os.environ, mostly
    Raises       VangrailError for whatever a user can solve: no file, a pickle, a missing extra, columns that do not fit
    """
    raise VangrailError(f"Model '{model.name}' cannot be called: {model.source}.")
    yield
