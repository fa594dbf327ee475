"""The records of an application as something that can be measured: by kind and field, without who wrote them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import rfc8785

from vangrail.model.card import RECORDS, Record
from vangrail.model.needs import Cell, CountTable, Fingerprint, Need, NeedAnswer, Recorded, Value
from vangrail.model.vocabulary import RecordKind


class Records:
    """The records of one kind, that answer needs. A figure rests on one kind, so that only that kind makes it stale."""

    def __init__(self, kind: RecordKind, records: Iterable[Record]) -> None:
        self._kind = kind
        self._records = [r for r in records if r.kind is kind]

    def answer(self, needs: Iterable[Need]) -> dict[Need, NeedAnswer]:
        """A cell per record, with the fields that each need asks for. ValueError for records of another kind."""
        return {n: self._table(n) for n in needs if isinstance(n, Recorded)}

    def fingerprint(self) -> Fingerprint:
        """SHA-256 over all of them, in the order in which they were kept."""
        held = [r.model_dump(mode="json", exclude_none=True) for r in self._records]
        content = hashlib.sha256(rfc8785.dumps(held)).hexdigest()
        return Fingerprint(algorithm="vangrail-1/records-sha256", content=content, rows=len(held))

    def _table(self, need: Recorded) -> CountTable:
        if need.kind is not self._kind:
            raise ValueError(f"a figure about '{self._kind}' asks for records of '{need.kind}'")
        return CountTable(need.fields, tuple(Cell(tuple(_value(r, f) for f in need.fields), 1) for r in self._records))


def by_kind(records: Sequence[Record]) -> dict[str, Records]:
    """The records of each kind, by the name that a measurement gives its data set; also of kinds without any."""
    return {RECORDS + kind: Records(kind, records) for kind in RecordKind}


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
