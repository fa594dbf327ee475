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
from vangrail.model.needs import CountTable

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


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """The classes of a table by kind, one element per kind.

    sizes      rows in each class of that kind
    different  different sensitive values in each
    number     how many classes there are
    furthest, mean  largest and mean distance of their sensitive values from those of the whole table
    """

    sizes: NDArray[np.int64]
    different: NDArray[np.int64]
    number: NDArray[np.int64]
    furthest: NDArray[np.float64]
    mean: NDArray[np.float64]

    @property
    def classes(self) -> int:
        """All classes."""
        return int(self.number.sum())

    def rows(self, chosen: NDArray[np.bool_]) -> int:
        """All rows in the classes of these kinds."""
        return int((self.sizes * self.number)[chosen].sum())


def kinds(table: CountTable) -> Kinds:
    """The kinds of classes in the answer to a need for classes; without a sensitive column none differs from the whole."""
    values = [(*c.values, 1)[:2] for c in table.cells]
    sums = [c.sums or (0.0, 0.0) for c in table.cells]
    sizes, different = np.array(values, dtype=np.int64).reshape(-1, 2).T
    furthest, mean = np.array(sums, dtype=float).reshape(-1, 2).T
    number = np.array([c.rows for c in table.cells], dtype=np.int64)
    return Kinds(sizes=sizes, different=different, number=number, furthest=furthest, mean=mean)


def by(quasi: Sequence[str]) -> Text:
    """Which columns make the classes."""
    names = ", ".join(f"'{q}'" for q in quasi)
    return both(nl=f"Groepen volgens {names}.", en=f"Classes by {names}.")
