"""Classes: rows that have the same values in every quasi-identifier, so that nobody can tell them apart by those.

What is missing is a value of its own: people without a district look alike too. A row is taken to be one person; where a person
has several rows, classes look larger than they are, which is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vangrail.checks.planning import reading
from vangrail.model.card import Card, Dataset
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Counts, CountTable, Key, Need, Repeats, Value
from vangrail.tables import sql

MOST_CLASSES = 1_000_000
"""More classes than this are not counted one by one: nearly every row has one of its own."""

WANTS = both(
    nl="een dataset met 'quasi_identifier: true' bij de kolommen die samen iemand kunnen aanwijzen",
    en="a data set with 'quasi_identifier: true' at the columns that together can point to someone",
)
WANTS_SENSITIVE = both(
    nl="een dataset met 'quasi_identifier: true' bij kolommen, en 'special_category: true' bij wat gevoelig is",
    en="a data set with 'quasi_identifier: true' at columns, and 'special_category: true' at what is sensitive",
)
ONE_ROW_ONE_PERSON = both(
    nl="Elke rij telt als één mens. Heeft iemand meer rijen, dan is de echte bescherming kleiner.",
    en="Each row counts as one person. Where someone has several rows, the real protection is smaller.",
)
EMPTY = both(nl="De tabel is leeg.", en="The table is empty.")


def quasi_identifiers(dataset: Dataset) -> list[str]:
    """The columns that the card calls quasi-identifiers."""
    return sorted(c for c, column in dataset.columns.items() if column.quasi_identifier)


def plan_sensitive(card: Card, check: str, version: int) -> Iterator[Measurement]:
    """One measurement per sensitive column of a data set with quasi-identifiers."""
    for name, dataset in card.datasets.items():
        quasi = quasi_identifiers(dataset)
        for column in sorted(c for c, d in dataset.columns.items() if d.special_category):
            others = [q for q in quasi if q != column]
            if others:
                settings = {"quasi_identifiers": others, "reading": reading(dataset)}
                yield Measurement(check=check, version=version, dataset=name, subject=column, settings=settings)


def counts(quasi: Sequence[str], *also: str) -> Counts:
    """The rows per class, and per value of a sensitive column within it."""
    return Counts(by=tuple(Key(c, sql.column(c)) for c in (*quasi, *also)), at_most=MOST_CLASSES)


def needs(quasi: Sequence[str], *also: str) -> list[Need]:
    """The classes and, in case there are too many to count, how many rows repeat another's."""
    return [counts(quasi, *also), Repeats(tuple(quasi))]


@dataclass(frozen=True, kw_only=True)
class Classes:
    """The size of each class, and how its rows divide over the sensitive values: one line per class."""

    sizes: NDArray[np.int64]
    names: tuple[tuple[Value, ...], ...]
    table: NDArray[np.int64]

    @property
    def rows(self) -> int:
        """All rows."""
        return int(self.sizes.sum())


def classes(table: CountTable, quasi: Sequence[str]) -> Classes:
    """The classes of a table of counts by quasi-identifiers and, behind them, at most one sensitive column."""
    width = len(quasi)
    place: dict[tuple[Value, ...], int] = {}
    column: dict[Value, int] = {}
    at: list[tuple[int, int, int]] = []
    for cell in table.cells:
        sensitive = cell.values[width] if len(cell.values) > width else None
        line = place.setdefault(cell.values[:width], len(place))
        at.append((line, column.setdefault(sensitive, len(column)), cell.rows))
    found = np.zeros((len(place), max(1, len(column))), dtype=np.int64)
    lines, columns, rows = (np.array(x, dtype=np.int64) for x in (zip(*at, strict=True) if at else ((), (), ())))
    np.add.at(found, (lines, columns), rows)
    return Classes(sizes=found.sum(axis=1), names=tuple(place), table=found)


def by(quasi: Sequence[str]) -> Text:
    """Which columns make the classes."""
    names = ", ".join(f"'{q}'" for q in quasi)
    return both(nl=f"Groepen volgens {names}.", en=f"Classes by {names}.")
