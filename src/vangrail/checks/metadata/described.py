"""What the readers of Croissant and of DCAT share: a property that must be there, and how it stands in a description."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from vangrail.model.framework import Text, both
from vangrail.model.needs import Cell, CountTable, Value

KEYS = ("standard", "property", "state")


class State(StrEnum):
    """How a mandatory property stands in a description, or why the file cannot be read as one."""

    THERE = "there"
    MISSING = "missing"
    MALFORMED = "malformed"
    UNREADABLE = "unreadable"
    REMOTE = "remote"
    NOT_DESCRIBED = "not described"
    SEVERAL = "several"


class Property(NamedTuple):
    """A mandatory property, as the standard writes it, and in words."""

    name: str
    words: Text
    form: Text


TEXT = both(nl="een tekst", en="a text")
ADDRESS = both(nl="een volledig webadres", en="a full web address")
DAY = both(nl="een datum zoals 2026-11-22", en="a date such as 2026-11-22")


def table(standard: str, found: Iterable[tuple[str, State]]) -> CountTable:
    """How often each property is in each state."""
    counts: Counter[tuple[Value, ...]] = Counter((standard, name, state.value) for name, state in found)
    return CountTable(KEYS, tuple(Cell(values, number) for values, number in counts.items()))


def is_address(value: object) -> bool:
    """Whether it is an absolute web address."""
    return isinstance(value, str) and value.startswith(("http://", "https://")) and len(value) > len("https://")
