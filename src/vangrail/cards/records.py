"""The records of an application as something that can be measured: by kind and field, without who wrote them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import rfc8785

from vangrail.model.card import Record
from vangrail.model.needs import Cell, CountTable, Fingerprint, Need, NeedAnswer, Recorded, Value
from vangrail.model.vocabulary import RecordKind


class Records:
    """Records that answer needs."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """A cell per record of the kind that each need asks for."""
        return {n: self._table(n) for n in needs if isinstance(n, Recorded)}

    def fingerprint(self) -> Fingerprint:
        """SHA-256 over all records from which something can be measured.

        Publications are left out: no figure is taken from them, and to publish a figure may not make it stale.
        """
        measured = [r for r in self._records if r.kind is not RecordKind.PUBLICATION]
        held = [r.model_dump(mode="json", exclude_none=True) for r in measured]
        content = hashlib.sha256(rfc8785.dumps(held)).hexdigest()
        return Fingerprint(algorithm="vangrail-1/records-sha256", content=content, rows=len(held))

    def _table(self, need: Recorded) -> CountTable:
        found = [r for r in self._records if r.kind is need.kind]
        return CountTable(need.fields, tuple(Cell(tuple(_value(r, f) for f in need.fields), 1) for r in found))


def _value(record: Record, field: str) -> Value:
    value = getattr(record, field)
    if isinstance(value, StrEnum):
        return value.value
    if value is not None and not isinstance(value, str | int | float | date):
        raise TypeError(f"{field} of a record is no single value")
    return value


class Declared:
    """The card itself, for a figure that is reckoned from what was declared: nothing but the settings can change it."""

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """Nothing is asked."""
        return {}

    def fingerprint(self) -> Fingerprint:
        """Always the same."""
        return Fingerprint(algorithm="vangrail-1/declared", content="", rows=0)
