"""One kind of predictor, whatever the model: an ONNX file, a skops file, or an endpoint. Never a pickle: it can run code."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Columns, Fingerprint, Predictions

MOST_BYTES = 2_000_000_000
"""A model file larger than this is not read: the answer would say little about what runs on one machine."""
_PICKLES = {".pkl", ".pickle", ".joblib", ".pt", ".pth", ".dill", ".cloudpickle", ".ckpt"}
_SAFE = both(
    nl="Bewaar het model als ONNX (.onnx) of met skops (.skops), of laat het op een adres antwoorden (endpoint:NAAM).",
    en="Save the model as ONNX (.onnx) or with skops (.skops), or let it answer at an address (endpoint:NAME).",
)


class Predictor(Protocol):
    """A model that can be called."""

    def predict(self, rows: Columns) -> Predictions:
        """What the model says about each row. VangrailError when it cannot be reached or answers in another form."""
        ...

    def say(self, prompt: str) -> str:
        """What a language model answers to a text. VangrailError for any other kind, and when it cannot be reached."""
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
    with closing(_open(model, folder, environment)) as predictor:
        yield predictor


def _open(model: card.Model, folder: Path, environment: Mapping[str, str]) -> Predictor:
    where = f"Model '{model.name}'"
    source = model.source or ""
    kind, _, name = source.partition(":")
    if kind == "endpoint":
        from vangrail.predictors import endpoint

        return endpoint.open_(model, name, environment, where=where)
    suffix = Path(source).suffix.lower()
    if suffix in _PICKLES:
        raise VangrailError(
            both(nl=f"{where}: {source} wordt niet geopend.", en=f"{where}: {source} is not opened."),
            why=both(
                nl="Zo'n bestand is een pickle: wie het opent, kan elke code uitvoeren die iemand erin zette.",
                en="A file of this kind is a pickle: opening one can run any code that somebody put in it.",
            ),
            do=_SAFE,
        )
    if suffix not in {".onnx", ".skops"}:
        raise VangrailError(
            both(
                nl=f"{where}: '{source}' is geen model dat opgeroepen kan worden.",
                en=f"{where}: '{source}' is no model that can be called.",
            ),
            do=_SAFE,
        )
    content = _read(folder / source, where=f"{where}: {source}")
    from vangrail.predictors.own_process import OwnProcess

    return OwnProcess(model, content, where=where, environment=environment)


def _read(path: Path, *, where: str) -> bytes:
    """The bytes of a file, once: what is called is what the fingerprint was taken of."""
    if not path.is_file():
        raise VangrailError(
            both(nl=f"{where} is er niet.", en=f"{where} is not there."),
            do=both(
                nl="Zet het bestand naast de kaart, of verbeter 'source' op de kaart.",
                en="Put the file beside the card, or correct 'source' on the card.",
            ),
        )
    try:
        if path.stat().st_size > MOST_BYTES:
            raise VangrailError(
                both(
                    nl=f"{where} is groter dan {MOST_BYTES // 1_000_000_000} GB.",
                    en=f"{where} is larger than {MOST_BYTES // 1_000_000_000} GB.",
                ),
                do=both(
                    nl="Laat het op een adres antwoorden, en schrijf endpoint:NAAM op de kaart.",
                    en="Let it answer at an address, and write endpoint:NAME on the card.",
                ),
            )
        return path.read_bytes()
    except OSError as error:
        raise VangrailError(
            both(
                nl=f"{where} kan niet gelezen worden ({error.strerror}).",
                en=f"{where} cannot be read: {error.strerror}.",
            )
        ) from error
