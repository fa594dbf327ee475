"""Files beside the card that another program wrote: the result of a scan, the description of a data set."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from vangrail.model.card import REPORTS, Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Fingerprint, Need, NeedAnswer, Report
from vangrail.model.vocabulary import Language

MOST_BYTES = 50_000_000


class ReportFile:
    """One file, read when it is asked for."""

    def __init__(self, path: str, *, folder: Path) -> None:
        self._path, self._folder = path, folder

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """The totals that each need makes of the file. VangrailError, naming the file, when it is of another form."""
        found: dict[Need, NeedAnswer] = {}
        for need in needs:
            if isinstance(need, Report):
                try:
                    found[need] = need.totals(self._bytes())
                except VangrailError as error:
                    what = both(
                        nl=f"{self._path}: {error.what[Language.NL]}", en=f"{self._path}: {error.what[Language.EN]}"
                    )
                    raise VangrailError(what, why=error.why, do=error.do) from error
        return found

    def fingerprint(self) -> Fingerprint:
        """SHA-256 of its bytes. VangrailError when it is not there."""
        content = hashlib.sha256(self._bytes()).hexdigest()
        return Fingerprint(algorithm="vangrail-1/file-sha256", content=content, rows=1)

    def _bytes(self) -> bytes:
        path, name = self._folder / self._path, self._path
        if not path.is_file():
            raise VangrailError(
                both(nl=f"card.yaml: het bestand {name} is er niet.", en=f"card.yaml: the file {name} is not there."),
                do=both(
                    nl=f"Zet het in {self._folder} of verbeter het pad.",
                    en=f"Put it in {self._folder} or correct the path.",
                ),
            )
        if path.stat().st_size > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise VangrailError(
                both(
                    nl=f"card.yaml: het bestand {name} is groter dan {most} MB.",
                    en=f"card.yaml: the file {name} is larger than {most} MB.",
                ),
                do=both(nl="Splits het, en noem elk deel.", en="Split it, and name each part."),
            )
        return path.read_bytes()


def reports(card: Card, *, folder: Path) -> dict[str, ReportFile]:
    """Every file that the card has a figure taken from, by the name that measurements give it."""
    return {REPORTS + path: ReportFile(path, folder=folder) for path in card.reports}
