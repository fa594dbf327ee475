"""Everything beside tables that a card holds or points to, and that can be measured, by name."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from vangrail.cards.records import Declared, by_kind
from vangrail.cards.reports import reports
from vangrail.cards.texts import PublicTexts
from vangrail.model.card import DECLARED, TEXTS, Card, Record
from vangrail.model.needs import Fingerprint, Need, NeedAnswer


class Source(Protocol):
    """Something other than a table that answers needs. Its name has a dot."""

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """The answer to each need."""
        ...

    def fingerprint(self) -> Fingerprint:
        """What it holds now."""
        ...


def sources(card: Card, *, folder: Path, records: Sequence[Record]) -> dict[str, Source]:
    """Texts, records, reports, and the card itself. VangrailError for a text file that is not there."""
    return {
        TEXTS: PublicTexts(card, folder=folder),
        DECLARED: Declared(),
        **by_kind(records),
        **reports(card, folder=folder),
    }
