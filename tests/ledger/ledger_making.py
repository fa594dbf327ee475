"""Small ledgers for the tests: An of Halle declares, measures and decides; one fixed moment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from vangrail.ledger import Entry, Ledger
from vangrail.model.vocabulary import LeafKind

ORIGIN = "vangrail.example/halle"
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def entry(number: int, *, private: bool = False) -> Entry:
    """The `number`th thing that happens, a minute after the one before it."""
    return Entry(
        kind=LeafKind.EVIDENCE_MEASURED,
        application="leessimpel" if number % 2 else "meldingen",
        at=AT + timedelta(minutes=number),
        body={"check": "missing-values", "value": f"{number}.5", "rows": 1000 + number, "note": "é €"},
        private={"by": "An", "reasons": f"reden {number}"} if private else None,
    )


def add(ledger: Ledger, count: int, *, private: bool = False) -> None:
    """Add so many leaves, numbered on from the last."""
    start = ledger.size
    ledger.append_all([entry(start + number, private=private) for number in range(count)])


def exported(ledger: Ledger, directory: Path) -> list[bytes]:
    """The lines of the ledger's export."""
    file = directory / "export.jsonl"
    ledger.export(file)
    return file.read_bytes().splitlines(keepends=True)
